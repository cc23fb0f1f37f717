"""Records and batches as messages, made of nothing but what a test cares for."""

from typing import Any

from edge.checkout.canonical import record_hash
from edge.ports import JournalRecord
from edge.uplink.outbox import wire_record
from edge.wire.messages import JournalBatch, Record


def record_with(body: dict[str, Any], seq: int = 1, epoch: int = 1) -> Record:
    """A record with a hash that fits, linked to nothing."""
    fields = {
        "epoch": epoch,
        "seq": seq,
        "at": 1_700_000_000_000,
        "boot": "boot-1",
        "mono_ms": 1,
        "clock": "synced",
        "kind": "sale",
        "body": body,
        "prev": "0" * 64,
    }
    return Record(**fields, hash=record_hash(fields))


def batch_of(*records: Record | JournalRecord) -> JournalBatch:
    """The batch of these records, which have to be neighbours."""
    sent = tuple(
        wire_record(record) if isinstance(record, JournalRecord) else record for record in records
    )
    return JournalBatch.model_validate(
        {"epoch": sent[0].epoch, "from": sent[0].seq, "to": sent[-1].seq, "records": sent}
    )
