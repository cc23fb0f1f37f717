"""What a commit asked of the devices, and what became of it: pending first, settled after."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from edge.checkout.inputs import PendingReceipt
from edge.checkout.records import Entry, EntryKind, sale_from
from edge.store import journal

# Settled rows are only for a technician's eye: some days' worth of a busy till.
KEPT_ROWS: Final = 5_000

# A printer that was away all day: nobody waits for the morning's receipts, and a cashier has to
# answer for each one that is offered. An old one is printed as a copy of its number.
OFFERED_RECEIPTS: Final = 20

_WITH_RECEIPT: Final = frozenset({EntryKind.SALE, EntryKind.REFUND, EntryKind.RECEIPT_COPIED})


def log_drawer(conn: sqlite3.Connection) -> int:
    """The id of a new pending drawer pulse."""
    return _log(conn, "drawer", None)


def log_receipt(conn: sqlite3.Connection, entries: Sequence[Entry]) -> int:
    """The id of a new pending receipt, of the last entry that has one."""
    numbers = [entry.body["receipt_no"] for entry in entries if entry.kind in _WITH_RECEIPT]
    assert numbers, "a receipt was asked for, and no entry has one"
    receipt_no = numbers[-1]
    assert isinstance(receipt_no, int), receipt_no
    return _log(conn, "receipt", receipt_no)


def _log(conn: sqlite3.Connection, effect: str, receipt_no: int | None) -> int:
    cursor = conn.execute(
        "INSERT INTO effect_log (effect, receipt_no, state) VALUES (?, ?, 'pending')",
        (effect, receipt_no),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def settle(conn: sqlite3.Connection, effect_id: int, *, done: bool) -> None:
    """Close a pending row; one that is closed stays as it is. Raises LookupError for an id that
    never was.
    """
    row = conn.execute("SELECT effect, state FROM effect_log WHERE id = ?", (effect_id,)).fetchone()
    if row is None:
        raise LookupError(f"no effect {effect_id}")
    effect, state = row
    if state == "pending":
        given_up = "abandoned" if effect == "drawer" else "dropped"
        conn.execute(
            "UPDATE effect_log SET state = ? WHERE id = ?",
            ("done" if done else given_up, effect_id),
        )


def abandon_pulses(conn: sqlite3.Connection) -> None:
    """Give up every pending drawer pulse: after a crash nobody knows whether it was fired, and a
    drawer that opens by itself is worse than one that has to be opened again.
    """
    conn.execute(
        "UPDATE effect_log SET state = 'abandoned' WHERE state = 'pending' AND effect = 'drawer'"
    )


def abandon_old_receipts(conn: sqlite3.Connection) -> None:
    """Give up all pending receipts but the last OFFERED_RECEIPTS."""
    conn.execute(
        "UPDATE effect_log SET state = 'abandoned' WHERE state = 'pending' AND effect = 'receipt'"
        " AND id NOT IN (SELECT id FROM effect_log WHERE state = 'pending' AND effect = 'receipt'"
        " ORDER BY id DESC LIMIT ?)",
        (OFFERED_RECEIPTS,),
    )


def forget_settled(conn: sqlite3.Connection) -> None:
    """Keep the last rows and the pending ones. The newest stays, so no id is used twice."""
    conn.execute(
        "DELETE FROM effect_log WHERE state <> 'pending'"
        " AND id <= (SELECT max(id) FROM effect_log) - ?",
        (KEPT_ROWS,),
    )


def pending_receipts(conn: sqlite3.Connection) -> tuple[PendingReceipt, ...]:
    """Stored sales whose receipts may not be on paper, oldest first."""
    rows = conn.execute(
        "SELECT id, position FROM effect_log JOIN sale USING (receipt_no)"
        " WHERE state = 'pending' ORDER BY id"
    ).fetchall()
    return tuple(_pending(conn, effect_id, position) for effect_id, position in rows)


def _pending(conn: sqlite3.Connection, effect_id: int, position: int) -> PendingReceipt:
    record = journal.record_at(conn, position)
    sale = sale_from(EntryKind(record.kind), record.body)
    return PendingReceipt(effect_id, sale, journal.instant_of(record))
