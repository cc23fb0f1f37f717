"""The hands and eyes at the till: keys and scans in, and nothing more until the till took them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from edge.checkout.effects import Tone
from edge.checkout.inputs import Key
from edge.checkout.screens import CashierScreen
from edge.checkout.session import Session, State
from edge.clock import VirtualClock
from edge.compose import House
from edge.effect_runner import World
from edge.ports import CashierDisplay
from edge.replay.refused import ReplayRefused
from edge.replay.rolls import Invoice, RollLine, RollProduct

# Whatever else comes into the inbox meanwhile (the uplink came or went) finds room beside the keys.
INBOX_ROOM = 16
# Receipts that may be on their way to paper while the next customer is served.
RECEIPTS_BEHIND = 8

PRICE_TASK = (Key.MENU, Key.DIGIT_1, Key.DIGIT_5)
RETURN_TASK = (Key.MENU, Key.DIGIT_1, Key.DIGIT_2)
STOCK_IN_TASK = (Key.MENU, Key.DIGIT_3, Key.DIGIT_1)
STOCK_OUT_TASK = (Key.MENU, Key.DIGIT_3, Key.DIGIT_2)


class Scanner(Protocol):
    def scan(self, code: str) -> bool: ...


class Keypad(Protocol):
    def press(self, key: Key) -> bool: ...


class Eyes:
    """A cashier's display that somebody watches; every step of the till shows on it."""

    def __init__(self, display: CashierDisplay) -> None:
        self._display = display
        self._shown = asyncio.Event()
        self._refused = False
        self._notice = ""

    def show(self, screen: CashierScreen) -> None:
        self._display.show(screen)
        if self._refused and not self._notice:
            self._notice = screen.notice or "a beep"
        self._shown.set()

    def beep(self, tone: Tone) -> None:
        self._display.beep(tone)
        self._refused = self._refused or tone is Tone.REFUSED

    async def until(self, seen: Callable[[], bool]) -> None:
        """Return when that can be seen. Raises ReplayRefused with the screen's words when the till
        refused something.
        """
        while not self._notice and not seen():
            self._shown.clear()
            await self._shown.wait()
        if self._notice:
            raise ReplayRefused(f"the till refused: {self._notice}")


class Watch:
    """Puts `eyes` between the effects and the cashier's display."""

    eyes: Eyes

    def __call__(self, world: World) -> World:
        self.eyes = Eyes(world.cashier)
        return replace(world, cashier=self.eyes)


class Cashier:
    """Rings invoices up, one after the other, on a clock that stands at each one's own time."""

    def __init__(
        self,
        house: House,
        eyes: Eyes,
        clock: VirtualClock,
        hands: tuple[Scanner, Keypad],
        *,
        inbox_limit: int,
    ) -> None:
        self._till = house.till
        self._inbox = house.inbox
        self._eyes = eyes
        self._clock = clock
        self._scanner, self._keypad = hands
        self._most_waiting = inbox_limit - INBOX_ROOM

    async def ring_up(self, invoice: Invoice, products: Mapping[str, RollProduct]) -> None:
        """The invoice's sale or refund, then its stock adjustments, in their order. Raises
        ReplayRefused, with the invoice's number, when the till did something else.
        """
        self._clock.set_utc_ms(invoice.at_utc_ms)
        try:
            if invoice.lines:
                await self._trade(invoice, products)
            if invoice.adjustments:
                await self._adjust(invoice.adjustments)
        except ReplayRefused as refused:
            raise ReplayRefused(f"invoice {invoice.number}: {refused}") from refused

    async def finish(self) -> None:
        """Return when the last receipt is on paper."""
        await self._until(lambda session: not session.printing)

    async def _trade(self, invoice: Invoice, products: Mapping[str, RollProduct]) -> None:
        if invoice.is_refund:
            await self._press(*RETURN_TASK)
        for line in invoice.lines:
            await self._enter(line, products[line.code].list_price_minor)
        receipt_no = self._till.session.next_receipt_no
        if not invoice.by_card:
            await self._press(Key.CASH)
        elif invoice.is_refund:
            await self._press(Key.CARD)
        else:
            await self._press(Key.CARD, Key.ENTER)
        await self._until(lambda session: session.next_receipt_no > receipt_no)
        self._check(invoice)
        await self._until(lambda session: len(session.printing) <= RECEIPTS_BEHIND)

    def _check(self, invoice: Invoice) -> None:
        sale = self._till.session.last_sale
        assert sale is not None, "a receipt without a sale"
        if (len(sale.lines), sale.total_minor) != (len(invoice.lines), invoice.total_minor):
            raise ReplayRefused(
                f"the till has {len(sale.lines)} lines and {sale.total_minor} pence,"
                f" the rolls {len(invoice.lines)} and {invoice.total_minor}"
            )

    async def _enter(self, line: RollLine, list_price_minor: int) -> None:
        await self._scan(line.units, line.code)
        if line.price_minor != list_price_minor:
            await self._press(*_digits(line.price_minor), *PRICE_TASK)

    async def _adjust(self, adjustments: Sequence[tuple[str, int]]) -> None:
        """In and out as they come; each is on record before the next one is scanned."""
        task: tuple[Key, ...] = ()
        for code, units in adjustments:
            wanted = STOCK_IN_TASK if units > 0 else STOCK_OUT_TASK
            if wanted != task:
                await self._press(*((Key.CLEAR,) if task else ()), *wanted)
                task = wanted
            await self._scan(abs(units), code)
            await self._until(lambda session: session.state is State.STOCKING)
        await self._press(Key.CLEAR)
        await self._until(lambda session: session.state is State.IDLE)

    async def _scan(self, units: int, code: str) -> None:
        """`n X` and the code; one piece needs no number."""
        if units > 1:
            await self._press(*_digits(units), Key.TIMES)
        await self._room()
        assert self._scanner.scan(code), "the inbox had room"

    async def _press(self, *keys: Key) -> None:
        for key in keys:
            await self._room()
            assert self._keypad.press(key), "the inbox had room"

    async def _room(self) -> None:
        """A full inbox loses what is offered, so nothing is offered before the till caught up."""
        if self._inbox.waiting >= self._most_waiting:
            await self._until(lambda _session: True)

    async def _until(self, seen: Callable[[Session], bool]) -> None:
        """Return when the till took all that waited and its session is as wanted."""
        await self._eyes.until(lambda: not self._inbox.waiting and seen(self._till.session))


def _digits(number: int) -> tuple[Key, ...]:
    return tuple(Key(digit) for digit in str(number))
