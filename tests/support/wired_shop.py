"""A till of real wires: scanner, customer's display and printers at their far ends.

Receipts go to `printer`, whichever wire it hangs on; the drawer hangs on another one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from usb.backend import libusb1

from edge.appliance import StopRequest
from edge.checkout.inputs import Key
from edge.checkout.screens import CashierScreen
from edge.compose import House, build_house
from edge.drivers.simulated import SimulatedCashierDisplay, SimulatedKeypad
from edge.effect_runner import World
from edge.settings import Settings, settings_from
from tests.support.devices import Changes, FakePrinter, SerialLine, SerialPrinter
from tests.support.house import SHELF, one, simulated_settings
from tests.support.lateness import Since
from tests.support.printer_rigs import UsblpPrinter
from tests.support.usb_printer import PRODUCT, VENDOR, FakeUsb, UsbPrinter

WIRED = {"scanner", "pole", "printer", "other"}
REOPEN = {"first_ms": 10, "cap_ms": 50, "open_timeout_ms": 500, "stable_ms": 0}
AnyPrinter: TypeAlias = FakePrinter | SerialPrinter | UsbPrinter


class Shop:
    """A till's counter, with hands on every wire."""

    def __init__(self, folder: Path, printer: AnyPrinter) -> None:
        self.scanner = SerialLine(folder / "scanner")
        self.display = SerialLine(folder / "display")
        self.printer = printer
        self.drawers = FakePrinter()
        self.late_ms: list[float] = []
        self.pulse_late_ms: list[float] = []
        self.house: House | None = None
        self.screen: CashierScreen | None = None
        self.shown = Changes()

    def settings(self, folder: Path, printer: dict[str, Any]) -> Settings:
        simulated_settings(folder)  # for its shelf
        serial = {"baud": 115_200, "reopen": REOPEN}
        devices = [
            {"driver": "scanner_serial", "name": "scanner", "path": str(self.scanner.path)},
            {"driver": "keypad_simulated", "name": "keypad"},
            {"name": "printer", "reopen": REOPEN, **printer},
            {
                "driver": "printer_network",
                "name": "other",
                "host": "127.0.0.1",
                "port": self.drawers.port,
            },
            {"driver": "drawer_printer", "name": "drawer", "printer": "other"},
            {"driver": "display_serial", "name": "pole", "path": str(self.display.path), **serial},
            {"driver": "cashier_display_simulated", "name": "screen"},
        ]
        tables = {
            "device": {"id": "till-07"},
            "shop": {
                "name": "Kiosk",
                "currency": "USD",
                "taxes": [{"code": "A", "rate_bp": 0}],
                "catalogue": "shelf.csv",
            },
            "store": {"path": "till.db"},
            "devices": devices,
        }
        return settings_from(tables, folder / "edge.toml")

    def show(self, screen: CashierScreen) -> None:
        self.screen = screen
        self.shown.tell()

    async def scan(self, name: str) -> None:
        """Until the customer's display shows it; how late that was."""
        self.display.received.clear()
        since = Since.now()
        self.scanner.send(f"{SHELF[name][0]}\r".encode())
        await self.display.changes.until(lambda: name.encode() in self.display.received)
        self.late_ms.append(since.late_ms())

    async def pay(self) -> None:
        """Until the drawer is open; how late its pulse was behind the command."""
        assert self.house is not None
        pulses = len(self.drawers.reader.pulses)
        one(self.house.devices.keypads, SimulatedKeypad).press(Key.CASH)
        await self.drawers.changes.until(lambda: len(self.drawers.reader.pulses) > pulses)
        self.pulse_late_ms.append(self.commanded.late_ms())

    def wrap(self, world: World) -> World:
        shop, drawer = self, world.drawer

        class Watched:
            async def open(self) -> None:
                shop.commanded = Since.now()
                await drawer.open()

        return replace(world, drawer=Watched())


@asynccontextmanager
async def open_shop(shop: Shop, settings: Settings) -> AsyncIterator[None]:
    stop = StopRequest()
    async with build_house(settings, stop=stop, wrap=shop.wrap) as house:
        shop.house = house
        one(house.devices.cashier_displays, SimulatedCashierDisplay).on_show = shop.show
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(house.appliance.run())
            await house.appliance.ready.wait()
            # A port that is opened drops what came before.
            await shop.shown.until(
                lambda: {each.name for each in house.till.session.devices} >= WIRED
            )
            await shop.display.changes.until(lambda: b"Kiosk" in shop.display.received)
            await shop.drawers.changes.until(lambda: shop.drawers.reader.asked)
            try:
                yield
            finally:
                stop.stop()


@asynccontextmanager
async def printer_on(
    wire: str, folder: Path, kernel: pytest.MonkeyPatch
) -> AsyncIterator[tuple[AnyPrinter, dict[str, Any]]]:
    """A printer that is plugged in at that wire, and its settings."""
    path = {"path": str(folder / "printer")}
    settings: dict[str, Any]
    match wire:
        case "network":
            device: AnyPrinter = FakePrinter()
        case "serial":
            device = SerialPrinter(SerialLine(folder / "printer"))
            settings = {"driver": "printer_serial", "baud": 115_200, **path}
        case "usblp":
            device = UsblpPrinter(SerialLine(folder / "printer"))
            settings = {"driver": "printer_usblp", **path}
        case _:
            device = UsbPrinter()
            bus = FakeUsb(device)
            kernel.setattr(libusb1, "get_backend", lambda: bus)
            usb = {"vendor": f"{VENDOR:04x}", "product": f"{PRODUCT:04x}"}
            settings = {"driver": "printer_usb", "usb": usb}
    await device.plug()
    if isinstance(device, FakePrinter):
        settings = {"driver": "printer_network", "host": "127.0.0.1", "port": device.port}
    yield device, settings
    await device.unplug()
