"""Records into batches that fit the wire."""

from collections.abc import Sequence

from edge.wire.codec import MAX_JSON_BYTES, Payload, encode
from edge.wire.errors import WireError
from edge.wire.messages import MAX_BATCH_RECORDS, JournalBatch, Record

# What a batch's own fields and the commas between its records may take of MAX_JSON_BYTES.
_FRAME_BYTES = 1024


def pack_batch(records: Sequence[Record]) -> tuple[JournalBatch, Payload]:
    """The longest batch that fits, from the first of `records` on: of one epoch, at most
    MAX_BATCH_RECORDS, and halved until it is small enough when packed.

    `records` is not empty and in journal order. Raises WireError when a lone record does not fit.
    """
    chosen = _fitting_unpacked(records)
    while True:
        batch = _batch_of(chosen)
        try:
            return batch, encode(batch)
        except WireError:
            if len(chosen) == 1:
                return batch, encode(batch, thorough=True)
        chosen = chosen[: len(chosen) // 2]


def _batch_of(records: Sequence[Record]) -> JournalBatch:
    return JournalBatch.model_validate(
        {
            "epoch": records[0].epoch,
            "from": records[0].seq,
            "to": records[-1].seq,
            "records": tuple(records),
        }
    )


def _fitting_unpacked(records: Sequence[Record]) -> list[Record]:
    chosen: list[Record] = []
    room = MAX_JSON_BYTES - _FRAME_BYTES
    for record in records[:MAX_BATCH_RECORDS]:
        room -= len(record.model_dump_json().encode()) + 1
        if chosen and (room < 0 or record.epoch != chosen[0].epoch):
            break
        chosen.append(record)
    return chosen
