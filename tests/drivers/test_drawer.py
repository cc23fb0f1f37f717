"""One contract for every drawer: one pulse a command, now or never; and what its switch says."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from edge.checkout.inputs import DeviceState
from edge.drivers.drawers import gpio_lines
from edge.ports import DeviceError, DrawerShutError
from tests.support.devices import DEADLINE_S, FakePrinter, running
from tests.support.drawer_rigs import GpioRig, MockPinsRig, PrinterRig, Rig, SensedRig, SimulatedRig

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
