"""The one inbox: in order, bounded, and never losing anything in silence."""

import asyncio

import pytest

from edge.checkout.inputs import (
    BarcodeScanned,
    DeviceChanged,
    DeviceState,
    InboxOverflowed,
    Input,
    Key,
    KeyPressed,
    ReceiptPrinted,
    UplinkChanged,
)
from edge.clock import VirtualClock
from edge.till_loop import BoundedInbox

LIMIT = 3


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(1_700_000_000_000)


@pytest.fixture
def inbox(clock: VirtualClock) -> BoundedInbox:
    return BoundedInbox(LIMIT, clock)


def scan(number: int) -> BarcodeScanned:
    return BarcodeScanned(str(number), VirtualClock(0).now())


def offer(inbox: BoundedInbox, *numbers: int) -> list[bool]:
    return [inbox.offer(scan(number)) for number in numbers]


async def taken(inbox: BoundedInbox) -> list[str]:
    """All that is in it, in short: codes, and `N lost`."""
    return [short(await inbox.take()) for _ in range(inbox.waiting)]


def short(item: Input | None) -> str:
    if isinstance(item, BarcodeScanned):
        return item.code
    return f"{item.lost} lost" if isinstance(item, InboxOverflowed) else type(item).__name__


async def test_inputs_come_out_in_the_order_in_which_they_went_in(inbox: BoundedInbox) -> None:
    assert offer(inbox, 1, 2, 3) == [True, True, True]
    assert await taken(inbox) == ["1", "2", "3"]
    assert inbox.lost_total == 0


async def test_what_does_not_fit_is_refused_and_told_where_it_is_missing(
    inbox: BoundedInbox,
) -> None:
    assert offer(inbox, 1, 2, 3, 4, 5) == [True] * 3 + [False] * 2
    assert [short(await inbox.take()) for _ in range(2)] == ["1", "2"]
    assert offer(inbox, 6) == [True]
    assert await taken(inbox) == ["3", "2 lost", "6"]
    assert inbox.lost_total == 2


async def test_each_loss_is_told_once(inbox: BoundedInbox) -> None:
    offer(inbox, 1, 2, 3, 4)
    assert await taken(inbox) == ["1", "2", "3", "1 lost"]
    offer(inbox, 5, 6, 7, 8, 9)
    assert await taken(inbox) == ["5", "6", "7", "2 lost"]
    assert inbox.lost_total == 3


async def test_the_loss_is_told_at_the_time_of_the_last_of_it(
    inbox: BoundedInbox, clock: VirtualClock
) -> None:
    offer(inbox, 1, 2, 3, 4)
    clock.advance_ms(500)
    offer(inbox, 5)
    for _ in range(3):
        await inbox.take()
    assert await inbox.take() == InboxOverflowed(clock.now(), 2)


async def test_only_what_the_cashier_must_do_again_is_told_as_lost(
    inbox: BoundedInbox, clock: VirtualClock
) -> None:
    offer(inbox, 1, 2, 3)
    assert not inbox.offer(DeviceChanged(clock.now(), "scanner", DeviceState.READY))
    assert not inbox.offer(UplinkChanged(clock.now(), online=True))
    assert not inbox.offer(KeyPressed(Key.CASH, clock.now()))
    assert not inbox.offer(UplinkChanged(clock.now(), online=False))
    assert offer(inbox, 4) == [False]
    assert await taken(inbox) == ["1", "2", "3", "2 lost"]
    assert inbox.lost_total == 2


async def test_answers_always_fit(inbox: BoundedInbox, clock: VirtualClock) -> None:
    offer(inbox, 1, 2, 3)
    inbox.answer(ReceiptPrinted(clock.now(), 1))
    assert offer(inbox, 4) == [False]
    assert await taken(inbox) == ["1", "2", "3", "ReceiptPrinted", "1 lost"]


async def test_a_flood_takes_no_memory(inbox: BoundedInbox) -> None:
    offer(inbox, *range(1_000))
    assert inbox.waiting == LIMIT + 1
    assert (await taken(inbox))[-1] == "997 lost"


async def test_whoever_waits_is_woken_by_what_comes(inbox: BoundedInbox) -> None:
    taking = asyncio.create_task(inbox.take())
    await asyncio.sleep(0)
    assert not taking.done()
    offer(inbox, 1)
    assert short(await taking) == "1"


async def test_a_closed_inbox_is_emptied_and_takes_no_more(inbox: BoundedInbox) -> None:
    offer(inbox, 1, 2)
    inbox.close()
    assert offer(inbox, 3) == [False]
    assert [await inbox.take() for _ in range(3)] == [scan(1), scan(2), None]
    assert inbox.lost_total == 0


async def test_closing_wakes_whoever_waits(inbox: BoundedInbox) -> None:
    taking = asyncio.create_task(inbox.take())
    await asyncio.sleep(0)
    inbox.close()
    assert await taking is None
