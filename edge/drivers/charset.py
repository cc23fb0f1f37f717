"""Text for ESC/POS printers and displays: code pages for one column, GB18030 for two.

A mode is left before another begins: in Chinese mode a printer takes any two bytes above 0x7F for
one character, and outside it Chinese comes out as accents.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from edge.checkout.paper.width import display_width

# Epson ESC/POS command reference: FS & (select Kanji character mode), FS . (cancel it), ESC t n
# (select character code table). Chinese models take GB18030 in "Kanji" mode.
SELECT_DOUBLE_BYTE = b"\x1c&"
CANCEL_DOUBLE_BYTE = b"\x1c."
SELECT_CODE_PAGE = b"\x1bt"

# A shop's texts use a few thousand Chinese characters.
MOST_KEPT = 8_192
_PRINTABLE_ASCII = range(0x20, 0x7F)

Charset = Literal["gb18030", "gbk", "western"]


@dataclass(frozen=True, slots=True)
class CodePage:
    """A table of the device by its number for ESC t, and Python's name for it."""

    number: int
    codec: str


# The pages that have a sign, in the order in which they are tried, and its byte there.
Places: TypeAlias = dict[str, dict[CodePage, bytes]]

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
        self._signs = _signs_of(self._double_byte, tuple(pages))
        self._page = pages[0]

    def reset(self) -> bytes:
        """What puts the device into the mode that is assumed from here: cheap printers for the
        Chinese market start in double-byte mode.
        """
        self._page = self._pages[0]
        return CANCEL_DOUBLE_BYTE + SELECT_CODE_PAGE + bytes([self._page.number])

    def printable(self, text: str) -> str:
        """`text` as the device can show it, newlines kept: what it has no sign for becomes the
        plain letter or a question mark, what has no width is dropped. Lay out this text, so that
        columns are exact.
        """
        if text.isascii() and text.isprintable():
            return text
        composed = unicodedata.normalize("NFC", text.replace("\t", " "))
        return composed.translate(self._signs.substitutes)

    def encode(self, text: str) -> bytes:
        """The bytes of a printable text without newlines; double-byte mode is left at its end."""
        if text.isascii():
            return text.encode("ascii")
        coded: list[bytes] = []
        in_double_byte = False
        for run in self._signs.runs.finditer(text):
            if run.lastindex is None:
                assert self._double_byte is not None, "a printable text has no other signs"
                coded += [SELECT_DOUBLE_BYTE, run[0].encode(self._double_byte)]
                in_double_byte = True
                continue
            if in_double_byte:
                coded.append(CANCEL_DOUBLE_BYTE)
                in_double_byte = False
            if run[1]:
                coded.append(run[1].encode("ascii"))
            else:
                coded += map(self._single, run[2])
        return b"".join(coded) + (CANCEL_DOUBLE_BYTE if in_double_byte else b"")

    def _single(self, sign: str) -> bytes:
        """A sign of one column, from the page in force if that has it, else the first that has."""
        places = self._signs.places[sign]
        if self._page in places:
            return places[self._page]
        self._page, coded = next(iter(places.items()))
        return SELECT_CODE_PAGE + bytes([self._page.number]) + coded


class _Substitutes(dict[int, str]):
    """What the device shows for a character, worked out when it is first met."""

    def __init__(self, double_byte: str | None, places: Places) -> None:
        super().__init__({ord("\n"): "\n"})
        self._double_byte = double_byte
        self._places = places

    def __missing__(self, code: int) -> str:
        shown = self._worked_out(chr(code))
        if len(self) >= MOST_KEPT:
            self.clear()
            self[ord("\n")] = "\n"
        self[code] = shown
        return shown

    def _worked_out(self, character: str) -> str:
        if ord(character) in _PRINTABLE_ASCII:
            return character
        width = display_width(character)
        if width == 0:
            return ""
        if character in self._places if width == 1 else _is_double(character, self._double_byte):
            return character
        plain = unicodedata.normalize("NFKD", character)[:1]
        return plain if ord(plain) in _PRINTABLE_ASCII else "?"


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a device has: the pages in which a sign of one column is and its byte there, what stands
    for characters that it has not, and how a printable text falls into runs of ASCII (group 1), of
    signs of one column (group 2) and of two.
    """

    places: Places
    substitutes: _Substitutes
    runs: re.Pattern[str]


# A till has a printer and a display or two, each of one kind.
@lru_cache(maxsize=8)
def _signs_of(double_byte: str | None, pages: tuple[CodePage, ...]) -> _Signs:
    places: Places = {}
    for page in pages:
        for byte in range(0x80, 0x100):
            sign = bytes([byte]).decode(page.codec, "ignore")
            if sign and display_width(sign) == 1:
                places.setdefault(sign, {}).setdefault(page, bytes([byte]))
    singles = "".join(map(re.escape, sorted(places)))
    one_column = f"[{singles}]+" if singles else "(?!)"
    runs = re.compile(f"([ -~]+)|({one_column})|[^ -~{singles}]+")
    return _Signs(places, _Substitutes(double_byte, places), runs)


def _is_double(character: str, double_byte: str | None) -> bool:
    """Whether it has two bytes, or four as an ideograph beyond GBK."""
    if double_byte is None:
        return False
    coded = character.encode(double_byte, errors="ignore")
    is_known = len(coded) == 2 or unicodedata.category(character) == "Lo"  # noqa: PLR2004 - bytes
    return bool(coded) and is_known
