"""From a till's journal through a real broker into headquarters' database, and back as an ack."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from edge.hq.reports import sales_report
from edge.ports import JournalRecord
from edge.wire.codec import decode
from edge.wire.messages import Ack, Birth, Will, answer_reader, state_reader
from tests.support.broker import Broker, plain_broker
from tests.support.fleet import (
    Till,
    headquarters,
    logged,
    running,
    somebody,
    stored,
)
from tests.support.line import line_to
from tests.support.outbox import MemoryOutbox


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    async with plain_broker(tmp_path) as broker:
        yield broker


def journal_of(outbox: MemoryOutbox) -> list[tuple[int, int, str]]:
    return [(record.epoch, record.seq, record.hash) for record in outbox.records]


def till_with(broker: Broker, sales: int, device: str = "till-1") -> tuple[Till, MemoryOutbox]:
    outbox = MemoryOutbox(device)
    outbox.sell(sales)
    return Till(broker.port, device, outbox), outbox


async def test_a_sale_reaches_headquarters_and_is_acknowledged(
    broker: Broker, tmp_path: Path
) -> None:
    till, outbox = till_with(broker, 1)
    async with headquarters(broker.port, tmp_path / "hq.db") as (hq, engine):
        async with running(till):
            await hq.wait_for("till-1", 1, 2)
            await outbox.wait_acked()
        assert await stored(engine, "till-1") == journal_of(outbox)
    assert till.inbox.said == [True]


async def test_a_sale_made_while_connected_goes_out_when_the_uplink_is_woken(
    broker: Broker, tmp_path: Path
) -> None:
    till, outbox = till_with(broker, 0)
    async with headquarters(broker.port, tmp_path / "hq.db") as (_hq, engine), running(till):
        for _ in range(3):
            await outbox.wait_acked()
            outbox.sell(1)
            till.uplink.wake()
        await outbox.wait_acked()
        assert (await sales_report(engine))["sales"] == 3


async def test_a_long_journal_over_several_epochs_goes_in_batches(
    broker: Broker, tmp_path: Path
) -> None:
    till, outbox = till_with(broker, 250)
    outbox.open_epoch()
    outbox.sell(250)
    async with headquarters(broker.port, tmp_path / "hq.db") as (_hq, engine):
        async with running(till):
            await outbox.wait_acked()
        assert await stored(engine, "till-1") == journal_of(outbox)
    assert outbox.acknowledged == [(1, 100), (1, 200), (1, 251), (2, 100), (2, 200), (2, 251)]


async def test_a_restarted_till_goes_on_behind_what_was_acknowledged(
    broker: Broker, tmp_path: Path
) -> None:
    till, outbox = till_with(broker, 150)
    async with headquarters(broker.port, tmp_path / "hq.db") as (_hq, engine):
        async with running(till):
            await outbox.wait_acked()
        outbox.sell(10)
        async with running(Till(broker.port, "till-1", outbox)):
            await outbox.wait_acked()
        assert await stored(engine, "till-1") == journal_of(outbox)
    assert outbox.acknowledged[-1] == (1, 161)


async def test_a_broker_that_is_killed_amid_a_stream_loses_and_doubles_nothing(
    broker: Broker, tmp_path: Path
) -> None:
    till, outbox = till_with(broker, 2_000)
    async with (
        headquarters(broker.port, tmp_path / "hq.db") as (hq, engine),
        running(till),
    ):
        for amid in (300, 900, 1_500):
            await hq.wait_for("till-1", 1, amid)
            await broker.kill()
            await broker.start()
        await outbox.wait_acked()
        assert await stored(engine, "till-1") == journal_of(outbox)
        assert (await sales_report(engine))["sales"] == 2_000
    assert till.inbox.said == [True, False, True, False, True, False, True]


async def test_a_line_that_is_cut_again_and_again_loses_and_doubles_nothing(
    broker: Broker, tmp_path: Path
) -> None:
    outbox = MemoryOutbox("till-1")
    outbox.sell(1_000)
    async with (
        line_to(broker.port) as line,
        headquarters(broker.port, tmp_path / "hq.db") as (hq, engine),
        running(Till(line.port, "till-1", outbox)),
    ):
        for amid in range(100, 900, 100):
            await hq.wait_for("till-1", 1, amid)
            line.cut()
        await outbox.wait_acked()
        assert await stored(engine, "till-1") == journal_of(outbox)


async def test_a_line_that_falls_silent_is_given_up(broker: Broker, tmp_path: Path) -> None:
    outbox = MemoryOutbox("till-1")
    outbox.sell(300)
    async with (
        line_to(broker.port) as line,
        headquarters(broker.port, tmp_path / "hq.db") as (hq, engine),
        running(Till(line.port, "till-1", outbox, reply_timeout_s=3)),
    ):
        await hq.wait_for("till-1", 1, 100)
        line.fall_silent()
        outbox.sell(300)
        await outbox.wait_acked()
        assert await stored(engine, "till-1") == journal_of(outbox)


class StoppingOutbox(MemoryOutbox):
    """Stops the uplink at the very moment at which the lost connection ends its work."""

    def __init__(self, device: str) -> None:
        super().__init__(device)
        self.asked = asyncio.Event()
        self.stop: Callable[[], object] = self.asked.set

    async def journal_after(self, epoch: int, seq: int, limit: int) -> tuple[JournalRecord, ...]:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.stop()
            raise
        return await super().journal_after(epoch, seq, limit)


async def test_a_stop_that_comes_with_the_loss_of_the_connection_is_a_stop(broker: Broker) -> None:
    outbox = StoppingOutbox("till-1")
    async with line_to(broker.port) as line:
        uplink = asyncio.ensure_future(Till(line.port, "till-1", outbox).uplink.run())
        outbox.stop = uplink.cancel
        await outbox.asked.wait()
        line.cut()
        await asyncio.wait((uplink,))
    assert uplink.cancelled()


async def test_two_tills_offline_and_then_back(broker: Broker, tmp_path: Path) -> None:
    tills = [till_with(broker, 20, device) for device in ("till-1", "till-2")]
    async with AsyncExitStack() as stack:
        _hq, engine = await stack.enter_async_context(headquarters(broker.port, tmp_path / "hq.db"))
        for till, outbox in tills:
            await stack.enter_async_context(running(till))
            await outbox.wait_acked()
        await broker.kill()
        for number, (till, outbox) in enumerate(tills):
            outbox.sell(130 + number)
            till.uplink.wake()
        await broker.start()
        for _till, outbox in tills:
            await outbox.wait_acked()
            assert await stored(engine, outbox.device) == journal_of(outbox)
        devices = (await sales_report(engine))["devices"]
    assert {device: figures["sales"] for device, figures in devices.items()} == {
        "till-1": 150,
        "till-2": 151,
    }


async def test_headquarters_that_was_away_calls_for_what_it_missed(
    broker: Broker, tmp_path: Path
) -> None:
    """The till would try again only after a minute; it is asked to when headquarters is back."""
    outbox = MemoryOutbox("till-1")
    outbox.sell(300)
    till = Till(broker.port, "till-1", outbox, ack_timeout_ms=60_000, ack_timeout_cap_ms=60_000)
    async with somebody(broker.port) as listener, running(till):
        await listener.subscribe("v1/d/till-1/up/journal")
        messages = listener.messages()
        for _ in range(4):  # a whole window into the void
            await anext(messages)
        await messages.aclose()
        async with headquarters(broker.port, tmp_path / "hq.db") as (_hq, engine):
            await outbox.wait_acked()
            assert await stored(engine, "till-1") == journal_of(outbox)


async def test_a_batch_that_nobody_answers_is_sent_again(broker: Broker) -> None:
    till, outbox = till_with(broker, 4)
    async with somebody(broker.port) as listener:
        await listener.subscribe("v1/d/till-1/up/journal")
        async with running(till):
            messages = listener.messages()
            first, again = await anext(messages), await anext(messages)
            await messages.aclose()
    assert first.payload == again.payload
    assert outbox.acknowledged == []


async def test_a_headquarters_restored_from_a_backup_gets_the_rest_again(
    broker: Broker, tmp_path: Path
) -> None:
    till, outbox = till_with(broker, 119)
    file, backup = tmp_path / "hq.db", tmp_path / "backup.db"
    async with headquarters(broker.port, file), running(till):
        await outbox.wait_acked()
    shutil.copy(file, backup)
    outbox.sell(80)
    async with headquarters(broker.port, file), running(till):
        await outbox.wait_acked()
    async with headquarters(broker.port, backup) as (hq, engine), running(till):
        await hq.wait_for("till-1", 1, 200)
        assert await stored(engine, "till-1") == journal_of(outbox)


async def test_a_till_that_forgot_the_answer_takes_it_from_the_broker(
    broker: Broker, tmp_path: Path
) -> None:
    """It lost power between the answer and its own note of it; headquarters is away by now."""
    till, outbox = till_with(broker, 99)
    async with headquarters(broker.port, tmp_path / "hq.db"), running(till):
        await outbox.wait_acked()
    outbox.acked = (0, 0)
    async with running(Till(broker.port, "till-1", outbox)):
        await outbox.wait_acked()


class TestPresence:
    """What a box says of itself, retained on its state topic."""

    async def test_a_birth_says_where_the_journal_is(self, broker: Broker) -> None:
        till, outbox = till_with(broker, 6)
        outbox.acked = (1, 3)
        async with somebody(broker.port) as listener:
            await listener.subscribe("v1/d/till-1/state")
            async with running(till):
                inbound = await anext(listener.messages())
        birth = decode(state_reader(), inbound.payload)
        assert isinstance(birth, Birth)
        assert (birth.epoch, birth.last_seq, birth.acked_epoch, birth.acked_through) == (1, 7, 1, 3)
        assert birth.versions == {"edge": "0.1.0"}

    async def test_a_till_that_stops_says_so_at_once(self, broker: Broker) -> None:
        till, _outbox = till_with(broker, 0)
        async with states(broker) as heard:
            async with running(till):
                assert isinstance(await heard(), Birth)
            assert await heard() == Will(boot=till.boot, reason="stopped")

    async def test_for_a_till_that_is_lost_the_broker_says_so(self, broker: Broker) -> None:
        async with line_to(broker.port) as line, states(broker) as heard:
            till = Till(line.port, "till-1", MemoryOutbox("till-1"), will_delay_s=0)
            async with running(till):
                assert isinstance(await heard(), Birth)
                line.cut()
                assert await heard() == Will(boot=till.boot, reason="lost")
                assert isinstance(await heard(), Birth)

    async def test_a_short_absence_is_not_worth_a_word(self, broker: Broker) -> None:
        async with line_to(broker.port) as line, states(broker) as heard:
            till = Till(line.port, "till-1", MemoryOutbox("till-1"))
            async with running(till):
                assert isinstance(await heard(), Birth)
                line.cut()
                assert isinstance(await heard(), Birth)


@asynccontextmanager
async def states(broker: Broker) -> AsyncIterator[Callable[[], Awaitable[Birth | Will]]]:
    """The till's states, one at each call."""
    async with somebody(broker.port, "listener") as listener:
        await listener.subscribe("v1/d/till-1/state")
        messages = listener.messages()

        async def heard() -> Birth | Will:
            return decode(state_reader(), (await anext(messages)).payload)

        yield heard
        await messages.aclose()


async def test_the_retained_answer_is_the_newest(broker: Broker, tmp_path: Path) -> None:
    till, outbox = till_with(broker, 250)
    async with headquarters(broker.port, tmp_path / "hq.db"), running(till):
        await outbox.wait_acked()
    async with somebody(broker.port) as listener:
        await listener.subscribe("v1/d/till-1/down/ack")
        answer = decode(answer_reader(), (await anext(listener.messages())).payload)
    assert answer == Ack(epoch=1, through=251, hash=outbox.records[-1].hash)


async def test_the_cashier_learns_of_the_uplink_even_when_the_inbox_was_full(
    broker: Broker, tmp_path: Path
) -> None:
    till, outbox = till_with(broker, 1)
    till.inbox.room = False
    async with headquarters(broker.port, tmp_path / "hq.db"), running(till):
        await outbox.wait_acked()
        assert till.inbox.said == []
        till.inbox.room = True
        till.uplink.wake()
        assert till.inbox.said == [True]


async def test_a_broker_that_is_away_is_logged_once(broker: Broker, tmp_path: Path) -> None:
    till, outbox = till_with(broker, 1)
    with logged() as lines:
        async with headquarters(broker.port, tmp_path / "hq.db"), running(till):
            await outbox.wait_acked()
            await broker.kill()
            await till.clock.slept(5)
            await broker.start()
            outbox.sell(1)
            till.uplink.wake()
            await outbox.wait_acked()
    events = [line["event"] for line in lines if line["room"] == "uplink"]
    assert events == ["uplink_connected", "uplink_lost", "uplink_connected"]
