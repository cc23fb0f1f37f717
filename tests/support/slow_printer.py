"""A printer whose answers take their time, on a loop whose time is not the wall's: it jumps to the
next timer when nothing else is to be done, so that seconds cost nothing and are the same each run.
"""

import asyncio
import contextlib
import selectors
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Any

from edge.checkout.inputs import DeviceState
from edge.checkout.instant import ClockQuality, Instant
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.renewals import Renewals
from edge.ports import DeviceError
from tests.support.devices import QUICK_REOPEN, RecordingInbox, running, surroundings
from tests.support.escpos_reader import STATUS_FINE, EscposReader
from tests.support.printer_rigs import PAPER_OUT

STATUS_QUESTION = b"\x10\x04"


class JumpingLoop(asyncio.SelectorEventLoop):
    """Its timers are due as soon as there is nothing else."""

    def __init__(self) -> None:
        self.now_s = 0.0
        super().__init__(_JumpingSelector(self))

    def time(self) -> float:
        return self.now_s


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, loop: JumpingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "nothing will ever happen again"
        self._loop.now_s += max(0.0, timeout)
        return super().select(0)


def timeless(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that is run on such a loop. Its arguments are given by name."""

    def on_a_jumping_loop(**arguments: Any) -> None:
        with asyncio.Runner(loop_factory=JumpingLoop) as runner:
            runner.run(test(**arguments))

    on_a_jumping_loop.__name__ = test.__name__
    # What pytest looks for the names of the arguments at.
    on_a_jumping_loop.__wrapped__ = test  # type: ignore[attr-defined]
    return on_a_jumping_loop


class LoopClock:
    def now(self) -> Instant:
        mono_ms = now_ms()
        return Instant(1_700_000_000_000 + mono_ms, "boot", mono_ms, ClockQuality.SYNCED)

    async def sleep_ms(self, duration_ms: int) -> None:
        await asyncio.sleep(duration_ms / 1000)


def now_ms() -> int:
    return round(asyncio.get_running_loop().time() * 1000)


async def seconds(count: float) -> None:
    await asyncio.sleep(count)


class SlowPrinter:
    """A printer, and the wire to it. A byte takes `byte_ms`, on the wire or, with `has_buffer`,
    within the printer, which answers whatever it is asked when it comes to it; an answer arrives
    `late_ms` later, one in its turn by `turn_ms` more. `says` is what it makes of an answer that
    it should give, from all that it has heard over this wire and that.
    """

    def __init__(
        self, *, byte_ms: int = 0, late_ms: int = 0, turn_ms: int = 0, has_buffer: bool = False
    ) -> None:
        self.reader = EscposReader()
        self.says: Callable[[bytes, bytes], bytes] = lambda _heard, said: said
        self.late_ms, self.turn_ms = late_ms, turn_ms
        self.byte_ms = byte_ms
        self.is_off = False
        self.heard = bytearray()
        self.pulsed_at_ms: list[int] = []
        self.inbox = RecordingInbox()
        self.renewals = Renewals()
        self.wires: list[Wire] = []
        self._has_buffer = has_buffer
        self._queue = bytearray()
        self._working: asyncio.Task[None] | None = None

    async def open_line(self) -> "Wire":
        self.heard.clear()
        self.wires.append(Wire(self))
        return self.wires[-1]

    @contextlib.asynccontextmanager
    async def driven(self, **settings: object) -> AsyncIterator[EscposPrinter]:
        """Connected, and greeted."""
        model = PrinterModel.model_validate({"name": "printer", "reopen": QUICK_REOPEN, **settings})
        around = replace(surroundings(self.inbox, LoopClock()), renewals=self.renewals)
        driver = EscposPrinter(model, around, self.open_line)
        async with running(driver):
            await self.inbox.until_state("printer", DeviceState.READY)
            yield driver
        if self._working is not None:
            self._working.cancel()

    @property
    def titles(self) -> list[list[str]]:
        """Of each paper, the lines that begin a receipt."""
        return [[line for line in paper.text if "Receipt" in line] for paper in self.reader.papers]

    def runs_out_of_paper(self) -> None:
        self.reader.halted = True
        self.reader.status.update(PAPER_OUT)

    def goes_on(self) -> None:
        self.reader.status.update(STATUS_FINE)
        self.reader.on_line = lambda: None
        self.answer(self.reader.go_on())

    def is_pulled(self) -> None:
        self.wires[-1].broken("pulled")
        if not self._has_buffer:
            self._queue.clear()

    def loses_power(self) -> None:
        self.is_off = True
        self._queue.clear()
        self.reader.lose_power()

    def unsent(self) -> int:
        return 0 if self._has_buffer else len(self._queue)

    def take(self, data: bytes) -> None:
        if not self.byte_ms:
            self._work(data)
            return
        self._queue += data
        if self._working is None:
            self._working = asyncio.create_task(self._carry())

    async def _carry(self) -> None:
        while True:
            await asyncio.sleep(self.byte_ms / 1000)
            if self._queue:
                self._work(bytes([self._queue.pop(0)]))

    def _work(self, data: bytes) -> None:
        for place in range(0 if self.is_off else len(data)):
            byte = data[place : place + 1]
            self.heard += byte
            pulses = len(self.reader.pulses)
            self.answer(self.says(bytes(self.heard), self.reader.feed(byte)))
            self.pulsed_at_ms += [now_ms()] * (len(self.reader.pulses) - pulses)

    def answer(self, said: bytes) -> None:
        if said:
            in_turn = self.heard[-3:-1] != STATUS_QUESTION
            late_s = (self.late_ms + self.turn_ms * in_turn) / 1000
            asyncio.get_running_loop().call_later(late_s, self.wires[-1].arrive, said)


class Wire:
    """One connection to it."""

    def __init__(self, printer: SlowPrinter) -> None:
        self._printer = printer
        self._said = bytearray()
        self._fault = ""
        self._changed = asyncio.Event()

    def arrive(self, data: bytes) -> None:
        self._said += data
        self._changed.set()

    async def read_within(self, timeout_ms: int) -> bytes:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_ms / 1000):
                while not (self._said or self._fault):
                    self._changed.clear()
                    await self._changed.wait()
        self._check()
        said = bytes(self._said)
        self._said.clear()
        return said

    def write(self, data: bytes) -> None:
        self._check()
        self._printer.take(data)

    def unsent(self) -> int:
        self._check()
        return self._printer.unsent()

    def broken(self, cause: str) -> DeviceError:
        self._fault = self._fault or cause
        self._changed.set()
        return DeviceError(f"printer: {self._fault}")

    def _check(self) -> None:
        if self._fault:
            raise self.broken(self._fault)

    async def close(self) -> None:
        self.broken("closed")
