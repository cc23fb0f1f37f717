"""What is wrong with settings, a line each: file, key, and what to do about it. Pure."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from edge.plain_words import in_words

# What the settings' patterns want.
PATTERNS: Final[Mapping[str, str]] = {
    r"^[A-Za-z0-9_-]{1,64}$": "1 to 64 letters, digits, - and _",
    r"^[A-Za-z0-9._-]{1,16}$": "1 to 16 letters, digits, ., - and _",
    r"^[a-z0-9-]{1,16}$": "1 to 16 lower-case letters, digits and -",
    r"^[A-Z0-9]{1,4}$": "1 to 4 capital letters and digits",
    r"^[^\x00]*$": "a path of Linux",
    r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$": "https:// with a host, and a port if need be",
    r"^[\x20-\x7e]*$": "letters, digits and signs of ASCII",
    r"^[!-/:-@\\^-`{-~]?$": "one sign of ASCII that is no letter, digit, [ or ]",
    r"^[a-z][a-z0-9_-]{0,31}$": "lower-case letters, digits, - and _, at most 32, a letter first",
    r"^[0-9a-f]{4}$": "four lower-case hex digits, as lsusb has them",
    r"^([0-9]+-[0-9]+(\.[0-9]+)*)?$": "a port's name in /sys/bus/usb/devices, such as 1-1.2",
}
CODE_PAGES: Final = "code_pages"
PAGES_WANTED: Final = "is no name of a numbering, and no table such as { cp437 = 0, cp866 = 17 }"
NUMBERS: Final = frozenset({"literal_error", "int_type", "float_type"})
# What a whole number counts, by the end of its key.
UNITS: Final[Mapping[str, str]] = {
    "_bp": "hundredths of a percent: 13 % is 1300",
    "_minor": "the smallest unit of the money: 1.50 is 150 where it has cents",
    "_ms": "milliseconds: 1.5 s are 1500",
}
SINGLE_TABLE: Final = re.compile(r"[ \t]*\[[ \t]*devices[ \t]*\]")
TWO_BRACKETS: Final = "is a single table: write [[devices]], two brackets, above each device"
LONGEST_SHOWN: Final = 60


def toml_lines(path: Path, error: Exception, text: str) -> list[str]:
    """Of what is no TOML. Devices in single brackets are not, as soon as there are two of them;
    Python then speaks of what cannot be declared.
    """
    single = [
        f"{path}: line {number}: [devices] {TWO_BRACKETS}"
        for number, line in enumerate(text.split("\n"), 1)
        if SINGLE_TABLE.match(line)
    ]
    return single or [f"{path}: is not TOML: {error}"]


def lines(path: Path, errors: Sequence[Mapping[str, Any]], raw: Mapping[str, Any]) -> list[str]:
    """Of pydantic's errors; `raw` is what the file holds. Each thing once, and no list is called
    too short because what is in it is wrong.
    """
    places = [error["loc"] for error in errors]
    said = [
        f"{path}: {_key(error['loc'], raw) or 'the file'}: {_reason(error)}"
        for error in errors
        if error["type"] != "too_short"
        or not any(place[:-1][: len(error["loc"])] == error["loc"] for place in places)
    ]
    return list(dict.fromkeys(said))


def _key(place: tuple[int | str, ...], raw: Mapping[str, Any]) -> str:
    """The key in the file, and of a device the name that it has there."""
    named = ""
    if place[:1] == ("devices",):
        named = _name_of(place, raw)
        # Behind the number stands the driver, which the file does not have as a key.
        place = (*place[:2], *place[3:])
    if _is_union(place):
        place = place[: place.index(CODE_PAGES) + 1]
    key = ""
    for part in place:
        key += f"[{part}]" if isinstance(part, int) else f".{part}"
    return key.lstrip(".") + named


def _name_of(place: tuple[int | str, ...], raw: Mapping[str, Any]) -> str:
    devices = raw.get("devices")
    number = place[1] if len(place) > 1 else None
    if not isinstance(devices, list) or not isinstance(number, int):
        return ""
    device = devices[number]
    name = device.get("name") if isinstance(device, dict) else None
    if not isinstance(name, str) or not name.isprintable() or not name:
        return ""
    return f" ({name[:LONGEST_SHOWN]})"


def _is_union(place: tuple[int | str, ...]) -> bool:
    """Whether it is wrong in each of the ways in which code pages may be said."""
    return any(
        one == CODE_PAGES and str(other).startswith(("literal[", "dict["))
        for one, other in pairwise(place)
    )


def _reason(error: Mapping[str, Any]) -> str:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if _is_union(error["loc"]):
        return PAGES_WANTED
    if kind in NUMBERS and _is_number_in_quotes(given) and "'" not in context.get("expected", ""):
        return f"is text: write {given[:LONGEST_SHOWN]} without quotes"
    if kind == "string_pattern_mismatch" and context["pattern"] in PATTERNS:
        return f"{_shown(given)} is not {PATTERNS[context['pattern']]}"
    if kind == "union_tag_invalid":
        return _unknown_driver(context["tag"], context["expected_tags"])
    if kind == "tuple_type" and error["loc"] == ("devices",):
        return TWO_BRACKETS
    if kind == "int_type" and isinstance(given, float):
        return f"{given} is not whole{_counted(error['loc'])}"
    reasons = {
        "extra_forbidden": "is not a setting",
        "missing": "is missing",
        "union_tag_not_found": "driver is missing",
    }
    return reasons.get(kind) or in_words(error, {})


def _counted(place: tuple[int | str, ...]) -> str:
    key = next((str(part) for part in reversed(place) if isinstance(part, str)), "")
    return next((f"; in {unit}" for end, unit in UNITS.items() if key.endswith(end)), "")


def _is_number_in_quotes(given: object) -> bool:
    return isinstance(given, str) and given.isascii() and given.isdigit()


def _unknown_driver(tag: str, expected: str) -> str:
    near = get_close_matches(tag[:LONGEST_SHOWN], expected.replace("'", "").split(", "), n=1)
    hint = f"; did you mean '{near[0]}'?" if near else "; docs/devices.md lists them"
    return f"no driver is called {_shown(tag)}{hint}"


def _shown(given: object) -> str:
    return repr(given)[: LONGEST_SHOWN + 2]
