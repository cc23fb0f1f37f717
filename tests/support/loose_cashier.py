"""A cashier who goes on selling at a counter on which every plug is loose."""

import asyncio
from collections.abc import Callable
from random import Random

from edge.checkout.inputs import DeviceState, Key
from edge.checkout.session import Session, State
from edge.checkout.words.texts import Word
from edge.compose import House
from edge.drivers.keys.keypad_serial import default_keymap
from tests.support.loose_plugs import WITH_PATHS, LooseCounter

# When more papers wait, the cashier does so too: the till offers the last twenty again.
PATIENT = 6
BYTE_OF = {key: character.encode() for character, key in default_keymap().items()}
AT_THE_GOODS = frozenset({State.IDLE, State.SELLING})


class Cashier:
    """Sells, whatever comes off: looks at the till and does what comes next."""

    def __init__(self, house: House, counter: LooseCounter, dice: Random) -> None:
        self._house = house
        self._counter = counter
        self._dice = dice
        self.is_to_stop = False

    @property
    def session(self) -> Session:
        return self._house.till.session

    def state(self, name: str) -> DeviceState:
        (driver,) = [each for each in self._house.devices.all if each.name == name]
        return driver.state  # type: ignore[attr-defined] # every driver of this counter has one

    def is_ready(self, name: str) -> bool:
        is_there = name in self._counter.plugged and self.state(name) is DeviceState.READY
        return is_there and (name not in WITH_PATHS or self._counter.is_open(name))

    @property
    def is_behind(self) -> bool:
        """Whether too many papers wait for another sale."""
        return len(self.session.printing) + len(self.session.unprinted) > PATIENT

    async def until(self, condition: Callable[[], object]) -> None:
        """Looked at whenever something happens, once the till has made of it what it makes.
        AssertionError that says how everything stands when it takes too long.
        """
        while True:
            try:
                await self._counter.changes.until(condition)
            except TimeoutError:
                raise AssertionError(self._standing()) from None
            while self._house.inbox.waiting:  # noqa: ASYNC110 - the till takes it at its next turn
                await asyncio.sleep(0)
            if condition():
                return

    async def _keypad_has_gone(self) -> None:
        """Until its driver has seen so: what it had read before comes yet."""
        while self.state("keypad") is DeviceState.READY and not self.is_ready("keypad"):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
        await self.until(lambda: True)

    def _standing(self) -> str:
        """Of the till, of each device and of what is on its way, for whoever has to find out."""
        session, guns = self.session, self._counter.guns
        devices = {name: self.state(name).name for name in self._counter.names}
        return (
            f"{session.state.name}, entry {session.entry!r}, {session.notice}, {session.alarm}, "
            f"printing {session.printing}, not on paper {session.unprinted}; {devices}; "
            f"pulled {set(devices) - self._counter.plugged}; "
            f"not open {[name for name in devices if not self.is_ready(name)]}; "
            f"codes awaited {[name for name in guns if guns[name].awaits]}, "
            f"a key awaited: {self._counter.awaits_key}"
        )

    async def works(self) -> None:
        while not (self.is_to_stop and self._has_finished()):
            await self._next()

    async def sells(self) -> None:
        """One sale through each of the scanners, to its paper."""
        papers = len(self._counter.tray.whole)
        for name in self._counter.guns:
            await self._scan_with(name)
        # What is weighed stands in the basket once the scale has said it.
        await self.until(lambda: self.session.state in AT_THE_GOODS)
        await self.press(Key.CASH)
        await self.until(lambda: len(self._counter.tray.whole) > papers)
        # A latch that was asked for too often is an alarm to be read.
        going_on, self.is_to_stop = self.is_to_stop, True
        await self.works()
        self.is_to_stop = going_on

    def _has_finished(self) -> bool:
        session = self.session
        is_quiet = not (session.unprinted or session.printing or session.alarm or session.entry)
        return is_quiet and session.state is State.IDLE and session.basket is None

    async def _next(self) -> None:
        session = self.session
        if session.alarm is not None:
            # Any key takes it away; CLEAR would decline an offer that comes at this very moment.
            await self.press(Key.DIGIT_1)
        elif session.entry:
            await self.press(Key.CLEAR)
        elif session.printing and self.is_behind:
            await self.until(lambda: not self.session.printing)
        elif session.state is State.IDLE and session.unprinted:
            await self._take_offer()
        elif session.state is State.SELLING and self._dice.random() < 0.4:
            await self.press(Key.CASH)
        elif session.state is State.IDLE and self.is_to_stop:
            await self.until(lambda: self._has_finished() or self.session is not session)
        elif session.state in AT_THE_GOODS:
            await self.scan()
        else:
            await self.until(lambda: self.session.state in AT_THE_GOODS)

    async def _take_offer(self) -> None:
        """A copy of what is not on paper, once there is a printer; or a sale meanwhile, if few
        papers wait. Where another notice stands, a digit and CLEAR bring the offer back: CLEAR
        alone might decline it.
        """
        notice = self.session.notice
        if notice is None or notice.word is not Word.RECEIPT_PENDING:
            await self.press(Key.DIGIT_1)
        elif self.is_ready(self._counter.printer):
            await self.press(Key.ENTER)
        elif self.is_to_stop or self.is_behind:
            await self.until(lambda: self.is_ready(self._counter.printer))
        else:
            await self.scan()

    async def press(self, key: Key) -> None:
        await self.until(lambda: self.is_ready("keypad"))
        keys = self._counter.keys
        self._counter.keypad.send(BYTE_OF[key])
        self._counter.awaits_key = True
        await self.until(lambda: self._counter.keys > keys or not self.is_ready("keypad"))
        self._counter.awaits_key = False
        if self._counter.keys == keys:
            await self._keypad_has_gone()

    async def scan(self) -> None:
        """The next code of whichever scanner is ready; until it has arrived or was cut."""
        await self.until(self._guns_at_hand)
        await self._scan_with(self._dice.choice(self._guns_at_hand()))

    def _guns_at_hand(self) -> list[str]:
        """The scanners that work, and that nobody is about to unplug."""
        guns = self._counter.guns
        return [name for name in guns if self.is_ready(name) and not guns[name].is_pulled]

    async def _scan_with(self, name: str) -> None:
        gun = self._counter.guns[name]
        gun.scan()
        await self.until(lambda: not gun.awaits)
