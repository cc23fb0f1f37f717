"""Where everything of the cashier's screen goes, on a screen of any size: blocks that tile it.

Pure values, in dots. A block that is equal to the one that was drawn need not be drawn again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from edge.checkout.paper.width import clip, display_width, pad_left, shorten, wrap
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenQr, ScreenRow

Colour: TypeAlias = tuple[int, int, int]

# Few colours make a small file and are told apart on a poor panel: ground, ink, title bar, its
# ink, marked row, notices; and what a refusal flashes in. The ground is a grey that 16-bit panels
# have without a tinge.
GROUND, INK = (247, 247, 247), (24, 24, 27)
BAR, BAR_INK = (30, 58, 95), (255, 255, 255)
MARKED: Final = (255, 236, 179)
FAINT: Final = (110, 110, 110)
INFO: Final = (22, 101, 52)
WARNING, WARNING_INK = (180, 35, 24), (255, 255, 255)
FLASH, FLASH_INK = (255, 210, 0), (24, 24, 27)

# As many as the till ever has in sight (edge.checkout.views).
MOST_ROWS: Final = 14

# Letters are of GNU Unifont's 16 dots, times halves: a half is 8 dots high and 4 wide. Above 16
# halves a letter is as high as a thumb.
SMALLEST, LARGEST = 2, 16
HALF_HEIGHT, HALF_WIDTH = 8, 4
# What a screen is to hold, for the letters may be larger where there is room for it: title, all
# rows, the sum twice as high, notice; and the columns of name, quantity and amount.
LINES: Final = 1 + MOST_ROWS + 2 + 1
COLUMNS_WIDE, COLUMNS_TALL = 48, 40
# Narrower, the status gets a line of its own, and a notice two.
ROOMY_COLUMNS: Final = 46
# Of what is keyed, so much is seen before the sum's label gives way.
SHORT_ENTRY: Final = 14
# No panel that a cashier reads is smaller, and no till draws on a wall.
LEAST_DOTS, MOST_DOTS = (160, 120), (7680, 7680)


@dataclass(frozen=True, slots=True)
class Words:
    """A text of letters `halves` high, its left upper dot seen from the block's."""

    x: int
    y: int
    text: str
    ink: Colour
    halves: int


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of the screen with what stands in it. `qr` is the data of a code to be drawn as
    large as fits above the words, and `turned` says that the block is read from the other side.
    """

    left: int
    top: int
    width: int
    height: int
    ground: Colour = GROUND
    words: tuple[Words, ...] = ()
    qr: str = ""
    turned: bool = False

    @property
    def look(self) -> "Block":
        """The same wherever it stands."""
        return replace(self, left=0, top=0)


@dataclass(frozen=True, slots=True)
class Grid:
    """How a screen of that size is divided: the size of letters and lines, and how many rows."""

    width: int
    height: int
    halves: int
    line: int
    head_lines: int
    notice_lines: int
    rows: int

    @property
    def cell(self) -> int:
        return self.halves * HALF_WIDTH

    @property
    def letter(self) -> int:
        return self.halves * HALF_HEIGHT

    @property
    def margin(self) -> int:
        return self.cell // 2

    @property
    def is_tall(self) -> bool:
        return self.height > self.width

    @property
    def columns(self) -> int:
        return self.columns_of(self.width)

    def columns_of(self, width: int) -> int:
        return (width - 2 * self.margin) // self.cell

    @property
    def rows_top(self) -> int:
        return self.head_lines * self.line

    @property
    def sum_top(self) -> int:
        return self.rows_top + self.rows * self.line

    @property
    def notice_top(self) -> int:
        return self.height - self.notice_lines * self.line


def grid_of(width: int, height: int) -> Grid:
    """The largest letters with which the screen holds what it should; the smallest where none do.
    Raises ValueError for sizes that are no cashier's screen.
    """
    if not (LEAST_DOTS[0] <= width <= MOST_DOTS[0] and LEAST_DOTS[1] <= height <= MOST_DOTS[1]):
        raise ValueError(f"{width}x{height} is no size of a cashier's screen")
    columns = COLUMNS_WIDE if width >= height else COLUMNS_TALL
    halves = next(
        (
            halves
            for halves in range(LARGEST, SMALLEST, -1)
            if width // (halves * HALF_WIDTH) >= columns
            and height // (halves * HALF_HEIGHT) >= LINES
        ),
        SMALLEST,
    )
    letter = halves * HALF_HEIGHT
    is_roomy = width // (halves * HALF_WIDTH) > ROOMY_COLUMNS
    head, notice = (1, 1) if is_roomy else (2, 2)
    line = max(letter, min(height // (LINES + head + notice - 2), letter * 3 // 2))
    rows = min(MOST_ROWS, height // line - head - 2 - notice)
    return Grid(width, height, halves, line, head, notice, rows)


def lay_out_screen(
    screen: CashierScreen, grid: Grid, *, flash: bool = False, qr_turned: bool = False
) -> Iterator[Block]:
    """The blocks of the screen, top to bottom; each dot is in exactly one."""
    yield _head(screen, grid)
    yield from _middle(screen, grid, qr_turned=qr_turned)
    yield _sum(screen, grid)
    yield _notice(screen, grid, flash=flash)


def _head(screen: CashierScreen, grid: Grid) -> Block:
    status = "  ".join(screen.status)
    if grid.head_lines == 1:
        title = clip(screen.title, grid.columns)
        room = grid.columns - display_width(title) - 2
        status = shorten(status, max(0, room))
        words = (
            _at(grid, 0, 0, title, BAR_INK),
            _at(grid, grid.columns - display_width(status), 0, status, BAR_INK),
        )
    else:
        words = (
            _at(grid, 0, 0, clip(screen.title, grid.columns), BAR_INK),
            _at(grid, 0, 1, shorten(status, grid.columns), BAR_INK),
        )
    return Block(0, 0, grid.width, grid.rows_top, BAR, words)


def _middle(screen: CashierScreen, grid: Grid, *, qr_turned: bool) -> Iterator[Block]:
    """The rows; a QR code has the right of them, or their lower part on a screen that is tall."""
    width, room = grid.width, grid.rows
    code = None
    if screen.qr is not None:
        code = _qr(screen.qr, grid, turned=qr_turned)
        if grid.is_tall:
            room = (code.top - grid.rows_top) // grid.line
        else:
            width = code.left
    rows = in_sight(screen.rows, room)
    for place in range(room):
        row = rows[place] if place < len(rows) else None
        yield _row(row, grid, place, width)
    if code is not None:
        yield code


def _qr(qr: ScreenQr, grid: Grid, *, turned: bool) -> Block:
    """A square as large as half of the screen lets it be, with the caption as its last line."""
    height = grid.rows * grid.line
    if grid.is_tall:
        lines = min(grid.rows, (grid.width // grid.line) + 1, max(1, grid.rows * 2 // 3))
        left, top, width = 0, grid.sum_top - lines * grid.line, grid.width
    else:
        width = min(height, grid.width // 2)
        left, top = grid.width - width, grid.rows_top
    columns = grid.columns_of(width)
    caption = clip(qr.caption, columns)
    y = grid.sum_top - top - grid.line + (grid.line - grid.letter) // 2
    x = (width - display_width(caption) * grid.cell) // 2
    words = (Words(x, y, caption, INK, grid.halves),)
    return Block(left, top, width, grid.sum_top - top, GROUND, words, qr.data, turned)


def in_sight(rows: tuple[ScreenRow, ...], room: int) -> tuple[ScreenRow, ...]:
    """As many rows as there is room for: around the marked one, else the last ones."""
    marked = next((place for place, row in enumerate(rows) if row.selected), len(rows))
    first = max(0, min(marked - room // 2, len(rows) - room))
    return rows[first : first + room]


def _row(row: ScreenRow | None, grid: Grid, place: int, width: int) -> Block:
    top = grid.rows_top + place * grid.line
    if row is None:
        return Block(0, top, width, grid.line)
    columns = grid.columns_of(width)
    ground = MARKED if row.selected else GROUND
    if not row.right:  # a list to choose from: its words follow each other
        text = clip(f"{row.left}  {row.middle}".rstrip(), columns)
        return Block(0, top, width, grid.line, ground, (_at(grid, 0, 0, text, INK),))
    middle, right = _widths(row, columns)
    left = columns - middle - right
    words = (
        _at(grid, 0, 0, clip(row.left, max(0, left - 1)), INK),
        _at(grid, left, 0, clip(row.middle, max(0, middle - 1)), FAINT),
        _at(grid, columns - right, 0, pad_left(clip(row.right, right), right), INK),
    )
    return Block(0, top, width, grid.line, ground, words)


# Columns of how many at what price, and of the amount, by those that there are at least.
_WIDTHS: Final = ((60, 23, 10), (46, 17, 10), (34, 14, 9), (0, 11, 8))


def _widths(row: ScreenRow, columns: int) -> tuple[int, int]:
    """The columns of a row's middle, with a gap behind it, and of its right. What must not be cut
    takes from the name.
    """
    middle, right = next((each[1], each[2]) for each in _WIDTHS if columns >= each[0])
    right = min(max(right, display_width(row.right)), columns)
    if not row.middle:
        return 0, right
    middle = max(middle, display_width(row.middle) + 1)
    return min(middle, columns - right), right


def _sum(screen: CashierScreen, grid: Grid) -> Block:
    """What was keyed at the left, the sum twice as high at the right with its label before it,
    which gives way where there is no room for both.
    """
    height = grid.notice_top - grid.sum_top
    large = 2 * grid.halves
    total = clip(screen.total, grid.columns // 2)
    total_left = grid.columns - 2 * display_width(total)
    label = clip(screen.total_label, max(0, total_left - 1))
    label_left = max(0, total_left - display_width(label) - 1)
    if screen.entry and label_left <= min(display_width(screen.entry), SHORT_ENTRY):
        label, label_left = "", total_left
    words = [
        _in(grid, height, label_left, label, FAINT, grid.halves),
        _in(grid, height, total_left, total, INK, large),
    ]
    entry = screen.entry
    # The end of a long one is what was keyed last.
    while display_width(entry) >= max(1, label_left):
        entry = entry[1:]
    is_large = 2 * display_width(entry) < label_left
    words.append(_in(grid, height, 0, entry, INK, large if is_large else grid.halves))
    return Block(0, grid.sum_top, grid.width, height, GROUND, tuple(words))


def _notice(screen: CashierScreen, grid: Grid, *, flash: bool) -> Block:
    height = grid.height - grid.notice_top
    ground, ink = GROUND, INFO
    if screen.notice and screen.notice_tone is not NoticeTone.INFO:
        ground, ink = WARNING, WARNING_INK
    if flash:
        ground, ink = FLASH, FLASH_INK
    lines = wrap(screen.notice, grid.columns)[: grid.notice_lines]
    words = tuple(
        _at(grid, 0, place, clip(line, grid.columns), ink) for place, line in enumerate(lines)
    )
    return Block(0, grid.notice_top, grid.width, height, ground, words)


def _at(grid: Grid, column: int, line: int, text: str, ink: Colour) -> Words:
    """In a line of the block, in the middle of its height."""
    y = line * grid.line + (grid.line - grid.letter) // 2
    return Words(grid.margin + column * grid.cell, y, text, ink, grid.halves)


def _in(grid: Grid, height: int, column: int, text: str, ink: Colour, halves: int) -> Words:
    """In the middle of a block's height."""
    y = max(0, (height - halves * HALF_HEIGHT) // 2)
    return Words(grid.margin + column * grid.cell, y, text, ink, halves)
