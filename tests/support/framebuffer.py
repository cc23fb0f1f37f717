"""A regular file as the framebuffer of a kernel that is told what to report.

`FileFramebuffer.ioctl` stands where `fcntl.ioctl` is. The pixels are read and made here by
arithmetic of their own, one at a time.
"""

import asyncio
import ctypes
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from PIL import Image

from tests.support.devices import DEADLINE_S

Colour = tuple[int, int, int]
# What lies in the memory before anything is drawn.
UNTOUCHED = 0xA5
TRUE_COLOUR, PSEUDO_COLOUR = 2, 3


@dataclass(frozen=True)
class Shape:
    """What the kernel reports; `fields` are offset and length of red, green, blue, transparency;
    `beside` is how many dots the memory has to the right of the visible ones, `padding` how many
    bytes behind those.
    """

    width: int = 320
    height: int = 240
    bits: int = 16
    fields: tuple[tuple[int, int], ...] = ((11, 5), (5, 6), (0, 5), (0, 0))
    left: int = 0
    top: int = 0
    beside: int = 0
    below: int = 0
    padding: int = 0
    visual: int = TRUE_COLOUR
    grey: int = 0
    kind: int = 0

    @property
    def pixel(self) -> int:
        return -(-self.bits // 8)

    @property
    def line_length(self) -> int:
        return (self.left + self.width + self.beside) * self.pixel + self.padding

    @property
    def memory(self) -> int:
        return (self.top + self.height + self.below) * self.line_length


RGB565 = Shape()
XRGB8888 = Shape(bits=32, fields=((16, 8), (8, 8), (0, 8), (0, 0)))


class FileFramebuffer:
    """The file and its kernel; `gone` makes the kernel answer as for a device that was pulled."""

    def __init__(self, path: Path, shape: Shape = RGB565) -> None:
        self.path = path
        self.shape = shape
        self.colour_map: list[Colour] = []
        self.console: list[int] = []
        self.gone = False

    def plug(self) -> None:
        self.path.write_bytes(bytes([UNTOUCHED]) * self.shape.memory)

    def unplug(self) -> None:
        self.path.unlink()

    def reshape(self, **changes: object) -> None:
        """Another mode from here on, in fresh memory of the same file."""
        self.shape = replace(self.shape, **changes)
        with self.path.open("r+b") as file:
            file.truncate(0)
            file.write(bytes([UNTOUCHED]) * self.shape.memory)

    def ioctl(self, descriptor: int, request: int, argument: bytearray | int) -> int:
        del descriptor
        if self.gone:
            raise OSError(19, "No such device")
        shape = self.shape
        if request == 0x4600:
            words = [shape.width, shape.height, *(2 * [0]), shape.left, shape.top, shape.bits]
            words += [
                shape.grey,
                *(n for offset, length in shape.fields for n in (offset, length, 0)),
            ]
            words[2:4] = [shape.left + shape.width + shape.beside, shape.top + shape.height]
            argument[:] = struct.pack("=40I", *words, *(40 - len(words)) * [0])
        elif request == 0x4602:
            head = struct.pack("@16sLIIII", b"file", 0, shape.memory, shape.kind, 0, shape.visual)
            body = struct.pack("=HHH2xI", 1, 1, 0, shape.line_length)
            answer = (head + body).ljust(len(argument), b"\0")
            assert len(answer) == len(argument) == (80 if sys.maxsize > 2**32 else 68)
            argument[:] = answer
        elif request == 0x4605:
            start, count, *planes, _ = struct.unpack("@IIPPPP", argument)
            assert (start, count) == (0, 256)
            levels = [(ctypes.c_uint16 * count).from_address(plane) for plane in planes]
            self.colour_map = [(r >> 8, g >> 8, b >> 8) for r, g, b in zip(*levels, strict=True)]
        else:
            assert request == 0x4B3A, hex(request)
            self.console.append(argument)
        return 0

    # --- what stands in the memory

    def dot(self, x: int, y: int) -> Colour:
        shape = self.shape
        start = (shape.top + y) * shape.line_length + (shape.left + x) * shape.pixel
        with self.path.open("rb") as file:
            file.seek(start)
            return self._colour(file.read(shape.pixel))

    def picture(self) -> Image.Image:
        """The visible dots."""
        shape, memory = self.shape, self.path.read_bytes()
        colours = cache(self._colour)
        rows = []
        for y in range(shape.top, shape.top + shape.height):
            start = y * shape.line_length + shape.left * shape.pixel
            row = memory[start : start + shape.width * shape.pixel]
            rows += [colours(row[at : at + shape.pixel]) for at in range(0, len(row), shape.pixel)]
        picture = Image.new("RGB", (shape.width, shape.height))
        picture.putdata(rows)
        return picture

    def hidden_bytes(self) -> set[int]:
        """What stands in the memory that nobody sees."""
        shape, memory = self.shape, bytearray(self.path.read_bytes())
        for y in range(shape.top, shape.top + shape.height):
            start = y * shape.line_length + shape.left * shape.pixel
            memory[start : start + shape.width * shape.pixel] = b""
            memory[start:start] = bytes([UNTOUCHED]) * shape.width * shape.pixel
        return set(memory)

    def _colour(self, pixel: bytes) -> Colour:
        value = int.from_bytes(pixel, sys.byteorder)
        if self.colour_map:
            return self.colour_map[value]
        if self.shape.grey:
            return value, value, value
        red, green, blue = (
            round((value >> offset & 2**length - 1) * 255 / (2**length - 1))
            for offset, length in self.shape.fields[:3]
        )
        return red, green, blue


async def turned(condition: Callable[[], bool]) -> None:
    """Until it holds, looked at between any two turns of the event loop: for what a kernel tells
    nobody.
    """
    async with asyncio.timeout(DEADLINE_S):
        while True:
            if condition():
                return
            await asyncio.sleep(0)


def dots(picture: Image.Image) -> list[Colour]:
    """Of an RGB picture, row by row."""
    flat = picture.tobytes()
    return list(zip(flat[0::3], flat[1::3], flat[2::3], strict=True))


def greatest_difference(one: Image.Image, other: Image.Image) -> tuple[int, int, int]:
    """Of any dot, in red, green and blue."""
    assert one.size == other.size
    found = [0, 0, 0]
    for mine, theirs in set(zip(dots(one), dots(other), strict=True)):
        found = [max(at, abs(a - b)) for at, a, b in zip(found, mine, theirs, strict=True)]
    return found[0], found[1], found[2]
