"""What is said over one connection to a printer: what it was asked, and how long for an answer."""

import asyncio
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import suppress

from edge.drivers.lines.line import Line
from edge.drivers.printers.printer_patience import Deadline, Patience
from edge.drivers.printers.printer_status import End, Mark, StatusReader
from edge.ports import Clock, DeviceError

# A cashier who has closed the cover looks up.
ASK_AGAIN_MS = 500


class Talk:
    """One connection, from its opening until it is over. Every wait raises DeviceError when it is
    over meanwhile.
    """

    def __init__(
        self, name: str, line: Line, clock: Clock, ends: AbstractSet[End], last_number: int
    ) -> None:
        self.line = line
        self.reader = StatusReader(frozenset(ends), last_number)
        # Given up because an answer did not come.
        self.went_silent = False
        # It has never answered, and was waited for.
        self.is_dumb = False
        self._name = name
        self._clock = clock
        self._is_over = False
        self._asked_ms = 0
        self._heard = asyncio.Event()

    @property
    def is_over(self) -> bool:
        return self._is_over

    def end(self) -> None:
        """The line is being closed: whoever waits for an answer finds it broken."""
        self._is_over = True
        self._heard.set()

    def hear(self, data: bytes) -> None:
        self.reader.feed(data)
        self._heard.set()

    def ask(self) -> None:
        if self.reader.answered:
            self._asked_ms = self._clock.now().mono_ms
        self.line.write(self.reader.ask())

    @property
    def owes_ms(self) -> int:
        """For how long it has not answered all of what it was asked, 0 when it has."""
        return 0 if self.reader.answered else self._clock.now().mono_ms - self._asked_ms

    @property
    def in_trouble(self) -> bool:
        status = self.reader.status
        return status is not None and status.trouble is not None

    def raise_trouble(self) -> None:
        """Raises DeviceError when it said that it can't print."""
        status = self.reader.status
        if status is not None and status.trouble is not None:
            raise DeviceError(f"{self._name}: {status.trouble}")

    def gone_silent(self, deadline: Deadline) -> DeviceError:
        """Give the line up, because an answer did not come."""
        self.went_silent = True
        return self.line.broken(deadline.missed)

    async def answers_by(self, deadline: Deadline) -> bool:
        """Whether every question is answered by then."""
        left_ms = deadline.at_ms - self._clock.now().mono_ms
        return await self._hears(lambda: self.reader.answered, left_ms)

    async def comes_to(self, mark: Mark | None, patience: Patience, stall_ms: int) -> bool:
        """Whether the printer says in time that it has come to the mark, and has lost no question;
        without a mark, that it is in no trouble. Raises DeviceError when it says nothing for the
        stall time, or is in trouble for too long.
        """

        def has_said() -> bool:
            return not self.in_trouble if mark is None else self.reader.has_reached(mark)

        def may_have_said() -> bool:
            return mark is not None and self.reader.may_have_reached(mark)

        while not patience.is_over:
            self.ask()
            await self._catches_up(patience, stall_ms)
            if self.reader.answered and has_said():
                return True
            await self._hears(may_have_said, min(ASK_AGAIN_MS, patience.left_ms))
            patience.spend(in_trouble=self.in_trouble)
        self.raise_trouble()
        return False

    async def _catches_up(self, patience: Patience, stall_ms: int) -> None:
        """Until every question is answered, or patience is over. While it still prints, a printer
        may answer late, as long as it goes on.
        """
        while not (self.reader.answered or patience.is_over):
            if not await self._answers_more(stall_ms):
                stall = Deadline.within(self._clock, stall_ms, "stall_timeout_ms")
                raise self.gone_silent(stall)
            patience.spend(in_trouble=self.in_trouble)

    async def _answers_more(self, timeout_ms: int) -> bool:
        heard = self.reader.heard
        return await self._hears(lambda: self.reader.heard > heard, timeout_ms)

    async def _hears(self, enough: Callable[[], bool], timeout_ms: int) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_ms / 1000):
                while not (self._is_over or enough()):
                    self._heard.clear()
                    await self._heard.wait()
        if self._is_over:
            raise self.line.broken("closed")
        return enough()
