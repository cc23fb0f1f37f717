"""What a cashier notices without reading: a tone where there is a beeper, a flash for a refusal."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Final

from edge.checkout.effects import Tone
from edge.drivers.displays.beeper import Beeper
from edge.drivers.lifecycle import together
from edge.drivers.settings import NodePath, SettingsModel
from edge.ports import Clock

# How long a refusal flashes, and how long the screen is calm before the next one does: seen from
# the corner of an eye, over before it is read.
FLASH_MS: Final = 150
# Refusals that wait for their flash: more in so short a time nobody counts.
MOST_WAITING: Final = 3


class BeeperModel(SettingsModel):
    """`beeper` is an input device that sounds tones, empty for none."""

    beeper: NodePath = ""


class Tones:
    """The tones of one display."""

    def __init__(self, settings: BeeperModel, clock: Clock) -> None:
        self._clock = clock
        self._beeper = Beeper(settings.beeper, clock) if settings.beeper else None
        self._waiting = 0
        self._refused = asyncio.Event()

    def beep(self, tone: Tone) -> None:
        """Never blocks."""
        if self._beeper is not None:
            self._beeper.beep(tone)
        if tone is Tone.REFUSED:
            self._waiting = min(self._waiting + 1, MOST_WAITING)
            self._refused.set()

    async def beside(self, life: Coroutine[object, object, None]) -> None:
        """The display's life, and as long as it lasts what it is told sounds."""
        if self._beeper is None:
            await life
        else:
            await together(life, self._beeper.run())

    async def flash(self, show: Callable[[bool], None]) -> None:
        """Until cancelled; `show` is called with True and with False for each refusal from now on,
        one that comes during another's flash being shown behind it.
        """
        self._waiting = 0
        while True:
            while not self._waiting:
                self._refused.clear()
                await self._refused.wait()
            self._waiting -= 1
            show(True)
            await self._clock.sleep_ms(FLASH_MS)
            show(False)
            await self._clock.sleep_ms(FLASH_MS)
