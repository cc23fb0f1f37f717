"""What every scanner does with a frame: the one way from what was read to a scan in the inbox."""

import asyncio

from pydantic import Field

from edge.checkout.inputs import BarcodeScanned
from edge.drivers.keys import gs1
from edge.drivers.keys.frames import FrameParser, Garbled, strip_aim_id
from edge.drivers.settings import SettingsModel
from edge.ports import Clock, Inbox

# What is offered for a garbled frame: no code holds it, so the cashier reads that it was misread.
UNREADABLE_CODE = "\0"


class ScanModel(SettingsModel):
    """What the settings of every scanner have. `prefix` is what it is set to send before each code,
    `fnc1` the character that it sends for GS (0x1D), where it can't send that.
    """

    max_code_length: int = Field(
        default=128, ge=4, le=4296, description="a till's codes are shorter; a QR code holds 4296"
    )
    prefix: str = Field(default="", max_length=16, pattern=r"^[\x20-\x7e]*$")
    strip_aim_id: bool = True
    # Neither a digit, a letter nor the bracket of an AIM identifier: those are in codes.
    fnc1: str = Field(default="", max_length=1, pattern=r"^[!-/:-@\\^-`{-~]?$")


class Scans:
    """Offers a BarcodeScanned for each frame of one scanner. `garbled` counts the others."""

    def __init__(self, settings: ScanModel, inbox: Inbox, clock: Clock) -> None:
        self.garbled = 0
        self._settings = settings
        self._inbox = inbox
        self._clock = clock

    async def ready(self) -> None:
        """Have the reader of GS1 codes at hand: on a thread, when the device is opened, so that the
        first scan does not wait for it.
        """
        await asyncio.to_thread(gs1.load)

    def frames(self) -> FrameParser:
        """What cuts the bytes of one connection into frames."""
        return FrameParser(self._settings.max_code_length)

    def offer(self, frame: str | Garbled) -> bool:
        """True when the inbox took it; a full one counts the loss and tells the cashier itself."""
        at = self._clock.now()
        if isinstance(frame, Garbled):
            self.garbled += 1
            return self._inbox.offer(BarcodeScanned(code=UNREADABLE_CODE, at=at))
        settings = self._settings
        text = frame.removeprefix(settings.prefix)
        marked = text.replace(settings.fnc1, gs1.GS) if settings.fnc1 else text
        read = gs1.read(marked, at.utc_ms)
        code = strip_aim_id(text) if settings.strip_aim_id else text
        return self._inbox.offer(BarcodeScanned(code=code, at=at, gs1=read))
