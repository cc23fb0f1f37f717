"""The day's figures as the till's journal has them, read from a copy of the store."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from edge.checkout.records import EntryKind
from edge.store.connection import connect
from edge.store.tools import VerifyReport, verify


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts and sums in minor units; `drawer` holds the movements of cash by their cause, with
    how often and how much, and `verified` what `edge journal verify` says.
    """

    sales: int
    refunds: int
    sales_minor: int
    refunds_minor: int
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
        sales, sales_minor = _trade(conn, EntryKind.SALE)
        refunds, refunds_minor = _trade(conn, EntryKind.REFUND)
        drawer = tuple(
            conn.execute("SELECT cause, movements, amount_minor FROM drawer ORDER BY cause DESC")
        )
        floats = _floats(conn)
    drawer = (*floats, *drawer)
    return Totals(sales, refunds, sales_minor, refunds_minor, drawer, verified)


def _floats(conn: sqlite3.Connection) -> tuple[tuple[str, int, int], ...]:
    """What shifts began with."""
    kind = EntryKind.SHIFT_OPENED.value
    bodies = conn.execute("SELECT body FROM journal WHERE kind = ?", (kind,)).fetchall()
    amounts = [json.loads(body)["float_minor"] for (body,) in bodies]
    return ((kind, len(amounts), sum(amounts)),) if amounts else ()


def _trade(conn: sqlite3.Connection, kind: EntryKind) -> tuple[int, int]:
    """How many, and their sum in minor units."""
    query = "SELECT count(*), coalesce(sum(total_minor), 0) FROM sale WHERE kind = ?"
    times, minor = conn.execute(query, (kind.value,)).fetchone()
    return int(times), int(minor)
