"""For people: what pydantic finds wrong with somebody's file, where its own text speaks of Python
or of itself; and what somebody else wrote. Pure.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

Context = Mapping[str, Any]


# What is shown of a kind that there is not.
LONGEST_SHOWN: Final = 40


def _no_list(_context: Context) -> str:
    return "should be a list"


_WORDS: Final[Mapping[str, Callable[[Context], str]]] = {
    "too_short": lambda context: f"needs at least {context['min_length']}",
    "too_long": lambda context: f"takes at most {context['max_length']}",
    "tuple_type": _no_list,
    "frozen_set_type": _no_list,
    "extra_forbidden": lambda _: "is not known here",
    "missing": lambda _: "is missing",
    "union_tag_not_found": lambda context: f"{context['discriminator'][1:-1]} is missing",
    "union_tag_invalid": lambda context: (
        f"there is no {context['discriminator'][1:-1]} {context['tag'][:LONGEST_SHOWN]!r},"
        f" but {context['expected_tags']}"
    ),
    "json_invalid": lambda context: f"is not JSON: {context['error']}",
}


def counted(number: int, one: str, several: str = "") -> str:
    """`1 box`, `2 boxes`; several are one with an s, where nothing else is given."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def one_line(text: str) -> str:
    """The text without what ends a line or moves a terminal's cursor: whoever wrote it may have
    meant to forge the line below.
    """
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def in_words(error: Mapping[str, Any], patterns: Mapping[str, str]) -> str:
    """Why pydantic refused it; `patterns` says what the regular expressions of its model want."""
    context = error.get("ctx", {})
    if error["type"] in _WORDS:
        return _WORDS[error["type"]](context)
    wanted = patterns.get(context.get("pattern", ""))
    message: str = wanted or error["msg"]
    return message.removeprefix("Value error, ")
