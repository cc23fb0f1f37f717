"""Dots in the kernel's memory, in every format that it reports, read back one by one."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from edge.drivers.displays.framebuffer import Framebuffer, mode_of
from edge.drivers.lifecycle import DeviceAbsentError
from edge.ports import DeviceError
from tests.support.framebuffer import (
    PSEUDO_COLOUR,
    RGB565,
    UNTOUCHED,
    XRGB8888,
    FileFramebuffer,
    Shape,
    greatest_difference,
)

SMALL = replace(RGB565, width=9, height=6)
FORMATS = {
    "rgb565": SMALL,
    "bgr565": replace(SMALL, fields=((0, 5), (5, 6), (11, 5), (0, 0))),
    "argb1555": replace(SMALL, fields=((10, 5), (5, 5), (0, 5), (15, 1))),
    "15 bits": replace(SMALL, bits=15, fields=((10, 5), (5, 5), (0, 5), (0, 0))),
    "rgba4444": replace(SMALL, fields=((12, 4), (8, 4), (4, 4), (0, 4))),
    "rgb888": replace(SMALL, bits=24, fields=((16, 8), (8, 8), (0, 8), (0, 0))),
    "bgr888": replace(SMALL, bits=24, fields=((0, 8), (8, 8), (16, 8), (0, 0))),
    "xrgb8888": replace(XRGB8888, width=9, height=6),
    "argb8888": replace(
        XRGB8888, width=9, height=6, fields=((16, 8), (8, 8), (0, 8), (24, 8))
    ),
    "rgbx8888": replace(XRGB8888, width=9, height=6, fields=((24, 8), (16, 8), (8, 8), (0, 0))),
    "2101010": replace(XRGB8888, width=9, height=6, fields=((20, 10), (10, 10), (0, 10), (30, 2))),
    "332": replace(SMALL, bits=8, fields=((5, 3), (2, 3), (0, 2), (0, 0))),
}  # fmt: skip


def gradient(width: int, height: int) -> Image.Image:
    """Every dot of a colour of its own."""
    picture = Image.new("RGB", (width, height))
    picture.putdata(
        [(255 * x // max(1, width - 1), 255 * y // max(1, height - 1), 40 * x * y % 256)
         for y in range(height) for x in range(width)]
    )  # fmt: skip
    return picture


def opened(kernel: FileFramebuffer, turn: int = 0) -> Framebuffer:
    return Framebuffer("screen", str(kernel.path), turn, kernel.ioctl)


def draw(framebuffer: Framebuffer, left: int, top: int, picture: Image.Image) -> None:
    framebuffer.write(left, top, framebuffer.packed(picture))


def in_memory(tmp_path: Path, shape: Shape) -> FileFramebuffer:
    kernel = FileFramebuffer(tmp_path / "fb0", shape)
    kernel.plug()
    return kernel


@pytest.mark.parametrize("shape", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize(
    "place",
    [{}, {"padding": 7}, {"left": 2, "top": 3, "beside": 4, "below": 5, "padding": 1}],
    ids=["tight", "padded", "panned"],
)
def test_every_dot_is_the_nearest_that_the_format_has(
    tmp_path: Path, shape: Shape, place: dict[str, int]
) -> None:
    kernel = in_memory(tmp_path, replace(shape, **place))
    framebuffer = opened(kernel)
    picture = gradient(shape.width, shape.height)
    draw(framebuffer, 0, 0, picture)
    steps = [255 / (2**length - 1) / 2 for _, length in shape.fields[:3]]
    found = greatest_difference(kernel.picture(), picture)
    assert all(difference <= step + 1 for difference, step in zip(found, steps, strict=True))
    assert kernel.hidden_bytes() == {UNTOUCHED}
    framebuffer.close()


def test_bits_of_transparency_are_set_for_the_screen_is_opaque(tmp_path: Path) -> None:
    kernel = in_memory(tmp_path, FORMATS["argb1555"])
    framebuffer = opened(kernel)
    draw(framebuffer, 0, 0, Image.new("RGB", (9, 6)))
    assert set(kernel.path.read_bytes()) == {0x00, 0x80}
    framebuffer.close()


def test_a_grey_framebuffer_shows_how_light_a_colour_is(tmp_path: Path) -> None:
    kernel = in_memory(tmp_path, replace(SMALL, bits=8, grey=1, visual=PSEUDO_COLOUR))
    framebuffer = opened(kernel)
    draw(framebuffer, 0, 0, Image.new("RGB", (9, 6), (255, 255, 255)))
    draw(framebuffer, 1, 1, Image.new("RGB", (1, 1), (255, 0, 0)))
    assert kernel.dot(0, 0) == (255, 255, 255)
    assert kernel.dot(1, 1) == (76, 76, 76)  # ITU-R BT.601 luma
    framebuffer.close()


def test_a_framebuffer_with_a_colour_map_gets_one_with_all_colours(tmp_path: Path) -> None:
    kernel = in_memory(tmp_path, replace(SMALL, bits=8, visual=PSEUDO_COLOUR))
    framebuffer = opened(kernel)
    for x, colour in enumerate([(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255)]):
        draw(framebuffer, x, 0, Image.new("RGB", (1, 1), colour))
        assert kernel.dot(x, 0) == colour
    assert len(set(kernel.colour_map)) == 256
    framebuffer.close()


@pytest.mark.parametrize(
    ("turn", "upright"),
    [
        (90, Image.Transpose.ROTATE_90),
        (180, Image.Transpose.ROTATE_180),
        (270, Image.Transpose.ROTATE_270),
    ],
)
@pytest.mark.parametrize("padding", [0, 3])
def test_a_turned_panel_shows_each_part_where_it_belongs(
    tmp_path: Path, turn: int, upright: Image.Transpose, padding: int
) -> None:
    kernel = in_memory(tmp_path, replace(FORMATS["xrgb8888"], padding=padding))
    framebuffer = opened(kernel, turn)
    assert framebuffer.size == ((6, 9) if turn in {90, 270} else (9, 6))
    picture = gradient(*framebuffer.size)
    for y in range(0, picture.height, 2):
        for x in range(0, picture.width, 3):
            part = (x, y, min(x + 3, picture.width), min(y + 2, picture.height))
            draw(framebuffer, x, y, picture.crop(part))
    # Turned back counter-clockwise, the picture is upright again.
    assert kernel.picture().transpose(upright).tobytes() == picture.tobytes()
    framebuffer.close()


def test_a_turn_of_90_degrees_puts_the_left_upper_corner_to_the_right(tmp_path: Path) -> None:
    kernel = in_memory(tmp_path, FORMATS["xrgb8888"])
    framebuffer = opened(kernel, 90)
    draw(framebuffer, 0, 0, Image.new("RGB", (1, 1), (255, 0, 0)))
    assert kernel.dot(8, 0) == (255, 0, 0)
    framebuffer.close()


def test_only_what_is_written_is_touched(tmp_path: Path) -> None:
    kernel = in_memory(tmp_path, SMALL)
    framebuffer = opened(kernel)
    before = bytearray(kernel.path.read_bytes())
    draw(framebuffer, 2, 3, Image.new("RGB", (4, 1), (255, 255, 255)))
    start = 3 * SMALL.line_length + 2 * SMALL.pixel
    before[start : start + 8] = b"\xff" * 8
    assert kernel.path.read_bytes() == before
    framebuffer.close()


@pytest.mark.parametrize(
    "odd",
    [
        {"bits": 4},
        {"bits": 1, "visual": 0},
        {"bits": 16, "visual": 1},
        {"kind": 1},
        {"bits": 12},
        {"grey": 0x34325241},  # a FOURCC
        {"grey": 1, "bits": 16},
        {"visual": PSEUDO_COLOUR, "bits": 16},
        {"fields": ((12, 5), (5, 6), (0, 5), (0, 0))},
        {"width": 0},
    ],
    ids=str,
)
def test_a_format_that_nothing_is_drawn_for_is_named(tmp_path: Path, odd: dict[str, int]) -> None:
    kernel = in_memory(tmp_path, replace(SMALL, **odd))
    with pytest.raises(DeviceError, match=r"^screen: (has a format|reports)"):
        opened(kernel)


def test_a_file_that_is_no_framebuffer_and_a_path_with_nothing_are_told_apart(
    tmp_path: Path,
) -> None:
    kernel = in_memory(tmp_path, SMALL)
    with pytest.raises(DeviceError, match="is no framebuffer"):
        Framebuffer("screen", str(kernel.path), 0)
    with pytest.raises(DeviceAbsentError, match="nothing at"):
        Framebuffer("screen", str(tmp_path / "none"), 0)
    with pytest.raises(DeviceError, match="can't open"):
        Framebuffer("screen", str(tmp_path), 0)


def test_what_the_kernel_does_not_take_is_a_device_error(tmp_path: Path) -> None:
    kernel = FileFramebuffer(Path("/dev/full"), SMALL)
    framebuffer = opened(kernel)
    with pytest.raises(DeviceError, match="does not take what is drawn"):
        draw(framebuffer, 0, 0, gradient(9, 6))
    framebuffer.close()
    del tmp_path


def test_another_mode_is_noticed_and_drawn_for(tmp_path: Path) -> None:
    kernel = in_memory(tmp_path, SMALL)
    framebuffer = opened(kernel)
    before = framebuffer.mode
    assert framebuffer.look() == before
    kernel.reshape(width=4, height=3, bits=32, fields=XRGB8888.fields)
    mode = framebuffer.look()
    assert mode != before
    framebuffer.take(mode)
    assert framebuffer.size == (4, 3)
    draw(framebuffer, 0, 0, gradient(4, 3))
    assert kernel.picture().tobytes() == gradient(4, 3).tobytes()
    framebuffer.close()


def test_a_framebuffer_that_was_pulled_is_gone(tmp_path: Path) -> None:
    kernel = in_memory(tmp_path, SMALL)
    framebuffer = opened(kernel)
    kernel.gone = True
    with pytest.raises(DeviceError, match="No such device"):
        framebuffer.look()
    kernel.gone = False
    kernel.unplug()
    with pytest.raises(DeviceError, match="is gone"):
        framebuffer.look()
    kernel.plug()
    with pytest.raises(DeviceError, match="is gone"):
        framebuffer.look()  # another one in its place
    framebuffer.close()


@given(st.binary(min_size=160, max_size=160), st.binary(min_size=80, max_size=80))
def test_whatever_a_kernel_reports_is_a_sound_mode_or_a_reason(
    variable: bytes, fixed: bytes
) -> None:
    mode = mode_of(variable, fixed)
    assert isinstance(mode, str) or mode.is_sound
