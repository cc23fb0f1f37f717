"""The demo's keypad, cap by cap, and the keys of the keyboard that press it."""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.checkout.inputs import Key


@dataclass(frozen=True, slots=True)
class Cap:
    """A key of the keypad: what stands on it, the keyboard's keys for it as textual names them
    (the first one is shown), its colour, and how many places it takes.
    """

    key: Key
    label: str
    strokes: tuple[str, ...]
    colour: str = "digit"
    places: int = 1


def _digit(digit: str) -> Cap:
    return Cap(Key(digit), digit, (digit,))


# Five places a row.
CAPS: tuple[Cap, ...] = (
    Cap(Key.MENU, "MENU", ("m", "f5"), "office"),
    Cap(Key.UP, "▲", ("up",), "office"),
    Cap(Key.DOWN, "▼", ("down",), "office"),
    Cap(Key.VOID, "VOID", ("v", "delete"), "undo"),
    Cap(Key.CLEAR, "CLEAR", ("escape", "backspace"), "undo"),
    *map(_digit, "789"),
    Cap(Key.TIMES, "×", ("x", "*"), "office"),
    Cap(Key.MEMBER, "MEMBER", ("b",), "office"),
    *map(_digit, "456"),
    Cap(Key.POINT, ".", (".", ","), "digit"),
    Cap(Key.MOBILE, "MOBILE", ("o",), "card"),
    *map(_digit, "123"),
    Cap(Key.SUBTOTAL, "SUBTOTAL", ("t", "f6"), "office", places=2),
    _digit("0"),
    Cap(Key.DOUBLE_ZERO, "00", ("z",)),
    Cap(Key.ENTER, "ENTER", ("enter",), "office"),
    Cap(Key.CARD, "CARD", ("d", "f7"), "card"),
    Cap(Key.CASH, "CASH", ("c", "f8"), "cash"),
)

STROKES: Mapping[str, Key] = {stroke: cap.key for cap in CAPS for stroke in cap.strokes}
SHOWN_STROKES = {"up": "↑", "down": "↓", "enter": "⏎", "escape": "Esc"}


def shown_stroke(cap: Cap) -> str:
    """What the cap says of the keyboard; nothing where the label says it."""
    stroke = cap.strokes[0]
    return "" if stroke == cap.label else SHOWN_STROKES.get(stroke, stroke)
