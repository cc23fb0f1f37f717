"""An ESC/POS printer behind any line of bytes: jobs one after the other, its status, its drawer."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Receipt
from edge.checkout.troubles import Trouble
from edge.drivers.lifecycle import LifeCycle, together
from edge.drivers.lines.line import Line
from edge.drivers.printers.printer_escpos import INITIALISE, drawer_pulse, encode, wake
from edge.drivers.printers.printer_patience import Patience, Sender
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.printers.printer_status import TO_DO, Mark, PrinterStatus, StatusReader
from edge.drivers.printers.trouble_teller import TroubleTeller
from edge.drivers.settings import Surroundings
from edge.ports import DeviceError

# An effect log hands out jobs one by one; more waiting ones mean that somebody is looping.
MAX_WAITING_JOBS = 8
# Retries come within a day's last receipts; an id with its flag takes about 200 bytes.
REMEMBERED_JOBS = 1_000
# A cashier who has closed the cover looks up.
ASK_AGAIN_MS = 500
# A cashier who has put a new roll in sees soon that all is well.
TROUBLE_POLL_MS = 2_000
# Within a receipt it is asked this often: what is the matter is known before its buffer, 4 KB in a
# cheap one, is full and no question comes through any more; and a serial printer that was off for
# half a second, in which everything sent to it was lost, owes an answer.
ASK_EVERY_BYTES = 512
STOPPED_ANSWERING = "stopped answering; check its power and cable"
NEVER_SAID = "does not say that the receipt is printed"
MAYBE_PRINTED = "the receipt may be on paper; look, and print a copy if it is not"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A receipt that the printer has wholly, and how it will say that it is on paper: over this
    line, if at all.
    """

    line: Line
    mark: Mark | None


class EscposPrinter:
    """Prints each job once: an id that was wholly handed over is not sent again. A copy, which the
    cashier asks for, is a job of its own beside the original's.
    """

    def __init__(
        self,
        settings: PrinterModel,
        around: Surroundings,
        open_line: Callable[[], Awaitable[Line]],
    ) -> None:
        self.name = settings.name
        self._settings = settings
        self._clock = around.clock
        self._life = LifeCycle(settings.name, settings.reopen, around, open_line, self._serve)
        self._teller = TroubleTeller(settings.name, around)
        self._line: Line | None = None
        self._reader = StatusReader()
        self._heard = asyncio.Event()
        self._silent = False
        self._has_answered = False
        self._no_answer = False
        # One job at a time, and one writer at a time: the drawer's pulse waits for no receipt, but
        # for the one command of it that is being written.
        self._jobs = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._printing = False
        self._torn = False
        self._done: OrderedDict[tuple[str, bool], HandedOver | None] = OrderedDict()

    @property
    def state(self) -> DeviceState:
        return self._life.state

    @property
    def status(self) -> PrinterStatus | None:
        """What the printer last said over this connection, None while that is unknown."""
        return self._reader.status

    @property
    def has_answered(self) -> bool:
        """Whether it ever did since the daemon started: whether there is a way back from it."""
        return self._has_answered

    async def run(self) -> None:
        await together(self._life.run(), self._teller.run())

    async def print_receipt(self, job_id: str, receipt: Receipt) -> None:
        """Return when it is on paper, as far as the printer tells. Raises DeviceError when that is
        not known, or not so.
        """
        job = (job_id, receipt.copy)
        before_ms = self._settings.job_timeout_ms + self._settings.trouble_timeout_ms
        async with self._alone(self._jobs, before_ms):
            if job not in self._done:
                self._remember(job, await self._hand_over(receipt))
            handed = self._done[job]
            if handed is not None:
                await self._until_printed(handed)
                self._done[job] = None
                self._torn = False

    async def kick_drawer(self, pin: int, pulse_ms: int, timeout_ms: int) -> None:
        """One pulse on the drawer connector, ahead of what is left of a receipt; a printer that
        answers has it when this returns. Raises DeviceError when the printer is away, in trouble,
        silent though it has answered before, or busy for `timeout_ms`; what it has not taken by
        then is not sent later.
        """
        async with self._alone(self._turn, timeout_ms):
            line = self._connected()
            # While it prints, or hears what greeted it, a printer may answer late.
            is_late = self._printing or (self._awaited and not self._no_answer)
            patience_ms = timeout_ms if is_late else self._settings.status_timeout_ms
            await self._refuse_in_trouble(line, patience_ms)
            try:
                await self._pulse(line, drawer_pulse(pin, pulse_ms), timeout_ms)
            except asyncio.CancelledError:
                # Nobody waits for the drawer any more: it must not open then.
                line.broken("a drawer command was given up")
                raise

    async def _pulse(self, line: Line, pulse: bytes, timeout_ms: int) -> None:
        line.write(pulse)
        answers = self._reader.status is not None
        if answers:
            # Its answer says that it has the pulse, which TCP's acknowledgement does not.
            self._ask(line)
        # A line that moves too slowly is given up as well, but one that stands still is said to.
        await self._sender(line, Patience(self._clock, 2 * timeout_ms, 0)).all_sent(timeout_ms)
        if answers and not await self._answers_within(line, timeout_ms):
            raise self._gone_silent(line)

    # --- the connection

    async def _serve(self, line: Line) -> None:
        self._reader = StatusReader(self._reader.last_number)
        self._silent = False
        self._line = line
        if self._no_answer:
            self._teller.set(Trouble.NO_ANSWER)
        try:
            self._greet(line)
            while True:
                data = await line.read_within(self._poll_ms())
                if data:
                    self._hear(data)
                elif not self._turn.locked() and not self._printing:
                    self._poll(line)
        finally:
            self._line = None
            # Whoever waits for an answer finds the line broken.
            self._heard.set()
            self._teller.lost()

    def _greet(self, line: Line) -> None:
        """Wake it, learn whether it says when a receipt is printed, and take back what a printer
        that knows no such question makes of it; then ask how it is, so that an answer says that it
        has all that.
        """
        line.write(wake(self._settings.paper, torn=self._torn))
        if self._settings.paper.end_mark:
            line.write(self._reader.probe() + INITIALISE)
        self._ask(line)

    def _hear(self, data: bytes) -> None:
        self._reader.feed(data)
        if self._reader.status is not None:
            self._has_answered, self._no_answer = True, False
            # Answered behind what it was greeted with, it has that; a receipt may still tear.
            self._torn = self._torn and self._jobs.locked()
            self._teller.set(self._reader.status.worst)
        self._heard.set()

    def _poll_ms(self) -> int:
        poll_ms = self._settings.status_poll_ms
        is_urgent = self._in_trouble() or self._awaited
        return min(TROUBLE_POLL_MS, poll_ms) if is_urgent else poll_ms

    def _poll(self, line: Line) -> None:
        """Ask without waiting; who answered before and has not since the last poll is gone."""
        if self._reader.status is not None and not self._reader.answered:
            raise self._given_up_as_silent(line)
        if self._awaited:
            self._miss_answer()
        # A printer that never reads gets no more questions than its buffers hold.
        if line.unsent() == 0:
            self._ask(line)

    def _ask(self, line: Line) -> None:
        line.write(self._reader.ask())

    async def _answers_within(self, line: Line, timeout_ms: int) -> bool:
        """Whether every question is answered by then. Raises DeviceError without the line."""
        return await self._hears(line, lambda: self._reader.answered, timeout_ms)

    async def _hears(self, line: Line, enough: Callable[[], bool], timeout_ms: int) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_ms / 1000):
                while line is self._line and not enough():
                    self._heard.clear()
                    await self._heard.wait()
        if line is not self._line:
            raise line.broken("closed")
        return enough()

    async def _refuse_in_trouble(self, line: Line, timeout_ms: int) -> None:
        """Ask, and raise DeviceError when the answer says that it can't print, or when a printer
        that has answered before, over whichever connection, stays silent. One that never did is
        waited for once a connection.
        """
        if self._no_answer and line.unsent() == 0:
            # What it was asked when it did not listen is lost.
            self._ask(line)
        if self._awaited or (self._reader.status is None and not self._silent):
            # The question of the moment it was connected; its answer may be out of date already.
            self._silent = not await self._answers_within(line, timeout_ms)
        if self._awaited:
            self._miss_answer()
            raise DeviceError(f"{self.name}: {TO_DO[Trouble.NO_ANSWER]}")
        self._ask(line)
        if self._reader.status is not None and not await self._answers_within(line, timeout_ms):
            raise self._gone_silent(line)
        status = self._reader.status
        if status is not None and status.trouble is not None:
            raise DeviceError(f"{self.name}: {status.trouble}")

    def _gone_silent(self, line: Line) -> DeviceError:
        if self._printing:
            # A receipt is waited for: the line is given up by whoever waits.
            return DeviceError(f"{self.name}: {STOPPED_ANSWERING}")
        return self._given_up_as_silent(line)

    def _given_up_as_silent(self, line: Line) -> DeviceError:
        self._no_answer = True
        return line.broken(STOPPED_ANSWERING)

    @property
    def _awaited(self) -> bool:
        """Whether it owes an answer over this connection: it answered over one before."""
        return self._has_answered and self._reader.status is None

    def _miss_answer(self) -> None:
        self._no_answer = True
        self._teller.set(Trouble.NO_ANSWER)

    # --- a job

    async def _hand_over(self, receipt: Receipt) -> HandedOver:
        """Send all of it. Raises DeviceError when not all of it could be sent."""
        async with self._turn:
            line = self._connected()
            # What greeted it may still be on its way, over a slow line.
            await self._sender(line, self._patience()).all_sent(self._settings.stall_timeout_ms)
            await self._refuse_in_trouble(line, self._settings.status_timeout_ms)
        self._torn = True
        with self._at_work(line):
            return HandedOver(line, await self._send(line, receipt))

    @contextmanager
    def _at_work(self, line: Line) -> Iterator[None]:
        """A receipt is sent or printed; given up, it takes the line with it."""
        self._printing = True
        try:
            yield
        except asyncio.CancelledError:
            # Half a receipt may be out; the next one must not continue its line.
            line.broken("a receipt was given up")
            raise
        finally:
            self._printing = False

    async def _send(self, line: Line, receipt: Receipt) -> Mark | None:
        settings = self._settings
        sender = self._sender(line, self._patience())
        unasked = 0
        for chunk in encode(receipt, settings.paper):
            # Between two chunks, which are whole commands, it is the drawer's turn.
            async with self._turn:
                line.write(chunk)
                unasked += len(chunk)
                if unasked >= ASK_EVERY_BYTES and self._reader.status is not None:
                    self._ask(line)
                    unasked = 0
                await sender.room(settings.most_ahead, settings.stall_timeout_ms)
        async with self._turn:
            question, mark = self._reader.mark()
            line.write(question)
            await sender.all_sent(settings.stall_timeout_ms)
        return mark

    async def _until_printed(self, handed: HandedOver) -> None:
        """Wait for the printer to say so; while it is in trouble that can be put right, longer.
        Without a mark, a printer that answers and is in no trouble is believed to print what it
        has. One that never answered is not waited for.
        """
        if handed.line is not self._line:
            raise DeviceError(f"{self.name}: {MAYBE_PRINTED}")
        with self._at_work(handed.line):
            await self._watch(handed.line, handed.mark)

    async def _watch(self, line: Line, mark: Mark | None) -> None:
        def has_printed() -> bool:
            return mark is not None and self._reader.has_reached(mark)

        def may_have_printed() -> bool:
            return mark is not None and self._reader.may_have_reached(mark)

        patience = self._patience()
        while self._reader.status is not None and not has_printed():
            self._ask(line)
            # While it still prints, a printer may answer late.
            if not await self._answers_within(line, self._settings.stall_timeout_ms):
                raise self._given_up_as_silent(line)
            trouble = self._reader.status.trouble
            if mark is not None:
                line.write(self._reader.again(mark))
            elif trouble is None:
                return
            await self._hears(line, may_have_printed, ASK_AGAIN_MS)
            patience.spend(in_trouble=trouble is not None)
            if patience.is_over and not has_printed():
                if trouble is not None:
                    raise DeviceError(f"{self.name}: {trouble}")
                # Half of it may be out, and what comes next must not continue its strip.
                raise line.broken(NEVER_SAID)
        if self._in_trouble():
            # It has printed, so that is over; the till is told with the answer.
            self._ask(line)

    def _patience(self) -> Patience:
        return Patience(
            self._clock, self._settings.job_timeout_ms, self._settings.trouble_timeout_ms
        )

    def _sender(self, line: Line, patience: Patience) -> Sender:
        return Sender(line, self._clock, patience, self._in_trouble)

    def _in_trouble(self) -> bool:
        return self._reader.status is not None and self._reader.status.trouble is not None

    def _remember(self, job: tuple[str, bool], handed: HandedOver) -> None:
        self._done[job] = handed
        if len(self._done) > REMEMBERED_JOBS:
            self._done.popitem(last=False)

    def _connected(self) -> Line:
        if self._line is None:
            raise DeviceError(f"{self.name}: not connected; check cable and power")
        return self._line

    @asynccontextmanager
    async def _alone(self, lock: asyncio.Lock, timeout_ms: int) -> AsyncIterator[None]:
        """Alone with the printer. Raises DeviceError when that takes too long."""
        if self._waiting >= MAX_WAITING_JOBS:
            raise DeviceError(f"{self.name}: {MAX_WAITING_JOBS} jobs wait already")
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                await lock.acquire()
        except TimeoutError:
            raise DeviceError(f"{self.name}: busy for {timeout_ms} ms") from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            lock.release()
