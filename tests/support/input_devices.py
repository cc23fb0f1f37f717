"""Keyboards: a FIFO that speaks as an event node of Linux does, and somebody who types on it."""

import errno
import os
import string
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path

from evdev import ecodes

from edge.drivers.keys.input_events import EVENT

Event = tuple[int, int, int]
REPORT: Event = (ecodes.EV_SYN, ecodes.SYN_REPORT, 0)
DROPPED: Event = (ecodes.EV_SYN, ecodes.SYN_DROPPED, 0)
UP, DOWN, REPEAT = 0, 1, 2


# Long after anything that a test opens.
LATE_S = 2_100_000_000


def packed(events: Iterable[Event], at_us: int = LATE_S * 1_000_000) -> bytes:
    """The events as the kernel writes them, each with its time."""
    return b"".join(EVENT.pack(*divmod(at_us, 1_000_000), *event) for event in events)


def moved(key: str, value: int) -> list[Event]:
    """What one report of a USB keyboard becomes: the key's usage, the key, the report's end."""
    code = ecodes.ecodes[key]
    usage = (ecodes.EV_MSC, ecodes.MSC_SCAN, 0x70000 + code)
    return [usage, (ecodes.EV_KEY, code, value), REPORT]


def pressed(*keys: str) -> list[Event]:
    """The keys together: down in this order, up in the other."""
    downs = [event for key in keys for event in moved(key, DOWN)]
    return downs + [event for key in reversed(keys) for event in moved(key, UP)]


class EventNode:
    """The till's end of a keyboard, in the place of evdev's `InputDevice`, whose calls it has."""

    def __init__(self, nodes: "EventNodes", path: str) -> None:
        self.path = path
        self._nodes = nodes
        self.fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def grab(self) -> None:
        if self.path in self._nodes.grabbed_elsewhere:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        self._nodes.grabbed.append(self.path)

    def leds(self) -> list[int]:
        return [ecodes.LED_CAPSL] if self.path in self._nodes.with_caps_lock else []

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1


class EventNodes:
    """The kernel's answers to the questions that a FIFO does not understand."""

    def __init__(self) -> None:
        self.grabbed: list[str] = []
        self.grabbed_elsewhere: set[str] = set()
        self.with_caps_lock: set[str] = set()

    def open(self, path: str) -> EventNode:
        return EventNode(self, path)


class Keyboard:
    """A keyboard behind `path`. Unplugging takes the path away and ends the stream."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._end: int | None = None

    def plug(self) -> None:
        os.mkfifo(self.path)
        # For reading as well, so that it can be opened while nobody listens.
        self._end = os.open(self.path, os.O_RDWR | os.O_NONBLOCK)

    def unplug(self) -> None:
        if self._end is not None:
            self.path.unlink()
            os.close(self._end)
            self._end = None

    def send(self, data: bytes) -> None:
        assert self._end is not None, "an unplugged device sends nothing"
        assert os.write(self._end, data) == len(data)

    def play(self, events: Iterable[Event]) -> None:
        self.send(packed(events))


@contextmanager
def plugged_in(*keyboards: Keyboard):  # noqa: ANN201 - a context manager
    for keyboard in keyboards:
        keyboard.plug()
    try:
        yield
    finally:
        for keyboard in keyboards:
            keyboard.unplug()


# --- Who types. Written from pictures of the keyboards, key by key, and not from the till's tables:
# S is Shift, A is AltGr, and a space behind it makes a dead key's accent stand alone.

_HOLDS = {"S": "KEY_LEFTSHIFT", "A": "KEY_RIGHTALT", "C": "KEY_LEFTCTRL"}
_LETTERS = {letter: letter.upper() for letter in string.ascii_lowercase}
_DIGITS = {digit: digit for digit in string.digits}
_SAME = {**_LETTERS, **_DIGITS, " ": "SPACE", "\x1d": "C+RIGHTBRACE"}
_US = {
    **_SAME,
    "`": "GRAVE",
    "~": "S+GRAVE",
    "-": "MINUS",
    "_": "S+MINUS",
    "=": "EQUAL",
    "+": "S+EQUAL",
    **{shifted: f"S+{digit}" for shifted, digit in zip("!@#$%^&*()", "1234567890", strict=True)},
    "[": "LEFTBRACE",
    "{": "S+LEFTBRACE",
    "]": "RIGHTBRACE",
    "}": "S+RIGHTBRACE",
    ";": "SEMICOLON",
    ":": "S+SEMICOLON",
    "'": "APOSTROPHE",
    '"': "S+APOSTROPHE",
    "\\": "BACKSLASH",
    "|": "S+BACKSLASH",
    ",": "COMMA",
    "<": "S+COMMA",
    ".": "DOT",
    ">": "S+DOT",
    "/": "SLASH",
    "?": "S+SLASH",
}
_UK = {
    **_US,
    '"': "S+2",
    "@": "S+APOSTROPHE",
    "#": "BACKSLASH",
    "~": "S+BACKSLASH",
    "\\": "102ND",
    "|": "S+102ND",
}
_DE = {
    **_SAME,
    "y": "Z",
    "z": "Y",
    "+": "RIGHTBRACE",
    "*": "S+RIGHTBRACE",
    "~": "A+RIGHTBRACE",
    '"': "S+2",
    "!": "S+1",
    "$": "S+4",
    "%": "S+5",
    "&": "S+6",
    "/": "S+7",
    "(": "S+8",
    ")": "S+9",
    "=": "S+0",
    "?": "S+MINUS",
    "{": "A+7",
    "[": "A+8",
    "]": "A+9",
    "}": "A+0",
    "\\": "A+MINUS",
    "@": "A+Q",
    "#": "BACKSLASH",
    "'": "S+BACKSLASH",
    ",": "COMMA",
    ";": "S+COMMA",
    ".": "DOT",
    ":": "S+DOT",
    "-": "SLASH",
    "_": "S+SLASH",
    "<": "102ND",
    ">": "S+102ND",
    "|": "A+102ND",
    "^": "GRAVE SPACE",
    "`": "S+EQUAL SPACE",
}
_FR = {
    **_SAME,
    **{digit: f"S+{digit}" for digit in string.digits},
    "a": "Q",
    "q": "A",
    "z": "W",
    "w": "Z",
    "m": "SEMICOLON",
    ",": "M",
    "?": "S+M",
    "&": "1",
    '"': "3",
    "'": "4",
    "(": "5",
    "-": "6",
    "_": "8",
    ")": "MINUS",
    "=": "EQUAL",
    "+": "S+EQUAL",
    "~": "A+2 SPACE",
    "#": "A+3",
    "{": "A+4",
    "[": "A+5",
    "|": "A+6",
    "`": "A+7 SPACE",
    "\\": "A+8",
    "^": "LEFTBRACE SPACE",
    "@": "A+0",
    "]": "A+MINUS",
    "}": "A+EQUAL",
    "$": "RIGHTBRACE",
    "%": "S+APOSTROPHE",
    "*": "BACKSLASH",
    "<": "102ND",
    ">": "S+102ND",
    ";": "COMMA",
    ".": "S+COMMA",
    ":": "DOT",
    "/": "S+DOT",
    "!": "SLASH",
}
STROKES = {"us": _US, "uk": _UK, "de": _DE, "fr": _FR}
for _strokes in STROKES.values():
    _strokes |= {
        letter.upper(): f"S+{stroke}"
        for letter, stroke in _strokes.items()
        if letter in string.ascii_lowercase
    }


def stroked(stroke: str) -> list[Event]:
    """A stroke as the tables write it."""
    events: list[Event] = []
    for chord in stroke.split(" "):
        *holds, key = chord.split("+")
        events += pressed(*(_HOLDS[hold] for hold in holds), f"KEY_{key}")
    return events


def typed(
    text: str,
    layout: str = "us",
    *,
    end: str = "KEY_ENTER",
    strokes: Callable[[str], str | None] = lambda _: None,
) -> list[Event]:
    """Everything that a scanner does to type the text. `strokes` may know another way than the
    layout's for a character.
    """
    events: list[Event] = []
    for character in text:
        events += stroked(strokes(character) or STROKES[layout][character])
    return events + pressed(end)
