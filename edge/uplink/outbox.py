"""The store's journal as the wire wants it."""

from edge.ports import JournalRecord, OutboxStore
from edge.uplink.window import Place
from edge.wire.messages import Record

NOTHING = Place(0, 0)


def wire_record(record: JournalRecord) -> Record:
    """The same record as a message. Raises pydantic's ValidationError when it can't be one."""
    return Record(
        epoch=record.epoch,
        seq=record.seq,
        at=record.at,
        boot=record.boot,
        mono_ms=record.mono_ms,
        clock=record.clock,
        kind=record.kind,
        body=record.body,
        prev=record.prev,
        hash=record.hash,
    )


async def hash_in_journal(store: OutboxStore, place: Place) -> str | None:
    """The hash of the record at this place: "" for `(0, 0)`, None when there is no such record."""
    if place == NOTHING:
        return ""
    if place.epoch < 1 or place.seq < 1:
        return None
    try:
        found = await store.journal_after(place.epoch, place.seq - 1, 1)
    except LookupError:
        return None
    if not found or (found[0].epoch, found[0].seq) != place:
        return None
    return found[0].hash
