"""The command sets of 2x20 customer displays: both lines to bytes.

ESC/POS as in Epson's "ESC/POS Command Reference for Customer Displays": ESC @ initialise, US MD1
overwrite mode, US C n cursor, HOM home, US $ x y move cursor, ESC t n code page, FS & and FS .
CD5220 as in section 6 of the "User's Manual CD5220 Customer Display": CLR clears screen and string
mode, ESC @ initialise, ESC _ n cursor, ESC f n character set, ESC Q A and ESC Q B with 20
characters and CR write the upper and lower line. While lines are written so, nothing else but CLR
and CAN may be sent.
"""

from collections.abc import Mapping
from typing import Final, Literal, Protocol

from edge.checkout.paper.width import display_width, pad_right
from edge.checkout.screens import CUSTOMER_COLUMNS, CustomerLine, CustomerScreen, lay_line
from edge.drivers.charset import EPSON_CODE_PAGES, Charset, CodePage, TextCoder
from edge.drivers.displays.plain_text import plain

INITIALISE: Final = b"\x1b@"  # ESC @, in both
OVERWRITE_MODE: Final = b"\x1f\x01"  # US MD1
CURSOR_OFF: Final = b"\x1fC\x00"  # US C 0
HOME: Final = b"\x0b"  # HOM
LOWER_LINE: Final = b"\x1f$\x01\x02"  # US $ 1 2: first column, second line

CLEAR: Final = b"\x0c"  # CLR
CD5220_CURSOR_OFF: Final = b"\x1b_\x00"  # ESC _ 0
CD5220_CHARACTERS: Final = b"\x1bf"  # ESC f n
CD5220_UPPER, CD5220_LOWER, CD5220_END = b"\x1bQA", b"\x1bQB", b"\r"

CHINESE_COLUMNS: Final = 2

Commands = Literal["escpos", "cd5220"]
# Those whose lower half is ASCII.
Codec = Literal[
    "cp437", "cp737", "cp775", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861",
    "cp863", "cp865", "cp866", "cp869", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257",
    "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r",
]  # fmt: skip


class CommandSet(Protocol):
    """How one kind of display is spoken to. Remembers the mode that the display is in."""

    has_chinese: bool

    def begin(self) -> bytes:
        """What makes a display that was just switched on ready; it is blank afterwards."""

    def lines(self, upper: str, lower: str) -> bytes:
        """Both lines over what stands there, whatever characters are in them."""

    def has(self, character: str) -> bool:
        """Whether the display has a sign for it."""


class EscposCommands:
    """Any mixture of the display's code pages, and Chinese where it has it."""

    def __init__(self, charset: Charset, code_pages: Mapping[str, Codec]) -> None:
        pages = tuple(CodePage(int(number), codec) for number, codec in code_pages.items())
        self.has_chinese = charset != "western"
        self._coder = TextCoder(charset, pages or EPSON_CODE_PAGES)

    def begin(self) -> bytes:
        return INITIALISE + OVERWRITE_MODE + CURSOR_OFF + self._coder.reset()

    def lines(self, upper: str, lower: str) -> bytes:
        first, second = (self._coder.encode(_exactly(line, self)) for line in (upper, lower))
        # The mode is said again each time: a display that was switched off has forgotten it.
        return self._coder.reset() + HOME + first + LOWER_LINE + second

    def has(self, character: str) -> bool:
        return character.isprintable() and self._coder.printable(character) == character


class Cd5220Commands:
    """One table behind ASCII, because none can be selected within a line: a code page, or GBK on
    the Chinese displays, where each Chinese character is two bytes over two columns.
    """

    def __init__(self, charset: Charset, code_pages: Mapping[str, Codec]) -> None:
        self.has_chinese = charset != "western"
        self._letter, self._codec = next(iter(code_pages.items()), ("", "ascii"))

    def begin(self) -> bytes:
        characters = CD5220_CHARACTERS + self._letter.encode("ascii") if self._letter else b""
        return CLEAR + INITIALISE + CD5220_CURSOR_OFF + characters

    def lines(self, upper: str, lower: str) -> bytes:
        first, second = (b"".join(map(self._code, _exactly(line, self))) for line in (upper, lower))
        return CD5220_UPPER + first + CD5220_END + CD5220_LOWER + second + CD5220_END

    def has(self, character: str) -> bool:
        return character.isprintable() and len(self._code(character)) == display_width(character)

    def _code(self, character: str) -> bytes:
        codec = "gbk" if self.has_chinese else self._codec
        return character.encode(codec, "ignore")


COMMAND_SETS: Final[Mapping[Commands, type[EscposCommands] | type[Cd5220Commands]]] = {
    "escpos": EscposCommands,
    "cd5220": Cd5220Commands,
}


def drawn(screen: CustomerScreen, commands: CommandSet) -> bytes:
    """The bytes that show the screen: as it is, or its plain variant where the display lacks
    Chinese and the screen has some.
    """
    if screen.plain is None or shows(screen, commands):
        return commands.lines(screen.upper, screen.lower)
    upper, lower = (lay_line(_spelled(line, commands), CUSTOMER_COLUMNS) for line in screen.plain)
    return commands.lines(upper, lower)


def _spelled(line: CustomerLine, commands: CommandSet) -> CustomerLine:
    left, right = (plain(text, commands.has) for text in (line.left, line.right))
    return CustomerLine(left, right, line.is_centred)


def shows(screen: CustomerScreen, commands: CommandSet) -> bool:
    """Whether the screen is readable as it is: a single sign that lacks does no harm."""
    if commands.has_chinese:
        return True
    return max(map(display_width, screen.upper + screen.lower), default=0) < CHINESE_COLUMNS


def _exactly(line: str, commands: CommandSet) -> str:
    return pad_right(plain(line, commands.has), CUSTOMER_COLUMNS)
