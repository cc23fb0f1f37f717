"""What only the USB can do to a printer: claims, halted endpoints, two of one make, a bus that
blocks. pyusb is the real one; the bus below it is not.
"""

import asyncio
import errno
import threading
from collections.abc import AsyncIterator

import pytest
import usb.core
from pydantic import ValidationError

from edge.checkout.inputs import DeviceState
from edge.drivers.device_thread import DeviceThread
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.lines import usb_port
from edge.drivers.lines.threaded_line import ThreadedLine
from edge.drivers.lines.usb_port import take
from edge.drivers.printers.printer_usb import PrinterUsbSettings
from edge.drivers.settings import UsbIdentity
from edge.ports import DeviceError
from tests.support.devices import running
from tests.support.printer_rigs import UsbRig, receipt, title
from tests.support.usb_printer import FakeUsb, Setting, UsbPrinter

EPSON = UsbIdentity(vendor="04b8", product="0202")


@pytest.fixture
async def rig() -> AsyncIterator[UsbRig]:
    rig = UsbRig()
    await rig.plug()
    yield rig
    await rig.unplug()


async def test_the_kernels_driver_gives_the_printer_up_and_gets_it_back(rig: UsbRig) -> None:
    assert rig.device.kernel_has_it
    async with running(rig.driver):
        await rig.ready()
        assert not rig.device.kernel_has_it
        await rig.driver.print_receipt("1", receipt(1))
    assert rig.device.kernel_has_it
    assert rig.device.claims == rig.device.releases == 1


async def test_a_printer_that_nobody_had_is_left_to_nobody(rig: UsbRig) -> None:
    rig.device.kernel_has_it = False
    async with running(rig.driver):
        await rig.ready()
    assert not rig.device.kernel_has_it


async def test_opening_resets_nothing_that_may_still_be_printed(rig: UsbRig) -> None:
    async with running(rig.driver):
        await rig.ready()
    assert rig.bus.resets == 0


async def test_a_printer_that_nobody_has_configured_yet_is(rig: UsbRig) -> None:
    rig.bus.configuration = 0
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1))
    assert rig.bus.configuration == 1


async def test_one_thread_named_after_the_printer_carries_the_bytes_and_is_gone_afterwards(
    rig: UsbRig,
) -> None:
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1))
    assert rig.device.threads == {"device-printer"}
    assert "device-printer" not in {thread.name for thread in threading.enumerate()}


async def test_every_transfer_has_an_end(rig: UsbRig) -> None:
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1, lines=100))
    assert rig.device.endless_waits == 0
    assert 0 < rig.device.longest_timeout_ms <= 200


async def test_a_blocked_transfer_holds_nobody_up(rig: UsbRig) -> None:
    """The bus waits, the loop does not: it turns as often as it likes meanwhile."""
    async with running(rig.driver):
        await rig.ready()
        rig.device.stall_after = rig.device.reader.bytes_fed + 100
        printing = asyncio.create_task(rig.driver.print_receipt("1", receipt(1, lines=50)))
        turns = 0
        while not printing.done():
            await asyncio.sleep(0)
            turns += 1
        with pytest.raises(DeviceError, match="took no byte for 200 ms"):
            await printing
        assert turns > 1_000
        rig.device.resume()


async def test_a_receipt_that_met_a_halt_is_not_sent_again_by_itself(rig: UsbRig) -> None:
    """Some of the transfer was taken, nobody knows how much."""
    async with running(rig.driver):
        await rig.ready()
        rig.device.halt_after = rig.device.reader.bytes_fed + 700
        with pytest.raises(DeviceError, match="halted in the middle of a transfer"):
            await rig.driver.print_receipt("1", receipt(1, lines=50))
        await rig.inbox.changes.until(
            lambda: rig.inbox.states("printer").count(DeviceState.READY) == 2
        )
        await rig.driver.print_receipt("2", receipt(2))
        assert rig.device.halts_cleared == 1
        printed = [line for paper in rig.device.reader.papers for line in paper.text]
        assert len([line for line in printed if line == title(1)]) == 1
        assert printed.count(title(2)) == 1


async def test_a_halt_breaks_the_line_and_leaves_the_way_free_for_the_next(rig: UsbRig) -> None:
    port = take("printer", EPSON, rig.bus)
    rig.device.halt_after = rig.device.reader.bytes_fed + 3
    with pytest.raises(DeviceError, match="printer: halted in the middle of a transfer"):
        port.write(b"hello", 200)
    assert not rig.device.is_halted
    assert port.write(b"hello", 200) == 5
    port.close()


async def test_a_way_back_that_halts_is_cleared_and_heard_again(rig: UsbRig) -> None:
    port = take("printer", EPSON, rig.bus)
    rig.device.say(b"\x12")
    rig.device.way_back_is_halted = True
    assert port.read(200) == b""
    assert port.read(200) == b"\x12"
    port.close()


async def test_short_writes_lose_nothing(rig: UsbRig) -> None:
    """Near the end of its buffer a printer takes packet by packet."""
    async with running(rig.driver):
        await rig.ready()
        rig.device.stall_after = rig.device.reader.bytes_fed + 10_000
        await rig.driver.print_receipt("1", receipt(1, lines=100))
        assert len(rig.device.reader.papers[0].lines) == 100


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (errno.EACCES, "needs the group lp and a udev rule"),
        (errno.EBUSY, "another program has it"),
        (errno.ENODEV, "was unplugged or switched off"),
        (errno.EIO, "the connection broke"),
    ],
)
async def test_a_printer_that_can_not_be_opened_says_why(
    rig: UsbRig, error: int, says: str
) -> None:
    rig.device.refuses = error
    with pytest.raises(DeviceError, match=f"printer: .*{says}"):
        take("printer", EPSON, rig.bus)
    rig.device.refuses = None
    assert rig.device.claims == rig.device.releases


async def test_a_printer_whose_serial_number_may_not_be_read_says_what_is_missing(
    rig: UsbRig,
) -> None:
    rig.device.refuses = errno.EACCES
    with pytest.raises(DeviceError, match="needs the group lp"):
        take("printer", UsbIdentity(vendor="04b8", product="0202", serial="P001"), rig.bus)


async def test_without_libusb_it_says_which_package_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_backend(**_: object) -> None:
        raise usb.core.NoBackendError("No backend available")

    monkeypatch.setattr(usb_port.pyusb().core, "find", no_backend)
    with pytest.raises(DeviceError, match=r"libusb-1\.0-0"):
        take("printer", EPSON)


async def test_a_device_that_is_no_printer_is_refused(rig: UsbRig) -> None:
    with pytest.raises(DeviceError, match="interface 4 has no printer in it"):
        take("printer", UsbIdentity(vendor="04b8", product="0202", interface=4), rig.bus)


@pytest.mark.parametrize(
    "setting",
    [
        Setting(class_code=7, protocol=3),  # IEEE 1284.4
        Setting(class_code=7, protocol=4),  # IPP over USB
        Setting(class_code=8, protocol=80),  # a memory stick
        Setting(class_code=10, protocol=0),  # a serial port
    ],
)
async def test_what_takes_no_plain_stream_of_a_printer_is_refused(
    rig: UsbRig, setting: Setting
) -> None:
    rig.device.settings = (setting,)
    with pytest.raises(DeviceError, match="has no printer in it"):
        take("printer", EPSON, rig.bus)
    assert (rig.device.claims, rig.device.written_to) == (0, set())


ONE_WAY = Setting(protocol=1, answers=False)


@pytest.mark.parametrize(
    ("settings", "best"),
    [
        ((ONE_WAY, Setting(number=1)), 1),
        ((Setting(), Setting(number=1, protocol=1, answers=False)), 0),
        ((ONE_WAY, Setting(alternate=1), Setting(alternate=2, protocol=4)), 1),
        ((Setting(class_code=8), Setting(number=1, protocol=4), Setting(number=2)), 2),
        ((Setting(class_code=255), Setting(number=1, protocol=1, answers=False)), 1),
        ((Setting(class_code=3), Setting(number=1, class_code=255, protocol=0)), 1),
    ],
)
async def test_of_several_interfaces_and_settings_the_best_is_set_and_used(
    rig: UsbRig, settings: tuple[Setting, ...], best: int
) -> None:
    rig.device.settings = settings
    port = take("printer", EPSON, rig.bus)
    assert port.write(b"hello", 200) == 5
    assert rig.device.written_to == {settings[best].out}
    port.close()


async def test_the_interface_of_the_settings_is_used_where_another_is_better(rig: UsbRig) -> None:
    rig.device.settings = (Setting(), Setting(number=1, protocol=1, answers=False))
    identity = UsbIdentity(vendor="04b8", product="0202", interface=1)
    port = take("printer", identity, rig.bus)
    port.write(b"hello", 200)
    assert rig.device.written_to == {rig.device.settings[1].out}
    port.close()


async def test_a_claim_that_fails_gives_the_printer_back_to_the_kernel(rig: UsbRig) -> None:
    rig.device.refuses_claims = errno.EBUSY
    with pytest.raises(DeviceError, match="another program has it"):
        take("printer", EPSON, rig.bus)
    assert rig.device.kernel_has_it


@pytest.mark.parametrize(("class_code", "protocol"), [(7, 2), (7, 1), (255, 0)])
async def test_cheap_printers_with_other_classes_print_too(
    rig: UsbRig, class_code: int, protocol: int
) -> None:
    rig.device.settings = (Setting(class_code=class_code, protocol=protocol),)
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1))
    assert rig.papers() == [title(1)]


async def test_a_printer_without_a_way_back_prints_and_stays_unknown(rig: UsbRig) -> None:
    rig.device.settings = (Setting(protocol=1, answers=False),)
    driver = rig.with_settings(status_timeout_ms=20)
    async with running(driver):
        await rig.connected()
        await driver.print_receipt("1", receipt(1))
        assert await rig.printed(1) == [title(1)]
        assert driver.status is None


async def test_two_of_one_make_are_told_apart_by_serial_number_or_port() -> None:
    here, there = UsbPrinter(serial="A"), UsbPrinter(serial="B", ports=(3,))
    bus = FakeUsb(here, there)
    for printer in (here, there):
        await printer.plug()
    with pytest.raises(DeviceError, match=r"at 1-1\.2 and 1-3; name the serial number or the port"):
        take("printer", EPSON, bus)
    take("printer", UsbIdentity(vendor="04b8", product="0202", serial="B"), bus).close()
    assert (here.claims, there.claims) == (0, 1)
    take("printer", UsbIdentity(vendor="04b8", product="0202", port="1-1.2"), bus).close()
    assert (here.claims, there.claims) == (1, 1)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (errno.EIO, r"the connection broke \(.*Refused\)"),
        (errno.EACCES, "needs the group lp and a udev rule"),
    ],
)
async def test_a_twin_that_can_not_be_read_takes_nobody_along(error: int, says: str) -> None:
    sick, well = UsbPrinter(serial="A"), UsbPrinter(serial="B", ports=(3,))
    bus = FakeUsb(sick, well)
    for printer in (sick, well):
        await printer.plug()
    sick.refuses_strings = error
    take("printer", UsbIdentity(vendor="04b8", product="0202", serial="B"), bus).close()
    assert (sick.claims, well.claims) == (0, 1)
    with pytest.raises(DeviceError, match=says):
        take("printer", UsbIdentity(vendor="04b8", product="0202", serial="A"), bus)


async def test_a_serial_number_that_is_none_says_so(rig: UsbRig) -> None:
    with pytest.raises(DeviceAbsentError, match="no USB device 04b8:0202"):
        take("printer", UsbIdentity(vendor="04b8", product="0202", serial="P002"), rig.bus)
    rig.device.serial_bytes = b"\x00\xd8"  # half a surrogate pair
    with pytest.raises(DeviceError, match=r"1-1\.2 has no legible serial number"):
        take("printer", UsbIdentity(vendor="04b8", product="0202", serial="P001"), rig.bus)
    # A device that has no texts at all refuses the question for their languages.
    rig.device.serial_index, rig.device.refuses_strings = 0, errno.EPIPE
    with pytest.raises(DeviceAbsentError, match="no USB device 04b8:0202"):
        take("printer", UsbIdentity(vendor="04b8", product="0202", serial="P001"), rig.bus)


async def test_what_was_said_before_it_was_claimed_is_no_answer(rig: UsbRig) -> None:
    rig.device.say(b"\x1a" * 600)
    port = take("printer", EPSON, rig.bus)
    rig.device.say(b"\x12")
    assert port.read(200) == b"\x12"
    port.close()


async def test_it_is_not_opened_again_before_the_last_transfer_has_ended() -> None:
    release = threading.Event()

    def open_port() -> object:
        release.wait(10)
        raise DeviceError("printer: at last")

    thread = DeviceThread("printer")
    opening = asyncio.create_task(ThreadedLine("printer", open_port, thread).open())
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    with pytest.raises(DeviceError, match="printer: is still being opened, or the last transfer"):
        await ThreadedLine("printer", open_port, thread).open()
    release.set()
    await thread.ended(10)
    with pytest.raises(DeviceError, match="at last"):
        await ThreadedLine("printer", open_port, thread).open()


def test_a_usb_printer_is_named_by_what_it_is() -> None:
    with pytest.raises(ValidationError):
        PrinterUsbSettings.model_validate({"driver": "printer_usb", "name": "printer"})


async def test_a_hundred_replugs_leave_no_thread(rig: UsbRig) -> None:
    async with running(rig.driver):
        await rig.ready()
        for _ in range(100):
            await rig.unplug()
            await rig.gone()
            await rig.plug()
            await rig.inbox.until_state("printer", DeviceState.READY)
        threads = [thread.name for thread in threading.enumerate()]
        assert threads.count("device-printer") == 1
    assert rig.device.claims == rig.device.releases
