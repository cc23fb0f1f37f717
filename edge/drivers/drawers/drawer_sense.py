"""The switch in a drawer: what it says, in order, and whether a pulse has opened it."""

import asyncio
from collections import deque

from edge.checkout.shifts.drawer_inputs import DrawerChanged
from edge.drivers.lifecycle import RETELL_MS
from edge.drivers.settings import Surroundings

# Changes that wait for a full inbox: eight times open and shut, more than a drawer does in the
# second after which they are offered again.
KEPT_CHANGES = 16


class DrawerSense:
    """Call it on the event loop's own thread only. `is_open` is None while nobody sees it."""

    def __init__(self, around: Surroundings) -> None:
        self.is_open: bool | None = None
        self.openings = 0
        self._around = around
        self._changes: deque[DrawerChanged] = deque(maxlen=KEPT_CHANGES)
        self._changed = asyncio.Event()
        self._waiting: set[asyncio.Future[None]] = set()

    def look(self, is_open: bool) -> None:
        """What the switch says now: the first time since it could be seen, no change but news."""
        found = self.is_open is None
        if is_open == self.is_open:
            return
        self.is_open = is_open
        if is_open:
            self.openings += 1
            for opened in self._waiting:
                if not opened.done():
                    opened.set_result(None)
        self._tell(found=found)

    def lose(self) -> None:
        """Nobody sees it any more; what it is found to be next is no change."""
        if self.is_open is not None:
            self.is_open = None
            self._tell(found=False)

    def _tell(self, *, found: bool) -> None:
        self._changes.append(DrawerChanged(self._around.clock.now(), self.is_open, found=found))
        self._changed.set()

    async def opens(self, openings: int, within_ms: int) -> bool:
        """Whether it is open, or was since there were so many openings, or will be in that time."""
        if self.is_open or self.openings > openings:
            return True
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        late = asyncio.ensure_future(self._around.clock.sleep_ms(within_ms))
        self._waiting.add(opened)
        try:
            await asyncio.wait({opened, late}, return_when=asyncio.FIRST_COMPLETED)
            return opened.done()
        finally:
            self._waiting.discard(opened)
            late.cancel()

    async def tell(self) -> None:
        """Offer each change to the inbox, again while it is full, until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            while self._changes:
                if self._around.inbox.offer(self._changes[0]):
                    self._changes.popleft()
                else:
                    await self._around.clock.sleep_ms(RETELL_MS)
