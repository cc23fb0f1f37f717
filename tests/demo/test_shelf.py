"""The shelf holds the whole shop, and what a scanner reads off it the till can sell."""

import csv
from random import Random

import pytest

from edge.checkout.goods.barcode import CodeFault, EmbeddedCode, EmbeddedKind, LabelLayout, parse
from edge.checkout.records import Unit
from edge.demo.shelf import (
    CARD_NUMBER,
    HEAVIEST_G,
    LIGHTEST_G,
    MISREAD_CODE,
    ODD_CODES,
    SHOP_FILE,
    SHOWN_CODES,
    UNKNOWN_CODE,
    Shelf,
    read_shelf,
    some_weight_g,
)

LABELS = (LabelLayout("21IIIIIVVVVVC", EmbeddedKind.WEIGHT),)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return read_shelf()


def test_everything_in_the_shop_lies_on_one_page(shelf: Shelf) -> None:
    with SHOP_FILE.open(encoding="utf-8", newline="") as file:
        plus = [row["plu"] for row in csv.DictReader(file)]
    assert sorted(goods.plu for goods in shelf) == sorted(plus)
    assert all(len(page.goods) >= 10 for page in shelf.departments)
    assert shelf.pages[-1] is ODD_CODES


def test_weighed_goods_carry_the_label_of_the_scales(shelf: Shelf) -> None:
    apples = shelf.named("Apples Red Fuji")
    assert parse(apples.scanned(846), LABELS) == EmbeddedCode(apples.code, EmbeddedKind.WEIGHT, 846)


def test_other_goods_carry_their_own_code(shelf: Shelf) -> None:
    water = shelf.named("Spring Water 550 ml")
    assert water.unit is Unit.EACH
    assert water.scanned(846) == water.code == "9520417010016"


def test_what_can_not_be_sold_is_what_it_says(shelf: Shelf) -> None:
    assert parse(MISREAD_CODE, LABELS) is CodeFault.MISREAD
    assert parse(CARD_NUMBER, LABELS) is CodeFault.CARD_NUMBER
    assert not isinstance(parse(UNKNOWN_CODE, LABELS), CodeFault)
    assert UNKNOWN_CODE not in {goods.code for goods in shelf}


@pytest.mark.parametrize("words", ["cola zero", "ZERO Cola", "无糖可乐", "1005", "401234010054"])
def test_a_search_finds_by_name_in_either_language_by_number_and_by_code(
    shelf: Shelf, words: str
) -> None:
    assert [goods.name_en for goods in shelf.search(words)] == ["Cola Zero 330 ml"]


def test_a_search_finds_what_customers_show_as_well(shelf: Shelf) -> None:
    (coupon,) = shelf.search("coupon")
    assert coupon in SHOWN_CODES.goods


def test_a_search_for_nothing_shows_all_and_for_nonsense_none(shelf: Shelf) -> None:
    assert len(shelf.search(" ")) == sum(len(page.goods) for page in shelf.pages)
    assert shelf.search("nonsense") == ()


def test_a_name_that_is_not_there_is_said(shelf: Shelf) -> None:
    with pytest.raises(LookupError, match="Moon Rock"):
        shelf.named("Moon Rock")


def test_a_weight_is_one_that_scales_show() -> None:
    dice = Random(1)
    weights = [some_weight_g(dice) for _ in range(200)]
    assert min(weights) >= LIGHTEST_G
    assert max(weights) < HEAVIEST_G
