"""The cashier's screen as a picture, for screens of every size."""

from dataclasses import replace
from pathlib import Path

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from edge.checkout.paper.width import display_width
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenQr, ScreenRow
from edge.checkout.views import ROWS_IN_SIGHT
from edge.drivers.displays.screen_layout import (
    BAR,
    FLASH,
    GROUND,
    INFO,
    INK,
    MARKED,
    MOST_ROWS,
    WARNING,
    Block,
    grid_of,
    lay_out_screen,
)
from edge.drivers.displays.screen_picture import (
    MOST_QR_DATA,
    SIZE,
    STRIP_DOTS,
    Canvas,
    characters,
    draw_screen,
    qr_code,
)
from edge.drivers.printers.receipt_picture import FontMissingError

SIZES = [
    (160, 120), (320, 240), (480, 272), (480, 320), SIZE, (640, 480), (800, 480), (800, 600),
    (1024, 600), (1024, 768), (1280, 720), (1280, 800), (1920, 1080), (3840, 2160),
    (240, 320), (480, 800), (600, 1024), (800, 1280),
]  # fmt: skip
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
in_every_size = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
texts = st.text(max_size=90)
rows = st.builds(ScreenRow, texts, texts, texts, st.booleans())
screens = st.builds(
    CashierScreen,
    texts,
    st.lists(rows, max_size=ROWS_IN_SIGHT).map(tuple),
    texts,
    texts,
    texts,
    texts,
    st.sampled_from(NoticeTone),
    st.lists(texts, max_size=5).map(tuple),
    st.none() | st.builds(ScreenQr, st.text(st.characters(max_codepoint=126)), texts),
)


def blocks(screen: CashierScreen, size: tuple[int, int]) -> list[Block]:
    return list(lay_out_screen(screen, grid_of(*size)))


def words(screen: CashierScreen, size: tuple[int, int]) -> list[str]:
    return [each.text for block in blocks(screen, size) for each in block.words if each.text]


def colours(picture: Image.Image) -> set[tuple[int, ...]]:
    found = picture.getcolors(1 << 24)
    assert found is not None
    return {colour for _, colour in found}


def of_ground(found: list[Block], ground: tuple[int, int, int]) -> Block:
    (block,) = (each for each in found if each.ground == ground)
    return block


@in_every_size
@pytest.mark.parametrize("qr", [None, ScreenQr("ET1:till-1:17", "Receipt till-1-17")])
def test_blocks_tile_the_screen(size: tuple[int, int], qr: ScreenQr | None) -> None:
    covered = Image.new("L", size)
    for block in blocks(replace(SCREEN, qr=qr), size):
        part = (block.left, block.top, block.left + block.width, block.top + block.height)
        assert covered.crop(part).getextrema() == (0, 0)
        covered.paste(1, part)
    assert covered.getextrema() == (1, 1)


@in_every_size
def test_letters_stay_inside_of_their_block(size: tuple[int, int]) -> None:
    full = replace(SCREEN, rows=SCREEN.rows * 7, total="123456.78", notice="y" * 200)
    for block in blocks(full, size):
        for each in block.words:
            assert each.x + display_width(each.text) * each.halves * 4 <= block.width
            assert each.y + each.halves * 8 <= block.height


@in_every_size
def test_what_the_cashier_must_not_miss_is_there_in_every_size(size: tuple[int, int]) -> None:
    screen = replace(SCREEN, rows=(*SCREEN.rows[:1] * 9, SCREEN.rows[1]), notice="Not here")
    found = " ".join(words(screen, size))
    for each in ("Sale", "Soap", "10.00", "13.50", "5 ×", "Not here"):
        assert each in found


@pytest.mark.parametrize(
    ("size", "halves", "columns", "rows"),
    [
        ((320, 240), 2, 39, 9),
        ((480, 320), 2, 59, 14),
        ((800, 480), 3, 65, 14),
        ((1024, 600), 4, 63, 14),
        ((1280, 800), 5, 63, 14),
        ((1920, 1080), 7, 67, 14),
        ((480, 800), 3, 39, 14),
        ((800, 1280), 5, 39, 14),
        ((160, 120), 2, 19, 1),
    ],
    ids=str,
)
def test_letters_are_as_large_as_all_rows_allow(
    size: tuple[int, int], halves: int, columns: int, rows: int
) -> None:
    grid = grid_of(*size)
    assert (grid.halves, grid.columns, grid.rows) == (halves, columns, rows)


def test_there_is_room_for_every_row_that_the_till_shows() -> None:
    assert MOST_ROWS == ROWS_IN_SIGHT


@pytest.mark.parametrize("size", [(159, 120), (160, 119), (0, 0), (7681, 480), (480, 10_000)])
def test_a_size_that_no_till_has_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no size of a cashier's screen"):
        draw_screen(SCREEN, size)


def test_the_marked_row_stays_in_sight_where_not_all_have_room() -> None:
    many = tuple(ScreenRow(f"Task {number}", "", "") for number in range(14))
    for marked in range(14):
        rows = (*many[:marked], replace(many[marked], selected=True), *many[marked + 1 :])
        found = of_ground(blocks(replace(SCREEN, rows=rows), (320, 240)), MARKED)
        assert found.words[0].text == f"Task {marked}"
    last = words(replace(SCREEN, rows=many), (320, 240))
    assert "Task 13" in last
    assert "Task 4" not in last


def test_quantity_and_amount_are_whole_however_long_the_name() -> None:
    row = ScreenRow("农夫山泉" * 9, "1.234 × 12.80 -1.00", "99,999.99")
    for size in SIZES[1:]:
        found = words(replace(SCREEN, rows=(row,)), size)
        assert row.middle in found
        assert any(each.endswith(row.right) for each in found)


def test_a_notice_has_two_lines_where_one_is_narrow() -> None:
    screen = replace(SCREEN, notice="Customer confirms, 12 s - CLEAR: take it back")
    assert words(screen, (320, 240))[-2:] == [
        "Customer confirms, 12 s - CLEAR: take",
        "it back",
    ]
    assert words(screen, (800, 480))[-1] == screen.notice


@pytest.mark.parametrize("size", [(320, 240), (800, 480)])
def test_a_title_goes_before_the_status_where_both_are_long(size: tuple[int, int]) -> None:
    screen = replace(SCREEN, title="t" * 64, status=("s" * 64,))
    head = of_ground(blocks(screen, size), BAR)
    assert head.words[0].text == "t" * min(64, grid_of(*size).columns)


@in_every_size
def test_a_status_that_has_no_room_says_that_there_is_more(size: tuple[int, int]) -> None:
    screen = replace(SCREEN, title="S", status=("low: Potatoes 12",) * 20)
    status = of_ground(blocks(screen, size), BAR).words[1]
    assert status.text.startswith("low: Potatoes")
    assert status.text.endswith("…")


@pytest.mark.parametrize(
    ("tone", "ground", "ink"),
    [(NoticeTone.INFO, GROUND, INFO), (NoticeTone.REFUSAL, WARNING, (255, 255, 255)),
     (NoticeTone.ALARM, WARNING, (255, 255, 255))],
)  # fmt: skip
def test_a_notice_has_the_colour_of_its_tone(
    tone: NoticeTone, ground: tuple[int, int, int], ink: tuple[int, int, int]
) -> None:
    notice = blocks(replace(SCREEN, notice_tone=tone), (480, 320))[-1]
    assert (notice.ground, notice.words[0].ink) == (ground, ink)


def test_a_flash_changes_the_notice_alone() -> None:
    grid = grid_of(480, 320)
    calm, flashing = (list(lay_out_screen(SCREEN, grid, flash=flash)) for flash in (False, True))
    assert calm[:-1] == flashing[:-1]
    assert flashing[-1].ground == FLASH


def test_the_end_of_a_long_entry_is_seen_beside_the_sum() -> None:
    found = words(replace(SCREEN, entry="1" * 60 + "789"), (320, 240))
    assert "13.50" in found
    assert next(each for each in found if each.endswith("789")).startswith("1")


@in_every_size
def test_a_code_is_read_off_the_picture_module_by_module(size: tuple[int, int]) -> None:
    if size == (160, 120):
        return  # no room for any
    qr = ScreenQr("ET1:till-1:17", "Receipt till-1-17")
    screen = replace(SCREEN, qr=qr, entry="", notice="")
    block = next(each for each in blocks(screen, size) if each.qr)
    picture = draw_screen(screen, size).crop(
        (block.left, block.top, block.left + block.width, block.top + block.height)
    )
    assert modules(picture.crop((0, 0, block.width, block.words[0].y))) == code_of(qr.data)


def test_a_code_for_the_customer_opposite_is_upside_down() -> None:
    screen = replace(SCREEN, qr=ScreenQr("ET1:till-1:17", "Receipt"))
    upright, turned = (
        [each for each in lay_out_screen(screen, grid_of(800, 480), qr_turned=turn) if each.qr]
        for turn in (False, True)
    )
    assert [replace(each, turned=False) for each in turned] == upright
    assert turned[0].turned
    canvas = Canvas(grid_of(800, 480))
    seen, other = (of_strips(list(canvas.strips(block))) for block in (*upright, *turned))
    assert other.transpose(Image.Transpose.ROTATE_180).tobytes() == seen.tobytes()


@in_every_size
def test_nothing_is_drawn_at_once_that_a_scan_would_wait_long_for(size: tuple[int, int]) -> None:
    """Nor a code, however large the screen is."""
    canvas = Canvas(grid_of(*size))
    for block in blocks(replace(SCREEN, qr=ScreenQr("ET1:till-1:17", "Receipt")), size):
        strips = list(canvas.strips(block))
        assert all(strip.width * strip.height <= STRIP_DOTS for strip in strips)
        assert of_strips(strips).size == (block.width, block.height)


def of_strips(strips: list[Image.Image]) -> Image.Image:
    picture = Image.new("RGB", (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        picture.paste(strip, (0, top))
        top += strip.height
    return picture


def code_of(data: str) -> list[list[bool]]:
    return [[bool(dot) for dot in row] for row in segno.make(data, error="m", micro=False).matrix]


def modules(picture: Image.Image) -> list[list[bool]]:
    """The modules of the code in the picture, found by its dark dots and its finder pattern."""
    dark = picture.convert("L").point(lambda level: 255 * (level < 12))
    left, top, right, bottom = dark.getbbox()
    dot = next(x for x in range(right) if not dark.getpixel((left + x, top))) // 7
    return [
        [bool(dark.getpixel((x + dot // 2, y + dot // 2))) for x in range(left, right, dot)]
        for y in range(top, bottom, dot)
    ]


def test_data_that_no_phone_reads_off_a_screen_makes_no_code() -> None:
    assert qr_code("A" * (MOST_QR_DATA + 1)) is None
    draw_screen(replace(SCREEN, qr=ScreenQr("A" * (MOST_QR_DATA + 1), "")))


def test_letters_between_whole_dots_are_blended_and_others_are_sharp() -> None:
    sharp = draw_screen(replace(SCREEN, entry="", total="", total_label=""), (320, 240))
    assert len(colours(sharp)) <= 8
    assert len(colours(draw_screen(SCREEN, (800, 480)))) > 8


def test_every_character_has_its_cell() -> None:
    assert characters("Cola 可乐\u200b\n") == ["C", "o", "l", "a", " ", "可", "乐"]
    assert characters("e\u0301" + "\u0301" * 20) == ["e" + "\u0301" * 4]
    assert characters("\u0301") == []


def test_chinese_is_drawn_in_the_dots_of_the_font() -> None:
    """The strokes of 一: one line of dots through two cells."""
    screen = CashierScreen("", (ScreenRow("一", "", ""),), "", "", "", "", NoticeTone.INFO, ())
    row = blocks(screen, (480, 320))[1]
    picture = draw_screen(screen, (480, 320)).crop((0, row.top, 480, row.top + row.height))
    ink = [(x, y) for y in range(row.height) for x in range(480) if picture.getpixel((x, y)) == INK]
    assert len({y for _, y in ink}) == 1
    assert 12 <= len(ink) <= 16


def test_the_same_screen_is_the_same_picture() -> None:
    assert draw_screen(SCREEN).tobytes() == draw_screen(SCREEN).tobytes()


@given(screens, st.sampled_from([(160, 120), (320, 240), (480, 320), (240, 320)]))
def test_whatever_is_on_the_screen_it_is_drawn(
    screen: CashierScreen, size: tuple[int, int]
) -> None:
    assert draw_screen(screen, size).size == size


def test_without_the_font_the_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontMissingError, match="install fonts-unifont"):
        draw_screen(SCREEN, SIZE, tmp_path / "no.otf")
