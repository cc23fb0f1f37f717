"""A cash drawer at the kick connector of an ESC/POS printer."""

import asyncio
from typing import Literal

from pydantic import Field

from edge.checkout.inputs import DeviceState
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.settings import DeviceModel, DeviceName, Surroundings


class DrawerPrinterSettings(DeviceModel):
    """`printer` is the name of the printer that the drawer hangs on."""

    driver: Literal["drawer_printer"]
    printer: DeviceName
    pin: Literal[2, 5] = Field(default=2, description="drawer 1 is wired to pin 2, drawer 2 to 5")
    pulse_ms: int = Field(
        default=100, ge=10, le=250, description="a latch needs 50 ms; a solenoid burns on long ones"
    )
    timeout_ms: int = Field(
        default=2_000, ge=50, le=10_000, description="later, the cashier has opened it with the key"
    )


class PrinterDrawer:
    """Its life is the printer's; `open` is one pulse, or none and DeviceError."""

    def __init__(self, settings: DrawerPrinterSettings, printer: EscposPrinter) -> None:
        self.name = settings.name
        self._settings = settings
        self._printer = printer

    @property
    def state(self) -> DeviceState:
        return self._printer.state

    async def run(self) -> None:
        await asyncio.get_running_loop().create_future()

    async def open(self) -> None:
        settings = self._settings
        await self._printer.kick_drawer(settings.pin, settings.pulse_ms, settings.timeout_ms)


def printer_drawer(settings: DrawerPrinterSettings, around: Surroundings) -> PrinterDrawer:
    """Raises ValueError when the settings have no such printer."""
    printer = around.find(settings.printer)
    if not isinstance(printer, EscposPrinter):
        raise ValueError(  # noqa: TRY004 - a wrong name in the settings, no wrong type in the code
            f"{settings.name}: no ESC/POS printer is called {settings.printer!r}"
        )
    return PrinterDrawer(settings, printer)
