"""From a till's journal through a real broker into headquarters' database, and back as an ack."""

import asyncio
from pathlib import Path

from tests.support.broker import plain_broker
from tests.support.fleet import Till, headquarters, running, stored
from tests.support.outbox import MemoryOutbox


def journal_of(outbox: MemoryOutbox) -> list[tuple[int, int, str]]:
    return [(record.epoch, record.seq, record.hash) for record in outbox.records]


async def test_a_sale_reaches_headquarters_and_is_acknowledged(tmp_path: Path) -> None:
    outbox = MemoryOutbox("till-1")
    outbox.sell(1)
    async with asyncio.timeout(20), plain_broker(tmp_path) as broker:
        async with headquarters(broker.port, tmp_path / "hq.db") as (_hq, engine):
            till = Till(broker.port, "till-1", outbox)
            async with running(till):
                await outbox.wait_acked()
            assert await stored(engine, "till-1") == journal_of(outbox)
    assert till.inbox.said == [True]
