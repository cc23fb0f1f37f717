"""Plays a shot in a demo shop of its own, without a terminal, and hands over its screen."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from edge.checkout.inputs import Key
from edge.checkout.paper.receipt_writer import receipt_code
from edge.checkout.screens import CashierScreen
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.checkout.unbidden import is_unread
from edge.checkout.words.texts import Saying
from edge.clock import SystemClock
from edge.compose import BUILD_UTC_MS
from edge.demo.house import DEVICE, DemoHouse, StartBroker, logging_to, open_house
from edge.demo.steps import (
    Act,
    Network,
    PrinterCable,
    PutOnScale,
    Scan,
    ScanReceipt,
    Take,
    Type,
)
from edge.hq.local_broker import BrokerMissingError, local_broker
from scripts.shot import Shot

PATIENCE_S: Final = 30
BUSY: Final = frozenset({State.STARTING, State.STORING, State.FINDING})


class ShotFailed(Exception):  # noqa: N818 - a finding, named like the shot
    """A shot's acts did not lead where it says; the text names it and what was seen."""


async def play(shot: Shot, language: Language) -> CashierScreen:
    """The screen that the shot leads to. Raises ShotFailed."""
    with (
        TemporaryDirectory(prefix="edge-guide-") as directory,
        logging_to(Path(directory) / "demo.log"),
    ):
        async with open_house(Path(directory), _broker_for(shot), language) as house:
            well = await _Cashier(house).plays(shot, language)
            screen = _screen(house)
    if not well:
        raise ShotFailed(f"{shot.name}: {shot.shows} is not on {screen}")
    return screen


def _broker_for(shot: Shot) -> StartBroker:
    """A real one where the network is part of the story; the others need not wait for it."""
    acts = (*shot.before, *shot.acts)
    return local_broker if any(isinstance(act, Network) for act in acts) else _no_broker


@asynccontextmanager
async def _no_broker() -> AsyncIterator[int]:
    raise BrokerMissingError("no headquarters in a picture")
    yield


class _Cashier:
    """Somebody at the till, who looks at the screen after each act."""

    def __init__(self, house: DemoHouse) -> None:
        self._house = house
        self._clock = SystemClock(BUILD_UTC_MS)
        self._shown = asyncio.Event()
        house.cashier.on_show = lambda _screen: self._shown.set()

    async def plays(self, shot: Shot, language: Language) -> bool:
        """Whether the shot leads to a screen that says what it has to."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._until(self._is_settled)
                if self._house.hq is not None:
                    await self._until(lambda: self._house.till.till.session.online)
                for act in (*shot.before, *shot.acts):
                    await self._do(act)
                    await self._until(self._is_settled)
                await self._until(lambda: _says(_screen(self._house), shot.shows, language))
        except TimeoutError:
            return False
        return True

    async def _do(self, act: Act) -> None:
        house = self._house
        match act:
            case Take():
                house.scanner.scan(house.shelf.named(act.name).scanned(act.weight_g))
            case PutOnScale():
                house.scale.grams = act.weight_g
            case Scan():
                house.scanner.scan(act.code)
            case Type():
                await self._type(act)
            case ScanReceipt():
                house.scanner.scan(receipt_code(DEVICE, act.receipt_no))
            case Network():
                await self._set_network(up=act.up)
            case PrinterCable(plugged=True):
                house.printer.replug()
            case PrinterCable():
                house.printer.unplug()

    async def _type(self, typed: Type) -> None:
        for key in typed.pressed():
            if key is Key.CLEAR:
                await self._until(self._has_read)
            self._house.keypad.press(key)

    async def _set_network(self, *, up: bool) -> None:
        hq = self._house.hq
        assert hq is not None, "a shot of the network without one"
        if up:
            await hq.cable.mend()
        else:
            hq.cable.cut()

    def _is_settled(self) -> bool:
        """Whether the till has taken every input and waits for the next one."""
        till = self._house.till
        return not till.inbox.waiting and till.till.session.state not in BUSY

    def _has_read(self) -> bool:
        """Whether a question that came up by itself has stood there for long enough; while a
        payment is waited for, the screen is shown anew each second.
        """
        session = self._house.till.till.session
        return self._is_settled() and not is_unread(session, self._clock.now())

    async def _until(self, seen: Callable[[], bool]) -> None:
        """Return when it is so; looked at whenever the screen changes."""
        while not seen():
            self._shown.clear()
            await self._shown.wait()


def _screen(house: DemoHouse) -> CashierScreen:
    screen = house.cashier.screen
    assert screen is not None, "nothing on the cashier's screen"
    return screen


def _says(screen: CashierScreen, word: Saying, language: Language) -> bool:
    """Whether the word stands anywhere on the screen, whatever its detail is."""
    rows = (f"{row.left} {row.middle} {row.right}" for row in screen.rows)
    seen = "\n".join((screen.title, screen.total_label, screen.notice, *screen.status, *rows))
    written = word.chinese if language is Language.CHINESE else word.english
    return all(piece in seen for piece in written.split("{}"))
