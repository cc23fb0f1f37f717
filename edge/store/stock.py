"""What is in stock by what is on record: in the table that is worked out from the journal, and in
memory, where a till looks it up. Both go by the same two functions.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from edge.checkout.records import Entry, EntryKind

Body = Mapping[str, Any]

SIGNS: Final[Mapping[str, int]] = {EntryKind.SALE: -1, EntryKind.REFUND: +1}


def moved(kind: str, body: Body) -> Mapping[str, int]:
    """The thousandths that a record adds to each PLU's stock."""
    if kind == EntryKind.STOCK_ADJUSTED:
        return {body["plu"]: body["quantity_milli"]}
    if kind not in SIGNS:
        return {}
    plus: Counter[str] = Counter()
    for line in body["lines"]:
        plus[line["plu"]] += SIGNS[kind] * line["quantity_milli"]
    return plus


def counted(kind: str, body: Body) -> Mapping[str, int]:
    """The thousandths that a record says there are."""
    return {body["plu"]: body["counted_milli"]} if kind == EntryKind.STOCK_COUNTED else {}


def project(conn: sqlite3.Connection, _position: int, kind: str, body: Body) -> None:
    """Carry a record into the table."""
    conn.executemany(
        "INSERT INTO stock VALUES (?, ?) ON CONFLICT (plu)"
        " DO UPDATE SET quantity_milli = quantity_milli + excluded.quantity_milli",
        moved(kind, body).items(),
    )
    conn.executemany(
        "INSERT INTO stock VALUES (?, ?) ON CONFLICT (plu)"
        " DO UPDATE SET quantity_milli = excluded.quantity_milli",
        counted(kind, body).items(),
    )


class StockLevels(dict[str, int]):
    """Thousandths by PLU, as the table has them."""

    def record(self, entries: Iterable[Entry]) -> None:
        """Carry what is being put on record into memory."""
        for entry in entries:
            for plu, quantity_milli in moved(entry.kind, entry.body).items():
                self[plu] = self.get(plu, 0) + quantity_milli
            self.update(counted(entry.kind, entry.body))


def load_stock(conn: sqlite3.Connection) -> StockLevels:
    """The levels at the journal's end."""
    return StockLevels(conn.execute("SELECT plu, quantity_milli FROM stock").fetchall())
