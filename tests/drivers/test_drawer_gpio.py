"""A drawer on a GPIO line: how long and how often its latch is pulled, and what its switch says."""

import asyncio
import errno
import itertools
import os
import threading
from pathlib import Path

import pytest
from pydantic import ValidationError

from edge.checkout.inputs import DeviceState
from edge.clock import SystemClock
from edge.drivers.device_thread import DeviceThread
from edge.drivers.drawers import gpio_lines
from edge.drivers.drawers.drawer_gpio import GpioDrawer
from edge.drivers.drawers.drawer_sense import DrawerSense
from edge.drivers.drawers.gpio_lines import GpioLines
from edge.ports import DeviceError
from tests.support.devices import (
    DEADLINE_S,
    RecordingInbox,
    SteppedClock,
    running,
    surroundings,
    turning_until,
)
from tests.support.drawer_rigs import LATCH, SWITCH, GpioRig, gpio_settings


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine starts a thread late; no chip in here is slow but where it says so."""
    monkeypatch.setattr(gpio_lines, "ANSWERS_S", DEADLINE_S)


async def test_the_pulse_is_as_long_as_the_settings_say() -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock, pulse_ms=100)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(1)
        clock.advance(99)
        assert rig.board.level(LATCH) == 1
        clock.advance(1)
        await opening
    assert rig.board.pulses_ms(LATCH) == [100]


async def test_an_active_low_latch_rests_high_and_is_pulled_low() -> None:
    rig = GpioRig(active="low")
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        assert rig.board.level(LATCH) == 1
        await rig.drawer.open()
        assert rig.board.level(LATCH) == 1
    assert len(rig.board.pulses_ms(LATCH, active=0)) == 1


async def test_the_latch_rests_four_times_as_long_as_it_is_pulled() -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock, pulse_ms=100)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(rig.drawer.open())
            # A pulse, a rest, a pulse.
            for asleep, step_ms in ((1, 100), (2, 400), (3, 100)):
                await clock.until_asleep(asleep)
                clock.advance(step_ms)
    starts = [at for at, level in rig.board.wires[LATCH].levels if level]
    assert [later - earlier for earlier, later in itertools.pairwise(starts)] == [500]


async def test_more_commands_than_can_be_served_in_time_are_refused_without_a_pulse() -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock, pulse_ms=100, timeout_ms=1_000)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        served = [asyncio.create_task(rig.drawer.open()) for _ in range(3)]
        await clock.until_asleep(1)
        with pytest.raises(DeviceError, match="asked for too often; the latch rests 400 ms"):
            await rig.drawer.open()
        for asleep, step_ms in ((1, 100), (2, 400), (3, 100), (4, 400), (5, 100)):
            await clock.until_asleep(asleep)
            clock.advance(step_ms)
        await asyncio.gather(*served)
    assert rig.board.pulses_ms(LATCH) == [100] * 3


async def test_a_cancelled_command_leaves_the_latch_low() -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(1)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        assert rig.board.level(LATCH) == 0


async def test_a_till_that_stops_in_a_pulse_leaves_the_latch_low() -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(1)
        assert rig.board.level(LATCH) == 1
    assert [level for _, level in rig.board.wires[LATCH].levels] == [0, 1, 0]
    assert rig.board.open_descriptors == 0
    clock.advance(10)
    with pytest.raises(DeviceError, match="its pulse was cut short"):
        await opening


@pytest.mark.parametrize("sense", [False, True])
async def test_a_pulse_that_a_reconnection_cuts_short_has_failed_and_is_not_given_again(
    *, sense: bool
) -> None:
    """Also where the switch has seen it open: nobody sees by then whether it still is."""
    clock = SteppedClock()
    rig = GpioRig(clock=clock, pulse_ms=100, sense=sense)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(1)
        clock.advance(1)
        rig.renewals.begin_anew("drawer")
        await turning_until(lambda: not rig.renewals.of("drawer").is_set())
        await turning_until(lambda: rig.drawer.state is DeviceState.READY)
        assert rig.board.level(LATCH) == 0
        clock.advance(99)
        with pytest.raises(DeviceError, match="its pulse was cut short"):
            await opening
        assert rig.board.pulses_ms(LATCH) == [1]
        again = asyncio.create_task(rig.drawer.open())
        for asleep, step_ms in ((2, 400), (3, 100)):
            await clock.until_asleep(asleep)
            clock.advance(step_ms)
        await again
    assert rig.board.pulses_ms(LATCH) == [1, 100]


async def test_a_loop_that_is_late_does_not_burn_the_latch() -> None:
    """The clock stands still, as for a loop that is held up: a thread ends the pulse."""
    clock = SteppedClock()
    rig = GpioRig(clock=clock, overrun_ms=1)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await rig.pulsed(1)
        assert not opening.done()
        clock.advance(10)
        await opening
    assert rig.pulses() == 1


async def test_a_drawer_that_goes_while_its_latch_rests_gets_no_pulse() -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock, pulse_ms=100)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(1)
        clock.advance(100)
        await opening
        resting = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(2)
        await rig.unplug()
        await rig.gone()
        clock.advance(400)
        with pytest.raises(DeviceError, match="not connected; check cable and power"):
            await resting
    assert rig.pulses() == 1


async def test_a_latch_rests_behind_a_pulse_that_failed_as_well() -> None:
    """It may have been pulled all the same."""
    clock = SteppedClock()
    rig = GpioRig(clock=clock, pulse_ms=100)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        request = rig.board.wires[LATCH].request
        assert request is not None

        def fails(*_: object) -> None:
            raise OSError(errno.EIO, "Input/output error")

        request.set_value = fails
        with pytest.raises(DeviceError, match="the line failed"):
            await rig.drawer.open()
        failed_ms = clock.mono_ms
        await clock.until_asleep(1)
        clock.advance(30)
        await rig.inbox.changes.until(lambda: rig.drawer.state is DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(2)
        assert clock.mono_ms + clock.sleeps_ms[-1] == failed_ms + 400
        opening.cancel()


async def test_what_the_switch_said_is_heard_from_its_line_s_opening_to_its_end() -> None:
    """Its edges come from a thread: one may be ahead of what was found, or behind the end."""
    sense = DrawerSense(surroundings(RecordingInbox()))
    lines = GpioLines(gpio_settings(), SystemClock(0), DeviceThread("drawer"), sense, 50)
    lines._told(is_open=True)
    assert sense.is_open is None
    lines.attend(found=False)
    assert sense.is_open is True
    await lines.close()
    sense.lose()
    lines._told(is_open=False)
    assert sense.is_open is None


async def test_a_line_that_fails_is_said_as_such() -> None:
    rig = GpioRig()
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        request = rig.board.wires[LATCH].request
        assert request is not None

        def fail(*_: object) -> None:
            raise OSError(errno.EIO, "Input/output error")

        request.set_value = fail
        with pytest.raises(DeviceError, match=r"the line failed: .*Input/output error"):
            await rig.drawer.open()
        await rig.until(DeviceState.READY)


async def test_a_slow_spring_is_waited_for() -> None:
    rig = GpioRig(switch={"line": SWITCH, "open_within_ms": 10_000})
    rig.stuck = True
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await rig.pulsed(1)
        assert not opening.done()
        rig.force()
        await opening


async def test_a_switch_that_bounces_is_told_once() -> None:
    rig = GpioRig(sense=True)
    async with running(*rig.drivers()):
        await rig.until_told(1)
        rig.board.chatter(SWITCH, 1, times=20)
        await rig.until_told(2)
        rig.shut()
        assert await rig.until_told(3) == [(False, True), (True, False), (False, False)]


@pytest.mark.parametrize(
    ("pull", "open_level", "when_shut"),
    [("up", "high", 0), ("up", "low", None), ("down", "high", None), ("none", "low", 1)],
)
async def test_a_switch_may_be_wired_in_any_way(
    pull: str, open_level: str, when_shut: int | None
) -> None:
    switch = {"line": "SWITCH", "pull": pull, "open_level": open_level}
    rig = GpioRig(line="LATCH", switch=switch)
    rig.board.drive(SWITCH, when_shut)
    rig.stuck = True
    async with running(*rig.drivers()):
        await rig.until_told(1)
        rig.board.drive(SWITCH, int(open_level == "high"))
        assert await rig.until_told(2) == [(False, True), (True, False)]


async def test_a_line_that_somebody_else_has_is_waited_for() -> None:
    rig = GpioRig()
    rig.board.wires[LATCH].busy = "pwm-fan"
    async with running(*rig.drivers()):
        await rig.until(DeviceState.FAULTED)
        with pytest.raises(DeviceError, match="not connected"):
            await rig.drawer.open()
        rig.board.wires[LATCH].busy = ""
        await rig.until(DeviceState.READY)
        await rig.drawer.open()
    assert rig.pulses() == 1


async def test_a_line_that_the_kernel_refuses_is_a_fault() -> None:
    rig = GpioRig()
    rig.board.refuses = OSError(errno.EINVAL, "Invalid argument")
    async with running(*rig.drivers()):
        await rig.until(DeviceState.FAULTED)
        assert rig.drawer.state is not DeviceState.READY
    assert rig.board.open_descriptors == 0


async def test_the_box_s_own_chips_are_asked_where_nothing_else_is_said() -> None:
    inbox = RecordingInbox()
    settings = gpio_settings(chip="/dev/gpiochip-of-no-board")
    async with running(GpioDrawer(settings, surroundings(inbox))):
        await inbox.until_state("drawer", DeviceState.ABSENT)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EINVAL])
async def test_a_chip_that_may_not_be_opened_is_a_fault_and_tried_again(number: int) -> None:
    rig = GpioRig()
    rig.board.error = OSError(number, os.strerror(number))
    async with running(*rig.drivers()):
        await rig.until(DeviceState.FAULTED)
        rig.board.error = None
        await rig.until(DeviceState.READY)
        await rig.drawer.open()


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_unplugged_over_and_over_it_leaks_no_line_and_no_thread() -> None:
    rig = GpioRig(sense=True)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        threads, descriptors = threading.active_count(), open_descriptors()
        for _ in range(50):
            await rig.unplug()
            await rig.gone()
            await rig.plug()
            await rig.until(DeviceState.READY)
            await rig.drawer.open()
            rig.shut()
        assert threading.active_count() <= threads
        assert open_descriptors() <= descriptors
        assert rig.pulses() == 50


@pytest.mark.parametrize(
    "wrong",
    [
        {"pulse_ms": 9},
        {"pulse_ms": 251},
        {"line": -1},
        {"line": ""},
        {"line": True},
        {"chip": ""},
        {"switch": {"line": LATCH}},
        {"switch": {"line": SWITCH, "pull": "sideways"}},
        {"switch": {"line": SWITCH, "debounce_ms": 0}},
    ],
    ids=str,
)
def test_settings_that_would_burn_or_open_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        gpio_settings(**wrong)
