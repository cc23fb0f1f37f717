"""What is drawn of the cashier's screen when it changes, and in how many steps."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from edge.checkout.screens import CashierScreen, NoticeTone, ScreenQr, ScreenRow
from edge.drivers.displays import screen_painter
from edge.drivers.displays.screen_layout import Block, grid_of
from edge.drivers.displays.screen_painter import ScreenPainter
from edge.drivers.displays.screen_picture import STRIP_DOTS, Canvas, draw_screen
from tests.support.framebuffer import RGB565, XRGB8888, FileFramebuffer, greatest_difference

RGB565_STEP = (5, 3, 5)
ROWS = 9  # on 320x240 dots
SOLD = tuple(ScreenRow(f"Article {number}", "1 × 1.00", f"{number}.00") for number in range(30))


def screen(*rows: ScreenRow) -> CashierScreen:
    return CashierScreen("Sale", rows, "TOTAL", "1.00", "", "", NoticeTone.INFO, ())


def painter_of(kernel: FileFramebuffer, turn: int = 0) -> ScreenPainter:
    kernel.plug()
    return ScreenPainter("screen", str(kernel.path), turn, qr_turned=False, ioctl=kernel.ioctl)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Block]:
    """The blocks that were drawn, as they are."""
    blocks: list[Block] = []

    class SeenCanvas(Canvas):
        def strips(self, block: Block) -> Iterator[Image.Image]:
            blocks.append(block)
            return super().strips(block)

    monkeypatch.setattr(screen_painter, "Canvas", SeenCanvas)
    return blocks


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_rows_that_scroll_are_not_drawn_again(
    tmp_path: Path, drawn: list[Block], turn: int
) -> None:
    width, height = (240, 320) if turn in {90, 270} else (320, 240)
    kernel = FileFramebuffer(tmp_path / "fb0", replace(RGB565, width=width, height=height))
    painter = painter_of(kernel, turn)
    list(painter.paint(screen(*SOLD[10 : 10 + ROWS])))
    for first, come in ((11, [19]), (9, [9, 10]), (12, [18, 19, 20]), (12, [])):
        drawn.clear()
        seen = screen(*SOLD[first : first + ROWS])
        list(painter.paint(seen))
        assert [block.words[0].text for block in drawn] == [SOLD[row].left for row in come]
        # Pillow turns the other way round.
        picture = kernel.picture().rotate(turn, expand=True)
        found = greatest_difference(picture, draw_screen(seen, (320, 240)))
        assert all(a <= b for a, b in zip(found, RGB565_STEP, strict=True))
    painter.close()


def test_rows_of_several_strips_scroll_with_all_of_them(tmp_path: Path, drawn: list[Block]) -> None:
    size = 1920, 1080
    assert grid_of(*size).line * size[0] > STRIP_DOTS
    kernel = FileFramebuffer(tmp_path / "fb0", replace(XRGB8888, width=size[0], height=size[1]))
    painter = painter_of(kernel)
    list(painter.paint(screen(*SOLD[10:22])))
    drawn.clear()
    seen = screen(*SOLD[11:22])
    list(painter.paint(seen))
    assert not any(block.words for block in drawn)
    memory = Image.frombytes("RGB", size, kernel.path.read_bytes(), "raw", "BGRX")
    assert memory.tobytes() == draw_screen(seen, size).tobytes()
    painter.close()


def test_a_mark_that_moves_leaves_no_row_in_its_colour(tmp_path: Path) -> None:
    kernel = FileFramebuffer(tmp_path / "fb0", XRGB8888)
    painter = painter_of(kernel)
    for marked in ("Soap", "Cola", "Soap"):
        seen = screen(
            *(ScreenRow(name, "", "", name == marked) for name in ("Soap", "Cola", "Tea"))
        )
        list(painter.paint(seen))
        assert kernel.picture().tobytes() == draw_screen(seen, (320, 240)).tobytes()
    painter.close()


def test_what_stood_there_before_another_mode_is_drawn_again(
    tmp_path: Path, drawn: list[Block]
) -> None:
    kernel = FileFramebuffer(tmp_path / "fb0")
    painter = painter_of(kernel)
    list(painter.paint(screen(*SOLD[:ROWS])))
    kernel.reshape(bits=32, fields=XRGB8888.fields)
    assert painter.take(painter.look())
    drawn.clear()
    seen = screen(*SOLD[1 : 1 + ROWS])
    list(painter.paint(seen))
    assert len(drawn) == ROWS + 3
    assert kernel.picture().tobytes() == draw_screen(seen, (320, 240)).tobytes()
    painter.close()


def test_a_code_is_drawn_in_steps_with_other_work_in_between(tmp_path: Path) -> None:
    kernel = FileFramebuffer(tmp_path / "fb0", replace(XRGB8888, width=1920, height=1080))
    painter = painter_of(kernel)
    before = screen(*SOLD[:ROWS])
    list(painter.paint(before))
    coded = replace(before, qr=ScreenQr("ET1:till-1:17", "Receipt till-1-17"))
    steps, seen = 0, memory(kernel)
    for _ in painter.paint(coded):
        changed = ImageChops.difference(seen, memory(kernel)).getbbox()
        left, top, right, bottom = changed or (0, 0, 0, 0)
        assert (right - left) * (bottom - top) <= STRIP_DOTS
        steps, seen = steps + 1, memory(kernel)
    assert steps > 840 * 840 // STRIP_DOTS
    painter.close()


def memory(kernel: FileFramebuffer) -> Image.Image:
    size = kernel.shape.width, kernel.shape.height
    return Image.frombytes("RGBX", size, kernel.path.read_bytes()).convert("RGB")
