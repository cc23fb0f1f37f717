"""What the cashier and the customer see, as values; drivers draw them."""

from dataclasses import dataclass
from enum import StrEnum

from edge.checkout.paper.width import centre, clip, display_width, pad_right

CUSTOMER_COLUMNS, CUSTOMER_LINES = 20, 2


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
class ScreenQr:
    """A QR code for the customer's phone, `data` in ASCII, with a line of words below it."""

    data: str
    caption: str


@dataclass(frozen=True, slots=True)
class CashierScreen:
    """The cashier's view: a title, the rows in sight, the sum, what was typed, and a notice; and a
    QR code where the shop shows one, for displays that can draw it.
    """

    title: str
    rows: tuple[ScreenRow, ...]
    total_label: str
    total: str
    entry: str
    notice: str
    notice_tone: NoticeTone
    status: tuple[str, ...]
    qr: ScreenQr | None = None


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A line of the customer's display before it is laid out: `right` stands whole at the edge."""

    left: str
    right: str = ""
    is_centred: bool = False


@dataclass(frozen=True, slots=True)
class CustomerScreen:
    """Two lines of 20 terminal columns. `plain` says the same in English, for a display without
    Chinese, which spells names itself and lays them out then; it is None where the lines are ASCII.
    `idle` are screens that may take turns with this one while nothing happens.
    """

    upper: str
    lower: str
    plain: tuple[CustomerLine, CustomerLine] | None = None
    idle: "tuple[CustomerScreen, ...]" = ()


def lay_line(line: CustomerLine, columns: int) -> str:
    """The line over exactly `columns`."""
    if line.is_centred:
        return centre(line.left, columns)
    if not line.right:
        return pad_right(line.left, columns)
    return beside(line.left, line.right, columns)


def beside(left: str, right: str, columns: int) -> str:
    """Both in one line, the right one whole and at the edge."""
    right = clip(right, columns)
    room = columns - display_width(right)
    return pad_right(clip(left, max(0, room - 1)), room) + right
