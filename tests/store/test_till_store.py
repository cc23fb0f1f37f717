import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.checkout.canonical import record_hash
from edge.checkout.goods.catalogue import EMPTY_CATALOGUE
from edge.checkout.inputs import PendingReceipt, SaleFound
from edge.checkout.payments.payment import PaymentBooks
from edge.checkout.records import Entry, EntryKind, Tender, TenderKind, sale_entry
from edge.ports import CatalogueRefused, Committed, JournalHead, OutboxStore, SaleStore, StoreState
from edge.store import tools
from edge.store.catalogue_cache import Article
from edge.store.journal import fields_of
from edge.store.till_store import TillStore
from tests.support.store import (
    CURRENCY,
    DEVICE,
    START_MS,
    SteppedClock,
    adjusted,
    articles,
    basket,
    paid,
    product,
    record,
    refund,
    sale,
    sell,
    till,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def store(path: Path, clock: SteppedClock) -> AsyncIterator[TillStore]:
    async with till(path, clock=clock) as opened:
        yield opened


async def rows(store: TillStore, query: str) -> list[tuple[object, ...]]:
    return await store._writer.submit(lambda conn: conn.execute(query).fetchall())


def test_it_is_what_the_ports_ask_for(store: TillStore) -> None:
    till_side: SaleStore = store
    uplink_side: OutboxStore = store
    assert till_side is uplink_side


async def test_a_new_store_begins_with_the_record_of_its_epoch(store: TillStore) -> None:
    assert store.state() == StoreState(
        next_receipt_no=1,
        draft=None,
        pending_receipts=(),
        newest_utc_ms=START_MS + 1,
        payments=PaymentBooks(epoch=1),
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
            payments=PaymentBooks(epoch=1),
        )
        later = clock.now()
        assert await store.find_sale(1, later) == SaleFound(later, sale(1), at, {})
        assert await store.find_sale(2, later) is None
        assert await store.journal_head() == JournalHead(1, 2, 0, 0)


async def test_entries_of_one_commit_follow_each_other(
    store: TillStore, clock: SteppedClock
) -> None:
    looked = Entry(EntryKind.DRAWER_NO_SALE, {"reason": "keypad"})
    committed = await record(store, clock, looked, sale_entry(sale(1)))
    assert committed == Committed(1, 3, None, None)
    records = await store.journal_after(1, 1, 10)
    assert [(each.seq, each.kind) for each in records] == [(2, "drawer.no_sale"), (3, "sale")]
    assert records[1].prev == records[0].hash
    assert records[0].at == records[1].at


async def test_a_till_that_is_cancelled_again_and_again_writes_what_it_was_given(
    path: Path, clock: SteppedClock
) -> None:
    begun, go_on, handed_in = threading.Event(), threading.Event(), asyncio.Event()

    def slow(_: sqlite3.Connection) -> None:
        begun.set()
        assert go_on.wait(10)

    async def live() -> None:
        async with till(path, clock=clock) as store, asyncio.TaskGroup() as tasks:
            tasks.create_task(store._writer.submit(slow))
            assert await asyncio.to_thread(begun.wait, 10)
            tasks.create_task(sell(store, clock, sale(1)))
            # The sale's first step goes as far as its wait.
            await asyncio.sleep(0)
            handed_in.set()

    living = asyncio.create_task(live())
    await handed_in.wait()
    for _ in range(3):
        living.cancel()
        # Far enough to leave the body and to wait for the store's end.
        for _ in range(5):
            await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await living
    async with till(path, clock=clock) as store:
        assert store.state().next_receipt_no == 2


class TestProjections:
    async def test_stock_goes_down_with_sales_and_up_with_refunds(
        self, store: TillStore, clock: SteppedClock
    ) -> None:
        await record(store, clock, adjusted("000001", 10_000), adjusted("000002", -500))
        await sell(store, clock, sale(1, lines=2, units=3))
        await sell(store, clock, refund(2, 1, {1: 2}))
        assert await rows(store, "SELECT * FROM stock ORDER BY plu") == [
            ("000001", 9_000),
            ("000002", -3_500),
        ]

    async def test_one_product_on_several_lines_moves_by_their_sum(
        self, store: TillStore, clock: SteppedClock
    ) -> None:
        line = sale(1, lines=1).lines[0]
        entry = sale_entry(replace(sale(1), lines=(line, line)))
        await record(store, clock, entry)
        assert await rows(store, "SELECT * FROM stock") == [("000001", -2_000)]

    async def test_the_drawer_holds_what_came_in_as_cash_less_what_went_out(
        self, store: TillStore, clock: SteppedClock
    ) -> None:
        await record(store, clock, paid(EntryKind.CASH_PAID_IN, 10_000))
        await sell(store, clock, sale(1, lines=1, change_minor=801))
        await sell(store, clock, sale(2, lines=1, tender=TenderKind.CARD))
        await sell(store, clock, refund(3, 1, {1: 1}))
        await record(store, clock, paid(EntryKind.CASH_PAID_OUT, 2_500))
        await record(store, clock, Entry(EntryKind.DRAWER_NO_SALE, {"reason": "change"}))
        assert await rows(store, "SELECT * FROM drawer ORDER BY cause") == [
            ("cash.paid_in", 1, 10_000),
            ("cash.paid_out", 1, -2_500),
            ("refund", 1, -199),
            ("sale", 1, 199),
        ]

    async def test_a_found_sale_says_what_was_given_back_of_each_line(
        self, store: TillStore, clock: SteppedClock
    ) -> None:
        await sell(store, clock, sale(1, lines=3, units=4))
        await sell(store, clock, refund(2, 1, {1: 1, 3: 2}))
        await sell(store, clock, refund(3, 1, {1: 2}))
        await sell(store, clock, refund(4, 0, {2: 1}))
        found = await store.find_sale(1, clock.now())
        assert found is not None
        assert found.refunded_milli == {1: 3_000, 3: 2_000}
        given_back = await store.find_sale(2, clock.now())
        assert given_back is not None
        assert given_back.sale == refund(2, 1, {1: 1, 3: 2})

    @pytest.mark.parametrize("receipt_no", [0, 1, 3, 7])
    async def test_receipt_numbers_have_no_gap_and_no_double(
        self, store: TillStore, clock: SteppedClock, receipt_no: int
    ) -> None:
        await sell(store, clock, sale(1))
        with pytest.raises(AssertionError, match="where 2 comes next"):
            await sell(store, clock, sale(receipt_no))
        assert await store.journal_head() == JournalHead(1, 2, 0, 0)
        await sell(store, clock, sale(2))

    async def test_a_refund_of_a_sale_that_never_was_is_a_bug(
        self, store: TillStore, clock: SteppedClock
    ) -> None:
        with pytest.raises(sqlite3.IntegrityError):
            await sell(store, clock, refund(1, 77, {1: 1}))
        assert await store.journal_head() == JournalHead(1, 1, 0, 0)


class TestJournal:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE journal SET body = '{}'",
            "DELETE FROM journal WHERE position = 1",
            "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE position = 1",
            "INSERT INTO journal SELECT 9, 1, 9, 0, '', 0, '', '', '', '', '{}'",
        ],
    )
    async def test_it_is_append_only(
        self, store: TillStore, clock: SteppedClock, statement: str
    ) -> None:
        await sell(store, clock, sale(1))
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            await store._writer.submit(lambda conn: conn.execute(statement))

    async def test_records_are_read_in_order_from_any_place(
        self, store: TillStore, clock: SteppedClock
    ) -> None:
        for receipt_no in (1, 2, 3):
            await sell(store, clock, sale(receipt_no))
        assert [each.seq for each in await store.journal_after(0, 0, 2)] == [1, 2]
        assert [each.seq for each in await store.journal_after(1, 2, 100)] == [3, 4]
        assert await store.journal_after(1, 4, 100) == ()

    @pytest.mark.parametrize("place", [(1, 3), (2, 0), (0, 1), (1, -1)])
    async def test_a_place_that_is_not_there_is_no_place_to_read_from(
        self, store: TillStore, clock: SteppedClock, place: tuple[int, int]
    ) -> None:
        await sell(store, clock, sale(1))
        with pytest.raises(LookupError):
            await store.journal_after(*place, 10)

    async def test_a_restored_store_goes_on_in_an_epoch_of_its_own(
        self, path: Path, clock: SteppedClock
    ) -> None:
        async with till(path, clock=clock) as store:
            await sell(store, clock, sale(1))
            last = (await store.journal_after(1, 1, 1))[0]
            await store.open_new_epoch(clock.now(), next_receipt_no=101)
            await sell(store, clock, sale(101))
            opened, sold = await store.journal_after(1, 2, 10)
            assert (opened.epoch, opened.seq, opened.prev) == (2, 1, last.hash)
            assert (opened.body["of_epoch"], opened.body["of_seq"]) == (1, 2)
            assert (sold.epoch, sold.seq, sold.prev) == (2, 2, opened.hash)
            assert await store.journal_after(2, 0, 1) == (opened,)
            with pytest.raises(LookupError):
                await store.journal_after(1, 3, 1)
            with pytest.raises(AssertionError, match="can't go back"):
                await store.open_new_epoch(clock.now(), next_receipt_no=50)
        async with till(path, clock=clock) as store:
            assert store.state().next_receipt_no == 102
        assert tools.verify(path).ok

    async def test_an_epoch_is_not_opened_by_the_way(
        self, store: TillStore, clock: SteppedClock
    ) -> None:
        with pytest.raises(AssertionError, match="open_new_epoch"):
            await record(store, clock, Entry(EntryKind.EPOCH_OPENED, {}))


class TestAcknowledgement:
    async def test_it_moves_forward_only(self, store: TillStore, clock: SteppedClock) -> None:
        for receipt_no in (1, 2, 3):
            await sell(store, clock, sale(receipt_no))
        await store.acknowledge(1, 3)
        await store.acknowledge(1, 2)
        assert await store.journal_head() == JournalHead(1, 4, 1, 3)

    async def test_it_goes_on_over_epochs(self, store: TillStore, clock: SteppedClock) -> None:
        await sell(store, clock, sale(1))
        await store.acknowledge(1, 2)
        await store.open_new_epoch(clock.now())
        await store.acknowledge(2, 1)
        await store.acknowledge(1, 1)
        assert await store.journal_head() == JournalHead(2, 1, 2, 1)

    @pytest.mark.parametrize("place", [(1, 3), (2, 1), (1, -1)])
    async def test_what_was_never_written_can_not_be_acknowledged(
        self, store: TillStore, clock: SteppedClock, place: tuple[int, int]
    ) -> None:
        await sell(store, clock, sale(1))
        with pytest.raises(ValueError, match="past the journal"):
            await store.acknowledge(*place)
        assert await store.journal_head() == JournalHead(1, 2, 0, 0)


class TestDraft:
    async def test_the_open_basket_is_there_again(self, path: Path, clock: SteppedClock) -> None:
        async with till(path, clock=clock) as store:
            await store.save_draft(basket(1, lines=2), clock.now())
            await store.save_draft(basket(1, lines=3), clock.now())
        async with till(path, clock=clock) as store:
            assert store.state().draft == basket(1, lines=3)

    async def test_a_sold_basket_is_gone(self, path: Path, clock: SteppedClock) -> None:
        async with till(path, clock=clock) as store:
            await store.save_draft(basket(1), clock.now())
            await sell(store, clock, sale(1))
        async with till(path, clock=clock) as store:
            assert store.state().draft is None

    async def test_what_does_not_end_the_basket_leaves_it(
        self, path: Path, clock: SteppedClock
    ) -> None:
        async with till(path, clock=clock) as store:
            await store.save_draft(basket(1), clock.now())
            await record(store, clock, paid(EntryKind.CASH_PAID_IN, 5))
        async with till(path, clock=clock) as store:
            assert store.state().draft == basket(1)

    async def test_a_late_draft_of_a_sold_basket_displaces_nothing(
        self, path: Path, clock: SteppedClock
    ) -> None:
        async with till(path, clock=clock) as store:
            await sell(store, clock, sale(1))
            await store.save_draft(basket(2), clock.now())
            await store.save_draft(basket(1, lines=3), clock.now())
        async with till(path, clock=clock) as store:
            assert store.state().draft == basket(2)

    async def test_an_unreadable_draft_does_not_keep_the_till_from_starting(
        self, path: Path, clock: SteppedClock
    ) -> None:
        async with till(path, clock=clock) as store:
            await store.save_draft(basket(1), clock.now())
            await store._writer.submit(
                lambda conn: conn.execute('UPDATE draft SET basket = \'{"kind":"barter"}\'')
            )
        async with till(path, clock=clock) as store:
            assert store.state().draft is None


class TestCatalogue:
    async def test_a_new_store_has_an_empty_one(self, store: TillStore) -> None:
        assert store.catalogue() == EMPTY_CATALOGUE

    async def test_it_is_swapped_whole_and_put_on_record(
        self, path: Path, clock: SteppedClock
    ) -> None:
        async with till(path, clock=clock) as store:
            await store.replace_catalogue(articles(50), "v1", clock.now())
            await store.replace_catalogue(articles(3), "v2", clock.now())
            in_memory = store.catalogue()
            assert in_memory.version == "v2"
            assert in_memory.find(["5000000000002"]) == product("000002", 102)
            assert in_memory.find(["000002"]) == product("000002", 102)
            assert in_memory.find(["000003", "5000000000003"]) is None
            loaded = (await store.journal_after(1, 2, 10))[0]
            assert (loaded.kind, loaded.body) == (
                "catalogue.loaded",
                {"version": "v2", "products": 3, "codes": 3},
            )
        async with till(path, clock=clock) as store:
            assert store.catalogue() == in_memory

    async def test_one_code_for_two_products_is_refused_and_the_old_one_stays(
        self, store: TillStore, clock: SteppedClock
    ) -> None:
        await store.replace_catalogue(articles(2), "v1", clock.now())
        old = store.catalogue()
        twins = [Article(product("a"), ("1", "2")), Article(product("b"), ("2",))]
        with pytest.raises(CatalogueRefused, match="code 2 names a and b"):
            await store.replace_catalogue(twins, "v2", clock.now())
        assert store.catalogue() is old
        assert await store.journal_head() == JournalHead(1, 2, 0, 0)

    async def test_a_plu_may_be_its_own_barcode(self, path: Path, clock: SteppedClock) -> None:
        async with till(path, clock=clock) as store:
            await store.replace_catalogue([Article(product("a"), ("a", "1"))], "v1", clock.now())
            assert set(store.catalogue().by_code) == {"a", "1"}
        async with till(path, clock=clock) as store:
            assert set(store.catalogue().by_code) == {"a", "1"}


async def test_a_sale_is_found_with_what_it_was_given_back_in(
    store: TillStore, clock: SteppedClock
) -> None:
    """Each refund's payments, in their order, and none of another sale's."""
    for sold in (sale(1, units=3), sale(2), refund(3, 1, {1: 1}), refund(4, 2, {1: 1})):
        await sell(store, clock, sold)
    await sell(store, clock, refund(5, 1, {1: 1, 2: 1}))
    found = await store.find_sale(1, clock.now())
    assert found is not None
    cash = TenderKind.CASH
    assert found.paid_back == (Tender(cash, 199, 199, 0), Tender(cash, 398, 398, 0))
