"""Text for ESC/POS printers and displays: code pages for one column, GB18030 for two.

A mode is left before another begins: in Chinese mode a printer takes any two bytes above 0x7F for
one character, and outside it Chinese comes out as accents.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from edge.checkout.paper.width import display_width

# Epson ESC/POS command reference: FS & (select Kanji character mode), FS . (cancel it), ESC t n
# (select character code table). Chinese models take GB18030 in "Kanji" mode.
SELECT_DOUBLE_BYTE = b"\x1c&"
CANCEL_DOUBLE_BYTE = b"\x1c."
SELECT_CODE_PAGE = b"\x1bt"

_PRINTABLE_ASCII = range(0x20, 0x7F)
_RUNS = re.compile(r"([ -~]+)|[^ -~]+")

Charset = Literal["gb18030", "gbk", "western"]


@dataclass(frozen=True, slots=True)
class CodePage:
    """A table of the device by its number for ESC t, and Python's name for it."""

    number: int
    codec: str


# Numbers as in Epson's character code tables; PC437 is what every device starts with.
EPSON_CODE_PAGES = (
    CodePage(0, "cp437"),
    CodePage(16, "cp1252"),
    CodePage(18, "cp852"),
    CodePage(17, "cp866"),
    CodePage(47, "cp1253"),
    CodePage(48, "cp1254"),
)


class TextCoder:
    """Text to bytes, remembering which mode and code page the device is in."""

    def __init__(self, charset: Charset, pages: Sequence[CodePage]) -> None:
        self._double_byte = None if charset == "western" else charset
        self._pages = pages
        self._page: CodePage | None = None
        self._in_double_byte = False

    def reset(self) -> bytes:
        """What puts the device into the mode that is assumed from here: cheap printers for the
        Chinese market start in double-byte mode.
        """
        self._page = self._pages[0]
        self._in_double_byte = False
        return CANCEL_DOUBLE_BYTE + SELECT_CODE_PAGE + bytes([self._page.number])

    def printable(self, text: str) -> str:
        """`text` as the device can show it, newlines kept: what it has no sign for becomes the
        plain letter or a question mark, what has no width is dropped. Lay out this text, so that
        columns are exact.
        """
        if text.isascii() and text.isprintable():
            return text
        composed = unicodedata.normalize("NFC", text.replace("\t", " "))
        return "".join(map(self._substitute, composed))

    def encode(self, text: str) -> bytes:
        """The bytes of a printable text without newlines."""
        coded = bytearray()
        for run in _RUNS.finditer(text):
            if run[1]:
                coded += self._leave_double_byte() + run[1].encode("ascii")
                continue
            for character in run[0]:
                if display_width(character) == 2:  # noqa: PLR2004 - a Chinese character's columns
                    coded += self._enter_double_byte() + self._double(character)
                else:
                    coded += self._leave_double_byte() + self._single(character)
        return bytes(coded + self._leave_double_byte())

    def _substitute(self, character: str) -> str:
        if character == "\n" or ord(character) in _PRINTABLE_ASCII:
            return character
        width = display_width(character)
        if width == 0:
            return ""
        if self._double(character) if width > 1 else self._page_of(character):
            return character
        plain = unicodedata.normalize("NFKD", character)[:1]
        return plain if ord(plain) in _PRINTABLE_ASCII else "?"

    def _double(self, character: str) -> bytes:
        """Its two bytes, or four of an ideograph beyond GBK; none if the device has no sign."""
        if self._double_byte is None:
            return b""
        coded = character.encode(self._double_byte, errors="ignore")
        known = len(coded) == 2 or unicodedata.category(character) == "Lo"  # noqa: PLR2004 - bytes
        return coded if known else b""

    def _single(self, character: str) -> bytes:
        page = self._page_of(character)
        if page is None:
            return b"?"
        select = b"" if page is self._page else SELECT_CODE_PAGE + bytes([page.number])
        self._page = page
        return select + character.encode(page.codec)

    def _page_of(self, character: str) -> CodePage | None:
        """The page in force if it has the character, else the first that has."""
        pages = self._pages if self._page is None else (self._page, *self._pages)
        return next((page for page in pages if character.encode(page.codec, "ignore")), None)

    def _enter_double_byte(self) -> bytes:
        entering = not self._in_double_byte
        self._in_double_byte = True
        return SELECT_DOUBLE_BYTE if entering else b""

    def _leave_double_byte(self) -> bytes:
        leaving = self._in_double_byte
        self._in_double_byte = False
        return CANCEL_DOUBLE_BYTE if leaving else b""
