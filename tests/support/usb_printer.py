"""A USB printer for pyusb: a backend below the library, with a printer's descriptors and endpoints.

All of it but `plug` and its like is called on the driver's thread.
"""

# ruff: noqa: ARG002 - the signatures are pyusb's

import array
import asyncio
import errno
import threading
from types import SimpleNamespace
from typing import Any

from usb.backend import IBackend
from usb.core import USBError, USBTimeoutError

from tests.support.devices import Changes
from tests.support.escpos_reader import EscposReader

VENDOR, PRODUCT = 0x04B8, 0x0202
OUT, IN = 0x01, 0x82
PACKET = 64
LANGUAGE_EN = 0x0409


class UsbPrinter:
    """An ESC/POS printer on a USB cable. `stall_after` is the byte behind which it takes none;
    `halts` makes that many transfers fail with a halted endpoint.
    """

    def __init__(self, *, serial: str = "P001", ports: tuple[int, ...] = (1, 2)) -> None:
        self.reader = EscposReader()
        self.changes = Changes()
        self.serial = serial
        self.ports = ports
        self.answers = True
        self.deaf = False
        self.stall_after: int | None = None
        self.halts = 0
        self.answers_at_all = True
        self.refuses: int | None = None
        self.class_code, self.protocol = 7, 2
        self.claims = self.releases = self.connections = 0
        self.kernel_has_it = True
        self.threads: set[str] = set()
        self.longest_timeout_ms = 0
        self.endless_waits = 0
        self._here = False
        self._waiting = b""
        self._changed = threading.Condition()
        self._loop = asyncio.get_running_loop()

    # --- the cable and the mechanics, from the test

    async def plug(self) -> None:
        with self._changed:
            self._here, self.deaf, self._waiting = True, False, b""
            self._changed.notify_all()

    async def unplug(self) -> None:
        """Cable and power: its memory is lost."""
        await self.pull()
        self.reader = EscposReader()

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
        if not self._here:
            raise USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)

    @property
    def is_here(self) -> bool:
        return self._here

    def write(self, data: bytes, timeout_ms: int) -> int:
        self._note(timeout_ms)
        with self._changed:
            self.check()
            self._halted_endpoint()
            self._changed.wait_for(lambda: self._room() > 0 or not self._here, timeout_ms / 1000)
            self.check()
            taken = min(len(data), self._room())
            if not taken:
                raise USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
            for place in range(taken):
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
            self._changed.wait_for(lambda: self._waiting or not self._here, timeout_ms / 1000)
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

    def _halted_endpoint(self) -> None:
        if self.halts:
            self.halts -= 1
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

    def enumerate_devices(self) -> Any:
        return (printer for printer in self.printers if printer.is_here)

    def get_parent(self, dev: UsbPrinter) -> None:
        return None

    def get_device_descriptor(self, dev: UsbPrinter) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT,
            bcdDevice=0x100, iManufacturer=1, iProduct=2, iSerialNumber=3, bNumConfigurations=1,
            address=5, bus=1, port_number=dev.ports[-1], port_numbers=dev.ports, speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: UsbPrinter, config: int) -> Any:
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1,
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0xC0, bMaxPower=1,
            extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: UsbPrinter, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError(intf)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0,
            bNumEndpoints=2 if dev.answers_at_all else 1, bInterfaceClass=dev.class_code,
            bInterfaceSubClass=1, bInterfaceProtocol=dev.protocol, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(
        self, dev: UsbPrinter, ep: int, intf: int, alt: int, config: int
    ) -> Any:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(OUT, IN)[ep], bmAttributes=2,
            wMaxPacketSize=PACKET, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: UsbPrinter) -> UsbPrinter:
        dev.check()
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
        if dev_handle.kernel_has_it:
            raise USBError("Resource busy", -6, errno.EBUSY)
        dev_handle.claims += 1
        dev_handle.connections += 1

    def release_interface(self, dev_handle: UsbPrinter, intf: int) -> None:
        dev_handle.releases += 1
        dev_handle.check()

    def bulk_write(
        self, dev_handle: UsbPrinter, ep: int, intf: int, data: Any, timeout: int
    ) -> int:
        assert ep == OUT
        return dev_handle.write(data.tobytes(), timeout)

    def bulk_read(
        self, dev_handle: UsbPrinter, ep: int, intf: int, buff: array.array, timeout: int
    ) -> int:
        assert ep == IN
        said = dev_handle.read(len(buff), timeout)
        buff[: len(said)] = array.array("B", said)
        return len(said)

    def clear_halt(self, dev_handle: UsbPrinter, ep: int) -> None:
        dev_handle.check()

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
        index = value & 0xFF
        text = LANGUAGE_EN.to_bytes(2, "little")
        if index:
            text = {1: "Maker", 2: "Printer", 3: dev_handle.serial}[index].encode("utf-16-le")
        said = bytes([len(text) + 2, 3]) + text
        data[: len(said)] = array.array("B", said)
        return len(said)
