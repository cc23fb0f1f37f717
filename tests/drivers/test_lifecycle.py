"""The life of a device, on a clock that the test moves."""

import asyncio
import time
from collections import deque
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from edge.checkout.inputs import DeviceState
from edge.drivers import opening
from edge.drivers.lifecycle import (
    DeviceAbsentError,
    LifeCycle,
    backoff_ms,
    together,
)
from edge.drivers.settings import NOBODY_WATCHES, Plugs, ReopenSettings
from edge.ports import DeviceError
from edge.summed_lines import LOG_LINES, LOG_WINDOW_MS, LineBudget
from tests.support.devices import (
    Changes,
    RecordingInbox,
    SteppedClock,
    obeying_nobody,
    running,
    surroundings,
)

REOPEN = ReopenSettings(first_ms=100, cap_ms=1_000, open_timeout_ms=50, stable_ms=10_000)


class Socket:
    """A device in a test's hands: what the next openings do, and how serving ends."""

    def __init__(self) -> None:
        self.openings: deque[Exception | str] = deque()
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.changes = Changes()
        self.open = 0
        self.closed = 0

    async def connect(self) -> "Socket":
        what = self.openings.popleft() if self.openings else "plugged"
        if isinstance(what, Exception):
            raise what
        if what == "hangs":
            await asyncio.get_running_loop().create_future()
        if what == "obeys nobody":
            await obeying_nobody(self.answer)
        if what == "at the last moment":
            self.open += 1
            return await at_the_last_moment(self)
        self.open += 1
        self.failure = asyncio.get_running_loop().create_future()
        return self

    async def serve(self, _: "Socket") -> None:
        await self.failure

    async def close(self) -> None:
        self.closed += 1
        self.changes.tell()

    def fail(self, error: Exception) -> None:
        self.failure.set_exception(error)


class Plugging:
    """Somebody at the plugs: `plug_in` is one that goes in."""

    def __init__(self) -> None:
        self.moves = 0
        self._moved = asyncio.Event()

    def plug_in(self) -> None:
        self.moves += 1
        self._moved.set()

    async def moved_since(self, moves: int) -> None:
        while self.moves <= moves:
            self._moved.clear()
            await self._moved.wait()


class Life:
    def __init__(self, reopen: ReopenSettings = REOPEN, plugs: Plugs = NOBODY_WATCHES) -> None:
        self.inbox = RecordingInbox()
        self.clock = SteppedClock()
        self.socket = Socket()
        around = replace(surroundings(self.inbox, self.clock), plugs=plugs)
        self.reasons = around.reasons
        self.cycle = LifeCycle(
            "lamp",
            reopen,
            around,
            self.socket.connect,
            self.socket.serve,
        )

    async def until(self, state: DeviceState) -> None:
        await self.inbox.until_state("lamp", state)


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


def at_the_last_moment(opened: Socket) -> "asyncio.Future[Socket]":
    """What comes in the very turn of the loop in which a millisecond is over: the loop is kept from
    looking until then.
    """
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    loop.call_later(0.000_5, answer.set_result, opened)
    loop.call_soon(time.sleep, 0.01)
    return answer


async def test_what_opens_in_the_turn_in_which_the_time_is_over_is_not_lost() -> None:
    life = Life(REOPEN.model_copy(update={"open_timeout_ms": 1}))
    life.socket.openings.append("at the last moment")
    async with running(life.cycle):
        await life.until(DeviceState.READY)
    assert life.inbox.states("lamp") == [DeviceState.READY]
    assert (life.socket.open, life.socket.closed) == (1, 1)


async def test_it_is_logged_once_when_lost_and_once_when_back() -> None:
    with capture_logs() as logs:
        life = Life()
        life.socket.openings.extend(
            [
                DeviceAbsentError("lamp: not there"),
                DeviceError("lamp: no permission"),
                DeviceAbsentError("lamp: not there"),
            ]
        )
        async with running(life.cycle):
            for sleeps in range(1, 4):
                await life.clock.until_asleep(sleeps)
                life.clock.advance(1_000)
            await life.until(DeviceState.READY)
    assert [(log["event"], log["device"]) for log in logs] == [
        ("device_lost", "lamp"),
        ("device_ready", "lamp"),
    ]
    assert logs[0]["reason"] == "lamp: not there"


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


async def test_together_lets_a_bug_out_beside_a_fault() -> None:
    async def fails() -> None:
        raise DeviceError("fault")

    async def is_wrong() -> None:
        raise ZeroDivisionError("bug")

    with pytest.raises(ExceptionGroup) as caught:
        await together(fails(), is_wrong())
    assert caught.group_contains(ZeroDivisionError)


async def test_a_plug_that_is_loose_fills_no_log() -> None:
    with capture_logs() as logs:
        life = Life()
        async with running(life.cycle):
            for _ in range(100):
                await life.until(DeviceState.READY)
                sleeps = len(life.clock.sleeps_ms)
                life.socket.fail(DeviceError("lamp: loose"))
                await life.clock.until_asleep(sleeps + 1)
                await life.until(DeviceState.FAULTED)
                life.clock.advance(1_000)
            await life.until(DeviceState.READY)
            assert len(logs) == LOG_LINES
            life.clock.advance(LOG_WINDOW_MS)
            for _ in range(10):
                await asyncio.sleep(0)
    assert [log["event"] for log in logs] == [
        *["device_ready", "device_lost"] * (LOG_LINES // 2),
        "device_flapping",
    ]
    assert logs[-1] == {
        "event": "device_flapping",
        "log_level": "warning",
        "device": "lamp",
        "state": "ready",
        # 101 times ready, 100 times lost.
        "unsaid": 201 - LOG_LINES,
        "window_ms": LOG_WINDOW_MS,
    }


async def test_what_was_too_many_is_summed_up_once() -> None:
    with capture_logs() as logs:
        life = Life()
        async with running(life.cycle):
            for _ in range(LOG_LINES):
                await life.until(DeviceState.READY)
                sleeps = len(life.clock.sleeps_ms)
                life.socket.fail(DeviceError("lamp: loose"))
                await life.clock.until_asleep(sleeps + 1)
                await life.until(DeviceState.FAULTED)
                life.clock.advance(1_000)
            await life.until(DeviceState.READY)
            for _ in range(3):
                life.clock.advance(LOG_WINDOW_MS)
                for _ in range(10):
                    await asyncio.sleep(0)
    summed = [log["unsaid"] for log in logs if log["event"] == "device_flapping"]
    assert summed == [2 * LOG_LINES + 1 - LOG_LINES]


async def test_a_device_that_is_just_being_tried_is_summed_up_as_what_it_is() -> None:
    with capture_logs() as logs:
        life = Life(REOPEN.model_copy(update={"open_timeout_ms": 60_000}))
        async with running(life.cycle):
            for _ in range(LOG_LINES):
                await life.until(DeviceState.READY)
                sleeps = len(life.clock.sleeps_ms)
                life.socket.fail(DeviceError("lamp: loose"))
                await life.clock.until_asleep(sleeps + 1)
                await life.until(DeviceState.FAULTED)
                if len(life.inbox.states("lamp")) == 2 * LOG_LINES:
                    life.socket.openings.append("hangs")
                life.clock.advance(1_000)
            while life.cycle.state is not DeviceState.OPENING:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0)
            life.clock.advance(LOG_WINDOW_MS)
            for _ in range(10):
                await asyncio.sleep(0)
    assert (logs[-1]["event"], logs[-1]["state"]) == ("device_flapping", "faulted")


@pytest.mark.parametrize(("events", "said"), [(2, 2), (3, 3), (4, 3), (9, 3)])
def test_lines_beyond_the_budget_are_counted(events: int, said: int) -> None:
    lines = LineBudget(3, window_ms=1_000)
    assert sum(lines.take(now_ms) for now_ms in range(events)) == said
    assert lines.ends_ms == 1_000
    assert lines.settle(1_000) == events - said


def test_a_window_begins_with_its_first_line_and_not_before_the_last_is_settled() -> None:
    lines = LineBudget(1, window_ms=1_000)
    assert lines.take(5_000)
    assert lines.ends_ms == 6_000
    assert lines.take(6_000)
    assert not lines.take(6_500)
    assert not lines.take(9_000)
    assert lines.settle(9_000) == 2
    assert lines.take(9_500)
    assert lines.ends_ms == 10_000
    assert lines.settle(10_000) == 0


async def test_the_present_reason_is_kept_also_where_no_line_says_it() -> None:
    with capture_logs() as lines:
        life = Life()
        life.socket.openings.extend(
            [DeviceError("lamp: no permission"), DeviceError("lamp: another program has it")]
        )
        async with running(life.cycle):
            await life.clock.until_asleep(1)
            assert life.reasons == {"lamp": "lamp: no permission"}
            life.clock.advance(1_000)
            await life.clock.until_asleep(2)
            assert life.reasons == {"lamp": "lamp: another program has it"}
            life.clock.advance(1_000)
            await life.until(DeviceState.READY)
            assert life.reasons == {"lamp": ""}
    assert [line.get("reason") for line in lines] == ["lamp: no permission", None]
