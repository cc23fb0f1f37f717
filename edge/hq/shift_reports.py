"""Every till's Z reports, each held against the records that it covers."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias, TypedDict, get_type_hints

from sqlalchemy import Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edge.checkout.records import EntryKind
from edge.checkout.shifts.shift import ClosedShift, closed_from
from edge.checkout.shifts.shift_totals import (
    COUNTED_KINDS,
    Figure,
    ShiftTotals,
    counts_of,
    first_totals,
    parts_of,
)
from edge.hq.tables import RECORDS

_READ: Final = (*COUNTED_KINDS, EntryKind.SHIFT_CLOSED, EntryKind.EPOCH_OPENED)
_COLUMNS: Final = tuple(
    RECORDS.c[name] for name in ("device", "epoch", "seq", "at", "kind", "body")
)
_KEY: Final = (RECORDS.c.device, RECORDS.c.epoch, RECORDS.c.seq)
# Some megabytes of sales in memory, however many years of them there are; and on SQLite, batches
# that come in wait for a page and no longer.
PAGE_RECORDS: Final = 1_000
NO_SUMS: Final = first_totals(0)


class ZReport(TypedDict):
    """One Z, in minor units. `problem` says what in it is not what the till's records say; empty
    where they agree.
    """

    device: str
    z_no: int
    epoch: int
    seq: int
    at: int
    currency: str
    sales: int
    sales_minor: int
    refunds: int
    refunds_minor: int
    turnover_minor: int
    prepaid_sold_minor: int
    prepaid_bonus_minor: int
    prepaid_spent_minor: int
    deposits_taken_minor: int
    deposits_returned_minor: int
    expected_minor: int
    counted_minor: int
    over_short_minor: int
    left_minor: int
    problem: str


_TYPES: Final = get_type_hints(ZReport)
# What reading something else than a till's record raises.
_NO_RECORD: Final = (AttributeError, KeyError, TypeError, ValueError)
# An epoch, and the place that it follows on.
_Follows: TypeAlias = tuple[int, int, int]


@dataclass(slots=True)
class _Books:
    """What a till's records come to since its last Z; `next_z_no` is 0 before the first one."""

    totals: ShiftTotals = NO_SUMS
    next_z_no: int = 0
    unreadable: str = ""


async def z_reports(engine: AsyncEngine) -> list[ZReport]:
    """All of them, by device and in their order."""
    reports: list[ZReport] = []
    device, line = "", _Line([])
    async with engine.connect() as connection:
        follows = await _follows(connection)
        async for record in _records(connection):
            if record.device != device:
                device, line = record.device, _Line(follows.get(record.device, []))
            till = line.books_at(record.epoch, record.seq)
            if record.kind == EntryKind.SHIFT_CLOSED:
                reports.append(await _z_report(connection, record, till))
            elif record.kind != EntryKind.EPOCH_OPENED:
                _count(record, till)
    return reports


class _Line:
    """One till's books from record to record. An epoch goes on where it says that it follows: the
    till was restored from a copy, and knows nothing of the records behind that.
    """

    def __init__(self, follows: Sequence[_Follows]) -> None:
        self._waiting = sorted(follows, key=lambda each: each[1:])
        self._begun: dict[int, _Books] = {}
        self._epoch = 0
        self._books = _Books()

    def books_at(self, epoch: int, seq: int) -> _Books:
        """The books that a record counts in; records come in the order of their places."""
        while self._waiting and self._waiting[0][1:] < (epoch, seq):
            later, *_ = self._waiting.pop(0)
            self._begun[later] = replace(self._books)
        if epoch != self._epoch:
            self._books = self._begun.pop(epoch, self._books)
            self._epoch = epoch
        return self._books


async def _follows(connection: AsyncConnection) -> dict[str, list[_Follows]]:
    """By device, where each of its epochs goes on."""
    found: dict[str, list[_Follows]] = {}
    query = select(*_COLUMNS).where(RECORDS.c.kind == EntryKind.EPOCH_OPENED)
    for record in await connection.execute(query):
        try:
            body = json.loads(record.body)
            place = (int(body["of_epoch"]), int(body["of_seq"]))
        except _NO_RECORD:
            continue
        found.setdefault(record.device, []).append((record.epoch, *place))
    return found


async def _records(connection: AsyncConnection) -> AsyncIterator[Row[Any]]:
    """What counts, by device and in order, a page at a time."""
    last: tuple[str, int, int] = ("", 0, 0)
    query = select(*_COLUMNS).where(RECORDS.c.kind.in_(_READ)).order_by(*_KEY).limit(PAGE_RECORDS)
    while page := (await connection.execute(query.where(tuple_(*_KEY) > last))).all():
        for record in page:
            yield record
        last = (page[-1].device, page[-1].epoch, page[-1].seq)


def _count(record: Row[Any], till: _Books) -> None:
    try:
        till.totals = till.totals.plus(counts_of(record.kind, json.loads(record.body)))
    except _NO_RECORD:
        till.unreadable = f"record {record.epoch}/{record.seq} can't be read"


async def _z_report(connection: AsyncConnection, record: Row[Any], till: _Books) -> ZReport:
    try:
        closed = closed_from(json.loads(record.body))
        report = _reported(
            record,
            closed,
            till.unreadable or await _problem(connection, record.device, closed, till),
        )
    except _NO_RECORD:
        return _unreadable(record)
    till.totals = first_totals(closed.left_minor)
    till.next_z_no, till.unreadable = closed.z_no + 1, ""
    return report


def _reported(record: Row[Any], closed: ClosedShift, problem: str) -> ZReport:
    """Raises TypeError for a Z whose figures are none."""
    totals = closed.report.state.totals
    sales, refunds = totals.of(Figure.SALE), totals.of(Figure.REFUND)
    parts = parts_of(totals)
    report = ZReport(
        device=record.device,
        z_no=closed.z_no,
        epoch=record.epoch,
        seq=record.seq,
        at=record.at,
        currency=closed.report.currency,
        sales=sales.times,
        sales_minor=sales.amount_minor,
        refunds=refunds.times,
        refunds_minor=refunds.amount_minor,
        turnover_minor=parts.turnover_minor,
        prepaid_sold_minor=parts.prepaid_sold_minor,
        prepaid_bonus_minor=parts.prepaid_bonus_minor,
        prepaid_spent_minor=parts.prepaid_spent_minor,
        deposits_taken_minor=parts.deposits_taken_minor,
        deposits_returned_minor=parts.deposits_returned_minor,
        expected_minor=closed.report.state.expected_minor,
        counted_minor=closed.count.counted_minor,
        over_short_minor=closed.over_short_minor,
        left_minor=closed.left_minor,
        problem=problem,
    )
    if any(type(value) is not _TYPES[name] for name, value in report.items()):
        raise TypeError(report)
    return report


async def _problem(
    connection: AsyncConnection, device: str, closed: ClosedShift, till: _Books
) -> str:
    place = closed.report.state.head
    found = await connection.scalar(
        select(RECORDS.c.hash).where(
            RECORDS.c.device == device, RECORDS.c.epoch == place.epoch, RECORDS.c.seq == place.seq
        )
    )
    if found != place.hash:
        return f"ends with another record {place.epoch}/{place.seq}"
    if till.next_z_no and closed.z_no < till.next_z_no:
        return f"number {closed.z_no} was used before"
    if closed.report.state.totals != till.totals:
        return "is not the sum of its records"
    return ""


def _unreadable(record: Row[Any]) -> ZReport:
    return ZReport(
        device=record.device,
        z_no=0,
        epoch=record.epoch,
        seq=record.seq,
        at=record.at,
        currency="",
        sales=0,
        sales_minor=0,
        refunds=0,
        refunds_minor=0,
        turnover_minor=0,
        prepaid_sold_minor=0,
        prepaid_bonus_minor=0,
        prepaid_spent_minor=0,
        deposits_taken_minor=0,
        deposits_returned_minor=0,
        expected_minor=0,
        counted_minor=0,
        over_short_minor=0,
        left_minor=0,
        problem="can't be read",
    )
