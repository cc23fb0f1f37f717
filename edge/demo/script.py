"""The scripted day, played on the running house by its scanner and its keypad alone."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TextIO

from edge.checkout.paper.receipt import Receipt
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.paper.receipt_writer import receipt_code
from edge.checkout.paper.width import wrap
from edge.checkout.session import State
from edge.demo.house import DEVICE, DemoHouse
from edge.demo.steps import (
    Act,
    DayStep,
    Network,
    PrinterCable,
    PutOnScale,
    Scan,
    ScanReceipt,
    Take,
    Type,
)

PAPER_COLUMNS = 40
TEXT_COLUMNS = 92
# Every answer comes within milliseconds; a machine that swaps needs no longer than this.
PATIENCE_S = 30


class NotAsExpected(Exception):  # noqa: N818 - a finding of the day, which the demo reports
    """A step did not lead to what it has to; the text says what was seen instead."""


class Player:
    """Does the acts of each step, waits until the till has answered all of it, and looks."""

    def __init__(self, house: DemoHouse, out: TextIO) -> None:
        self._house = house
        self._out = out
        self._shown = asyncio.Event()
        self._paper: list[Receipt] = []
        self.papers: list[Receipt] = []
        house.cashier.on_show = lambda _screen: self._shown.set()
        house.printer.on_receipt = self._paper.append

    def tell(self, line: str = "") -> None:
        self._out.write(f"{line}\n")

    async def play(self, day: Sequence[DayStep]) -> None:
        """The whole day. Raises NotAsExpected, or TimeoutError when the till does not answer."""
        if self._house.hq is not None:
            await self._until(lambda: self._house.till.till.session.online)
        for number, step in enumerate(day, 1):
            await self._play_step(number, step)

    async def _play_step(self, number: int, step: DayStep) -> None:
        self.tell(f"\n{number:2}. {step.what}")
        for line in wrap(" · ".join(map(in_words, step.acts)), TEXT_COLUMNS):
            self.tell(f"    {line}")
        pulses_before = self._house.drawer.pulses
        self._paper.clear()
        for act in step.acts:
            await self._do(act)
        self._tell_outcome(self._house.drawer.pulses - pulses_before)
        self._check(step, self._house.drawer.pulses - pulses_before)

    def _tell_outcome(self, pulses: int) -> None:
        screen = self._house.cashier.screen
        assert screen is not None, "nothing on the cashier's screen"
        said = [f"[{screen.title}]"]
        if screen.total:
            said.append(f"{screen.total_label} {screen.total}")
        said += [screen.notice] if screen.notice else []
        self.tell(f"    the screen: {'  '.join(said)}")
        if self._house.till.till.session.state is State.ASKING:
            for row in screen.rows:
                self.tell(f"        {row.left:<36} {row.middle:<28} {row.right}".rstrip())
        if pulses:
            self.tell("    the drawer opens")
        self.papers += self._paper
        for receipt in self._paper:
            self.tell()
            for line in lay_out(receipt, PAPER_COLUMNS):
                self.tell(f"        |{line or ' ' * PAPER_COLUMNS}|")

    def _check(self, step: DayStep, pulses: int) -> None:
        screen, session = self._house.cashier.screen, self._house.till.till.session
        assert screen is not None
        seen = (
            session.notice.word if session.notice else None,
            len(self._paper),
            pulses,
            screen.total if step.total is not None else None,
        )
        if seen != (step.says, step.prints, step.pulses, step.total):
            raise NotAsExpected(
                f"expected {step.says}, {step.prints} receipts, {step.pulses} pulses,"
                f" {step.total}; saw {seen}"
            )

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
                for key in act.pressed():
                    house.keypad.press(key)
            case ScanReceipt():
                house.scanner.scan(receipt_code(DEVICE, act.receipt_no))
            case Network():
                await self._set_network(up=act.up)
            case PrinterCable():
                await self._set_printer(plugged=act.plugged)
        await self._settled()

    async def _set_network(self, *, up: bool) -> None:
        hq = self._house.hq
        if hq is None:
            self.tell("    there is no network in this demo; the till is offline all day")
            return
        if up:
            await hq.cable.mend()
        else:
            hq.cable.cut()
        await self._until(lambda: self._house.till.till.session.online is up)
        if up:
            waited = await self.backlog()
            await self.delivered()
            self.tell(f"    {waited} records had waited; headquarters has them all")

    async def _set_printer(self, *, plugged: bool) -> None:
        printer = self._house.printer
        if plugged:
            printer.replug()
        else:
            printer.unplug()
        session = self._house.till.till
        await self._until(lambda: (printer.name in session.session.lost_devices) is not plugged)

    async def backlog(self) -> int:
        """The records that headquarters has not acknowledged yet."""
        head = await self._house.till.store.journal_head()
        return head.last_seq - head.acked_through

    async def delivered(self) -> None:
        """Return when headquarters has the whole journal."""
        assert self._house.hq is not None
        head = await self._house.till.store.journal_head()
        async with asyncio.timeout(PATIENCE_S):
            await self._house.hq.ingest.wait_for(DEVICE, head.epoch, head.last_seq)

    async def _settled(self) -> None:
        """Return when the till has taken every input and carried out all that came of it."""
        inbox, runner = self._house.till.inbox, self._house.till.runner
        async with asyncio.timeout(PATIENCE_S):
            while inbox.waiting or runner.under_way:
                await runner.drained()
                await asyncio.sleep(0)

    async def _until(self, seen: Callable[[], bool]) -> None:
        """Return when it is so; looked at whenever the cashier's screen changes."""
        async with asyncio.timeout(PATIENCE_S):
            while not seen():
                self._shown.clear()
                await self._shown.wait()


def in_words(act: Act) -> str:
    """What an onlooker sees the cashier do."""
    match act:
        case Take() if act.weight_g:
            return f"scan the label of {act.weight_g} g of {act.name}"
        case Take():
            return f"scan {act.name}"
        case PutOnScale():
            return f"{act.weight_g} g on the scale"
        case Scan():
            return f"scan {act.what}"
        case Type():
            return f"keys {act.keys}"
        case ScanReceipt():
            return f"scan receipt {act.receipt_no}"
        case Network():
            return "plug the network in" if act.up else "cut the network"
        case PrinterCable():
            return "plug the printer in" if act.plugged else "unplug the printer"
