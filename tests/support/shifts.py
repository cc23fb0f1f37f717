"""Shifts as the core sees them: states made of entries, and the entries that change them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from edge.checkout.effects import ReadShift
from edge.checkout.inputs import ShiftRead
from edge.checkout.records import Entry, EntryKind
from edge.checkout.shifts.shift import (
    CashCount,
    ClosedShift,
    JournalPlace,
    Shift,
    ShiftReport,
    ShiftRules,
    ShiftState,
    closed_entry,
    closed_from,
    opened_entry,
)
from edge.checkout.shifts.shift_totals import ShiftTotals, counts_of, first_totals
from tests.support.playbook import SHOP, Till
from tests.support.staff import StaffTill

CURRENCY = "CNY"
TWO_FACES = replace(SHOP, shift=ShiftRules(denominations=(10_000, 100)))


@dataclass
class ShiftBooks:
    """What a store would say of a journal's shifts, worked out from its entries alone."""

    z_no: int = 1
    totals: ShiftTotals = field(default_factory=lambda: first_totals(0))
    shift: Shift | None = None
    receipts: list[int] = field(default_factory=list)
    seq: int = 1

    def take(self, entries: Sequence[Entry], at_ms: int = 0) -> None:
        for entry in entries:
            self._take(entry, at_ms)

    def _take(self, entry: Entry, at_ms: int) -> None:
        self.seq += 1
        self.totals = self.totals.plus(counts_of(entry.kind.value, entry.body))
        body = entry.body
        if entry.kind in {EntryKind.SALE, EntryKind.REFUND}:
            self.receipts.append(int(str(body["receipt_no"])))
        elif entry.kind is EntryKind.SHIFT_OPENED:
            float_minor = int(str(body["float_minor"]))
            self.shift = Shift(self.z_no, str(body.get("staff", "")), at_ms, float_minor)
        elif entry.kind is EntryKind.SHIFT_CLOSED:
            closed = closed_from(body)
            assert closed.report.state.totals == self.totals
            self.z_no += 1
            self.totals, self.shift, self.receipts = first_totals(closed.left_minor), None, []

    def state(self) -> ShiftState:
        return ShiftState(
            z_no=self.z_no,
            shift=self.shift,
            totals=self.totals,
            first_receipt_no=min(self.receipts, default=0),
            last_receipt_no=max(self.receipts, default=0),
            head=JournalPlace(1, self.seq, f"{self.seq:064x}"),
        )


def opening(state: ShiftState, float_minor: int, staff: str = "") -> Entry:
    return opened_entry(state, float_minor, CURRENCY, staff)


def closing(
    state: ShiftState, counted_minor: int, left_minor: int | None = None, currency: str = CURRENCY
) -> Entry:
    """A Z of which the sum alone was keyed; all of it is left unless said otherwise."""
    left_minor = counted_minor if left_minor is None else left_minor
    return closed_entry(
        ClosedShift(ShiftReport(state, currency), CashCount(counted_minor), left_minor)
    )


class ShiftTill(Till):
    """A till whose disk knows how its shift stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.world[ReadShift] = lambda _: ShiftRead(self.now(), self.books.state())

    @property
    def books(self) -> ShiftBooks:
        books = ShiftBooks()
        books.take(self.journal)
        return books

    def opened(self, float_keys: str = "10000") -> "ShiftTill":
        """With a shift that begins with so much cash."""
        self.press(f"{float_keys} MENU 24").settled()
        return self

    def counting(self) -> "ShiftTill":
        """The drawer is open and waits to be counted."""
        self.press("MENU 26").settled()
        return self

    def closed(self, counted_keys: str) -> "ShiftTill":
        """A Z with so much cash counted, all of which stays."""
        self.counting().press(f"{counted_keys} CASH ENTER ENTER").settled()
        return self

    @property
    def z(self) -> ClosedShift:
        """The last Z on record."""
        bodies = [entry.body for entry in self.journal if entry.kind is EntryKind.SHIFT_CLOSED]
        return closed_from(bodies[-1])


def body(till: ShiftTill, kind: EntryKind) -> Entry:
    """The last record of that kind."""
    return [entry for entry in till.journal if entry.kind is kind][-1]


class StaffShiftTill(StaffTill, ShiftTill):
    """A till with staff whose disk knows how its shift stands."""
