"""How long a receipt may take, and the pace at which it is sent."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from edge.drivers.lines.line import Line
from edge.ports import Clock

# How often the queue is looked at while it empties: far below a line's print time.
SENT_POLL_MS = 5


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """When an answer must be there; `missed` says which setting wants that."""

    at_ms: int
    missed: str

    @classmethod
    def within(cls, clock: Clock, timeout_ms: int, setting: str) -> "Deadline":
        """That long from now."""
        waited = f"nothing for {timeout_ms} ms ({setting})"
        missed = f"stopped answering: {waited}; check its power and cable"
        return cls(clock.now().mono_ms + timeout_ms, missed)


class Patience:
    """Two budgets: for time in which the printer just prints, and for time in which it is in
    trouble that somebody can put right.
    """

    def __init__(self, clock: Clock, working_ms: int, trouble_ms: int) -> None:
        self._clock = clock
        self._working_ms = working_ms
        self._trouble_ms = trouble_ms
        self._last_ms = clock.now().mono_ms

    def spend(self, *, in_trouble: bool) -> None:
        """Take the time since the last call from one of them."""
        now_ms = self._clock.now().mono_ms
        spent_ms, self._last_ms = now_ms - self._last_ms, now_ms
        if in_trouble:
            self._trouble_ms -= spent_ms
        else:
            self._working_ms -= spent_ms

    @property
    def left_ms(self) -> int:
        """As long as it is in no trouble."""
        return self._working_ms

    @property
    def is_over(self) -> bool:
        return self._working_ms <= 0 or self._trouble_ms < 0


class Sender:
    """Waits for a line to take what was written. A device that takes no byte for the stall time,
    or in trouble for as long as patience lasts, breaks the line.
    """

    def __init__(
        self, line: Line, clock: Clock, patience: Patience, in_trouble: Callable[[], bool]
    ) -> None:
        self._line = line
        self._clock = clock
        self._patience = patience
        self._in_trouble = in_trouble

    async def room(self, most_ahead: int, stall_ms: int) -> None:
        """Until the queue is no longer than `most_ahead` bytes. Lets the loop's other work in
        between two lines of a receipt, also when it is short already.
        """
        await asyncio.sleep(0)
        await self._until_at_most(most_ahead, stall_ms)

    async def all_sent(self, stall_ms: int) -> None:
        """Until every byte has left."""
        await self._until_at_most(0, stall_ms)

    async def _until_at_most(self, unsent: int, stall_ms: int) -> None:
        left, idle_since_ms = self._line.unsent(), self._clock.now().mono_ms
        while left > unsent:
            await self._clock.sleep_ms(SENT_POLL_MS)
            in_trouble = self._in_trouble()
            self._patience.spend(in_trouble=in_trouble)
            now_left, now_ms = self._line.unsent(), self._clock.now().mono_ms
            if now_left < left or in_trouble:
                idle_since_ms = now_ms
            left = now_left
            if self._patience.is_over:
                raise self._line.broken("the receipt took too long and was given up")
            if now_ms - idle_since_ms >= stall_ms:
                raise self._line.broken(f"took no byte for {stall_ms} ms; switch it off and on")
