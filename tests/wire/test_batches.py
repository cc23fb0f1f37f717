from random import Random

import pytest
from pydantic import ValidationError

from edge.wire.batches import pack_batch
from edge.wire.codec import MAX_JSON_BYTES, MAX_WIRE_BYTES, decode
from edge.wire.errors import WireError
from edge.wire.messages import MAX_BATCH_RECORDS, JournalBatch, batch_reader
from tests.support.records import batch_of, record_with


def noise(characters: int, seed: int) -> str:
    """Text that does not compress."""
    random = Random(seed)
    return "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(characters))


def test_a_batch_holds_at_most_a_hundred_records() -> None:
    records = [record_with({}, seq) for seq in range(1, 151)]
    batch, payload = pack_batch(records)
    assert (batch.first, batch.last) == (1, MAX_BATCH_RECORDS)
    assert decode(batch_reader(), payload) == batch


def test_a_batch_ends_with_its_epoch() -> None:
    records = [record_with({}, 8), record_with({}, 9), record_with({}, 1, epoch=2)]
    batch, _ = pack_batch(records)
    assert (batch.epoch, batch.first, batch.last) == (1, 8, 9)


def test_a_batch_is_halved_until_it_fits() -> None:
    records = [record_with({"text": noise(2_000, seq)}, seq) for seq in range(1, 101)]
    batch, payload = pack_batch(records)
    assert batch.last == 12
    assert len(payload.body) <= MAX_WIRE_BYTES


def test_a_batch_of_large_records_that_compress_well_is_cut_before_it_is_packed() -> None:
    records = [record_with({"text": "x" * 200_000}, seq) for seq in range(1, 101)]
    batch, payload = pack_batch(records)
    assert batch.last == 5
    assert len(batch.model_dump_json()) <= MAX_JSON_BYTES
    assert decode(batch_reader(), payload) == batch


def test_a_sale_of_500_lines_without_discounts_fits() -> None:
    """500 lines with nothing in common, each with a long Chinese name."""
    random = Random(1)
    lines = [
        {
            "line": line,
            "plu": str(random.randrange(10**8)),
            "code": str(random.randrange(10**13)),
            "name": noise(20, line),
            "unit": "each",
            "quantity_milli": 1000 * random.randrange(1, 10_000),
            "price_minor": random.randrange(10**7),
            "list_price_minor": random.randrange(10**7),
            "amount_minor": random.randrange(10**9),
            "tax_code": "A",
            "tax_rate_bp": 2000,
            "tax_minor": random.randrange(10**8),
            "paid": [[random.randrange(9_999), random.randrange(10**7)] for _ in range(2)],
            "of_line": 0,
        }
        for line in range(500)
    ]
    _, payload = pack_batch([record_with({"lines": lines})])
    assert len(payload.body) <= MAX_WIRE_BYTES


def test_a_lone_record_that_can_not_fit_is_refused() -> None:
    with pytest.raises(WireError, match="at most 65536"):
        pack_batch([record_with({"text": noise(60_000, 1)})])


@pytest.mark.parametrize(
    "changed",
    [{"from": 2}, {"to": 3}, {"epoch": 2}, {"records": ()}, {"from": 2, "to": 3}],
)
def test_a_batch_that_is_not_what_it_says_is_refused(changed: dict[str, object]) -> None:
    batch = batch_of(record_with({}, 1), record_with({}, 2))
    with pytest.raises(ValidationError):
        JournalBatch.model_validate({**dict(batch.model_dump(by_alias=True)), **changed})


def test_a_batch_with_a_hole_is_refused() -> None:
    with pytest.raises(ValidationError, match="in order"):
        batch_of(record_with({}, 1), record_with({}, 3))
