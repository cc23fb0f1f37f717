"""Time: it runs on from what is on record, and is honest about how much it can be trusted."""

import asyncio
import time
from collections.abc import Callable

import pytest

from edge.checkout.instant import ClockQuality
from edge.clock import SystemClock, VirtualClock

YEAR_MS = 365 * 24 * 3_600 * 1_000
START_MS = 1_700_000_000_000
# What adjtimex(2) returns for a clock that nobody disciplines, and where a sandbox refuses it.
TIME_ERROR, NOT_PERMITTED = 5, -1


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


def kernel_says(state: int) -> Callable[[], int]:
    return lambda: state


async def turns_of_the_loop() -> None:
    """Enough for a timer that is due to fire and for its task to end."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_the_wall_time_stands_where_it_is_past_the_floor() -> None:
    before = wall_ms()
    now = SystemClock(START_MS).now()
    assert before <= now.utc_ms <= wall_ms()
    assert now.quality in {ClockQuality.SYNCED, ClockQuality.FLOOR}


@pytest.mark.parametrize(
    ("state", "quality"),
    [
        *((state, ClockQuality.SYNCED) for state in (0, 1, 2, 3, 4)),
        (TIME_ERROR, ClockQuality.FLOOR),
        (6, ClockQuality.FLOOR),
        (NOT_PERMITTED, ClockQuality.FLOOR),
    ],
)
def test_synced_is_only_what_the_kernel_vouches_for(state: int, quality: ClockQuality) -> None:
    assert SystemClock(START_MS, kernel_says(state)).now().quality is quality


@pytest.mark.parametrize("state", [TIME_ERROR, NOT_PERMITTED])
def test_a_box_without_a_battery_counts_on_from_the_floor(state: int) -> None:
    floor_ms = wall_ms() + YEAR_MS
    clock = SystemClock(floor_ms, kernel_says(state))
    first, second = clock.now(), clock.now()
    assert first.utc_ms >= floor_ms
    assert second.utc_ms - first.utc_ms == second.mono_ms - first.mono_ms
    assert first.quality is ClockQuality.UNSET


def test_one_record_from_the_future_does_not_date_what_a_synced_clock_records() -> None:
    clock = SystemClock(START_MS, kernel_says(0))
    clock.raise_floor(wall_ms() + 73 * YEAR_MS)
    now = clock.now()
    assert now.utc_ms <= wall_ms()
    assert now.quality is ClockQuality.SYNCED


def test_the_newest_record_raises_the_floor_and_an_older_one_does_not_lower_it() -> None:
    newest_ms = wall_ms() + YEAR_MS
    clock = SystemClock(0, kernel_says(TIME_ERROR))
    clock.raise_floor(newest_ms)
    clock.raise_floor(newest_ms - 1)
    assert clock.now().utc_ms >= newest_ms


def test_two_clocks_of_one_box_share_its_boot_and_its_monotonic_time() -> None:
    first, second = SystemClock(0).now(), SystemClock(0).now()
    assert first.boot == second.boot != ""
    assert first.mono_ms <= second.mono_ms


async def test_the_systems_clock_sleeps_for_milliseconds_of_the_event_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    now_s = loop.time()
    monkeypatch.setattr(loop, "time", lambda: now_s)
    sleeping = asyncio.create_task(SystemClock(0).sleep_ms(90_000))
    await turns_of_the_loop()
    now_s += 89.9
    await turns_of_the_loop()
    assert not sleeping.done()
    now_s += 0.2
    await turns_of_the_loop()
    assert sleeping.done()


def test_a_virtual_clock_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock(START_MS)
    assert clock.now() == clock.now()
    clock.advance_ms(1_500)
    now = clock.now()
    assert (now.utc_ms, now.mono_ms) == (START_MS + 1_500, 1_500)
    assert now.quality is ClockQuality.SYNCED


def test_set_back_its_monotonic_time_stays() -> None:
    clock = VirtualClock(START_MS)
    clock.advance_ms(1_000)
    clock.set_utc_ms(START_MS - YEAR_MS)
    assert (clock.now().utc_ms, clock.now().mono_ms) == (START_MS - YEAR_MS, 1_000)


async def test_sleepers_wake_in_the_order_of_their_times() -> None:
    clock = VirtualClock(START_MS)
    woken: list[int] = []

    async def sleep(duration_ms: int) -> None:
        await clock.sleep_ms(duration_ms)
        woken.append(duration_ms)

    async with asyncio.TaskGroup() as tasks:
        for duration_ms in (300, 100, 200, 100):
            tasks.create_task(sleep(duration_ms))
        await asyncio.sleep(0)
        clock.advance_ms(99)
        await asyncio.sleep(0)
        assert woken == []
        clock.advance_ms(101)
        await asyncio.sleep(0)
        assert woken == [100, 100, 200]
        clock.advance_ms(1_000)
    assert woken == [100, 100, 200, 300]


async def test_a_sleeper_that_was_cancelled_is_in_nobodys_way() -> None:
    clock = VirtualClock(START_MS)
    sleeping = asyncio.create_task(clock.sleep_ms(10))
    await asyncio.sleep(0)
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping
    clock.advance_ms(10)
    assert clock.now().mono_ms == 10
