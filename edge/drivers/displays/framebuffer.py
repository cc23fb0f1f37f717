"""The kernel's framebuffer: what it reports of itself, and dots written to where they belong.

Structures and requests as in Linux' include/uapi/linux/fb.h.
"""

import fcntl
import os
import struct
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image

from edge.drivers.displays.pixels import BitField, PixelFormat, PixelPacker
from edge.drivers.lifecycle import DeviceAbsentError
from edge.ports import DeviceError

# The seam: fcntl.ioctl, or what stands in for the kernel in a test.
Ioctl: TypeAlias = Callable[[int, int, bytearray], object]

FBIOGET_VSCREENINFO, FBIOGET_FSCREENINFO, FBIOPUTCMAP = 0x4600, 0x4602, 0x4605
# struct fb_var_screeninfo: 40 words, of which the first 21 matter here.
_VARIABLE: Final = struct.Struct("@21I")
_VARIABLE_SIZE: Final = 160
# struct fb_fix_screeninfo: id, smem_start, smem_len, type, type_aux, visual, the pan steps,
# line_length, mmio_start, mmio_len, accel, capabilities, reserved.
_FIXED: Final = struct.Struct("@16sL4I3HIL2I3H0L")
_COLOUR_MAP: Final = struct.Struct("@2I4P")
_PACKED_PIXELS: Final = 0
_PSEUDOCOLOUR: Final = 3
_DRAWN_VISUALS: Final = frozenset({2, 4, _PSEUDOCOLOUR})  # true colour, direct colour
_DRAWN_BITS: Final = frozenset({8, 15, 16, 24, 32})
# With a colour map of our own an 8-bit pixel is three bits of red, three of green, two of blue.
_OF_THE_MAP: Final = PixelFormat(8, BitField(5, 3), BitField(2, 3), BitField(0, 2))

TURNS: Final = {
    90: Image.Transpose.ROTATE_270,  # Pillow counts the other way round
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
SIDEWAYS: Final = frozenset({90, 270})


@dataclass(frozen=True, slots=True)
class FramebufferMode:
    """What the kernel says: the size in dots, the bytes from a row to the next, where the visible
    part begins, how much memory there is, and the format of a pixel.
    """

    width: int
    height: int
    line_length: int
    left: int
    top: int
    memory: int
    pixels: PixelFormat
    has_map: bool = False

    @property
    def start(self) -> int:
        return self.top * self.line_length + self.left * self.pixels.size

    @property
    def is_sound(self) -> bool:
        """Whether every visible dot lies in the memory."""
        row = (self.left + self.width) * self.pixels.size
        return (
            min(self.width, self.height) > 0
            and row <= self.line_length
            and (self.top + self.height) * self.line_length <= self.memory
        )


@dataclass(frozen=True, slots=True)
class Packed:
    """A picture as the memory has it; width and height are as they are seen."""

    width: int
    height: int
    data: bytes = field(repr=False)


class Framebuffer:
    """An open framebuffer. `turn` is how far the picture is turned, clockwise. Raises
    DeviceAbsentError and DeviceError, whose texts begin with the device's name.
    """

    def __init__(self, name: str, path: str, turn: int, ioctl: Ioctl = fcntl.ioctl) -> None:
        self._name = name
        self._path = path
        self._turn = turn
        self._ioctl = ioctl
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise DeviceAbsentError(f"{name}: nothing at {path}") from error
        except OSError as error:
            raise DeviceError(f"{name}: can't open {path} ({error})") from error
        try:
            self.take(self._read_mode(None))
        except DeviceError:
            os.close(self._file)
            raise

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as they are seen."""
        size = self.mode.width, self.mode.height
        return size[::-1] if self._turn in SIDEWAYS else size

    def look(self) -> FramebufferMode:
        """How the kernel shows it now, on any thread; `take` draws for it. Raises DeviceError when
        the framebuffer is gone, too.
        """
        try:
            is_there = os.path.samestat(Path(self._path).stat(), os.fstat(self._file))
        except OSError:
            is_there = False
        if not is_there:
            raise DeviceError(f"{self._name}: {self._path} is gone; check cable and power")
        return self._read_mode(self.mode)

    def take(self, mode: FramebufferMode) -> None:
        """Draw for that mode from here on."""
        self.mode = mode
        self._packer = PixelPacker(mode.pixels)

    def packed(self, picture: Image.Image) -> Packed:
        """An RGB picture as it is to be written."""
        turned = picture.transpose(TURNS[self._turn]) if self._turn else picture
        return Packed(picture.width, picture.height, self._packer.pack(turned))

    def write(self, left: int, top: int, dots: Packed) -> None:
        """Put what was packed for this mode there; it must lie inside."""
        width, height = self.size
        x, y = {
            0: (left, top),
            90: (height - top - dots.height, left),
            180: (width - left - dots.width, height - top - dots.height),
            270: (top, width - left - dots.width),
        }[self._turn]
        across = dots.height if self._turn in SIDEWAYS else dots.width
        self._put(x, y, across, memoryview(dots.data))

    def close(self) -> None:
        os.close(self._file)

    def _put(self, x: int, y: int, width: int, dots: memoryview) -> None:
        mode = self.mode
        row = width * mode.pixels.size
        start = mode.start + y * mode.line_length + x * mode.pixels.size
        if row == mode.line_length:
            self._write_all(dots, start)
            return
        for place in range(len(dots) // row):
            self._write_all(dots[place * row : (place + 1) * row], start + place * mode.line_length)

    def _write_all(self, dots: memoryview, start: int) -> None:
        try:
            written = os.pwrite(self._file, dots, start)
        except OSError as error:
            raise DeviceError(f"{self._name}: does not take what is drawn ({error})") from error
        if written != len(dots):
            raise DeviceError(f"{self._name}: took {written} bytes of {len(dots)}")

    def _read_mode(self, before: FramebufferMode | None) -> FramebufferMode:
        variable, fixed = bytearray(_VARIABLE_SIZE), bytearray(_FIXED.size)
        try:
            self._ioctl(self._file, FBIOGET_VSCREENINFO, variable)
            self._ioctl(self._file, FBIOGET_FSCREENINFO, fixed)
        except OSError as error:
            raise DeviceError(f"{self._name}: {self._path} is no framebuffer ({error})") from error
        mode = mode_of(bytes(variable), bytes(fixed))
        if isinstance(mode, str):
            raise DeviceError(f"{self._name}: {mode}")
        if mode.has_map and mode != before:
            self._put_map()
        return mode

    def _put_map(self) -> None:
        """Fill the colour map of a framebuffer whose pixels are numbers of colours."""
        levels = [
            [(number >> field.offset & (1 << field.length) - 1) for number in range(256)]
            for field in (_OF_THE_MAP.red, _OF_THE_MAP.green, _OF_THE_MAP.blue)
        ]
        colours = [array("H", (each * 0xFFFF // max(level) for each in level)) for level in levels]
        addresses = [colour.buffer_info()[0] for colour in colours]
        try:
            self._ioctl(self._file, FBIOPUTCMAP, bytearray(_COLOUR_MAP.pack(0, 256, *addresses, 0)))
        except OSError as error:
            raise DeviceError(f"{self._name}: takes no colour map ({error})") from error


def mode_of(variable: bytes, fixed: bytes) -> FramebufferMode | str:
    """The mode of what the two requests answered, or why nothing can be drawn for it."""
    (
        width, height, _, _, left, top, bits, grey, *fields, nonstandard
    ) = _VARIABLE.unpack_from(variable)  # fmt: skip
    _, _, memory, kind, _, visual, _, _, _, line_length, *_ = _FIXED.unpack_from(fixed)
    red, green, blue, transp = (
        BitField(fields[place], fields[place + 1]) for place in range(0, 12, 3)
    )
    is_drawn = (
        bits in _DRAWN_BITS
        and kind == _PACKED_PIXELS
        and visual in _DRAWN_VISUALS
        and not nonstandard
        and not any(fields[place] for place in range(2, 12, 3))
    )
    has_map = visual == _PSEUDOCOLOUR and not grey
    if grey:
        is_drawn = bits == 8 and grey == 1 and kind == _PACKED_PIXELS  # noqa: PLR2004 - bits
        pixels = PixelFormat(8, is_grey=True)
    elif has_map:
        is_drawn = is_drawn and bits == 8  # noqa: PLR2004 - likewise
        pixels = _OF_THE_MAP
    else:
        pixels = PixelFormat(bits, red, green, blue, transp)
        is_drawn = is_drawn and all(
            field.offset + field.length <= bits for field in (red, green, blue, transp)
        )
    if not is_drawn:
        return f"has a format that nothing is drawn for ({bits} bits, visual {visual})"
    mode = FramebufferMode(width, height, line_length, left, top, memory, pixels, has_map)
    return mode if mode.is_sound else f"reports {width}x{height} dots that its memory does not hold"
