"""What the cashier and the customer see, as values; drivers draw them."""

from dataclasses import dataclass
from enum import StrEnum


class NoticeTone(StrEnum):
    """How a notice is meant; drivers choose the colour."""

    INFO = "info"
    REFUSAL = "refusal"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """A line of the basket or of a menu, ready for the eye."""

    left: str
    middle: str
    right: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class CashierScreen:
    """The cashier's view: a title, the rows in sight, the sum, what was typed, and a notice."""

    title: str
    rows: tuple[ScreenRow, ...]
    total_label: str
    total: str
    entry: str
    notice: str
    notice_tone: NoticeTone
    status: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CustomerScreen:
    """Two lines of 20 terminal columns."""

    upper: str
    lower: str
