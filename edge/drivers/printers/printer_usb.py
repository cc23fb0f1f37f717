"""An ESC/POS printer on the USB, through pyusb: the till claims it from the kernel."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from edge.drivers.lines.threaded_line import BlockingPort, ThreadedLine
from edge.drivers.lines.usb_port import take
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.settings import Surroundings, UsbIdentity
from edge.ports import DeviceError


class PrinterUsbSettings(PrinterModel):
    """Two printers of one make are told apart by `usb.serial` or `usb.port`."""

    driver: Literal["printer_usb"]
    usb: UsbIdentity


class UsbOpener:
    """Opens the printer again and again, never while the thread before still has it."""

    def __init__(self, name: str, open_port: Callable[[], BlockingPort]) -> None:
        self._name = name
        self._open_port = open_port
        self._last: ThreadedLine | None = None

    async def open(self) -> ThreadedLine:
        """Raises DeviceAbsentError or DeviceError."""
        if self._last is not None and not self._last.is_over:
            raise DeviceError(f"{self._name}: the last transfer has not ended yet")
        self._last = line = ThreadedLine(self._name, self._open_port)
        await line.open()
        return line


def usb_printer(
    settings: PrinterUsbSettings, around: Surroundings, backend: object = None
) -> EscposPrinter:
    """`backend` is pyusb's, None for the system's libusb."""
    opener = UsbOpener(settings.name, partial(take, settings.name, settings.usb, backend))
    return EscposPrinter(settings, around, opener.open)
