"""A USB printer through pyusb: found by what it is, claimed, read and written. It blocks, each call
with an end; a ThreadedLine carries it.
"""

import errno
from contextlib import suppress
from typing import Any

from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.plugs import shown
from edge.drivers.settings import UsbIdentity
from edge.ports import DeviceError

# USB Device Class Definition for Printing Devices 1.1: the class, and the protocols of its
# interfaces that are a plain stream of bytes. Its others are packets: 3 is IEEE 1284.4, 4 IPP.
PRINTER_CLASS = 7
BIDIRECTIONAL, UNIDIRECTIONAL = 2, 1
# What cheap printers say that they are; every other class has a meaning, and is no printer's.
VENDOR_SPECIFIC_CLASS = 0xFF
# Bulk endpoints have at most 512 bytes a packet, and reads are of whole packets.
READ_BYTES = 512
# What was said to whoever had the printer before is no answer to us.
MOST_STALE_READS = 16
STALE_READ_MS = 1
HALTED = "halted in the middle of a transfer"
NOT_ALLOWED = "may not be used; the service's user needs the group lp and a udev rule"


class UsbPort:
    """The claimed interface of one printer. `take` opens it."""

    def __init__(self, name: str, device: Any, interface: Any) -> None:
        usb = pyusb()
        self._name = name
        self._device = device
        self._number = interface.bInterfaceNumber
        self._usb = usb
        self._kernel_had_it = False
        self._out = _endpoint(usb, interface, usb.util.ENDPOINT_OUT)
        self._in = _endpoint(usb, interface, usb.util.ENDPOINT_IN)

    def claim(self, alternate: int) -> None:
        """Take it from the kernel's usblp, without resetting it: a reset drops what it prints."""
        # Backends other than libusb 1 know nothing of kernel drivers.
        with suppress(NotImplementedError):
            if self._device.is_kernel_driver_active(self._number):
                self._device.detach_kernel_driver(self._number)
                self._kernel_had_it = True
        self._usb.util.claim_interface(self._device, self._number)
        if alternate:
            self._device.set_interface_altsetting(self._number, alternate)
        for _ in range(MOST_STALE_READS):
            if not self.read(STALE_READ_MS):
                break

    def write(self, data: bytes, timeout_ms: int) -> int:
        try:
            return int(self._out.write(data, timeout_ms))
        except self._usb.core.USBTimeoutError:
            return 0
        except self._usb.core.USBError as error:
            if error.errno == errno.EPIPE:
                # How much of it was taken nobody knows: sent again, it could be printed twice.
                self._clear_halt(self._out)
                raise DeviceError(f"{self._name}: {HALTED}") from error
            raise _gone(self._name, error) from error

    def read(self, timeout_ms: int) -> bytes:
        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(READ_BYTES, timeout_ms))
        except self._usb.core.USBTimeoutError:
            return b""
        except self._usb.core.USBError as error:
            if error.errno != errno.EPIPE:
                raise _gone(self._name, error) from error
            self._clear_halt(self._in)
            return b""

    def close(self) -> None:
        """Give it back to the kernel's driver, if that had it."""
        with suppress(self._usb.core.USBError):
            self._usb.util.release_interface(self._device, self._number)
        if self._kernel_had_it:
            with suppress(self._usb.core.USBError, NotImplementedError):
                self._device.attach_kernel_driver(self._number)
        with suppress(self._usb.core.USBError):
            self._usb.util.dispose_resources(self._device)

    def _clear_halt(self, endpoint: Any) -> None:
        """A halted endpoint takes and says nothing until it is cleared (USB 2.0, 9.4.5)."""
        try:
            endpoint.clear_halt()
        except self._usb.core.USBError as failed:
            raise _gone(self._name, failed) from failed


def pyusb() -> Any:
    """The library. It has no types."""
    # Here, because a box without a USB printer does not need it, and on the printer's thread.
    import usb.core  # type: ignore[import-untyped] # noqa: PLC0415
    import usb.util  # type: ignore[import-untyped] # noqa: PLC0415

    return usb


def take(name: str, identity: UsbIdentity, backend: object = None) -> UsbPort:
    """Find the printer, claim it and get it ready. Raises DeviceAbsentError or DeviceError."""
    usb = pyusb()
    try:
        device = _find(usb, name, identity, backend)
        configuration = _configured(usb, device)
        interface = _printer_interface(usb, configuration, identity.interface)
        if interface is None:
            raise DeviceError(f"{name}: {shown(identity)} has no printer in it")
        port = UsbPort(name, device, interface)
        try:
            port.claim(interface.bAlternateSetting)
        except BaseException:
            port.close()
            raise
    except usb.core.NoBackendError as error:
        raise DeviceError(f"{name}: libusb is not installed (libusb-1.0-0)") from error
    except usb.core.USBError as error:
        raise _gone(name, error) from error
    return port


def _find(usb: Any, name: str, identity: UsbIdentity, backend: object) -> Any:
    numbers = {"idVendor": int(identity.vendor, 16), "idProduct": int(identity.product, 16)}
    alike = usb.core.find(find_all=True, backend=backend, **numbers)
    found, unreadable = [], None
    for device in alike:
        try:
            if _is(usb, name, identity, device):
                found.append(device)
        except DeviceError as error:
            # A sick one is not to take the one beside it along.
            unreadable = error
    if not found:
        if unreadable is not None:
            raise unreadable
        raise DeviceAbsentError(f"{name}: no USB device {shown(identity)} is plugged in")
    if len(found) > 1:
        ports = " and ".join(_port_of(device) for device in found)
        raise DeviceError(
            f"{name}: {shown(identity)} is plugged in at {ports}; "
            "name the serial number or the port"
        )
    return found[0]


def _is(usb: Any, name: str, identity: UsbIdentity, device: Any) -> bool:
    """Raises DeviceError when it does not say which one it is."""
    if identity.port and identity.port != _port_of(device):
        return False
    if not identity.serial:
        return True
    if not device.iSerialNumber:
        return False
    try:
        # pyusb's own `device.langids` hides why they can't be read.
        language = usb.util.get_langids(device)[0]
        told = usb.util.get_string(device, device.iSerialNumber, language)
    except usb.core.USBError as error:
        raise _gone(name, error) from error
    except (IndexError, ValueError) as error:  # no language, or no UTF-16
        raise DeviceError(f"{name}: {_port_of(device)} has no legible serial number") from error
    return bool(identity.serial == told)


def _port_of(device: Any) -> str:
    """Its name in /sys/bus/usb/devices."""
    return f"{device.bus}-{'.'.join(map(str, device.port_numbers or ()))}"


def _configured(usb: Any, device: Any) -> Any:
    try:
        return device.get_active_configuration()
    except usb.core.USBError as error:
        if error.errno is not None:
            raise
        # Nobody has chosen one yet; setting it again would reset a printer that prints.
        device.set_configuration()
        return device.get_active_configuration()


def _printer_interface(usb: Any, configuration: Any, number: int | None) -> Any:
    """The best of the settings that take a plain stream: one that answers, else one that does not,
    else a vendor specific one; None if there is none. Only interface `number`, unless that is None.
    """
    streams = [
        interface
        for interface in configuration
        if number in (None, interface.bInterfaceNumber)
        and _endpoint(usb, interface, usb.util.ENDPOINT_OUT) is not None
    ]
    for protocol in (BIDIRECTIONAL, UNIDIRECTIONAL):
        for interface in streams:
            if (interface.bInterfaceClass, interface.bInterfaceProtocol) == (
                PRINTER_CLASS,
                protocol,
            ):
                return interface
    unnamed = (each for each in streams if each.bInterfaceClass == VENDOR_SPECIFIC_CLASS)
    return next(unnamed, None)


def _endpoint(usb: Any, interface: Any, direction: int) -> Any:
    """The bulk endpoint of that direction, None if there is none."""
    return usb.util.find_descriptor(
        interface,
        custom_match=lambda endpoint: (
            usb.util.endpoint_direction(endpoint.bEndpointAddress) == direction
            and usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        ),
    )


def _gone(name: str, error: Any) -> DeviceError:
    if error.errno == errno.EACCES:
        return DeviceError(f"{name}: {NOT_ALLOWED}")
    if error.errno == errno.EBUSY:
        return DeviceError(f"{name}: another program has it")
    if error.errno in {errno.ENODEV, errno.ENOENT}:
        return DeviceError(f"{name}: was unplugged or switched off")
    return DeviceError(f"{name}: the connection broke ({error})")
