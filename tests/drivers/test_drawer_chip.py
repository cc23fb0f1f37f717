"""A GPIO chip that is slow, hangs or goes: no latch burns, no line is lost, and nobody waits."""

import asyncio
import errno
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import pytest

from edge.checkout.inputs import DeviceState
from edge.drivers.drawers import gpio_lines
from edge.ports import DeviceError
from tests.support.devices import DEADLINE_S, SteppedClock, running
from tests.support.drawer_rigs import LATCH, GpioRig

T = TypeVar("T")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine starts a thread late; no chip in here is slow but where it says so."""
    monkeypatch.setattr(gpio_lines, "ANSWERS_S", DEADLINE_S)


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
