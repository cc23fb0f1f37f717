"""How long ingest waits before it connects anew: two workers with one name must slow down."""

import asyncio
from itertools import count
from pathlib import Path
from random import Random

import pytest

from edge.hq.database import open_database
from edge.hq.ingest_service import HqIngest
from edge.hq.settings import IngestSettings
from tests.support.broker import plain_broker
from tests.support.fleet import LOOPBACK, logged, running, somebody

STABLE_AFTER_MS = 30_000


class Dice(Random):
    """Full jitter's dice, which tell the bound of each throw."""

    def __init__(self) -> None:
        super().__init__(7)
        self.bounds_ms: asyncio.Queue[float] = asyncio.Queue()

    def uniform(self, a: float, b: float) -> float:
        self.bounds_ms.put_nowait(b)
        return super().uniform(a, b)


@pytest.mark.parametrize(
    ("lasted_ms", "bounds_ms"),
    [(STABLE_AFTER_MS - 1, [10, 20, 40, 50, 50]), (STABLE_AFTER_MS, [10, 10, 10, 10, 10])],
    ids=["soon", "after long"],
)
async def test_who_is_thrown_out_soon_waits_longer_each_time(
    tmp_path: Path, lasted_ms: int, bounds_ms: list[float]
) -> None:
    dice, found = Dice(), []
    async with (
        plain_broker(tmp_path) as broker,
        open_database(f"sqlite:///{tmp_path}/hq.db") as engine,
    ):
        settings = IngestSettings(
            host=LOOPBACK,
            port=broker.port,
            reconnect_base_ms=10,
            reconnect_cap_ms=50,
            stable_after_ms=STABLE_AFTER_MS,
        )
        hq = HqIngest(settings, engine, mono_ms=count(0, lasted_ms).__next__, random=dice)
        with logged() as lines:
            async with running(hq):
                for _ in bounds_ms:
                    await hq.wait_ready()
                    async with somebody(broker.port, settings.name):
                        found.append(await dice.bounds_ms.get())
    assert found == bounds_ms
    assert [line["event"] for line in lines].count("broker_lost") == len(bounds_ms)
