"""A receipt as a picture: what a printer of so many columns makes of it, dot by dot."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

from edge.checkout.paper.receipt import (
    Align,
    Columns,
    Element,
    Feed,
    Picture,
    Qr,
    Receipt,
    Rule,
    Text,
)
from edge.checkout.paper.receipt_layout import split_columns
from edge.checkout.paper.width import centre, pad_left, pad_right, wrap

# GNU Unifont draws every character in cells of 8 or 16 by 16 dots, as a printer does.
UNIFONT: Final = Path("/usr/share/fonts/opentype/unifont/unifont.otf")
CELL_WIDTH, CELL_HEIGHT = 8, 16
MARGIN: Final = 16
QR_DOTS: Final = 4
LARGE: Final = 2
ALIGNMENTS: Final = {Align.LEFT: pad_right, Align.CENTRE: centre, Align.RIGHT: pad_left}
PAPER, INK = 255, 0


class FontMissingError(Exception):
    """There is no font to draw with; the text says which package brings it."""


def draw_receipt(receipt: Receipt, columns: int, font: Path = UNIFONT) -> Image.Image:
    """The paper, grey on white, as wide as `columns` characters and as long as it takes. Raises
    FontMissingError.
    """
    try:
        letters = ImageFont.truetype(str(font), CELL_HEIGHT)
    except OSError as error:
        raise FontMissingError(f"{font}: is not there; install fonts-unifont") from error
    strips = [strip for element in receipt.elements for strip in _draw(element, columns, letters)]
    width = columns * CELL_WIDTH + 2 * MARGIN
    paper = Image.new("L", (width, sum(strip.height for strip in strips) + 2 * MARGIN), PAPER)
    top = MARGIN
    for strip in strips:
        paper.paste(strip, ((width - strip.width) // 2, top))
        top += strip.height
    return paper


def beside(papers: Sequence[Image.Image]) -> Image.Image:
    """Papers side by side, their heads in line, on a grey counter."""
    width = sum(paper.width + MARGIN for paper in papers) + MARGIN
    counter = Image.new("L", (width, max(paper.height for paper in papers) + 2 * MARGIN), 208)
    left = MARGIN
    for paper in papers:
        counter.paste(paper, (left, MARGIN))
        left += paper.width + MARGIN
    return counter


def _draw(element: Element, columns: int, letters: ImageFont.FreeTypeFont) -> Iterator[Image.Image]:
    match element:
        case Text(text, align, bold, large):
            room = columns // LARGE if large else columns
            for line in wrap(text, room):
                yield _line(ALIGNMENTS[align](line, room), letters, bold=bold, large=large)
        case Columns(_, _, bold, large):
            room = columns // LARGE if large else columns
            for line in split_columns(element, room):
                yield _line(line, letters, bold=bold, large=large)
        case Rule():
            yield _line("-" * columns, letters)
        case Feed(lines):
            yield Image.new("L", (columns * CELL_WIDTH, lines * CELL_HEIGHT), PAPER)
        case Qr(data):
            yield _qr(data)
        case Picture(width, height, bits):
            # In Pillow a set bit is white, on paper it is black.
            dots = Image.frombytes("1", (width, height), bytes(255 - each for each in bits))
            yield dots.convert("L")


def _line(
    text: str, letters: ImageFont.FreeTypeFont, *, bold: bool = False, large: bool = False
) -> Image.Image:
    """One line of cells; bold is struck twice, a dot apart, as a printer does it."""
    columns = round(letters.getlength(text) / CELL_WIDTH)
    strip = Image.new("L", (columns * CELL_WIDTH, CELL_HEIGHT), PAPER)
    pen = ImageDraw.Draw(strip)
    pen.fontmode = "1"
    for shift in (0, 1) if bold else (0,):
        pen.text((shift, 0), text, font=letters, fill=INK)
    if large:
        return strip.resize((strip.width * LARGE, strip.height * LARGE), Image.Resampling.NEAREST)
    return strip


def _qr(data: str) -> Image.Image:
    rows = [bytes(row) for row in segno.make(data, error="m", micro=False).matrix]
    dots = Image.new("L", (len(rows), len(rows)), PAPER)
    dots.putdata([INK if dot else PAPER for row in rows for dot in row])
    size = len(rows) * QR_DOTS
    return dots.resize((size, size), Image.Resampling.NEAREST)
