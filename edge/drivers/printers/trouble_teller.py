"""Tells the till what is the matter with a device, and when it is over; and the log."""

import asyncio

import structlog

from edge.checkout.inputs import DeviceTrouble
from edge.checkout.troubles import Trouble
from edge.drivers.lifecycle import RETELL_MS, together
from edge.drivers.settings import Surroundings
from edge.summed_lines import LOG_WINDOW_MS, SummedLines


class TroubleTeller:
    """Each lasting change is told once, again when the inbox was full. Every change is a line of
    the log, up to LOG_LINES in LOG_WINDOW_MS; then one line sums up.
    """

    def __init__(self, name: str, around: Surroundings) -> None:
        self._name = name
        self._around = around
        self._log = structlog.get_logger().bind(device=name)
        self._lines = SummedLines(around.clock)
        self._now: Trouble | None = None
        self._told: Trouble | None = None
        self._changed = asyncio.Event()

    def set(self, trouble: Trouble | None) -> None:
        """The worst one there is now, None for none."""
        if trouble is not self._now:
            self._write_down(trouble)
        self._change(trouble)

    def lost(self) -> None:
        """The device is away, so that nothing else is the matter with it. Not that all is well:
        the log has a line of its own for that.
        """
        self._change(None)

    async def run(self) -> None:
        """Until cancelled."""
        await together(self._tell(), self._lines.sum_up(self._sum_up))

    def _change(self, trouble: Trouble | None) -> None:
        self._now = trouble
        if trouble is not self._told:
            self._changed.set()

    def _write_down(self, trouble: Trouble | None) -> None:
        if not self._lines.may_write():
            return
        if trouble is None:
            self._log.info("device_fine")
        else:
            self._log.warning("device_trouble", trouble=trouble.value)

    def _sum_up(self, unsaid: int) -> None:
        """A line for all that were too many, with what is the matter now."""
        self._log.warning(
            "device_trouble_flapping",
            trouble=self._now.value if self._now is not None else "",
            unsaid=unsaid,
            window_ms=LOG_WINDOW_MS,
        )

    async def _tell(self) -> None:
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
