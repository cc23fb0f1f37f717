"""Goods come back without a receipt: a basket that pays out."""

import pytest

from edge.checkout.records import EntryKind, Tender, TenderKind
from edge.checkout.session import State
from tests.support.playbook import FIVES_SHOP, NET_SHOP, Till


def returning(*codes: str) -> Till:
    return Till().press("MENU 12").scan(*codes)


def test_a_return_begins_from_the_menu_with_an_empty_basket() -> None:
    till = returning()
    assert till.state is State.RETURNING
    assert till.screen.title == "Return without receipt"
    assert till.notice == "Scan what comes back"
    assert till.total == ("TO GIVE BACK", "0.00")


def test_what_is_scanned_is_paid_out_in_cash() -> None:
    till = returning().press("2 X").scan("1001").press("CASH").stored()
    assert till.sale.kind is EntryKind.REFUND
    assert till.sale.of_receipt_no == 0
    assert till.sale.total_minor == 700
    assert till.sale.tenders == (Tender(TenderKind.CASH, 700, 700, 0),)
    assert till.done == ["OpenDrawer", "PrintReceipt", "WakeUplink"]
    assert till.total == ("GIVEN BACK", "7.00")


def test_or_by_card() -> None:
    till = returning("1001").press("CARD").stored()
    assert till.sale.tenders == (Tender(TenderKind.CARD, 350, 350, 0),)
    assert till.done == ["PrintReceipt", "WakeUplink"]


def test_tax_and_cash_rounding_are_those_of_a_sale() -> None:
    till = Till(NET_SHOP).press("MENU 12").scan("1001").press("CASH").stored()
    assert till.sale.total_minor == 396
    till = Till(FIVES_SHOP).press("MENU 12").scan("1004").press("CASH").stored()
    assert (till.sale.total_minor, till.sale.rounding_minor) == (99, 1)


def test_lines_are_corrected_voided_and_priced_as_in_a_sale() -> None:
    till = returning("1001", "1002").press("UP 3 X ENTER DOWN VOID 300 MENU 15")
    assert till.rows == [("Cola", "3 × 3.00", "9.00")]
    assert till.state is State.RETURNING
    till.press("1002 ENTER CASH").stored()
    assert till.kinds == [
        EntryKind.LINE_CORRECTED,
        EntryKind.LINE_VOIDED,
        EntryKind.PRICE_OVERRIDDEN,
        EntryKind.REFUND,
    ]


@pytest.mark.parametrize("key", ["CASH", "CARD"])
def test_an_empty_return_pays_nothing_and_takes_no_amount(key: str) -> None:
    assert returning().press(key).notice == "Nothing in basket - scan"
    till = returning("1001").press(f"100 {key}")
    assert till.notice == "No such amount - CLEAR"
    assert till.press(f"CLEAR 2 X {key}").notice == "No such amount - CLEAR"


def test_the_marker_of_an_empty_return_has_nowhere_to_go() -> None:
    till = returning().press("UP DOWN")
    assert till.notice == ""
    assert [row.selected for row in till.scan("1001", "1002").screen.rows] == [False, True]


def test_clear_leaves_an_empty_return_without_a_record() -> None:
    till = returning().press("CLEAR")
    assert till.state is State.IDLE
    assert till.journal == []
    assert till.session.basket is None


def test_a_return_is_cancelled_on_record() -> None:
    till = returning("1001").press("MENU 14").stored()
    assert till.state is State.IDLE
    assert till.journal[0].body["basket"] == "return"
    assert till.kinds == [EntryKind.SALE_CANCELLED]


def test_the_menu_over_a_return_still_says_what_is_given_back() -> None:
    till = returning("1001").press("MENU")
    assert till.total == ("TO GIVE BACK", "3.50")
    assert till.press("CLEAR").state is State.RETURNING
