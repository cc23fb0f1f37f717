"""The one connection to a store: how it is opened, and what makes it refuse."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from edge.checkout.inputs import StoreFailure
from edge.ports import StoreError, StoreRefused

T = TypeVar("T")

# "EdTl" in the file's header (SQLite file format, 1.3.5): the mark of a store of ours.
APPLICATION_ID = 0x4564546C

# A command-line tool that reads a stopped till's store may just be leaving.
BUSY_TIMEOUT_MS = 1_000

# The WAL keeps its size after a checkpoint; what a catalogue swap made of it need not stay.
WAL_LEFT_BYTES = 16 * 1024 * 1024

# The primary result codes after which nothing more may be written (SQLite result codes, 3).
# Whatever else a job raises is its own affair.
FATAL_CODES = {
    sqlite3.SQLITE_FULL: StoreFailure.DISK_FULL,
    sqlite3.SQLITE_IOERR: StoreFailure.IO_ERROR,
    sqlite3.SQLITE_CORRUPT: StoreFailure.IO_ERROR,
    sqlite3.SQLITE_NOTADB: StoreFailure.IO_ERROR,
    sqlite3.SQLITE_READONLY: StoreFailure.IO_ERROR,
    sqlite3.SQLITE_CANTOPEN: StoreFailure.IO_ERROR,
    sqlite3.SQLITE_NOMEM: StoreFailure.IO_ERROR,
    sqlite3.SQLITE_BUSY: StoreFailure.IO_ERROR,
}


class StoreLive(StoreRefused):
    """Another connection has the store open; there is never a second one."""

    def __init__(self, path: Path | str) -> None:
        super().__init__(path, "live store: a running till has it open")


class OneHopConnection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with whole functions as the unit of work.

    See docs/decisions/0010-transactions-travel-whole.md.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        # The chunk size is for cursors that iterate over hops; whole functions have none.
        super().__init__(connector, iter_chunk_size=1)
        self._stopping: asyncio.Future[Any] | None = None

    async def __aenter__(self) -> Self:
        """Connected. Raises what the connector raised."""
        try:
            await self
        except BaseException:
            # aiosqlite 0.22 lets its thread end some time later, when the loop may be gone.
            if self._stopping is not None:
                await self._stopping
            raise
        return self

    def stop(self) -> asyncio.Future[Any] | None:
        self._stopping = super().stop()
        return self._stopping

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns or raises on aiosqlite's thread: one hop, whatever it executes.

        Whoever awaits may be cancelled; the work runs to its end.
        """
        execute: Callable[..., Awaitable[T]] = self._execute
        return await execute(work, self._conn)


def connect(path: Path, *, mode: str = "rw") -> sqlite3.Connection:
    """A plain connection that begins no transaction of its own accord; sqlite3's URI modes."""
    # Made absolute: as_uri wants it, and a later chdir must not move the store.
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)


def failure_of(error: BaseException) -> StoreFailure | None:
    """Why nothing more may be written after this exception; None when it is a job's own affair."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else FATAL_CODES.get(code & 0xFF)


def claim(conn: sqlite3.Connection, path: Path, *, newest: int) -> int:
    """Take the file for this process alone and check that it is a sound store of ours; returns its
    schema version. Raises StoreRefused or StoreLive with nothing changed, StoreError
    when the disk can't be read.
    """
    try:
        # Before the first access to the WAL: then its index lives in our memory and the file lock
        # is exclusive, so that no second connection can get in.
        conn.execute("PRAGMA locking_mode=EXCLUSIVE")
        application_id, version, pages = (
            conn.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "page_count")
        )
        if pages == 0:
            raise StoreRefused(path, "empty file, not a store")
        if application_id != APPLICATION_ID:
            raise StoreRefused(path, "not a store of this till's software")
        if version > newest:
            raise StoreRefused(
                path, f"made by newer software: schema {version}, this one knows {newest}"
            )
        findings = [row[0] for row in conn.execute("PRAGMA integrity_check(1)")]
    except sqlite3.Error as error:
        raise explained(path, error) from error
    if findings != ["ok"]:
        raise StoreRefused(path, f"corrupt: {' '.join(findings[0].split())}")
    return int(version)


def explained(path: Path, error: sqlite3.Error) -> StoreRefused | StoreError:
    """Why a store could not be opened: the file is refused, or the disk failed."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreLive(path)
    if code == sqlite3.SQLITE_NOTADB:
        return StoreRefused(path, "not a database")
    if code == sqlite3.SQLITE_CORRUPT:
        return StoreRefused(path, f"corrupt: {error}")
    failure = failure_of(error)
    if failure is None or code == sqlite3.SQLITE_CANTOPEN:
        return StoreRefused(path, f"can't be read: {error}")
    return StoreError(failure, f"{path}: {error}")


def make_durable(conn: sqlite3.Connection, path: Path) -> None:
    """Turn on what a till's store needs: WAL, a sync for every commit, foreign keys.

    Checkpoints are the writer's to call, because SQLite's own swallows their errors.
    """
    mode = conn.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise StoreRefused(path, f"no write-ahead log on this file system (mode {mode})")
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "wal_autocheckpoint=0",
        # A savepoint's undo pages: a full /tmp must not stop a sale.
        "temp_store=MEMORY",
        f"journal_size_limit={WAL_LEFT_BYTES}",
    ):
        conn.execute(f"PRAGMA {pragma}").fetchall()
