"""What is logged and told of a device's life: each change once, and of a loose plug few lines."""

import asyncio

import pytest
from structlog.testing import capture_logs

from edge.checkout.inputs import DeviceState
from edge.drivers.lifecycle import DeviceAbsentError
from edge.ports import DeviceError
from edge.summed_lines import LOG_LINES, LOG_WINDOW_MS, LineBudget
from tests.support.devices import running
from tests.support.lives import REOPEN, Life


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
