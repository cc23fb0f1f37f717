"""Tells the till what is the matter with a device, and when it is over."""

import asyncio

from edge.checkout.inputs import DeviceTrouble
from edge.checkout.troubles import Trouble
from edge.drivers.lifecycle import RETELL_MS
from edge.drivers.settings import Surroundings


class TroubleTeller:
    """Each lasting change is told once, again when the inbox was full."""

    def __init__(self, name: str, around: Surroundings) -> None:
        self._name = name
        self._around = around
        self._now: Trouble | None = None
        self._told: Trouble | None = None
        self._changed = asyncio.Event()

    def set(self, trouble: Trouble | None) -> None:
        """The worst one there is now, None for none."""
        self._now = trouble
        if trouble is not self._told:
            self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            trouble = self._now
            if trouble is self._told:
                continue
            at = self._around.clock.now()
            if self._around.inbox.offer(DeviceTrouble(at, self._name, trouble)):
                self._told = trouble
            else:
                await self._around.clock.sleep_ms(RETELL_MS)
                self._changed.set()
