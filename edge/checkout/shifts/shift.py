"""A shift: from an opening float to a numbered Z report, and the drawer's cash counted in between.

A Z covers every record since the Z before it, whether a shift was opened or not, so that nothing is
ever outside of one. A shift has the number of the Z that will close it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from edge.checkout.money import MAX_AMOUNT_MINOR, Currency
from edge.checkout.records import Entry, EntryKind, Json, JsonObject
from edge.checkout.shifts.shift_totals import LEFT, Figure, ShiftTotals, totals_body, totals_from

# A slip of the finger must not become a count: no drawer holds more of one coin, or more in all.
MAX_PIECES: Final = 9_999
MAX_COUNTED_MINOR: Final = MAX_AMOUNT_MINOR
# X reports towards one Z: each one a record and a paper. An X every minute of a long day is less.
MAX_REPORTS: Final = 999

# The notes and coins in use, in minor units, as the central banks name them. Those that are worth
# less than the smallest cash amount of a shop are left out there.
DENOMINATIONS: Final[Mapping[str, tuple[int, ...]]] = {
    "CNY": (10000, 5000, 2000, 1000, 500, 100, 50, 10),
    "HKD": (100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10),
    "TWD": (200000, 100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 100),
    "SGD": (10000, 5000, 1000, 500, 200, 100, 50, 20, 10, 5),
    "USD": (10000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1),
    "EUR": (50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "GBP": (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "CHF": (100000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5),
    "SEK": (100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100),
    "JPY": (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1),
    "KWD": (20000, 10000, 5000, 1000, 500, 250, 100, 50, 20, 10, 5),
}


@dataclass(frozen=True, slots=True)
class ShiftRules:
    """What a shop has settled: whether selling needs an open shift, the largest opening float (a
    barcode keyed as one must not become it), and notes and coins of its own, largest first.
    """

    required: bool = False
    max_float_minor: int = 9_999_999
    denominations: tuple[int, ...] = ()


NO_SHIFT_RULES: Final = ShiftRules()


def denominations(currency: Currency, cash_step_minor: int, rules: ShiftRules) -> tuple[int, ...]:
    """The faces to count, largest first: the shop's own, or the currency's."""
    faces = rules.denominations or DENOMINATIONS[currency.code]
    return tuple(face for face in faces if face >= cash_step_minor)


@dataclass(frozen=True, slots=True)
class Shift:
    """An open shift. `opened_by` is a person's number, empty where nobody signs on."""

    number: int
    opened_by: str
    opened_at_ms: int
    float_minor: int


@dataclass(frozen=True, slots=True)
class JournalPlace:
    """A record's place in the chain, and its hash: the chain up to it can't be another one."""

    epoch: int
    seq: int
    hash: str


def write_x_no(x_no: int) -> str:
    """As people write it: `12-3` is the third X towards Z 12."""
    z_no, reports = divmod(x_no, MAX_REPORTS + 1)
    return f"{z_no}-{reports}"


@dataclass(frozen=True, slots=True)
class ShiftState:
    """How it stands at the journal's end `head`: the number of the next Z, the shift that is open,
    the sums since the last Z, and its receipts (0 where there are none).
    """

    z_no: int
    shift: Shift | None
    totals: ShiftTotals
    first_receipt_no: int
    last_receipt_no: int
    head: JournalPlace

    @property
    def expected_minor(self) -> int:
        """The cash that should be in the drawer."""
        return self.totals.drawer_minor

    @property
    def has_moved_cash(self) -> bool:
        """Whether it is another sum than what was counted and left at the last Z."""
        return any(cause != LEFT for cause, _ in self.totals.rows(Figure.DRAWER))

    @property
    def reports(self) -> int:
        """The X reports since the last Z."""
        return self.totals.of(Figure.REPORTED).times

    @property
    def x_no(self) -> int:
        """The number of the next X: 12003 is the third one towards Z 12."""
        return self.z_no * (MAX_REPORTS + 1) + self.reports + 1


@dataclass(frozen=True, slots=True)
class DenominationCount:
    """So many pieces of a note or coin."""

    face_minor: int
    pieces: int


@dataclass(frozen=True, slots=True)
class CashCount:
    """The drawer's cash as it was counted; without `pieces` somebody keyed the sum."""

    counted_minor: int
    pieces: tuple[DenominationCount, ...] = ()


def count_pieces(faces: Sequence[int], pieces: Sequence[int | None]) -> CashCount:
    """The count of so many pieces of each face; a face that nobody counted has none."""
    counted = tuple(
        DenominationCount(face, number)
        for face, number in zip(faces, pieces, strict=True)
        if number
    )
    return CashCount(sum(each.face_minor * each.pieces for each in counted), counted)


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """An X report: how it stands, for whom; `held` are sales set aside, `unknown` payments of which
    nobody knows yet whether they were made.
    """

    state: ShiftState
    currency: str
    staff: str = ""
    held: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A Z report. `left_minor` of what was counted stays in the drawer for the next shift."""

    report: ShiftReport
    count: CashCount
    left_minor: int

    @property
    def z_no(self) -> int:
        return self.report.state.z_no

    @property
    def over_short_minor(self) -> int:
        """What is in the drawer beyond what should be; below zero where it is less."""
        return self.count.counted_minor - self.report.state.expected_minor


def opened_entry(state: ShiftState, float_minor: int, currency: str, staff: str = "") -> Entry:
    """The record of an opening: all the cash in the drawer, and what was expected there."""
    body: JsonObject = {
        "shift": state.z_no,
        "currency": currency,
        "float_minor": float_minor,
        "expected_minor": state.expected_minor,
    }
    return Entry(EntryKind.SHIFT_OPENED, {**body, **_given({"staff": staff})})


def reported_entry(report: ShiftReport) -> Entry:
    """The X report as a record."""
    return Entry(EntryKind.SHIFT_REPORTED, {"x_no": report.state.x_no, **_report_body(report)})


def closed_entry(closed: ClosedShift) -> Entry:
    """The Z report as a record."""
    count = closed.count
    counted: JsonObject = {
        "counted_minor": count.counted_minor,
        "counted": [
            {"face_minor": each.face_minor, "pieces": each.pieces} for each in count.pieces
        ],
        "over_short_minor": closed.over_short_minor,
        "left_minor": closed.left_minor,
    }
    return Entry(EntryKind.SHIFT_CLOSED, {**_report_body(closed.report), **counted})


def _report_body(report: ShiftReport) -> JsonObject:
    state = report.state
    body: JsonObject = {
        "z_no": state.z_no,
        "currency": report.currency,
        "first_receipt_no": state.first_receipt_no,
        "last_receipt_no": state.last_receipt_no,
        "totals": totals_body(state.totals),
        "expected_minor": state.expected_minor,
        "journal": {"epoch": state.head.epoch, "seq": state.head.seq, "hash": state.head.hash},
    }
    more: JsonObject = {
        "opened": _shift_body(state.shift),
        "staff": report.staff,
        "held": list(report.held),
        "unknown_payments": list(report.unknown),
    }
    return {**body, **_given(more)}


def _shift_body(shift: Shift | None) -> Json:
    if shift is None:
        return None
    body: JsonObject = {"at": shift.opened_at_ms, "float_minor": shift.float_minor}
    return {**body, **_given({"staff": shift.opened_by})}


def report_from(body: Mapping[str, Any]) -> ShiftReport:
    """The report of an X or Z record. Raises KeyError, TypeError or ValueError on anything else."""
    state = ShiftState(
        z_no=body["z_no"],
        shift=_shift_from(body["z_no"], body["opened"]) if "opened" in body else None,
        totals=totals_from(body["totals"]),
        first_receipt_no=body["first_receipt_no"],
        last_receipt_no=body["last_receipt_no"],
        head=JournalPlace(**body["journal"]),
    )
    return ShiftReport(
        state=state,
        currency=body["currency"],
        staff=body.get("staff", ""),
        held=tuple(body.get("held", ())),
        unknown=tuple(body.get("unknown_payments", ())),
    )


def _shift_from(number: int, body: Mapping[str, Any]) -> Shift:
    return Shift(number, body.get("staff", ""), body["at"], body["float_minor"])


def closed_from(body: Mapping[str, Any]) -> ClosedShift:
    """The inverse of `closed_entry`. Raises KeyError, TypeError or ValueError on anything else."""
    pieces = tuple(DenominationCount(**each) for each in body["counted"])
    count = CashCount(body["counted_minor"], pieces)
    return ClosedShift(report_from(body), count, body["left_minor"])


def _given(body: JsonObject) -> JsonObject:
    """Without what is empty: a record says what there was."""
    return {key: value for key, value in body.items() if value}
