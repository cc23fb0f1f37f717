"""A 2x20 customer display at a serial port, with the ESC/POS display commands.

Commands as in Epson's "ESC/POS Command Reference for Customer Displays": ESC @ initialise, US MD1
overwrite mode, US C n cursor, HOM home, US $ x y move cursor, ESC t n code page, FS & and FS .
"""

import asyncio
from typing import Literal

from pydantic import Field

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.width import pad_right
from edge.checkout.screens import CustomerScreen
from edge.drivers.byte_line import ByteLine, open_serial
from edge.drivers.charset import EPSON_CODE_PAGES, Charset, TextCoder
from edge.drivers.lifecycle import LifeCycle, together
from edge.drivers.settings import SerialModel, Surroundings

COLUMNS = 20
INITIALISE = b"\x1b@"  # ESC @
OVERWRITE_MODE = b"\x1f\x01"  # US MD1
CURSOR_OFF = b"\x1fC\x00"  # US C 0
HOME = b"\x0b"  # HOM
LOWER_LINE = b"\x1f$\x01\x02"  # US $ 1 2: first column, second line


class DisplaySerialSettings(SerialModel):
    """`charset` is what the display's character generator has."""

    driver: Literal["display_serial"]
    charset: Charset = "western"
    stall_timeout_ms: int = Field(
        default=2_000, ge=50, le=60_000, description="both lines take 50 ms at 9600 baud"
    )


class SerialCustomerDisplay:
    """Shows the latest screen and, after a reconnect, shows it again."""

    def __init__(self, settings: DisplaySerialSettings, around: Surroundings) -> None:
        self.name = settings.name
        self._settings = settings
        self._around = around
        self._life = LifeCycle(settings.name, settings.reopen, around, self._open, self._serve)
        self._screen = CustomerScreen(upper="", lower="")
        self._changed = asyncio.Event()

    @property
    def state(self) -> DeviceState:
        return self._life.state

    async def run(self) -> None:
        await self._life.run()

    def show(self, screen: CustomerScreen) -> None:
        self._screen = screen
        self._changed.set()

    async def _open(self) -> ByteLine:
        return await open_serial(self._settings, self._around.clock)

    async def _serve(self, line: ByteLine) -> None:
        await together(self._draw(line), self._listen(line))

    async def _draw(self, line: ByteLine) -> None:
        coder = TextCoder(self._settings.charset, EPSON_CODE_PAGES)
        line.write(INITIALISE + OVERWRITE_MODE + CURSOR_OFF + coder.reset())
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            line.write(drawn(self._screen, coder))
            # Screens that come meanwhile replace each other, so the queue holds one.
            await line.sent(self._settings.stall_timeout_ms)

    async def _listen(self, line: ByteLine) -> None:
        """A display says nothing; reading notices when it is unplugged."""
        while True:
            await line.read()


def drawn(screen: CustomerScreen, coder: TextCoder) -> bytes:
    """The bytes that put both lines over what stands there, each exactly COLUMNS wide."""
    upper, lower = (
        coder.encode(pad_right(coder.printable(text).replace("\n", " "), COLUMNS))
        for text in (screen.upper, screen.lower)
    )
    return HOME + upper + LOWER_LINE + lower
