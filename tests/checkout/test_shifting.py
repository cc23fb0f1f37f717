"""Opening a shift, X and Z reports, and counting the drawer, from the keypad."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.effects import OpenDrawer, StoreEntries
from edge.checkout.inputs import PendingReceipt
from edge.checkout.money import CURRENCIES
from edge.checkout.paper.slip import Slip
from edge.checkout.payments.payment import OpenPayment, PaymentBooks, PaymentPhase
from edge.checkout.records import Entry, EntryKind
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.session import State
from edge.checkout.shifts.shift import CashCount, DenominationCount, ShiftRules
from edge.checkout.shifts.shift_totals import Figure
from tests.support.playbook import SHOP
from tests.support.shifts import ShiftTill
from tests.support.staff import StaffTill

IN_SHIFTS = replace(SHOP, shift=ShiftRules(required=True))
SMALL_FLOATS = replace(SHOP, shift=ShiftRules(max_float_minor=5_000))
COUNTED_304 = ("Counted", "", "304.00")
TWO_FACES = replace(SHOP, shift=ShiftRules(denominations=(10_000, 100)))


def body(till: ShiftTill, kind: EntryKind) -> Entry:
    """The last record of that kind."""
    return [entry for entry in till.journal if entry.kind is kind][-1]


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


class StaffShiftTill(StaffTill, ShiftTill):
    """A till with staff whose disk knows how its shift stands."""


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


# --- counting


def test_the_drawer_opens_on_record_to_be_counted() -> None:
    till = ShiftTill().opened().press("MENU 26").answered()
    assert till.journal[-1] == Entry(EntryKind.DRAWER_NO_SALE, {"reason": "count"})
    assert len(till.of(OpenDrawer)) == 1
    assert till.books.totals.of(Figure.NO_SALE).times == 0


def test_the_count_is_blind() -> None:
    till = ShiftTill().opened("12345").sell("1001").counting()
    shown = " ".join([till.screen.title, till.notice, *(" ".join(row) for row in till.rows)])
    assert "126.95" not in shown
    assert till.rows[0] == ("100.00", "", "")
    assert till.rows[-1] == ("Counted", "", "0.00")


def test_pieces_are_keyed_face_by_face() -> None:
    till = ShiftTill(TWO_FACES).counting().press("3 ENTER 12 ENTER")
    assert till.rows == [
        ("100.00", "× 3", "300.00"),
        ("1.00", "× 12", "12.00"),
        ("Counted", "", "312.00"),
    ]
    till.press("UP UP 2 ENTER")
    assert till.rows[0] == ("100.00", "× 2", "200.00")
    till.press("ENTER ENTER")
    assert till.screen.title == "Counted 212.00"


def test_a_face_without_a_number_has_none() -> None:
    till = ShiftTill(TWO_FACES).counting().press("ENTER 5 ENTER SUBTOTAL ENTER").settled()
    assert till.z.count == CashCount(500, (DenominationCount(100, 5),))


def test_the_sum_may_be_keyed_instead() -> None:
    till = ShiftTill(TWO_FACES).counting().press("1 ENTER 4550 CASH")
    assert till.rows == [("100.00", "", ""), ("1.00", "", ""), ("Counted", "", "45.50")]
    till.press("ENTER ENTER").settled()
    assert till.z.count == CashCount(4_550)


def test_a_face_counted_after_the_sum_takes_its_place() -> None:
    till = ShiftTill(TWO_FACES).counting().press("4550 CASH UP 5 ENTER")
    assert till.rows[-1] == ("Counted", "", "5.00")


@pytest.mark.parametrize("keys", ["10000 ENTER", "1.5 ENTER", "3 X ENTER", "CASH", "3 X CASH"])
def test_what_is_no_count_is_refused(keys: str) -> None:
    till = ShiftTill().counting().press(keys)
    assert till.notice == "No such count - CLEAR"
    assert till.rows[0] == ("100.00", "", "")


def test_a_count_that_was_refused_is_not_passed_over_by_another_enter() -> None:
    till = ShiftTill().counting().press("10000 ENTER ENTER")
    assert (till.notice, till.screen.entry) == ("No such count - CLEAR", "10000")
    assert till.press("7 ENTER").rows[0] == ("100.00", "× 7", "700.00")


def test_a_number_that_nothing_used_does_not_end_the_count() -> None:
    till = ShiftTill().counting().press("5 SUBTOTAL")
    assert till.notice == "Number unused - ENTER, or CLEAR"


def test_a_count_may_be_left_and_the_shift_stays_open() -> None:
    till = ShiftTill().opened().counting().press("3 ENTER CLEAR CLEAR")
    assert (till.state, till.session.shift_no) == (State.IDLE, 1)
    assert EntryKind.SHIFT_CLOSED not in till.kinds


def test_clear_takes_back_one_counted_face_at_a_time() -> None:
    till = ShiftTill(TWO_FACES).counting()
    assert till.notice == "Pieces ENTER, sum CASH - SUBTOTAL: done"
    till.press("3 ENTER 4 ENTER 5 CLEAR")
    assert till.rows == [("100.00", "× 3", "300.00"), ("1.00", "× 4", "4.00"), COUNTED_304]
    assert till.press("CLEAR").rows[:2] == [("100.00", "× 3", "300.00"), ("1.00", "", "")]
    assert till.press("6 ENTER UP UP CLEAR").rows[:2] == [
        ("100.00", "", ""),
        ("1.00", "× 6", "6.00"),
    ]
    assert [row.selected for row in till.screen.rows] == [True, False, False]
    assert till.press("CLEAR").rows[:2] == [("100.00", "", ""), ("1.00", "", "")]
    assert till.press("CLEAR").state is State.IDLE


def test_clear_takes_the_keyed_sum_back_and_leaves_what_was_counted_before() -> None:
    till = ShiftTill(TWO_FACES).counting().press("3 ENTER 4550 CASH CLEAR")
    assert till.rows[0] == ("100.00", "× 3", "300.00")
    assert till.rows[-1] == ("Counted", "", "300.00")


@pytest.mark.parametrize("key", ["CLEAR", "UP"])
def test_from_what_is_left_a_key_leads_back_to_the_count(key: str) -> None:
    till = ShiftTill(TWO_FACES).counting().press(f"3 ENTER SUBTOTAL {key}")
    assert till.rows[0] == ("100.00", "× 3", "300.00")
    till.press("SUBTOTAL ENTER").settled()
    assert till.z.count.counted_minor == 30_000


# --- closing


def test_a_z_says_what_was_sold_counted_and_left() -> None:
    till = ShiftTill(TWO_FACES).opened("10000").sell("1001").sell("1003", pay="CARD ENTER")
    till.counting().press("1 ENTER 3 ENTER SUBTOTAL 5000 ENTER").settled()
    closed = till.z
    assert closed.report.state.totals.of(Figure.SALE).amount_minor == 1_350
    assert (closed.count.counted_minor, closed.left_minor) == (10_300, 5_000)
    assert closed.over_short_minor == -50
    assert till.notice == "Z closed - 0.50 short"
    assert "Z REPORT 1" in till.receipt
    assert (till.session.shift_no, till.state) == (0, State.IDLE)
    assert till.books.state().expected_minor == 5_000


def test_the_difference_is_told_after_the_count_is_on_disk() -> None:
    till = ShiftTill().opened("10000").counting().press("10100 CASH ENTER ENTER").answered()
    assert "over" not in till.notice
    till.answered()
    assert till.notice == "Z closed - 1.00 over"


def test_a_drawer_that_is_right() -> None:
    till = ShiftTill().opened("10000").closed("10000")
    assert till.notice == "Z 1 - the drawer is right"


def test_more_than_was_counted_is_not_left() -> None:
    till = ShiftTill().counting().press("500 CASH ENTER 501 ENTER")
    assert till.notice == "More than was counted - CLEAR"
    till.press("3 X ENTER")
    assert till.notice == "More than was counted - CLEAR"
    till.press("500 ENTER").settled()
    assert till.z.left_minor == 500


def test_a_day_without_shifts_is_closed_all_the_same() -> None:
    till = ShiftTill().sell("1001").closed("350")
    assert till.z.report.state.shift is None
    assert till.z.over_short_minor == 0
    till.sell("1001").closed("700")
    assert (till.z.z_no, till.z.over_short_minor) == (2, 0)


def test_held_sales_are_named_in_the_z_and_stay_held() -> None:
    till = ShiftTill().opened().scan("1001").press("MENU 18").settled().closed("10000")
    assert till.z.report.held == (1,)
    assert "Held sales: 1" in till.receipt
    assert len(till.session.held) == 1


def test_a_payment_that_nobody_knows_of_is_named_and_the_shift_is_closed() -> None:
    open_payment = OpenPayment("till-1-1-9", 350, "CNY", 1, "mobile", PaymentPhase.REVERSING)
    till = ShiftTill(payments=PaymentBooks(1, 9, (open_payment,))).opened().closed("10000")
    assert till.z.report.unknown == ("till-1-1-9",)
    assert "Unresolved payments: till-1-1-9" in till.receipt


def test_with_an_open_basket_there_is_no_z() -> None:
    till = ShiftTill().opened().scan("1001").press("MENU 26")
    assert till.notice == "Not now - finish, or CLEAR"


def test_a_sale_right_before_the_z_is_in_it() -> None:
    till = ShiftTill().opened().scan("1001").press("CASH MENU 26")
    assert till.state is State.STORING
    till.settled().press("10350 CASH ENTER ENTER").settled()
    assert till.z.report.state.totals.of(Figure.SALE).times == 1
    assert till.z.over_short_minor == 0


def test_a_scan_during_the_count_is_refused_and_loses_nothing() -> None:
    till = ShiftTill(TWO_FACES).opened().counting().press("3 ENTER").scan("1001")
    assert till.notice == "Not here - see the title"
    assert till.rows[0] == ("100.00", "× 3", "300.00")


def test_a_power_cut_during_the_count_leaves_the_shift_open_and_the_count_is_asked_again() -> None:
    till = ShiftTill().opened().sell("1001").counting().press("3 ENTER 12 ENTER")
    again = till.restarted()
    assert isinstance(again, ShiftTill)
    assert (again.state, again.session.shift_no) == (State.IDLE, 1)
    again.closed("10350")
    assert (again.z.z_no, again.z.over_short_minor) == (1, 0)


def test_a_disk_that_fails_at_the_z_leaves_the_shift_open() -> None:
    till = ShiftTill().opened().counting().press("10000 CASH ENTER ENTER").answered()
    till.disk_fails()
    assert till.state is State.STOPPED
    again = till.restarted()
    assert again.session.shift_no == 1


def test_a_z_that_is_not_on_paper_is_offered_as_a_copy() -> None:
    till = ShiftTill().opened().closed("10000").not_printed()
    assert till.notice == "Reprint Z 1? ENTER: yes, CLEAR: no"
    till.press("ENTER").settled()
    assert till.notice == "Copy of receipt Z 1"
    assert till.journal[-1].body == {"slip": "shift.closed", "number": 1}
    assert {"Z REPORT 1", "COPY"} <= set(till.receipt)


def test_a_z_that_a_crash_kept_from_the_paper_is_offered_at_the_start() -> None:
    before = ShiftTill().opened().closed("10000")
    record = body(before, EntryKind.SHIFT_CLOSED)
    pending = PendingReceipt(7, Slip(record.kind, record.body), before.now())
    till = ShiftTill(pending=(pending,))
    till.press("ENTER").settled()
    assert {"Z REPORT 1", "COPY"} <= set(till.receipt)


def test_the_words_are_the_language_of_the_cashier() -> None:
    till = ShiftTill().opened().press("MENU 91").press("MENU 25").settled()
    assert till.screen.title == "X 报表 1-1"
    assert ("应有现金", "", "100.00") in till.rows


@pytest.mark.parametrize("code", CURRENCIES)
def test_every_currency_has_notes_and_coins_to_count(code: str) -> None:
    till = ShiftTill(replace(SHOP, currency=CURRENCIES[code])).counting()
    faces = [float(row[0]) for row in till.rows[:-1]]
    assert len(faces) >= 8
    assert faces == sorted(set(faces), reverse=True)


def test_coins_below_the_smallest_cash_amount_are_not_counted() -> None:
    euros = replace(SHOP, currency=CURRENCIES["EUR"], cash_step_minor=5)
    till = ShiftTill(euros).counting().press("DOWN " * 20)
    assert till.rows[-2][0] == "0.05"


KEYS = st.lists(
    st.sampled_from(
        [
            *("1001 ENTER", "1002 ENTER", "CASH", "CARD ENTER", "VOID", "CLEAR", "SUBTOTAL"),
            *("5000 MENU 24", "MENU 24", "MENU 25", "MENU 26", "ENTER", "UP", "DOWN", "12"),
            *("300 CASH", "MENU 12", "MENU 14", "500 MENU 22", "200 MENU 23", "MENU 18", "MENU 19"),
        ]
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(KEYS)
def test_whatever_is_pressed_the_zs_sum_to_what_was_sold(presses: list[str]) -> None:
    till = ShiftTill()
    for keys in presses:
        till.press(keys).settled()
    books = till.books
    sold = sum(int(entry.body["total_minor"]) for entry in till.journal if entry.kind == "sale")
    closed = [entry.body for entry in till.journal if entry.kind is EntryKind.SHIFT_CLOSED]
    in_zs = sum(
        row["amount_minor"] for body in closed for row in body["totals"] if row["figure"] == "sale"
    )
    assert in_zs + books.totals.of(Figure.SALE).amount_minor == sold
    assert [body["z_no"] for body in closed] == list(range(1, len(closed) + 1))
    assert till.session.shift_no == (books.shift.number if books.shift else 0)


def test_closing_asks_the_disk_twice_and_stores_once() -> None:
    till = ShiftTill().opened().counting().press("10000 CASH ENTER ENTER")
    assert till.done == ["ReadShift"]
    till.answered()
    (effect,) = till.of(StoreEntries)
    assert effect.prints_receipt
    assert [entry.kind for entry in effect.entries] == [EntryKind.SHIFT_CLOSED]


def test_more_than_the_drawer_should_hold_needs_leave_of_its_own() -> None:
    till = StaffShiftTill().sign_on().closed("50600")
    till.press("500000 MENU 23").lifted().settled()
    assert till.screen.title == "More than the drawer holds: 5000.00?"
    till.press("ENTER")
    assert till.screen.title == "Supervisor: cash in or out"
    till.lifted().settled()
    assert till.notice == "Paid out 5000.00"
    assert till.kinds[-3:] == [
        EntryKind.PERMISSION_LIFTED,
        EntryKind.PERMISSION_LIFTED,
        EntryKind.CASH_PAID_OUT,
    ]


def test_a_z_without_paper_is_not_dropped_with_the_rest() -> None:
    till = ShiftTill().closed("0").not_printed()
    for _ in range(3):
        till.press("MENU 25").settled().press("ENTER").not_printed()
    assert till.press("CLEAR").notice == "2 more - ENTER: ask, CLEAR: none"
    assert till.press("CLEAR").notice == "Reprint Z 1? ENTER: yes, CLEAR: no"
