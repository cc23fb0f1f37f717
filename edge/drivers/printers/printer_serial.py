"""An ESC/POS printer at a serial port."""

from typing import Literal

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lines.byte_line import ByteLine, open_serial
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.settings import SerialModel, Surroundings

# With its start and stop bit.
BITS_PER_BYTE = 10


class PrinterSerialSettings(PrinterModel, SerialModel):
    """`flow_control` must be the printer's own: without it a long receipt overruns its buffer."""

    driver: Literal["printer_serial"]

    @property
    def most_ahead(self) -> int:
        """What the wire takes in a quarter of a second: the drawer's pulse comes behind it."""
        return self.baud // BITS_PER_BYTE // 4


def serial_printer(settings: PrinterSerialSettings, around: Surroundings) -> EscposPrinter:
    thread = DeviceThread(settings.name)

    async def open_line() -> ByteLine:
        return await open_serial(settings, around.clock, thread)

    return EscposPrinter(settings, around, open_line)
