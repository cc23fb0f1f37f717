"""SIGKILL at random instants, life after life on one growing store, with headquarters listening.

EDGE_KILL_ROUNDS is how many lives, EDGE_KILL_SEED which instants; docs/life-of-a-sale.md says more.
"""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from edge.hq.reports import sales_report
from tests.support.broker import plain_broker
from tests.support.daemon import CARD, CASH, ENTER, NO_SALE, SHELF, DaemonEndedError, box
from tests.support.fleet import headquarters, stored
from tests.support.kiosk import DEVICE
from tests.support.witness import Witness

ROUNDS = int(os.environ.get("EDGE_KILL_ROUNDS", "40"))
SEED = int(os.environ.get("EDGE_KILL_SEED", "20261122"))
DIES_STARTING, LONGEST_START_S = 0.15, 0.8
BROKER_DIES = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """How a cashier works: articles a basket, the longest pause between two scans, and how long
    the longest life is. Without pauses a sale takes about 50 ms; drafts are 500 ms apart.
    """

    share: float
    most_articles: int
    longest_pause_s: float
    longest_life_s: float


PACES = (Pace(0.7, 3, 0.0, 0.3), Pace(0.3, 8, 0.6, 2.5))
# A round takes about a second; a machine that is busy with other things, several.
SECONDS_A_ROUND = 10


async def sell_for_ever(witness: Witness, chance: Random, pace: Pace) -> None:
    """Baskets paid in cash or by card; now and then the drawer without a sale."""
    last = ""
    while True:
        for _ in range(chance.randint(1, pace.most_articles)):
            last = chance.choice([name for name in SHELF if name != last])
            await witness.scan(last)
            await asyncio.sleep(chance.uniform(0, pace.longest_pause_s))
        keys = chance.choice([CASH, CASH, CARD + ENTER])
        await witness.pay(keys)
        if chance.random() < 0.2:
            pulses = witness.box.printer.pulses
            witness.box.press(NO_SALE)
            await witness.box.until(lambda before=pulses: witness.box.printer.pulses > before)


async def live_and_die(witness: Witness, chance: Random) -> None:
    """One life, and a look at what it left."""
    till, left = witness.box, witness.left
    (pace,) = chance.choices(PACES, [pace.share for pace in PACES])
    process = await till.start()
    loop = asyncio.get_running_loop()
    if chance.random() < DIES_STARTING:
        loop.call_later(chance.uniform(0, LONGEST_START_S), process.kill)
    try:
        await till.until_up()
        loop.call_later(chance.uniform(0, pace.longest_life_s), process.kill)
        if left is not None:
            await witness.catch_up(left)
        await sell_for_ever(witness, chance, pace)
    except DaemonEndedError:
        await till.kill()
    # The very first life may end before its store was born; after that there always is one.
    if left is not None or till.store.exists():
        witness.look(process.killed_at_s)


@pytest.mark.timeout(60 + SECONDS_A_ROUND * ROUNDS)
async def test_killed_at_random(tmp_path: Path) -> None:
    chance = Random(SEED)
    print(f"{ROUNDS} rounds, seed {SEED}")  # noqa: T201 - what it takes to do it again
    async with (
        plain_broker(tmp_path) as broker,
        box(tmp_path, uplink_port=broker.port) as till,
        headquarters(broker.port, tmp_path / "hq.db") as (hq, engine),
    ):
        witness = Witness(till)
        for number in range(ROUNDS):
            if chance.random() < BROKER_DIES:
                await broker.kill()
                await broker.start()
            try:
                await live_and_die(witness, chance)
            except AssertionError as error:
                error.add_note(f"round {number} of seed {SEED}")
                raise
        await till.up()
        assert witness.left is not None
        await witness.catch_up(witness.left)
        assert await till.stop() == 0
        left = witness.look()
        assert (left.pending, left.pending_pulses, left.draft) == (set(), 0, None)
        await till.up()
        await hq.wait_for(DEVICE, *left.records[-1][:2])
        assert await stored(engine, DEVICE) == list(left.records)
        report = await sales_report(engine)
        assert report["sales"] == len(left.totals)
        assert report["sales_minor"] == sum(left.totals.values())
        assert await till.stop() == 0
        assert len(left.totals) >= ROUNDS // 2, "too few sales for that many rounds"
        print(witness.figures())  # noqa: T201 - for whoever runs hundreds of rounds
