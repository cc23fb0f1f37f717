"""A card that was copied: two boxes with one name and one past."""

from pathlib import Path

import pytest

from edge.hq.cursors import release_device
from edge.hq.reports import sales_report
from tests.support.broker import plain_broker
from tests.support.fleet import Till, alarms, headquarters, logged, running, stored
from tests.support.outbox import MemoryOutbox


@pytest.mark.parametrize("clone_sales", [1, 3, 5], ids=["fewer", "as many", "more"])
async def test_a_clone_is_seen_as_a_fork_and_changes_no_figure(
    tmp_path: Path, clone_sales: int
) -> None:
    """Whatever it has sold, its last sale at the latest gives it away."""
    genuine = MemoryOutbox("till-1")
    genuine.sell(5)
    async with (
        plain_broker(tmp_path) as broker,
        headquarters(broker.port, tmp_path / "hq.db") as (_hq, engine),
    ):
        async with running(Till(broker.port, "till-1", genuine)):
            await genuine.wait_acked()
            clone = genuine.copy()
            genuine.sell(3)
        async with running(Till(broker.port, "till-1", genuine)):
            await genuine.wait_acked()
        figures = await sales_report(engine)

        clone.sell(clone_sales, total_minor=999)
        till = Till(broker.port, "till-1", clone)
        async with running(till):
            while ("till-1", "fork") not in await alarms(engine):
                await till.clock.slept(1)

        assert await sales_report(engine) == figures
        assert len(await stored(engine, "till-1")) == 9
        assert clone.acked == (1, 6)

        # Somebody has looked at it, and the clone is off the line.
        await release_device(engine, "till-1")
        genuine.sell(1)
        async with running(Till(broker.port, "till-1", genuine)):
            await genuine.wait_acked()
        assert (await sales_report(engine))["sales"] == 9


async def test_a_clone_learns_of_its_quarantine(tmp_path: Path) -> None:
    genuine = MemoryOutbox("till-1")
    clone = genuine.copy()
    genuine.sell(3)
    clone.sell(5, total_minor=999)
    with logged() as lines:
        async with (
            plain_broker(tmp_path) as broker,
            headquarters(broker.port, tmp_path / "hq.db") as (_hq, engine),
        ):
            async with running(Till(broker.port, "till-1", genuine)):
                await genuine.wait_acked()
            till = Till(broker.port, "till-1", clone)
            assert till.uplink.trouble == ""
            async with running(till):
                while not till.inbox.quarantined:
                    await till.clock.slept(1)
                assert till.uplink.trouble.startswith(
                    "headquarters has quarantined this store: a copy of it has sold as till-1 too"
                )
                assert till.uplink.trouble.endswith("edge hq release till-1")
            assert await alarms(engine) == {("till-1", "fork"): 1}
    events = [line["event"] for line in lines]
    assert events.count("device_quarantined") == events.count("quarantined") == 1
    assert clone.acknowledged == []
