"""What a replayed store holds, counted from its journal record by record."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.checkout.quantity import ONE_MILLI
from edge.checkout.records import EntryKind
from edge.hq.reports import DeviceFigures
from edge.store.connection import connect
from edge.store.journal import records_behind
from edge.store.tools import verify


@dataclass(slots=True)
class Trade:
    """Receipts of one kind, their pieces and their totals."""

    receipts: int = 0
    units: int = 0
    minor: int = 0

    def add(self, body: dict[str, Any]) -> None:
        self.receipts += 1
        self.units += _pieces(line["quantity_milli"] for line in body["lines"])
        self.minor += body["total_minor"]


def count(store: Path) -> tuple[Trade, Trade, int]:
    """Sales, refunds, and the pieces by which the stock was adjusted."""
    trades = {EntryKind.SALE: Trade(), EntryKind.REFUND: Trade()}
    adjusted_milli = []
    conn = connect(store)
    try:
        for record in records_behind(conn, 0, -1):
            body: dict[str, Any] = record.body
            if record.kind == EntryKind.STOCK_ADJUSTED:
                adjusted_milli.append(body["quantity_milli"])
            elif record.kind in trades:
                trades[EntryKind(record.kind)].add(body)
    finally:
        conn.close()
    return trades[EntryKind.SALE], trades[EntryKind.REFUND], _pieces(adjusted_milli)


def figures(
    store: Path, rejected_rows: int, headquarters: DeviceFigures | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The replay's figures, and what is wrong with the journal."""
    report = verify(store)
    sales, refunds, adjusted_units = count(store)
    return {
        "sales": sales.receipts,
        "refunds": refunds.receipts,
        "sold_units": sales.units,
        "returned_units": refunds.units,
        "adjusted_units": adjusted_units,
        "sales_minor": sales.minor,
        "refunds_minor": refunds.minor,
        "rejected_rows": rejected_rows,
        "journal_records": report.records,
        "journal_verified": report.ok,
        "hq": headquarters,
    }, report.problems


def _pieces(quantities_milli: Iterable[int]) -> int:
    pieces, fraction = divmod(sum(quantities_milli), ONE_MILLI)
    assert not fraction, "a fraction of a piece"
    return pieces
