"""A beeper that the kernel has as an input device, such as `pwm-beeper` or `pcspkr`.

Events as in Linux' include/uapi/linux/input-event-codes.h: EV_SND, SND_TONE, whose value is the
frequency in hertz, and 0 for silence.
"""

import asyncio
import os
import struct
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from typing import Final

import structlog

from edge.checkout.effects import Tone
from edge.ports import Clock

EV_SND, SND_TONE = 0x12, 0x02
# struct input_event; the kernel fills in the time.
_EVENT: Final = struct.Struct("@2l2Hi")
# Hertz and milliseconds of each beep: high and short is well, low and long is not. Whoever scans on
# hears both before the next code.
SOUNDS: Final = {Tone.GOOD: (2_000, 60), Tone.REFUSED: (440, 250)}
# How long a stop waits for the kernel to let go of the node. What takes longer ends by itself.
CLOSING_ENDS_S: Final = 0.5


class BeeperNode:
    """The node for one tone, used by one thread: the kernel waits for its readers when the last one
    closes, some 20 ms, and may wait for the device at opening.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor: int | None = None

    def sound(self, hertz: int) -> None:
        """Raises OSError."""
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        os.write(self._descriptor, _EVENT.pack(0, 0, EV_SND, SND_TONE, hertz))

    def silence(self) -> None:
        """Never raises: a beeper that is gone is silent."""
        if self._descriptor is None:
            return
        with suppress(OSError):
            os.write(self._descriptor, _EVENT.pack(0, 0, EV_SND, SND_TONE, 0))
        with suppress(OSError):
            os.close(self._descriptor)


class Beeper:
    """Sounds the latest tone. The node is opened for each, so that one that was unplugged and is
    back needs nobody; one that is away is silent and said once.
    """

    def __init__(
        self, path: str, clock: Clock, node: Callable[[str], BeeperNode] = BeeperNode
    ) -> None:
        self._path = path
        self._clock = clock
        self._node = node
        self._tone: Tone | None = None
        self._wanted = asyncio.Event()
        self._is_lost = False
        self._log = structlog.get_logger("edge.drivers.displays.beeper")

    def beep(self, tone: Tone) -> None:
        """Never blocks; of two in one beep's time the latest is heard."""
        self._tone = tone
        self._wanted.set()

    async def run(self) -> None:
        """Until cancelled; it is silent then."""
        thread = ThreadPoolExecutor(1, "beeper")
        try:
            await self._sound_each(thread)
        finally:
            thread.shutdown(wait=False)

    async def _sound_each(self, thread: Executor) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            assert self._tone is not None, "a beep without a tone"
            hertz, duration_ms = SOUNDS[self._tone]
            try:
                await self._sound(thread, hertz, duration_ms)
                self._is_lost = False
            except OSError as error:
                if not self._is_lost:
                    self._log.warning("beeper_lost", path=self._path, reason=str(error))
                self._is_lost = True

    async def _sound(self, thread: Executor, hertz: int, duration_ms: int) -> None:
        loop, node = asyncio.get_running_loop(), self._node(self._path)
        try:
            await loop.run_in_executor(thread, node.sound, hertz)
            await self._clock.sleep_ms(duration_ms)
        finally:
            # Behind an opening that is still under way, for there is one thread.
            silencing = loop.run_in_executor(thread, node.silence)
            await asyncio.wait((silencing,), timeout=CLOSING_ENDS_S)
