"""A copy of a store that is at work: whole, and in nobody's way."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.store import tools
from edge.store.till_store import TillStore
from tests.support.store import SteppedClock, sale, sell, till


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def store(path: Path, clock: SteppedClock) -> AsyncIterator[TillStore]:
    async with till(path, clock=clock) as opened:
        yield opened


async def test_a_copy_is_a_whole_store_of_that_moment(path: Path, clock: SteppedClock) -> None:
    copy = path.with_name("copy.db")
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
        await store.copy_to(copy)
        await sell(store, clock, sale(2))
        report = tools.verify(copy)
        assert (report.ok, report.receipts) == (True, 1)
    assert sorted(file.name for file in path.parent.iterdir()) == ["copy.db", "till.db"]
    assert tools.verify(path).receipts == 2


async def test_a_copy_never_replaces_a_file(path: Path, store: TillStore) -> None:
    copy = path.with_name("copy.db")
    copy.write_text("precious")
    with pytest.raises(FileExistsError, match=r"copy\.db: exists"):
        await store.copy_to(copy)
    assert copy.read_text() == "precious"


async def test_sales_do_not_wait_for_the_copys_sync(
    path: Path,
    store: TillStore,
    clock: SteppedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copy = path.with_name("copy.db")
    begun, go_on = threading.Event(), threading.Event()

    def slow_disk(_: int) -> None:
        begun.set()
        assert go_on.wait(10)

    await sell(store, clock, sale(1))
    # The copy's alone: SQLite does not ask Python to sync the store.
    monkeypatch.setattr(os, "fsync", slow_disk)
    copying = asyncio.create_task(store.copy_to(copy))
    try:
        assert await asyncio.to_thread(begun.wait, 10)
        async with asyncio.timeout(10):
            assert (await sell(store, clock, sale(2))).seq == 3
        assert not copy.exists()
    finally:
        go_on.set()
        await copying
    assert tools.verify(copy).receipts == 1


async def test_a_copy_that_can_not_be_written_leaves_the_store_selling(
    path: Path, store: TillStore, clock: SteppedClock
) -> None:
    with pytest.raises(OSError, match="unable to open"):
        await store.copy_to(path.with_name("nowhere") / "copy.db")
    assert (await sell(store, clock, sale(1))).seq == 2
