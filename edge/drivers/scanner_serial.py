"""A barcode scanner at a serial port, or at USB as a CDC-ACM port."""

from typing import Literal

from pydantic import Field

from edge.checkout.inputs import BarcodeScanned, DeviceState
from edge.drivers.byte_line import ByteLine, open_serial
from edge.drivers.frames import FrameParser, Garbled, strip_code
from edge.drivers.lifecycle import LifeCycle
from edge.drivers.settings import SerialModel, Surroundings

# What is offered for a garbled frame: no code holds it, so the cashier reads that it was misread.
UNREADABLE_CODE = "\0"


class ScannerSerialSettings(SerialModel):
    """`prefix` is what the scanner is set to send before each code."""

    driver: Literal["scanner_serial"]
    max_code_length: int = Field(
        default=128, ge=4, le=4296, description="a till's codes are shorter; a QR code holds 4296"
    )
    prefix: str = Field(default="", max_length=16, pattern=r"^[\x20-\x7e]*$")
    strip_aim_id: bool = True


class SerialScanner:
    """Offers BarcodeScanned for each frame, at the moment of its terminator."""

    def __init__(self, settings: ScannerSerialSettings, around: Surroundings) -> None:
        self.name = settings.name
        self.garbled = 0
        self._settings = settings
        self._around = around
        self._life = LifeCycle(settings.name, settings.reopen, around, self._open, self._serve)

    @property
    def state(self) -> DeviceState:
        return self._life.state

    async def run(self) -> None:
        await self._life.run()

    async def _open(self) -> ByteLine:
        return await open_serial(self._settings, self._around.clock)

    async def _serve(self, line: ByteLine) -> None:
        parser = FrameParser(self._settings.max_code_length)
        while True:
            for frame in parser.feed(await line.read()):
                self._offer(frame)

    def _offer(self, frame: str | Garbled) -> None:
        if isinstance(frame, Garbled):
            self.garbled += 1
            code = UNREADABLE_CODE
        else:
            settings = self._settings
            code = strip_code(frame, settings.prefix, aim_id=settings.strip_aim_id)
        # A full inbox counts the loss and tells the cashier itself.
        self._around.inbox.offer(BarcodeScanned(code=code, at=self._around.clock.now()))
