"""What a commit asked of the devices, and what became of it: pending first, settled after."""

import sqlite3
from collections.abc import Sequence
from typing import Final

from edge.checkout.inputs import PendingReceipt
from edge.checkout.paper.slip import SLIP_NUMBERS, Slip
from edge.checkout.records import Entry, EntryKind, sale_from
from edge.store import journal

# Settled rows are only for a technician's eye: some days' worth of a busy till.
KEPT_ROWS: Final = 5_000

# A printer that was away all day: nobody waits for the morning's receipts, and a cashier has to
# answer for each one that is offered. An old one is printed as a copy of its number.
OFFERED_RECEIPTS: Final = 20

# What the log calls the paper of a sale or refund; a slip goes by its record's kind.
RECEIPT: Final = "receipt"


def log_drawer(conn: sqlite3.Connection) -> int:
    """The id of a new pending drawer pulse."""
    return _log(conn, "drawer", None, None)


def log_receipt(conn: sqlite3.Connection, entries: Sequence[Entry]) -> int:
    """The id of a new pending receipt or slip, of the last entry that has one."""
    papers = [paper for entry in entries if (paper := _paper(entry)) is not None]
    assert papers, "a receipt was asked for, and no entry has one"
    kind, number = papers[-1]
    return _log(conn, "receipt", kind, number)


def _paper(entry: Entry) -> tuple[str, int] | None:
    """The kind and number of the paper that an entry is printed as."""
    body = entry.body
    if entry.kind in SLIP_NUMBERS:
        return entry.kind.value, Slip(entry.kind, body).number
    if entry.kind is EntryKind.RECEIPT_COPIED and "slip" in body:
        kind, number = body["slip"], body["number"]
        assert isinstance(kind, str), kind
        assert isinstance(number, int), number
        return kind, number
    if entry.kind in (EntryKind.SALE, EntryKind.REFUND, EntryKind.RECEIPT_COPIED):
        receipt_no = body["receipt_no"]
        assert isinstance(receipt_no, int), receipt_no
        return RECEIPT, receipt_no
    return None


def _log(conn: sqlite3.Connection, effect: str, paper: str | None, number: int | None) -> int:
    cursor = conn.execute(
        "INSERT INTO effect_log (effect, paper, number, state) VALUES (?, ?, ?, 'pending')",
        (effect, paper, number),
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
    """What is stored and may not be on paper, oldest first."""
    rows = conn.execute(
        "SELECT id, coalesce(sale.position, slip.position) AS place FROM effect_log"
        " LEFT JOIN sale ON paper = ? AND sale.receipt_no = effect_log.number"
        " LEFT JOIN slip ON slip.kind = paper AND slip.number = effect_log.number"
        " WHERE state = 'pending' AND place IS NOT NULL ORDER BY id",
        (RECEIPT,),
    ).fetchall()
    return tuple(_pending(conn, effect_id, position) for effect_id, position in rows)


def _pending(conn: sqlite3.Connection, effect_id: int, position: int) -> PendingReceipt:
    record = journal.record_at(conn, position)
    kind = EntryKind(record.kind)
    paper = Slip(kind, record.body) if kind in SLIP_NUMBERS else sale_from(kind, record.body)
    return PendingReceipt(effect_id, paper, journal.instant_of(record))
