"""Behind the MENU key: tasks by numbers that never change."""

import pytest

from edge.checkout.effects import StoreEntries
from edge.checkout.menu import TASKS
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.shop import Language
from tests.support.playbook import Till
from tests.support.shifts import ShiftTill


def test_the_numbers_of_the_menu_never_change() -> None:
    assert {task.number: task.name.english for task in TASKS} == {
        "11": "Refund by receipt",
        "12": "Return without receipt",
        "13": "Copy of a receipt",
        "14": "Cancel the sale",
        "15": "Change the price",
        "16": "Discount on the line",
        "17": "Discount on the sale",
        "18": "Hold the sale",
        "19": "Recall a sale",
        "20": "Discounts: which and why",
        "21": "Open the drawer",
        "22": "Cash paid in",
        "23": "Cash paid out",
        "24": "Open a shift",
        "25": "X report",
        "26": "Z report: close the shift",
        "31": "Stock in",
        "32": "Stock out",
        "33": "Count stock",
        "34": "Look up a product",
        "35": "Low stock",
        "41": "Enrol a member",
        "42": "Change a member",
        "43": "Block a member, or let in",
        "44": "New card for a member",
        "45": "Print a member's card",
        "46": "Coupons",
        "47": "Points for a reward",
        "48": "Top up a card",
        "49": "A member's balances",
        "51": "Use a count card",
        "52": "Gift card",
        "53": "Pay with a voucher",
        "54": "Open payments",
        "61": "Sign on",
        "62": "Sign off",
        "63": "Clock in",
        "64": "Clock out",
        "65": "Begin or end a break",
        "66": "Unlock a person",
        "71": "Send the receipt",
        "72": "Bottles back",
        "91": "中文",
        "92": "Training on / off",
        "93": "Devices",
    }


def test_the_menu_lies_over_what_the_till_was_doing() -> None:
    till = Till().scan("1001").press("2 X MENU")
    assert (till.state, till.screen.title) == (State.MENU, "Menu")
    assert till.rows[0] == ("11", "Refund by receipt", "")
    assert till.press("1").screen.entry == "1"
    assert till.press("CLEAR").state is State.SELLING
    assert till.screen.entry == "2 ×"
    assert till.press("MENU MENU").state is State.SELLING


def test_a_task_is_chosen_by_the_marker_too() -> None:
    till = Till().press("MENU UP DOWN DOWN UP")
    assert [row.selected for row in till.screen.rows].index(True) == 1
    assert till.press("ENTER").state is State.RETURNING
    last = Till().press("MENU" + " DOWN" * len(TASKS))
    assert last.screen.rows[-1].selected
    assert last.press("ENTER").notice == "ENTER: close"


def test_the_marker_of_the_menu_is_not_that_of_the_basket() -> None:
    till = Till().scan("1001", "1002", "1003").press("UP UP MENU DOWN CLEAR")
    assert [row.selected for row in till.screen.rows] == [True, False, False]


def test_half_a_number_is_not_the_marked_task() -> None:
    till = Till().press("MENU 9 ENTER")
    assert (till.state, till.screen.entry) == (State.MENU, "9")
    assert till.notice == "Second digit missing - key it, or CLEAR"
    till.press("1")
    assert (till.state, till.screen.title) == (State.IDLE, "就绪")


def test_the_marker_takes_the_place_of_half_a_number() -> None:
    till = Till().press("MENU 9 DOWN")
    assert till.screen.entry == ""
    assert till.press("UP ENTER").state is State.ASK_RECEIPT
    assert Till().press("MENU 9 UP ENTER").state is State.ASK_RECEIPT


@pytest.mark.parametrize("digits", ["99", "00", ". 1", "1 00"])
def test_a_number_that_is_no_task_is_refused(digits: str) -> None:
    till = Till().press(f"MENU {digits}")
    assert till.notice == "No such item - CLEAR"
    assert till.state is State.IDLE
    assert till.press("ENTER").state is State.IDLE


@pytest.mark.parametrize("number", ["11", "12", "13", "22", "23", "31", "32"])
def test_what_needs_a_free_till_waits_for_the_end_of_the_sale(number: str) -> None:
    till = Till().scan("1001").press(f"MENU {number}")
    assert till.notice == "Not now - finish, or CLEAR"
    assert till.state is State.SELLING


@pytest.mark.parametrize("number", ["14", "15"])
def test_there_is_no_sale_to_change_before_one_has_begun(number: str) -> None:
    assert Till().press(f"MENU {number}").notice == "Not now - finish, or CLEAR"


def test_a_sale_is_cancelled_on_record_with_all_that_was_done_to_it() -> None:
    till = Till().scan("1001", "1002").press("VOID MENU 14")
    (asked,) = till.of(StoreEntries)
    assert (asked.ends_basket, asked.opens_drawer, asked.prints_receipt) == (True, False, False)

    till.stored()

    assert till.kinds == [EntryKind.LINE_VOIDED, EntryKind.SALE_CANCELLED]
    assert till.journal[1].body == {
        "basket": "sale",
        "lines": [{"line": 1, "plu": "1001", "quantity_milli": 1000, "price_minor": 350}],
    }
    assert (till.state, till.notice) == (State.IDLE, "Sale cancelled")
    assert till.session.next_receipt_no == 1
    assert till.done == ["WakeUplink"]


def test_a_payment_that_has_begun_is_finished_or_voided_before_the_sale_is_cancelled() -> None:
    till = Till().scan("1003").press("400 CASH MENU 14")
    assert till.notice == "Payment began - finish, or VOID"
    till.press("VOID MENU 14").stored()
    assert till.kinds == [EntryKind.PAYMENT_VOIDED, EntryKind.SALE_CANCELLED]


@pytest.mark.parametrize(
    ("before", "state"),
    [
        ("", State.IDLE),
        ("1001 ENTER", State.SELLING),
        ("1001 ENTER SUBTOTAL", State.TENDERING),
        ("MENU 12", State.RETURNING),
    ],
)
def test_the_drawer_opens_without_a_sale_once_that_is_on_record(before: str, state: State) -> None:
    till = Till().press(before).press("MENU 21")
    assert till.state is State.STORING
    assert "OpenDrawer" not in till.done

    till.stored()

    assert till.done == ["OpenDrawer", "WakeUplink"]
    assert till.kinds == [EntryKind.DRAWER_NO_SALE]
    assert (till.state, till.notice) == (state, "Drawer opened")


@pytest.mark.parametrize(
    ("number", "kind", "notice"),
    [
        ("22", EntryKind.CASH_PAID_IN, "Paid in 50.00"),
        ("23", EntryKind.CASH_PAID_OUT, "Paid out 50.00"),
    ],
)
def test_cash_goes_in_and_out_on_record(number: str, kind: EntryKind, notice: str) -> None:
    till = ShiftTill().opened("5000").press(f"5000 MENU {number}").settled()
    assert till.kinds[-1] is kind
    assert till.journal[-1].body == {"amount_minor": 5000, "currency": "CNY"}
    assert till.notice == notice
    assert till.screen.entry == ""
    assert till.done == ["OpenDrawer", "WakeUplink"]


def test_more_cash_than_the_drawer_should_hold_goes_out_when_that_is_meant() -> None:
    till = ShiftTill().opened("50600").press("500000 MENU 23").answered()
    assert (till.state, till.screen.title) == (State.ASKING, "More than the drawer holds: 5000.00?")
    assert till.notice == "ENTER: take it out - CLEAR: no"
    assert "506" not in str(till.screen)
    assert till.press("CLEAR").kinds == [EntryKind.SHIFT_OPENED]
    assert (till.state, till.screen.entry) == (State.IDLE, "500000")

    till.press("MENU 23").answered()
    assert till.press("7 ENTER").notice == "ENTER: take it out - CLEAR: no"
    assert till.press("ENTER").settled().notice == "Paid out 5000.00"
    assert till.journal[-1].body["amount_minor"] == 500_000
    assert (till.state, till.screen.entry) == (State.IDLE, "")


def test_all_that_the_drawer_should_hold_goes_out_unasked() -> None:
    till = ShiftTill().opened("50600").press("50600 MENU 23").settled()
    assert till.notice == "Paid out 506.00"


def test_cash_in_or_out_is_keyed_first() -> None:
    assert Till().press("MENU 22").notice == "Number first, then MENU"
    assert Till().press("MENU 23").notice == "Number first, then MENU"
    for wrong in ("0", "1.234", "2 X 500"):
        assert Till().press(f"{wrong} MENU 22").notice == "No such amount - CLEAR"


@pytest.mark.parametrize("number", ["22", "23"])
def test_cash_in_or_out_is_refused_from_the_limit_on(number: str) -> None:
    till = Till().press(f"12345678 MENU {number}")
    assert (till.state, till.notice) == (State.IDLE, "Amount out of range - CLEAR")
    assert till.done == []
    assert Till().press(f"10000000 MENU {number}").done == []
    till = ShiftTill().opened("9999999").press(f"9999999 MENU {number}").settled()
    assert till.journal[-1].body["amount_minor"] == 9_999_999


@pytest.mark.parametrize("number", ["12", "21", "31", "32"])
@pytest.mark.parametrize("keyed", ["5000", "5 X"])
def test_a_task_that_takes_no_number_drops_none(number: str, keyed: str) -> None:
    till = Till().press(f"{keyed} MENU {number}")
    assert (till.state, till.notice) == (State.IDLE, "Takes no number - CLEAR")
    assert till.screen.entry == keyed.replace("X", "×")
    assert till.done == []
    assert till.press(f"CLEAR MENU {number}").state is not State.IDLE


def test_a_copy_of_the_last_receipt_is_printed_on_record() -> None:
    till = Till().sell("1001").sell("1002").printed().press("MENU 13").found()
    assert till.state is State.STORING
    till.stored()
    assert till.kinds[-1] is EntryKind.RECEIPT_COPIED
    assert till.journal[-1].body == {"receipt_no": 2}
    assert till.notice == "Copy of receipt 2"
    assert "COPY" in till.receipt
    assert any(line.startswith("Receipt till-1-2") for line in till.receipt)
    assert till.done == ["PrintReceipt", "WakeUplink"]


def test_a_copy_of_an_older_receipt_or_of_a_refund_by_its_number() -> None:
    till = Till().sell("1001").press("MENU 11 1 ENTER").found().press("SUBTOTAL CASH").stored()
    till.press("1 MENU 13").found().stored()
    assert "REFUND" not in till.receipt
    till.press("2 MENU 13").found().stored()
    assert "REFUND" in till.receipt
    assert "COPY" in till.receipt


def test_there_is_no_copy_of_a_receipt_that_is_not_there() -> None:
    assert Till().press("MENU 13").notice == "No such receipt - key another"
    till = Till().press("9 MENU 13").found()
    assert till.notice == "No such receipt - key another"
    assert till.state is State.IDLE


@pytest.mark.parametrize("before", ["", "1001 ENTER", "1001 ENTER SUBTOTAL", "MENU 12"])
def test_the_language_changes_and_nothing_else(before: str) -> None:
    till = Till().press(before)
    state = till.state
    till.press("MENU 91")
    assert till.session.language is Language.CHINESE
    assert till.state is state
    assert till.press("MENU 91").session.language is Language.ENGLISH
