"""Plugs in and out, many times: nothing leaks, and everything works after it."""

import asyncio
import gc
import random
import threading
from pathlib import Path
from statistics import median

from edge.checkout.inputs import BarcodeScanned, DeviceState
from edge.checkout.paper.receipt import Receipt, Text
from edge.checkout.screens import CustomerScreen
from edge.clock import SystemClock
from edge.drivers.displays.display_serial import DisplaySerialSettings
from edge.drivers.keys.scanner_serial import ScannerSerialSettings
from edge.drivers.printers.printer_network import PrinterNetworkSettings
from edge.drivers.registry import build
from edge.ports import DeviceError
from tests.support.devices import (
    QUICK_REOPEN,
    FakePrinter,
    RecordingInbox,
    SerialLine,
    plugged,
    running,
    turning_until,
)

CYCLES = 50
READY = DeviceState.READY


def descriptors() -> int:
    gc.collect()
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


class Counter:
    """A till's counter with a scanner, a display and a printer, each on a plug of its own."""

    def __init__(self, folder: Path) -> None:
        self.inbox = RecordingInbox()
        self.scanner = SerialLine(folder / "scanner")
        self.display = SerialLine(folder / "display")
        self.printer = FakePrinter()
        self.receipts = 0
        self.scans = 0

    async def wire_up(self) -> None:
        await self.printer.plug()
        self.devices = build(
            [
                ScannerSerialSettings(
                    driver="scanner_serial",
                    name="scanner",
                    path=str(self.scanner.path),
                    reopen=QUICK_REOPEN,
                ),
                DisplaySerialSettings(
                    driver="display_serial",
                    name="display",
                    path=str(self.display.path),
                    reopen=QUICK_REOPEN,
                ),
                PrinterNetworkSettings(
                    driver="printer_network",
                    name="printer",
                    host="127.0.0.1",
                    port=self.printer.port,
                    reopen=QUICK_REOPEN,
                    status_timeout_ms=2_000,
                ),
            ],
            self.inbox,
            SystemClock(0),
        )

    async def ready(self, *names: str) -> None:
        for name in names:
            await self.inbox.until_state(name, DeviceState.READY)

    async def gone(self, name: str) -> None:
        await self.inbox.changes.until(lambda: self.inbox.states(name)[-1] is not DeviceState.READY)

    async def replug(self, name: str) -> None:
        line: SerialLine | FakePrinter = getattr(self, name)
        if isinstance(line, FakePrinter):
            await line.unplug()
            await self.gone(name)
            await line.plug()
        else:
            line.unplug()
            await self.gone(name)
            line.plug()

    async def sell(self) -> None:
        """A scan, a screen and a receipt, each all the way."""
        self.scans += 1
        self.scanner.send(b"%013d\r" % self.scans)
        scans = await self.inbox.until_count(BarcodeScanned, self.scans)
        assert scans[-1].code == f"{self.scans:013}"
        (display,) = self.devices.customer_displays
        display.show(CustomerScreen(f"Sale {self.scans}", ""))
        shown = f"Sale {self.scans} ".encode()
        await self.display.changes.until(lambda: shown in self.display.received)
        (printer,) = self.devices.printers
        papers = len(self.printer.reader.papers)
        await printer.print_receipt(str(self.scans), Receipt(self.scans, False, (Text("Sale"),)))
        assert len(self.printer.reader.papers) == papers + 1


async def test_fifty_replugs_of_any_device_leak_nothing_and_lose_nothing(tmp_path: Path) -> None:
    plugs = random.Random(2)
    counter = Counter(tmp_path)
    await counter.wire_up()
    with plugged(counter.scanner), plugged(counter.display):
        async with running(*counter.devices.all):
            await counter.ready("scanner", "display", "printer")
            await counter.sell()
            before = descriptors(), len(asyncio.all_tasks())
            for _ in range(CYCLES):
                name = plugs.choice(["scanner", "display", "printer"])
                await counter.replug(name)
                await counter.ready(name)
                await counter.sell()
            assert (descriptors(), len(asyncio.all_tasks())) == before
        assert len(asyncio.all_tasks()) == 1
    await counter.printer.unplug()
    # asyncio's own pool for blocking calls is all that may be left.
    assert all(
        thread.name.startswith(("MainThread", "asyncio")) for thread in threading.enumerate()
    )


async def test_fifty_new_beginnings_of_any_device_leak_nothing_and_lose_nothing(
    tmp_path: Path,
) -> None:
    names = random.Random(4)
    counter = Counter(tmp_path)
    await counter.wire_up()
    renewals = counter.devices.renewals
    with plugged(counter.scanner), plugged(counter.display):
        async with running(*counter.devices.all):
            await counter.ready("scanner", "display", "printer")
            await counter.sell()
            before = descriptors(), len(asyncio.all_tasks())
            for _ in range(CYCLES):
                name = names.choice(["scanner", "display", "printer"])
                renewals.begin_anew(name)
                await turning_until(lambda: not renewals.of(name).is_set())  # noqa: B023 - at once
                await turning_until(
                    lambda: all(each.state is READY for each in counter.devices.all)
                )
                await counter.sell()
            assert (descriptors(), len(asyncio.all_tasks())) == before
        assert len(asyncio.all_tasks()) == 1
    await counter.printer.unplug()


async def test_plugs_that_bounce_end_in_a_working_device(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    await counter.wire_up()
    with plugged(counter.scanner), plugged(counter.display):
        async with running(*counter.devices.all):
            await counter.ready("scanner", "display", "printer")
            before = descriptors()
            bounces = random.Random(3)
            for _ in range(CYCLES):
                counter.scanner.unplug()
                for _ in range(bounces.randrange(4)):
                    await asyncio.sleep(0)
                counter.scanner.plug()
                for _ in range(bounces.randrange(4)):
                    await asyncio.sleep(0)
            counter.scanner.unplug()
            await counter.gone("scanner")
            counter.scanner.plug()
            await counter.ready("scanner")
            await counter.sell()
            assert descriptors() == before
    await counter.printer.unplug()


async def test_stopping_at_any_moment_of_opening_leaves_nothing_open(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    await counter.wire_up()
    with plugged(counter.scanner), plugged(counter.display):
        async with running(*counter.devices.all):
            await counter.ready("scanner", "display", "printer")
        before = descriptors()
        for steps in range(40):
            async with running(*counter.devices.all):
                for _ in range(steps):
                    await asyncio.sleep(0)
        await counter.printer.changes.until(lambda: not counter.printer._open)
        assert descriptors() == before
    await counter.printer.unplug()


async def test_a_stalled_printer_delays_no_scan(tmp_path: Path) -> None:
    counter = Counter(tmp_path)
    await counter.wire_up()
    (printer,) = counter.devices.printers
    loop = asyncio.get_running_loop()
    with plugged(counter.scanner), plugged(counter.display):
        async with running(*counter.devices.all):
            await counter.ready("scanner", "display", "printer")
            counter.printer.stall_after = counter.printer.reader.bytes_fed + 100
            endless = Receipt(1, False, tuple(Text(f"Line {line}") for line in range(3_000)))
            printing = asyncio.create_task(printer.print_receipt("1", endless))
            await counter.printer.changes.until(lambda: counter.printer.reader.unfinished.lines)
            taken_s = []
            for scan in range(1, 101):
                sent_at = loop.time()
                counter.scanner.send(b"%013d\r" % scan)
                await counter.inbox.until_count(BarcodeScanned, scan)
                taken_s.append(loop.time() - sent_at)
            assert not printing.done()
            printing.cancel()
            results = await asyncio.gather(printing, return_exceptions=True)
            assert isinstance(results[0], asyncio.CancelledError | DeviceError)
    # The median: a busy machine may pause any single scan, a stalled printer would pause them all.
    assert median(taken_s) < 0.05
    await counter.printer.unplug()
