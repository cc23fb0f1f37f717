"""An ESC/POS printer at a serial port."""

from typing import Literal

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lines.byte_line import ByteLine, open_serial
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.settings import SerialModel, Surroundings


class PrinterSerialSettings(PrinterModel, SerialModel):
    """`flow_control` must be the printer's own: without it a long receipt overruns its buffer."""

    driver: Literal["printer_serial"]


def serial_printer(settings: PrinterSerialSettings, around: Surroundings) -> EscposPrinter:
    thread = DeviceThread(settings.name)

    async def open_line() -> ByteLine:
        return await open_serial(settings, around.clock, thread)

    return EscposPrinter(settings, around, open_line)
