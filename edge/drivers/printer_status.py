"""What an ESC/POS printer says about itself: DLE EOT, parsed. Pure.

Epson's "ESC/POS Command Reference", DLE EOT n (transmit real-time status): n = 1 printer, 2 cause
of being offline, 3 cause of an error, 4 roll paper. Every answer is a byte 0xx1xx10.
"""

from dataclasses import dataclass

ASK = b"".join(b"\x10\x04" + bytes([n]) for n in (1, 2, 3, 4))
ANSWERS = 4

_FIXED_BITS, _FIXED_VALUE = 0b1001_0011, 0b0001_0010
_OFFLINE = 0x08
_COVER_OPEN, _PAPER_STOP, _ERROR = 0x04, 0x20, 0x40
_CUTTER_ERROR, _FATAL_ERROR = 0x08, 0x20
_PAPER_LOW, _PAPER_OUT = 0x0C, 0x60


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """A printer that can be asked, as it was when it answered."""

    offline: bool = False
    cover_open: bool = False
    paper_out: bool = False
    paper_low: bool = False
    cutter_error: bool = False
    error: bool = False

    @property
    def trouble(self) -> str | None:
        """Why it can't print and what to do, None when it can; the nearest cause first."""
        causes = (
            (self.cover_open, "the cover is open: close it"),
            (self.paper_out, "out of paper: put a new roll in"),
            (self.cutter_error, "the cutter is jammed: clear it, then open and close the cover"),
            (self.error, "the printer reports an error: switch it off and on"),
            (self.offline, "the printer is offline: press its feed button or switch it on again"),
        )
        return next((text for holds, text in causes if holds), None)


def status_from(printer: int, offline: int, error: int, paper: int) -> PrinterStatus:
    """The status that the answers to n = 1, 2, 3, 4 are."""
    return PrinterStatus(
        offline=bool(printer & _OFFLINE),
        cover_open=bool(offline & _COVER_OPEN),
        paper_out=bool(offline & _PAPER_STOP) or paper & _PAPER_OUT == _PAPER_OUT,
        paper_low=paper & _PAPER_LOW == _PAPER_LOW,
        cutter_error=bool(error & _CUTTER_ERROR),
        error=bool(offline & _ERROR) or bool(error & _FATAL_ERROR),
    )


class StatusReader:
    """Matches answers to questions. A printer answers in order and loses none once it has
    answered at all; before that, whatever was asked of it may be lost. Anything else that it says
    is dropped and counted.
    """

    def __init__(self) -> None:
        # None is unknown: it was never asked, or it never answered.
        self.status: PrinterStatus | None = None
        self.strays = 0
        self._answers = bytearray(ANSWERS)
        self._owed = 0

    @property
    def answered(self) -> bool:
        """Whether every question is answered, so that `status` is of now."""
        return self._owed == 0

    def ask(self) -> bytes:
        """What to send for a fresh status."""
        if self.status is None:
            self._owed = 0
        self._owed += ANSWERS
        return ASK

    def feed(self, data: bytes) -> None:
        for byte in data:
            if self._owed == 0 or byte & _FIXED_BITS != _FIXED_VALUE:
                self.strays += 1
                continue
            self._answers[-self._owed % ANSWERS] = byte
            self._owed -= 1
            if self._owed % ANSWERS == 0:
                self.status = status_from(*self._answers)
