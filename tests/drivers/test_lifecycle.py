"""The life of a device, on a clock that the test moves."""

import asyncio

import pytest

from edge.checkout.inputs import DeviceState
from edge.drivers import opening
from edge.drivers.lifecycle import DeviceAbsentError, backoff_ms, together
from edge.ports import DeviceError
from tests.support.devices import running
from tests.support.lives import REOPEN, Life, Plugging


async def test_a_device_that_is_there_becomes_ready_and_is_closed_at_the_end() -> None:
    life = Life()
    async with running(life.cycle):
        await life.until(DeviceState.READY)
        assert life.cycle.state is DeviceState.READY
    assert (life.socket.open, life.socket.closed) == (1, 1)


async def test_a_fault_closes_the_device_and_opens_it_again_after_the_backoff() -> None:
    life = Life()
    async with running(life.cycle):
        await life.until(DeviceState.READY)
        life.socket.fail(DeviceError("lamp: broken"))
        await life.until(DeviceState.FAULTED)
        await life.clock.until_asleep(1)
        assert life.socket.closed == 1
        life.clock.advance(100)
        await life.until(DeviceState.READY)
    told = [DeviceState.READY, DeviceState.FAULTED, DeviceState.READY]
    assert life.inbox.states("lamp") == told


async def test_waiting_doubles_to_the_limit_and_starts_anew_after_a_stable_time() -> None:
    life = Life()
    life.socket.openings.extend(DeviceAbsentError("lamp: not there") for _ in range(6))
    async with running(life.cycle):
        for sleeps in range(1, 7):
            await life.clock.until_asleep(sleeps)
            life.clock.advance(1_000)
        await life.until(DeviceState.READY)
        life.clock.advance(10_000)
        life.socket.fail(DeviceError("lamp: broken"))
        await life.clock.until_asleep(7)
    assert life.clock.sleeps_ms == [99, 199, 399, 799, 999, 999, 99]


async def test_a_device_that_fails_at_once_each_time_is_not_hammered() -> None:
    life = Life()
    async with running(life.cycle):
        for sleeps in range(1, 5):
            await life.until(DeviceState.READY)
            life.socket.fail(DeviceError("lamp: broken"))
            await life.clock.until_asleep(sleeps)
            await life.until(DeviceState.FAULTED)
            life.clock.advance(1_000)
    assert life.clock.sleeps_ms == [99, 199, 399, 799]


async def test_waiting_doubles_also_where_a_device_is_trusted_at_once() -> None:
    life = Life(REOPEN.model_copy(update={"stable_ms": 0}))
    life.socket.openings.extend(DeviceAbsentError("lamp: not there") for _ in range(3))
    async with running(life.cycle):
        for sleeps in range(1, 4):
            await life.clock.until_asleep(sleeps)
            life.clock.advance(1_000)
        await life.until(DeviceState.READY)
        life.socket.fail(DeviceError("lamp: broken"))
        await life.clock.until_asleep(4)
    assert life.clock.sleeps_ms == [99, 199, 399, 99]


async def test_whoever_plugs_in_is_not_kept_waiting_by_what_failed_before() -> None:
    plugs = Plugging()
    life = Life(plugs=plugs)
    life.socket.openings.extend(DeviceAbsentError("lamp: not there") for _ in range(4))
    async with running(life.cycle):
        for sleeps in (1, 2):
            await life.clock.until_asleep(sleeps)
            life.clock.advance(1_000)
        await life.clock.until_asleep(3)
        plugs.plug_in()
        await life.clock.until_asleep(4)
    assert life.clock.sleeps_ms == [99, 199, 399, 99]


async def test_what_was_plugged_in_while_the_device_was_there_is_no_reason_to_hurry() -> None:
    plugs = Plugging()
    life = Life(plugs=plugs)
    async with running(life.cycle):
        await life.until(DeviceState.READY)
        plugs.plug_in()
        life.socket.fail(DeviceError("lamp: broken"))
        await life.clock.until_asleep(1)
        await life.until(DeviceState.FAULTED)
    assert life.socket.open == 1


async def test_an_opening_that_hangs_is_given_up() -> None:
    life = Life()
    life.socket.openings.append("hangs")
    async with running(life.cycle):
        await life.until(DeviceState.FAULTED)
        assert life.reasons == {"lamp": "lamp: did not open within 50 ms"}
        await life.clock.until_asleep(1)
        life.clock.advance(100)
        await life.until(DeviceState.READY)


async def test_of_an_opening_that_obeys_nobody_is_told_until_it_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "GIVEN_UP_S", 0.001)
    life = Life(REOPEN.model_copy(update={"open_timeout_ms": 1}))
    life.socket.openings.append("obeys nobody")
    async with running(life.cycle):
        await life.until(DeviceState.FAULTED)
        assert life.reasons == {"lamp": "lamp: did not open within 1 ms"}
        await life.clock.until_asleep(1)
        life.clock.advance(100)
        await life.clock.until_asleep(2)
        assert life.reasons == {"lamp": "lamp: is still being opened"}
        assert life.cycle.state is DeviceState.FAULTED
        life.socket.answer.set_result(None)
        await life.socket.changes.until(lambda: life.socket.closed == 1)
        life.clock.advance(1_000)
        await life.until(DeviceState.READY)
    assert (life.socket.open, life.socket.closed) == (2, 2)


async def test_what_opens_in_the_turn_in_which_the_time_is_over_is_not_lost() -> None:
    life = Life(REOPEN.model_copy(update={"open_timeout_ms": 1}))
    life.socket.openings.append("at the last moment")
    async with running(life.cycle):
        await life.until(DeviceState.READY)
    assert life.inbox.states("lamp") == [DeviceState.READY]
    assert (life.socket.open, life.socket.closed) == (1, 1)


async def test_a_change_that_a_full_inbox_refuses_is_told_later() -> None:
    life = Life()
    life.inbox.full = True
    async with running(life.cycle):
        await life.clock.until_asleep(1)
        life.inbox.full = False
        life.clock.advance(500)
        await life.until(DeviceState.READY)


async def test_what_is_no_device_fault_is_a_bug_and_ends_the_life() -> None:
    life = Life()
    running_life = asyncio.create_task(life.cycle.run())
    await life.until(DeviceState.READY)
    life.socket.fail(ZeroDivisionError("a bug"))
    with pytest.raises(ExceptionGroup) as caught:
        await running_life
    assert caught.group_contains(ZeroDivisionError)
    assert life.socket.closed == 1


@pytest.mark.parametrize(("random", "waits_ms"), [(0.0, 1), (0.5, 50), (0.999, 99)])
def test_the_jitter_is_full(random: float, waits_ms: int) -> None:
    assert backoff_ms(REOPEN, 1, random) == waits_ms


def test_no_number_of_failures_is_too_large() -> None:
    assert backoff_ms(REOPEN, 10**9, 0.999) == 999


async def test_together_ends_with_the_first_fault_and_leaves_nothing_running() -> None:
    ended = []

    async def fails() -> None:
        raise DeviceError("first")

    async def waits() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            ended.append("waits")

    with pytest.raises(DeviceError, match="first"):
        await together(waits(), fails())
    assert ended == ["waits"]


async def test_a_fault_at_the_moment_of_being_cancelled_is_no_reason_to_go_on() -> None:
    fault = asyncio.get_running_loop().create_future()

    async def fails() -> None:
        await fault

    both = asyncio.create_task(together(fails(), fails()))
    await asyncio.sleep(0)
    fault.set_exception(DeviceError("fault"))
    both.cancel()
    with pytest.raises(asyncio.CancelledError):
        await both


async def test_whoever_is_cancelled_while_the_others_end_waits_until_they_have() -> None:
    """A device must not be closed under who still serves it."""
    is_ending, may_end = asyncio.Event(), asyncio.Event()
    ended = []

    async def fails() -> None:
        raise DeviceError("fault")

    async def ends_slowly() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            is_ending.set()
            await may_end.wait()
            ended.append("slowly")

    both = asyncio.create_task(together(ends_slowly(), fails()))
    await is_ending.wait()
    for _ in range(2):
        both.cancel()
        for _ in range(5):
            await asyncio.sleep(0)
        assert not both.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await both
    assert ended == ["slowly"]


async def test_together_lets_a_bug_out_beside_a_fault() -> None:
    async def fails() -> None:
        raise DeviceError("fault")

    async def is_wrong() -> None:
        raise ZeroDivisionError("bug")

    with pytest.raises(ExceptionGroup) as caught:
        await together(fails(), is_wrong())
    assert caught.group_contains(ZeroDivisionError)
