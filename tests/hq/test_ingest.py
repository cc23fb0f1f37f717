"""Batches into headquarters' database, without a broker."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.checkout.records import Entry, EntryKind
from edge.hq.chain import BrokenBatchError, ForeignBatchError
from edge.hq.cursors import release_device
from edge.hq.database import open_database
from edge.hq.ingest import Taken, ingest_batch
from edge.hq.reports import sales_report
from edge.hq.tables import REFUNDS, SALES
from edge.ports import JournalRecord
from edge.wire.messages import Ack, Nack, Quarantine
from tests.support.fleet import alarms, stored
from tests.support.outbox import MemoryOutbox, forged, sale_of
from tests.support.records import batch_of
from tests.support.turnover import of_goods

DEVICE = "till-1"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine:
        yield engine


@pytest.fixture
def till() -> MemoryOutbox:
    """Nine sales behind the record that opens the epoch."""
    till = MemoryOutbox(DEVICE)
    till.sell(9)
    return till


async def take(engine: AsyncEngine, *records: JournalRecord, device: str = DEVICE) -> Taken:
    return await ingest_batch(engine, device, batch_of(*records), received_at=1)


def journal_of(*records: JournalRecord) -> list[tuple[int, int, str]]:
    return [(record.epoch, record.seq, record.hash) for record in records]


def ack_at(record: JournalRecord) -> Ack:
    return Ack(epoch=record.epoch, through=record.seq, hash=record.hash)


def nack_at(record: JournalRecord) -> Nack:
    return Nack(epoch=record.epoch, through=record.seq, hash=record.hash)


NOTHING = Nack(epoch=0, through=0, hash="")


async def test_a_batch_is_committed_and_acknowledged(
    engine: AsyncEngine, till: MemoryOutbox
) -> None:
    assert await take(engine, *till.records) == Taken(ack_at(till.records[-1]), 10)
    assert await stored(engine, DEVICE) == journal_of(*till.records)


async def test_a_batch_that_comes_again_changes_nothing(
    engine: AsyncEngine, till: MemoryOutbox
) -> None:
    await take(engine, *till.records)
    for again in (till.records, till.records[:4], till.records[3:7]):
        assert await take(engine, *again) == Taken(ack_at(till.records[-1]), 0)
    assert await stored(engine, DEVICE) == journal_of(*till.records)
    assert (await sales_report(engine))["sales"] == 9


async def test_a_batch_that_overlaps_brings_what_is_new(
    engine: AsyncEngine, till: MemoryOutbox
) -> None:
    await take(engine, *till.records[:5])
    assert await take(engine, *till.records[2:]) == Taken(ack_at(till.records[-1]), 5)
    assert await stored(engine, DEVICE) == journal_of(*till.records)


async def test_a_gap_is_answered_with_what_is_here(engine: AsyncEngine, till: MemoryOutbox) -> None:
    assert await take(engine, *till.records[5:]) == Taken(NOTHING, 0)
    await take(engine, *till.records[:3])
    assert await take(engine, *till.records[5:]) == Taken(nack_at(till.records[2]), 0)
    assert await stored(engine, DEVICE) == journal_of(*till.records[:3])


async def test_two_tills_never_mix(engine: AsyncEngine, till: MemoryOutbox) -> None:
    other = MemoryOutbox("till-2")
    other.sell(3, total_minor=500)
    await take(engine, *till.records[:4])
    await take(engine, *other.records, device="till-2")
    await take(engine, *till.records[4:])
    assert await stored(engine, DEVICE) == journal_of(*till.records)
    assert await stored(engine, "till-2") == journal_of(*other.records)
    assert await sales_report(engine) == {
        "currency": "GBP",
        "sales": 12,
        "refunds": 0,
        "sales_minor": 2400,
        "refunds_minor": 0,
        **of_goods(2400),
        "devices": {
            "till-1": {
                "sales": 9,
                "refunds": 0,
                "sales_minor": 900,
                "refunds_minor": 0,
                **of_goods(900),
            },
            "till-2": {
                "sales": 3,
                "refunds": 0,
                "sales_minor": 1500,
                "refunds_minor": 0,
                **of_goods(1500),
            },
        },
    }


async def test_the_figures_of_a_sale_and_a_refund_are_kept(engine: AsyncEngine) -> None:
    till = MemoryOutbox(DEVICE)
    sale = till.append(sale_of(1, 1234))
    refund = till.append(sale_of(2, 234, EntryKind.REFUND))
    await take(engine, *till.records)
    async with engine.connect() as connection:
        [sold] = (await connection.execute(select(SALES))).mappings()
        [refunded] = (await connection.execute(select(REFUNDS))).mappings()
    common = {"device": DEVICE, "epoch": 1, "currency": "GBP", "rounding_minor": 0, "units": 1}
    common |= dict.fromkeys(("prepaid_minor", "bonus_minor", "deposit_minor", "spent_minor"), 0)
    assert sold == {
        **common,
        "seq": 2,
        "at": sale.at,
        "receipt_no": 1,
        "of_receipt_no": 0,
        "total_minor": 1234,
    }
    assert refunded == {
        **common,
        "seq": 3,
        "at": refund.at,
        "receipt_no": 2,
        "of_receipt_no": 0,
        "total_minor": 234,
    }


class TestForks:
    """The same place with two contents: somebody copied a card, or forged one."""

    async def test_a_known_place_with_another_hash(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        await take(engine, *till.records)
        figures = await sales_report(engine)
        twin = MemoryOutbox(DEVICE)
        twin.records = till.records[:6]
        twin.sell(4, total_minor=777)

        taken = await take(engine, *twin.records[5:])

        head = till.records[-1]
        assert taken.answer == Quarantine(
            epoch=1, through=10, hash=head.hash, fork_epoch=1, fork_seq=7
        )
        assert await stored(engine, DEVICE) == journal_of(*till.records)
        assert await sales_report(engine) == figures
        assert await alarms(engine) == {(DEVICE, "fork"): 1}

    async def test_a_next_record_that_follows_on_another_one(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        await take(engine, *till.records[:6])
        twin = MemoryOutbox(DEVICE)
        twin.records = till.records[:5]
        twin.sell(3, total_minor=777)
        taken = await take(engine, *twin.records[6:])
        assert isinstance(taken.answer, Quarantine)
        assert (taken.answer.fork_epoch, taken.answer.fork_seq) == (1, 7)
        assert await stored(engine, DEVICE) == journal_of(*till.records[:6])

    async def test_an_epoch_that_goes_on_after_the_next_was_opened(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        twin = till.copy()
        till.open_epoch()
        await take(engine, *till.records[:10])
        await take(engine, till.records[10])
        twin.sell(1)
        assert isinstance((await take(engine, twin.records[-1])).answer, Quarantine)

    async def test_in_quarantine_nothing_is_taken_until_the_device_is_released(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        await take(engine, *till.records[:6])
        await take(engine, forged(till.records[3], mono_ms=9))
        refused = await take(engine, *till.records[6:])
        assert isinstance(refused.answer, Quarantine)
        assert await stored(engine, DEVICE) == journal_of(*till.records[:6])

        assert await release_device(engine, DEVICE)

        assert (await take(engine, *till.records[6:])).answer == ack_at(till.records[-1])
        assert not await release_device(engine, DEVICE)

    async def test_another_device_is_not_touched(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        other = MemoryOutbox("till-2")
        await take(engine, *till.records)
        await take(engine, forged(till.records[3], mono_ms=9))
        assert (await take(engine, *other.records, device="till-2")).new_records == 1


class TestEpochs:
    """A restored store opens a new epoch on the last record that it still has."""

    async def test_a_new_epoch_on_the_last_record(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        await take(engine, *till.records)
        opened = till.open_epoch()
        till.sell(2)
        assert (await take(engine, *till.records[10:])).answer == ack_at(till.records[-1])
        assert (opened.epoch, opened.seq) == (2, 1)

    async def test_a_restored_backup_goes_on_from_an_older_record(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        await take(engine, *till.records)
        backup = MemoryOutbox(DEVICE)
        backup.records = till.records[:6]
        backup.open_epoch()
        backup.sell(1)
        assert (await take(engine, *backup.records[3:6])).new_records == 0
        assert (await take(engine, *backup.records[6:])).answer == ack_at(backup.records[-1])
        assert len(await stored(engine, DEVICE)) == 12

    async def test_a_new_epoch_waits_for_the_record_that_it_follows_on(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        """Or what was lost on the way would look like a fork when it is sent again."""
        await take(engine, *till.records[:6])
        till.open_epoch()
        assert (await take(engine, till.records[10])).answer == nack_at(till.records[5])
        await take(engine, *till.records[6:10])
        assert (await take(engine, till.records[10])).answer == ack_at(till.records[10])

    async def test_an_epoch_has_to_begin_with_its_opening(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        await take(engine, *till.records)
        till.open_epoch()
        till.sell(2)
        assert (await take(engine, *till.records[11:])).answer == nack_at(till.records[9])
        assert (await take(engine, *till.records[10:])).new_records == 3

    async def test_an_empty_store_on_a_new_card_begins_a_later_epoch(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        await take(engine, *till.records)
        card = MemoryOutbox(DEVICE)
        fresh = forged(card.records[0], epoch=2)
        assert (await take(engine, fresh)).answer == ack_at(fresh)


class TestNonsense:
    """What no store would send: refused whole, with nothing changed."""

    async def test_a_record_that_is_not_what_its_hash_says(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        till.records[4] = replace(till.records[4], at=1)
        with pytest.raises(BrokenBatchError, match="record 1/5 is not what its hash says"):
            await take(engine, *till.records)
        assert await stored(engine, DEVICE) == []

    async def test_a_record_that_does_not_follow_on_its_neighbour(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        till.records[4] = forged(till.records[4], at=1)
        with pytest.raises(BrokenBatchError, match="record 1/6 does not follow"):
            await take(engine, *till.records)

    @pytest.mark.parametrize("value", [1.5, 2**53, "\ud800", [[{"deep": -(2**60)}]]])
    async def test_a_body_without_a_canonical_form(
        self, engine: AsyncEngine, till: MemoryOutbox, value: object
    ) -> None:
        odd = replace(till.records[1], body={"odd": value})
        with pytest.raises(BrokenBatchError, match="record 1/2"):
            await take(engine, till.records[0], odd)

    async def test_a_journal_of_another_device(
        self, engine: AsyncEngine, till: MemoryOutbox
    ) -> None:
        with pytest.raises(ForeignBatchError, match="opened by another device"):
            await take(engine, *till.records, device="till-2")
        assert await stored(engine, "till-2") == []

    @pytest.mark.parametrize(
        "body", [{}, {"receipt_no": 1}, {**sale_of(1, 100).body, "total_minor": -1}]
    )
    async def test_a_sale_that_can_not_be_read_is_kept_and_an_alarm(
        self, engine: AsyncEngine, till: MemoryOutbox, body: dict[str, object]
    ) -> None:
        """A box may be newer than headquarters: its journal must not stop for that."""
        odd = till.append(Entry(EntryKind.SALE, body))
        assert (await take(engine, *till.records)).answer == ack_at(odd)
        assert await alarms(engine) == {(DEVICE, "unreadable_sale"): 1}
        assert (await sales_report(engine))["sales"] == 9
