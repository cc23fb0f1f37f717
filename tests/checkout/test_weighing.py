"""A scale at the till: weighed goods are scanned or keyed, and weighed by themselves."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from edge.checkout.devices import Kind, TillDevice
from edge.checkout.effects import ReadScale
from edge.checkout.goods.catalogue import Catalogue, Product
from edge.checkout.goods.scale import ScaleTrouble
from edge.checkout.inputs import Input, Weighed, WeighFailed
from edge.checkout.records import EntryKind, Pack, Unit
from edge.checkout.sale.selling import TROUBLES
from edge.checkout.session import State
from edge.checkout.shop import Limits, has_device
from tests.support.goods import FISH, GOODS, GoodsTill
from tests.support.gs1 import CHEESE_01, TODAY, YESTERDAY, scan
from tests.support.gs1 import GOODS as LONG_CODES
from tests.support.playbook import APPLES, CATALOGUE, SHOP, Till

SCALE_SHOP = replace(
    SHOP, devices=(TillDevice("scanner", Kind.SCANNER), TillDevice("scale", Kind.SCALE))
)


class WeighingTill(Till):
    """What lies on its scale is `grams`, or what it says instead is `trouble`."""

    def __init__(self, grams: int = 350, catalogue: Catalogue = CATALOGUE, **given: object) -> None:
        super().__init__(given.pop("shop", SCALE_SHOP), catalogue, **given)
        self.grams = grams
        self.trouble: ScaleTrouble | None = None
        self.world[ReadScale] = self._weigh

    def _weigh(self, _: ReadScale) -> Input:
        if self.trouble is not None:
            return WeighFailed(self.now(), self.trouble)
        return Weighed(self.now(), self.grams)


def test_only_a_shop_with_a_scale_asks_one() -> None:
    assert has_device(SCALE_SHOP, Kind.SCALE)
    assert not has_device(SHOP, Kind.SCALE)
    assert Till().scan("2001").notice == "Weighed item - weight X, scan"


@pytest.mark.parametrize("keys", ["", "2001 ENTER"])
def test_a_weighed_article_is_weighed_when_it_is_scanned_or_keyed(keys: str) -> None:
    till = WeighingTill()
    till.press(keys) if keys else till.scan("2001")
    assert (till.state, till.of(ReadScale)) == (State.FINDING, [ReadScale()])
    assert till.screen.title == "One moment"
    assert till.notice == "Weighing - leave it on the scale"

    till.answered()
    assert till.notice == ""
    assert (till.state, till.rows) == (State.SELLING, [("Apples", "0.350 × 12.80", "4.48")])
    assert till.press("CASH").stored().sale.lines[0].quantity_milli == 350


def test_a_weight_that_was_keyed_wins_and_pieces_are_not_weighed() -> None:
    till = WeighingTill().press("0.5 X").scan("2001").scan("1001")
    assert till.rows == [("Apples", "0.500 × 12.80", "6.40"), ("Cola", "1 × 3.50", "3.50")]


BY_WEIGHT = "By weight - scale, or kg as 5.000 X"


@pytest.mark.parametrize("till", [Till, WeighingTill])
def test_five_pieces_of_what_is_sold_by_weight_are_not_taken_for_kilograms(
    till: Callable[[], Till],
) -> None:
    by_plu, scanned = till().press("5 X 2001 ENTER"), till().press("5 X").scan("2001")
    assert by_plu.notice == scanned.notice == BY_WEIGHT
    assert by_plu.rows == scanned.rows == []
    for keyed in ("5. X", "5.0 X", "5.000 X"):
        assert till().press(f"{keyed} 2001 ENTER").rows == [("Apples", "5 × 12.80", "64.00")]


def test_the_scale_weighs_what_was_keyed_as_pieces_when_it_is_scanned_again() -> None:
    till = WeighingTill().press("5 X").scan("2001")
    assert (till.notice, till.screen.entry) == (BY_WEIGHT, "")
    assert till.scan("2001").answered().rows == [("Apples", "0.350 × 12.80", "4.48")]


def test_a_weighed_line_is_corrected_with_a_point_as_well() -> None:
    till = WeighingTill().scan("2001").answered()
    assert till.press("5 X ENTER").notice == BY_WEIGHT
    assert till.rows == [("Apples", "0.350 × 12.80", "4.48")]
    assert till.press("5. X ENTER").rows == [("Apples", "5 × 12.80", "64.00")]


def test_pieces_come_back_by_weight_and_stand_for_no_weight_on_a_pack() -> None:
    assert Till().press("MENU 12 5 X 2001 ENTER").notice == BY_WEIGHT
    shelf = Catalogue("1", LONG_CODES)
    assert scan(Till(SHOP, shelf).press("2 X"), CHEESE_01 + "3104001255").notice == BY_WEIGHT


def test_a_point_that_was_keyed_is_kept_over_a_question() -> None:
    till = Till().press("5. X MENU CLEAR 2001 ENTER")
    assert till.rows == [("Apples", "5 × 12.80", "64.00")]


def test_a_label_with_its_weight_is_not_weighed() -> None:
    assert WeighingTill().scan("2200101003506").rows[0][1].startswith("0.350 ×")


@pytest.mark.parametrize("grams", [0, -5])
def test_an_empty_scale_sells_nothing(grams: int) -> None:
    till = WeighingTill(grams).scan("2001").answered()
    assert (till.state, till.rows) == (State.IDLE, [])
    assert till.notice == "Nothing on the scale - put it on, scan"


def test_a_weight_that_no_basket_may_hold_is_refused() -> None:
    shop = replace(SCALE_SHOP, limits=Limits(max_quantity_milli=100))
    assert WeighingTill(shop=shop).scan("2001").answered().notice == "Quantity out of range - CLEAR"


def test_every_trouble_has_its_own_words_and_the_weight_can_be_keyed() -> None:
    assert set(TROUBLES) == set(ScaleTrouble)
    assert len(set(TROUBLES.values())) == len(TROUBLES)
    for trouble, word in TROUBLES.items():
        till = WeighingTill()
        till.trouble = trouble
        till.scan("1001").scan("2001").answered()
        assert (till.state, till.notice, len(till.rows)) == (State.SELLING, word.english, 1)
        till.press("0.2 X").scan("2001")
        assert till.rows[1] == ("Apples", "0.200 × 12.80", "2.56")


def test_keys_and_scans_wait_for_the_scale_and_follow_in_order() -> None:
    till = WeighingTill().scan("2001").scan("1001").press("2 X 1002 ENTER")
    assert till.rows == []
    till.answered()
    assert [row[0] for row in till.rows] == ["Apples", "Cola", "Water"]


def test_clear_that_was_pressed_meanwhile_takes_the_refusal_away() -> None:
    till = WeighingTill(0).scan("2001").press("CLEAR").answered()
    assert (till.state, till.notice) == (State.IDLE, "")


def test_in_a_return_goods_are_weighed_too() -> None:
    till = WeighingTill().press("MENU 12").scan("2001").answered()
    assert (till.state, till.rows) == (State.RETURNING, [("Apples", "0.350 × 12.80", "4.48")])
    assert till.press("CASH").stored().sale.kind is EntryKind.REFUND


def test_an_open_price_is_asked_for_after_the_weight() -> None:
    till = WeighingTill(500, GOODS).scan(FISH.plu).answered()
    assert till.state is State.ASKING
    assert till.press("3000 ENTER").rows == [("Fish", "0.500 × 30.00", "15.00")]


def test_goods_found_by_a_search_are_weighed() -> None:
    till = WeighingTill(250, GOODS).press("MENU 34 2001 ENTER ENTER").answered()
    assert till.rows == [("Apples", "0.250 × 12.80", "3.20")]


def test_the_pack_of_a_long_code_goes_with_the_weight_and_may_have_expired() -> None:
    shelf = Catalogue("1", LONG_CODES)
    till = scan(WeighingTill(250, shelf), f"{CHEESE_01}17{TODAY}10B7").answered()
    assert till.session.basket.lines[0].pack == Pack(batch="B7", expires="2026-01-01")
    till = scan(WeighingTill(250, shelf), f"{CHEESE_01}17{YESTERDAY}").answered()
    assert (till.rows, till.notice) == ([], "Expired 2025-12-31 - don't sell")


def test_a_label_without_whole_grams_is_weighed_or_keyed() -> None:
    shelf = Catalogue("1", LONG_CODES)
    till = scan(WeighingTill(125, shelf), CHEESE_01 + "3104001255").answered()
    assert till.rows == [("Cheese", "0.125 × 100.00", "12.50")]
    till = scan(Till(SHOP, shelf).press("0.125 X"), CHEESE_01 + "3104001255")
    assert till.rows == [("Cheese", "0.125 × 100.00", "12.50")]
    till = scan(WeighingTill(426, shelf), CHEESE_01 + "310400425539221250").answered()
    assert till.rows == [("Cheese", "0.426 × 29.34", "12.50")]


def test_stock_is_not_weighed_for_it_comes_in_crates() -> None:
    till = GoodsTill(SCALE_SHOP).press("MENU 31").scan("2001")
    assert till.notice == "Weighed item - weight X, scan"
    assert till.press("20 X").scan("2001").notice == BY_WEIGHT
    assert till.press("20. X").scan("2001").stored().notice.startswith("In stock: Apples")


def test_a_weight_that_makes_the_record_too_large_is_refused_where_the_till_was() -> None:
    random = Random(2)
    goods = {
        str(10_000 + n): Product(
            str(10_000 + n),
            "",
            "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(120)),
            APPLES.price_minor,
            "A",
            Unit.KG,
        )
        for n in range(400)
    }
    till = WeighingTill(100, Catalogue("1", goods))
    taken = 0
    for code in goods:
        if till.notice:
            break
        till.scan(code).answered()
        taken += 1
    assert (till.state, till.notice) == (State.SELLING, "Basket is full - pay first")
    assert 100 < len(till.session.basket.lines) == taken - 1
    assert till.press("CASH").stored().state is State.IDLE
