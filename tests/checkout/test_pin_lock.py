"""Wrong PINs lock, and somebody who may unlocks."""

from dataclasses import replace

import pytest

from edge.checkout.people.duty import PinRule
from edge.checkout.session import State
from tests.support.staff import STAFF, StaffTill, on_duty
from tests.support.wrong_pins import LOCKING, two_locked, wrong


def wait_minutes(till: StaffTill, minutes: int) -> None:
    till._ticks += minutes * 60


# --- wrong PINs


def test_a_wrong_pin_is_on_record_before_anybody_is_told() -> None:
    till = StaffTill().press("12 ENTER 0000 ENTER").answered()
    assert (till.state, till.notice) == (State.STORING, "")
    till.stored()
    assert (till.state, till.notice) == (State.ASKING, "Wrong PIN - key it again")
    assert till.bodies == [("staff.refused", {"staff": "12", "purpose": "sign_on", "wrong": 1})]
    assert till.pin("1234").state is State.IDLE


def test_five_wrong_pins_in_a_row_lock() -> None:
    till = wrong(StaffTill())
    assert (till.state, till.notice) == (State.SIGNED_OFF, "12 is locked - MENU 66, or wait")
    assert till.press("12 ENTER").notice == "12 is locked - MENU 66, or wait"
    assert [body["wrong"] for _, body in till.bodies] == [1, 2, 3, 4, 5]
    assert till.sign_on("7", "70707").state is State.IDLE


def test_a_right_pin_ends_the_row_of_wrong_ones() -> None:
    till = wrong(StaffTill(), LOCKING - 1).pin("1234").press("MENU 62").stored()
    assert wrong(till, LOCKING - 1).state is State.ASKING


def test_a_power_cut_forgets_no_wrong_pin() -> None:
    till = wrong(StaffTill(), LOCKING - 1).restarted()
    assert wrong(till, 1).notice == "12 is locked - MENU 66, or wait"


def test_the_wait_ends_the_lock_and_each_wrong_pin_after_it_locks_anew() -> None:
    till = wrong(StaffTill())
    wait_minutes(till, STAFF.rule.wait_minutes)
    till.press("12 ENTER")
    assert till.state is State.ASKING
    assert till.pin("0000").notice == "12 is locked - MENU 66, or wait"
    wait_minutes(till, STAFF.rule.wait_minutes)
    assert till.press("12 ENTER").pin("1234").state is State.IDLE


def test_a_restart_begins_the_wait_anew() -> None:
    till = wrong(StaffTill())
    wait_minutes(till, STAFF.rule.wait_minutes - 1)
    till = till.restarted()
    wait_minutes(till, STAFF.rule.wait_minutes - 1)
    assert till.press("12 ENTER").notice == "12 is locked - MENU 66, or wait"
    wait_minutes(till, 1)
    assert till.press("12 ENTER").state is State.ASKING


def test_a_lock_without_a_wait_stays_until_somebody_unlocks() -> None:
    till = wrong(StaffTill(staff=replace(STAFF, rule=PinRule(LOCKING, 0))))
    wait_minutes(till, 100_000)
    assert till.press("12 ENTER").notice == "12 is locked - MENU 66, or wait"


# --- unlocking


def test_a_supervisor_unlocks_the_only_one_at_once() -> None:
    till = wrong(StaffTill()).sign_on("7", "70707").press("MENU 66").stored()
    assert till.notice == "Unlocked: 12 Anna"
    assert till.bodies[-1] == ("staff.unlocked", {"staff": "12", "by": "7"})
    till.press("MENU 62").stored()
    assert till.sign_on().state is State.IDLE


def test_a_supervisor_lifts_the_unlocking_at_a_till_that_is_signed_off() -> None:
    till = wrong(StaffTill()).press("MENU 66")
    assert till.screen.title == "Supervisor: unlock a person"
    till.lifted().stored()
    assert (till.state, till.notice) == (State.SIGNED_OFF, "Unlocked: 12 Anna")
    assert till.bodies[-2:] == [
        (
            "permission.lifted",
            {"permission": "staff_unlock", "by": "7", "for": "", "action": "66"},
        ),
        ("staff.unlocked", {"staff": "12", "by": "7"}),
    ]


def test_of_several_one_is_chosen() -> None:
    till = two_locked()
    assert till.rows == [("1. Anna", "", "12"), ("2. Dora", "", "9")]
    assert till.press("3 ENTER").notice == "Nobody is locked - CLEAR"
    assert till.press("DOWN ENTER").stored().notice == "Unlocked: 9 Dora"
    assert till.press("MENU 66").stored().notice == "Unlocked: 12 Anna"
    assert till.press("MENU 66").notice == "Nobody is locked - CLEAR"


def test_one_is_named_by_number() -> None:
    till = two_locked().press("CLEAR 9 MENU 66").stored()
    assert till.notice == "Unlocked: 9 Dora"
    assert till.press("9 MENU 66").notice == "Nobody is locked - CLEAR"


def test_nobody_unlocks_himself() -> None:
    """Or a till that a supervisor left open would be a place to try PINs without end."""
    till = on_duty("7", "70707").press("12 MENU 61 CLEAR 7 MENU 63")
    for _ in range(LOCKING):
        till.pin("0000")
    assert till.press("MENU 66").notice == "Your own lock - other supervisor"


# --- training


@pytest.mark.parametrize("number", ["61", "62", "63", "64", "65", "66"])
def test_no_pin_is_tried_in_training_where_nothing_is_kept(number: str) -> None:
    till = on_duty()
    till.facts = replace(till.facts, shop=replace(till.facts.shop, training=True))
    assert till.press(f"MENU {number}").notice == "Not in training - MENU 92 ends it"
    assert till.press("MENU 21").state is State.STORING
