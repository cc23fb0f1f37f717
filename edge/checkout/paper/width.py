"""How many columns a text takes on a terminal, a pole display or paper, and fitting it to them.

Widths follow Unicode's East Asian Width (UAX #11): W and F take two columns, combining and
other zero-width characters none, everything else one. A control character takes none.
"""

import unicodedata
from functools import lru_cache

_ZERO_CATEGORIES = frozenset({"Cc", "Cf", "Mc", "Me", "Mn", "Zl", "Zp"})
# Format characters that terminals draw: the soft hyphen, and signs that enclose what follows.
_DRAWN_FORMAT_CHARACTERS = frozenset(
    "\u00ad\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Letters that are drawn within the syllable before them: Hangul vowels, finals and fillers.
_JOINED_LETTERS = frozenset(
    chr(code)
    for code in (*range(0x1160, 0x1200), *range(0xD7B0, 0xD800), 0x3164, 0xFFA0)
    if unicodedata.category(chr(code)) == "Lo"
)
# Chinese punctuation stays with the character that it closes or opens (GB/T 15834).
_STARTS_NO_LINE = frozenset("，。！？；：、）》〉」』】〕…—·％,.!?;:)]}%’”")
_ENDS_NO_LINE = frozenset("（《〈「『【〔￥([{‘“")


def display_width(text: str) -> int:
    """Columns that `text` takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_character_width, text))


def clip(text: str, columns: int) -> str:
    """The longest beginning of `text` that fits into `columns`; no character is cut in two."""
    return text[: _fitting(text, columns)]


def shorten(text: str, columns: int) -> str:
    """`text`, or as much of it as fits with a sign that more followed."""
    if display_width(text) <= columns:
        return text
    return clip(text, columns - 1) + "…" if columns > 0 else ""


def pad_right(text: str, columns: int) -> str:
    """`text` at the left of exactly `columns`, clipped when it is wider."""
    width = display_width(text)
    if width <= columns:
        return text + " " * (columns - width)
    head = clip(text, columns)
    return head + " " * (columns - display_width(head))


def pad_left(text: str, columns: int) -> str:
    """`text` at the right of exactly `columns`, clipped when it is wider."""
    head = clip(text, columns)
    return " " * (columns - display_width(head)) + head


def centre(text: str, columns: int) -> str:
    """`text` in the middle of exactly `columns`, the odd column on the right."""
    head = clip(text, columns)
    return pad_right(" " * ((columns - display_width(head)) // 2) + head, columns)


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most `columns` (2 or more), broken at spaces, between Chinese characters, and
    within a word only when it is wider than a line. Never empty; spaces at a break are dropped.
    """
    if columns < 2:  # noqa: PLR2004 - two columns are what one Chinese character takes
        raise ValueError(f"no text fits into {columns} columns")
    lines: list[str] = []
    for paragraph in text.split("\n"):
        rest = paragraph
        while (fitting := _fitting(rest, columns)) < len(rest):
            cut = next((at for at in range(fitting, 0, -1) if _may_break(rest, at)), fitting)
            lines.append(rest[:cut].rstrip(" "))
            rest = rest[cut:].lstrip(" ")
        lines.append(rest)
    return lines


# A shop's texts use a few thousand Chinese characters; the rest is recomputed.
@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    category = unicodedata.category(character)
    if category in _ZERO_CATEGORIES:
        return 1 if character in _DRAWN_FORMAT_CHARACTERS else 0
    if character in _JOINED_LETTERS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _fitting(text: str, columns: int) -> int:
    """How many characters of `text` fit into `columns`, with the marks that follow the last."""
    # None takes more than two: most texts of a receipt need no closer look.
    if 2 * len(text) <= columns:
        return len(text)
    if text.isascii() and text.isprintable():
        return min(len(text), columns)
    left = columns
    for index, character in enumerate(text):
        left -= _character_width(character)
        if left < 0:
            return index
    return len(text)


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if before == " " or after == " ":
        return True
    if 2 not in (_character_width(before), _character_width(after)):  # noqa: PLR2004 - wide
        return False
    return (
        _character_width(after) > 0 and before not in _ENDS_NO_LINE and after not in _STARTS_NO_LINE
    )
