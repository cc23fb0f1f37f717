"""Opening a shift and X reports, from the keypad."""

from dataclasses import replace

import pytest

from edge.checkout.effects import OpenDrawer
from edge.checkout.records import Entry, EntryKind
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.session import State
from edge.checkout.shifts.shift import ShiftRules
from tests.support.playbook import SHOP
from tests.support.shifts import ShiftTill, StaffShiftTill, body

IN_SHIFTS = replace(SHOP, shift=ShiftRules(required=True))
SMALL_FLOATS = replace(SHOP, shift=ShiftRules(max_float_minor=5_000))


# --- opening


def test_a_keyed_float_opens_the_shift_and_the_drawer() -> None:
    till = ShiftTill().press("20000 MENU 24").answered().answered()
    assert body(till, EntryKind.SHIFT_OPENED).body == {
        "shift": 1,
        "currency": "CNY",
        "float_minor": 20_000,
        "expected_minor": 0,
    }
    assert (till.session.shift_no, till.state, till.notice) == (1, State.IDLE, "Shift 1 is open")
    assert len(till.of(OpenDrawer)) == 1


def test_without_a_number_the_till_offers_what_was_left() -> None:
    till = ShiftTill().opened("20000").closed("15000")
    till.press("MENU 24").answered()
    assert till.screen.title == "Open shift 2"
    assert till.rows == [("Should be there", "", "150.00")]
    till.press("ENTER").settled()
    opened = body(till, EntryKind.SHIFT_OPENED).body
    assert (opened["float_minor"], opened["expected_minor"]) == (15_000, 15_000)


def test_the_float_may_be_keyed_or_counted_when_the_till_asks() -> None:
    till = ShiftTill().press("MENU 24").answered().press("7550 ENTER").settled()
    assert body(till, EntryKind.SHIFT_OPENED).body["float_minor"] == 7_550
    till = ShiftTill().press("MENU 24").answered().press("SUBTOTAL").settled()
    assert till.screen.title == "Count the drawer"
    till.press("2 ENTER SUBTOTAL").settled()
    assert body(till, EntryKind.SHIFT_OPENED).body["float_minor"] == 20_000
    assert till.state is State.IDLE


def test_what_should_be_there_is_not_said_before_the_count_where_shifts_are_optional() -> None:
    """Otherwise MENU 24, CLEAR and MENU 26 would count with the sum in mind."""
    till = StaffShiftTill().sign_on()
    till.scan("1001").press("CASH").settled().press("MENU 24").answered()
    assert (till.screen.title, till.rows) == ("Open shift 1", [])
    assert till.press("ENTER").notice == "Key the cash - or SUBTOTAL: count"
    till.press("300 ENTER").settled()
    assert till.session.shift_no == 1
    assert body(till, EntryKind.SHIFT_OPENED).body["expected_minor"] == 350


def test_who_may_see_an_x_report_is_offered_what_should_be_there() -> None:
    till = StaffShiftTill().sign_on("7", "70707")
    till.scan("1001").press("CASH").settled().press("MENU 24").answered()
    assert till.rows == [("Should be there", "", "3.50")]


def test_what_was_left_at_the_last_z_is_offered_to_everybody() -> None:
    till = StaffShiftTill().sign_on().closed("15000")
    till.press("MENU 24").answered()
    assert till.rows == [("Should be there", "", "150.00")]


def test_a_drawer_holds_no_less_than_nothing() -> None:
    till = ShiftTill()
    till.press("500 MENU 23").settled().press("ENTER").settled().press("MENU 24").answered()
    assert till.rows == [("Should be there", "", "0.00")]


@pytest.mark.parametrize("keys", ["5001 MENU 24", "3 X MENU 24", "1.234 MENU 24"])
def test_a_float_out_of_range_is_refused(keys: str) -> None:
    till = ShiftTill(SMALL_FLOATS).press(keys).settled()
    assert till.notice == "Float out of range - CLEAR"
    assert (till.journal, till.session.entry) == ([], "")


def test_a_float_out_of_range_is_refused_when_it_is_asked_or_counted() -> None:
    till = ShiftTill(SMALL_FLOATS).press("MENU 24").answered().press("5001 ENTER")
    assert till.notice == "Float out of range - CLEAR"
    till.press("SUBTOTAL").settled().press("1 ENTER SUBTOTAL")
    assert till.notice == "Float out of range - CLEAR"
    assert till.state is State.ASKING


def test_an_open_shift_is_not_opened_again() -> None:
    till = ShiftTill().opened().press("5000 MENU 24")
    assert till.notice == "Shift is open - MENU 26 closes it"
    assert not till.waits_for_disk


def test_a_sale_and_a_refund_carry_the_shift() -> None:
    till = ShiftTill().sell("1001")
    assert "shift" not in till.journal[-1].body
    till.opened().sell("1001").press("MENU 12").scan("1001").press("CASH").settled()
    assert [entry.body["shift"] for entry in till.journal[-2:]] == [1, 1]


@pytest.mark.parametrize("keys", ["1001 ENTER", "MENU 11", "MENU 12", "1 MENU 19"])
def test_where_shifts_are_required_nothing_is_sold_without_one(keys: str) -> None:
    till = ShiftTill(IN_SHIFTS).press(keys)
    assert till.notice == "No shift - MENU 24"
    assert till.session.basket is None


def test_where_shifts_are_required_a_scan_says_so_and_an_open_shift_sells() -> None:
    till = ShiftTill(IN_SHIFTS).scan("1001")
    assert till.notice == "No shift - MENU 24"
    till.opened().sell("1001")
    assert till.kinds == [EntryKind.SHIFT_OPENED, EntryKind.SALE]
    till.closed("10350").scan("1001")
    assert till.notice == "No shift - MENU 24"


def test_a_basket_that_waits_for_its_first_article_takes_none_without_a_shift() -> None:
    till = ShiftTill(IN_SHIFTS, draft=Basket(BasketKind.SALE, 1)).scan("1001")
    assert till.notice == "No shift - MENU 24"
    till.press("MENU 14").settled().opened().scan("1001")
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]


def test_a_basket_that_a_power_cut_left_is_paid_in_its_shift() -> None:
    till = ShiftTill(IN_SHIFTS).opened().scan("1001").restarted()
    till.press("CASH").settled()
    assert till.sale.shift == 1


# --- X


def test_an_x_is_on_record_on_paper_and_on_the_screen() -> None:
    till = ShiftTill().opened("10000").sell("1001", "1001")
    till.press("MENU 25").settled()
    assert till.kinds[-1] is EntryKind.SHIFT_REPORTED
    assert till.screen.title == "X report 1-1"
    assert ("Sales 1", "", "7.00") in till.rows
    assert ("Should be there", "", "107.00") in till.rows
    assert "X REPORT 1-1" in till.receipt
    till.press("DOWN UP ENTER")
    assert till.state is State.IDLE


def test_an_x_closes_nothing() -> None:
    till = ShiftTill().opened().press("MENU 25").settled().press("CLEAR MENU 25").settled()
    assert till.screen.title == "X report 1-2"
    assert till.session.shift_no == 1
    assert [entry.body["x_no"] for entry in till.journal[-2:]] == [1001, 1002]


def test_an_x_that_is_not_on_paper_is_offered_by_its_name() -> None:
    till = ShiftTill().press("MENU 25").settled().press("ENTER").not_printed()
    assert till.notice == "Reprint X 1-1? ENTER: yes, CLEAR: no"


def test_x_reports_have_a_limit() -> None:
    till = ShiftTill()
    till.journal = [Entry(EntryKind.SHIFT_REPORTED, {})] * 999
    till.press("MENU 25").answered()
    assert till.notice == "Too many X reports - MENU 26"
    assert till.state is State.IDLE
