"""The whole appliance in the test's own process: real store, simulated devices, ports to hold."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from edge.appliance import StopRequest
from edge.checkout.inputs import Key, KeyPressed
from edge.checkout.unbidden import READABLE_MS
from edge.clock import SystemClock
from edge.compose import BUILD_UTC_MS, House, build_house
from edge.drivers.simulated import (
    SimulatedCashierDisplay,
    SimulatedCustomerDisplay,
    SimulatedDrawer,
    SimulatedKeypad,
    SimulatedPrinter,
    SimulatedScanner,
)
from edge.effect_runner import World
from edge.ports import Clock, DeviceError
from edge.settings import Settings, settings_from
from tests.support.devices import Changes

SHELF = {"Pencil": ("5901234123457", 120), "Tea": ("4006381333931", 499)}
HEADER = "plu,barcodes,name_en,name_zh,price_minor,tax_code,unit\n"


class Port:
    """A port that tells when each call begins and ends, and waits or fails where it is told."""

    def __init__(self, name: str, port: Any, watch: "Watch") -> None:
        self._name = name
        self._port = port
        self._watch = watch

    def __getattr__(self, method: str) -> Any:
        inner = getattr(self._port, method)
        if not inspect.iscoroutinefunction(inner):
            return inner
        place = f"{self._name}.{method}"

        async def watched(*args: Any, **kwargs: Any) -> Any:
            self._watch.happened(f"{place} begins")
            if place in self._watch.held:
                await self._watch.held[place].wait()
            if place in self._watch.failing:
                raise self._watch.failing[place]
            answer = await inner(*args, **kwargs)
            self._watch.happened(f"{place} ends")
            return answer

        return watched


class Watch:
    """What went through the ports; `held` and `failing` name methods as `drawer.open`."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.failing: dict[str, Exception] = {}
        self.changes = Changes()

    def happened(self, event: str) -> None:
        self.events.append(event)
        self.changes.tell()

    def hold(self, place: str) -> asyncio.Event:
        """Let calls wait there until the event is set."""
        self.held[place] = asyncio.Event()
        return self.held[place]

    def fail(self, place: str, error: Exception | None = None) -> None:
        self.failing[place] = error or DeviceError(f"{place}: out of order")

    def wrap(self, world: World) -> World:
        ports = {each.name: getattr(world, each.name) for each in fields(world)}
        return replace(world, **{name: Port(name, port, self) for name, port in ports.items()})


class Counter:
    """A till with somebody behind it and somebody before it."""

    def __init__(self, house: House, stop: StopRequest, watch: Watch) -> None:
        self.house = house
        self.stop = stop
        self.watch = watch
        self.screen = one(house.devices.cashier_displays, SimulatedCashierDisplay)
        self.pole = one(house.devices.customer_displays, SimulatedCustomerDisplay)
        self.printer = one(house.devices.printers, SimulatedPrinter)
        self.drawer = one(house.devices.drawers, SimulatedDrawer)
        self.scanner = one(house.devices.scanners, SimulatedScanner)
        self.keypad = one(house.devices.keypads, SimulatedKeypad)
        tell = watch.changes.tell
        self.screen.on_show = lambda _: tell()
        self.printer.on_receipt = lambda receipt: watch.happened(f"paper {receipt.receipt_no}")
        self.drawer.on_pulse = lambda: watch.happened("pulse")

    @property
    def notice(self) -> str:
        return self.screen.screen.notice if self.screen.screen else ""

    @property
    def title(self) -> str:
        return self.screen.screen.title if self.screen.screen else ""

    @property
    def rows(self) -> list[str]:
        return [row.left for row in self.screen.screen.rows] if self.screen.screen else []

    def scan(self, name: str) -> bool:
        return self.scanner.scan(SHELF[name][0])

    def press(self, key: Key) -> bool:
        return self.keypad.press(key)

    def press_once_read(self, key: Key) -> bool:
        """By somebody who has read what came up by itself a moment ago."""
        now = SystemClock(BUILD_UTC_MS).now()
        read_at = replace(now, mono_ms=now.mono_ms + READABLE_MS)
        return self.house.inbox.offer(KeyPressed(key, read_at))

    async def until(self, condition: Callable[[], object]) -> None:
        await self.watch.changes.until(condition)

    async def until_event(self, event: str, count: int = 1) -> None:
        await self.until(lambda: self.watch.events.count(event) >= count)

    async def sell(self, name: str) -> None:
        """Until the receipt is settled."""
        papers = self.printer.printed
        settled = self.watch.events.count("store.settle_effect ends")
        self.scan(name)
        self.press(Key.CASH)
        await self.until(lambda: self.printer.printed == papers + 1)
        await self.until_event("store.settle_effect ends", settled + 2)


def one(devices: tuple[Any, ...], kind: type[Any]) -> Any:
    (device,) = devices
    assert isinstance(device, kind)
    return device


def simulated_settings(directory: Path, **sections: dict[str, Any]) -> Settings:
    """A shop with one device of each kind; `sections` add to the tables of that name."""
    shelf = "".join(
        f"{number},{code},{name},,{price_minor},A,each\n"
        for number, (name, (code, price_minor)) in enumerate(SHELF.items(), 1)
    )
    (directory / "shelf.csv").write_text(HEADER + shelf, encoding="utf-8")
    tables: dict[str, Any] = {
        "device": {"id": "till-07"},
        "shop": {
            "name": "Kiosk",
            "currency": "USD",
            "taxes": [{"code": "A", "rate_bp": 0}],
            "catalogue": "shelf.csv",
        },
        "store": {"path": "till.db"},
        "limits": {},
    }
    for name, section in sections.items():
        tables[name] = {**tables.get(name, {}), **section}
    kinds = ("scanner", "keypad", "printer", "drawer", "customer_display", "cashier_display")
    devices = [{"driver": f"{kind}_simulated", "name": kind} for kind in kinds]
    return settings_from({**tables, "devices": devices}, directory / "edge.toml")


@asynccontextmanager
async def counter(
    settings: Settings, *, clock: Clock | None = None, watch: Watch | None = None
) -> AsyncIterator[Counter]:
    """A till that runs; at the end it is stopped, in order."""
    watch = watch or Watch()
    stop = StopRequest()
    async with build_house(settings, stop=stop, clock=clock, wrap=watch.wrap) as house:
        till = Counter(house, stop, watch)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(house.appliance.run())
            await house.appliance.ready.wait()
            await till.until(lambda: till.title not in {"", "Starting"})
            try:
                yield till
            finally:
                stop.stop()
