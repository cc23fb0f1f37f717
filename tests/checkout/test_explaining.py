"""MENU 20: which discounts there are, on which lines, and what is missed by how much."""

from dataclasses import replace

import pytest

from edge.checkout.balances.points import EarnRule
from edge.checkout.loyalty.loyalty import Loyalty
from edge.checkout.paper.width import display_width
from edge.checkout.promotions.outcome import Why
from edge.checkout.sale.basket import Buyer
from edge.checkout.sale.explaining import WHY
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.checkout.words.texts import text
from edge.checkout.words.texts_promotions import PromotionWord
from tests.support.offers import SPEND_TEN, THREE_FOR_TWO, till_with
from tests.support.playbook import Till
from tests.support.promotion_files import percent

GIFT = {
    "id": "gum",
    "name": "Free gum",
    "benefit": {"kind": "gift"},
    "where": {"kind": "products", "plus": ["1004"]},
    "conditions": [{"kind": "spend", "spend_minor": 100}],
}
SMALL_SCREEN_COLUMNS = 40
DETAILS = {
    PromotionWord.LINE_DISCOUNT: "Mineral water 1.5 l",
    PromotionWord.DISCOUNT_GIVEN: "99999.99",
    PromotionWord.GIFT: "24",
    PromotionWord.BEATEN: "Happy hour",
    PromotionWord.SPEND: "99999.99",
    PromotionWord.QUANTITY: "9999.999",
    PromotionWord.UNITS: "24",
}


def test_each_discount_says_on_which_lines_it_is() -> None:
    till = till_with(THREE_FOR_TWO).press("4 X").scan("1005").scan("1003", "1003")
    assert till.press("MENU 20").screen.title == "Discounts"
    assert till.rows == [
        ("3 for 2", "(2)", "-5.90"),
        ("  Tile", "(4)", "-3.33"),
        ("  Soap", "(1)", "-1.29"),
        ("  Soap", "(1)", "-1.28"),
    ]
    assert [row.selected for row in till.press("DOWN").screen.rows] == [False, True, False, False]


def test_what_is_nearly_reached_is_said_with_what_is_short() -> None:
    till = till_with(SPEND_TEN, THREE_FOR_TWO).press("2 X").scan("1005").press("MENU 20")
    assert till.rows == [("1 off 10", "spend 4.10 more", ""), ("3 for 2", "add 1 more", "")]


def test_a_gift_is_offered_until_it_is_scanned() -> None:
    till = till_with(GIFT).scan("1003").press("MENU 20")
    assert till.rows == [("Free gum", "free: scan 1 of it", "")]
    till.press("ENTER").scan("1004").press("MENU 20")
    assert till.rows == [("Free gum", "", "-0.99"), ("  Gum", "(1)", "-0.99")]


def test_what_was_not_chosen_names_what_was() -> None:
    a = percent("a", 2_000, name="Best", group="g")
    b = percent("b", 1_000, name="Less", group="g")
    till = till_with(a, b).scan("1003").press("MENU 20")
    assert till.rows[-1] == ("Less", "instead: Best", "")


def test_points_on_top_are_among_them_and_a_use() -> None:
    double = {
        "id": "double",
        "name": "Double points",
        "benefit": {"kind": "points_times", "rate_bp": 20_000},
    }
    till = till_with(double, loyalty=Loyalty(7, earn=EarnRule(100))).scan("1002")
    basket = till.session.basket
    assert basket is not None
    till.session = replace(till.session, basket=replace(basket, buyer=Buyer("9001")))
    till.scan("1003").press("MENU 20")
    assert till.rows == [("Double points", "Points", "+12")]
    till.press("ENTER")
    assert till.session.basket is not None
    assert [(off.promotion, off.uses, off.parts) for off in till.session.basket.deal.offs] == [
        ("double", 1, ())
    ]


def test_a_line_of_which_nothing_comes_off_is_not_named() -> None:
    """One minor unit over three lines: two of them have no part of it."""
    till = Till().scan("1004", "1004", "1004").press("1 MENU 17 CASH MENU 20")
    assert till.rows == [("Discount", "", "-0.01"), ("  Gum", "(1)", "-0.01")]
    slot = {"where": {"kind": "products", "plus": ["1004"]}, "units": 3}
    three = {
        "id": "three",
        "name": "Three gums",
        "benefit": {"kind": "bundle", "slots": [slot], "price_minor": 296},
    }
    till = till_with(three).scan("1004", "1004", "1004").press("MENU 20")
    assert till.rows == [("Three gums", "", "-0.01"), ("  Gum", "(1)", "-0.01")]


def test_a_discount_by_hand_is_among_them() -> None:
    till = Till().scan("1003").press("10 MENU 17 ENTER MENU 20")
    assert till.rows == [("Discount", "", "-1.00"), ("  Soap", "(1)", "-1.00")]


@pytest.mark.parametrize("key", ["ENTER", "CLEAR"])
def test_it_is_left_as_it_was_come_to(key: str) -> None:
    till = till_with(SPEND_TEN).scan("1001").press("SUBTOTAL MENU 20")
    assert till.state is State.ASKING
    assert till.press(key).state is State.TENDERING


def test_where_there_is_nothing_to_say_it_says_so() -> None:
    till = Till().scan("1001").press("MENU 20")
    assert (till.state, till.notice) == (State.SELLING, "No discounts, and none near")


def test_every_reason_that_the_engine_gives_has_its_word() -> None:
    assert set(WHY) == set(Why) - {Why.GOODS}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("word", PromotionWord)
def test_every_text_fits_a_small_screen(word: PromotionWord, language: Language) -> None:
    written = text(word, language, DETAILS.get(word, ""))
    assert 0 < display_width(written) <= SMALL_SCREEN_COLUMNS
    assert ("{}" in text(word, language, "{}")) == (word in DETAILS)
    if word.name.startswith("REFUSED_"):
        assert " - " in written
