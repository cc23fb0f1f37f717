"""An ESC/POS printer on the network: raw bytes over TCP, port 9100 by custom."""

from typing import Literal

from pydantic import Field

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lines.byte_line import ByteLine, open_tcp
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.settings import Surroundings
from edge.host import Host


class PrinterNetworkSettings(PrinterModel):
    driver: Literal["printer_network"]
    host: Host
    port: int = Field(default=9100, ge=1, le=65_535)

    @property
    def places(self) -> tuple[str, ...]:
        return (f"{self.host.lower()} port {self.port}",)


def network_printer(settings: PrinterNetworkSettings, around: Surroundings) -> EscposPrinter:
    thread = DeviceThread(settings.name)

    async def open_line() -> ByteLine:
        return await open_tcp(settings.name, settings.host, settings.port, around.clock, thread)

    return EscposPrinter(settings, around, open_line)
