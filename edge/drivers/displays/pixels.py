"""Pictures as the bytes of a framebuffer, in whatever pixel format the kernel reports.

A byte of a pixel is a sum of bits of its three colours, so each is made by table look-ups over
whole planes, which Pillow does without a step of Python for a pixel.
"""

import sys
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops

BYTE: Final = 8
# The plane modes that Pillow writes out byte by byte, by how many bytes a pixel has.
_MERGED: Final = {2: "LA", 3: "RGB", 4: "CMYK"}


@dataclass(frozen=True, slots=True)
class BitField:
    """Where a colour stands in a pixel, counted from its lowest bit (struct fb_bitfield)."""

    offset: int = 0
    length: int = 0

    def of(self, level: int) -> int:
        """The bits of a level from 0 to 255, in their place."""
        most = (1 << self.length) - 1
        return (level * most + 127) // 255 << self.offset


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """How many bits a pixel takes, and where its colours are; `is_grey` where it has none. Bits of
    transparency are set: the screen is opaque.
    """

    bits: int
    red: BitField = BitField()
    green: BitField = BitField()
    blue: BitField = BitField()
    transp: BitField = BitField()
    is_grey: bool = False

    @property
    def size(self) -> int:
        """Bytes a pixel."""
        return (self.bits + BYTE - 1) // BYTE


class PixelPacker:
    """Packs RGB pictures for one format; its tables take a few kilobytes."""

    def __init__(self, pixels: PixelFormat) -> None:
        self._is_grey = pixels.is_grey
        opaque = pixels.transp.of(255)
        places = range(pixels.size) if sys.byteorder == "little" else range(pixels.size)[::-1]
        colours = (pixels.red, pixels.green, pixels.blue)
        self._bytes = tuple(_tables(colours, opaque, place) for place in places)

    def pack(self, picture: Image.Image) -> bytes:
        """Its pixels row by row, without gaps."""
        if self._is_grey:
            return picture.convert("L").tobytes()
        colours = picture.split()
        planes = [self._plane(colours, *tables) for tables in self._bytes]
        if len(planes) == 1:
            return planes[0].tobytes()
        return Image.merge(_MERGED[len(planes)], planes).tobytes()

    def _plane(
        self, colours: tuple[Image.Image, ...], tables: tuple[bytes, ...], always: int
    ) -> Image.Image:
        parts = [
            colour.point(list(table))
            for colour, table in zip(colours, tables, strict=True)
            if any(table)
        ]
        if always or not parts:
            parts.append(Image.new("L", colours[0].size, always))
        plane = parts[0]
        for part in parts[1:]:
            # Their bits are different ones, so that the sum is what the disjunction is.
            plane = ImageChops.add(plane, part)
        return plane


def _tables(
    colours: tuple[BitField, ...], opaque: int, place: int
) -> tuple[tuple[bytes, ...], int]:
    """For the byte at that place: what each level of each colour adds, and what it has always."""
    shift = place * BYTE
    tables = tuple(
        bytes((colour.of(level) >> shift) & 0xFF for level in range(256)) for colour in colours
    )
    return tables, (opaque >> shift) & 0xFF
