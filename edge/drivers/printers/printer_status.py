"""What an ESC/POS printer says about itself, parsed. Pure, and of bounded memory.

Epson's "ESC/POS Command Reference": DLE EOT n (transmit real-time status) is answered at once,
n = 1 printer, 2 cause of being offline, 3 cause of an error, 4 roll paper; every answer is a byte
0xx1xx10. GS ( H fn 48 (process ID response) is answered when everything before it is printed: 37h
22h, the four characters of the ID, 00h. GS r 1 (transmit status) is answered when its turn comes in
the receive buffer, with a byte 0xx0xxxx. Automatic status (GS a), which some printers are set to
send, is four bytes in a row of which the first is 0xx1xx00 and the others are 0xx0xxxx: what is
left of one when bytes are lost, and the zero that a cable makes which is pulled, look like answers
to GS r. So that is asked several times in a row, and only as many answers that are all the same
are one, once nothing comes behind them.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum

from edge.checkout.troubles import Trouble

ASK = b"".join(b"\x10\x04" + bytes([n]) for n in (1, 2, 3, 4))
ANSWERS = 4
ASK_IN_TURN = b"\x1dr\x01"
# What a printer that knows no such question makes of it is taken back: ESC @.
TAKE_BACK = b"\x1b@"
# Numbers go round: a printer is never so far behind that it could answer the wrong one.
MARKS = 10_000
# GS r is asked from 4 to 7 times: more than what is left of an automatic status, never twice what
# another was asked, and not what the marks before were.
LEAST_TURNS, TURN_LENGTHS = 4, 4
# What may be said between two answers in real time, several times over.
MOST_UNSETTLED = 64


def _bytes_with(mask: int, bits: int) -> bytes:
    """A class of a regular expression."""
    return b"[" + b"".join(b"\\x%02x" % each for each in range(256) if each & mask == bits) + b"]"


_FIXED_BITS, _REAL_TIME = 0b1001_0011, 0b0001_0010
_IN_TURN = _bytes_with(0b1001_0000, 0)
_SAME_IN_TURN = re.compile(b"(" + _IN_TURN + rb")\1*")
_AUTOMATIC = re.compile(_bytes_with(_FIXED_BITS, 0b0001_0000) + _IN_TURN + b"{3}")
_ID_HEAD, _ID_LENGTH = b"\x37\x22", 7
# XON and XOFF may come between any two bytes.
_FLOW_CONTROL = b"\x11\x13"
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


class End(Enum):
    """How a printer can say that it has come to the end of a job."""

    IN_TURN = "GS r"
    ID = "GS ( H"


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of a job, as asked for: by that many questions in turn, by its number, or both."""

    number: int
    ends: AbstractSet[End]

    @property
    def turns(self) -> int:
        return LEAST_TURNS + self.number % TURN_LENGTHS

    @property
    def question(self) -> bytes:
        in_turn = ASK_IN_TURN * self.turns if End.IN_TURN in self.ends else b""
        by_id = b"\x1d(H\x06\x0000" + f"{self.number % MARKS:04}".encode()
        return in_turn + (by_id if End.ID in self.ends else b"")


class StatusReader:
    """Matches answers to questions. A printer answers in order and loses none once it has
    answered at all; before that, whatever was asked of it may be lost. Anything else that it says
    is dropped and counted.

    One mark is asked for at a time, and its answer means that all before it is done. Of `ends`
    those are asked for; numbers go on from behind `last_number`, so that an answer to what was
    printed over the connection before is not taken for one of this.
    """

    def __init__(self, ends: AbstractSet[End] = frozenset(End), last_number: int = 0) -> None:
        # None is unknown: it was never asked, or it never answered.
        self.status: PrinterStatus | None = None
        # Answers in real time that were asked for.
        self.heard = 0
        self.strays = 0
        self.last_number = last_number
        self._answers = bytearray(ANSWERS)
        self._owed = 0
        self._ends = ends
        self._knows: set[End] = set()
        self._mark: Mark | None = None
        self._before = self._reached = self._waived = last_number
        self._id = bytearray()
        # What was said that is neither a number nor in real time, and how many answers in real
        # time came behind it in a row.
        self._unsettled = bytearray()
        self._quiet = 0
        self._is_garbled = False

    @property
    def answered(self) -> bool:
        """Whether every question is answered, so that `status` is of now."""
        return self._owed == 0

    @property
    def says_ends(self) -> bool:
        """Whether it has ever answered a mark."""
        return bool(self._knows)

    @property
    def unreached(self) -> Mark | None:
        """What was asked for last, while there is no answer and it is not waived."""
        mark = self._mark
        if mark is None or self.has_reached(mark) or mark.number <= self._waived:
            return None
        return mark

    def ask(self) -> bytes:
        """What to send for a fresh status. One that has never answered is taken to have lost what
        it was asked before: ask it anew when it has had time.
        """
        if self.status is None:
            self._owed = 0
        self._owed += ANSWERS
        return ASK

    def probe(self) -> bytes:
        """What to send to learn whether the printer says where it is: all questions, the better
        one last.
        """
        return self._asked(self._ends) if self._ends else b""

    def mark(self) -> tuple[bytes, Mark | None]:
        """What to send behind a job, and what to look for; nothing when the printer answers
        no such question.
        """
        if not self._knows:
            return b"", None
        best = End.ID if End.ID in self._knows else End.IN_TURN
        return self._asked(frozenset({best})), self._mark

    def again(self) -> bytes:
        """What to send when what was said since may have been the mark, and was not legible. A
        printer that owes an answer may have lost more than that, and is not asked.
        """
        if not (self._is_garbled and self.answered and self.unreached):
            return b""
        return self._question()

    def waive(self) -> None:
        """Wait for the mark no longer; a late answer still tells that it is one that answers."""
        self._waived = self.last_number

    def has_reached(self, mark: Mark) -> bool:
        """Whether everything before the mark is done."""
        return mark.number <= self._reached

    def may_have_reached(self, mark: Mark) -> bool:
        """Whether it has, or a fresh status will tell."""
        is_said = End.IN_TURN in mark.ends and len(self._unsettled) >= mark.turns
        return is_said or self.has_reached(mark)

    def feed(self, data: bytes) -> None:
        for byte in data:
            if byte in _FLOW_CONTROL:
                self.strays += 1
            elif self._id and self._belongs(byte):
                self._id.append(byte)
                self._end_id()
            else:
                if self._id:
                    self._leave_unsettled(self._id)
                    self._id.clear()
                self._begin(byte)

    def _asked(self, ends: AbstractSet[End]) -> bytes:
        self.last_number += 1
        self._mark = Mark(self.last_number, ends)
        return self._question()

    def _question(self) -> bytes:
        assert self._mark is not None
        self._is_garbled = False
        return self._mark.question + (b"" if self._knows else TAKE_BACK)

    def _begin(self, byte: int) -> None:
        if byte == _ID_HEAD[0]:
            self._id.append(byte)
        elif byte & _FIXED_BITS != _REAL_TIME:
            self._leave_unsettled(bytes([byte]))
        elif self._owed:
            self._answers[-self._owed % ANSWERS] = byte
            self._owed -= 1
            self.heard += 1
            if self._owed % ANSWERS == 0:
                self.status = status_from(*self._answers)
            self._quiet += 1
            if self._quiet >= ANSWERS and self._unsettled:
                self._settle()
        else:
            self.strays += 1

    def _leave_unsettled(self, said: bytes | bytearray) -> None:
        self._quiet = 0
        self._unsettled += said
        if len(self._unsettled) > MOST_UNSETTLED:
            self._settle()

    def _settle(self) -> None:
        """Find out what it was: it is over, for a whole status was asked for and nothing came with
        the answers.
        """
        said = _AUTOMATIC.sub(b"", self._unsettled)
        self.strays += len(self._unsettled)
        self._unsettled.clear()
        mark = self._mark
        if mark is not None and self._answers_in_turn(mark, said):
            self.strays -= len(said)
            self._reach(End.IN_TURN, mark.number)
        elif said:
            self._is_garbled = True

    def _answers_in_turn(self, mark: Mark, said: bytes) -> bool:
        is_whole = End.IN_TURN in mark.ends and len(said) == mark.turns
        return is_whole and _SAME_IN_TURN.fullmatch(said) is not None

    def _reach(self, end: End, number: int) -> None:
        self._knows.add(end)
        self._reached = max(self._reached, number)

    def _belongs(self, byte: int) -> bool:
        place = len(self._id)
        if place < len(_ID_HEAD):
            return byte == _ID_HEAD[place]
        return byte == 0 if place == _ID_LENGTH - 1 else ord("0") <= byte <= ord("9")

    def _end_id(self) -> None:
        if len(self._id) < _ID_LENGTH:
            return
        # The last one that is spelled like that.
        number = self.last_number - (self.last_number - int(self._id[2:-1])) % MARKS
        if End.ID in self._ends and number > self._before:
            self._reach(End.ID, number)
        else:
            self.strays += _ID_LENGTH
        self._id.clear()
