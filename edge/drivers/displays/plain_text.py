"""Text for a device that lacks signs: what it has stays, all else becomes plain ASCII.

Chinese is spelled in pinyin without tones, a capital for each character (农夫山泉: NongFuShanQuan).
Readings are the usual ones of single characters; see docs/decisions/0045.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Final

from edge.checkout.paper.width import display_width

# What Unicode does not decompose: the sign, and what stands for it in one column.
_SIGNS: Final = {
    **dict.fromkeys("¥￥", "Y"), "€": "E", "£": "L", "×": "x", "÷": "/", "·": ".", "•": "*",
    **dict.fromkeys("–—−\u00ad", "-"), **dict.fromkeys("‘’", "'"), **dict.fromkeys("“”„", '"'),
    "…": ".", "。": ".", "、": ",", "《": "<", "》": ">",
    **dict.fromkeys("【「『", "["), **dict.fromkeys("】」』", "]"),
}  # fmt: skip
_PRINTABLE_ASCII: Final = range(0x20, 0x7F)


def plain(text: str, has: Callable[[str], bool]) -> str:
    """The text on one line, without what has no width; a sign that is not in `has` is put into
    ASCII, or `?` where nobody would read it so.
    """
    composed = unicodedata.normalize("NFC", text.replace("\t", " ").replace("\n", " "))
    return "".join(
        each if has(each) else plain_character(each) for each in composed if display_width(each)
    )


# A till shows a few hundred characters again and again.
@lru_cache(maxsize=1024)
def plain_character(character: str) -> str:
    """Printable ASCII, in no more columns; or the capitalised syllable of a Chinese character."""
    if ord(character) in _PRINTABLE_ASCII:
        return character
    if (sign := _SIGNS.get(character)) is not None:
        return sign
    # Without accents. Half of ½ is another amount, and half of ㎏ another measure.
    parts = unicodedata.normalize("NFKD", character)
    letters = "".join(each for each in parts if not unicodedata.combining(each))
    if all(ord(each) in _PRINTABLE_ASCII for each in letters):
        return letters if 0 < len(letters) <= display_width(character) else "?"
    return _syllable(character).capitalize() or "?"


def _syllable(character: str) -> str:
    """Empty for what is no ideograph of the table."""
    table = _table()
    at = table.find(character)
    if at < 0:
        return ""
    start = table.rfind("\n", 0, at) + 1
    return table[start : table.index(",", start)]


@lru_cache(maxsize=1)
def _table() -> str:
    """A line for each syllable, with its characters behind a comma: 46 kB, read when the first
    character is asked for, and searched as text because so many single strings would be 2 MB.
    """
    return (files("edge.drivers.displays") / "pinyin.csv").read_text(encoding="utf-8")
