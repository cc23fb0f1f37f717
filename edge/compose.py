"""The composition root: settings become a wired appliance. Only here adapters are built."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from edge import RELEASED_UTC_MS, __version__
from edge.appliance import Appliance, Parts, StopRequest
from edge.checkout.barcode import canonical
from edge.checkout.catalogue import Catalogue
from edge.checkout.inputs import Started
from edge.checkout.session import Facts, start
from edge.checkout.shop import Shop
from edge.clock import SystemClock
from edge.control import ControlSocket
from edge.drivers import registry
from edge.drivers.absent import (
    EveryCashierDisplay,
    EveryCustomerDisplay,
    NoDrawer,
    NoPrinter,
    TerminalsByName,
)
from edge.drivers.payment_gateway import PaymentGatewaySettings
from edge.effect_runner import EffectRunner, Lookup, World
from edge.logo import read_logo
from edge.lookups import member_lookups, shift_lookups
from edge.ports import CatalogueRefused, Clock, Driver
from edge.settings import Settings, SettingsRefused
from edge.shop_members import load_members
from edge.shop_promotions import load_promotions
from edge.store.catalogue_cache import Article
from edge.store.catalogue_file import read_catalogue
from edge.store.till_store import TillStore, open_store
from edge.supervisor import Supervisor
from edge.till_loop import BoundedInbox, TillLoop
from edge.uplink.uplink import MqttUplink
from edge.wire.certificates import certificate_problems

# No box is older than its software, so no clock of a box is before this. See edge/__init__.py.
BUILD_UTC_MS = RELEASED_UTC_MS
VERSION_DIGITS = 16


class NoUplink:
    """A till that reports to nobody: the journal keeps everything until somebody asks."""

    def wake(self) -> None:
        """Nobody to wake."""


class StoreWatch:
    """Among the appliance's tasks, so that a bug in the store's writer stops the daemon at once,
    though nobody asks the store for anything.
    """

    name = "store"

    def __init__(self, store: TillStore) -> None:
        self._store = store

    async def run(self) -> None:
        await self._store.sound()


@dataclass(frozen=True, slots=True)
class House:
    """A wired appliance and what an onlooker (demo, replay, test) may want to see of it."""

    appliance: Appliance
    store: TillStore
    inbox: BoundedInbox
    till: TillLoop
    runner: EffectRunner
    devices: registry.Devices
    uplink: MqttUplink | None


@asynccontextmanager
async def build_house(
    settings: Settings,
    *,
    stop: StopRequest,
    clock: Clock | None = None,
    network_clock: Clock | None = None,
    wrap: Callable[[World], World] = lambda world: world,
) -> AsyncIterator[House]:
    """The appliance of these settings, its store open; the store is closed on leaving.

    The clocks are the box's own unless others are given; `wrap` may put something between the
    runner and the ports. Raises SettingsRefused, StoreRefused or StoreError.
    """
    own_clock = SystemClock(BUILD_UTC_MS)
    clock = clock or own_clock
    shop = await shop_with_logo(settings)
    async with _store(settings, clock) as store:
        own_clock.raise_floor(store.state().newest_utc_ms)
        if settings.shop.catalogue is not None:
            await load_catalogue(store, settings.shop.catalogue, clock, shop)
        check_tax_codes(store.catalogue(), shop)
        await load_promotions(store, settings, clock)
        lookups: dict[type, Lookup] = {**shift_lookups(store, clock)}
        if settings.loyalty is not None:
            members = await load_members(store, settings, settings.loyalty, clock)
            lookups |= member_lookups(
                members, store.promotions(), clock, settings.shop.utc_offset_minutes
            )
        inbox = BoundedInbox(settings.limits.inbox, clock)
        devices = registry.build(settings.devices, inbox, clock)
        uplink = _uplink(settings, store, network_clock or clock, inbox)
        world = wrap(_world(store, devices, uplink))
        runner = _runner(settings, world, clock, inbox, stop, lookups)
        till = TillLoop(start(shop), inbox, _facts(settings, store), runner.begin)
        parts = Parts(
            clock=clock,
            inbox=inbox,
            till=till,
            runner=runner,
            sources=_sources(settings, store, devices),
            sinks=_sinks(store, devices),
            uplinks=(uplink,) if uplink else (),
            supervisor=Supervisor.from_environment(),
        )
        appliance = Appliance(parts, _started(store, clock), stop)
        yield House(appliance, store, inbox, till, runner, devices, uplink)


async def shop_with_logo(settings: Settings) -> Shop:
    """The shop as the core knows it, with its logo as dots. Raises SettingsRefused."""
    shop = settings.shop_facts()
    if settings.shop.logo is None:
        return shop
    return replace(shop, logo=await asyncio.to_thread(read_logo, settings.shop.logo))


def _store(settings: Settings, clock: Clock) -> AbstractAsyncContextManager[TillStore]:
    return open_store(
        settings.store.path,
        clock=clock,
        device=settings.device.id,
        currency=settings.shop.currency,
        utc_offset_minutes=settings.shop.utc_offset_minutes,
    )


def _uplink(
    settings: Settings, store: TillStore, clock: Clock, inbox: BoundedInbox
) -> MqttUplink | None:
    if settings.uplink is None:
        return None
    return MqttUplink(
        settings.uplink,
        settings.device.id,
        store=store,
        clock=clock,
        inbox=inbox,
        versions={"edge": __version__},
    )


def _world(store: TillStore, devices: registry.Devices, uplink: MqttUplink | None) -> World:
    return World(
        store=store,
        drawer=devices.drawers[0] if devices.drawers else NoDrawer(),
        printer=devices.printers[0] if devices.printers else NoPrinter(),
        cashier=EveryCashierDisplay(devices.cashier_displays),
        customer=EveryCustomerDisplay(devices.customer_displays),
        uplink=uplink or NoUplink(),
        payments=TerminalsByName({each.name: each for each in devices.payment_terminals}),
    )


def _runner(
    settings: Settings,
    world: World,
    clock: Clock,
    inbox: BoundedInbox,
    stop: StopRequest,
    lookups: Mapping[type, Lookup],
) -> EffectRunner:
    return EffectRunner(
        world,
        clock=clock,
        answer=inbox.answer,
        restart=stop.stop_and_restart,
        draft_interval_ms=settings.store.draft_interval_ms,
        lookups=lookups,
    )


def _sources(settings: Settings, store: TillStore, devices: registry.Devices) -> tuple[Driver, ...]:
    control = ControlSocket(settings.store.path, store.copy_to)
    return (*devices.scanners, *devices.keypads, control)


def _sinks(store: TillStore, devices: registry.Devices) -> tuple[Driver, ...]:
    return (
        StoreWatch(store),
        *devices.printers,
        *devices.drawers,
        *devices.customer_displays,
        *devices.cashier_displays,
        *devices.payment_terminals,
    )


def _started(store: TillStore, clock: Clock) -> Started:
    state = store.state()
    return Started(
        clock.now(),
        state.next_receipt_no,
        state.draft,
        state.pending_receipts,
        state.held,
        payments=state.payments,
        shift_no=state.shift_no,
    )


def _facts(settings: Settings, store: TillStore) -> Callable[[], Facts]:
    shop = settings.shop_facts()
    loyalty = settings.loyalty.rules if settings.loyalty else None

    def facts() -> Facts:
        desk = store.promotions()
        offers = desk.offers()
        return Facts(
            shop,
            store.catalogue(),
            promotions=offers.promotions,
            promotion_names=offers.names_in(shop.language),
            promotion_uses=desk.uses(),
            loyalty=loyalty,
            stock=store.stock(),
        )

    return facts


async def load_catalogue(store: TillStore, path: Path, clock: Clock, shop: Shop) -> None:
    """Put the file's products in force, unless they are already. A file that is refused leaves the
    old ones in force and says why in the log.
    """
    try:
        version = await asyncio.to_thread(_file_version, path)
        if version == store.catalogue().version:
            return
        articles = await asyncio.to_thread(_read_articles, path, shop)
        await store.replace_catalogue(articles, version, clock.now())
    except (OSError, CatalogueRefused, SettingsRefused) as error:
        log = structlog.get_logger("edge.catalogue")
        log.error("catalogue_refused", reason=str(error))  # noqa: TRY400 - no bug, no traceback


def _file_version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:VERSION_DIGITS]


def _read_articles(path: Path, shop: Shop) -> Sequence[Article]:
    articles = read_catalogue(path, canonicalise=canonical)
    refuse_unknown_taxes({article.product.tax_code for article in articles}, shop, str(path))
    return articles


def check_catalogue(settings: Settings) -> None:
    """Raises SettingsRefused when the settings name a catalogue that would be refused."""
    path = settings.shop.catalogue
    if path is None:
        return
    try:
        _read_articles(path, settings.shop_facts())
    except OSError as error:
        raise SettingsRefused([f"{path}: can't be read: {error.strerror}"]) from error
    except CatalogueRefused as error:
        raise SettingsRefused(str(error).splitlines()) from error


def check_logo(settings: Settings) -> None:
    """Raises SettingsRefused when the settings name a logo that can't be used."""
    if settings.shop.logo is not None:
        read_logo(settings.shop.logo)


def check_certificates(settings: Settings, config: Path) -> None:
    """Raises SettingsRefused with a line for each of the uplink's TLS files that can't be used."""
    if settings.uplink is None or settings.uplink.tls is None:
        return
    problems = certificate_problems(settings.uplink.tls)
    if problems:
        raise SettingsRefused(
            [f"{config}: uplink.tls.{name}: {problem}" for name, problem in problems.items()]
        )


def check_payment_files(settings: Settings, config: Path) -> None:
    """Raises SettingsRefused with a line for each key or authority of a payment gateway that can't
    be used.
    """
    gateways = [each for each in settings.devices if isinstance(each, PaymentGatewaySettings)]
    lines = [
        f"{config}: devices.{each.name}: {problem}"
        for each in gateways
        for problem in each.problems()
    ]
    if lines:
        raise SettingsRefused(lines)


def check_tax_codes(catalogue: Catalogue, shop: Shop) -> None:
    """Raises SettingsRefused when something that is for sale has a tax code without a rate. An
    open basket that has one does not keep the till from starting: the core gives it up.
    """
    codes = {product.tax_code for product in catalogue.by_code.values()}
    refuse_unknown_taxes(codes, shop, "the catalogue in the store")


def refuse_unknown_taxes(codes: set[str], shop: Shop, where: str) -> None:
    rates: Mapping[str, object] = shop.tax_rates
    unknown = sorted(codes - rates.keys())
    if unknown:
        raise SettingsRefused(
            [f"{where}: tax code {code!r} has no rate in shop.taxes" for code in unknown]
        )
