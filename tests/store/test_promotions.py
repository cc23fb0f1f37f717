"""Promotions in force: on disk and in memory, swapped whole, and counted as sales use them."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.promotions.offers import Offer
from edge.checkout.promotions.promotion import PercentOff, Promotion
from edge.checkout.promotions.sale import UNUSED, Used
from edge.checkout.promotions.uses import MemberUses
from edge.checkout.records import Entry
from edge.checkout.shop import Language
from edge.store import tools
from edge.store.till_store import TillStore
from tests.support.promotion_files import flash, listed, percent, used_in
from tests.support.store import START_MS, SteppedClock, record, refund, sale, till

# START_MS is 2023-11-14, 22:13 UTC.
TODAY = date(2023, 11, 14)
TOMORROW = date(2023, 11, 15)
HOURS_MS = 3_600_000
SUMMER = percent("summer", 1_000, name="Summer", name_zh="夏日")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


async def put(store: TillStore, clock: SteppedClock, *entries: Entry) -> None:
    await record(store, clock, *entries)


def ids(store: TillStore) -> list[str]:
    return [each.id for each in store.promotions().offers().promotions.promotions]


async def test_promotions_in_force_are_there_again_without_the_file(path: Path) -> None:
    clock = SteppedClock()
    wanted = listed(SUMMER, flash("flash", "000001", 50, 3))
    async with till(path, clock=clock) as store:
        assert ids(store) == []
        offers = await store.promotions().replace(wanted, "v1", clock.now())
        assert offers == store.promotions().offers()
    async with till(path, clock=clock) as store:
        assert store.promotions().offers() == offers
        assert offers.version == "v1"
        assert [each.core() for each in wanted] == sorted(
            offers.promotions.promotions, key=lambda each: each.id, reverse=True
        )


async def test_promotions_are_swapped_whole_and_on_record(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await store.promotions().replace(listed(SUMMER, percent("old", 500)), "v1", clock.now())
        await store.promotions().replace(listed(SUMMER), "v2", clock.now())
        assert ids(store) == ["summer"]
        records = await store.journal_after(1, 0, 10)
    assert [(each.kind, each.body) for each in records[1:]] == [
        ("promotions.loaded", {"version": "v1", "promotions": 2}),
        ("promotions.loaded", {"version": "v2", "promotions": 1}),
    ]
    assert tools.verify(path).problems == ()


async def test_each_promotion_keeps_its_names(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        offers = await store.promotions().replace(
            listed(SUMMER, percent("plain", 500), percent("only", 500, name="Only")),
            "v1",
            clock.now(),
        )
        assert dict(offers.names_in(Language.ENGLISH)) == {
            "summer": "Summer",
            "plain": "plain",
            "only": "Only",
        }
        assert offers.names_in(Language.CHINESE)["summer"] == "夏日"
        assert len(offers.names_in(Language.CHINESE)) == 3
        assert offers.names_in(Language.CHINESE)["only"] == "Only"


async def test_what_the_settings_give_is_beside_what_is_listed(path: Path) -> None:
    clock = SteppedClock()
    gold = Offer(Promotion("tier:gold", PercentOff(500)), "Gold", "金卡")
    async with till(path, clock=clock) as store:
        store.promotions().use_campaigns([gold])
        await store.promotions().replace(listed(SUMMER), "v1", clock.now())
        assert ids(store) == ["summer", "tier:gold"]
        store.promotions().use_campaigns([])
        assert ids(store) == ["summer"]


async def test_promotions_of_the_same_id_leave_the_old_ones_in_force(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await store.promotions().replace(listed(SUMMER), "v1", clock.now())
        twice = (*listed(percent("a", 100)), *listed(percent("a", 200)))
        with pytest.raises(ValueError, match="promotions of the same id: a"):
            await store.promotions().replace(twice, "v2", clock.now())
        assert ids(store) == ["summer"]


async def test_promotions_that_this_software_cant_read_are_none_until_a_file_is_loaded(
    path: Path,
) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await store.promotions().replace(listed(SUMMER), "v1", clock.now())
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute('UPDATE promotion SET body = \'{"id": "summer"}\'')
    with capture_logs() as logs:
        async with till(path, clock=clock) as store:
            assert (ids(store), store.promotions().offers().version) == ([], "")
            await store.promotions().replace(listed(SUMMER), "v1", clock.now())
    [line] = logs
    assert (line["event"], line["promotion"]) == ("promotions_unreadable", "summer")
    assert line["reason"] == "Field required"
    async with till(path, clock=clock) as store:
        assert ids(store) == ["summer"]


async def test_uses_are_counted_in_all_and_by_day_over_a_restart(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await put(store, clock, used_in(sale(1), {"flash": 2, "summer": 1}))
        await put(store, clock, used_in(sale(2), {"flash": 1}), used_in(sale(3), {}))
        before = store.promotions().uses()
        assert before.used(TODAY)["flash"] == Used(today=3, in_all=3)
        assert before.used(TOMORROW)["flash"] == Used(today=0, in_all=3)
    async with till(path, clock=clock) as store:
        assert store.promotions().uses() == before
    assert tools.verify(path).problems == ()


async def test_a_new_day_counts_from_nothing(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await put(store, clock, used_in(sale(1), {"flash": 2}))
        await clock.sleep_ms(2 * HOURS_MS)
        await put(store, clock, used_in(sale(2), {"flash": 1}))
        assert store.promotions().uses().used(TOMORROW)["flash"] == Used(today=1, in_all=3)
        # A clock that is set back finds the day before as it was.
        assert store.promotions().uses().used(TODAY)["flash"] == Used(today=2, in_all=3)
    async with till(path, clock=clock) as store:
        assert store.promotions().uses().used(TOMORROW)["flash"] == Used(today=1, in_all=3)


async def test_the_day_is_the_shops(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock, utc_offset_minutes=480) as store:
        await put(store, clock, used_in(sale(1), {"flash": 2}))
        assert store.promotions().uses().used(TOMORROW)["flash"].today == 2
        assert await store.promotions().of_member("", TOMORROW) == {}
    async with till(path, clock=clock, utc_offset_minutes=480) as store:
        assert store.promotions().uses().used(TOMORROW)["flash"].today == 2


async def test_a_members_uses_are_those_of_his_sales(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await put(store, clock, used_in(sale(1), {"flash": 2, "summer": 1}, "9001"))
        await put(store, clock, used_in(sale(2), {"flash": 1}, "9002"))
        await clock.sleep_ms(2 * HOURS_MS)
        await put(store, clock, used_in(sale(3), {"flash": 4}, "9001"))
        desk = store.promotions()
        assert await desk.of_member("9001", TOMORROW) == {
            "flash": MemberUses(in_all=6, today=4),
            "summer": MemberUses(in_all=1, today=0),
        }
        assert await desk.of_member("9003", TOMORROW) == {}
        own = await desk.of_member("9001", TOMORROW)
        assert desk.uses().used(TOMORROW, own)["flash"] == Used(
            by_member=6, by_member_today=4, today=4, in_all=7
        )


async def test_a_refund_gives_no_use_back(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await put(store, clock, used_in(sale(1), {"flash": 2}))
        await put(store, clock, used_in(refund(2, 1, {1: 1}), {"flash": 1}))
        assert store.promotions().uses().used(TODAY)["flash"] == Used(today=2, in_all=2)
    assert tools.verify(path).problems == ()


async def test_what_nobody_used_is_unused(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await put(store, clock, used_in(sale(1), {"flash": 2}))
        used = store.promotions().uses().used(TODAY, {"own": MemberUses(1, 1)})
        assert used.get("never", UNUSED) == UNUSED
        assert (sorted(used), len(used)) == (["flash", "own"], 2)
        assert used["own"] == Used(by_member=1, by_member_today=1)


def test_the_clock_of_these_tests_begins_where_they_say() -> None:
    assert (TODAY - date(1970, 1, 1)).days == START_MS // (24 * HOURS_MS)
