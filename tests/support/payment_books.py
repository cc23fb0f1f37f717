"""What a store makes of the payments in a journal: the real projection, over a list of entries."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing

from edge.checkout.payment import PaymentBooks
from edge.checkout.records import Entry, EntryKind
from edge.store import payments
from edge.store.migrate import migrate, migrations


def books_of(entries: Iterable[Entry]) -> PaymentBooks:
    """What the next start would find. Raises AssertionError for what must never be on record."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        migrate(conn, migrations(), 0)
        conn.execute("PRAGMA foreign_keys=OFF")
        conn.execute("INSERT INTO epoch VALUES (1, 1, 'till-1', 'CNY', '', 1)")
        for position, entry in enumerate(entries, start=2):
            if entry.kind is EntryKind.SALE:
                payments.use(conn, entry.body)
            project = payments.PROJECTIONS.get(entry.kind)
            if project is not None:
                project(conn, position, entry.kind, entry.body)
        return payments.load(conn)
