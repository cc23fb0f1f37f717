"""The cashier's screen as a picture, in GNU Unifont: every character in its cell."""

import unicodedata
from collections.abc import Iterator
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
# What is drawn at once: a line of 1280x800. Half a millisecond here, which is what a scan waits.
STRIP_DOTS: Final = 60_000
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
        top = block.top
        for strip in canvas.strips(block):
            picture.paste(strip, (block.left, top))
            top += strip.height
    return picture


class Canvas:
    """Draws blocks. Raises FontMissingError."""

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

    def strips(self, block: Block) -> Iterator[Image.Image]:
        """The block's dots from top to bottom, RGB, of at most STRIP_DOTS at once."""
        most = STRIP_DOTS // block.width
        for top in range(0, block.height, most):
            height = min(most, block.height - top)
            if block.turned:
                strip = self._strip(block, block.height - top - height, height)
                yield strip.transpose(Image.Transpose.ROTATE_180)
            else:
                yield self._strip(block, top, height)

    def _strip(self, block: Block, top: int, height: int) -> Image.Image:
        picture = Image.new("RGB", (block.width, height), block.ground)
        if block.qr:
            _draw_qr(picture, block, top)
        for words in block.words:
            self._write(picture, words, top)
        return picture

    def _write(self, picture: Image.Image, words: Words, top: int) -> None:
        columns = display_width(words.text)
        y = words.y - top
        if not columns or not -words.halves * HALF_HEIGHT < y < picture.height:
            return
        cell = words.halves * HALF_WIDTH
        mask = Image.new("L", (columns * cell, words.halves * HALF_HEIGHT))
        column = 0
        for character in characters(words.text):
            width = display_width(character)
            if character != " ":
                mask.paste(self._glyph(character, width, words.halves), (column * cell, 0))
            column += width
        picture.paste(words.ink, (words.x, y), mask)

    def _drawn_glyph(self, character: str, width: int, halves: int) -> Image.Image:
        mask = Image.new("L", (width * halves * HALF_WIDTH, halves * HALF_HEIGHT))
        pen = ImageDraw.Draw(mask)
        # Multiples of the font's own dots are sharp by themselves; between them edges are blended.
        pen.fontmode = "1" if halves % SMALLEST == 0 else "L"
        pen.text((0, 0), character, font=self._fonts[halves], fill=255)
        return mask


def _draw_qr(picture: Image.Image, block: Block, top: int) -> None:
    """Of a code as large as fits above the words, in the middle, what lies in the strip; nothing
    where none fits.
    """
    code = qr_code(block.qr)
    room = min((words.y for words in block.words), default=block.height)
    dots = min(block.width, room) // code.width if code is not None else 0
    if code is None or not dots:
        return
    size = code.width * dots
    y = (room - size) // 2 - top
    first, last = max(0, y), min(picture.height, y + size)
    if first >= last:
        return
    scale = (1 / dots, 0, 0, 0, 1 / dots, (first - y) / dots)
    part = code.transform((size, last - first), Image.Transform.AFFINE, scale)
    picture.paste(part, ((picture.width - size) // 2, first))


@lru_cache(KEPT_CODES)
def qr_code(data: str) -> Image.Image | None:
    """A code with what is light around it, a dot a module; None for data that is too much for a
    screen. It takes some milliseconds the first time.
    """
    if len(data) > MOST_QR_DATA:
        return None
    # Here, because most screens never show a code.
    import segno  # noqa: PLC0415

    rows = segno.make(data, error="m", micro=False, boost_error=False).matrix_iter(
        border=QUIET_MODULES
    )
    modules = [bytes(row) for row in rows]
    code = Image.new("L", (len(modules), len(modules)))
    code.putdata([0 if dark else 255 for row in modules for dark in row])
    return code


def characters(text: str) -> list[str]:
    """The characters that take columns, each with the marks over it; what takes none is dropped."""
    found: list[str] = []
    for each in text:
        if display_width(each):
            found.append(each if each.isprintable() else "?")
        elif found and unicodedata.category(each) in MARKS and len(found[-1]) <= MOST_MARKS:
            found[-1] += each
    return found
