"""One contract for every drawer: one pulse a command, now or never; and what its switch says."""

import asyncio
import errno
import itertools
import os
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Generic, TypeVar

import pytest
from pydantic import ValidationError

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Receipt, Text
from edge.clock import SystemClock
from edge.drivers.device_thread import DeviceThread
from edge.drivers.drawers import gpio_lines
from edge.drivers.drawers.drawer_gpio import GpioDrawer
from edge.drivers.drawers.drawer_sense import DrawerSense
from edge.drivers.drawers.gpio_lines import GpioLines
from edge.drivers.printers.drawer_printer import DrawerPrinterSettings
from edge.ports import DeviceError, DrawerShutError
from tests.support.devices import (
    DEADLINE_S,
    FakePrinter,
    RecordingInbox,
    SteppedClock,
    running,
    surroundings,
)
from tests.support.drawer_rigs import (
    LATCH,
    SWITCH,
    GpioRig,
    MockPinsRig,
    PrinterRig,
    Rig,
    SensedRig,
    SimulatedRig,
    gpio_settings,
)
from tests.support.escpos_reader import Pulse

T = TypeVar("T")

SENSED = {"simulated": SimulatedRig, "gpio": GpioRig, "mock pins": MockPinsRig}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine starts a thread late; no chip in here is slow but where it says so."""
    monkeypatch.setattr(gpio_lines, "ANSWERS_S", DEADLINE_S)


@pytest.fixture
async def device() -> AsyncIterator[FakePrinter]:
    printer = FakePrinter()
    await printer.plug()
    yield printer
    await printer.unplug()


@pytest.fixture(params=[*SENSED, "printer"])
async def rig(request: pytest.FixtureRequest, device: FakePrinter) -> Rig:
    return PrinterRig(device) if request.param == "printer" else SENSED[request.param]()


@pytest.fixture(params=[*SENSED])
async def sensed(request: pytest.FixtureRequest) -> SensedRig:
    return SENSED[request.param](sense=True)


@pytest.fixture
def wired(device: FakePrinter) -> PrinterRig:
    return PrinterRig(device)


async def test_each_command_is_one_pulse(rig: Rig) -> None:
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        for count in range(1, 4):
            await rig.drawer.open()
            await rig.pulsed(count)
            assert rig.pulses() == count


async def test_a_drawer_that_is_away_is_an_error_and_no_later_pulse(rig: Rig) -> None:
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        await rig.unplug()
        await rig.gone()
        before = rig.pulses()
        with pytest.raises(DeviceError, match="not connected; check cable and power"):
            await rig.drawer.open()
        await rig.plug()
        await rig.until(DeviceState.READY)
        assert rig.pulses() == before
        await rig.drawer.open()
        await rig.pulsed(before + 1)


async def test_commands_at_once_are_as_many_pulses(rig: Rig) -> None:
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(rig.drawer.open())
        await rig.pulsed(3)
        assert rig.pulses() == 3


async def test_a_drawer_that_was_never_there_is_an_error(rig: Rig) -> None:
    await rig.unplug()
    async with running(*rig.drivers()):
        await rig.until(DeviceState.ABSENT)
        with pytest.raises(DeviceError, match="not connected; check cable and power"):
            await rig.drawer.open()
    assert rig.pulses() == 0


# --- with a switch


async def test_the_switch_is_told_of_from_the_start(sensed: SensedRig) -> None:
    async with running(*sensed.drivers()):
        await sensed.until(DeviceState.READY)
        assert await sensed.until_told(1) == [(False, True)]
        await sensed.drawer.open()
        await sensed.until_told(2)
        sensed.shut()
        assert await sensed.until_told(3) == [(False, True), (True, False), (False, False)]
        assert sensed.drawer.is_open is False
    assert sensed.drawer.is_open is None


async def test_a_drawer_that_is_opened_by_hand_is_told_and_gets_no_pulse(sensed: SensedRig) -> None:
    async with running(*sensed.drivers()):
        await sensed.until_told(1)
        sensed.force()
        assert (await sensed.until_told(2))[-1] == (True, False)
        assert sensed.pulses() == 0


async def test_a_drawer_that_the_pulse_does_not_open_is_an_error_after_one_pulse(
    sensed: SensedRig,
) -> None:
    sensed.stuck = True
    async with running(*sensed.drivers()):
        await sensed.until(DeviceState.READY)
        with pytest.raises(DrawerShutError, match="did not open"):
            await sensed.drawer.open()
        assert sensed.pulses() == 1


async def test_an_open_drawer_gets_its_pulse_and_no_error(sensed: SensedRig) -> None:
    async with running(*sensed.drivers()):
        await sensed.until_told(1)
        sensed.force()
        await sensed.until_told(2)
        sensed.stuck = True
        await sensed.drawer.open()
        assert sensed.pulses() == 1


async def test_a_switch_that_is_lost_is_told_and_what_it_sees_when_it_is_back_is_found(
    sensed: SensedRig,
) -> None:
    async with running(*sensed.drivers()):
        await sensed.until_told(1)
        sensed.force()
        await sensed.until_told(2)
        await sensed.unplug()
        assert (await sensed.until_told(3))[-1] == (None, False)
        assert sensed.drawer.is_open is None
        await sensed.plug()
        assert (await sensed.until_told(4))[-1] == (True, True)


async def test_a_switch_that_goes_with_the_till_is_not_lost(sensed: SensedRig) -> None:
    async with running(*sensed.drivers()):
        await sensed.until_told(1)
    assert sensed.told() == [(False, True)]


async def test_a_drawer_without_a_switch_has_none_to_lose() -> None:
    rig = GpioRig()
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        await rig.unplug()
        await rig.gone()
        await rig.plug()
        await rig.until(DeviceState.READY)
        assert rig.told() == []


async def test_a_pulse_that_was_not_given_is_told_from_one_that_opened_nothing(
    sensed: SensedRig,
) -> None:
    async with running(*sensed.drivers()):
        await sensed.until(DeviceState.READY)
        await sensed.unplug()
        await sensed.gone()
        with pytest.raises(DeviceError) as caught:
            await sensed.drawer.open()
        assert not isinstance(caught.value, DrawerShutError)
        assert sensed.pulses() == 0


async def test_a_full_inbox_gets_the_changes_later_and_in_order(sensed: SensedRig) -> None:
    async with running(*sensed.drivers()):
        await sensed.until_told(1)
        sensed.inbox.full = True
        sensed.force()
        await sensed.inbox.changes.until(lambda: sensed.drawer.is_open)
        sensed.shut()
        await sensed.inbox.changes.until(lambda: sensed.drawer.is_open is False)
        sensed.inbox.full = False
        assert await sensed.until_told(3) == [(False, True), (True, False), (False, False)]


# --- at a printer


async def test_the_pulse_has_the_length_and_pin_of_the_settings(wired: PrinterRig) -> None:
    async with running(*wired.drivers()):
        await wired.until(DeviceState.READY)
        await wired.drawer.open()
        await wired.pulsed(1)
    assert wired.device.reader.pulses == [Pulse(pin=2, on_ms=100, off_ms=100)]


async def test_a_pulse_waits_for_the_end_of_a_line_of_a_receipt_and_never_falls_into_it(
    wired: PrinterRig,
) -> None:
    long = Receipt(1, copy=False, elements=tuple(Text(f"Line {line}") for line in range(400)))
    async with running(*wired.drivers()):
        await wired.until(DeviceState.READY)
        async with asyncio.TaskGroup() as group:
            group.create_task(wired.printer.print_receipt("1", long))
            group.create_task(wired.drawer.open())
        await wired.pulsed(1)
    assert len(wired.device.reader.papers) == 1


async def test_behind_a_stalled_receipt_the_drawer_gives_up_in_its_own_time(
    wired: PrinterRig,
) -> None:
    long = Receipt(1, copy=False, elements=tuple(Text(f"Line {line}") for line in range(3_000)))
    async with running(*wired.drivers()):
        await wired.until(DeviceState.READY)
        wired.device.stall_after = stalls_at = wired.device.reader.bytes_fed + 100
        printing = asyncio.create_task(wired.printer.print_receipt("1", long))
        await wired.device.changes.until(lambda: wired.device.reader.bytes_fed >= stalls_at)
        # Its turn may come before the line is full; its question is behind the receipt then.
        with pytest.raises(DeviceError, match=r"busy for 300 ms|stopped answering"):
            await wired.drawer.open()
        with pytest.raises(DeviceError, match="took no byte"):
            await printing
        wired.device.resume()
        await wired.until(DeviceState.READY)
    assert wired.device.reader.pulses == []


async def test_a_printer_that_went_silent_gets_no_pulse_that_it_could_fire_later(
    wired: PrinterRig,
) -> None:
    async with running(*wired.drivers()):
        await wired.until(DeviceState.READY)
        await wired.drawer.open()
        await wired.pulsed(1)
        wired.device.stall()
        with pytest.raises(DeviceError, match="stopped answering"):
            await wired.drawer.open()
        wired.device.resume()
        await wired.drawer.open()
        await wired.pulsed(2)
        assert wired.pulses() == 2


async def test_an_offline_printer_gets_no_pulse_that_it_would_keep_until_it_is_back(
    wired: PrinterRig,
) -> None:
    async with running(*wired.drivers()):
        await wired.until(DeviceState.READY)
        wired.device.reader.status.update({1: 0x1A, 2: 0x16})
        with pytest.raises(DeviceError, match="cover is open"):
            await wired.drawer.open()
        assert wired.pulses() == 0


@pytest.mark.parametrize("pulse_ms", [0, 9, 251, 100_000])
def test_a_pulse_that_would_not_open_or_would_burn_is_refused(pulse_ms: int) -> None:
    with pytest.raises(ValidationError):
        DrawerPrinterSettings(
            driver="drawer_printer", name="drawer", printer="printer", pulse_ms=pulse_ms
        )


# --- on a GPIO line


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
    await opening


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


async def test_a_pulse_that_the_thread_can_t_end_is_ended_as_the_line_is_given_back() -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock, overrun_ms=1)
    tried = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(1)
        request = rig.board.wires[LATCH].request
        assert request is not None
        works = request.set_value

        def fails_once(*_: object) -> None:
            request.set_value = works
            loop.call_soon_threadsafe(tried.set)
            raise OSError(errno.EIO, "Input/output error")

        request.set_value = fails_once
        async with asyncio.timeout(DEADLINE_S):
            await tried.wait()
        clock.advance(10)
        with pytest.raises(DeviceError, match="the line failed"):
            await opening
        await rig.gone()
    assert [level for _, level in rig.board.wires[LATCH].levels][:3] == [0, 1, 0]


class SlowChip(Generic[T]):
    """Calls to a chip that come back when they are let go, without the event loop's help."""

    def __init__(self, does: Callable[..., T]) -> None:
        self._does = does
        self._loop = asyncio.get_running_loop()
        self.asked = asyncio.Event()
        self.go_on = threading.Event()

    def __call__(self, *of_it: object) -> T:
        self._loop.call_soon_threadsafe(self.asked.set)
        assert self.go_on.wait(DEADLINE_S)
        return self._does(*of_it)

    async def is_asked(self) -> None:
        async with asyncio.timeout(DEADLINE_S):
            await self.asked.wait()


async def test_a_chip_that_is_slow_to_open_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = GpioRig(sense=True)
    chip = SlowChip(rig.board.open)
    monkeypatch.setattr(rig.board, "open", chip)
    async with running(*rig.drivers()):
        await chip.is_asked()
        assert rig.drawer.state is DeviceState.OPENING
        chip.go_on.set()
        await rig.until(DeviceState.READY)
        assert await rig.until_told(1) == [(False, True)]


async def test_a_latch_that_is_slow_holds_up_nobody() -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        request = rig.board.wires[LATCH].request
        assert request is not None
        works = request.set_value
        request.set_value = pull = SlowChip(works)
        opening = asyncio.create_task(rig.drawer.open())
        await pull.is_asked()
        # The pulse begins when the latch is pulled.
        assert clock.sleeps_ms == []
        request.set_value = let_go = SlowChip(works)
        pull.go_on.set()
        await clock.until_asleep(1)
        clock.advance(10)
        await let_go.is_asked()
        assert not opening.done()
        let_go.go_on.set()
        await opening
    assert rig.board.pulses_ms(LATCH) == [10]


async def test_a_latch_that_is_not_let_go_is_an_error_and_its_line_is_had_when_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = GpioRig()
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        request = rig.board.wires[LATCH].request
        assert request is not None
        works = request.set_value

        def pulled(*of_it: object) -> None:
            request.set_value = slow
            works(*of_it)

        slow = SlowChip(works)
        request.set_value = pulled
        monkeypatch.setattr(gpio_lines, "ANSWERS_S", 0.01)
        with pytest.raises(DeviceError, match=r"drawer: the line failed: .*timed out"):
            await rig.drawer.open()
        await rig.gone()
        with pytest.raises(DeviceError, match="not connected"):
            await rig.drawer.open()
        slow.go_on.set()
        await rig.until(DeviceState.READY)
        assert rig.board.level(LATCH) == 0
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


async def test_a_pulse_that_no_thread_could_end_is_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = GpioRig()
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)

        def start(_thread: threading.Thread) -> None:
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", start)
            with pytest.raises(DeviceError, match="no thread to end the pulse; not begun"):
                await rig.drawer.open()
        assert rig.pulses() == 0
        await rig.drawer.open()


@pytest.mark.parametrize("sense", [True, False])
async def test_a_chip_that_goes_in_a_pulse_is_an_error_and_comes_back_low(*, sense: bool) -> None:
    clock = SteppedClock()
    rig = GpioRig(clock=clock, sense=sense)
    async with running(*rig.drivers()):
        await rig.until(DeviceState.READY)
        opening = asyncio.create_task(rig.drawer.open())
        await clock.until_asleep(1)
        await rig.unplug()
        sleeps = len(clock.sleeps_ms)
        clock.advance(10)
        with pytest.raises(DeviceError, match="drawer: the GPIO chip has gone"):
            await opening
        await rig.plug()
        await clock.until_asleep(sleeps + 1)
        clock.advance(10)
        await rig.until(DeviceState.READY)
        assert rig.board.level(LATCH) == 0


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
