"""A real retailer's month through the whole till and through MQTT, with a broker that dies on it.

The rolls lie beside the repository and are not part of it; docs/replay.md says what they are.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.wire.topics import INGEST_JOURNALS
from tests.support.broker import Broker, plain_broker
from tests.support.fleet import somebody
from tests.support.roll_sums import journal_records, sums
from tests.support.turnover import of_goods

RETAIL = Path(__file__).parents[3] / "shared/data/retail"
# The shortest of the months that have a row to reject.
MONTH = RETAIL / "2011-04.csv.gz"
# A shared subscription takes turns; this one hears everything beside it.
JOURNALS = INGEST_JOURNALS.split("/", 2)[2]
BATCHES_BEFORE_A_KILL = 20

pytestmark = [
    pytest.mark.skipif(not MONTH.exists(), reason=f"no real till rolls at {RETAIL}"),
    pytest.mark.timeout(300),
]


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    async with plain_broker(tmp_path) as broker:
        yield broker


async def batches(broker: Broker, count: int) -> None:
    """Return when the broker has passed so many batches on."""
    async with somebody(broker.port, "onlooker") as connection:
        await connection.subscribe(JOURNALS)
        async for _ in connection.messages():
            count -= 1
            if count == 0:
                return


async def test_a_month_comes_to_its_figures_at_headquarters_though_the_broker_is_killed_twice(
    broker: Broker, tmp_path: Path
) -> None:
    store, report = tmp_path / "month.db", tmp_path / "report.csv"
    arguments = ("--store", store, "--uplink", f"127.0.0.1:{broker.port}", "--report", report)
    log = tmp_path / "replay.log"
    with log.open("wb") as stderr:
        replay = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "edge", "replay", MONTH, *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
        )
    try:
        for _ in range(2):
            await batches(broker, BATCHES_BEFORE_A_KILL)
            assert replay.returncode is None, "killed in the middle"
            await broker.kill()
            await broker.start()
        printed, _ = await replay.communicate()
    finally:
        if replay.returncode is None:
            replay.kill()
            await replay.wait()
    expected = sums([MONTH])
    trade = {name: expected[name] for name in ("sales", "refunds", "sales_minor", "refunds_minor")}
    counted = ("sold_units", "returned_units", "adjusted_units", "rejected_rows")
    assert replay.returncode == 0, log.read_text(encoding="utf-8")
    assert json.loads(printed.splitlines()[-1]) == {
        **trade,
        **{name: expected[name] for name in counted},
        "journal_records": journal_records(expected),
        "journal_verified": True,
        "hq": {**trade, **of_goods(trade["sales_minor"] - trade["refunds_minor"])},
    }
    assert len(report.read_text(encoding="utf-8").splitlines()) == 1 + expected["rejected_rows"]
