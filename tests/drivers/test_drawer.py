"""One contract for every drawer: one pulse a command, now or never."""

import abc
import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import ValidationError

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Receipt, Text
from edge.drivers.drawer_printer import DrawerPrinterSettings, PrinterDrawer
from edge.drivers.printer_network import PrinterNetworkSettings
from edge.drivers.registry import build
from edge.drivers.simulated import DrawerSimulatedSettings, SimulatedDrawer
from edge.ports import DeviceError
from tests.support.devices import (
    QUICK_REOPEN,
    FakePrinter,
    RecordingInbox,
    running,
    surroundings,
)
from tests.support.escpos_reader import Pulse


class Rig(abc.ABC):
    """A drawer under the counter; `watched` is the device whose state is told."""

    watched: str
    drawer: PrinterDrawer | SimulatedDrawer

    def __init__(self) -> None:
        self.inbox = RecordingInbox()

    @abc.abstractmethod
    def pulses(self) -> int: ...

    @abc.abstractmethod
    async def pulsed(self, count: int) -> None: ...

    @abc.abstractmethod
    async def plug(self) -> None: ...

    @abc.abstractmethod
    async def unplug(self) -> None: ...

    @abc.abstractmethod
    def drivers(self) -> tuple: ...

    async def until(self, state: DeviceState) -> None:
        await self.inbox.until_state(self.watched, state)


class SimulatedRig(Rig):
    watched = "drawer"

    def __init__(self) -> None:
        super().__init__()
        settings = DrawerSimulatedSettings(
            driver="drawer_simulated", name="drawer", reopen=QUICK_REOPEN
        )
        self.drawer = SimulatedDrawer(settings, surroundings(self.inbox))

    def pulses(self) -> int:
        return self.drawer.pulses

    async def pulsed(self, count: int) -> None:
        assert self.drawer.pulses == count

    async def plug(self) -> None:
        self.drawer.replug()

    async def unplug(self) -> None:
        self.drawer.unplug()

    def drivers(self) -> tuple:
        return (self.drawer,)


class PrinterRig(Rig):
    watched = "printer"

    def __init__(self, device: FakePrinter, **settings: object) -> None:
        super().__init__()
        self.device = device
        base = surroundings(self.inbox)
        self.devices = build(
            [
                DrawerPrinterSettings(
                    driver="drawer_printer", name="drawer", printer="printer", timeout_ms=300
                ),
                _printer_settings(device.port, **settings),
            ],
            base.inbox,
            base.clock,
        )
        (drawer,) = self.devices.drawers
        assert isinstance(drawer, PrinterDrawer)
        self.drawer = drawer
        (self.printer,) = self.devices.printers

    def pulses(self) -> int:
        assert self.device.reader.complaints == []
        return len(self.device.reader.pulses)

    async def pulsed(self, count: int) -> None:
        await self.device.changes.until(lambda: self.pulses() >= count)

    async def plug(self) -> None:
        await self.device.plug()

    async def unplug(self) -> None:
        await self.device.unplug()

    def drivers(self) -> tuple:
        return self.devices.all


def _printer_settings(port: int, **settings: object) -> PrinterNetworkSettings:
    return PrinterNetworkSettings.model_validate(
        {
            "driver": "printer_network",
            "name": "printer",
            "host": "127.0.0.1",
            "port": port,
            "reopen": QUICK_REOPEN,
            "status_timeout_ms": 100,
            "stall_timeout_ms": 2_000,
            **settings,
        }
    )


@pytest.fixture
async def device() -> AsyncIterator[FakePrinter]:
    printer = FakePrinter()
    await printer.plug()
    yield printer
    await printer.unplug()


@pytest.fixture(params=["simulated", "printer"])
def rig(request: pytest.FixtureRequest, device: FakePrinter) -> Rig:
    return SimulatedRig() if request.param == "simulated" else PrinterRig(device)


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
        await rig.inbox.changes.until(
            lambda: rig.inbox.states(rig.watched)[-1] is not DeviceState.READY
        )
        before = rig.pulses()
        with pytest.raises(DeviceError, match="not connected; check cable and power"):
            await rig.drawer.open()
        await rig.plug()
        await rig.until(DeviceState.READY)
        assert rig.pulses() == before
        await rig.drawer.open()
        await rig.pulsed(before + 1)


async def test_the_pulse_has_the_length_and_pin_of_the_settings(wired: PrinterRig) -> None:
    async with running(*wired.drivers()):
        await wired.until(DeviceState.READY)
        await wired.drawer.open()
        await wired.pulsed(1)
    assert wired.device.reader.pulses == [Pulse(pin=2, on_ms=100, off_ms=100)]


async def test_a_pulse_waits_for_the_end_of_a_receipt_and_never_falls_into_it(
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
        wired.device.stall_after = wired.device.reader.bytes_fed + 100
        printing = asyncio.create_task(wired.printer.print_receipt("1", long))
        await wired.device.changes.until(lambda: wired.device.reader.unfinished.lines)
        with pytest.raises(DeviceError, match="busy for 300 ms"):
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
        await wired.device.changes.until(lambda: wired.device.connections > 1)
        assert wired.pulses() == 1


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
