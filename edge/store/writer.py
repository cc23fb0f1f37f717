"""The one task that owns the connection. Callers hand it whole functions and await the answer."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

import structlog

from edge.checkout.inputs import StoreFailure
from edge.ports import StoreError
from edge.store.connection import OneHopConnection, failure_of

T = TypeVar("T")
Work: TypeAlias = Callable[[sqlite3.Connection], T]


@dataclass(frozen=True, slots=True)
class WriterLimits:
    """`queued_jobs`: a till has a handful of callers, each with one job under way; more means that
    somebody submits without awaiting. `batch_jobs`: they share one commit, so the first one waits
    for the last; 64 take some 10 ms. `idle_checkpoint_rows`: about 200 sales or 8 MB of
    write-ahead log, folded in while nobody waits. `forced_checkpoint_rows`: when somebody always
    waits, the log still ends at some 80 MB.
    """

    queued_jobs: int = 256
    batch_jobs: int = 64
    idle_checkpoint_rows: int = 2_000
    forced_checkpoint_rows: int = 20_000


@dataclass(frozen=True, slots=True)
class Job:
    """A function over the connection. `alone` runs outside any transaction."""

    work: Work[Any]
    answer: asyncio.Future[Any]
    alone: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one job came to: a value, or the exception that undid it."""

    value: Any
    error: Exception | None


@dataclass(frozen=True, slots=True)
class Served:
    """The outcomes of a batch, and the connection's count of changed rows after it."""

    outcomes: Sequence[Outcome]
    changed_rows: int


@dataclass(frozen=True, slots=True)
class End:
    """Why the writer takes no more: the disk failed, or, without a `failure`, a bug."""

    failure: StoreFailure | None
    detail: str

    def error(self) -> Exception:
        """What a caller is told: StoreError, or AssertionError that stops the daemon."""
        if self.failure is None:
            return AssertionError(f"a bug ended the store's writer: {self.detail}")
        return StoreError(self.failure, self.detail)


CLOSED: Final = End(StoreFailure.IO_ERROR, "the store is closed")


class Writer:
    """Runs submitted jobs in order; those that wait together share one commit.

    A job's own exception rolls back that job alone. A failed commit, a full disk or an I/O error
    fails every job of the batch with StoreError, and so every later one: after a failed fsync
    nobody knows what the disk holds, so it is never tried again. A bug ends `run`.
    """

    def __init__(self, connection: OneHopConnection, limits: WriterLimits) -> None:
        self._connection = connection
        self._limits = limits
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._end: End | None = None
        self._checkpointed_rows = 0
        self._log = structlog.get_logger()

    async def submit(self, work: Work[T], *, alone: bool = False) -> T:
        """What `work` returned, once its transaction is on disk. Raises what it raised, or
        StoreError, or AssertionError after a bug. Cancelling the caller cancels nothing of the
        work.
        """
        if self._end is not None:
            raise self._end.error()
        assert not self._closing, "submitted to a closed store"
        assert len(self._jobs) < self._limits.queued_jobs, "more jobs than callers can await"
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        # A caller that was cancelled never asks; asyncio would log that as an error.
        answer.add_done_callback(_retrieve)
        self._jobs.append(Job(work, answer, alone))
        self._wake.set()
        return await asyncio.shield(answer)

    async def run(self) -> None:
        """Serve until closed, then checkpoint. Raises StoreError when that fails, anything else
        only on bugs.
        """
        try:
            while self._jobs or not self._closing:
                await self._wake.wait()
                self._wake.clear()
                while self._jobs:
                    await self._serve(self._take())
            if self._end is None:
                await self._checkpoint("TRUNCATE")
        except Exception as error:
            self._ended_by(error)
            raise
        finally:
            # Nobody serves those that wait after a bug, or when this task was cancelled.
            self._end = self._end or CLOSED
            _refuse(self._jobs, self._end)
            self._jobs.clear()

    def close(self) -> None:
        """Take no more jobs; `run` ends after those that wait."""
        self._closing = True
        self._wake.set()

    def _take(self) -> Sequence[Job]:
        """The jobs that share the next transaction: as many as wait, or one that runs alone."""
        batch = [self._jobs.popleft()]
        while (
            self._jobs
            and len(batch) < self._limits.batch_jobs
            and not batch[0].alone
            and not self._jobs[0].alone
        ):
            batch.append(self._jobs.popleft())
        return batch

    async def _serve(self, batch: Sequence[Job]) -> None:
        if self._end is not None:
            _refuse(batch, self._end)
            return
        try:
            served = await self._connection.run(lambda conn: run_batch(conn, batch))
        except sqlite3.Error as error:
            _refuse(batch, self._ended_by(error))
            return
        except BaseException as error:
            _refuse(batch, self._ended_by(error) if isinstance(error, Exception) else CLOSED)
            raise
        for job, outcome in zip(batch, served.outcomes, strict=True):
            if outcome.error is None:
                job.answer.set_result(outcome.value)
            else:
                job.answer.set_exception(outcome.error)
        await self._checkpoint_when_due(served.changed_rows)

    async def _checkpoint_when_due(self, changed_rows: int) -> None:
        rows = changed_rows - self._checkpointed_rows
        due = (
            self._limits.forced_checkpoint_rows if self._jobs else self._limits.idle_checkpoint_rows
        )
        if rows < due:
            return
        self._checkpointed_rows = changed_rows
        try:
            await self._checkpoint("PASSIVE")
        except StoreError:
            # Callers learn it from the next thing they ask; `_end` says so by now.
            return

    async def _checkpoint(self, mode: str) -> None:
        try:
            await self._connection.run(lambda conn: checkpoint(conn, mode))
        except sqlite3.Error as error:
            raise self._ended_by(error).error() from error

    def _ended_by(self, error: Exception) -> End:
        """The end for all that follow, unless it came before."""
        if self._end is None:
            failure = failure_of(error)
            if failure is None and isinstance(error, sqlite3.Error):
                failure = StoreFailure.IO_ERROR
            self._end = End(failure, f"{type(error).__name__}: {error}")
            if failure is not None:
                self._log.error("store_failed", failure=failure.value, detail=self._end.detail)
        return self._end


def _refuse(jobs: Iterable[Job], end: End) -> None:
    for job in jobs:
        job.answer.set_exception(end.error())


def run_batch(conn: sqlite3.Connection, batch: Sequence[Job]) -> Served:
    """The jobs in one transaction; raises what no single job can be blamed for."""
    if batch[0].alone:
        return Served([_attempt(conn, batch[0].work)], conn.total_changes)
    conn.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_run_job(conn, job.work) for job in batch]
        conn.execute("COMMIT")
    except BaseException:
        # SQLite ends the transaction itself after some errors.
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
    return Served(outcomes, conn.total_changes)


def _run_job(conn: sqlite3.Connection, work: Work[Any]) -> Outcome:
    conn.execute("SAVEPOINT job")
    outcome = _attempt(conn, work)
    assert conn.in_transaction, "a job ended the transaction that it shares"
    if outcome.error is not None:
        conn.execute("ROLLBACK TO job")
    conn.execute("RELEASE job")
    return outcome


def _attempt(conn: sqlite3.Connection, work: Work[Any]) -> Outcome:
    try:
        return Outcome(work(conn), None)
    except Exception as error:
        if failure_of(error) is not None:
            raise
        return Outcome(None, error)


def checkpoint(conn: sqlite3.Connection, mode: str) -> None:
    """Fold the write-ahead log into the database. Raises sqlite3.Error when that failed."""
    busy, _, _ = conn.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    assert not busy, "there is no second connection that could be in the way"


def _retrieve(answer: asyncio.Future[Any]) -> None:
    if not answer.cancelled():
        answer.exception()
