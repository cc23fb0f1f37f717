from pathlib import Path

import pytest

from edge.checkout.canonical import record_hash
from edge.checkout.inputs import PendingReceipt, SaleFound
from edge.checkout.records import sale_entry
from edge.ports import Committed, JournalHead, StoreState
from edge.store.journal import fields_of
from tests.support.store import (
    CURRENCY,
    DEVICE,
    START_MS,
    SteppedClock,
    sale,
    till,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


async def test_a_new_store_begins_with_the_record_of_its_epoch(path: Path) -> None:
    async with till(path) as store:
        assert store.state() == StoreState(
            next_receipt_no=1, draft=None, pending_receipts=(), newest_utc_ms=START_MS + 1
        )
        (first,) = await store.journal_after(0, 0, 10)
    assert (first.epoch, first.seq, first.kind) == (1, 1, "epoch.opened")
    assert first.prev == "0" * 64
    assert first.hash == record_hash(fields_of(first))
    body = dict(first.body)
    assert len(str(body.pop("store_id"))) == 32
    assert body == {
        "device": DEVICE,
        "currency": CURRENCY,
        "of_epoch": 0,
        "of_seq": 0,
        "next_receipt_no": 1,
    }


async def test_a_committed_sale_is_there_after_reopening(path: Path, clock: SteppedClock) -> None:
    async with till(path, clock=clock) as store:
        at = clock.now()
        committed = await store.commit(
            at,
            [sale_entry(sale(1))],
            ends_basket=True,
            opens_drawer=True,
            prints_receipt=True,
        )
        assert committed == Committed(epoch=1, seq=2, drawer_effect=1, receipt_effect=2)
    async with till(path, clock=clock) as store:
        assert store.state() == StoreState(
            next_receipt_no=2,
            draft=None,
            pending_receipts=(PendingReceipt(2, sale(1), at),),
            newest_utc_ms=at.utc_ms,
        )
        later = clock.now()
        assert await store.find_sale(1, later) == SaleFound(later, sale(1), at, {})
        assert await store.find_sale(2, later) is None
        assert await store.journal_head() == JournalHead(1, 2, 0, 0)
