"""The cashier's screen as a picture, in GNU Unifont: every character in its cell."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from edge.checkout.paper.width import display_width
from edge.checkout.screens import CashierScreen
from edge.drivers.displays.screen_layout import (
    HALF_HEIGHT,
    HALF_WIDTH,
    SMALLEST,
    Block,
    Grid,
    Words,
    grid_of,
    lay_out_screen,
)
from edge.drivers.printers.receipt_picture import UNIFONT, FontMissingError

# The guide's pictures: 65 columns and every row of the till, without a dot to spare.
SIZE: Final = (528, 400)
# Glyphs that are kept, of a few hundred bytes each: more than a shop's screens hold in an hour.
KEPT_GLYPHS: Final = 2_048
# Marks over one letter; more are no text.
MOST_MARKS: Final = 4
MARKS: Final = frozenset({"Mn", "Me"})
# ISO/IEC 18004: four modules around a code are light. More data than this makes modules that a
# phone does not read off a small panel. The code in sight and the one before are kept.
QUIET_MODULES: Final = 4
MOST_QR_DATA: Final = 300
KEPT_CODES: Final = 2


def draw_screen(
    screen: CashierScreen, size: tuple[int, int] = SIZE, font: Path = UNIFONT
) -> Image.Image:
    """What the cashier sees on a screen of `size` dots, RGB. Raises FontMissingError, and
    ValueError for a size that no screen has.
    """
    grid = grid_of(*size)
    canvas = Canvas(grid, font)
    picture = Image.new("RGB", size)
    for block in lay_out_screen(screen, grid):
        picture.paste(canvas.draw(block), (block.left, block.top))
    return picture


class Canvas:
    """Draws blocks, each in a fraction of a millisecond. Raises FontMissingError."""

    def __init__(self, grid: Grid, font: Path = UNIFONT) -> None:
        try:
            self._fonts = {
                halves: ImageFont.truetype(
                    str(font), halves * HALF_HEIGHT, layout_engine=ImageFont.Layout.BASIC
                )
                for halves in (grid.halves, 2 * grid.halves)
            }
        except OSError as error:
            raise FontMissingError(f"{font}: is not there; install fonts-unifont") from error
        self._glyph = lru_cache(KEPT_GLYPHS)(self._drawn_glyph)

    def draw(self, block: Block) -> Image.Image:
        """The block's dots, RGB."""
        picture = Image.new("RGB", (block.width, block.height), block.ground)
        if block.qr:
            below = min((words.y for words in block.words), default=block.height)
            _draw_qr(picture, block.qr, below)
        for words in block.words:
            self._write(picture, words)
        return picture.transpose(Image.Transpose.ROTATE_180) if block.turned else picture

    def _write(self, picture: Image.Image, words: Words) -> None:
        columns = display_width(words.text)
        if not columns:
            return
        cell = words.halves * HALF_WIDTH
        mask = Image.new("L", (columns * cell, words.halves * HALF_HEIGHT))
        column = 0
        for character in characters(words.text):
            width = display_width(character)
            if character != " ":
                mask.paste(self._glyph(character, width, words.halves), (column * cell, 0))
            column += width
        picture.paste(words.ink, (words.x, words.y), mask)

    def _drawn_glyph(self, character: str, width: int, halves: int) -> Image.Image:
        mask = Image.new("L", (width * halves * HALF_WIDTH, halves * HALF_HEIGHT))
        pen = ImageDraw.Draw(mask)
        # Multiples of the font's own dots are sharp by themselves; between them edges are blended.
        pen.fontmode = "1" if halves % SMALLEST == 0 else "L"
        pen.text((0, 0), character, font=self._fonts[halves], fill=255)
        return mask


def _draw_qr(picture: Image.Image, data: str, height: int) -> None:
    """As large as fits into the upper `height` dots, in the middle; nothing where none fits."""
    rows = qr_rows(data)
    modules = len(rows) + 2 * QUIET_MODULES
    dots = min(picture.width, height) // modules
    if not rows or not dots:
        return
    code = Image.new("L", (len(rows), len(rows)), 255)
    code.putdata([0 if dark else 255 for row in rows for dark in row])
    size = len(rows) * dots
    code = code.resize((size, size), Image.Resampling.NEAREST)
    quiet = Image.new("L", (modules * dots, modules * dots), 255)
    quiet.paste(code, (QUIET_MODULES * dots, QUIET_MODULES * dots))
    picture.paste(quiet, ((picture.width - quiet.width) // 2, (height - quiet.height) // 2))


@lru_cache(KEPT_CODES)
def qr_rows(data: str) -> tuple[bytes, ...]:
    """The modules of a code, 1 for dark; none for data that is too much for a screen. It takes
    some milliseconds the first time.
    """
    if len(data) > MOST_QR_DATA:
        return ()
    # Here, because most screens never show a code.
    import segno  # noqa: PLC0415

    code = segno.make(data, error="m", micro=False, boost_error=False)
    return tuple(bytes(row) for row in code.matrix)


def characters(text: str) -> list[str]:
    """The characters that take columns, each with the marks over it; what takes none is dropped."""
    found: list[str] = []
    for each in text:
        if display_width(each):
            found.append(each if each.isprintable() else "?")
        elif found and unicodedata.category(each) in MARKS and len(found[-1]) <= MOST_MARKS:
            found[-1] += each
    return found
