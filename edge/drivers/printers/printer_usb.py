"""An ESC/POS printer on the USB, through pyusb: the till claims it from the kernel."""

from functools import partial
from typing import Literal

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lines.threaded_line import ThreadedLine
from edge.drivers.lines.usb_port import take
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.settings import Surroundings, UsbIdentity


class PrinterUsbSettings(PrinterModel):
    """Two printers of one make are told apart by `usb.serial` or `usb.port`."""

    driver: Literal["printer_usb"]
    usb: UsbIdentity


def usb_printer(
    settings: PrinterUsbSettings, around: Surroundings, backend: object = None
) -> EscposPrinter:
    """`backend` is pyusb's, None for the system's libusb."""
    thread = DeviceThread(settings.name)

    async def open_line() -> ThreadedLine:
        open_port = partial(take, settings.name, settings.usb, backend)
        line = ThreadedLine(settings.name, open_port, thread)
        await line.open()
        return line

    return EscposPrinter(settings, around, open_line)
