"""The composition root: settings become a wired appliance. Only here adapters are built."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import structlog

from edge import RELEASED_UTC_MS, __version__
from edge.appliance import Appliance, Parts, StopRequest
from edge.checkout.effects import SwitchSide
from edge.checkout.inputs import Started
from edge.checkout.people.staff import Staff
from edge.checkout.session import Facts, start
from edge.checkout.shop import Shop
from edge.checkout.views import show
from edge.clock import SystemClock
from edge.control import HEALTH, Answer, ControlSocket
from edge.drivers import registry
from edge.drivers.absent import (
    EveryCashierDisplay,
    EveryCustomerDisplay,
    NoDrawer,
    NoPrinter,
    NoScale,
    TerminalsByName,
)
from edge.drivers.hotplug import HotPlug, udev_monitor
from edge.drivers.payments.payment_gateway import PaymentGatewaySettings
from edge.drivers.payments.payment_manual import PaymentManualSettings
from edge.drivers.payments.payment_simulated import PaymentSimulatedSettings
from edge.drivers.settings import DeviceModel
from edge.effect_runner import EffectRunner, Lookup, World
from edge.health import TillHealth
from edge.logo import read_logo
from edge.lookups import account_lookups, book_lookups, member_lookups, scale_lookups
from edge.pins import Argon2PinChecker
from edge.ports import Clock, Driver, PaymentTerminals
from edge.screen_shot import SCREEN, answer_screen
from edge.settings import Settings, SettingsRefused
from edge.shop_catalogue import check_tax_codes, load_catalogue
from edge.shop_members import load_members
from edge.shop_promotions import load_promotions
from edge.shop_staff import load_staff, staff_lookups
from edge.store.till_store import TillStore, open_store
from edge.supervisor import Supervisor
from edge.till_loop import BoundedInbox, TillLoop
from edge.training import Side, Sides, TrainingDrawer, TrainingPrinter
from edge.uplink.uplink import MqttUplink

# No box is older than its software, so no clock of a box is before this. See edge/__init__.py.
BUILD_UTC_MS = RELEASED_UTC_MS
# The store to learn on, beside the till's own, and whom its receipts are numbered under.
TRAINING_ENDING, TRAINING_DEVICE = ".training", "training"


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
    # A lesson may have been ended by a power cut.
    await asyncio.to_thread(_forget_lesson, settings)
    async with _open_books(settings, shop, clock) as books:
        own_clock.raise_floor(books.store.state().newest_utc_ms)
        inbox = BoundedInbox(settings.limits.inbox, clock)
        hot_plug = HotPlug(clock, udev_monitor)
        devices = registry.build(settings.devices, inbox, clock, hot_plug)
        health = TillHealth(
            shop.devices,
            settings.store.path,
            clock=clock,
            journal=books.store,
            session=lambda: till.session,
            lost_inputs=lambda: inbox.lost_total,
            reasons=devices.reasons,
            has_uplink=shop.has_uplink,
            uplink_trouble=lambda: uplink.trouble if uplink else "",
        )
        uplink = _uplink(settings, books.store, network_clock or clock, inbox, health)
        world = wrap(_world(books.store, devices, uplink))
        scale = scale_lookups(devices.scales[0] if devices.scales else NoScale(), clock)
        equip = partial(_side, settings, clock=clock, inbox=inbox, stop=stop, devices=scale)
        sides = Sides(partial(_training, settings, shop, clock, books, world, equip), clock)
        own = equip(replace(books, lookups={**books.lookups, SwitchSide: sides.switch}), world)
        sides.begin_with(own)
        till = TillLoop(start(shop), inbox, sides.facts, sides.begin)
        shown = answer_screen(lambda: show(till.session, sides.facts()).cashier)
        answers: dict[bytes, Answer] = {HEALTH: health.answer, SCREEN: shown}
        parts = Parts(
            clock=clock,
            inbox=inbox,
            till=till,
            runner=own.runner,
            sources=_sources(settings, books.store, devices, answers),
            sinks=(sides, hot_plug, *_sinks(books.store, devices)),
            uplinks=(uplink,) if uplink else (),
            supervisor=Supervisor.from_environment(),
        )
        appliance = Appliance(parts, own.started, stop)
        yield House(appliance, books.store, inbox, till, own.runner, devices, uplink)


@dataclass(frozen=True, slots=True)
class Books:
    """An open store with what the shop's files say put into it, and what reads it."""

    store: TillStore
    facts: Callable[[], Facts]
    lookups: Mapping[type, Lookup]
    staff: Callable[[], Staff]


@asynccontextmanager
async def _open_books(
    settings: Settings, shop: Shop, clock: Clock, own: Books | None = None
) -> AsyncIterator[Books]:
    """The till's own store; or, beside its `own`, one to learn on, with the same goods, promotions
    and people. Raises SettingsRefused, StoreRefused or StoreError.
    """
    store_at_path = open_store(
        training_path(settings) if own else settings.store.path,
        clock=clock,
        device=shop.device,
        currency=settings.shop.currency,
        utc_offset_minutes=settings.shop.utc_offset_minutes,
    )
    async with store_at_path as store:
        staff = own.staff if own else await _load_shop(settings, shop, clock, store)
        lookups: dict[type, Lookup] = {
            **book_lookups(store, store, clock),
            **staff_lookups(Argon2PinChecker(), clock),
        }
        if settings.loyalty is not None:
            members = await load_members(
                store, settings, settings.loyalty, clock, is_lesson=own is not None
            )
            lookups |= member_lookups(
                members, store.promotions(), clock, settings.shop.utc_offset_minutes
            )
            lookups |= account_lookups(members, clock)
        goods = own.store if own else store
        yield Books(store, _facts(settings, shop, store, goods, staff), lookups, staff)


async def _load_shop(
    settings: Settings, shop: Shop, clock: Clock, store: TillStore
) -> Callable[[], Staff]:
    """Put what the shop's files say in force; returns its people. Raises SettingsRefused."""
    if settings.shop.catalogue is not None:
        await load_catalogue(store, settings.shop.catalogue, clock, shop)
    check_tax_codes(store.catalogue(), shop)
    await load_promotions(store, settings, clock)
    return await load_staff(store, settings, clock)


def _side(
    settings: Settings,
    books: Books,
    world: World,
    *,
    clock: Clock,
    inbox: BoundedInbox,
    stop: StopRequest,
    devices: Mapping[type, Lookup],
) -> Side:
    lookups = {**books.lookups, **devices}
    runner = _runner(settings, world, clock, inbox, stop, lookups)
    return Side(books.facts, runner, _started(books.store, clock))


@asynccontextmanager
async def _training(
    settings: Settings,
    shop: Shop,
    clock: Clock,
    own: Books,
    world: World,
    equip: Callable[[Books, World], Side],
) -> AsyncIterator[Side]:
    """A store made anew beside the till's own and gone afterwards, for members are in it; under a
    name that no receipt of a shop has. The drawer stays shut, headquarters hears nothing.
    """
    await asyncio.to_thread(_remove_store, training_path(settings))
    shop = replace(shop, device=TRAINING_DEVICE, training=True)
    try:
        async with _open_books(settings, shop, clock, own) as books:
            lesson = replace(
                world,
                store=books.store,
                payments=_pretended(settings, clock),
                drawer=TrainingDrawer(),
                printer=TrainingPrinter(world.printer, clock),
                uplink=NoUplink(),
            )
            yield equip(books, lesson)
    finally:
        _forget_lesson(settings)


def training_path(settings: Settings) -> Path:
    """Where the store to learn on lies: its name is the own store's with an ending, so that it is
    nobody else's.
    """
    path = settings.store.path
    return path.with_name(path.name + TRAINING_ENDING)


def _pretended(settings: Settings, clock: Clock) -> PaymentTerminals:
    """Terminals by the same names that charge nobody; one without a wire does so anyway."""
    kinds = PaymentSimulatedSettings | PaymentGatewaySettings | PaymentManualSettings
    pretended: list[DeviceModel] = [
        device
        if isinstance(device, PaymentManualSettings)
        else PaymentSimulatedSettings(driver="payment_simulated", name=device.name)
        for device in settings.devices
        if isinstance(device, kinds)
    ]
    terminals = registry.build(pretended, BoundedInbox(1, clock), clock).payment_terminals
    return TerminalsByName({each.name: each for each in terminals})


def _forget_lesson(settings: Settings) -> None:
    """Members are in it. What can't be removed is in the way of the next lesson, which says so."""
    with suppress(OSError):
        _remove_store(training_path(settings))


def _remove_store(path: Path) -> None:
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        file.unlink(missing_ok=True)


async def shop_with_logo(settings: Settings) -> Shop:
    """The shop as the core knows it, with its logo as dots. Without a file that can be used there
    is none, and the log says why: nobody sells less for that.
    """
    shop = settings.shop_facts()
    if settings.shop.logo is None:
        return shop
    try:
        return replace(shop, logo=await asyncio.to_thread(read_logo, settings.shop.logo))
    except SettingsRefused as refused:
        log = structlog.get_logger("edge.logo")
        log.error("logo_refused", reason=str(refused))  # noqa: TRY400 - no bug, no traceback
        return shop


def _uplink(
    settings: Settings, store: TillStore, clock: Clock, inbox: BoundedInbox, health: TillHealth
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
        health=health.report,
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
        renewals=devices.renewals,
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


def _sources(
    settings: Settings,
    store: TillStore,
    devices: registry.Devices,
    answers: Mapping[bytes, Answer],
) -> tuple[Driver, ...]:
    control = ControlSocket(settings.store.path, store.copy_to, answers)
    return (*devices.scanners, *devices.keypads, control)


def _sinks(store: TillStore, devices: registry.Devices) -> tuple[Driver, ...]:
    return (
        StoreWatch(store),
        *devices.printers,
        *devices.drawers,
        *devices.customer_displays,
        *devices.cashier_displays,
        *devices.payment_terminals,
        *devices.scales,
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
        duty=state.duty,
    )


def _facts(
    settings: Settings, shop: Shop, store: TillStore, goods: TillStore, staff: Callable[[], Staff]
) -> Callable[[], Facts]:
    loyalty = settings.loyalty.rules if settings.loyalty else None

    def facts() -> Facts:
        offers = goods.promotions().offers()
        return Facts(
            shop,
            goods.catalogue(),
            promotions=offers.promotions,
            promotion_names=offers.names_in(shop.language),
            promotion_uses=store.promotions().uses(),
            loyalty=loyalty,
            stock=store.stock(),
            staff=staff(),
            idle_messages=settings.shop.idle,
        )

    return facts
