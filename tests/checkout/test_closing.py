"""Closing a shift: the Z report, whatever else is going on."""

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.effects import StoreEntries
from edge.checkout.inputs import PendingReceipt
from edge.checkout.paper.slip import Slip
from edge.checkout.payments.payment import OpenPayment, PaymentBooks, PaymentPhase
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.shifts.shift_totals import Figure
from tests.support.shifts import TWO_FACES, ShiftTill, StaffShiftTill, body


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
