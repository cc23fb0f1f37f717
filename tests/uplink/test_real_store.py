"""The whole way with the real store: sale, journal on disk, broker, headquarters, note of it."""

import asyncio
import shutil
from pathlib import Path

from edge.hq.reports import sales_report
from edge.ports import JournalHead, JournalRecord
from edge.store.till_store import TillStore
from tests.support import store as shop
from tests.support.broker import Broker, plain_broker
from tests.support.fleet import Till, alarms, headquarters, running, stored


class WatchedOutbox:
    """The real store's outbox, which tells when headquarters has all of it."""

    def __init__(self, store: TillStore) -> None:
        self._store = store
        self._moved = asyncio.Condition()

    async def journal_head(self) -> JournalHead:
        return await self._store.journal_head()

    async def journal_after(self, epoch: int, seq: int, limit: int) -> tuple[JournalRecord, ...]:
        return await self._store.journal_after(epoch, seq, limit)

    async def acknowledge(self, epoch: int, through: int) -> None:
        await self._store.acknowledge(epoch, through)
        async with self._moved:
            self._moved.notify_all()

    async def wait_acked(self) -> None:
        async with self._moved:
            while True:
                head = await self.journal_head()
                if (head.acked_epoch, head.acked_through) == (head.epoch, head.last_seq):
                    return
                await self._moved.wait()


async def sell(store: TillStore, clock: shop.SteppedClock, first_no: int, count: int) -> int:
    """So many sales from that receipt number on; their total in minor units."""
    total_minor = 0
    for receipt_no in range(first_no, first_no + count):
        sold = shop.sale(receipt_no)
        await shop.sell(store, clock, sold)
        total_minor += sold.total_minor
    return total_minor


async def journal_of(store: TillStore) -> list[tuple[int, int, str]]:
    records = await store.journal_after(0, 0, 10_000)
    return [(record.epoch, record.seq, record.hash) for record in records]


def till_over(broker: Broker, store: TillStore) -> tuple[Till, WatchedOutbox]:
    outbox = WatchedOutbox(store)
    return Till(broker.port, shop.DEVICE, outbox), outbox


async def test_every_sale_of_a_store_is_at_headquarters_once(tmp_path: Path) -> None:
    """Over a restart of the till and a broker that is killed meanwhile."""
    clock, file = shop.SteppedClock(), tmp_path / "till.db"
    async with (
        plain_broker(tmp_path) as broker,
        headquarters(broker.port, tmp_path / "hq.db") as (hq, engine),
    ):
        async with shop.till(file, clock=clock) as store:
            total_minor = await sell(store, clock, 1, 250)
            till, _outbox = till_over(broker, store)
            async with running(till):
                await hq.wait_for(shop.DEVICE, 1, 100)
                await broker.kill()
        await broker.start()
        async with shop.till(file, clock=clock) as store:
            till, outbox = till_over(broker, store)
            async with running(till):
                total_minor += await sell(store, clock, 251, 50)
                till.uplink.wake()
                await outbox.wait_acked()
            assert await stored(engine, shop.DEVICE) == await journal_of(store)
        report = await sales_report(engine)
    assert (report["sales"], report["sales_minor"]) == (300, total_minor)


async def test_a_copied_store_is_seen_as_a_fork(tmp_path: Path) -> None:
    clock, file, copy = shop.SteppedClock(), tmp_path / "till.db", tmp_path / "copy.db"
    async with (
        plain_broker(tmp_path) as broker,
        headquarters(broker.port, tmp_path / "hq.db") as (_hq, engine),
    ):
        async with shop.till(file, clock=clock) as store:
            await sell(store, clock, 1, 3)
        shutil.copy(file, copy)
        async with shop.till(file, clock=clock) as store:
            await sell(store, clock, 4, 2)
            till, outbox = till_over(broker, store)
            async with running(till):
                await outbox.wait_acked()
            genuine = await journal_of(store)
        figures = await sales_report(engine)
        async with shop.till(copy, clock=clock) as store:
            await sell(store, clock, 4, 4)
            till, _outbox = till_over(broker, store)
            async with running(till):
                while (shop.DEVICE, "fork") not in await alarms(engine):
                    await till.clock.slept(1)
        assert await sales_report(engine) == figures
        assert await stored(engine, shop.DEVICE) == genuine
