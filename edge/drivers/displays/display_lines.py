"""A display of 20x4 characters at a serial port, as the cashier's screen.

Commands of Matrix Orbital's displays, which many serial boards for HD44780 modules understand
("LCD2041 User Manual", command summary): FE 44 no line wrap, FE 52 no scrolling, FE 4B and FE 54
no cursors, FE 42 0 light on for good, FE 46 light off, FE 47 column row set cursor.
"""

from dataclasses import replace
from typing import Final, Literal

from pydantic import Field

from edge.checkout.screens import CashierScreen, ScreenRow
from edge.drivers.device_thread import DeviceThread
from edge.drivers.displays.cashier_display import CashierDisplay
from edge.drivers.displays.plain_text import plain
from edge.drivers.displays.screen_lines import four_lines
from edge.drivers.displays.tones import BeeperModel, Tones
from edge.drivers.lifecycle import together
from edge.drivers.lines.byte_line import ByteLine, open_serial
from edge.drivers.settings import SerialModel, Surroundings

LIGHT_ON, LIGHT_OFF = b"\xfeB\x00", b"\xfeF"
BEGIN: Final = b"\xfeD" + b"\xfeR" + b"\xfeK" + b"\xfeT" + LIGHT_ON
GO_TO: Final = b"\xfeG"
# The HD44780's usual table has a yen sign and arrows in the place of these.
_NOT_ASCII: Final = str.maketrans({"\\": "/", "~": "-"})


class DisplayLinesSettings(SerialModel, BeeperModel):
    """A display of four lines at a serial port."""

    driver: Literal["display_lines"]
    stall_timeout_ms: int = Field(
        default=2_000, ge=50, le=60_000, description="four lines take 100 ms at 9600 baud"
    )
    redraw_ms: int = Field(
        default=10_000,
        ge=100,
        le=600_000,
        description="a display that was switched off shows again, before anybody asks",
    )


class LinesDisplay(CashierDisplay[ByteLine]):
    """Shows the latest screen: of four lines those that have changed, and all after a reconnect. A
    refusal makes the light blink, and sounds where there is a beeper.
    """

    def __init__(self, settings: DisplayLinesSettings, around: Surroundings) -> None:
        super().__init__(settings, around, Tones(settings, around.clock))
        self._settings = settings
        self._clock = around.clock
        self._thread = DeviceThread(settings.name)
        self._shown: tuple[str, ...] = ()

    async def _open(self) -> ByteLine:
        return await open_serial(self._settings, self._clock, self._thread)

    async def _serve(self, line: ByteLine) -> None:
        self._draw_all()

        def blink(is_dark: bool) -> None:
            line.write(LIGHT_OFF if is_dark else LIGHT_ON)

        await together(
            self._draw(line), self._redraw(), self._tones.flash(blink), self._listen(line)
        )

    async def _draw(self, line: ByteLine) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            lines = four_lines(spelled(self._screen))
            line.write(drawn(lines, self._shown))
            self._shown = lines
            # Screens that come meanwhile replace each other, so the queue holds one.
            await line.sent(self._settings.stall_timeout_ms)

    async def _redraw(self) -> None:
        """Draw all again, for a display that was switched off and on."""
        while True:
            await self._clock.sleep_ms(self._settings.redraw_ms)
            self._draw_all()

    def _draw_all(self) -> None:
        self._shown = ()
        self._changed.set()

    async def _listen(self, line: ByteLine) -> None:
        """A display says nothing; reading notices when it is unplugged."""
        while True:
            await line.read()


def drawn(lines: tuple[str, ...], shown: tuple[str, ...]) -> bytes:
    """The bytes that put the lines over what is shown; with nothing shown, of the whole display."""
    coded = bytearray() if shown else bytearray(BEGIN)
    for row, line in enumerate(lines, 1):
        if not shown or shown[row - 1] != line:
            coded += GO_TO + bytes([1, row]) + line.encode("ascii")
    return bytes(coded)


def spelled(screen: CashierScreen) -> CashierScreen:
    """The screen in the signs that the display has, which may be more of them; to be laid out."""
    return replace(
        screen,
        title=_spelled(screen.title),
        rows=tuple(
            ScreenRow(_spelled(row.left), _spelled(row.middle), _spelled(row.right), row.selected)
            for row in screen.rows
        ),
        total_label=_spelled(screen.total_label),
        total=_spelled(screen.total),
        entry=_spelled(screen.entry),
        notice=_spelled(screen.notice),
        status=tuple(map(_spelled, screen.status)),
    )


def _spelled(text: str) -> str:
    return plain(text, _is_ascii).translate(_NOT_ASCII)


def _is_ascii(character: str) -> bool:
    return character.isascii() and character.isprintable()
