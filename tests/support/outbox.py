"""A journal in memory, with a real chain: the uplink's port to the store, made for tests."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from edge.checkout.canonical import record_hash
from edge.checkout.records import (
    Entry,
    EntryKind,
    JsonObject,
    Sale,
    SoldLine,
    Tender,
    TenderKind,
    Unit,
    sale_entry,
)
from edge.ports import JournalHead, JournalRecord

GENESIS = "0" * 64
START_MS = 1_700_000_000_000


def sale_of(receipt_no: int, total_minor: int, kind: EntryKind = EntryKind.SALE) -> Entry:
    """One piece for the whole amount, paid in cash."""
    line = SoldLine(
        line=1,
        plu="1001",
        code="4006381333931",
        name="铅笔 Pencil",
        unit=Unit.EACH,
        quantity_milli=1000,
        price_minor=total_minor,
        list_price_minor=total_minor,
        amount_minor=total_minor,
        tax_code="A",
        tax_rate_bp=0,
        tax_minor=0,
        paid=((1, total_minor),),
    )
    tender = Tender(TenderKind.CASH, total_minor, total_minor, 0)
    return sale_entry(Sale(kind, receipt_no, "GBP", (line,), (), total_minor, 0, (tender,)))


class MemoryOutbox:
    """An OutboxStore; `acknowledged` is every place it was told."""

    def __init__(self, device: str, *, opens: bool = True) -> None:
        self.device = device
        self.records: list[JournalRecord] = []
        self.acked = (0, 0)
        self.acknowledged: list[tuple[int, int]] = []
        self._moved = asyncio.Condition()
        if opens:
            self.open_epoch()

    def open_epoch(self) -> JournalRecord:
        epoch = self.records[-1].epoch if self.records else 0
        body: JsonObject = {"device": self.device, "currency": "GBP"}
        return self._append(epoch + 1, 1, EntryKind.EPOCH_OPENED.value, body)

    def append(self, entry: Entry) -> JournalRecord:
        last = self.records[-1]
        return self._append(last.epoch, last.seq + 1, entry.kind.value, entry.body)

    def sell(self, count: int, total_minor: int = 100) -> None:
        """So many sales with receipt numbers of their own."""
        for _ in range(count):
            self.append(sale_of(len(self.records), total_minor))

    def copy(self) -> "MemoryOutbox":
        """A cloned card."""
        twin = MemoryOutbox(self.device, opens=False)
        twin.records = list(self.records)
        twin.acked = self.acked
        return twin

    def _append(self, epoch: int, seq: int, kind: str, body: JsonObject) -> JournalRecord:
        fields = {
            "epoch": epoch,
            "seq": seq,
            "at": START_MS + len(self.records),
            "boot": "boot-1",
            "mono_ms": len(self.records),
            "clock": "synced",
            "kind": kind,
            "body": body,
            "prev": self.records[-1].hash if self.records else GENESIS,
        }
        record = JournalRecord(**fields, hash=record_hash(fields))
        self.records.append(record)
        return record

    def _position(self, epoch: int, seq: int) -> int:
        if (epoch, seq) == (0, 0):
            return 0
        for position, record in enumerate(self.records):
            if seq == 0 and record.epoch == epoch:
                return position
            if (record.epoch, record.seq) == (epoch, seq):
                return position + 1
        raise LookupError(f"no record {epoch}/{seq}")

    async def journal_head(self) -> JournalHead:
        if not self.records:
            return JournalHead(0, 0, *self.acked)
        last = self.records[-1]
        return JournalHead(last.epoch, last.seq, *self.acked)

    async def journal_after(self, epoch: int, seq: int, limit: int) -> tuple[JournalRecord, ...]:
        position = self._position(epoch, seq)
        return tuple(self.records[position : position + limit])

    async def acknowledge(self, epoch: int, through: int) -> None:
        try:
            self._position(epoch, through)
        except LookupError as error:
            raise ValueError(str(error)) from error
        self.acknowledged.append((epoch, through))
        async with self._moved:
            self.acked = max(self.acked, (epoch, through))
            self._moved.notify_all()

    @property
    def head(self) -> tuple[int, int]:
        return self.records[-1].epoch, self.records[-1].seq

    async def wait_acked(self) -> None:
        """Return when headquarters has all of it."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.acked >= self.head)


def forged(record: JournalRecord, **changes: object) -> JournalRecord:
    """The record with other content and a hash that fits it."""
    changed = replace(record, **changes)
    fields = {name: getattr(changed, name) for name in JournalRecord.__slots__}
    return replace(changed, hash=record_hash(fields))


def places(records: Sequence[JournalRecord]) -> list[tuple[int, int]]:
    return [(record.epoch, record.seq) for record in records]
