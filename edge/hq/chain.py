"""Whether a batch holds together, judged from itself alone."""

from edge.checkout.canonical import record_hash
from edge.checkout.records import EntryKind
from edge.wire.messages import JournalBatch, Record

# What stands in `prev` of a store's first record.
NOTHING_BEFORE = "0" * 64


class BrokenBatchError(Exception):
    """The batch is not what its device's store would send: nothing of it is taken."""


class ForeignBatchError(Exception):
    """The batch is of another device than the topic that it came on."""


def check_batch(device: str, batch: JournalBatch) -> None:
    """Raises BrokenBatchError when a hash or a link is wrong, ForeignBatchError when an epoch in it
    was opened by another device.
    """
    before: str | None = None
    for record in batch.records:
        if before is not None and record.prev != before:
            raise BrokenBatchError(f"{place_of(record)} does not follow on the record before it")
        if _hash_of(record) != record.hash:
            raise BrokenBatchError(f"{place_of(record)} is not what its hash says")
        if opens_epoch(record) and record.body.get("device") != device:
            raise ForeignBatchError(f"{place_of(record)} was opened by another device")
        before = record.hash


def opens_epoch(record: Record) -> bool:
    return record.kind == EntryKind.EPOCH_OPENED.value


def place_of(record: Record) -> str:
    return f"record {record.epoch}/{record.seq}"


def _hash_of(record: Record) -> str:
    fields = {name: getattr(record, name) for name in Record.model_fields}
    try:
        return record_hash(fields)
    except (TypeError, ValueError, RecursionError):
        return "no canonical form"
