"""The cashier's screen as a picture: 64 columns of GNU Unifont, as a small display shows it."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from edge.checkout.paper.width import clip, display_width, pad_left, pad_right
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenRow
from edge.drivers.receipt_picture import CELL_HEIGHT, CELL_WIDTH, UNIFONT, FontMissingError

COLUMNS: Final = 64
ROWS: Final = 14
LEFT, MIDDLE = 30, 22
RIGHT = COLUMNS - LEFT - MIDDLE - 2
MARGIN: Final = CELL_WIDTH
LINE_HEIGHT: Final = CELL_HEIGHT + 4
LARGE: Final = 2

# Few colours make a small file: ground, ink, title bar, its ink, marked row, and the notices.
GROUND, INK = (250, 250, 247), (24, 24, 27)
BAR, BAR_INK = (30, 58, 95), (255, 255, 255)
MARKED: Final = (255, 236, 179)
FAINT: Final = (120, 120, 120)
NOTICES: Final = {
    NoticeTone.INFO: (22, 101, 52),
    NoticeTone.REFUSAL: (180, 35, 24),
    NoticeTone.ALARM: (180, 35, 24),
}
SIZE: Final = (COLUMNS * CELL_WIDTH + 2 * MARGIN, (ROWS + 6) * LINE_HEIGHT)

Colour = tuple[int, int, int]


def draw_screen(screen: CashierScreen, font: Path = UNIFONT) -> Image.Image:
    """What the cashier sees: title and status, rows, sum, entry and notice. Raises
    FontMissingError.
    """
    try:
        letters = ImageFont.truetype(str(font), CELL_HEIGHT)
    except OSError as error:
        raise FontMissingError(f"{font}: is not there; install fonts-unifont") from error
    picture = Image.new("RGB", SIZE, GROUND)
    brush = _Brush(picture, letters)
    brush.bar(0, BAR)
    status = "  ".join(screen.status)
    room = COLUMNS - display_width(status) - 1
    brush.text(0, 0, clip(screen.title, room), BAR_INK)
    brush.text(COLUMNS - display_width(status), 0, status, BAR_INK)
    for place, row in enumerate(screen.rows[:ROWS], start=1):
        brush.row(place, row)
    brush.large(ROWS + 2, screen.total_label, screen.total)
    brush.text(0, ROWS + 4, pad_right(clip(screen.entry, 20), 20), FAINT)
    tone = NOTICES[screen.notice_tone]
    brush.text(0, ROWS + 5, clip(screen.notice, COLUMNS), tone)
    return picture.quantize(16)


class _Brush:
    """Draws by cells: a column and a row of text each."""

    def __init__(self, picture: Image.Image, letters: ImageFont.FreeTypeFont) -> None:
        self._picture = picture
        self._pen = ImageDraw.Draw(picture)
        self._pen.fontmode = "1"
        self._letters = letters

    def bar(self, row: int, colour: Colour) -> None:
        top = row * LINE_HEIGHT
        self._pen.rectangle((0, top, SIZE[0], top + LINE_HEIGHT - 1), fill=colour)

    def text(self, column: int, row: int, text: str, colour: Colour) -> None:
        place = (MARGIN + column * CELL_WIDTH, row * LINE_HEIGHT + 2)
        self._pen.text(place, text, font=self._letters, fill=colour)

    def row(self, place: int, row: ScreenRow) -> None:
        if row.selected:
            self.bar(place, MARKED)
        if not row.right:  # a list to choose from: its words follow each other
            self.text(0, place, clip(f"{row.left}  {row.middle}".rstrip(), COLUMNS), INK)
            return
        self.text(0, place, clip(row.left, LEFT if row.middle else LEFT + MIDDLE), INK)
        self.text(LEFT + 1, place, clip(row.middle, MIDDLE), FAINT)
        self.text(LEFT + MIDDLE + 2, place, pad_left(clip(row.right, RIGHT), RIGHT), INK)

    def large(self, row: int, label: str, total: str) -> None:
        """The sum, twice as high, at the right edge."""
        text = f"{label} {total}".strip()
        columns = display_width(text)
        if not columns:
            return
        strip = Image.new("RGB", (columns * CELL_WIDTH, CELL_HEIGHT), GROUND)
        pen = ImageDraw.Draw(strip)
        pen.fontmode = "1"
        pen.text((0, 0), text, font=self._letters, fill=INK)
        size = (strip.width * LARGE, strip.height * LARGE)
        strip = strip.resize(size, Image.Resampling.NEAREST)
        left = SIZE[0] - MARGIN - strip.width
        self._picture.paste(strip, (left, row * LINE_HEIGHT))
