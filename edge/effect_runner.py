"""Effects become calls on ports; what comes of them goes back into the inbox as an input."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import structlog

from edge.checkout.effects import (
    AskPayment,
    Beep,
    BeginAnew,
    DropReceipt,
    Effect,
    FindSale,
    OpenDrawer,
    PayIntent,
    PrintReceipt,
    RecordEntries,
    RecordLive,
    RemindDrawer,
    RemindWait,
    Restart,
    SaveDraft,
    ShowScreens,
    StoreEntries,
    WakeUplink,
)
from edge.checkout.inputs import (
    Input,
    ReceiptFailed,
    ReceiptPrinted,
    SaleMissing,
    SaleStored,
    StoreFailed,
)
from edge.checkout.sale.basket import Basket
from edge.checkout.shifts.drawer_inputs import DrawerPulsed, DrawerReminded, Pulse
from edge.payment_asks import PaymentAsks
from edge.ports import (
    CashierDisplay,
    Clock,
    CustomerDisplay,
    DeviceError,
    Drawer,
    DrawerShutError,
    PaymentTerminals,
    Printer,
    Renewing,
    SaleStore,
    StoreError,
    Uplink,
)

# Receipts that may wait for a slow printer; behind that they fail at once and are offered again.
MAX_WAITING_RECEIPTS = 32

# What answers an effect of its kind with one input. It raises StoreError at most.
Lookup: TypeAlias = Callable[[Any], Awaitable[Input]]
# What is begun after some time.
Later: TypeAlias = AskPayment | RemindWait | RemindDrawer
NO_LOOKUPS: Final[Mapping[type, Lookup]] = {}


@dataclass(frozen=True, slots=True)
class World:
    """The ports that effects go out through."""

    store: SaleStore
    drawer: Drawer
    printer: Printer
    cashier: CashierDisplay
    customer: CustomerDisplay
    uplink: Uplink
    payments: PaymentTerminals
    renewals: Renewing


class EffectRunner:
    """Begins each effect at once, without waiting for it. Receipts are printed in order by one
    worker, drafts are written by another, at most one in `draft_interval_ms`.
    """

    def __init__(
        self,
        world: World,
        *,
        clock: Clock,
        answer: Callable[[Input], None],
        restart: Callable[[], None],
        draft_interval_ms: int,
        lookups: Mapping[type, Lookup] = NO_LOOKUPS,
    ) -> None:
        self._clock = clock
        self._store = world.store
        self._drawer = world.drawer
        self._printer = world.printer
        self._cashier = world.cashier
        self._customer = world.customer
        self._answer = answer
        self._draft_interval_ms = draft_interval_ms
        self._tasks: asyncio.TaskGroup | None = None
        self._receipts: deque[PrintReceipt] = deque()
        self._receipt_waits = asyncio.Event()
        self._draft: Basket | None = None
        self._draft_waits = asyncio.Event()
        self._store_broken = False
        self.up = asyncio.Event()
        self.under_way = 0
        self._nothing_under_way = asyncio.Event()
        self._nothing_under_way.set()
        self._log = structlog.get_logger("edge.effects")
        asks = PaymentAsks(world.payments, world.store, world.uplink, clock)
        self._begin_by_type: dict[type, Callable[[Any], None]] = {
            ShowScreens: self._show,
            Beep: lambda effect: world.cashier.beep(effect.tone),
            SaveDraft: self._save_draft,
            StoreEntries: self._store_entries,
            FindSale: lambda effect: self._spawn(self._find_sale(effect)),
            OpenDrawer: lambda effect: self._spawn(self._open_drawer(effect)),
            PrintReceipt: self._queue_receipt,
            PayIntent: partial(self._begin_lookup, asks.pay),
            AskPayment: partial(self._begin_later, asks.ask),
            RemindWait: partial(self._begin_later, asks.remind),
            RemindDrawer: partial(self._begin_later, self._remind_drawer),
            RecordEntries: lambda effect: self._spawn(self._record(asks, effect)),
            RecordLive: lambda effect: self._spawn(self._record(asks, effect)),
            DropReceipt: lambda effect: self._spawn(self._settle(effect.effect_id, done=False)),
            BeginAnew: lambda effect: world.renewals.begin_anew(effect.device),
            WakeUplink: lambda _: world.uplink.wake(),
            Restart: lambda _: restart(),
            **{kind: partial(self._begin_lookup, lookup) for kind, lookup in lookups.items()},
        }

    async def run(self) -> None:
        """Carry effects out until cancelled; a bug in one of them ends this with its exception."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self.up.set()
            tasks.create_task(self._print_receipts())
            tasks.create_task(self._write_drafts())

    def begin(self, effect: Effect) -> None:
        """Begin one effect; never blocks."""
        self._begin_by_type[type(effect)](effect)

    async def drained(self) -> None:
        """Return once nothing that was begun is under way any more."""
        await self._nothing_under_way.wait()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._tasks is not None, "an effect before run()"
        self._started()
        self._tasks.create_task(work).add_done_callback(lambda _: self._finished())

    def _started(self) -> None:
        self.under_way += 1
        self._nothing_under_way.clear()

    def _finished(self) -> None:
        self.under_way -= 1
        if not self.under_way:
            self._nothing_under_way.set()

    def _show(self, effect: ShowScreens) -> None:
        self._cashier.show(effect.cashier)
        self._customer.show(effect.customer)

    # --- the store

    def _store_entries(self, effect: StoreEntries) -> None:
        if effect.ends_basket:
            # A draft that still waits must not bring a sold or cancelled basket back.
            self._draft = None
        self._spawn(self._commit(effect))

    async def _commit(self, effect: StoreEntries) -> None:
        try:
            committed = await self._store.commit(
                effect.at,
                effect.entries,
                ends_basket=effect.ends_basket,
                opens_drawer=effect.opens_drawer,
                prints_receipt=effect.prints_receipt,
                holds=effect.holds,
                recalls=effect.recalls,
            )
        except StoreError as error:
            self._store_failed(error)
            return
        self._answer(
            SaleStored(
                effect.at,
                committed.epoch,
                committed.seq,
                committed.drawer_effect,
                committed.receipt_effect,
                self._clock.now(),
            )
        )

    async def _find_sale(self, effect: FindSale) -> None:
        at = self._clock.now()
        try:
            found = await self._store.find_sale(effect.receipt_no, at)
        except StoreError as error:
            self._store_failed(error)
            return
        self._answer(found or SaleMissing(at, effect.receipt_no))

    def _begin_lookup(self, lookup: Lookup, effect: Effect) -> None:
        self._spawn(self._look_up(lookup, effect))

    def _begin_later(self, lookup: Lookup, effect: Later) -> None:
        if effect.after_ms:
            # What waits for its time is nothing under way: a stop leaves it to the next start.
            assert self._tasks is not None, "an effect before run()"
            self._tasks.create_task(self._wait_and_look_up(lookup, effect))
        else:
            self._begin_lookup(lookup, effect)

    async def _wait_and_look_up(self, lookup: Lookup, effect: Later) -> None:
        await self._clock.sleep_ms(effect.after_ms)
        self._begin_lookup(lookup, effect)

    async def _record(self, asks: PaymentAsks, effect: RecordEntries | RecordLive) -> None:
        try:
            await asks.record(effect)
        except StoreError as error:
            self._store_failed(error)

    async def _look_up(self, lookup: Lookup, effect: Effect) -> None:
        try:
            answer = await lookup(effect)
        except StoreError as error:
            self._store_failed(error)
            return
        self._answer(answer)

    async def _settle(self, effect_id: int, *, done: bool) -> None:
        try:
            await self._store.settle_effect(effect_id, done=done)
        except StoreError as error:
            self._store_failed(error)

    def _store_failed(self, error: StoreError) -> None:
        """Told once: after the first failed write every other one fails as well."""
        if self._store_broken:
            return
        self._store_broken = True
        self._log.error("store_failed", failure=error.failure.value, detail=str(error))
        self._answer(StoreFailed(self._clock.now(), error.failure))

    def _save_draft(self, effect: SaveDraft) -> None:
        self._draft = effect.basket
        self._draft_waits.set()

    async def _write_drafts(self) -> None:
        while True:
            await self._draft_waits.wait()
            self._draft_waits.clear()
            if self._draft is not None:
                began_ms = self._clock.now().mono_ms
                await self.keep_draft()
                # From one beginning to the next: a slow disk must not add to what may be lost.
                spent_ms = self._clock.now().mono_ms - began_ms
                await self._clock.sleep_ms(max(0, self._draft_interval_ms - spent_ms))

    async def keep_draft(self) -> None:
        """Write the draft that waits for its turn, if one does, at once: before the till stops."""
        basket, self._draft = self._draft, None
        if basket is None:
            return
        try:
            await self._store.save_draft(basket, self._clock.now())
        except StoreError as error:
            self._store_failed(error)

    # --- devices

    async def _open_drawer(self, effect: OpenDrawer) -> None:
        pulse = await self._pulse()
        # Before the disk, which may be slow: what opens the drawer from now on is no pulse.
        self._answer(DrawerPulsed(self._clock.now(), effect.effect_id, pulse))
        await self._settle(effect.effect_id, done=pulse is not Pulse.NOT_GIVEN)

    async def _pulse(self) -> Pulse:
        try:
            await self._drawer.open()
        except DeviceError as error:
            given = isinstance(error, DrawerShutError)
            self._log.warning("drawer_failed", pulse_given=given, detail=str(error))
            return Pulse.UNOPENED if given else Pulse.NOT_GIVEN
        return Pulse.OPENED

    async def _remind_drawer(self, _effect: RemindDrawer) -> DrawerReminded:
        """At once: it has waited already."""
        return DrawerReminded(self._clock.now())

    def _queue_receipt(self, effect: PrintReceipt) -> None:
        if len(self._receipts) >= MAX_WAITING_RECEIPTS:
            self._answer(ReceiptFailed(self._clock.now(), effect.effect_id))
            return
        self._started()
        self._receipts.append(effect)
        self._receipt_waits.set()

    async def _print_receipts(self) -> None:
        while True:
            while not self._receipts:
                self._receipt_waits.clear()
                await self._receipt_waits.wait()
            await self._print(self._receipts.popleft())
            self._finished()

    async def _print(self, effect: PrintReceipt) -> None:
        try:
            await self._printer.print_receipt(str(effect.effect_id), effect.receipt)
        except DeviceError as error:
            self._log.warning("receipt_failed", detail=str(error))
            self._answer(ReceiptFailed(self._clock.now(), effect.effect_id))
            return
        await self._settle(effect.effect_id, done=True)
        self._answer(ReceiptPrinted(self._clock.now(), effect.effect_id))
