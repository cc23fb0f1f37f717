"""A USB printer for pyusb: a backend below the library, with a printer's descriptors and endpoints.

All of it but `plug` and its like is called on the driver's thread.
"""

# ruff: noqa: ARG002 - the signatures are pyusb's

import array
import asyncio
import errno
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from tests.support.devices import Changes
from tests.support.escpos_reader import EscposReader

VENDOR, PRODUCT = 0x04B8, 0x0202
PACKET = 64
LANGUAGE_EN = 0x0409


@dataclass(frozen=True)
class Setting:
    """An interface in one of its alternate settings; its endpoints are its own."""

    number: int = 0
    alternate: int = 0
    class_code: int = 7
    protocol: int = 2
    answers: bool = True

    @property
    def out(self) -> int:
        return 1 + 4 * self.number + 2 * self.alternate

    @property
    def endpoints(self) -> tuple[int, ...]:
        back = 0x80 | self.out + 1
        return (self.out, back) if self.answers else (self.out,)


class UsbPrinter:
    """An ESC/POS printer on a USB cable. `stall_after` is the byte behind which it takes none,
    `halt_after` the one behind which its way out halts, in the middle of a transfer, once;
    `settings` is what it can be used as.
    """

    def __init__(self, *, serial: str = "P001", ports: tuple[int, ...] = (1, 2)) -> None:
        self.new_reader: Callable[[], EscposReader] = EscposReader
        self.reader = self.new_reader()
        self.changes = Changes()
        self.serial_index, self.serial_bytes = 3, serial.encode("utf-16-le")
        self.ports = ports
        self.answers = True
        self.deaf = False
        self.stall_after: int | None = None
        self.halt_after: int | None = None
        self.is_halted = self.way_back_is_halted = False
        self.halts_cleared = 0
        self.settings: tuple[Setting, ...] = (Setting(),)
        self.written_to: set[int] = set()
        self.refuses: int | None = None
        self.refuses_claims: int | None = None
        self.refuses_strings: int | None = None
        self.claims = self.releases = self.connections = 0
        self.kernel_has_it = True
        self.threads: set[str] = set()
        self.longest_timeout_ms = 0
        self.endless_waits = 0
        self._here = False
        # What was opened before it was plugged in again is of a device that is gone.
        self._plugged = self._opened = 0
        self._waiting = b""
        self._changed = threading.Condition()
        self._loop = asyncio.get_running_loop()

    # --- the cable and the mechanics, from the test

    async def plug(self) -> None:
        with self._changed:
            self._here, self.deaf, self._waiting = True, False, b""
            self._plugged += 1
            self._changed.notify_all()

    async def unplug(self) -> None:
        """Cable and power: its memory is lost."""
        await self.pull()
        self.reader = self.new_reader()

    async def pull(self) -> None:
        """The cable alone."""
        with self._changed:
            self._here = False
            self.kernel_has_it = True
            self._changed.notify_all()

    async def push(self) -> None:
        await self.plug()

    async def power_off(self) -> None:
        await self.pull()
        self.reader.lose_power()

    def stall(self) -> None:
        with self._changed:
            self.stall_after = self.reader.bytes_fed

    def say(self, data: bytes) -> None:
        """What nobody asked it for."""
        with self._changed:
            self._waiting += data
            self._changed.notify_all()

    def resume(self) -> None:
        with self._changed:
            self.stall_after = None
            self._changed.notify_all()

    def go_on(self) -> None:
        with self._changed:
            self._waiting += self.reader.go_on()
            self._changed.notify_all()
        self.changes.tell()

    # --- the wire, on the driver's thread

    def check(self) -> None:
        self.threads.add(threading.current_thread().name)
        if not self.is_held:
            raise USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)

    def opened(self) -> None:
        with self._changed:
            if self._here:
                self._opened = self._plugged
        self.check()

    @property
    def is_here(self) -> bool:
        return self._here

    @property
    def is_held(self) -> bool:
        """Whether it is plugged in and was opened since."""
        return self._here and self._opened == self._plugged

    def write(self, data: bytes, timeout_ms: int) -> int:
        self._note(timeout_ms)
        with self._changed:
            self.check()
            self._refuse_when_halted()
            self._changed.wait_for(lambda: self._room() > 0 or not self.is_held, timeout_ms / 1000)
            self.check()
            taken = min(len(data), self._room())
            if not taken:
                raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            for place in range(taken):
                if self.reader.bytes_fed == self.halt_after:
                    self.halt_after, self.is_halted = None, True
                    self._refuse_when_halted()
                if self.deaf:
                    break
                answer = self.reader.feed(data[place : place + 1])
                self._waiting += answer if self.answers else b""
            self._changed.notify_all()
        self._loop.call_soon_threadsafe(self.changes.tell)
        return taken

    def read(self, size: int, timeout_ms: int) -> bytes:
        self._note(timeout_ms)
        with self._changed:
            self.check()
            if self.way_back_is_halted:
                raise USBError("Pipe error", -9, errno.EPIPE)
            self._changed.wait_for(lambda: self._waiting or not self.is_held, timeout_ms / 1000)
            self.check()
            if not self._waiting:
                raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            said, self._waiting = self._waiting[:size], self._waiting[size:]
        return said

    def _room(self) -> int:
        """A packet at a time near the limit, as short writes come."""
        if self.reader.is_full:
            return 0
        if self.stall_after is None:
            return 10 * PACKET
        return max(0, min(PACKET, self.stall_after - self.reader.bytes_fed))

    def _refuse_when_halted(self) -> None:
        """As any transfer until the halt is cleared."""
        if self.is_halted:
            raise USBError("Pipe error", -9, errno.EPIPE)

    def _note(self, timeout_ms: int) -> None:
        self.longest_timeout_ms = max(self.longest_timeout_ms, timeout_ms)
        self.endless_waits += timeout_ms == 0


class FakeUsb(IBackend):
    """The bus, as pyusb's libusb backend shows it."""

    def __init__(self, *printers: UsbPrinter) -> None:
        self.printers = printers
        self.resets = 0
        self.configuration = 1
        self.active: dict[UsbPrinter, dict[int, int]] = {}

    def enumerate_devices(self) -> Any:
        return (printer for printer in self.printers if printer.is_here)

    def get_parent(self, dev: UsbPrinter) -> None:
        return None

    def get_device_descriptor(self, dev: UsbPrinter) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT,
            bcdDevice=0x100, iManufacturer=1, iProduct=2,
            iSerialNumber=dev.serial_index, bNumConfigurations=1, address=5, bus=1,
            port_number=dev.ports[-1], port_numbers=dev.ports, speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: UsbPrinter, config: int) -> Any:
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=len(_numbers(dev)),
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0xC0, bMaxPower=1,
            extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: UsbPrinter, intf: int, alt: int, config: int) -> Any:
        setting = _setting(dev, intf, alt)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=setting.number,
            bAlternateSetting=setting.alternate, bNumEndpoints=len(setting.endpoints),
            bInterfaceClass=setting.class_code, bInterfaceSubClass=1,
            bInterfaceProtocol=setting.protocol, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: UsbPrinter, ep: int, intf: int, alt: int, config: int
    ) -> Any:
        address = _setting(dev, intf, alt).endpoints[ep]
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=address, bmAttributes=2,
            wMaxPacketSize=PACKET, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: UsbPrinter) -> UsbPrinter:
        dev.opened()
        if dev.refuses is not None:
            raise USBError("Access denied", -3, dev.refuses)
        return dev

    def close_device(self, dev_handle: UsbPrinter) -> None:
        """Nothing to give back."""

    def get_configuration(self, dev_handle: UsbPrinter) -> int:
        return self.configuration

    def set_configuration(self, dev_handle: UsbPrinter, config_value: int) -> None:
        self.configuration = config_value
        self.resets += 1

    def reset_device(self, dev_handle: UsbPrinter) -> None:
        self.resets += 1

    def claim_interface(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.check()
        if dev_handle.refuses_claims is not None:
            raise USBError("Refused", -6, dev_handle.refuses_claims)
        if dev_handle.kernel_has_it:
            raise USBError("Resource busy", -6, errno.EBUSY)
        dev_handle.claims += 1
        dev_handle.connections += 1

    def set_interface_altsetting(self, dev_handle: UsbPrinter, intf: int, altsetting: int) -> None:
        dev_handle.check()
        self.active.setdefault(dev_handle, {})[intf] = altsetting

    def release_interface(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.releases += 1
        dev_handle.check()

    def bulk_write(
        self, dev_handle: UsbPrinter, ep: int, intf: int, data: Any, timeout: int
    ) -> int:
        self._refuse_what_is_not_there(dev_handle, ep)
        dev_handle.written_to.add(ep)
        return dev_handle.write(data.tobytes(), timeout)

    def bulk_read(
        self, dev_handle: UsbPrinter, ep: int, intf: int, buff: array.array, timeout: int
    ) -> int:
        self._refuse_what_is_not_there(dev_handle, ep)
        said = dev_handle.read(len(buff), timeout)
        buff[: len(said)] = array.array("B", said)
        return len(said)

    def clear_halt(self, dev_handle: UsbPrinter, ep: int) -> None:
        dev_handle.check()
        dev_handle.halts_cleared += 1
        if ep & 0x80:
            dev_handle.way_back_is_halted = False
        else:
            dev_handle.is_halted = False

    def is_kernel_driver_active(self, dev_handle: UsbPrinter, intf: int) -> bool:
        return dev_handle.kernel_has_it

    def detach_kernel_driver(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.kernel_has_it = False

    def attach_kernel_driver(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.check()
        dev_handle.kernel_has_it = True

    def ctrl_transfer(
        self,
        dev_handle: UsbPrinter,
        request_type: int,
        request: int,
        value: int,
        language: int,
        data: array.array,
        timeout: int,
    ) -> int:
        dev_handle.check()
        if dev_handle.refuses_strings is not None:
            raise USBError("Refused", -1, dev_handle.refuses_strings)
        index = value & 0xFF
        text = LANGUAGE_EN.to_bytes(2, "little")
        if index:
            text = dev_handle.serial_bytes if index == 3 else b"U\0S\0B\0"
        said = bytes([len(text) + 2, 3]) + text
        data[: len(said)] = array.array("B", said)
        return len(said)

    def _refuse_what_is_not_there(self, printer: UsbPrinter, address: int) -> None:
        """Only the endpoints of the settings that are set now can be used."""
        active = self.active.get(printer, {})
        there = {
            endpoint
            for setting in printer.settings
            if active.get(setting.number, 0) == setting.alternate
            for endpoint in setting.endpoints
        }
        if address not in there:
            raise USBError("Entity not found", -5, errno.ENOENT)


def _numbers(printer: UsbPrinter) -> list[int]:
    return sorted({setting.number for setting in printer.settings})


def _setting(printer: UsbPrinter, interface: int, alternate: int) -> Setting:
    """By place, as descriptors are asked for. IndexError is pyusb's end of the list."""
    number = _numbers(printer)[interface]
    return [setting for setting in printer.settings if setting.number == number][alternate]
