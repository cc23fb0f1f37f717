"""What stands on the keys of a keyboard, by country: a scanner types as if it were one.

Each table has the four rows of keys that have characters, left to right, for each level. They are
those of Windows, the host that scanners are made to type for, with its dead keys, which are written
as combining accents; Caps Lock acts on letters alone, as on Linux.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

LayoutName: TypeAlias = Literal["us", "uk", "de", "fr"]
Rows: TypeAlias = tuple[str, str, str, str]

# The rows, numbered as in input-event-codes.h: KEY_GRAVE and KEY_1 to KEY_EQUAL; KEY_Q to
# KEY_RIGHTBRACE; KEY_A to KEY_APOSTROPHE and KEY_BACKSLASH; KEY_102ND and KEY_Z to KEY_SLASH.
ROWS = (
    (41, *range(2, 14)),
    tuple(range(16, 28)),
    (*range(30, 41), 43),
    (86, *range(44, 54)),
)
# KEY_KP7 to KEY_KPDOT in their order, then the keys around them; the same everywhere.
KEYPAD: Mapping[int, str] = {
    **dict(zip(range(71, 84), "789-456+1230.", strict=True)),
    55: "*",
    98: "/",
    117: "=",
    121: ",",
}
SPACE_BAR = 57

# The accents that wait for what is typed next: what each is by itself, and the letters that it
# makes one letter with.
DEAD: Mapping[str, str] = {
    "\u0300": "`",
    "\u0301": "\u00b4",
    "\u0302": "^",
    "\u0303": "~",
    "\u0308": "\u00a8",
}
ACCENTED: Mapping[str, str] = {
    "\u0300": "aeiou",
    "\u0301": "aeiouy",
    "\u0302": "aeiou",
    "\u0303": "ano",
    "\u0308": "aeiouy",
}

_PLAIN: Mapping[LayoutName, Rows] = {
    "us": ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'\\", "\\zxcvbnm,./"),
    "uk": ("`1234567890-=", "qwertyuiop[]", "asdfghjkl;'#", "\\zxcvbnm,./"),
    "de": ("\u03021234567890ß\u0301", "qwertzuiopü+", "asdfghjklöä#", "<yxcvbnm,.-"),
    "fr": ("²&é\"'(-è_çà)=", "azertyuiop\u0302$", "qsdfghjklmù*", "<wxcvbn,;:!"),
}
_SHIFT: Mapping[LayoutName, Rows] = {
    "us": ("~!@#$%^&*()_+", "QWERTYUIOP{}", 'ASDFGHJKL:"|', "|ZXCVBNM<>?"),
    "uk": ('¬!"£$%^&*()_+', "QWERTYUIOP{}", "ASDFGHJKL:@~", "|ZXCVBNM<>?"),
    "de": ('°!"§$%&/()=?\u0300', "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ'", ">YXCVBNM;:_"),
    "fr": (" 1234567890°+", "AZERTYUIOP\u0308£", "QSDFGHJKLM%µ", ">WXCVBN?./§"),
}
# A space is a key without a character.
_ALTGR: Mapping[LayoutName, Rows] = {
    "us": (" " * 13, " " * 12, " " * 12, " " * 11),
    "uk": ("¦   €        ", "  é   úíó   ", "á           ", " " * 11),
    "de": ("  ²³   {[]}\\ ", "@ €        ~", " " * 12, "|      µ   "),
    "fr": ("  \u0303#{[|\u0300\\^@]}", "  €        ¤", " " * 12, " " * 11),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """What each key types: alone, with Shift, and with AltGr."""

    plain: Mapping[int, str]
    shift: Mapping[int, str]
    altgr: Mapping[int, str]

    def character(self, key: int, *, shift: bool, altgr: bool, caps: bool) -> str | None:
        """A character, a dead accent, or None for a key that types nothing so."""
        if altgr:
            return None if shift else self.altgr.get(key)
        if caps and self._is_letter(key):
            shift = not shift
        return (self.shift if shift else self.plain).get(key)

    def levels(self, key: int) -> Iterator[str]:
        """Everything that stands on the key."""
        return (level[key] for level in (self.plain, self.shift, self.altgr) if key in level)

    def _is_letter(self, key: int) -> bool:
        return self.plain.get(key, "").upper() == self.shift.get(key)


def layout(name: LayoutName) -> Layout:
    """The layout of that name."""
    # What is not on a row types the same with Shift; AltGr has no use for it.
    everywhere = {**KEYPAD, SPACE_BAR: " "}
    return Layout(
        plain={**everywhere, **_characters(_PLAIN[name])},
        shift={**everywhere, **_characters(_SHIFT[name])},
        altgr=_characters(_ALTGR[name]),
    )


def _characters(rows: Rows) -> dict[int, str]:
    return {
        key: character
        for keys, characters in zip(ROWS, rows, strict=True)
        for key, character in zip(keys, characters, strict=True)
        if character != " "
    }
