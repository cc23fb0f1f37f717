"""An ESC/POS printer's ears: bytes to paper, written from the command reference alone.

It shares nothing with the encoder, so what it prints is what a printer would. Like one, it carries
real-time commands out as they come in, wherever they stand, and everything else in its turn; while
it is `halted`, for want of paper or with its cover open, it only takes bytes in.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

CODE_PAGES = {0: "cp437", 16: "cp1252", 17: "cp866", 18: "cp852", 47: "cp1253", 48: "cp1254"}
ALIGNMENTS = ("left", "centre", "right")
STATUS_FINE = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
# DLE EOT n, and what may become one with the bytes that follow.
REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])")
UNFINISHED_REAL_TIME = re.compile(rb"\x10\x04?\Z")
# What a cheap printer holds; a halted one takes no more.
RECEIVE_BUFFER = 4096


@dataclass(frozen=True, slots=True)
class PrintedLine:
    text: str
    columns: int
    align: str = "left"
    bold: bool = False
    large: bool = False


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a picture: rows of dots, a bit each, the left one highest."""

    width_bytes: int
    bits: bytes
    align: str = "left"


@dataclass(frozen=True, slots=True)
class QrCode:
    data: str
    module_dots: int
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Pulse:
    pin: int
    on_ms: int
    off_ms: int


@dataclass(slots=True)
class Paper:
    """What lies between two cuts."""

    marks: list[PrintedLine | QrCode | Strip] = field(default_factory=list)
    cut: str = ""

    @property
    def lines(self) -> list[PrintedLine]:
        return [mark for mark in self.marks if isinstance(mark, PrintedLine)]

    @property
    def qr_codes(self) -> list[str]:
        return [mark.data for mark in self.marks if isinstance(mark, QrCode)]

    @property
    def strips(self) -> list[tuple[int, bytes]]:
        return [(mark.width_bytes, mark.bits) for mark in self.marks if isinstance(mark, Strip)]

    @property
    def text(self) -> list[str]:
        return [line.text for line in self.lines]


class IncompleteError(Exception):
    """The command's last bytes are still to come."""


class EscposReader:
    """Feed it bytes as they come; look at `papers`, `pulses` and `complaints`.

    `on_line` is called after each line, picture's strip, code or cut. `knows_ids` and `knows_turns`
    say whether it answers GS ( H and GS r; one that does not prints what it takes for text.
    """

    def __init__(
        self, columns: int = 48, *, dots: int = 0, pages: dict[int, str] | None = None
    ) -> None:
        self.papers: list[Paper] = []
        self.pulses: list[Pulse] = []
        self.complaints: list[str] = []
        self.status = dict(STATUS_FINE)
        self.bytes_fed = self.asked = 0
        self.halted = False
        self.on_line: Callable[[], None] = lambda: None
        self.knows_ids = self.knows_turns = True
        self._columns = columns
        self._dots = dots or columns * 12
        self._pages = pages or CODE_PAGES
        self._buffer = b""
        self._half_command = b""
        self._answers = self._unasked = b""
        self._qr_data, self._qr_dots = b"", 3
        self._commands: dict[bytes, Callable[[], None]] = {
            b"\x1b@": self._initialise,
            b"\x1ba": self._justify,
            b"\x1bE": self._emphasize,
            b"\x1bt": self._code_page,
            b"\x1bd": self._feed_lines,
            b"\x1bp": self._pulse,
            b"\x1d!": self._size,
            b"\x1dV": self._cut,
            b"\x1d(": self._function,
            b"\x1dv": self._raster,
            b"\x1c&": self._double_byte_on,
            b"\x1c.": self._double_byte_off,
            b"\x1dr": self._transmit_in_turn,
        }
        self.unfinished = Paper()
        self._initialise_modes()

    @property
    def idle(self) -> bool:
        """Nothing printed since the last cut."""
        return not (self.unfinished.marks or self._line)

    @property
    def is_full(self) -> bool:
        """Takes no more bytes: it can't print what it has."""
        return self.halted and len(self._buffer) >= RECEIVE_BUFFER

    def feed(self, data: bytes) -> bytes:
        """Take bytes, give the answers that go back to the host."""
        self.bytes_fed += len(data)
        self._answers, self._unasked = self._unasked, b""
        data = REAL_TIME.sub(self._transmit_status, self._half_command + data)
        unfinished = UNFINISHED_REAL_TIME.search(data)
        self._half_command = unfinished[0] if unfinished else b""
        self._buffer += data.removesuffix(self._half_command)
        self._work()
        return self._answers

    def say(self, data: bytes) -> None:
        """What nobody asked for: before whatever it says next."""
        self._unasked += data

    def go_on(self) -> bytes:
        """What stopped it is over; the answers that were due."""
        self.halted = False
        self._answers, self._unasked = self._unasked, b""
        self._work()
        return self._answers

    def lose_power(self) -> None:
        """What it held is gone; what is on paper stays."""
        self._buffer = self._half_command = b""
        self._line = ""
        self.halted = False
        self._initialise_modes()

    def _work(self) -> None:
        while self._buffer and not self.halted:
            before = self._buffer
            try:
                self._step()
            except IncompleteError:
                self._buffer = before
                break

    def _step(self) -> None:
        first = self._buffer[:1]
        if first in {b"\x1b", b"\x1d", b"\x1c"}:
            command = self._take(2)
            handler = self._commands.get(command)
            if handler is None:
                self.complaints.append(f"unknown command {command!r}")
            else:
                handler()
        elif first == b"\n":
            self._take(1)
            self._end_line()
        elif first == b"\0":
            # No printer prints it or minds it.
            self._take(1)
        elif first < b"\x20":
            self.complaints.append(f"stray control {self._take(1)!r}")
        else:
            self._print_character()

    def _take(self, count: int) -> bytes:
        if len(self._buffer) < count:
            raise IncompleteError
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _print_character(self) -> None:
        if self._double_byte and self._buffer[0] > 0x80:
            self._take_double()
            return
        byte = self._take(1)
        self._line += byte.decode("ascii" if byte < b"\x80" else self._pages[self._page])
        self._used += 1

    def _take_double(self) -> None:
        if len(self._buffer) < 2:
            raise IncompleteError
        four = 0x30 <= self._buffer[1] <= 0x39
        self._line += self._take(4 if four else 2).decode("gb18030")
        self._used += 2

    def _end_line(self) -> None:
        if self._used > self._columns // (2 if self._large else 1):
            self.complaints.append(f"line wider than the paper: {self._line!r}")
        line = PrintedLine(self._line, self._used, self._align, self._bold, self._large)
        self._line, self._used = "", 0
        self._print(line)

    def _print(self, mark: PrintedLine | QrCode | Strip) -> None:
        self.unfinished.marks.append(mark)
        self.on_line()

    def _initialise_modes(self) -> None:
        self._align, self._bold, self._large = "left", False, False
        # Printers for the Chinese market start like this.
        self._double_byte, self._page = True, 0
        self._line, self._used = "", 0

    def _initialise(self) -> None:
        # It clears the print buffer: the line that has not ended is gone.
        self._initialise_modes()

    def _justify(self) -> None:
        if self._line:
            self.complaints.append(f"aligned within the line {self._line!r}")
        self._align = ALIGNMENTS[self._take(1)[0]]

    def _emphasize(self) -> None:
        self._bold = bool(self._take(1)[0] & 1)

    def _size(self) -> None:
        self._large = self._take(1)[0] == 0x11

    def _code_page(self) -> None:
        self._page = self._take(1)[0]

    def _feed_lines(self) -> None:
        for _ in range(self._take(1)[0]):
            self._end_line()

    def _pulse(self) -> None:
        connector, on, off = self._take(3)
        if self._line:
            self.complaints.append("a pulse within a line")
        self.pulses.append(Pulse({0: 2, 1: 5}[connector], on * 2, off * 2))

    def _cut(self) -> None:
        kind = self._take(1)[0]
        if kind >= 65:
            self._take(1)
        if self._line:
            self.complaints.append(f"cut within the line {self._line!r}")
        self.unfinished.cut = "full" if kind in {0, 48, 65} else "partial"
        self.papers.append(self.unfinished)
        self.unfinished = Paper()
        self.on_line()

    def _double_byte_on(self) -> None:
        self._double_byte = True

    def _double_byte_off(self) -> None:
        self._double_byte = False

    def _function(self) -> None:
        group, low, high = self._take(3)
        body = self._take(low + 256 * high)
        if group == ord("H") and body[:2] == b"00":
            if self.knows_ids:
                self._answers += b"\x37\x22" + body[2:] + b"\0"
        elif group != ord("k") or body[:1] != b"1":
            self.complaints.append(f"unknown function {group} {body!r}")
        elif body[1:2] == b"C":
            self._qr_dots = body[2]
        elif body[1:3] == b"P0":
            self._qr_data = body[3:]
        elif body[1:3] == b"Q0":
            self._print(QrCode(self._qr_data.decode("ascii"), self._qr_dots, self._align))

    def _raster(self) -> None:
        _function, _mode, x_low, x_high, y_low, y_high = self._take(6)
        width_bytes, rows = x_low + 256 * x_high, y_low + 256 * y_high
        if self._line:
            self.complaints.append(f"a picture within the line {self._line!r}")
        if width_bytes * 8 > self._dots:
            self.complaints.append(f"a picture of {width_bytes * 8} dots is cut off")
        self._print(Strip(width_bytes, self._take(width_bytes * rows), self._align))

    def _transmit_in_turn(self) -> None:
        if self._take(1) != b"\x01":
            self.complaints.append("a status that it does not have")
        elif self.knows_turns:
            self._answers += b"\x00"
        else:
            self._line, self._used = self._line + "r", self._used + 1

    def _transmit_status(self, asked: re.Match[bytes]) -> bytes:
        self._answers += bytes([self.status[asked[1][0]]])
        self.asked += asked[1] == b"\4"
        return b""
