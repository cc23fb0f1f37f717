"""The append-only chain of records."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from edge.checkout.canonical import canonical_json, record_hash
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.records import Entry, EntryKind, JsonObject
from edge.ports import JournalRecord

GENESIS: Final = "0" * 64

_INSERT = (
    "INSERT INTO journal (position, epoch, seq, at, boot, mono_ms, clock, kind, prev, hash, body)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's end. Position 0, epoch 0 is a chain without a record."""

    position: int
    epoch: int
    seq: int
    hash: str


EMPTY: Final = Head(position=0, epoch=0, seq=0, hash=GENESIS)


def head(conn: sqlite3.Connection) -> Head:
    """The last record's place and hash."""
    row = conn.execute(
        "SELECT position, epoch, seq, hash FROM journal ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return EMPTY if row is None else Head(*row)


def head_at(conn: sqlite3.Connection, position: int) -> Head:
    """The record at a position as if it were the last one; EMPTY for position 0."""
    row = conn.execute(
        "SELECT position, epoch, seq, hash FROM journal WHERE position = ?", (position,)
    ).fetchone()
    return EMPTY if row is None else Head(*row)


def append(conn: sqlite3.Connection, last: Head, at: Instant, entry: Entry) -> Head:
    """Put an entry behind `last` in the same epoch; returns the new end."""
    return _append(conn, last, last.epoch, last.seq + 1, at, entry)


def append_epoch(conn: sqlite3.Connection, last: Head, at: Instant, entry: Entry) -> Head:
    """Put an entry behind `last` as the first one of the next epoch."""
    return _append(conn, last, last.epoch + 1, 1, at, entry)


def _append(
    conn: sqlite3.Connection, last: Head, epoch: int, seq: int, at: Instant, entry: Entry
) -> Head:
    body = canonical_json(entry.body)
    kind, clock = entry.kind.value, at.quality.value
    digest = spliced_hash(
        at.utc_ms,
        body,
        {
            "epoch": epoch,
            "seq": seq,
            "boot": at.boot,
            "mono_ms": at.mono_ms,
            "clock": clock,
            "kind": kind,
            "prev": last.hash,
        },
    )
    position = last.position + 1
    conn.execute(
        _INSERT,
        (
            *(position, epoch, seq, at.utc_ms, at.boot, at.mono_ms, clock, kind),
            *(last.hash, digest, body.decode()),
        ),
    )
    return Head(position, epoch, seq, digest)


def spliced_hash(at_ms: int, body: bytes, others: JsonObject) -> str:
    """What `record_hash` gives for the whole record, with the body written as JSON but once:
    `at` and `body` sort before all other names.
    """
    head = b'{"at":%d,"body":' % at_ms
    return sha256(head + body + b"," + canonical_json(others)[1:]).hexdigest()


def insert_place(conn: sqlite3.Connection, position: int, record: JournalRecord) -> None:
    """Put a record's place and hash, without its content, into a scratch journal: what projections
    read.
    """
    place = (position, record.epoch, record.seq, record.at, record.kind, record.hash)
    conn.execute(
        "INSERT INTO journal (position, epoch, seq, at, kind, hash, boot, mono_ms, clock, prev,"
        " body) VALUES (?, ?, ?, ?, ?, ?, '', 0, '', '', '')",
        place,
    )


def record_of(row: Sequence[Any]) -> JournalRecord:
    """The record of a row that has its ten fields in their order."""
    epoch, seq, at, boot, mono_ms, clock, kind, body, prev, digest = row
    return JournalRecord(epoch, seq, at, boot, mono_ms, clock, kind, json.loads(body), prev, digest)


def fields_of(record: JournalRecord) -> JsonObject:
    """The ten fields as plain JSON."""
    return {
        "epoch": record.epoch,
        "seq": record.seq,
        "at": record.at,
        "boot": record.boot,
        "mono_ms": record.mono_ms,
        "clock": record.clock,
        "kind": record.kind,
        "body": record.body,
        "prev": record.prev,
        "hash": record.hash,
    }


def fault_of(last: Head, record: JournalRecord) -> str | None:
    """What is wrong with `record` as the one behind `last`; None when it is as it should be."""
    next_places = {(last.epoch, last.seq + 1), (last.epoch + 1, 1)}
    if last.position == 0:
        next_places = {(1, 1)}
    if (record.epoch, record.seq) not in next_places:
        return f"stands behind {last.epoch}/{last.seq}"
    if (record.seq == 1) != (record.kind == EntryKind.EPOCH_OPENED):
        return "an epoch begins with epoch.opened, and only there"
    if record.prev != last.hash:
        return "prev is not the hash of the record before it"
    try:
        digest = record_hash(fields_of(record))
    except (TypeError, ValueError) as error:
        return f"not canonical: {error}"
    return None if record.hash == digest else "hash does not fit the content"


def sound_end(
    conn: sqlite3.Connection,
    start: Head,
    judge: Callable[[Head, JournalRecord], str | None] = lambda _last, _record: None,
) -> tuple[Head, str | None]:
    """The end of the sound part of the chain behind `start`, and what is wrong with the record
    after it, which `judge` may find as well; None when all is well.
    """
    end = start
    records = records_behind(conn, start.position, -1)
    while True:
        try:
            record = next(records, None)
        except ValueError as error:
            return end, f"record behind {end.epoch}/{end.seq}: body is no JSON: {error}"
        if record is None:
            return end, None
        fault = fault_of(end, record) or judge(end, record)
        if fault is not None:
            return end, f"record {record.epoch}/{record.seq}: {fault}"
        end = Head(end.position + 1, record.epoch, record.seq, record.hash)


def instant_of(record: JournalRecord) -> Instant:
    """When the record was made."""
    return Instant(record.at, record.boot, record.mono_ms, ClockQuality(record.clock))


def records_behind(conn: sqlite3.Connection, position: int, limit: int) -> Iterator[JournalRecord]:
    """At most `limit` records behind a position, in order."""
    rows = conn.execute(
        "SELECT epoch, seq, at, boot, mono_ms, clock, kind, body, prev, hash FROM journal"
        " WHERE position > ? ORDER BY position LIMIT ?",
        (position, limit),
    )
    return map(record_of, rows)


def record_at(conn: sqlite3.Connection, position: int) -> JournalRecord:
    """The record at a position that exists."""
    return next(records_behind(conn, position - 1, 1))


def position_of(conn: sqlite3.Connection, epoch: int, seq: int) -> int:
    """The position of `(epoch, seq)`, 0 for (0, 0); seq 0 is the place before an epoch's first
    record. Raises LookupError for an epoch that isn't there or a seq past its end.
    """
    if (epoch, seq) == (0, 0):
        return 0
    row = conn.execute(
        "SELECT first_position, coalesce("
        "  (SELECT min(later.first_position) FROM epoch later WHERE later.epoch > this.epoch) - 1,"
        "  (SELECT max(position) FROM journal)"
        ") FROM epoch this WHERE epoch = ?",
        (epoch,),
    ).fetchone()
    if row is None:
        raise LookupError(f"no epoch {epoch} in the journal")
    first, last = row
    position = first + seq - 1
    if seq < 0 or position > last:
        raise LookupError(f"no record {epoch}/{seq} in the journal")
    return int(position)
