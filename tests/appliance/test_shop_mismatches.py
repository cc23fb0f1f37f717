"""A shop's files, each of them good, that do not go together: said beforehand, and at a start."""

import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from structlog.testing import capture_logs

from edge.__main__ import main
from edge.checkout.loyalty.member_numbers import card_number
from edge.settings import settings_from
from edge.shop_mismatches import LISTED, lists_in_force, tell_mismatches
from edge.store.member_file import COLUMNS
from tests.support.house import Counter, counter
from tests.support.loyalty import POINTS, lease_of
from tests.support.promotion_files import percent, text_of

SHELF = (
    "plu,barcodes,name_en,name_zh,price_minor,tax_code,unit,categories,tags,price_minor:trade\n"
    "1,5901234123457,Pencil,,120,A,each,paper,school,100\n"
    "\n"
    "2,4006381333931 22123456,Tea,,499,A,each,drinks,,\n"
    "pencils,,Ten pencils,,1000,A,each,,,\n"
)
EDGE = """
[device]
id = "till-07"
[shop]
name = "Kiosk"
currency = "USD"
# Nobody uses B: a rate may be there before what it is for. A is that of top-ups and count cards.
taxes = [{ code = "A", rate_bp = 0 }, { code = "B", rate_bp = 900 }]
labels = [{ layout = "22IIIIIIVVVVC", kind = "weight" }]
catalogue = "shelf.csv"
promotions = "promotions.json"
[store]
path = "till.db"
"""
LOYALTY = """
[loyalty]
till = 7
members = "members.csv"
top_up = { most_minor = 50000 }
[[loyalty.tiers]]
id = "silver"
name_en = "Silver"
name_zh = "银卡"
from_minor = 0
price_list = "trade"
[[loyalty.rewards]]
id = "tea"
points = 10
plu = "2"
[[loyalty.count_plans]]
id = "pencils"
visits = 10
services = ["1"]
[[loyalty.campaigns]]
id = "spring"
kind = "item"
rate_bp = 5000
products = ["1"]
categories = ["drinks"]
"""
GOOD = percent(
    "half",
    5_000,
    where={
        "kind": "any_of",
        "selections": [
            {"kind": "products", "plus": ["1"]},
            {"kind": "categories", "names": ["drinks"]},
            {"kind": "tags", "names": ["school"]},
        ],
    },
    conditions=[
        {"kind": "tiers", "tiers": ["silver"]},
        {"kind": "segments", "segments": ["staff", "birthday-day", "first-purchase"]},
        {"kind": "coupon", "coupon": "spring"},
    ],
)


def member(counter: int, tier: str = "", segments: str = "") -> str:
    number = card_number(900, counter)
    return f"{number},{number},1,,Anna,,1,{tier},{segments},0,3,70000"


class Shop:
    """The files of a shop, which go together until one is changed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.config = folder / "edge.toml"
        self.shelf = folder / "shelf.csv"
        self.promotions = folder / "promotions.json"
        self.members = folder / "members.csv"
        self.config.write_text(EDGE + LOYALTY, encoding="utf-8")
        self.shelf.write_text(SHELF, encoding="utf-8")
        self.promotions.write_text(text_of(percent("plain", 100), GOOD), encoding="utf-8")
        self.write_members(member(1, "silver", "vip staff"), member(2))

    def write_members(self, *rows: str) -> None:
        self.members.write_text("\n".join((",".join(COLUMNS), *rows)), encoding="utf-8")

    def change(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def check(self) -> tuple[int, list[str], str]:
        """The exit status, what is wrong with the files, and the last word."""
        status = main(["check-config", "--config", str(self.config)])
        said = self._capsys.readouterr()
        forgotten = ("devices: no printer", "devices: no drawer")
        lines = [each for each in said.err.splitlines() if not each.startswith(forgotten)]
        return status, lines, said.out

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Counter]:
        """With a device of each kind in it."""
        raw: dict[str, Any] = tomllib.loads(self.config.read_text(encoding="utf-8"))
        kinds = ("scanner", "keypad", "printer", "drawer", "cashier_display", "customer_display")
        raw["devices"] = [{"driver": f"{each}_simulated", "name": each} for each in kinds]
        settings = settings_from(raw, self.config)
        async with counter(settings) as till:
            with capture_logs() as self.logs:
                await tell_mismatches(await lists_in_force(till.house.store, settings), settings)
            yield till

    async def said_at_a_start(self) -> list[tuple[str, str]]:
        async with self.open():
            events = [each for each in self.logs if each["event"] == "shop_lists_disagree"]
        assert {each["log_level"] for each in events} <= {"warning"}
        return [(each["place"], each["reason"]) for each in events]


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shop:
    return Shop(tmp_path, capsys)


class Slip(NamedTuple):
    """What is changed in which file, where and why check-config warns, and the place at a start."""

    file: str
    old: str
    new: str
    row: str
    reason: str
    place: str


KEYS = {
    "shelf": "shop.catalogue",
    "promotions": "shop.promotions",
    "members": "loyalty.members",
}
HALF = "promotions row 2 (half)", "promotion half"
SLIPS = [
    Slip(
        file="shelf",
        old="4006381333931",
        new="4006381333913",
        row="row 4",
        reason="barcode '4006381333913' has a wrong GS1 check digit: only labels of your own can"
        " have it",
        place="product 2",
    ),
    Slip("promotions", '["1"]', '["1", "101"]', HALF[0], "no product has the PLU '101'", HALF[1]),
    Slip(
        "promotions",
        *('["drinks"]', '["drnks"]', HALF[0], "no product is in the category 'drnks'", HALF[1]),
    ),
    Slip("promotions", "school", "scool", HALF[0], "no product has the tag 'scool'", HALF[1]),
    Slip("promotions", "silver", "sliver", HALF[0], "loyalty.tiers has no 'sliver'", HALF[1]),
    Slip("promotions", "staff", "stuff", HALF[0], "no member is in the segment 'stuff'", HALF[1]),
    Slip("promotions", "spring", "sprung", HALF[0], "loyalty.campaigns has no 'sprung'", HALF[1]),
    Slip(
        file="members",
        old="silver",
        new="gold",
        row="row 2, tier",
        reason="the member's tier is unknown; loyalty.tiers has: silver",
        place="1 member",
    ),
]
IN_THE_SETTINGS = [
    ('plu = "2"', 'plu = "3"', "rewards (tea), plu", "no product has the PLU '3'"),
    ('id = "pencils"', 'id = "crayons"', "count_plans (crayons), id", "the PLU 'crayons'"),
    ('services = ["1"]', 'services = ["4"]', "count_plans (pencils), services", "the PLU '4'"),
    ('products = ["1"]', 'products = ["5"]', "campaigns (spring), products", "the PLU '5'"),
    ('["drinks"]', '["food"]', "campaigns (spring), categories", "the category 'food'"),
]


async def test_of_lists_that_go_together_nothing_is_said(shop: Shop) -> None:
    status, lines, last = shop.check()
    assert (status, lines) == (0, [])
    assert last.startswith(f"{shop.config}: well; ")
    assert await shop.said_at_a_start() == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.new)
async def test_a_name_of_nothing_is_a_warning_with_file_row_and_reason(
    shop: Shop, slip: Slip
) -> None:
    path: Path = getattr(shop, slip.file)
    shop.change(path, slip.old, slip.new)
    status, lines, last = shop.check()
    assert status == 0
    assert lines == [f"{shop.config}: {KEYS[slip.file]}: {path}: {slip.row}: {slip.reason}"]
    assert last.endswith(", 3 warnings\n")  # with no printer and no drawer
    assert await shop.said_at_a_start() == [(slip.place, slip.reason)]


@pytest.mark.parametrize(("old", "new", "place", "reason"), IN_THE_SETTINGS)
async def test_the_settings_name_goods_too(
    shop: Shop, old: str, new: str, place: str, reason: str
) -> None:
    shop.change(shop.config, old, new)
    status, (line,), _ = shop.check()
    assert status == 0
    assert line.startswith(f"{shop.config}: loyalty.{place}: no product ")
    assert line.endswith(reason)
    ((at_a_start, why),) = await shop.said_at_a_start()
    assert (at_a_start, line.endswith(why)) == (f"loyalty.{place}", True)


async def test_a_count_card_is_not_taxed_for_its_visits_are(shop: Shop) -> None:
    shop.change(shop.shelf, "1000,A", "1000,B")
    said = (
        "loyalty.count_plans (pencils), id",
        "the card has the tax code 'B', which is no rate of 0: its visits are taxed again",
    )
    assert shop.check()[:2] == (0, [f"{shop.config}: {': '.join(said)}"])
    assert await shop.said_at_a_start() == [said]


async def test_top_ups_that_are_set_have_a_rate_of_0(shop: Shop) -> None:
    shop.change(shop.config, 'code = "A", rate_bp = 0', 'code = "A", rate_bp = 1300')
    said = ("loyalty.top_up", "shop.taxes has no rate_bp = 0: nothing can be topped up")
    assert f"{shop.config}: {': '.join(said)}" in shop.check()[1]
    assert said in await shop.said_at_a_start()
    shop.change(shop.config, "top_up = { most_minor = 50000 }\n", "")
    assert said not in await shop.said_at_a_start()


async def test_a_price_list_has_a_tier_and_a_tier_s_has_prices(shop: Shop) -> None:
    shop.change(shop.shelf, "price_minor:trade", "price_minor:trde")
    no_tier = "price_minor:trde: no tier of loyalty.tiers has the price list 'trde'"
    no_price = "loyalty.tiers (silver), price_list: no product has a price on the list 'trade'"
    _, lines, _ = shop.check()
    in_row_1 = f"{shop.config}: shop.catalogue: {shop.shelf}: row 1, {no_tier}"
    assert lines == [in_row_1, f"{shop.config}: {no_price}"]
    said = [": ".join(each) for each in await shop.said_at_a_start()]
    assert said == [f"products, {no_tier}", no_price]


async def test_a_plu_is_the_shop_s_own_whatever_its_digits(shop: Shop) -> None:
    own = "12345678,12345678,Own,,100,A,each,,,\n"
    shop.shelf.write_text(SHELF + own, encoding="utf-8")
    assert shop.check()[:2] == (0, [])
    assert await shop.said_at_a_start() == []


def test_a_tier_of_many_members_is_one_line_and_no_cell_is_shown(shop: Shop) -> None:
    """A file of people whose columns were shifted has a name where a tier should be."""
    shop.write_members(member(1, "Wang"), member(2, "silver", "staff"), *map(wang, range(3, 1_005)))
    _, (line,), _ = shop.check()
    assert line.endswith(
        ": row 2, tier, and 1002 rows more: the member's tier is unknown; loyalty.tiers has: silver"
    )
    assert "Wang" not in line


def wang(counter: int) -> str:
    return member(counter, "Wang")


def test_of_each_kind_so_many_are_listed_that_none_hides_another(shop: Shop) -> None:
    own = "".join(f"{plu},{10_000_001 + plu * 10},Own,,100,A,each,,,\n" for plu in range(3, 103))
    shop.shelf.write_text(SHELF + own, encoding="utf-8")
    shop.change(shop.promotions, '["silver"]', '["sliver"]')
    _, lines, last = shop.check()
    assert sum("GS1 check digit" in line for line in lines[:LISTED]) == LISTED
    assert lines[LISTED].endswith("loyalty.tiers has no 'sliver'")
    (more,) = lines[LISTED + 1 :]
    assert more.endswith(" more: like these: barcode")
    assert last.endswith(f", {len(lines) + 2} warnings\n")


def test_a_shop_without_members_takes_a_chain_s_lists_as_they_are(shop: Shop) -> None:
    shop.config.write_text(EDGE, encoding="utf-8")
    assert shop.check()[:2] == (0, [])


def test_what_may_be_in_the_store_from_before_is_not_judged_by_the_files(shop: Shop) -> None:
    shop.change(shop.config, 'catalogue = "shelf.csv"\n', "")
    shop.change(shop.config, 'members = "members.csv"\n', "")
    assert shop.check()[:2] == (0, [])


async def test_at_a_start_it_is_what_is_in_force_that_is_judged(shop: Shop) -> None:
    """A file that was refused leaves the old one in force, and gone are the rows of either."""
    shop.change(shop.promotions, '["silver"]', '["sliver"]')
    assert await shop.said_at_a_start() == [("promotion half", "loyalty.tiers has no 'sliver'")]
    shop.promotions.write_text(text_of(GOOD) + "]", encoding="utf-8")
    assert await shop.said_at_a_start() == [("promotion half", "loyalty.tiers has no 'sliver'")]


def test_a_lease_of_another_till_is_an_error_for_none_of_the_file_would_be_taken(
    shop: Shop, tmp_path: Path
) -> None:
    leases = tmp_path / "leases.jsonl"
    own, others = lease_of(POINTS, 100), lease_of(POINTS, 50, "L-2")
    content = {**others.model_dump(mode="json"), "device": "till-08"}
    leases.write_text(f"{own.model_dump_json()}\n{json.dumps(content)}\n", encoding="utf-8")
    shop.change(shop.config, "[loyalty]\n", f'[loyalty]\nleases = "{leases.name}"\n')
    status, lines, _ = shop.check()
    assert status == 2
    refused = f"row 2: device: a lease of till-08, not of {own.device}"
    assert lines == [f"{shop.config}: loyalty.leases: {leases}: {refused}"]
