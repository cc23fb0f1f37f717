"""A receipt as ESC/POS bytes. Pure and streaming: the first line leaves before the last is laid
out. Commands by their names in Epson's "ESC/POS Command Reference for TM Printers".
"""

from collections.abc import Iterator

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
from edge.checkout.paper.receipt_layout import beside
from edge.checkout.paper.width import wrap
from edge.drivers.charset import TextCoder
from edge.drivers.printers.printer_pictures import (
    QR_BYTES,
    STRIP_DOTS,
    fitted,
    native_module_dots,
    qr_picture,
    raster,
)
from edge.drivers.printers.printer_profiles import PaperSettings

INITIALISE = b"\x1b@"  # ESC @
LINE_FEED = b"\n"  # LF
ALIGNMENT = {  # ESC a n: select justification
    Align.LEFT: b"\x1ba\x00",
    Align.CENTRE: b"\x1ba\x01",
    Align.RIGHT: b"\x1ba\x02",
}
BOLD = {False: b"\x1bE\x00", True: b"\x1bE\x01"}  # ESC E n: turn emphasized mode on/off
SIZE = {False: b"\x1d!\x00", True: b"\x1d!\x11"}  # GS ! n: character size, twice wide and high
FEED_AND_CUT = {  # GS V m n: feed to the cutter, then m = 65 full cut, 66 partial cut
    "full": b"\x1dV\x41\x00",
    "partial": b"\x1dV\x42\x00",
}

# ESC d n feeds at most 255 lines; a receipt's gaps are shorter than a hand.
MAX_FEED_LINES = 24
# From the last line to the tear bar of a printer without a cutter.
TEAR_OFF_LINES = 4
MAX_QR_BYTES = QR_BYTES[-1]


def encode(receipt: Receipt, paper: PaperSettings) -> Iterator[bytes]:
    """The receipt's bytes, an element at a time, a picture in strips. A copy is marked by its
    elements.
    """
    pen = _Pen(paper, TextCoder(paper.charset, paper.pages))
    yield pen.start()
    for element in receipt.elements:
        yield from pen.draw(element)
    yield pen.finish()


def wake(paper: PaperSettings, *, torn: bool) -> bytes:
    """What makes a printer ready whose last command may be half there: blank dots for the picture
    that it may still expect, which in text are ignored; then a cut below a receipt that was `torn`.
    """
    promised = max(STRIP_DOTS * -(-paper.dots // 8), MAX_QR_BYTES)
    cut = INITIALISE + LINE_FEED + _end(paper) if torn else b""
    return bytes(promised) + cut + INITIALISE


def _end(paper: PaperSettings) -> bytes:
    return FEED_AND_CUT.get(paper.cut) or feed(TEAR_OFF_LINES)


class _Pen:
    """Lays elements out and remembers the printer's modes, so that each is sent once."""

    def __init__(self, paper: PaperSettings, coder: TextCoder) -> None:
        self._paper = paper
        self._coder = coder
        self._align = Align.LEFT
        self._bold = False
        self._large = False

    def start(self) -> bytes:
        return INITIALISE + self._coder.reset()

    def finish(self) -> bytes:
        return self._style(Align.LEFT, bold=False, large=False) + _end(self._paper)

    def draw(self, element: Element) -> Iterator[bytes]:
        match element:
            case Text(text, align, bold, large):
                style = self._style(align, bold=bold, large=large)
                lines = wrap(self._coder.printable(text), self._columns(large=large))
                yield style + b"".join(map(self._line, lines))
            case Columns(left, right, bold, large):
                style = self._style(Align.LEFT, bold=bold, large=large)
                left, right = self._coder.printable(left), self._coder.printable(right)
                lines = beside(left, right, self._columns(large=large))
                yield style + b"".join(map(self._line, lines))
            case Rule():
                style = self._style(Align.LEFT, bold=False, large=False)
                yield style + self._line("-" * self._paper.columns)
            case Feed(lines):
                yield feed(lines)
            case Qr(data):
                yield self._style(Align.CENTRE, bold=False, large=False)
                yield from self._qr(data)
            case Picture():
                yield self._style(Align.CENTRE, bold=False, large=False)
                yield from raster(fitted(element, self._paper.dots))

    def _qr(self, data: str) -> Iterator[bytes]:
        asked = self._paper.qr_dots
        if self._paper.qr == "native":
            yield qr_code(data, native_module_dots(data, asked, self._paper.dots))
        else:
            yield from raster(qr_picture(data, asked, self._paper.dots))

    def _columns(self, *, large: bool) -> int:
        return self._paper.columns // 2 if large else self._paper.columns

    def _line(self, line: str) -> bytes:
        return self._coder.encode(line) + LINE_FEED

    def _style(self, align: Align, *, bold: bool, large: bool) -> bytes:
        """What changes the modes to these; at the start of a line, where ESC a is valid."""
        changes = b""
        if align is not self._align:
            changes += ALIGNMENT[align]
        if bold is not self._bold:
            changes += BOLD[bold]
        if large is not self._large:
            changes += SIZE[large]
        self._align, self._bold, self._large = align, bold, large
        return changes


def feed(lines: int) -> bytes:
    """ESC d n: print and feed n lines, from 1 to MAX_FEED_LINES."""
    return b"\x1bd" + bytes([max(1, min(lines, MAX_FEED_LINES))])


def qr_code(data: str, module_dots: int) -> bytes:
    """GS ( k with cn = 49: fn 65 model 2, fn 67 size of a module, fn 69 error level M, fn 80 store
    the data, fn 81 print it. `data` is ASCII of at most MAX_QR_BYTES, else ValueError.
    """
    stored = data.encode("ascii")
    if len(stored) > MAX_QR_BYTES:
        raise ValueError(f"a QR code of {len(stored)} bytes does not fit the paper")
    return b"".join(
        b"\x1d(k" + (len(body) + 1).to_bytes(2, "little") + b"1" + body
        for body in (
            b"A2\x00",
            b"C" + bytes([module_dots]),
            b"E1",
            b"P0" + stored,
            b"Q0",
        )
    )


def drawer_pulse(pin: int, pulse_ms: int) -> bytes:
    """ESC p m t1 t2: a pulse on connector pin 2 or 5, on for t1 and off for t2, each in steps of
    2 ms up to 510 ms. The off time equals the on time, which lets a solenoid cool.
    """
    steps = min(pulse_ms // 2, 255)
    return b"\x1bp" + bytes([{2: 0, 5: 1}[pin], steps, steps])
