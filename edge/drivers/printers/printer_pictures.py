"""Pictures as ESC/POS rasters: scaled to the paper, in strips, and QR codes for printers that can't
draw them. Pure.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from edge.checkout.paper.receipt import Picture

# Cheap printers buffer 4 KiB: 24 rows of 80 mm paper are 1.7.
STRIP_DOTS = 24
# A shop has one logo, and its slips a few codes.
KEPT_PICTURES = 4
# ISO/IEC 18004: four modules of white around the code.
QUIET_MODULES = 4
# ISO/IEC 18004, table 7: the bytes that versions 1 to 25 hold at error level M. A printer that
# packs figures or capitals needs no larger version; beyond these none fits 58 mm paper.
QR_BYTES = (
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
    711, 779, 857, 911, 997,
)  # fmt: skip

# The first two bytes of DLE EOT, DLE ENQ and DLE DC4, which a printer carries out wherever they
# stand, also within a picture: DLE DC4 opens the drawer.
_DLE, _REAL_TIME = 0x10, frozenset({0x04, 0x05, 0x14})
# One dot more, which nobody sees.
_ONE_DOT_MORE = 0x11


@lru_cache(maxsize=KEPT_PICTURES)
def fitted(picture: Picture, dots: int) -> Picture:
    """The picture, made smaller if it is wider than the paper; a dot stays if any of its is set, so
    that thin lines stay.
    """
    if picture.width <= dots:
        return picture
    height = max(1, picture.height * dots // picture.width)
    old_bytes, new_bytes = -(-picture.width // 8), -(-dots // 8)
    bits = bytearray(new_bytes * height)
    for row in range(picture.height):
        below = row * height // picture.height
        for column in range(picture.width):
            if picture.bits[row * old_bytes + column // 8] & 0x80 >> column % 8:
                right = column * dots // picture.width
                bits[below * new_bytes + right // 8] |= 0x80 >> right % 8
    return Picture(dots, height, bytes(bits))


@lru_cache(maxsize=KEPT_PICTURES)
def qr_picture(data: str, module_dots: int, dots: int) -> Picture:
    """The QR code of ASCII text at error level M, its modules as large as asked or as the paper
    allows. Raises ValueError when it does not fit even so.
    """
    # Here, because most printers draw the code themselves.
    import segno  # noqa: PLC0415

    rows = [bytes(row) for row in segno.make_qr(data, error="m").matrix]
    size = module_size(len(rows), module_dots, dots)
    if size == 0:
        raise ValueError(f"a QR code of {len(data)} bytes does not fit the paper")
    edge = QUIET_MODULES * size
    width = len(rows) * size + 2 * edge
    width_bytes = -(-width // 8)
    blank = bytes(width_bytes)
    drawn = [_dots_of(row, size, edge, width_bytes) for row in rows]
    bits = b"".join([blank * edge, *(row * size for row in drawn), blank * edge])
    return Picture(width, width, bits)


def native_module_dots(data: str, module_dots: int, dots: int) -> int:
    """How large the modules may be of a code that the printer draws itself: as large as asked or as
    the paper allows.
    """
    version = 1 + bisect_left(QR_BYTES, len(data))
    return module_size(17 + 4 * version, module_dots, dots)


def module_size(modules: int, module_dots: int, dots: int) -> int:
    """The dots of each of that many modules across, with white on both sides; 0 when the paper is
    too narrow.
    """
    return min(module_dots, dots // (modules + 2 * QUIET_MODULES))


def raster(picture: Picture) -> Iterator[bytes]:
    """GS v 0 m xL xH yL yH d1...dk: raster bit image, m = 0 as it is, in strips that a printer's
    buffer holds.
    """
    width_bytes = -(-picture.width // 8)
    bits = _without_commands(picture.bits)
    for top in range(0, picture.height, STRIP_DOTS):
        rows = min(STRIP_DOTS, picture.height - top)
        head = b"\x1dv0\x00" + width_bytes.to_bytes(2, "little") + rows.to_bytes(2, "little")
        yield head + bits[top * width_bytes : (top + rows) * width_bytes]


@lru_cache(maxsize=KEPT_PICTURES)
def _without_commands(bits: bytes) -> bytes:
    if not any(bytes([_DLE, second]) in bits for second in _REAL_TIME):
        return bits
    safe = bytearray(bits)
    for place in range(len(safe) - 1):
        if safe[place] == _DLE and safe[place + 1] in _REAL_TIME:
            safe[place] = _ONE_DOT_MORE
    return bytes(safe)


def _dots_of(row: bytes, size: int, edge: int, width_bytes: int) -> bytes:
    """One row of dots of a row of modules."""
    dots = 0
    for module in row:
        dots = (dots << size) | ((1 << size) - 1 if module else 0)
    used = len(row) * size
    return (dots << (width_bytes * 8 - edge - used)).to_bytes(width_bytes, "big")
