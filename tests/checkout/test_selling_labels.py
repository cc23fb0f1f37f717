"""Labels of the shop's scales: what they say is sold as it stands on them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.goods.catalogue import Catalogue, Product
from edge.checkout.quantity import amount_of, quantity_for
from edge.checkout.records import Unit
from edge.checkout.session import State
from edge.checkout.shop import Limits
from tests.support.playbook import (
    APPLES_350_GRAMS,
    CHEESE,
    CHEESE_AT_12_50,
    SHOP,
    SOAP,
    Till,
    with_check_digit,
)


def test_a_weight_label_sells_what_it_says() -> None:
    till = Till().scan(APPLES_350_GRAMS)
    assert till.rows == [("Apples", "0.350 × 12.80", "4.48")]


def labelled(product: Product) -> Catalogue:
    """The weight label 22-00101 and the price label 21-00202 stand for that product."""
    return Catalogue("1", {"2001": product, "2200101": product, "2100202": product})


def test_a_price_label_sells_the_weight_that_costs_its_price() -> None:
    till = Till().scan(CHEESE_AT_12_50)
    assert till.rows == [("Cheese", "0.125 × 100.00", "12.50")]


def test_a_price_label_of_a_piece_sells_one_at_its_price() -> None:
    till = Till(SHOP, labelled(SOAP)).scan(CHEESE_AT_12_50).press("CASH").stored()
    (line,) = till.sale.lines
    assert (line.unit, line.quantity_milli, line.amount_minor) == (Unit.EACH, 1000, 1250)


@pytest.mark.parametrize("price_minor", [0, 9900, 3_000_000])
def test_a_price_that_no_weight_costs_is_no_label_of_today(price_minor: int) -> None:
    till = Till(SHOP, labelled(replace(CHEESE, price_minor=price_minor))).scan(CHEESE_AT_12_50)
    assert till.notice == "Price fits no weight - weight X, PLU"
    assert till.rows == []
    assert till.press("0.126 X 2001 ENTER").rows[0][1].startswith("0.126 ×")


@given(st.integers(1, 99_999), st.integers(1, 99_999))
def test_a_label_that_the_scales_priced_is_charged_as_printed(price: int, grams: int) -> None:
    """Whatever the scales weighed, a weight is found that costs what they printed."""
    printed = amount_of(price, grams)
    if printed:
        found = quantity_for(price, printed)
        assert found is not None
        assert amount_of(price, found) == printed


def test_a_weight_label_of_a_piece_is_refused() -> None:
    till = Till(SHOP, labelled(SOAP)).scan(APPLES_350_GRAMS)
    assert till.notice == "Sold by the piece - key its PLU"
    assert till.rows == []
    assert till.press("2001 ENTER").rows == [("Soap", "1 × 10.00", "10.00")]


def test_labels_move_the_stock_by_what_they_weigh() -> None:
    till = Till().press("MENU 31").scan(APPLES_350_GRAMS).stored().scan(CHEESE_AT_12_50).stored()
    moved = [(entry.body["plu"], entry.body["quantity_milli"]) for entry in till.journal]
    assert moved == [("2001", 350), ("2002", 125)]


def test_a_price_label_of_more_than_the_limit_weighs_is_refused() -> None:
    narrow = replace(SHOP, limits=Limits(max_quantity_milli=124))
    assert Till(narrow).scan(CHEESE_AT_12_50).notice == "Quantity out of range - CLEAR"


@pytest.mark.parametrize("label", [APPLES_350_GRAMS, CHEESE_AT_12_50])
def test_a_label_takes_no_quantity(label: str) -> None:
    till = Till().press("2 X").scan(label)
    assert till.notice == "One label at a time - scan"
    assert till.state is State.IDLE


@pytest.mark.parametrize("label", ["2200101000000", "2100202000001"])
def test_a_label_of_nothing_is_a_misread_one(label: str) -> None:
    assert Till().scan(label).notice == "Misread code - scan again"


def test_a_label_of_an_unknown_article_is_refused() -> None:
    label = with_check_digit("220099900350")
    assert Till().scan(label).notice == "Unknown code - rescan, or key PLU"


def test_a_label_beyond_the_limits_is_refused() -> None:
    just = replace(SHOP, limits=Limits(max_quantity_milli=350, max_price_minor=1250))
    assert len(Till(just).scan(APPLES_350_GRAMS, CHEESE_AT_12_50).rows) == 2
    narrow = replace(SHOP, limits=Limits(max_quantity_milli=349, max_price_minor=1249))
    assert Till(narrow).scan(APPLES_350_GRAMS).notice == "Quantity out of range - CLEAR"
    assert Till(narrow).scan(CHEESE_AT_12_50).notice == "Price out of range - CLEAR"
