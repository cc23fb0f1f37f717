"""The demo's world: a real till on simulated devices, a real broker, a real headquarters, one
process, one directory.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.appliance import StopRequest
from edge.checkout.shop import Language
from edge.compose import House, build_house
from edge.demo.cable import LOOPBACK, Cable, plugged_in
from edge.demo.loyalty import LOYALTY
from edge.demo.shelf import PEOPLE_FILE, PROMOTIONS_FILE, SHOP_FILE, Shelf, read_shelf
from edge.drivers.simulated import (
    SimulatedCashierDisplay,
    SimulatedCustomerDisplay,
    SimulatedDrawer,
    SimulatedKeypad,
    SimulatedPrinter,
    SimulatedScale,
    SimulatedScanner,
)
from edge.hq.database import open_database
from edge.hq.ingest_service import HqIngest
from edge.hq.local_broker import BrokerFailedError, BrokerMissingError
from edge.hq.settings import IngestSettings
from edge.log import configure_logging
from edge.settings import Settings, settings_from

DEVICE: Final = "till-001"
SHOP_NAME: Final = "街角小店 Corner Shop"

# A broker for as long as the block runs, as its port; edge.hq.local_broker.local_broker is one.
StartBroker: TypeAlias = Callable[[], AbstractAsyncContextManager[int]]

# Whoever looks on waits for nothing: everything on this machine is back within a moment.
AGAIN_MS: Final = 50
AGAIN_CAP_MS: Final = 300
RECONNECT: Final = {"reconnect_base_ms": AGAIN_MS, "reconnect_cap_ms": AGAIN_CAP_MS}
REOPEN: Final = {"first_ms": AGAIN_MS, "cap_ms": AGAIN_CAP_MS}

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Headquarters:
    """The other end of the cable: ingest, and the database that it fills."""

    ingest: HqIngest
    engine: AsyncEngine
    cable: Cable


@dataclass(frozen=True, slots=True)
class DemoHouse:
    """The running till, its devices by name, and headquarters; `no_hq` says why there is none."""

    till: House
    scanner: SimulatedScanner
    keypad: SimulatedKeypad
    printer: SimulatedPrinter
    drawer: SimulatedDrawer
    scale: SimulatedScale
    cashier: SimulatedCashierDisplay
    customer: SimulatedCustomerDisplay
    hq: Headquarters | None
    no_hq: str
    shelf: Shelf
    directory: Path
    stopped: asyncio.Task[None]


def demo_settings(
    directory: Path, broker_port: int | None, language: Language = Language.ENGLISH
) -> Settings:
    """edge.toml as a demo would write it."""
    raw: dict[str, Any] = {
        "device": {"id": DEVICE},
        "shop": {
            "name": SHOP_NAME,
            "currency": "CNY",
            "language": language.value,
            "taxes": [
                {"code": "A", "rate_bp": 1300},
                {"code": "B", "rate_bp": 900},
                {"code": "C", "rate_bp": 0},
            ],
            "labels": [{"layout": "21IIIIIVVVVVC", "kind": "weight"}],
            "header": ["柳巷 12 号 · 12 Willow Lane"],
            "footer": ["Keep this receipt to return goods"],
            "keyed_amounts": "major",
            "utc_offset_minutes": 480,
            "catalogue": str(SHOP_FILE),
            "promotions": str(PROMOTIONS_FILE),
            "staff": str(PEOPLE_FILE),
        },
        "loyalty": LOYALTY,
        "store": {"path": str(directory / "till.db")},
        "devices": [
            {"driver": f"{kind}_simulated", "name": name, "reopen": REOPEN}
            for kind, name in (
                ("printer", "printer"),
                ("drawer", "drawer"),
                ("customer_display", "customer-display"),
                ("cashier_display", "screen"),
                ("scanner", "scanner"),
                ("keypad", "keypad"),
                ("scale", "scale"),
                ("payment", "mobile"),
            )
        ],
    }
    if broker_port is not None:
        # No will delay: who cuts the cable wants to see headquarters notice.
        # The reply is here at once or, where the cable is cut while connecting, never.
        raw["uplink"] = {
            "host": LOOPBACK,
            "port": broker_port,
            "will_delay_s": 0,
            "reply_timeout_s": 3,
            **RECONNECT,
        }
    return settings_from(raw, directory / "edge.toml")


@asynccontextmanager
async def open_house(
    directory: Path, start_broker: StartBroker, language: Language = Language.ENGLISH
) -> AsyncIterator[DemoHouse]:
    """The demo's world, running; stopped in order on leaving: till, headquarters, broker."""
    async with AsyncExitStack() as stack:
        hq, no_hq = await _open_headquarters(stack, directory, start_broker)
        settings = demo_settings(directory, hq.cable.port if hq else None, language)
        stop = StopRequest()
        till = await stack.enter_async_context(build_house(settings, stop=stop))
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(till.appliance.run())
            await till.appliance.ready.wait()
            devices = till.devices
            try:
                yield DemoHouse(
                    till=till,
                    scanner=_the(devices.scanners, SimulatedScanner),
                    keypad=_the(devices.keypads, SimulatedKeypad),
                    printer=_the(devices.printers, SimulatedPrinter),
                    drawer=_the(devices.drawers, SimulatedDrawer),
                    scale=_the(devices.scales, SimulatedScale),
                    cashier=_the(devices.cashier_displays, SimulatedCashierDisplay),
                    customer=_the(devices.customer_displays, SimulatedCustomerDisplay),
                    hq=hq,
                    no_hq=no_hq,
                    shelf=read_shelf(),
                    directory=directory,
                    stopped=running,
                )
            finally:
                stop.stop()


def _the(devices: Any, kind: type[D]) -> D:
    (device,) = devices
    assert isinstance(device, kind)
    return device


async def _open_headquarters(
    stack: AsyncExitStack, directory: Path, start_broker: StartBroker
) -> tuple[Headquarters | None, str]:
    try:
        port = await stack.enter_async_context(start_broker())
    except (BrokerMissingError, BrokerFailedError) as error:
        return None, str(error)
    cable = await stack.enter_async_context(plugged_in(port))
    engine = await stack.enter_async_context(open_database(f"sqlite:///{directory / 'hq.db'}"))
    broker = IngestSettings(
        host=LOOPBACK, port=port, reconnect_base_ms=AGAIN_MS, reconnect_cap_ms=AGAIN_CAP_MS
    )
    ingest = HqIngest(broker, engine)
    await stack.enter_async_context(_running(ingest))
    return Headquarters(ingest, engine, cable), ""


@asynccontextmanager
async def _running(ingest: HqIngest) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(ingest.run())
        try:
            await ingest.wait_ready()
            yield
        finally:
            task.cancel()


@contextmanager
def logging_to(file: Path) -> Iterator[None]:
    """Every log line goes to the file: the screen belongs to the demo."""
    before = structlog.get_config()
    with file.open("a", encoding="utf-8") as lines:
        handler = logging.StreamHandler(lines)
        root = logging.getLogger()
        root.addHandler(handler)
        configure_logging()
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(lines))
        try:
            yield
        finally:
            structlog.configure(**before)
            root.removeHandler(handler)
