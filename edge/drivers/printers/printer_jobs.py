"""An ESC/POS printer behind any line of bytes: jobs one after the other, its status, its drawer."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Receipt
from edge.checkout.troubles import Trouble
from edge.drivers.lifecycle import LifeCycle, together
from edge.drivers.lines.line import Line
from edge.drivers.printers.printer_escpos import drawer_pulse, encode, wake
from edge.drivers.printers.printer_patience import Deadline, Patience, Sender
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.printers.printer_shown import Shown
from edge.drivers.printers.printer_status import TO_DO, End, Mark, PrinterStatus
from edge.drivers.printers.printer_talk import Talk
from edge.drivers.printers.trouble_teller import TroubleTeller
from edge.drivers.settings import Surroundings
from edge.ports import DeviceError

# An effect log hands out jobs one by one; more waiting ones mean that somebody is looping.
MAX_WAITING_JOBS = 8
# Retries come within a day's last receipts; an id with its flag takes about 200 bytes.
REMEMBERED_JOBS = 1_000
# A cashier who has put a new roll in sees soon that all is well.
TROUBLE_POLL_MS = 2_000
# Within a receipt it is asked this often: what is the matter is known before its buffer, 4 KB in a
# cheap one, is full and no question comes through any more; and a serial printer that was off for
# half a second, in which everything sent to it was lost, owes an answer.
ASK_EVERY_BYTES = 512
NEVER_SAID = "does not say that the receipt is printed"
SAYS_NO_MORE = (
    "says no more when a receipt is printed; if it is another printer, reconnect it: MENU 93, its"
    " number, ENTER"
)
MAYBE_PRINTED = "the receipt may be on paper; look, and print a copy if it is not"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A receipt that the printer has wholly, and how it will say that it is on paper: over this
    connection, if at all.
    """

    talk: Talk
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
        self._life = LifeCycle(
            settings.name, settings.reopen, around, open_line, self._serve, self._forget
        )
        self._teller = TroubleTeller(settings.name, around)
        self._shown = self._nothing_shown()
        self._talk: Talk | None = None
        # One job at a time, and one writer at a time: the drawer's pulse waits for no receipt, but
        # for the one command of it that is being written.
        self._jobs = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._printing = False
        # Where a receipt was begun that is not known to be on paper.
        self._torn: Talk | None = None
        self._done: OrderedDict[tuple[str, bool], HandedOver | None] = OrderedDict()

    @property
    def state(self) -> DeviceState:
        return self._life.state

    @property
    def status(self) -> PrinterStatus | None:
        """What the printer last said over this connection, None while that is unknown."""
        return self._talk.reader.status if self._talk is not None else None

    @property
    def has_answered(self) -> bool:
        """Whether it ever did since it was begun: whether there is a way back from it."""
        return self._shown.has_answered

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

    async def kick_drawer(self, pin: int, pulse_ms: int, timeout_ms: int) -> None:
        """One pulse on the drawer connector, ahead of what is left of a receipt; a printer that
        answers has it when this returns. Raises DeviceError when the printer is away, in trouble,
        silent though it has answered before, or busy for `timeout_ms`: no pulse is sent later, and
        one that is not taken within as much again is dropped.
        """
        deadline = Deadline.within(self._clock, timeout_ms, "timeout_ms")
        async with self._alone(self._turn, timeout_ms):
            talk = self._connected()
            await self._refuse_in_trouble(talk, deadline)
            try:
                await self._pulse(talk, drawer_pulse(pin, pulse_ms), timeout_ms)
            except asyncio.CancelledError:
                # Nobody waits for the drawer any more: it must not open then.
                talk.line.broken("a drawer command was given up")
                raise

    async def _pulse(self, talk: Talk, pulse: bytes, timeout_ms: int) -> None:
        talk.line.write(pulse)
        answers = talk.reader.status is not None
        if answers:
            # Its answer says that it has the pulse, which TCP's acknowledgement does not.
            talk.ask()
        # A line that moves too slowly is given up as well, but one that stands still is said to.
        await self._sender(talk, Patience(self._clock, 2 * timeout_ms, 0)).all_sent(timeout_ms)
        deadline = Deadline.within(self._clock, timeout_ms, "timeout_ms")
        if answers and not await talk.answers_by(deadline):
            if self._printing:
                # The line is given up by who waits for the receipt.
                raise DeviceError(f"{self.name}: {deadline.missed}")
            raise talk.gone_silent(deadline)

    # --- the connection

    def _nothing_shown(self) -> Shown:
        return Shown(set(End) if self._settings.paper.end_mark else set())

    def _forget(self) -> None:
        """It may be another one, which can do less. What was handed over stays so, and half a
        receipt may still hang in it.
        """
        self._shown = self._nothing_shown()

    async def _serve(self, line: Line) -> None:
        last_number = self._talk.reader.last_number if self._talk is not None else 0
        talk = Talk(self.name, line, self._clock, self._shown.ends, last_number)
        self._talk = talk
        if self._shown.no_answer:
            self._teller.set(Trouble.NO_ANSWER)
        try:
            line.write(wake(self._settings.paper, torn=False))
            talk.ask()
            await self._listen(talk)
        finally:
            talk.end()
            self._shown.no_answer = self._shown.no_answer or talk.went_silent
            self._teller.lost()

    async def _listen(self, talk: Talk) -> None:
        """Hear what it says, and poll it by the clock, however much that is. Until DeviceError."""
        polled_ms = self._clock.now().mono_ms
        while True:
            left_ms = polled_ms + self._poll_ms(talk) - self._clock.now().mono_ms
            # It may come to owe an answer meanwhile.
            if data := await talk.line.read_within(max(1, min(left_ms, TROUBLE_POLL_MS))):
                self._hear(talk, data)
            now_ms = self._clock.now().mono_ms
            if now_ms >= polled_ms + self._poll_ms(talk):
                polled_ms = now_ms
                # Who prints a receipt asks by himself.
                if not self._printing:
                    self._poll(talk)

    def _hear(self, talk: Talk, data: bytes) -> None:
        is_new = talk.reader.status is None
        talk.hear(data)
        status = talk.reader.status
        if status is None:
            return
        self._shown.has_answered, self._shown.no_answer = True, False
        self._teller.set(status.worst)
        if is_new and not self._printing:
            self._greet(talk)
        elif self._torn is not talk and talk.reader.answered and not talk.reader.unreached:
            # Answered behind what it was greeted with, in its turn where it can: it did that.
            self._torn = None
        talk.line.write(talk.reader.again())

    def _greet(self, talk: Talk) -> None:
        """It listens: cut off what it tore, and learn whether it says when a receipt is printed;
        then ask how it is, so that an answer says that it has all that.
        """
        self._cut_off(talk)
        talk.line.write(talk.reader.probe())
        talk.ask()

    def _cut_off(self, talk: Talk) -> None:
        """Half a receipt, if there is one."""
        if self._torn is not None:
            talk.line.write(wake(self._settings.paper, torn=True))

    def _poll_ms(self, talk: Talk) -> int:
        poll_ms = self._settings.status_poll_ms
        owes = self._shown.has_answered and not talk.reader.answered
        is_urgent = talk.in_trouble or owes
        return min(TROUBLE_POLL_MS, poll_ms) if is_urgent else poll_ms

    def _poll(self, talk: Talk) -> None:
        """Ask without waiting; who answered before and has not for the stall time is gone."""
        if talk.reader.status is not None and not talk.reader.answered:
            if talk.owes_ms >= self._settings.stall_timeout_ms:
                raise talk.gone_silent(self._stall())
            return
        if self._is_awaited(talk):
            self._miss_answer()
        # A printer that never reads gets no more questions than its buffers hold.
        if talk.line.unsent() == 0:
            talk.ask()

    async def _refuse_in_trouble(self, talk: Talk, deadline: Deadline) -> None:
        """Ask, and raise DeviceError when the answer says that it can't print, or when a printer
        that has answered before, over whichever connection, says nothing by the deadline. One that
        never did is waited for once a connection.
        """
        if self._shown.no_answer and talk.line.unsent() == 0:
            # What it was asked when it did not listen is lost.
            talk.ask()
        if self._is_awaited(talk):
            await talk.answers_by(deadline)
        elif talk.reader.status is None and not talk.is_dumb:
            first = Deadline.within(self._clock, self._settings.status_timeout_ms, "")
            talk.is_dumb = not await talk.answers_by(min(first, deadline))
        if self._is_awaited(talk):
            self._miss_answer()
            raise DeviceError(f"{self.name}: {TO_DO[Trouble.NO_ANSWER]}")
        if talk.reader.status is not None:
            # Its answer may be out of date already.
            talk.ask()
            if not await talk.answers_by(deadline):
                raise DeviceError(f"{self.name}: {deadline.missed}")
            talk.raise_trouble()

    def _stall(self) -> Deadline:
        return Deadline.within(self._clock, self._settings.stall_timeout_ms, "stall_timeout_ms")

    def _is_awaited(self, talk: Talk) -> bool:
        """Whether it owes an answer over this connection: it answered over one before."""
        return self._shown.has_answered and talk.reader.status is None

    def _miss_answer(self) -> None:
        self._shown.no_answer = True
        self._teller.set(Trouble.NO_ANSWER)

    # --- a job

    async def _hand_over(self, receipt: Receipt) -> HandedOver:
        """Send all of it. Raises DeviceError when not all of it could be sent."""
        async with self._turn:
            talk = self._connected()
            # What greeted it may still be on its way, over a slow line.
            await self._sender(talk, self._patience()).all_sent(self._settings.stall_timeout_ms)
            await self._refuse_in_trouble(talk, self._stall())
            if talk.reader.status is None:
                # It never answers, so that it was not greeted.
                self._cut_off(talk)
        await self._until_caught_up(talk)
        self._torn = talk
        with self._at_work(talk):
            return HandedOver(talk, await self._send(talk, receipt))

    @contextmanager
    def _at_work(self, talk: Talk) -> Iterator[None]:
        """A receipt is sent or printed; given up, it takes the line with it."""
        self._printing = True
        try:
            yield
        except asyncio.CancelledError:
            # Half a receipt may be out; the next one must not continue its line.
            talk.line.broken("a receipt was given up")
            raise
        finally:
            self._printing = False

    async def _send(self, talk: Talk, receipt: Receipt) -> Mark | None:
        settings = self._settings
        sender = self._sender(talk, self._patience())
        unasked = 0
        for chunk in encode(receipt, settings.paper):
            # Between two chunks, which are whole commands, it is the drawer's turn.
            async with self._turn:
                talk.line.write(chunk)
                unasked += len(chunk)
                if unasked >= ASK_EVERY_BYTES and talk.reader.status is not None:
                    talk.ask()
                    unasked = 0
                await sender.room(settings.most_ahead, settings.stall_timeout_ms)
        async with self._turn:
            question, mark = talk.reader.mark()
            talk.line.write(question)
            await sender.all_sent(settings.stall_timeout_ms)
        return mark

    async def _until_caught_up(self, talk: Talk) -> None:
        """Until it has come to what it was last asked for in its turn. That is the end of a receipt
        which was given up in trouble, or else whether it answers such questions at all. Raises
        DeviceError when it did and does no more.
        """
        mark, settings = talk.reader.unreached, self._settings
        if mark is None:
            return
        if talk.reader.says_ends:
            await self._until_printed(HandedOver(talk, mark))
            return
        wait_ms = settings.stall_timeout_ms if self._shown.proven else settings.status_timeout_ms
        patience = Patience(self._clock, wait_ms, 0)
        if not await talk.comes_to(mark, patience, settings.stall_timeout_ms):
            if self._shown.proven:
                raise talk.line.broken(SAYS_NO_MORE)
            talk.reader.waive()

    async def _until_printed(self, handed: HandedOver) -> None:
        """Wait for the printer to say so; while it is in trouble that can be put right, longer.
        Without a mark, a printer that answers and is in no trouble is believed to print what it
        has. One that never answered is not waited for.
        """
        talk, mark = handed.talk, handed.mark
        if talk.is_over:
            raise DeviceError(f"{self.name}: {MAYBE_PRINTED}")
        if talk.reader.status is not None:
            with self._at_work(talk):
                stall_ms = self._settings.stall_timeout_ms
                if not await talk.comes_to(mark, self._patience(), stall_ms):
                    self._shown.distrust(mark)
                    # Half of it may be out, and what comes next must not continue its strip.
                    raise talk.line.broken(NEVER_SAID)
            if mark is not None:
                self._shown.proven |= mark.ends
            if talk.in_trouble:
                # It has printed, so that is over; the till is told with the answer.
                talk.ask()
        self._torn = None

    def _patience(self) -> Patience:
        return Patience(
            self._clock, self._settings.job_timeout_ms, self._settings.trouble_timeout_ms
        )

    def _sender(self, talk: Talk, patience: Patience) -> Sender:
        return Sender(talk.line, self._clock, patience, lambda: talk.in_trouble)

    def _remember(self, job: tuple[str, bool], handed: HandedOver) -> None:
        self._done[job] = handed
        if len(self._done) > REMEMBERED_JOBS:
            self._done.popitem(last=False)

    def _connected(self) -> Talk:
        if self._talk is None or self._talk.is_over:
            raise DeviceError(f"{self.name}: not connected; check cable and power")
        return self._talk

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
