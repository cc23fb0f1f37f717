"""A 2x20 customer display at a serial port. What is said between sales takes turns on it."""

import asyncio
from typing import Literal, Self

from pydantic import Field, model_validator

from edge.checkout.screens import CustomerScreen
from edge.drivers.charset import Charset
from edge.drivers.device_thread import DeviceThread
from edge.drivers.displays.display_commands import (
    COMMAND_SETS,
    Codec,
    Commands,
    CommandSet,
    drawn,
    shows,
)
from edge.drivers.lifecycle import together
from edge.drivers.lines.byte_line import ByteLine, open_serial
from edge.drivers.living import LivingDevice
from edge.drivers.settings import SerialModel, Surroundings

# ESC t takes one byte; of the CD5220's sets these leave ASCII as it is: U.S.A., Slavonic, Russia.
CODE_TABLES, CD5220_SETS = 256, frozenset("ALR")
# A display that was switched off shows again by itself. Longer ago than this, the next change of
# the screen makes it ready anew, when nobody sees that it is blank for 20 ms.
BEGIN_AGAIN_MS = 60_000


class DisplaySerialSettings(SerialModel):
    """`charset` is what the display's character generator has. `code_pages` names its tables: for
    ESC/POS by the numbers of ESC t (Epson's if there are none), for CD5220 the one to be used, by
    the letter of ESC f (ASCII alone if there is none).
    """

    driver: Literal["display_serial"]
    commands: Commands = "escpos"
    charset: Charset = "western"
    code_pages: dict[str, Codec] = Field(default={}, max_length=16)
    stall_timeout_ms: int = Field(
        default=2_000, ge=50, le=60_000, description="both lines take 50 ms at 9600 baud"
    )
    redraw_ms: int = Field(
        default=10_000,
        ge=100,
        le=600_000,
        description="a display that was switched off shows again, before anybody asks",
    )
    idle_after_ms: int = Field(
        default=15_000, ge=100, le=600_000, description="change is counted by then"
    )
    idle_turn_ms: int = Field(
        default=5_000, ge=100, le=600_000, description="two lines are read twice"
    )

    @model_validator(mode="after")
    def _pages_of_the_commands(self) -> Self:
        if self.commands == "escpos":
            for key in self.code_pages:
                if not (key.isascii() and key.isdigit() and int(key) < CODE_TABLES):
                    raise ValueError(f"{self.name}: code_pages: {key!r} is no number of ESC t")
        elif len(self.code_pages) > 1 or not self.code_pages.keys() <= CD5220_SETS:
            raise ValueError(f"{self.name}: code_pages: CD5220 takes one of A, L and R")
        elif self.code_pages and self.charset != "western":
            raise ValueError(f"{self.name}: code_pages: a Chinese CD5220 has none")
        return self


class SerialCustomerDisplay(LivingDevice[ByteLine]):
    """Shows the latest screen and, after a reconnect, shows it again."""

    def __init__(self, settings: DisplaySerialSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self._settings = settings
        self._clock = around.clock
        self._thread = DeviceThread(settings.name)
        self._screen = CustomerScreen(upper="", lower="")
        self._since_ms = 0
        self._changed = asyncio.Event()

    def show(self, screen: CustomerScreen) -> None:
        if screen != self._screen:
            self._since_ms = self._clock.now().mono_ms
        self._screen = screen
        self._changed.set()

    async def _open(self) -> ByteLine:
        return await open_serial(self._settings, self._clock, self._thread)

    async def _serve(self, line: ByteLine) -> None:
        await together(self._draw(line), self._wake(), self._listen(line))

    async def _draw(self, line: ByteLine) -> None:
        settings = self._settings
        commands = COMMAND_SETS[settings.commands](settings.charset, settings.code_pages)
        line.write(commands.begin())
        begun_ms, last = self._clock.now().mono_ms, self._screen
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            now_ms = self._clock.now().mono_ms
            if self._screen != last and now_ms - begun_ms >= BEGIN_AGAIN_MS:
                line.write(commands.begin())
                begun_ms = now_ms
            last = self._screen
            rested_ms = now_ms - self._since_ms
            line.write(drawn(at_rest(last, rested_ms, settings, commands), commands))
            # Screens that come meanwhile replace each other, so the queue holds one.
            await line.sent(settings.stall_timeout_ms)

    async def _wake(self) -> None:
        """Draw again, for the next message's turn and for a display that was switched off."""
        while True:
            await self._clock.sleep_ms(min(self._settings.idle_turn_ms, self._settings.redraw_ms))
            self._changed.set()

    async def _listen(self, line: ByteLine) -> None:
        """A display says nothing; reading notices when it is unplugged."""
        while True:
            await line.read()


def at_rest(
    screen: CustomerScreen, rested_ms: int, settings: DisplaySerialSettings, commands: CommandSet
) -> CustomerScreen:
    """The screen itself, or the one of its idle screens whose turn it is; those that the display
    can't show are left out, unless there are no others.
    """
    past_ms = rested_ms - settings.idle_after_ms
    if not screen.idle or past_ms < 0:
        return screen
    readable = [each for each in screen.idle if shows(each, commands)] or screen.idle
    return readable[past_ms // settings.idle_turn_ms % len(readable)]
