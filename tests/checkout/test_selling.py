"""Selling: what a scan and each key do to the basket, and what is refused."""

import pytest

from edge.checkout.effects import Beep, SaveDraft, Tone
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from tests.support.playbook import COLA_EAN13, GUM_UPC_E, SOAP_UPC_A, WATER_EAN8, Till
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


def test_the_basket_is_drafted_whenever_it_changes_and_not_otherwise() -> None:
    till = Till().press("2 X")
    assert till.of(SaveDraft) == []
    assert len(till.scan("1001").of(SaveDraft)) == 1
    assert till.press("UP").of(SaveDraft) == []
    assert len(till.press("VOID").of(SaveDraft)) == 1
