"""The journal as the uplink's outbox: where it ends, what HQ lacks, what HQ has."""

import sqlite3

from edge.ports import JournalHead, JournalRecord
from edge.store import journal


def journal_head(conn: sqlite3.Connection) -> JournalHead:
    """The end of the chain and HQ's cursor."""
    last = journal.head(conn)
    acked_epoch, acked_through = _acked(conn)
    return JournalHead(last.epoch, last.seq, acked_epoch, acked_through)


def journal_after(
    conn: sqlite3.Connection, epoch: int, seq: int, limit: int
) -> tuple[JournalRecord, ...]:
    """At most `limit` records behind `(epoch, seq)`. Raises LookupError when that isn't there."""
    position = journal.position_of(conn, epoch, seq)
    return tuple(journal.records_behind(conn, position, limit))


def acknowledge(conn: sqlite3.Connection, epoch: int, through: int) -> None:
    """Move HQ's cursor forward; back is ignored. Raises ValueError for what was never written."""
    try:
        journal.position_of(conn, epoch, through)
    except LookupError as error:
        raise ValueError(f"acknowledged past the journal: {error}") from error
    if (epoch, through) > _acked(conn):
        conn.execute("UPDATE uplink SET acked_epoch = ?, acked_through = ?", (epoch, through))


def unsent_records(conn: sqlite3.Connection) -> int:
    """How many records HQ has not acknowledged, over epochs."""
    last = journal.head(conn)
    end = journal.position_of(conn, last.epoch, last.seq)
    return end - journal.position_of(conn, *_acked(conn))


def _acked(conn: sqlite3.Connection) -> tuple[int, int]:
    epoch, through = conn.execute("SELECT acked_epoch, acked_through FROM uplink").fetchone()
    return int(epoch), int(through)
