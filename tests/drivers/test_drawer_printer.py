"""A drawer at a printer: its pulse goes between the lines of a receipt, and never into one."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import ValidationError

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Receipt, Text
from edge.drivers.printers.drawer_printer import DrawerPrinterSettings
from edge.ports import DeviceError
from tests.support.devices import FakePrinter, running
from tests.support.drawer_rigs import PrinterRig
from tests.support.escpos_reader import Pulse


@pytest.fixture
async def device() -> AsyncIterator[FakePrinter]:
    printer = FakePrinter()
    await printer.plug()
    yield printer
    await printer.unplug()


@pytest.fixture
def wired(device: FakePrinter) -> PrinterRig:
    return PrinterRig(device)


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
