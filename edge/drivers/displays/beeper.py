"""A beeper that the kernel has as an input device, such as `pwm-beeper` or `pcspkr`.

Events as in Linux' include/uapi/linux/input-event-codes.h: EV_SND, SND_TONE, whose value is the
frequency in hertz, and 0 for silence.
"""

import asyncio
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from edge.checkout.effects import Tone
from edge.drivers.device_thread import BEING_CLOSED, BEING_OPENED, DeviceThread
from edge.ports import Clock, DeviceError

EV_SND, SND_TONE = 0x12, 0x02
# struct input_event; the kernel fills in the time.
_EVENT: Final = struct.Struct("@2l2Hi")
# Hertz and milliseconds of each beep: high and short is well, low and long is not. Whoever scans on
# hears both before the next code.
SOUNDS: Final = {Tone.GOOD: (2_000, 60), Tone.REFUSED: (440, 250)}
# The kernel waits for its readers when the last one closes, some 20 ms. What takes longer than this
# ends by itself, and meanwhile nothing sounds.
CLOSING_ENDS_S: Final = 0.5


def begin_tone(path: str, hertz: int) -> int:
    """The open node, which sounds until it is silenced. Raises OSError."""
    node = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        os.write(node, _EVENT.pack(0, 0, EV_SND, SND_TONE, hertz))
    except OSError:
        os.close(node)
        raise
    return node


def end_tone(node: int) -> None:
    """Never raises: a beeper that is gone is silent."""
    with suppress(OSError):
        os.write(node, _EVENT.pack(0, 0, EV_SND, SND_TONE, 0))
    with suppress(OSError):
        os.close(node)


class Beeper:
    """Sounds the latest tone. The node is opened for each, so that one that was unplugged and is
    back needs nobody; one that is away is silent and said once.
    """

    def __init__(
        self, path: str, clock: Clock, begin: Callable[[str, int], int] = begin_tone
    ) -> None:
        self._path = path
        self._clock = clock
        self._begin = begin
        # The kernel may wait for the device when it opens it.
        self._thread = DeviceThread("beeper")
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
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            assert self._tone is not None, "a beep without a tone"
            hertz, duration_ms = SOUNDS[self._tone]
            try:
                await self._sound(hertz, duration_ms)
                self._is_lost = False
            except (OSError, DeviceError) as error:
                if not self._is_lost:
                    self._log.warning("beeper_lost", path=self._path, reason=str(error))
                self._is_lost = True

    async def _sound(self, hertz: int, duration_ms: int) -> None:
        begin = partial(self._begin, self._path, hertz)
        node = await self._thread.call(BEING_OPENED, begin, end_tone, ends_s=CLOSING_ENDS_S)
        try:
            await self._clock.sleep_ms(duration_ms)
        finally:
            self._thread.start(BEING_CLOSED, partial(end_tone, node))
            await self._thread.ended(CLOSING_ENDS_S)
