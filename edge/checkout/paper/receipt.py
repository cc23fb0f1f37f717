"""A receipt as a document: what stands on it, without any printer's bytes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """Words, wrapped to the paper; `large` is twice as wide and high."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Words on the left, an amount on the right of the same line."""

    left: str
    right: str
    bold: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Feed:
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code with `data` in it (ASCII)."""

    data: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Black dots on paper: `height` rows of `width` dots, a bit each with the left one highest, and
    each row filled up to whole bytes.
    """

    width: int
    height: int
    bits: bytes


Element: TypeAlias = Text | Columns | Rule | Feed | Qr | Picture


@dataclass(frozen=True, slots=True)
class Receipt:
    """What goes to the printer, top to bottom; the printer cuts after it."""

    receipt_no: int
    copy: bool
    elements: tuple[Element, ...]
