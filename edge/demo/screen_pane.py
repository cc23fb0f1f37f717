"""The cashier's screen and the customer's display, drawn as the till shows them."""

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Digits, Static

from edge.checkout.paper.width import display_width, pad_left, pad_right, shorten
from edge.checkout.screens import CashierScreen, CustomerScreen, NoticeTone, ScreenRow

TONE_CLASSES = {tone: f"-{tone.value}" for tone in NoticeTone}
CURSOR = "▏"


def is_menu(rows: Sequence[ScreenRow]) -> bool:
    """Whether the rows are numbers and names, without amounts."""
    return bool(rows) and not any(row.right for row in rows)


def lines_of(rows: Sequence[ScreenRow], columns: int, height: int) -> list[tuple[str, bool]]:
    """The rows as lines of exactly `columns`, with whether each is the marked one; where there are
    more than fit, those around the marked one.
    """
    marked = next((index for index, row in enumerate(rows) if row.selected), len(rows) - 1)
    first = max(0, min(marked - height // 2, len(rows) - height))
    shown = rows[first : first + height]
    if is_menu(rows):
        return [(pad_right(f" {row.left}  {row.middle}", columns), row.selected) for row in shown]
    middle = max((display_width(row.middle) for row in shown), default=0)
    right = max((display_width(row.right) for row in shown), default=0)
    name = max(0, columns - middle - right - 4)
    return [(_line(row, name, middle, right), row.selected) for row in shown]


def _line(row: ScreenRow, name: int, middle: int, right: int) -> str:
    left = pad_right(shorten(row.left, name), name)
    return f" {left} {pad_left(row.middle, middle)} {pad_left(row.right, right)} "


class Rows(Widget):
    """The lines of the basket or of the menu."""

    rows: tuple[ScreenRow, ...] = ()

    def show(self, rows: tuple[ScreenRow, ...]) -> None:
        self.rows = rows
        self.refresh()

    def render(self) -> Text:
        drawn = Text(no_wrap=True)
        for line, selected in lines_of(self.rows, self.size.width, self.size.height):
            drawn.append(line, "bold #0b1220 on #7fd1ff" if selected else "")
            drawn.append("\n")
        return drawn


class CashierPane(Vertical):
    """The cashier's screen: title, rows, sum, what was keyed, notice, status."""

    def compose(self) -> ComposeResult:
        yield Static(id="title")
        yield Rows(id="rows")
        with Horizontal(id="sum"):
            yield Static(id="total-label")
            yield Digits(id="total")
        yield Static(id="entry")
        yield Static(id="notice")
        yield Static(id="status")

    def show(self, screen: CashierScreen) -> None:
        self.query_one("#title", Static).update(Text(screen.title))
        self.query_one(Rows).show(screen.rows)
        # A menu needs every line, and an empty sum none.
        self.query_one("#sum").display = bool(screen.total) and not is_menu(screen.rows)
        self.query_one("#total-label", Static).update(Text(screen.total_label))
        self.query_one("#total", Digits).update(screen.total)
        self.query_one("#entry", Static).update(Text(f"▸ {screen.entry}{CURSOR}"))
        notice = self.query_one("#notice", Static)
        notice.update(Text(screen.notice))
        for tone, name in TONE_CLASSES.items():
            notice.set_class(bool(screen.notice) and screen.notice_tone is tone, name)
        status = " · ".join(screen.status)
        self.query_one("#status", Static).update(Text(status))


class CustomerPane(Static):
    """Two lines of twenty columns, as they shine at the customer."""

    def show(self, screen: CustomerScreen) -> None:
        self.update(Text(f"{screen.upper}\n{screen.lower}"))
