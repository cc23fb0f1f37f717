"""The faults of python-escpos 3.1 that the house was built around: reproduced with the library, and
right with the house's own encoder, status and lines.
"""

import asyncio
import subprocess
import sys
from importlib.metadata import version

from escpos.printer import Dummy, Network, Usb

from edge.checkout.paper.receipt import Receipt, Text
from edge.drivers.printers.printer_escpos import encode
from edge.drivers.printers.printer_profiles import PaperSettings
from edge.drivers.printers.printer_status import StatusReader
from tests.support.devices import FakePrinter, running
from tests.support.escpos_reader import EscposReader
from tests.support.printer_rigs import UsbRig, network_rig, receipt, title
from tests.support.usb_printer import PRODUCT, VENDOR, FakeUsb, UsbPrinter

PLENTY_OF_PAPER = 2
FULL_WIDTH = "（￥12）：；！"


def house(text: str) -> bytes:
    return b"".join(encode(Receipt(1, copy=False, elements=(Text(text),)), PaperSettings()))


def library(text: str) -> bytes:
    printer = Dummy()
    printer.text(text)
    return printer.output


def read(coded: bytes) -> list[str]:
    reader = EscposReader()
    reader.feed(coded)
    return reader.papers[0].text


class Silent(Dummy):
    def _read(self) -> bytes:
        return b""


def test_a_silent_printer_is_unknown_and_not_full_of_paper() -> None:
    assert Silent().paper_status() == PLENTY_OF_PAPER
    reader = StatusReader()
    reader.ask()
    reader.feed(b"")
    assert reader.status is None


def test_full_width_punctuation_is_printed_and_no_question_mark() -> None:
    assert library(FULL_WIDTH).count(b"?") == 6
    assert read(house(FULL_WIDTH)) == [FULL_WIDTH]
    assert b"?" not in house(FULL_WIDTH)


def test_double_byte_mode_is_entered_and_left() -> None:
    assert b"\x1c&" not in library("谢谢")
    assert b"\x1c&" + "谢谢".encode("gb18030") + b"\x1c." in house("谢谢")
    assert read(house("谢谢 thanks")) == ["谢谢 thanks"]


async def test_no_wait_on_the_usb_is_without_an_end() -> None:
    device = UsbPrinter()
    await device.plug()
    printer = Usb(VENDOR, PRODUCT, usb_args={"backend": FakeUsb(device)})
    device.kernel_has_it = False
    await asyncio.to_thread(printer._raw, b"\x1b@")
    assert device.endless_waits == 1
    rig = UsbRig()
    await rig.plug()
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1))
    assert rig.device.endless_waits == 0


async def test_a_short_write_on_the_usb_loses_nothing() -> None:
    """Of what the bus did not take at once the library drops the rest, without a word."""
    device = UsbPrinter()
    await device.plug()
    device.kernel_has_it = False
    printer = Usb(VENDOR, PRODUCT, usb_args={"backend": FakeUsb(device)})
    await asyncio.to_thread(printer._raw, b"12345678\n" * 200)
    assert device.reader.bytes_fed < 1_800
    rig = UsbRig()
    await rig.plug()
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1, lines=200))
        assert len(rig.device.reader.papers[0].lines) == 200


async def test_opening_a_usb_printer_does_not_reset_it() -> None:
    device, bus = UsbPrinter(), FakeUsb()
    bus.printers = (device,)
    await device.plug()
    device.kernel_has_it = False
    await asyncio.to_thread(Usb(VENDOR, PRODUCT, usb_args={"backend": bus}).open)
    assert bus.resets == 2
    rig = UsbRig()
    await rig.plug()
    async with running(rig.driver):
        await rig.ready()
    assert rig.bus.resets == 0


async def test_what_a_printer_on_the_network_never_read_is_not_taken_for_printed() -> None:
    stalled = FakePrinter()
    await stalled.plug()
    stalled.stall()
    library_printer = Network("127.0.0.1", stalled.port, timeout=1)
    try:
        await asyncio.to_thread(library_printer._raw, b"12345678\n" * 200)
        assert stalled.reader.bytes_fed == 0
    finally:
        await asyncio.to_thread(library_printer.close)
        await stalled.unplug()
    rig = await network_rig()
    await rig.plug()
    driver = rig.with_settings(status_timeout_ms=20)
    rig.device.answers = False
    async with running(driver):
        await rig.ready()
        rig.device.stall()
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1, lines=200)))
        # The bytes of a printer that never answered count as printed when it has read them.
        await asyncio.sleep(0)
        assert not printing.done()
        rig.device.resume()
        await printing
        assert await rig.printed(1) == [title(1)]
    await rig.unplug()


def test_a_till_starts_without_any_library_that_only_some_printers_need() -> None:
    code = (
        "import sys, edge.compose, edge.drivers.registry\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'escpos', 'usb', 'segno', 'PIL', 'pyudev', 'serialx'}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_library_is_the_version_that_this_was_seen_with() -> None:
    """A new one may have mended some of it: then this file says what."""
    assert version("python-escpos").startswith("3.1")
