"""What `edge journal` does with the file of a till that is not running, or with a copy."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from edge.checkout.canonical import canonical_json
from edge.ports import JournalRecord, StoreRefused
from edge.store import journal, projections
from edge.store.connection import claim, connect, explained
from edge.store.migrate import migrate, migrations

# Enough to see what is wrong; a broken chain has one first record and no end of others.
LISTED_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a store's journal holds, and what is wrong with it: nothing when `ok`."""

    records: int
    epoch: int
    seq: int
    hash: str
    receipts: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(path: Path) -> VerifyReport:
    """Check chain, epochs and receipt numbers, and that the projections rebuilt from the journal
    are the live ones. Raises StoreRefused for what is no store, StoreLive for an open one.
    """
    with _reading(path) as conn, _scratch() as rebuilt:
        end, fault = journal.sound_end(conn, journal.EMPTY, partial(_project, rebuilt))
        if end == journal.EMPTY and fault is None:
            fault = "the journal is empty"
        problems = _differences(conn, rebuilt) if fault is None else [fault]
        receipts = conn.execute("SELECT count(*) FROM sale").fetchone()[0]
        return VerifyReport(
            records=conn.execute("SELECT count(*) FROM journal").fetchone()[0],
            epoch=end.epoch,
            seq=end.seq,
            hash=end.hash,
            receipts=receipts,
            problems=tuple(problems[:LISTED_PROBLEMS]),
        )


def export(path: Path) -> Iterator[str]:
    """Each record as one line of canonical JSON with its ten fields. Raises as `verify` does."""
    with _reading(path) as conn:
        for record in journal.records_behind(conn, 0, -1):
            yield canonical_json(journal.fields_of(record)).decode()


def show(path: Path, *, receipt_no: int | None = None, last: int | None = None) -> Iterator[str]:
    """A line for people for each record, of one receipt, or of the last few. Raises as `verify`."""
    with _reading(path) as conn:
        end = journal.head(conn).position
        start = 0 if last is None else max(0, end - last)
        for record in journal.records_behind(conn, start, -1):
            if receipt_no is None or receipt_no in _receipts_of(record):
                yield _line(record)


def _receipts_of(record: JournalRecord) -> set[object]:
    return {record.body.get("receipt_no"), record.body.get("of_receipt_no")}


def _line(record: JournalRecord) -> str:
    moment = datetime.fromtimestamp(record.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    facts = " ".join(
        f"{name}={len(value) if isinstance(value, list | dict) else value}"
        for name, value in record.body.items()
    )
    place = f"{record.epoch}/{record.seq}"
    return f"{place:>10}  {moment} {record.clock:<6}  {record.kind:<17} {facts}"


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that has the file for itself; nobody else is let in meanwhile."""
    try:
        if not path.is_file():
            raise StoreRefused(path, "no such file")
        conn = connect(path)
    except OSError as error:
        raise StoreRefused(path, f"can't be read: {error.strerror}") from error
    except sqlite3.Error as error:
        raise explained(path, error) from error
    steps = migrations()
    try:
        version = claim(conn, path, newest=len(steps))
        if version < len(steps):
            raise StoreRefused(
                path, f"schema {version}, this software reads {len(steps)}: start the till once"
            )
        yield conn
    except sqlite3.Error as error:
        raise explained(path, error) from error
    finally:
        conn.close()


@contextmanager
def _scratch() -> Iterator[sqlite3.Connection]:
    """An empty store in memory. Foreign keys are off: it gets the journal's places alone."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(conn, migrations(), 0)
        conn.execute("BEGIN")
        yield conn
    finally:
        conn.close()


def _project(rebuilt: sqlite3.Connection, end: journal.Head, record: JournalRecord) -> str | None:
    """Carry the record into the rebuilt projections; returns why it can't be."""
    position = end.position + 1
    try:
        journal.insert_place(rebuilt, position, record)
        projections.project(rebuilt, position, record.kind, record.body)
    except (AssertionError, KeyError, TypeError, ValueError, sqlite3.Error) as error:
        return f"{type(error).__name__}: {error}"
    return None


def _differences(conn: sqlite3.Connection, rebuilt: sqlite3.Connection) -> list[str]:
    """Every row of a projection that is not what the journal says, table by table."""
    return [
        f"table {table}: {difference}"
        for table, key in projections.TABLES.items()
        for difference in _table_differences(conn, rebuilt, table, key)
    ]


def _table_differences(
    conn: sqlite3.Connection, rebuilt: sqlite3.Connection, table: str, key: str
) -> list[str]:
    query = f"SELECT * FROM {table} ORDER BY {key}"  # noqa: S608 - names of ours, not input
    live, derived = set(conn.execute(query)), set(rebuilt.execute(query))
    return [f"holds {row}, the journal does not" for row in sorted(live - derived)] + [
        f"lacks {row}, the journal has it" for row in sorted(derived - live)
    ]
