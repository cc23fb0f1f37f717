"""Selling: what a scan and each key do to the basket, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.effects import Beep, Restart, SaveDraft, Tone
from edge.checkout.goods.catalogue import Catalogue, Product
from edge.checkout.machine import BUSY
from edge.checkout.quantity import amount_of, quantity_for
from edge.checkout.records import EntryKind, Unit
from edge.checkout.session import State
from edge.checkout.shop import Limits
from edge.checkout.transitions import RULES, Trigger
from tests.support.playbook import (
    APPLES,
    APPLES_350_GRAMS,
    CATALOGUE,
    CHEESE,
    CHEESE_AT_12_50,
    COLA_EAN13,
    GUM,
    GUM_UPC_E,
    NET_SHOP,
    SHOP,
    SOAP,
    SOAP_UPC_A,
    WATER_EAN8,
    Till,
    with_check_digit,
)
from tests.support.till_states import IN_STATE


def test_the_first_scan_begins_a_sale() -> None:
    till = Till()
    assert till.state is State.IDLE

    till.scan(COLA_EAN13)

    assert till.state is State.SELLING
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]
    assert till.total == ("TOTAL", "3.50")
    assert till.of(Beep) == [Beep(Tone.GOOD)]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (COLA_EAN13, "Cola"),
        (WATER_EAN8, "Water"),
        (SOAP_UPC_A, "Soap"),
        ("0" + SOAP_UPC_A, "Soap"),
        ("00" + SOAP_UPC_A, "Soap"),
        (GUM_UPC_E, "Gum"),
        ("1001", "Cola"),
    ],
)
def test_an_article_is_found_by_each_of_its_codes(code: str, name: str) -> None:
    assert Till().scan(code).rows[0][0] == name


def test_a_keyed_plu_or_barcode_sells_like_a_scanned_one() -> None:
    till = Till().press("1001 ENTER").press(f"{COLA_EAN13} ENTER")
    assert till.rows == [("Cola", "1 × 3.50", "3.50")] * 2


def test_a_quantity_keyed_before_the_scan_multiplies_it() -> None:
    till = Till().press("3 X")
    assert till.screen.entry == "3 ×"

    till.scan(COLA_EAN13)

    assert till.rows == [("Cola", "3 × 3.50", "10.50")]
    assert till.screen.entry == ""
    assert till.scan(COLA_EAN13).rows[1] == ("Cola", "1 × 3.50", "3.50")


def test_a_second_quantity_replaces_the_first() -> None:
    assert Till().press("3 X 5 X").scan("1001").rows == [("Cola", "5 × 3.50", "17.50")]


def test_a_quantity_stands_before_a_keyed_plu_too() -> None:
    till = Till().press("2 X 1002")
    assert till.screen.entry == "2 × 1002"
    assert till.press("ENTER").rows == [("Water", "2 × 2.00", "4.00")]


def test_a_quantity_outlives_a_misread_scan() -> None:
    till = Till().press("3 X").scan("9520000010011", COLA_EAN13)
    assert till.rows == [("Cola", "3 × 3.50", "10.50")]


def test_a_weight_is_keyed_with_a_point() -> None:
    till = Till().press("0.350 X 2001 ENTER")
    assert till.rows == [("Apples", "0.350 × 12.80", "4.48")]


def test_an_article_sold_by_weight_asks_for_its_weight() -> None:
    till = Till().scan("2001")
    assert till.notice == "Weighed item - weight X, scan"
    assert till.state is State.IDLE


def test_a_piece_has_no_fraction() -> None:
    till = Till().press("1.5 X").scan("1001")
    assert till.notice == "Whole pieces only - CLEAR"
    assert till.press("CLEAR").scan("1001").total == ("TOTAL", "3.50")


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


def test_digits_without_x_are_no_quantity_and_not_forgotten_either() -> None:
    till = Till().press("3").scan(COLA_EAN13)
    assert till.notice == "X missing - press X, or CLEAR"
    assert till.rows == []
    assert till.press("X").scan(COLA_EAN13).rows == [("Cola", "3 × 3.50", "10.50")]


def test_clear_undoes_what_was_keyed_and_keeps_the_basket() -> None:
    till = Till().scan("1001").press("3 X 12 CLEAR")
    assert till.screen.entry == ""
    assert till.total == ("TOTAL", "3.50")
    assert till.scan("1001").total == ("TOTAL", "7.00")


def test_void_takes_the_last_line_back_on_record() -> None:
    till = Till().scan("1001", "1002").press("VOID")
    assert till.notice == "Voided: Water"
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]

    till.press("CASH").stored()

    assert till.kinds == [EntryKind.LINE_VOIDED, EntryKind.SALE]
    assert till.journal[0].body == {
        "line": 2,
        "plu": "1002",
        "code": "1002",
        "quantity_milli": 1000,
        "price_minor": 200,
    }


def test_void_takes_the_marked_line() -> None:
    till = Till().scan("1001", "1002", "1003").press("UP UP VOID")
    assert [name for name, _, _ in till.rows] == ["Water", "Soap"]
    assert [row.selected for row in till.screen.rows] == [False, True]


def test_line_numbers_are_not_used_again() -> None:
    till = Till().scan("1001", "1002").press("VOID").scan("1003").press("CASH").stored()
    assert [line.line for line in till.sale.lines] == [1, 3]


def test_the_marker_stays_within_the_basket() -> None:
    till = Till().scan("1001", "1002")
    assert [row.selected for row in till.press("UP UP UP").screen.rows] == [True, False]
    assert [row.selected for row in till.press("DOWN DOWN DOWN").screen.rows] == [False, True]
    assert [row.selected for row in till.scan("1003").screen.rows] == [False, False, True]


def test_the_quantity_of_the_marked_line_is_corrected_on_record() -> None:
    till = Till().scan("1001", "1002", "1003").press("UP UP DOWN 4 X ENTER")
    assert till.notice == "Quantity is now 4"
    assert till.rows[1] == ("Water", "4 × 2.00", "8.00")

    till.press("CASH").stored()

    assert till.kinds == [EntryKind.LINE_CORRECTED, EntryKind.SALE]
    assert till.journal[0].body["quantity_milli"] == 1000
    assert till.journal[0].body["new_quantity_milli"] == 4000


def test_a_weighed_line_is_corrected_to_another_weight() -> None:
    till = Till().press("0.350 X 2001 ENTER 0.5 X ENTER")
    assert till.rows == [("Apples", "0.500 × 12.80", "6.40")]


def test_a_piece_is_not_corrected_to_a_fraction() -> None:
    till = Till().scan("1001").press("0.5 X ENTER")
    assert till.notice == "Whole pieces only - CLEAR"
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]


def test_there_is_nothing_to_correct_or_void_in_an_empty_basket() -> None:
    assert Till().press("2 X ENTER").notice == "Nothing in basket - scan"
    emptied = Till().scan("1001").press("VOID")
    assert emptied.press("2 X ENTER").notice == "Nothing in basket - scan"
    assert emptied.press("VOID").notice == "Nothing in basket - scan"


def test_the_price_of_the_marked_line_is_overridden_on_record() -> None:
    till = Till().scan("1001", "1002").press("UP 300 MENU 15")
    assert till.notice == "Price is now 3.00"
    assert till.rows[0] == ("Cola", "1 × 3.00", "3.00")
    assert [row.selected for row in till.screen.rows] == [True, False]

    till.press("CASH").stored()

    assert till.kinds == [EntryKind.PRICE_OVERRIDDEN, EntryKind.SALE]
    assert till.journal[0].body["list_price_minor"] == 350
    assert till.journal[0].body["new_price_minor"] == 300
    line = till.sale.lines[0]
    assert (line.price_minor, line.list_price_minor) == (300, 350)


def test_a_price_is_keyed_before_the_menu() -> None:
    assert Till().scan("1001").press("MENU 15").notice == "Number first, then MENU"
    assert Till().scan("1001").press("VOID MENU 15").notice == "Nothing in basket - scan"


SCAN_OR_KEY = "Nothing keyed - scan, or key PLU"


@pytest.mark.parametrize(
    ("state", "notice"),
    [
        (State.IDLE, SCAN_OR_KEY),
        (State.SELLING, SCAN_OR_KEY),
        (State.RETURNING, SCAN_OR_KEY),
        (State.TENDERING, "Which payment? - CASH, CARD, MOBILE"),
    ],
)
def test_enter_alone_sells_nothing_and_says_what_to_press(state: State, notice: str) -> None:
    till = IN_STATE[state]().press("ENTER")
    assert (till.state, till.notice) == (state, notice)
    assert till.of(Beep) == [Beep(Tone.REFUSED)]


@pytest.mark.parametrize("key", ["UP", "DOWN"])
def test_there_is_nothing_to_mark_before_the_first_article(key: str) -> None:
    assert Till().press(key).notice == "Nothing in basket - scan"


@pytest.mark.parametrize("key", ["VOID", "SUBTOTAL", "CASH", "CARD"])
def test_before_the_first_article_there_is_nothing_to_pay_or_void(key: str) -> None:
    till = Till().press(f"2 X {key}")
    assert (till.state, till.notice) == (State.IDLE, "Nothing in basket - scan")
    assert till.of(Beep) == [Beep(Tone.REFUSED)]
    assert till.screen.entry == "2 ×"


def test_x_alone_asks_for_the_number_before_it() -> None:
    for keys in ("X", "2 X X"):
        assert Till().press(keys).notice == "No quantity - number, then X"


def test_a_basket_without_lines_cannot_be_paid() -> None:
    for key in ("SUBTOTAL", "CASH", "CARD"):
        till = Till().scan("1001").press(f"VOID {key}")
        assert till.notice == "Nothing in basket - scan"
        assert till.state is State.SELLING


def test_a_basket_whose_last_line_was_voided_is_cancelled_by_clear() -> None:
    till = Till().scan("1001").press("VOID CLEAR").stored()
    assert till.kinds == [EntryKind.LINE_VOIDED, EntryKind.SALE_CANCELLED]
    assert till.state is State.IDLE
    assert till.session.next_receipt_no == 1


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


def test_the_basket_is_drafted_whenever_it_changes_and_not_otherwise() -> None:
    till = Till().press("2 X")
    assert till.of(SaveDraft) == []
    assert len(till.scan("1001").of(SaveDraft)) == 1
    assert till.press("UP").of(SaveDraft) == []
    assert len(till.press("VOID").of(SaveDraft)) == 1
