"""A connection that comes and goes without end, as of two boxes that were given one name."""

import asyncio
from pathlib import Path

from edge.checkout.troubles import UplinkTrouble
from edge.summed_lines import LOG_LINES, LOG_WINDOW_MS
from tests.support.broker import plain_broker
from tests.support.fleet import CountedClock, Till, headquarters, logged, running
from tests.support.line import line_to
from tests.support.outbox import MemoryOutbox

SINGLE = {"uplink_connected", "uplink_lost"}


# A second box is thought to be away after twice as long: by hand, then.
PATIENT = {"reconnect_cap_ms": LOG_WINDOW_MS // 3}


class LongPausesByHand(CountedClock):
    """The log's window, and what is as long, ends when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.over = asyncio.Event()

    async def sleep_ms(self, duration_ms: int) -> None:
        if duration_ms > LOG_WINDOW_MS // 2:
            await self.over.wait()
            duration_ms = 0
        await super().sleep_ms(duration_ms)


async def test_a_connection_that_is_thrown_off_again_and_again_fills_no_log(
    tmp_path: Path,
) -> None:
    clock = LongPausesByHand()
    with logged() as lines:
        async with plain_broker(tmp_path) as broker:
            till = Till(broker.port, "till-1", MemoryOutbox("till-1"), clock=clock)
            rival = Till(broker.port, "till-1", MemoryOutbox("till-1"), clock=LongPausesByHand())
            async with running(till), running(rival):
                while min(len(till.inbox.said), len(rival.inbox.said)) < 2 * LOG_LINES:
                    await clock.slept(1)
                clock.over.set()
                while "uplink_flapping" not in [line["event"] for line in lines]:
                    await clock.slept(1)
                changes = len(till.inbox.said)
    summed = next(line for line in lines if line["event"] == "uplink_flapping")
    assert LOG_LINES < summed["unsaid"] + 1 <= changes - LOG_LINES + 1
    assert (summed["window_ms"], summed["log_level"]) == (LOG_WINDOW_MS, "warning")
    before = lines[: lines.index(summed)]
    # Ten of each of the two.
    assert len([line for line in before if line["event"] in SINGLE]) == 2 * LOG_LINES


async def test_a_box_that_another_one_throws_off_says_so_until_it_is_left_alone(
    tmp_path: Path,
) -> None:
    """Cashier and technician read it at both, as nobody knows yet which one is the copy."""
    clock, outbox = LongPausesByHand(), MemoryOutbox("till-1")
    with logged() as lines:
        async with (
            plain_broker(tmp_path) as broker,
            headquarters(broker.port, tmp_path / "hq.db"),
            line_to(broker.port) as line,
        ):
            till = Till(line.port, "till-1", outbox, clock=clock, **PATIENT)
            async with running(till):
                for sales in (1, 2):
                    outbox.sell(sales)
                    await outbox.wait_acked()
                    line.take_over()
                    while till.inbox.said.count(False) < sales:
                        await clock.slept(1)
                    assert till.inbox.troubles == (UplinkTrouble.SHARED_NAME,)
                    assert till.uplink.trouble.startswith("another box connects as till-1 too")
                outbox.sell(1)
                await outbox.wait_acked()
                assert till.inbox.troubles == (UplinkTrouble.SHARED_NAME,)
                clock.over.set()
                while till.inbox.troubles:
                    await clock.slept(1)
                assert till.uplink.trouble == ""
    assert till.inbox.said[:5] == [True, False, True, False, True]
    events = [line["event"] for line in lines]
    assert (events.count("name_shared"), events.count("name_shared_no_more")) == (1, 1)


async def test_a_broker_that_goes_and_comes_back_is_no_second_box(tmp_path: Path) -> None:
    outbox = MemoryOutbox("till-1")
    async with (
        plain_broker(tmp_path) as broker,
        headquarters(broker.port, tmp_path / "hq.db"),
    ):
        till = Till(broker.port, "till-1", outbox)
        async with running(till):
            await outbox.wait_acked()
            await broker.kill()
            while till.inbox.said[-1]:
                await till.clock.slept(1)
            await broker.start()
            outbox.sell(1)
            await outbox.wait_acked()
    assert (till.inbox.said, till.uplink.trouble) == ([True, False, True], "")
