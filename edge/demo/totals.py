"""The day's figures as the till's journal has them, read from a copy of the store."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from edge.checkout.records import EntryKind
from edge.checkout.shifts.shift_totals import Figure, ShiftTotals, counts_of, parts_of
from edge.store.connection import connect
from edge.store.tools import VerifyReport, verify


@dataclass(frozen=True, slots=True)
class Totals:
    """`figures` are counts and sums in minor units, by the names that headquarters has for them;
    `drawer` holds the movements of cash by their cause, with how often and how much, and `verified`
    what `edge journal verify` says.
    """

    figures: Mapping[str, int]
    drawer: tuple[tuple[str, int, int], ...]
    verified: VerifyReport

    @property
    def cash_minor(self) -> int:
        """What must be in the drawer."""
        return sum(amount_minor for _cause, _times, amount_minor in self.drawer)


def read_totals(copy: Path) -> Totals:
    """The figures of a store's copy. Raises StoreRefused when it is none."""
    verified = verify(copy)
    with closing(connect(copy, mode="ro")) as conn:
        figures = _figures(conn)
        drawer = tuple(
            conn.execute("SELECT cause, movements, amount_minor FROM drawer ORDER BY cause DESC")
        )
        floats = _floats(conn)
    drawer = (*floats, *drawer)
    return Totals(figures, drawer, verified)


def _floats(conn: sqlite3.Connection) -> tuple[tuple[str, int, int], ...]:
    """What shifts began with."""
    kind = EntryKind.SHIFT_OPENED.value
    bodies = conn.execute("SELECT body FROM journal WHERE kind = ?", (kind,)).fetchall()
    amounts = [json.loads(body)["float_minor"] for (body,) in bodies]
    return ((kind, len(amounts), sum(amounts)),) if amounts else ()


def _figures(conn: sqlite3.Connection) -> Mapping[str, int]:
    """What all sales and refunds come to, as a Z of all of them would."""
    totals = ShiftTotals({})
    kinds = (EntryKind.SALE.value, EntryKind.REFUND.value)
    for kind, body in conn.execute("SELECT kind, body FROM journal WHERE kind IN (?, ?)", kinds):
        totals = totals.plus(counts_of(kind, json.loads(body)))
    sales, refunds = totals.of(Figure.SALE), totals.of(Figure.REFUND)
    return {
        "sales": sales.times,
        "refunds": refunds.times,
        "sales_minor": sales.amount_minor,
        "refunds_minor": refunds.amount_minor,
        **asdict(parts_of(totals)),
    }
