"""One bounded inbox and its one consumer: the only holder of the session."""

import asyncio
from collections import deque
from collections.abc import Callable

from edge.checkout.effects import Effect
from edge.checkout.inputs import BarcodeScanned, InboxOverflowed, Input, KeyPressed
from edge.checkout.machine import step
from edge.checkout.session import Facts, Session
from edge.ports import Clock


class BoundedInbox:
    """What happened, in order. Drivers offer and may be refused; answers to effects never are, for
    there are no more of them than effects. Call it on the event loop's own thread only.
    """

    def __init__(self, limit: int, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._waiting: deque[Input] = deque()
        self._arrived = asyncio.Event()
        self._closed = False
        self.lost_total = 0

    def offer(self, item: Input) -> bool:
        """Put a driver's input in; False when the inbox is closed, or full: what the cashier must
        do again is counted, and told behind what came before it and before what comes after. News
        of devices and of the network is not: whoever has it offers it again.
        """
        if self._closed:
            return False
        if len(self._waiting) >= self._limit:
            if isinstance(item, BarcodeScanned | KeyPressed):
                self._lose_one()
            return False
        self.answer(item)
        return True

    def _lose_one(self) -> None:
        self.lost_total += 1
        lost, last = 1, self._waiting[-1]
        if isinstance(last, InboxOverflowed):
            lost += last.lost
            self._waiting.pop()
        self.answer(InboxOverflowed(self._clock.now(), lost))

    def answer(self, item: Input) -> None:
        """Put the answer to an effect in; it always fits."""
        self._waiting.append(item)
        self._arrived.set()

    @property
    def waiting(self) -> int:
        """How many inputs nobody has taken yet."""
        return len(self._waiting)

    def close(self) -> None:
        """Take no more offers; what is in it is still handed out."""
        self._closed = True
        self._arrived.set()

    async def take(self) -> Input | None:
        """The next input, in order; None when closed and empty."""
        while not self._waiting:
            if self._closed:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        return self._waiting.popleft()


class TillLoop:
    """Takes one input after another, steps the session, and hands the effects on."""

    def __init__(
        self,
        session: Session,
        inbox: BoundedInbox,
        facts: Callable[[], Facts],
        begin: Callable[[Effect], None],
    ) -> None:
        self.session = session
        self._inbox = inbox
        self._facts = facts
        self._begin = begin

    async def run(self) -> None:
        """Until the inbox is closed and empty."""
        while (cause := await self._inbox.take()) is not None:
            self.session, effects = step(self.session, cause, self._facts())
            for effect in effects:
                self._begin(effect)
