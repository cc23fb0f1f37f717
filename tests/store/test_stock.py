"""Stock in memory is the stock on disk, whatever goes on record."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.records import Entry, EntryKind, sale_entry
from edge.store import tools
from edge.store.stock import StockLevels, counted, moved
from edge.store.till_store import TillStore
from tests.support.store import SteppedClock, adjusted, record, refund, sale, sell, till

FIRST, SECOND = "000001", "000002"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


def count(plu: str, counted_milli: int, was_milli: int) -> Entry:
    body = {"plu": plu, "counted_milli": counted_milli, "was_milli": was_milli}
    return Entry(EntryKind.STOCK_COUNTED, {**body})


def low(plu: str) -> Entry:
    return Entry(EntryKind.STOCK_LOW, {"plu": plu, "quantity_milli": 1000, "low_stock_milli": 2000})


async def test_stock_moves_with_each_sale_refund_and_adjustment(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        assert dict(store.stock()) == {}
        await record(store, clock, adjusted(FIRST, 24_000))
        await sell(store, clock, sale(1, lines=2, units=3))
        assert dict(store.stock()) == {FIRST: 21_000, SECOND: -3_000}
        await sell(store, clock, refund(2, 1, {1: 2}))
        assert dict(store.stock()) == {FIRST: 23_000, SECOND: -3_000}


async def test_a_count_sets_the_stock_and_what_is_low_moves_none(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await record(store, clock, adjusted(FIRST, 24_000))
        await record(store, clock, count(FIRST, 20_000, 24_000), count(SECOND, 0, 0))
        assert dict(store.stock()) == {FIRST: 20_000, SECOND: 0}
        await record(store, clock, low(FIRST))
        assert dict(store.stock()) == {FIRST: 20_000, SECOND: 0}


async def test_stock_is_there_again_after_a_start(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await record(store, clock, adjusted(FIRST, 24_000), count(SECOND, 7_000, 0))
        await sell(store, clock, sale(1, lines=2))
        before = dict(store.stock())
    async with till(path, clock=clock) as store:
        assert dict(store.stock()) == before == {FIRST: 23_000, SECOND: 6_000}
    assert tools.verify(path).ok


async def test_what_is_refused_moves_no_stock(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        with pytest.raises(AssertionError, match="receipt 9 where 1 comes next"):
            await sell(store, clock, sale(9))
        assert dict(store.stock()) == {}


PLUS = st.sampled_from([FIRST, SECOND, "000003"])
MILLI = st.integers(-5_000, 50_000)
ENTRIES = st.one_of(
    st.builds(adjusted, PLUS, MILLI),
    st.builds(lambda plu, milli: count(plu, abs(milli), 0), PLUS, MILLI),
    st.builds(low, PLUS),
    st.builds(lambda lines: sale_entry(sale(1, lines=lines)), st.integers(1, 3)),
    st.builds(lambda units: sale_entry(refund(1, 0, {2: units})), st.integers(1, 3)),
)


@given(st.lists(ENTRIES, max_size=12))
def test_memory_says_what_the_records_say_in_their_order(entries: list[Entry]) -> None:
    levels = StockLevels()
    levels.record(entries)
    for plu in {FIRST, SECOND, "000003"} | levels.keys():
        level = 0
        for entry in entries:
            level += moved(entry.kind, entry.body).get(plu, 0)
            level = counted(entry.kind, entry.body).get(plu, level)
        assert levels.get(plu, 0) == level


async def in_both(store: TillStore, path: Path) -> None:
    copy = path.with_name("copy.db")
    await store.copy_to(copy)
    assert tools.verify(copy).ok
    copy.unlink()


async def test_memory_is_the_table(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        for number in range(1, 6):
            await record(store, clock, adjusted(FIRST, number), count(SECOND, number, 0))
            await sell(store, clock, sale(number, lines=3))
            await in_both(store, path)
        before = dict(store.stock())
    async with till(path, clock=clock) as store:
        assert dict(store.stock()) == before
