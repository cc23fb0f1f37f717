"""An ESC/POS printer on the USB, through the kernel's own driver: /dev/usb/lp0."""

from typing import Literal

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lines.node_line import NodeLine, take_node
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.settings import NodeModel, Surroundings


class PrinterUsblpSettings(PrinterModel, NodeModel):
    """`usb` finds the node wherever the printer is numbered today; a `path` is that one's."""

    driver: Literal["printer_usblp"]


def usblp_printer(settings: PrinterUsblpSettings, around: Surroundings) -> EscposPrinter:
    thread = DeviceThread(settings.name)

    async def open_line() -> NodeLine:
        return await take_node(settings, thread)

    return EscposPrinter(settings, around, open_line)
