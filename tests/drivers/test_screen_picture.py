"""The cashier's screen as a picture."""

from pathlib import Path

import pytest
from PIL import Image

from edge.checkout.screens import CashierScreen, NoticeTone, ScreenRow
from edge.drivers.receipt_picture import FontMissingError
from edge.drivers.screen_picture import LINE_HEIGHT, MARKED, NOTICES, ROWS, SIZE, draw_screen

SCREEN = CashierScreen(
    title="Sale",
    rows=(
        ScreenRow("Cola 可乐", "1 × 3.50", "3.50"),
        ScreenRow("Soap", "", "10.00", selected=True),
    ),
    total_label="TOTAL",
    total="13.50",
    entry="5 ×",
    notice="Not here - see the title",
    notice_tone=NoticeTone.REFUSAL,
    status=("offline",),
)


def colours(picture: Image.Image, row: int) -> set[object]:
    """The colours of a line of text, counted from 0."""
    line = picture.convert("RGB").crop((0, row * LINE_HEIGHT, SIZE[0], (row + 1) * LINE_HEIGHT))
    found = line.getcolors(SIZE[0] * LINE_HEIGHT)
    assert found is not None
    return {colour for _, colour in found}


def test_every_line_is_where_it_belongs() -> None:
    picture = draw_screen(SCREEN)
    assert picture.size == SIZE
    assert MARKED not in colours(picture, 1)
    assert MARKED in colours(picture, 2)
    assert len(colours(picture, 3)) == 1
    assert NOTICES[NoticeTone.REFUSAL] in colours(picture, ROWS + 5)


def test_the_same_screen_is_the_same_picture() -> None:
    assert draw_screen(SCREEN).tobytes() == draw_screen(SCREEN).tobytes()


def test_a_text_that_is_too_long_is_cut_and_nothing_else_moves() -> None:
    long = CashierScreen("x" * 99, (), "", "", "1" * 99, "y" * 99, NoticeTone.INFO, ("z" * 30,))
    assert draw_screen(long).size == SIZE


def test_without_the_font_the_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match="install fonts-unifont"):
        draw_screen(SCREEN, tmp_path / "no.otf")
