"""What every display of the cashier's does with what it is told, whatever it draws on."""

import asyncio
from typing import Final

from edge.checkout.effects import Tone
from edge.checkout.screens import CashierScreen, NoticeTone
from edge.drivers.displays.tones import Tones
from edge.drivers.living import LivingDevice
from edge.drivers.opening import C
from edge.drivers.settings import DeviceModel, Surroundings

BLANK: Final = CashierScreen("", (), "", "", "", "", NoticeTone.INFO, ())


class CashierDisplay(LivingDevice[C]):
    """Has the latest screen at hand, in `_screen`, and `_changed` set when it is another one. Tones
    sound also while the display is away.
    """

    def __init__(self, settings: DeviceModel, around: Surroundings, tones: Tones) -> None:
        super().__init__(settings, around)
        self._tones = tones
        self._screen = BLANK
        self._changed = asyncio.Event()

    async def run(self) -> None:
        await self._tones.beside(super().run())

    def show(self, screen: CashierScreen) -> None:
        self._screen = screen
        self._changed.set()

    def beep(self, tone: Tone) -> None:
        self._tones.beep(tone)
