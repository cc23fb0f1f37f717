"""From the keys that a scanner presses to the bytes that it would have sent. Pure; memory is
bounded.
"""

from typing import Literal, TypeAlias

from edge.drivers.keys.input_events import EventsLost, KeyEvent, KeyMoved, Motion
from edge.drivers.keys.keyboard_layouts import ACCENTED, DEAD, KEYPAD, LayoutName, layout

EndKey: TypeAlias = Literal["enter", "tab"]
GsKey: TypeAlias = Literal[
    "ctrl_]", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12"
]

# What a frame with it can't be read for, whatever else is in it.
SPOILER = b"\xff"
END = b"\r"
GS = "\x1d"

# Keys by input-event-codes.h.
_TAB, _ENTER, _KP_ENTER = 15, 28, 96
_CAPS_LOCK, _NUM_LOCK, _SCROLL_LOCK = 58, 69, 70
_LEFT_CTRL, _LEFT_SHIFT, _RIGHT_SHIFT, _LEFT_ALT = 29, 42, 54, 56
_RIGHT_CTRL, _RIGHT_ALT, _LEFT_META, _RIGHT_META = 97, 100, 125, 126
_CTRL = frozenset((_LEFT_CTRL, _RIGHT_CTRL))
_SHIFT = frozenset((_LEFT_SHIFT, _RIGHT_SHIFT))
_META = frozenset((_LEFT_META, _RIGHT_META))
_MODIFIERS = _CTRL | _SHIFT | _META | {_LEFT_ALT, _RIGHT_ALT}
_END_KEYS: dict[EndKey, frozenset[int]] = {
    "enter": frozenset((_ENTER, _KP_ENTER)),
    "tab": frozenset((_TAB,)),
}
_FUNCTION_KEYS: dict[str, int] = dict(
    zip((f"f{number}" for number in range(1, 13)), (*range(59, 69), 87, 88), strict=True)
)
# Ctrl and one of these is a control character: its low five bits (ECMA-48, section 5.2).
_CONTROLLED = frozenset("@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_")
_CONTROL_BITS = 0x1F
# What ends a code where the settings say so, and has no place in one elsewhere.
_END_CHARACTERS: dict[EndKey, str] = {"enter": "\r\n", "tab": "\t"}
_OTHER_ENDS = "\r\n\t"
# A scanner presses a key every few milliseconds, or every forty where it is set to be slow; nobody
# aims one and pulls its trigger within this of its opening.
MID_CODE_US = 100_000
# Alt and `0255` is the longest character by number; one beyond ASCII is in no code.
_ALT_DIGITS = 4


class TypedText:
    """Follows the keys of one scanner, from when it was opened: `opened_us`, by the clock of its
    events; where that is set back meanwhile, one code is spoiled in vain.

    No release is relied upon: at the end of a code every key is taken to be up again, so that what
    was lost in one code never shifts the next. A code in which something is known to be lost, or
    that was begun before the scanner was opened, is spoiled up to its end.
    """

    def __init__(
        self,
        layout_name: LayoutName,
        ends_with: EndKey,
        gs_key: GsKey,
        *,
        caps_lock: bool,
        opened_us: int,
    ) -> None:
        self._layout = layout(layout_name)
        self._by_position = layout("us")
        self._ends = _END_KEYS[ends_with]
        self._end_characters = _END_CHARACTERS[ends_with]
        self._gs_key = _FUNCTION_KEYS.get(gs_key)
        self._caps_at_start = caps_lock
        self._opened_us = opened_us
        self._fresh = True
        self._start_anew()

    def take(self, event: KeyEvent) -> bytes:
        """What the event adds: bytes of a frame, END or SPOILER; mostly nothing."""
        if isinstance(event, EventsLost):
            self._start_anew()
            return SPOILER
        first, self._fresh = self._fresh, False
        text = self._follow(event)
        if first and self._is_amid(event):
            text = SPOILER + text
        if text.endswith(END):
            self._start_anew()
        return text

    def _is_amid(self, first: KeyMoved) -> bool:
        """Whether the first event shows that a code had begun before: a key that went down before
        that, unless it was the end of one, or one that goes down at once.
        """
        if first.motion is Motion.DOWN:
            return first.at_us - self._opened_us < MID_CODE_US
        return first.code not in self._ends

    def _start_anew(self) -> None:
        self._held: set[int] = set()
        self._caps = self._caps_at_start
        self._has_begun = False
        self._accent = ""
        self._by_number = ""

    def _follow(self, event: KeyMoved) -> bytes:
        if event.code in _MODIFIERS:
            return self._modify(event)
        return self._press(event.code) if event.motion is Motion.DOWN else b""

    def _modify(self, event: KeyMoved) -> bytes:
        if event.motion is Motion.DOWN:
            lost_a_release = event.code in self._held
            self._held.add(event.code)
            return SPOILER if lost_a_release else b""
        if event.motion is Motion.UP:
            self._held.discard(event.code)
            if event.code == _LEFT_ALT and self._by_number:
                number, self._by_number = int(self._by_number), ""
                return self._typed(chr(number))
        return b""

    def _press(self, key: int) -> bytes:
        if key in self._ends:
            return (SPOILER if self._by_number else b"") + self._typed("") + END
        if key == _CAPS_LOCK:
            # Before a code it locks, however often: the first press may be the one that unlocks
            # behind the code before.
            self._caps = not (self._caps if self._has_begun else self._caps_at_start)
            return b""
        if key in (_NUM_LOCK, _SCROLL_LOCK):
            return b""
        self._has_begun = True
        return self._typed(GS) if key == self._gs_key else self._type(key)

    def _type(self, key: int) -> bytes:
        ctrl, alt = bool(self._held & _CTRL), _LEFT_ALT in self._held
        if self._held & _META:
            return SPOILER
        if ctrl and not alt:
            return self._control(key)
        if alt and not ctrl:
            return self._number(key)
        # Ctrl and Alt together are AltGr, for keyboards that have none.
        typed = self._layout.character(
            key,
            shift=bool(self._held & _SHIFT),
            altgr=ctrl or _RIGHT_ALT in self._held,
            caps=self._caps,
        )
        return SPOILER if typed is None else self._typed(typed)

    def _control(self, key: int) -> bytes:
        """By what stands on the key, or would on an American one, which is where scanners that
        know no other layout for control characters find `]`.
        """
        for typed in (*self._layout.levels(key), *self._by_position.levels(key)):
            letter = DEAD.get(typed, typed).upper()
            if letter in _CONTROLLED:
                return self._typed(chr(ord(letter) & _CONTROL_BITS))
        return SPOILER

    def _number(self, key: int) -> bytes:
        digit = KEYPAD.get(key, "")
        if not digit.isdigit() or len(self._by_number) == _ALT_DIGITS:
            return SPOILER
        self._by_number += digit
        return b""

    def _typed(self, typed: str) -> bytes:
        """A character behind the accent that waits for it, if one does; "" where no more come."""
        accent, self._accent = self._accent, ""
        if not accent and typed in DEAD:
            self._accent = typed
            return b""
        if not accent:
            return self._bytes(typed)
        if typed == " ":
            return self._bytes(DEAD[accent])
        if typed and typed.lower() in ACCENTED[accent]:
            return SPOILER
        return self._bytes(DEAD[accent] + DEAD.get(typed, typed))

    def _bytes(self, text: str) -> bytes:
        return b"".join(self._byte(character) for character in text)

    def _byte(self, character: str) -> bytes:
        if character in self._end_characters:
            return END
        if character in _OTHER_ENDS or not character.isascii():
            return SPOILER
        return character.encode("ascii")
