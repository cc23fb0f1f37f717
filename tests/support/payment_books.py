"""What a store makes of the payments in a journal: the real projection, over a list of entries."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from edge.checkout.payments.payment import PaymentBooks
from edge.checkout.records import Entry, EntryKind
from edge.store import payments
from edge.store.migrate import migrate, migrations
from tests.support.left_behind import LeftBehind
from tests.support.payment_ledger import Ledger


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


def compare(ledger: Ledger, left: LeftBehind) -> None:
    """Every customer paid for what he was sold, once, and for nothing else."""
    assert left.problems == ()
    owed: Counter[str] = Counter()
    for kind, body in left.bodies:
        sign = {"sale": 1, "refund": -1}.get(kind, 0)
        for tender in body["tenders"] if sign else ():
            if tender["kind"] == "mobile":
                owed[tender["reference"]] += sign * tender["amount_minor"]
    assert owed.keys() <= ledger.accounts.keys(), "paid with what no gateway knows"
    for intent, account in ledger.accounts.items():
        assert account.charges <= 1, f"{intent} is charged twice"
        assert ledger.kept_minor(intent) == owed[intent], intent


def open_states(store: Path) -> list[str]:
    """The states of the payments and refunds that are not settled, in a store that nobody has."""
    with closing(sqlite3.connect(store)) as conn:
        states = conn.execute(
            "SELECT state FROM payment WHERE state NOT IN ('used', 'closed')"
            " UNION ALL SELECT state FROM payment_refund WHERE state <> 'done'"
        )
        return [state for (state,) in states]
