"""A printer's paper as a picture, from what its ears made of the bytes: for eyes, as PNG.

It draws what the reader understood, dot by dot, and knows nothing of the receipt.
"""

from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

from tests.support.escpos_reader import Paper, PrintedLine, QrCode, Strip

UNIFONT: Final = Path("/usr/share/fonts/opentype/unifont/unifont.otf")
# Font A is 12 by 24 dots, and a line feeds 30; Unifont's cells of 8 by 16 stand in the middle.
CELL_WIDTH, CELL_HEIGHT, LINE_FEED = 12, 24, 30
PAPER, INK, EDGE = 255, 0, 24
BUILD: Final = Path(__file__).parents[2] / "build" / "receipts"


def picture_of(paper: Paper, dots: int = 576) -> Image.Image:
    """As wide as the print head, with the paper's edge around it."""
    font = ImageFont.truetype(str(UNIFONT), 16) if UNIFONT.exists() else ImageFont.load_default(16)
    strips = [_draw(mark, dots, font) for mark in paper.marks]
    height = sum(strip.height for strip in strips)
    picture = Image.new("L", (dots + 2 * EDGE, height + 2 * EDGE), PAPER)
    top = EDGE
    for strip in strips:
        picture.paste(strip, (EDGE, top))
        top += strip.height
    return picture


def save_picture(paper: Paper, name: str, dots: int = 576) -> Path:
    """Where it lies for whoever wants to look."""
    BUILD.mkdir(parents=True, exist_ok=True)
    path = BUILD / f"{name}.png"
    picture_of(paper, dots).save(path)
    return path


def _draw(mark: PrintedLine | QrCode | Strip, dots: int, font: ImageFont.ImageFont) -> Image.Image:
    match mark:
        case PrintedLine():
            return _line(mark, dots, font)
        case QrCode():
            rows = [bytes(row) for row in segno.make_qr(mark.data, error="m").matrix]
            code = Image.new("L", (len(rows), len(rows)), PAPER)
            code.putdata([INK if module else PAPER for row in rows for module in row])
            side = len(rows) * mark.module_dots
            return _placed(code.resize((side, side), Image.Resampling.NEAREST), mark.align, dots)
        case Strip():
            width = mark.width_bytes * 8
            bits = bytes(255 - each for each in mark.bits)
            strip = Image.frombytes("1", (width, len(bits) // mark.width_bytes), bits)
            return _placed(strip.convert("L"), mark.align, dots)


def _line(line: PrintedLine, dots: int, font: ImageFont.ImageFont) -> Image.Image:
    width = max(1, line.columns) * CELL_WIDTH
    drawn = Image.new("L", (width, LINE_FEED), PAPER)
    pen = ImageDraw.Draw(drawn)
    pen.fontmode = "1"
    left = 0
    for character in line.text:
        is_wide = character > "\u2e7f"
        for shift in (0, 1) if line.bold else (0,):
            pen.text((left + 2 + shift, 4), character, font=font, fill=INK)
        left += CELL_WIDTH * (2 if is_wide else 1)
    if line.large:
        drawn = drawn.resize((drawn.width * 2, drawn.height * 2), Image.Resampling.NEAREST)
    return _placed(drawn, line.align, dots)


def _placed(drawn: Image.Image, align: str, dots: int) -> Image.Image:
    room = dots - drawn.width
    strip = Image.new("L", (dots, drawn.height), PAPER)
    strip.paste(drawn, ({"left": 0, "centre": room // 2, "right": room}[align], 0))
    return strip
