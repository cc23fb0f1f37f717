import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from edge.store.connection import OneHopConnection, make_durable


class CountingConnection(OneHopConnection):
    hops = 0

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.hops += 1
        return await super()._execute(fn, *args, **kwargs)


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[CountingConnection]:
    connector = partial(sqlite3.connect, tmp_path / "any.db", isolation_level=None)
    async with CountingConnection(connector) as opened:
        yield opened


async def test_a_whole_transaction_is_one_hop(connection: CountingConnection) -> None:
    def work(conn: sqlite3.Connection) -> int:
        conn.execute("CREATE TABLE sold (id INTEGER PRIMARY KEY, plu TEXT)")
        conn.execute("BEGIN")
        conn.executemany("INSERT INTO sold (plu) VALUES (?)", [("a",), ("b",)])
        conn.execute("COMMIT")
        return int(conn.execute("SELECT count(*) FROM sold").fetchone()[0])

    assert await connection.run(work) == 2
    assert connection.hops == 1


async def test_work_runs_on_the_one_thread_of_the_connection(
    connection: CountingConnection,
) -> None:
    threads = {await connection.run(lambda _: threading.get_ident()) for _ in range(3)}
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


async def test_what_work_raises_arrives(connection: CountingConnection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table: sold") as raised:
        await connection.run(lambda conn: conn.execute("SELECT * FROM sold"))
    assert raised.value.sqlite_errorcode == sqlite3.SQLITE_ERROR


async def test_work_goes_on_when_nobody_waits_any_more(connection: CountingConnection) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(conn: sqlite3.Connection) -> None:
        begun.set()
        go_on.wait(10)
        conn.execute("CREATE TABLE sold (plu TEXT)")

    task = asyncio.create_task(connection.run(work))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    assert await connection.run(lambda conn: conn.execute("SELECT * FROM sold").fetchall()) == []


async def test_every_commit_is_synced_and_keys_are_enforced(
    connection: CountingConnection, tmp_path: Path
) -> None:
    await connection.run(lambda conn: make_durable(conn, tmp_path / "any.db"))
    names = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "temp_store")
    found = await connection.run(
        lambda conn: [conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    )
    full, memory = 2, 2
    assert found == ["wal", full, 1, 0, memory]


async def test_a_connection_that_fails_to_open_has_ended_its_thread(tmp_path: Path) -> None:
    nowhere = OneHopConnection(partial(sqlite3.connect, tmp_path / "nowhere" / "any.db"))
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await nowhere.__aenter__()
    assert nowhere._tx.empty()
    await asyncio.to_thread(nowhere._thread.join, 10)
    assert not nowhere._thread.is_alive()
