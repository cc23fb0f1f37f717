"""A receipt as a picture: the same lines as on paper, as wide as the paper."""

from pathlib import Path

import pytest
from PIL import Image

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
from edge.drivers.printers.receipt_picture import (
    CELL_HEIGHT,
    CELL_WIDTH,
    INK,
    MARGIN,
    FontMissingError,
    beside,
    draw_receipt,
)


def drawn(*elements: Element, columns: int = 32) -> Image.Image:
    """The paper without its margins."""
    paper = draw_receipt(Receipt(1, copy=False, elements=elements), columns)
    return paper.crop((MARGIN, MARGIN, paper.width - MARGIN, paper.height - MARGIN))


def inked(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around all ink."""
    return picture.point(lambda level: 255 if level == INK else 0).getbbox()


@pytest.mark.parametrize("columns", [32, 48])
def test_the_paper_is_as_wide_as_its_characters_and_as_long_as_its_lines(columns: int) -> None:
    paper = drawn(Text("one"), Rule(), Feed(2), Columns("left", "right"), columns=columns)
    assert paper.size == (columns * CELL_WIDTH, 5 * CELL_HEIGHT)


def test_text_stands_where_its_alignment_says_in_both_languages() -> None:
    left = inked(drawn(Text("小店 a")))
    right = inked(drawn(Text("小店 a", Align.RIGHT)))
    assert left is not None
    assert right is not None
    assert left[0] < CELL_WIDTH
    assert right[2] > 31 * CELL_WIDTH
    assert left[2] - left[0] == right[2] - right[0]


def test_large_is_twice_as_high_and_bold_has_more_ink() -> None:
    plain, bold, large = (
        drawn(Text("TOTAL")),
        drawn(Text("TOTAL", bold=True)),
        drawn(Text("TOTAL", large=True)),
    )
    assert large.height == 2 * plain.height
    dots = [sum(level == INK for level in each.tobytes()) for each in (plain, bold, large)]
    assert dots[0] < dots[1]
    assert dots[2] == 4 * dots[0]


def test_a_qr_code_is_a_square_in_the_middle() -> None:
    box = inked(drawn(Qr("ET1:till-1:17")))
    assert box is not None
    left, top, right, bottom = box
    assert right - left == bottom - top
    assert abs(left + right - 32 * CELL_WIDTH) <= 1


def test_a_picture_is_drawn_dot_by_dot() -> None:
    box = inked(drawn(Picture(8, 2, bytes([0b11110000, 0b11110000]))))
    assert box is not None
    assert (box[2] - box[0], box[3] - box[1]) == (4, 2)


def test_papers_lie_side_by_side() -> None:
    one, two = drawn(Rule()), drawn(Rule(), Rule())
    assert beside([one, two]).size == (2 * one.width + 3 * MARGIN, two.height + 2 * MARGIN)


def test_without_the_font_the_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match="install fonts-unifont"):
        draw_receipt(Receipt(1, copy=False, elements=()), 32, tmp_path / "no.otf")
