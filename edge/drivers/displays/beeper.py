"""A beeper that the kernel has as an input device, such as `pwm-beeper` or `pcspkr`.

Events as in Linux' include/uapi/linux/input-event-codes.h: EV_SND, SND_TONE, whose value is the
frequency in hertz, and 0 for silence.
"""

import asyncio
import os
import struct
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


class Beeper:
    """Sounds the latest tone. The node is opened for each, so that one that was unplugged and is
    back needs nobody; one that is away is silent and said once.
    """

    def __init__(self, path: str, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._tone: Tone | None = None
        self._wanted = asyncio.Event()
        self._is_lost = False
        self._log = structlog.get_logger("edge.drivers.displays.beeper")

    def beep(self, tone: Tone) -> None:
        """Never blocks; of two in one beep's time the latest is heard."""
        self._tone = tone
        self._wanted.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            assert self._tone is not None, "a beep without a tone"
            hertz, duration_ms = SOUNDS[self._tone]
            try:
                await self._sound(hertz, duration_ms)
                self._is_lost = False
            except OSError as error:
                if not self._is_lost:
                    self._log.warning("beeper_lost", path=self._path, reason=str(error))
                self._is_lost = True

    async def _sound(self, hertz: int, duration_ms: int) -> None:
        node = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.write(node, _EVENT.pack(0, 0, EV_SND, SND_TONE, hertz))
            try:
                await self._clock.sleep_ms(duration_ms)
            finally:
                os.write(node, _EVENT.pack(0, 0, EV_SND, SND_TONE, 0))
        finally:
            os.close(node)
