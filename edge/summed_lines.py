"""Log lines of what comes and goes: so many by themselves, all others in one that sums up."""

import asyncio
from collections.abc import Callable
from typing import Final, Never

from edge.ports import Clock

# What comes and goes is said by single lines up to this many in LOG_WINDOW_MS; then one line sums
# up. A loose plug that goes a hundred times a minute writes eleven lines in ten minutes.
LOG_LINES: Final = 10
LOG_WINDOW_MS: Final = 600_000


class SummedLines:
    """Ask before each line; `sum_up` runs beside whoever asks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._budget = LineBudget(LOG_LINES, LOG_WINDOW_MS)
        self._unsaid = asyncio.Event()

    def may_write(self) -> bool:
        """Whether a line may be written now; one that may not is counted."""
        is_allowed = self._budget.take(self._clock.now().mono_ms)
        if not is_allowed:
            self._unsaid.set()
        return is_allowed

    async def sum_up(self, write: Callable[[int], object]) -> Never:
        """Call `write` with how many were left out, when the window ends that had too many."""
        while True:
            await self._unsaid.wait()
            await self._clock.sleep_ms(self._budget.ends_ms - self._clock.now().mono_ms)
            # Not before: what was too many meanwhile is summed up with the others.
            self._unsaid.clear()
            write(self._budget.settle(self._clock.now().mono_ms))


class LineBudget:
    """How many lines may be logged: `limit` in a window, which begins with its first line. What is
    too many is counted, and keeps the window from beginning anew until it is settled.
    """

    def __init__(self, limit: int, window_ms: int) -> None:
        self._limit = limit
        self._window_ms = window_ms
        self._used = 0
        self._unsaid = 0
        self.ends_ms = 0

    def take(self, now_ms: int) -> bool:
        """Whether a line may be logged now."""
        if now_ms >= self.ends_ms and not self._unsaid:
            self._used, self.ends_ms = 0, now_ms + self._window_ms
        if self._used < self._limit:
            self._used += 1
            return True
        self._unsaid += 1
        return False

    def settle(self, now_ms: int) -> int:
        """How many were too many; the next window begins."""
        unsaid, self._unsaid = self._unsaid, 0
        self._used, self.ends_ms = 0, now_ms + self._window_ms
        return unsaid
