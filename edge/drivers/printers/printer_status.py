"""What an ESC/POS printer says about itself, parsed. Pure, and of bounded memory.

Epson's "ESC/POS Command Reference": DLE EOT n (transmit real-time status) is answered at once,
n = 1 printer, 2 cause of being offline, 3 cause of an error, 4 roll paper; every answer is a byte
0xx1xx10. GS ( H fn 48 (process ID response) is answered when everything before it is printed: 37h
22h, the four characters of the ID, 00h. GS r 1 (transmit status) is answered when its turn comes in
the receive buffer, with a byte 0xx0xxxx. Automatic status (GS a), which some printers are set to
send, is four bytes of which the first is 0xx1xx00.
"""

from dataclasses import dataclass

from edge.checkout.troubles import Trouble

ASK = b"".join(b"\x10\x04" + bytes([n]) for n in (1, 2, 3, 4))
ANSWERS = 4
ASK_IN_TURN = b"\x1dr\x01"
# IDs go round: a printer is never so far behind that it could answer the wrong one.
MARKS = 10_000

_FIXED_BITS, _REAL_TIME, _AUTOMATIC = 0b1001_0011, 0b0001_0010, 0b0001_0000
_IN_TURN_BITS = 0b1001_0000
_AUTOMATIC_REST = 3
_ID_HEAD, _ID_LENGTH = b"\x37\x22", 7
_OFFLINE = 0x08
_COVER_OPEN, _PAPER_STOP, _ERROR = 0x04, 0x20, 0x40
_CUTTER_ERROR, _FATAL_ERROR = 0x08, 0x20
_PAPER_LOW, _PAPER_OUT = 0x0C, 0x60

TO_DO = {
    Trouble.COVER_OPEN: "the cover is open: close it",
    Trouble.PAPER_OUT: "out of paper: put a new roll in",
    Trouble.CUTTER: "the cutter is jammed: clear it, then open and close the cover",
    Trouble.ERROR: "the printer reports an error: switch it off and on",
    Trouble.OFFLINE: "the printer is offline: press its feed button or switch it on again",
    Trouble.NO_ANSWER: "does not answer: check its power and cable",
}


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
    def worst(self) -> Trouble | None:
        """The nearest cause first."""
        causes = (
            (self.cover_open, Trouble.COVER_OPEN),
            (self.paper_out, Trouble.PAPER_OUT),
            (self.cutter_error, Trouble.CUTTER),
            (self.error, Trouble.ERROR),
            (self.offline, Trouble.OFFLINE),
            (self.paper_low, Trouble.PAPER_LOW),
        )
        return next((trouble for holds, trouble in causes if holds), None)

    @property
    def trouble(self) -> str | None:
        """Why it can't print and what to do, None when it can."""
        return TO_DO.get(self.worst) if self.worst is not None else None


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


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of a job, as asked for: by its ID, or as the how manieth question in turn."""

    number: int
    by_id: bool


class StatusReader:
    """Matches answers to questions. A printer answers in order and loses none once it has
    answered at all; before that, whatever was asked of it may be lost. Anything else that it says
    is dropped and counted.

    IDs begin behind `last_id`, so that an answer to what was printed over the connection before is
    not taken for one of this.
    """

    def __init__(self, last_id: int = 0) -> None:
        # None is unknown: it was never asked, or it never answered.
        self.status: PrinterStatus | None = None
        self.strays = 0
        self.last_id = last_id
        self._answers = bytearray(ANSWERS)
        self._owed = 0
        self._seen_ids: set[int] = set()
        self._asked_in_turn = 0
        self._answered_in_turn = 0
        self._knows_ids = False
        self._group = bytearray()

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

    def probe(self) -> bytes:
        """What to send to learn whether the printer says where it is: both questions, the better
        one last.
        """
        self._asked_in_turn += 1
        return ASK_IN_TURN + self._ask_by_id()

    def mark(self) -> tuple[bytes, Mark | None]:
        """What to send behind a job, and what to look for; nothing when the printer answers
        neither question.
        """
        if self._knows_ids:
            return self._ask_by_id(), Mark(self.last_id, by_id=True)
        if self._answered_in_turn:
            self._asked_in_turn += 1
            return ASK_IN_TURN, Mark(self._asked_in_turn, by_id=False)
        return b"", None

    def has_reached(self, mark: Mark) -> bool:
        """Whether everything before the mark is done."""
        if mark.by_id:
            return mark.number in self._seen_ids
        return self._answered_in_turn >= mark.number

    def feed(self, data: bytes) -> None:
        for byte in data:
            if self._group and self._belongs(byte):
                self._group.append(byte)
                self._end_group()
            else:
                self.strays += len(self._group)
                self._group.clear()
                self._begin(byte)

    def _ask_by_id(self) -> bytes:
        self.last_id = (self.last_id + 1) % MARKS
        self._seen_ids.discard(self.last_id)
        return b"\x1d(H\x06\x0000" + f"{self.last_id:04}".encode()

    def _begin(self, byte: int) -> None:
        if byte == _ID_HEAD[0] or byte & _FIXED_BITS == _AUTOMATIC:
            self._group.append(byte)
        elif self._owed and byte & _FIXED_BITS == _REAL_TIME:
            self._answers[-self._owed % ANSWERS] = byte
            self._owed -= 1
            if self._owed % ANSWERS == 0:
                self.status = status_from(*self._answers)
        elif not byte & _IN_TURN_BITS and self._answered_in_turn < self._asked_in_turn:
            self._answered_in_turn += 1
        else:
            self.strays += 1

    def _belongs(self, byte: int) -> bool:
        place = len(self._group)
        if self._group[0] != _ID_HEAD[0]:
            return not byte & _IN_TURN_BITS
        if place < len(_ID_HEAD):
            return byte == _ID_HEAD[place]
        return byte == 0 if place == _ID_LENGTH - 1 else ord("0") <= byte <= ord("9")

    def _end_group(self) -> None:
        if self._group[0] != _ID_HEAD[0]:
            if len(self._group) > _AUTOMATIC_REST:
                self.strays += len(self._group)
                self._group.clear()
        elif len(self._group) == _ID_LENGTH:
            self._knows_ids = True
            self._seen_ids.add(int(self._group[2:-1]))
            self._group.clear()
