"""One batch into the database, once: the heart of headquarters, which knows no broker."""

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edge.checkout.canonical import canonical_json
from edge.hq.alarms import AlarmKind, raise_alarm
from edge.hq.chain import NOTHING_BEFORE, check_batch, opens_epoch, place_of
from edge.hq.cursors import (
    Cursor,
    ack,
    lock_cursor,
    move_cursor,
    nack,
    quarantine,
    quarantine_notice,
)
from edge.hq.tables import RECORDS
from edge.hq.trade import TRADE_TABLES, trade_row
from edge.wire.messages import Ack, JournalBatch, Nack, Quarantine, Record


@dataclass(frozen=True, slots=True)
class Taken:
    """What the device is told, and how many records were new."""

    answer: Ack | Nack | Quarantine
    new_records: int


class _ForkError(Exception):
    """Two journals claim the place of this record."""

    def __init__(self, record: Record, detail: str) -> None:
        super().__init__(detail)
        self.place = (record.epoch, record.seq)


class _GapError(Exception):
    """Something before this batch is not here yet."""


async def ingest_batch(
    engine: AsyncEngine, device: str, batch: JournalBatch, received_at: int
) -> Taken:
    """Commit what is new of the batch, or the quarantine that it leads to, in one transaction.

    Raises BrokenBatchError or ForeignBatchError, with nothing changed; database errors as they are.
    """
    check_batch(device, batch)
    async with engine.begin() as connection:
        cursor = await lock_cursor(connection, device)
        if cursor.fork is not None:
            return Taken(quarantine_notice(cursor, cursor.fork), 0)
        try:
            fresh = await _fresh_records(connection, device, cursor, batch)
        except _GapError:
            return Taken(nack(cursor), 0)
        except _ForkError as fork:
            await quarantine(connection, device, fork.place, received_at)
            await raise_alarm(connection, device, AlarmKind.FORK, str(fork), received_at)
            return Taken(quarantine_notice(cursor, fork.place), 0)
        if not fresh:
            return Taken(ack(cursor), 0)
        await _insert(connection, device, fresh, received_at)
        last = fresh[-1]
        await move_cursor(connection, device, last.epoch, last.seq, last.hash)
        return Taken(ack(Cursor(last.epoch, last.seq, last.hash, None)), len(fresh))


async def _fresh_records(
    connection: AsyncConnection, device: str, cursor: Cursor, batch: JournalBatch
) -> tuple[Record, ...]:
    """What follows on the cursor. Raises _ForkError or _GapError."""
    old = [record for record in batch.records if (record.epoch, record.seq) <= cursor.place]
    if old:
        await _compare(connection, device, old)
    fresh = batch.records[len(old) :]
    if fresh and not await _follows(connection, device, cursor, fresh[0]):
        raise _GapError
    return fresh


async def _compare(connection: AsyncConnection, device: str, old: list[Record]) -> None:
    """Raises _ForkError when one of them is not the one that is here."""
    rows = await connection.execute(
        select(RECORDS.c.seq, RECORDS.c.hash).where(
            RECORDS.c.device == device,
            RECORDS.c.epoch == old[0].epoch,
            RECORDS.c.seq.between(old[0].seq, old[-1].seq),
        )
    )
    known = {row.seq: row.hash for row in rows}
    for record in old:
        if record.seq not in known:
            raise _ForkError(record, f"{place_of(record)} goes on with an epoch that was closed")
        if known[record.seq] != record.hash:
            raise _ForkError(record, f"{place_of(record)} came with another hash than the one here")


async def _follows(
    connection: AsyncConnection, device: str, cursor: Cursor, record: Record
) -> bool:
    """Whether the record is the next one. Raises _ForkError when it is the next one of another
    journal.

    A restored store opens a new epoch on a record that is here but not the last. It is not taken
    on trust that what lies between is lost: an epoch that follows on a record that is not here
    has to wait for that record.
    """
    if record.epoch == cursor.epoch:
        if record.seq != cursor.through + 1:
            return False
        if record.prev != cursor.hash:
            raise _ForkError(record, f"{place_of(record)} follows on another record than ours")
        return True
    if not opens_epoch(record):
        return False
    if record.prev in (cursor.hash, NOTHING_BEFORE):
        return True
    before = select(RECORDS.c.seq).where(RECORDS.c.device == device, RECORDS.c.hash == record.prev)
    return await connection.scalar(before.limit(1)) is not None


async def _insert(
    connection: AsyncConnection, device: str, records: tuple[Record, ...], at: int
) -> None:
    rows: list[dict[str, int | str]] = []
    trades: dict[str, list[dict[str, int | str]]] = {kind: [] for kind in TRADE_TABLES}
    for record in records:
        body = canonical_json(record.body)
        rows.append(_record_row(device, record, body))
        if record.kind not in TRADE_TABLES:
            continue
        trade = trade_row(device, record, body)
        if trade is not None:
            trades[record.kind].append(trade)
        else:
            detail = f"{place_of(record)} is kept but counts in no report"
            await raise_alarm(connection, device, AlarmKind.UNREADABLE_SALE, detail, at)
    await connection.execute(insert(RECORDS), rows)
    for kind, table in TRADE_TABLES.items():
        if trades[kind]:
            await connection.execute(insert(table), trades[kind])


def _record_row(device: str, record: Record, body: bytes) -> dict[str, int | str]:
    return {
        "device": device,
        "epoch": record.epoch,
        "seq": record.seq,
        "at": record.at,
        "boot": record.boot,
        "mono_ms": record.mono_ms,
        "clock": record.clock,
        "kind": record.kind,
        "body": body.decode(),
        "prev": record.prev,
        "hash": record.hash,
    }
