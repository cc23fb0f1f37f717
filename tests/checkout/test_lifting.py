"""What each may do; and the supervisor's PIN that lifts one action, on record before it is done."""

import pytest

from edge.checkout.menu import TASKS
from edge.checkout.people.staff import (
    CASHIER,
    MANAGER,
    NO_STAFF,
    READY_ROLES,
    SUPERVISOR,
    TRAINEE,
    Permission,
    Role,
    Staff,
)
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.words.texts_staff import PERMISSION_WORDS
from tests.support.goods import GOODS, LEMONADE
from tests.support.staff import STAFF, StaffTill, on_duty, person


def lifted(permission: str, action: str, *, by: str = "7", for_: str = "12") -> tuple[str, object]:
    body = {"permission": permission, "by": by, "for": for_, "action": action}
    return ("permission.lifted", body)


def test_what_is_missing_is_asked_of_a_supervisor() -> None:
    till = on_duty().scan("1001").press("250 MENU 15")
    assert (till.state, till.screen.title) == (State.ASKING, "Supervisor: change a price")
    assert till.screen.entry == ""
    till.press("7 ENTER")
    assert till.screen.title == "PIN for: change a price"
    till.press("70707 ENTER").answered()
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]
    till.stored()
    assert (till.state, till.notice) == (State.SELLING, "Price is now 2.50")
    assert till.rows == [("Cola", "1 × 2.50", "2.50")]
    assert till.bodies == [lifted("price_override", "15")]


def test_voiding_the_last_line_is_cancelling() -> None:
    till = on_duty().scan("1001", "1002").press("VOID")
    assert (till.state, till.notice) == (State.SELLING, "Voided: Water")
    till.press("VOID")
    assert (till.state, till.screen.title) == (State.ASKING, "Supervisor: cancel the sale")
    assert till.press("CLEAR").rows == [("Cola", "1 × 3.50", "3.50")]
    till.press("VOID").lifted()
    assert (till.state, till.rows, till.notice) == (State.SELLING, [], "Voided: Cola")
    till.press("CLEAR").stored()
    assert till.bodies[0] == lifted("cancel_sale", "VOID")
    assert till.kinds[-1] is EntryKind.SALE_CANCELLED


def test_a_wrong_article_goes_without_leave_once_the_right_one_is_there() -> None:
    till = on_duty().scan("1001", "1002").press("UP VOID")
    assert till.rows == [("Water", "1 × 2.00", "2.00")]


def test_a_line_with_its_deposit_is_the_last_one_too() -> None:
    till = on_duty(catalogue=GOODS).scan(LEMONADE.plu)
    assert len(till.rows) == 2
    assert till.press("VOID").screen.title == "Supervisor: cancel the sale"


def test_bottles_that_come_back_are_cancelled_with_leave_too() -> None:
    till = on_duty(catalogue=GOODS).press("MENU 72").scan(LEMONADE.plu)
    assert till.press("VOID").screen.title == "Supervisor: cancel the sale"


def test_it_is_lifted_once() -> None:
    till = on_duty().scan("1001").press("250 MENU 15").lifted()
    assert till.press("200 MENU 15").screen.title == "Supervisor: change a price"
    assert till.press("CLEAR").state is State.SELLING
    assert till.rows == [("Cola", "1 × 2.50", "2.50")]
    assert till.screen.entry == "200"


def test_who_may_is_not_asked() -> None:
    till = on_duty("7", "70707").scan("1001").press("250 MENU 15")
    assert till.notice == "Price is now 2.50"
    assert till.journal == []


def test_without_staff_everything_is_allowed() -> None:
    assert all(NO_STAFF.may("", permission) for permission in Permission)


def test_a_key_of_the_table_is_lifted_as_well() -> None:
    till = on_duty("9", "9999").scan("1001", "1002").press("VOID")
    assert till.screen.title == "Supervisor: void"
    till.lifted()
    assert [left for left, _, _ in till.rows] == ["Cola"]
    assert till.bodies == [lifted("void_line", "VOID", for_="9")]


def test_a_payment_is_taken_back_with_the_same_right() -> None:
    till = on_duty("9", "9999").scan("1001").press("100 CASH VOID").lifted()
    assert (till.state, till.total) == (State.TENDERING, ("TOTAL", "3.50"))


def test_a_scan_is_run_again_like_a_key() -> None:
    clerk = person("20", "Cleo", Role("clerk", frozenset({Permission.STOCK})), "2020")
    staff = Staff("1", {**STAFF.by_number, "20": clerk})
    till = on_duty("20", "2020", staff=staff).scan("1001")
    assert till.screen.title == "Supervisor: sell"
    till.lifted()
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]


def test_a_question_is_there_again_once_its_answer_is_lifted() -> None:
    """A trainee may be too young to say how old somebody is."""
    till = on_duty("9", "9999", catalogue=GOODS).press("3 X").scan("3003").press("ENTER")
    assert till.screen.title == "Supervisor: check the age"
    till.lifted()
    assert till.rows == [("Spirit", "3 × 99.00", "297.00")]
    assert till.bodies == [lifted("age_check", "age", for_="9")]
    till = on_duty("9", "9999", catalogue=GOODS).scan("3003").press("ENTER 7 ENTER CLEAR")
    assert till.state is State.IDLE


def test_a_smaller_quantity_is_a_void() -> None:
    """Or a trainee would take four of five out without anybody's leave."""
    till = on_duty("9", "9999").press("5 X").scan("1001").press("1 X ENTER")
    assert till.screen.title == "Supervisor: void"
    till.lifted()
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]
    assert till.press("3 X ENTER").rows == [("Cola", "3 × 3.50", "10.50")]


def test_who_may_not_lift_is_refused_without_a_pin() -> None:
    till = on_duty().press("MENU 21 12 ENTER")
    assert till.notice == "May not do that - other person"
    assert till.press("9 ENTER").notice == "May not do that - other person"
    assert till.press("99 ENTER").notice == "No such number - key another"
    assert till.press("ENTER").notice == "May not do that - other person"
    till.lifted()
    assert [kind for kind, _ in till.bodies] == ["permission.lifted"]
    assert till.stored().notice == "Drawer opened"


def test_wrong_pins_of_a_supervisor_count_and_lock() -> None:
    till = on_duty().press("MENU 21 7 ENTER")
    for _ in range(5):
        till.pin("1111")
    assert (till.state, till.notice) == (State.IDLE, "7 is locked - MENU 66, or wait")
    assert {body["purpose"] for _, body in till.bodies} == {"lift"}
    assert till.press("CLEAR").state is State.IDLE


def test_the_drawer_opens_after_both_records() -> None:
    till = on_duty().press("MENU 21").lifted()
    assert "OpenDrawer" not in till.done
    till.stored()
    assert till.done == ["OpenDrawer", "WakeUplink"]
    assert [kind for kind, _ in till.bodies] == ["permission.lifted", "drawer.no_sale"]


def test_clear_leaves_the_question_and_nothing_is_done() -> None:
    till = on_duty().press("500 MENU 23 7 ENTER CLEAR")
    assert (till.state, till.journal) == (State.IDLE, [])
    assert till.screen.entry == "500"


def test_what_can_t_begin_here_asks_nobody() -> None:
    till = on_duty().scan("1001").press("MENU 12")
    assert till.notice == "Not now - finish, or CLEAR"
    assert on_duty().press("5 MENU 21").notice == "Takes no number - CLEAR"


def test_a_refund_without_a_receipt_is_for_a_supervisor() -> None:
    till = on_duty().press("MENU 12").lifted()
    assert till.state is State.RETURNING
    till.scan("1001").press("CASH").stored()
    assert till.sale.staff == "12"


def test_a_good_pin_forgets_the_supervisors_wrong_ones() -> None:
    till = on_duty().press("MENU 21 7 ENTER").pin("1111").pin("70707").stored()
    assert till.session.duty.tries == {}
    assert till.restarted().session.duty.tries == {}


# --- roles


def test_a_trainee_may_least_and_a_manager_everything() -> None:
    assert TRAINEE.permissions < CASHIER.permissions < SUPERVISOR.permissions < MANAGER.permissions
    assert MANAGER.permissions == frozenset(Permission)
    assert set(READY_ROLES) == {"cashier", "supervisor", "manager", "trainee"}


@pytest.mark.parametrize("permission", Permission)
def test_every_permission_has_a_name_in_both_languages(permission: Permission) -> None:
    assert PERMISSION_WORDS[permission].name == permission.name


def test_what_moves_money_or_hides_a_sale_needs_more_than_a_cashier() -> None:
    needs = {task.number: task.permission for task in TASKS if task.permission}
    for number in ("11", "12", "14", "15", "16", "17", "21", "22", "23"):
        assert needs[number] not in CASHIER.permissions
        assert needs[number] in SUPERVISOR.permissions


def test_who_has_left_may_nothing() -> None:
    assert not STAFF.may("5", Permission.SELL)
    assert not STAFF.by_number["5"].may(Permission.SELL)
    assert not STAFF.may("", Permission.SELL)
    assert STAFF.find("5") is None
    assert StaffTill().press("5 ENTER").state is State.SIGNED_OFF


def test_who_leaves_the_question_has_chosen_nothing_in_the_menu() -> None:
    till = on_duty().press("MENU 11 CLEAR")
    assert (till.state, till.screen.entry) == (State.IDLE, "")
    assert till.press("MENU 91").screen.title == "就绪"


def test_bottles_are_no_trainees_business() -> None:
    till = on_duty(number="9", pin="9999").press("MENU 72")
    assert till.screen.title == "Supervisor: take bottles back"


def test_who_may_not_sell_keys_an_article_for_a_supervisor_to_lift() -> None:
    clerk = person("4", "Carl", Role("clerk", frozenset({Permission.NO_SALE})), "4444")
    staff = Staff("1", {**STAFF.by_number, "4": clerk})
    till = on_duty("4", "4444", staff=staff).press("1001 ENTER")
    assert (till.state, till.screen.title) == (State.ASKING, "Supervisor: sell")
    till.lifted()
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]
    assert till.bodies == [lifted("sell", "ENTER", for_="4")]
