"""A connection that comes and goes without end, as of two boxes that were given one name."""

import asyncio
from pathlib import Path

import pytest

from edge.summed_lines import LOG_LINES, LOG_WINDOW_MS
from tests.support.broker import plain_broker
from tests.support.fleet import CountedClock, Till, logged, running
from tests.support.outbox import MemoryOutbox

pytestmark = pytest.mark.timeout(30)

SINGLE = {"uplink_connected", "uplink_lost"}


class WindowByHand(CountedClock):
    """The log's window ends when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.window_over = asyncio.Event()

    async def sleep_ms(self, duration_ms: int) -> None:
        if duration_ms > LOG_WINDOW_MS // 2:
            await self.window_over.wait()
        else:
            await super().sleep_ms(duration_ms)


async def test_a_connection_that_is_thrown_off_again_and_again_fills_no_log(
    tmp_path: Path,
) -> None:
    clock = WindowByHand()
    with logged() as lines:
        async with plain_broker(tmp_path) as broker:
            till = Till(broker.port, "till-1", MemoryOutbox("till-1"), clock=clock)
            rival = Till(broker.port, "till-1", MemoryOutbox("till-1"), clock=WindowByHand())
            async with running(till), running(rival):
                while min(len(till.inbox.said), len(rival.inbox.said)) < 2 * LOG_LINES:
                    await clock.slept(1)
                clock.window_over.set()
                while "uplink_flapping" not in [line["event"] for line in lines]:
                    await clock.slept(1)
                changes = len(till.inbox.said)
    summed = next(line for line in lines if line["event"] == "uplink_flapping")
    assert LOG_LINES < summed["unsaid"] + 1 <= changes - LOG_LINES + 1
    assert (summed["window_ms"], summed["log_level"]) == (LOG_WINDOW_MS, "warning")
    before = lines[: lines.index(summed)]
    # Ten of each of the two.
    assert len([line for line in before if line["event"] in SINGLE]) == 2 * LOG_LINES
