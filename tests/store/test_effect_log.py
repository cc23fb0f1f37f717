"""Drawer pulses and receipts asked for: what a restart offers, and what it never repeats."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.checkout.records import Entry, EntryKind
from edge.store import effect_log
from edge.store.till_store import TillStore
from tests.support.store import SteppedClock, paid, sale, sell, till

SETTLE_ALL = "UPDATE effect_log SET state = 'done'"


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


async def rows(store: TillStore, query: str) -> list[tuple[object, ...]]:
    return await store._writer.submit(lambda conn: conn.execute(query).fetchall())


async def test_a_drawer_pulse_of_before_the_crash_is_never_fired_again(
    path: Path, clock: SteppedClock
) -> None:
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
    async with till(path, clock=clock) as store:
        assert await rows(store, "SELECT effect, number, state FROM effect_log") == [
            ("drawer", None, "abandoned"),
            ("receipt", 1, "pending"),
        ]


async def test_a_settled_effect_is_not_offered_again(path: Path, clock: SteppedClock) -> None:
    async with till(path, clock=clock) as store:
        printed = await sell(store, clock, sale(1))
        dropped = await sell(store, clock, sale(2))
        waiting = await sell(store, clock, sale(3))
        await store.settle_effect(printed.drawer_effect or 0, done=True)
        await store.settle_effect(printed.receipt_effect or 0, done=True)
        await store.settle_effect(dropped.drawer_effect or 0, done=False)
        await store.settle_effect(dropped.receipt_effect or 0, done=False)
    async with till(path, clock=clock) as store:
        (pending,) = store.state().pending_receipts
        assert (pending.effect_id, pending.paper) == (waiting.receipt_effect, sale(3))
        assert await rows(store, "SELECT state FROM effect_log ORDER BY id") == [
            (state,) for state in ("done", "done", "abandoned", "dropped", "abandoned", "pending")
        ]


async def test_the_first_settlement_stands(store: TillStore, clock: SteppedClock) -> None:
    committed = await sell(store, clock, sale(1))
    await store.settle_effect(committed.receipt_effect or 0, done=False)
    await store.settle_effect(committed.receipt_effect or 0, done=True)
    assert await rows(store, "SELECT state FROM effect_log WHERE effect = 'receipt'") == [
        ("dropped",)
    ]


async def test_an_effect_that_never_was_can_not_be_settled(store: TillStore) -> None:
    with pytest.raises(LookupError, match="no effect 5"):
        await store.settle_effect(5, done=True)


async def test_a_copy_is_pending_with_its_sale(path: Path, clock: SteppedClock) -> None:
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
        await sell(store, clock, sale(2))
        await store._writer.submit(lambda conn: conn.execute(SETTLE_ALL))
        copied = Entry(EntryKind.RECEIPT_COPIED, {"receipt_no": 1})
        await store.commit(
            clock.now(), [copied], ends_basket=False, opens_drawer=False, prints_receipt=True
        )
    async with till(path, clock=clock) as store:
        assert [each.paper for each in store.state().pending_receipts] == [sale(1)]


async def test_a_receipt_needs_something_to_be_on_it(store: TillStore, clock: SteppedClock) -> None:
    with pytest.raises(AssertionError, match="no entry has one"):
        await store.commit(
            clock.now(),
            [paid(EntryKind.CASH_PAID_IN, 1)],
            ends_basket=False,
            opens_drawer=True,
            prints_receipt=True,
        )


async def test_only_the_last_receipts_are_offered(path: Path, clock: SteppedClock) -> None:
    offered = effect_log.OFFERED_RECEIPTS
    async with till(path, clock=clock) as store:
        await asyncio.gather(
            *(sell(store, clock, sale(no, lines=1)) for no in range(1, offered + 4))
        )
    async with till(path, clock=clock) as store:
        numbers = [each.number for each in store.state().pending_receipts]
    assert numbers == list(range(4, offered + 4))


async def test_the_log_forgets_what_is_long_settled_but_reuses_no_id(
    path: Path, clock: SteppedClock
) -> None:
    settled = (
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)"
        " INSERT INTO effect_log SELECT i, 'drawer', NULL, NULL, 'done' FROM n"
    )
    async with till(path, clock=clock) as store:
        await store._writer.submit(lambda conn: conn.execute(settled))
    async with till(path, clock=clock) as store:
        assert await rows(store, "SELECT min(id), max(id) FROM effect_log") == [
            (6000 - effect_log.KEPT_ROWS + 1, 6000)
        ]
        assert (await sell(store, clock, sale(1))).drawer_effect == 6001
