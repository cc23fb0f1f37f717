import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edge.checkout.inputs import StoreFailure
from edge.ports import StoreError
from edge.store.connection import OneHopConnection, make_durable
from edge.store.writer import Writer, WriterLimits


@dataclass
class Bench:
    """A writer at work, and the statements that its connection ran."""

    writer: Writer
    connection: OneHopConnection
    statements: list[str]

    def count(self, statement: str) -> int:
        return self.statements.count(statement)

    async def rows(self) -> list[str]:
        return await self.writer.submit(
            lambda conn: [row[0] for row in conn.execute("SELECT plu FROM sold ORDER BY id")]
        )


@asynccontextmanager
async def writing(path: Path, limits: WriterLimits | None = None) -> AsyncIterator[Bench]:
    connector = partial(sqlite3.connect, path, isolation_level=None)
    statements: list[str] = []

    def prepare(conn: sqlite3.Connection) -> None:
        make_durable(conn, path)
        conn.execute("CREATE TABLE IF NOT EXISTS sold (id INTEGER PRIMARY KEY, plu TEXT NOT NULL)")
        conn.set_trace_callback(statements.append)

    async with OneHopConnection(connector) as connection:
        await connection.run(prepare)
        writer = Writer(connection, limits or WriterLimits())
        serving = asyncio.create_task(writer.run())
        try:
            yield Bench(writer, connection, statements)
        finally:
            writer.close()
            await serving


def insert(plu: str | None) -> Callable[[sqlite3.Connection], int]:
    def work(conn: sqlite3.Connection) -> int:
        row = conn.execute("INSERT INTO sold (plu) VALUES (?) RETURNING id", (plu,)).fetchone()
        return int(row[0])

    return work


def insert_and_raise(plu: str) -> Callable[[sqlite3.Connection], int]:
    def work(conn: sqlite3.Connection) -> int:
        insert(plu)(conn)
        raise KeyError(plu)

    return work


@asynccontextmanager
async def kept_busy(bench: Bench) -> AsyncIterator[None]:
    """The writer works on one job until the block is left."""
    begun, go_on = threading.Event(), threading.Event()

    def work(_: sqlite3.Connection) -> None:
        begun.set()
        assert go_on.wait(10)

    held = asyncio.create_task(bench.writer.submit(work))
    assert await asyncio.to_thread(begun.wait, 10)
    try:
        yield
    finally:
        go_on.set()
        await held


async def submitted(
    bench: Bench, *jobs: Callable[[sqlite3.Connection], Any]
) -> list[asyncio.Task[Any]]:
    """Tasks that have handed in their jobs and wait for the answers."""
    tasks = [asyncio.create_task(bench.writer.submit(job)) for job in jobs]
    # Each task's first step goes as far as its wait.
    await asyncio.sleep(0)
    return tasks


async def together(
    bench: Bench, *jobs: Callable[[sqlite3.Connection], Any]
) -> list[asyncio.Task[Any]]:
    """The jobs, submitted while the writer is busy with another one, all at their ends."""
    async with kept_busy(bench):
        tasks = await submitted(bench, *jobs)
    await asyncio.wait(tasks, timeout=10)
    return tasks


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "any.db"


async def test_an_answered_job_is_on_disk(path: Path) -> None:
    async with writing(path) as bench:
        assert await bench.writer.submit(insert("a")) == 1
        assert bench.count("COMMIT") == 1
    async with writing(path) as bench:
        assert await bench.rows() == ["a"]


async def test_jobs_that_wait_together_share_one_commit(path: Path) -> None:
    async with writing(path) as bench:
        tasks = await together(bench, *(insert(plu) for plu in "abcdef"))
        assert [task.result() for task in tasks] == [1, 2, 3, 4, 5, 6]
        # One for the job that kept the writer busy, one for all six.
        assert bench.count("COMMIT") == 2
        assert await bench.rows() == list("abcdef")


async def test_a_batch_has_a_limit(path: Path) -> None:
    async with writing(path, WriterLimits(batch_jobs=4)) as bench:
        await together(bench, *(insert(plu) for plu in "abcdef"))
        assert bench.count("COMMIT") == 3


async def test_a_failing_job_undoes_itself_and_hears_it_alone(path: Path) -> None:
    async with writing(path) as bench:
        before, bad, broken, after = await together(
            bench, insert("a"), insert_and_raise("b"), insert(None), insert("c")
        )
        assert isinstance(bad.exception(), KeyError)
        assert isinstance(broken.exception(), sqlite3.IntegrityError)
        assert (before.exception(), after.exception()) == (None, None)
        assert await bench.rows() == ["a", "c"]
        assert bench.count("COMMIT") == 3


async def test_a_cancelled_caller_cancels_nothing(path: Path) -> None:
    async with writing(path) as bench:
        async with kept_busy(bench):
            (waiting,) = await submitted(bench, insert("a"))
            waiting.cancel()
            await asyncio.wait([waiting])
        assert waiting.cancelled()
        assert await bench.rows() == ["a"]


async def test_closing_serves_those_who_wait(path: Path) -> None:
    async with writing(path) as bench:
        async with kept_busy(bench):
            tasks = await submitted(bench, *(insert(plu) for plu in "abc"))
            bench.writer.close()
        assert await asyncio.gather(*tasks) == [1, 2, 3]
    assert not path.with_name("any.db-wal").exists()


async def test_a_closed_writer_takes_nothing(path: Path) -> None:
    async with writing(path) as bench:
        bench.writer.close()
        with pytest.raises(AssertionError, match="closed store"):
            await bench.writer.submit(insert("a"))
    with pytest.raises(StoreError, match="the store is closed"):
        await bench.writer.submit(insert("a"))


async def test_the_queue_has_a_limit(path: Path) -> None:
    async with writing(path, WriterLimits(queued_jobs=2)) as bench:
        async with kept_busy(bench):
            tasks = await submitted(bench, insert("a"), insert("b"), insert("c"))
            with pytest.raises(AssertionError, match="more jobs than callers"):
                await tasks[2]
        await asyncio.wait(tasks)
        assert await bench.rows() == ["a", "b"]


async def test_a_job_alone_runs_outside_any_transaction(path: Path) -> None:
    async with writing(path) as bench:
        inside = await bench.writer.submit(lambda conn: conn.in_transaction)
        alone = await bench.writer.submit(lambda conn: conn.in_transaction, alone=True)
        assert (inside, alone) == (True, False)


async def test_a_full_database_fails_the_whole_batch_and_ends_the_writer(path: Path) -> None:
    async with writing(path) as bench:
        await bench.connection.run(lambda conn: conn.execute("PRAGMA max_page_count=5").fetchall())
        big = "x" * 20_000
        tasks = await together(bench, insert("a"), insert(big), insert("b"))
        for task in tasks:
            error = task.exception()
            assert isinstance(error, StoreError)
            assert error.failure is StoreFailure.DISK_FULL
        with pytest.raises(StoreError, match="disk_full"):
            await bench.writer.submit(insert("c"))
    async with writing(path) as bench:
        assert await bench.rows() == []


async def test_a_job_that_ends_the_shared_transaction_is_a_bug_that_ends_the_writer(
    path: Path,
) -> None:
    async def misbehave() -> None:
        async with writing(path) as bench:
            tasks = await together(bench, insert("a"), lambda conn: conn.execute("COMMIT"))
            for task in tasks:
                # No StoreError: the till must not tell the cashier that the disk failed.
                assert isinstance(task.exception(), AssertionError)
            with pytest.raises(AssertionError, match="a bug ended the store's writer"):
                await bench.writer.submit(insert("b"))

    with pytest.raises(AssertionError, match="a job ended the transaction"):
        await misbehave()


async def test_the_log_is_folded_in_while_nobody_waits(path: Path) -> None:
    async with writing(path, WriterLimits(idle_checkpoint_rows=3)) as bench:
        for plu in "ab":
            await bench.writer.submit(insert(plu))
        assert bench.count("PRAGMA wal_checkpoint(PASSIVE)") == 0
        await bench.writer.submit(insert("c"))
        await bench.rows()
        assert bench.count("PRAGMA wal_checkpoint(PASSIVE)") == 1


async def test_the_log_is_folded_in_though_somebody_always_waits(path: Path) -> None:
    limits = WriterLimits(batch_jobs=2, idle_checkpoint_rows=100, forced_checkpoint_rows=4)
    async with writing(path, limits) as bench:
        await together(bench, *(insert(plu) for plu in "abcdefgh"))
        assert bench.count("PRAGMA wal_checkpoint(PASSIVE)") >= 1
