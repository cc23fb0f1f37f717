"""Limits of a sale: what is too much is refused with a word, and the basket can still be paid."""

from dataclasses import replace

import pytest

from edge.checkout.effects import Restart
from edge.checkout.machine import BUSY
from edge.checkout.session import State
from edge.checkout.shop import Limits
from edge.checkout.transitions import RULES, Trigger
from tests.support.playbook import APPLES, CATALOGUE, GUM, NET_SHOP, SHOP, Till
from tests.support.till_states import IN_STATE


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("9999 X 1001 ENTER", "9999 × 3.50"),
        ("10000 X", None),
        ("9999.001 X", None),
        ("9999.000 X 1001 ENTER", "9999 × 3.50"),
        ("0 X", None),
        (". X", None),
        ("1.2345 X", None),
        ("0.001 X 2001 ENTER", "0.001 × 12.80"),
    ],
)
def test_quantities_are_refused_from_the_limit_on(keys: str, shown: str | None) -> None:
    till = Till().press(keys)
    if shown is None:
        assert till.notice == "Quantity out of range - CLEAR"
        assert till.rows == []
    else:
        assert till.rows[0][1] == shown


# Where a quantity can be keyed, and does not wait for the disk.
KEYED_IN = [state for state, row in RULES.items() if Trigger.TIMES in row and state not in BUSY]


@pytest.mark.parametrize("unfit", ["10000", "00", ".", "1.2345"])
@pytest.mark.parametrize("state", KEYED_IN)
def test_a_quantity_that_can_be_none_stands_in_the_way_until_clear(
    state: State, unfit: str
) -> None:
    """Whatever comes next is not taken for a single piece."""
    till = IN_STATE[state]().press(f"{unfit} X")
    before = replace(till.session, notice=None)
    assert till.notice == "Quantity out of range - CLEAR"
    till.press("CASH SUBTOTAL MENU UP DOWN VOID X ENTER")
    assert till.notice == "Quantity out of range - CLEAR"
    assert till.scan("1001").notice == "Quantity out of range - CLEAR"
    assert replace(till.session, notice=None) == before
    assert till.screen.entry == "? ×"
    assert till.press("CLEAR").screen.entry == ""


def test_another_quantity_replaces_one_that_can_be_none() -> None:
    till = Till().press("99999 X 3").scan("1001")
    assert (till.notice, till.screen.entry) == ("Quantity out of range - CLEAR", "? × 3")
    assert till.press("CLEAR 99999 X 3 X").scan("1001").rows[0][1] == "3 × 3.50"


def test_a_till_that_has_stopped_can_be_restarted_whatever_was_keyed() -> None:
    assert Till().press("0 X").disk_fails().press("ENTER").of(Restart)


@pytest.mark.parametrize(
    ("price", "is_taken"), [("9999999", True), ("10000000", False), ("0", True), ("1.234", False)]
)
def test_prices_are_refused_from_the_limit_on(price: str, is_taken: bool) -> None:
    till = Till().scan("1001").press(f"{price} MENU 15")
    assert till.notice.startswith("Price is now" if is_taken else "Price out of range")


def test_a_basket_takes_as_many_lines_as_the_limit_says() -> None:
    till = Till(replace(SHOP, limits=Limits(max_lines=3))).scan("1001", "1001", "1001")
    assert till.notice == ""
    till.scan("1001")
    assert till.notice == "Basket is full - pay first"
    assert till.total == ("TOTAL", "10.50")
    assert till.press("CASH").stored().state is State.IDLE


@pytest.mark.parametrize("shop", [SHOP, NET_SHOP])
def test_a_total_stays_within_what_the_till_can_add_up(shop: object) -> None:
    till = Till(shop).scan("1001").press("9999999 MENU 15 8800 X ENTER")
    assert till.total[1].startswith(("879999912.00", "994399900.56"))
    till.scan("1001").press("9999999 MENU 15")

    till.press("5000 X ENTER")

    assert till.notice == "Total too large - CLEAR"
    till.press("CLEAR 2 X ENTER 1000 X").scan("1001")
    assert till.notice == ""


def test_a_scan_that_makes_the_total_too_large_is_refused() -> None:
    till = Till().scan("1001").press("9999999 MENU 15 9999 X ENTER")
    till.press("9999 X").scan("1003")
    assert till.total == ("TOTAL", "999999890.01")

    till.press("20 X").scan("1003")

    assert till.notice == "Total too large - pay first"
    assert till.total == ("TOTAL", "999999890.01")


def test_changes_are_limited_and_the_basket_can_still_be_paid() -> None:
    till = Till(replace(SHOP, limits=Limits(max_changes=2)))
    till.scan("1001", "1002").press("2 X ENTER 3 X ENTER 4 X ENTER")
    assert till.notice == "Too many changes - pay, or cancel"
    assert till.press("CLEAR VOID").notice == "Too many changes - pay, or cancel"
    till.press("CASH").stored()
    assert till.sale.total_minor == 350 + 3 * 200


def test_an_entry_is_as_long_as_the_number_of_a_coupon() -> None:
    till = Till().press("12345678901234567")
    assert till.screen.entry == "12345678901234567"
    assert till.press("5").notice == "Entry is full - CLEAR"
    assert Till().press("1.2 .").notice == "Entry is full - CLEAR"
    assert Till().press("1234567890123456 00").screen.entry == "1234567890123456"


def test_an_article_without_a_tax_rate_is_not_sold() -> None:
    odd = replace(GUM, plu="7", tax_code="Q")
    till = Till(catalogue=replace(CATALOGUE, by_code={"7": odd, "8": APPLES})).scan("7")
    assert till.notice == "No tax rate for it - call for help"
    assert till.state is State.IDLE
