"""Signing on and off, the clock, breaks, wrong PINs and the lock, from the keypad."""

from dataclasses import replace

import pytest

from edge.checkout.effects import CheckPin
from edge.checkout.inputs import BarcodeScanned, KeyPressed
from edge.checkout.people.duty import PinRule
from edge.checkout.people.staff import NO_STAFF, Shown, Staff
from edge.checkout.session import State
from edge.checkout.shop import Language
from tests.support.playbook import Till, keys_of
from tests.support.staff import ANNA, BEN, STAFF, StaffTill, on_duty

LOCKING = 5
MINUTE_MS = 60_000


def wrong(till: StaffTill, times: int = LOCKING, number: str = "12") -> StaffTill:
    """So many wrong PINs in a row, at a till that is signed off."""
    till.press(f"{number} ENTER")
    for _ in range(times):
        till.pin("0000")
    return till


def wait_minutes(till: StaffTill, minutes: int) -> None:
    till._ticks += minutes * 60


# --- signing on


def test_without_staff_nobody_signs_on_and_everything_is_allowed() -> None:
    till = Till().scan("1001").press("VOID MENU 21").stored()
    assert till.state is State.SELLING
    assert Till().press("MENU 61").notice == "No staff is set up - see settings"
    assert Till().press("MENU 62").notice == "No staff is set up - see settings"
    assert Till().press("MENU 66").notice == "Nobody is locked - CLEAR"


def test_a_till_with_staff_comes_up_signed_off() -> None:
    till = StaffTill()
    assert (till.state, till.screen.title) == (State.SIGNED_OFF, "Signed off")
    assert till.notice == "Your number, ENTER"
    assert till.customer == ("小店 Corner Shop", "Welcome")
    assert till.screen.status == ("offline",)


def test_number_enter_pin_enter_signs_on() -> None:
    till = StaffTill().press("12 ENTER")
    assert (till.screen.title, till.notice) == ("Sign on: PIN", "PIN, ENTER - CLEAR: back")
    till.press("1234")
    assert till.screen.entry == "••••"
    till.press("ENTER")
    assert (till.done, till.state) == (["CheckPin"], State.FINDING)
    assert till.answered().done == ["StoreEntries"]
    till.stored()
    assert (till.state, till.notice) == (State.IDLE, "Signed on: 12 Anna")
    assert till.screen.status == ("12 Anna", "offline")
    assert till.bodies == [("staff.signed_on", {"staff": "12"})]


def test_who_has_a_language_of_their_own_gets_it() -> None:
    till = StaffTill().sign_on("3", "33333333")
    assert (till.screen.title, till.notice) == ("就绪", "已登录：3 陈")
    assert till.press("MENU 62").stored().screen.title == "Signed off"


def test_nothing_is_done_while_nobody_is_signed_on() -> None:
    till = StaffTill()
    assert till.scan("1001").notice == "Nobody signed on - number, ENTER"
    assert till.press("MENU 21").notice == "Nobody signed on - number, ENTER"
    assert till.press("CLEAR").state is State.SIGNED_OFF
    assert till.press("CASH").notice == "Not here - see the title"
    assert till.press("ENTER").notice == "Number first - then ENTER"
    assert till.press("12 CLEAR").screen.entry == ""
    assert till.press("MENU 91").screen.title == "未登录"


@pytest.mark.parametrize("number", ["99", "5", "0", "12.5"])
def test_an_unknown_number_or_one_that_has_left_is_refused(number: str) -> None:
    till = StaffTill().press(f"{number} ENTER")
    assert (till.state, till.notice) == (State.SIGNED_OFF, "No such number - key another")


@pytest.mark.parametrize(
    "keys", ["123 ENTER", "ENTER", "12.4 ENTER", "1234 X ENTER", "1 X 234 ENTER"]
)
def test_what_is_no_pin_is_refused_and_counts_as_no_try(keys: str) -> None:
    till = StaffTill().press("12 ENTER").press(keys)
    assert till.notice == "4 to 8 digits - key the PIN"
    assert till.screen.entry == ""
    assert till.journal == []
    assert till.pin("1234").state is State.IDLE


def test_clear_leads_back_from_the_pin() -> None:
    till = StaffTill().press("12 ENTER 12 CLEAR")
    assert (till.state, till.screen.entry) == (State.ASKING, "")
    assert till.press("CLEAR").state is State.SIGNED_OFF


def test_a_person_who_leaves_the_staff_file_between_number_and_pin_is_refused() -> None:
    till = StaffTill().press("12 ENTER")
    till.facts = replace(till.facts, staff=Staff("2", {"7": BEN}))
    till.press("1234 ENTER")
    assert (till.state, till.notice) == (State.SIGNED_OFF, "No such number - key another")


def test_sign_off_is_on_record_and_forgets_the_last_sale() -> None:
    till = on_duty().sell("1001").press("MENU 62").stored()
    assert (till.state, till.notice) == (State.SIGNED_OFF, "Signed off: 12 Anna")
    assert till.total == ("", "")
    assert till.customer == ("小店 Corner Shop", "Welcome")
    assert till.bodies[-1] == ("staff.signed_off", {"staff": "12"})


def test_what_is_keyed_while_a_sign_off_is_stored_finds_the_till_signed_off() -> None:
    till = on_duty().press("MENU 62").press("7 ENTER").scan("1001").stored()
    assert till.screen.title == "Sign on: PIN"
    till.pin("70707")
    assert (till.notice, till.rows) == ("Signed on: 7 Ben", [])


def test_no_one_signs_off_with_a_basket_open() -> None:
    till = on_duty().scan("1001").press("MENU 62")
    assert till.notice == "Not now - finish, or CLEAR"


def test_another_person_takes_over_with_the_open_basket() -> None:
    till = on_duty().scan("1001").press("100 CASH 7 MENU 61").pin("70707")
    assert (till.state, till.screen.status[0]) == (State.TENDERING, "7 Ben")
    assert till.bodies == [
        ("staff.signed_off", {"staff": "12"}),
        ("staff.signed_on", {"staff": "7"}),
    ]
    till.press("CASH").stored()
    assert till.sale.staff == "7"


def test_the_same_person_may_sign_on_again() -> None:
    till = on_duty().press("MENU 61 ENTER").pin("1234")
    assert till.bodies == [("staff.signed_on", {"staff": "12"})]


def test_the_number_may_be_keyed_after_the_menu() -> None:
    till = StaffTill().press("MENU 61")
    assert (till.screen.title, till.notice) == (
        "Sign on: who?",
        "Staff number, ENTER - CLEAR: back",
    )
    assert till.press("ENTER").notice == "Number first - then ENTER"
    assert till.press("12 ENTER").pin("1234").state is State.IDLE


# --- a restart


@pytest.mark.parametrize(
    ("keys", "state"),
    [
        ("", State.IDLE),
        ("1001 ENTER", State.SELLING),
        ("1001 ENTER 100 CASH", State.TENDERING),
    ],
)
def test_after_a_restart_one_signs_on_and_the_basket_goes_on(keys: str, state: State) -> None:
    till = on_duty().press(keys).restarted()
    assert till.state is State.SIGNED_OFF
    assert till.rows == []
    assert till.total == ("", "")
    assert till.customer == ("小店 Corner Shop", "Welcome")
    assert till.sign_on().state is state


def test_after_a_restart_a_return_goes_on_as_one() -> None:
    till = on_duty("3", "33333333").press("MENU 12").scan("1001").restarted()
    assert till.sign_on("3", "33333333").state is State.RETURNING


def test_staff_that_is_taken_away_leaves_an_open_till() -> None:
    till = StaffTill()
    till.facts = replace(till.facts, staff=NO_STAFF)
    assert till.press("CLEAR").state is State.IDLE


def test_who_is_taken_out_of_the_staff_is_signed_off_where_the_till_rests() -> None:
    till = on_duty().scan("1001")
    till.facts = replace(till.facts, staff=Staff("2", {"7": BEN}))
    assert till.press("CLEAR").state is State.SIGNED_OFF
    assert till.sign_on("7", "70707").state is State.SELLING


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


def two_locked() -> StaffTill:
    till = wrong(wrong(StaffTill()), number="9").sign_on("7", "70707")
    till.press("MENU 66")
    return till


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


# --- the clock


def test_clocking_in_and_out_takes_a_pin_of_ones_own() -> None:
    till = StaffTill().press("12 MENU 63").pin("1234")
    assert (till.state, till.notice) == (State.SIGNED_OFF, "Clocked in: 12 Anna")
    assert till.press("12 MENU 63").notice == "Is in already - CLEAR"
    till.press("12 MENU 64").pin("1234")
    assert till.notice == "Clocked out: 12 Anna"
    assert till.press("12 MENU 64").notice == "Not clocked in - MENU 63"
    assert till.bodies == [
        ("staff.clocked_in", {"staff": "12"}),
        ("staff.clocked_out", {"staff": "12"}),
    ]


def test_enter_alone_is_who_is_signed_on() -> None:
    till = on_duty().press("MENU 63 ENTER").pin("1234")
    assert (till.state, till.notice) == (State.IDLE, "Clocked in: 12 Anna")


def test_others_clock_in_at_a_till_that_somebody_has() -> None:
    till = on_duty().press("7 MENU 63").pin("70707").press("7 MENU 64").pin("70707")
    assert (till.state, till.screen.status[0]) == (State.IDLE, "12 Anna")


def test_who_clocks_out_leaves_the_till() -> None:
    till = on_duty().press("12 MENU 63").pin("1234").press("12 MENU 64").pin("1234")
    assert till.state is State.SIGNED_OFF
    assert till.bodies[1:] == [
        ("staff.clocked_out", {"staff": "12"}),
        ("staff.signed_off", {"staff": "12"}),
    ]


def test_a_break_begins_and_ends() -> None:
    till = on_duty().press("12 MENU 65")
    assert till.notice == "Not clocked in - MENU 63"
    till.press("CLEAR 12 MENU 63").pin("1234").press("12 MENU 65").pin("1234")
    assert (till.state, till.notice) == (State.SIGNED_OFF, "Break begins: 12 Anna")
    till.press("12 MENU 65").pin("1234")
    assert (till.state, till.notice) == (State.SIGNED_OFF, "Break ended: 12 Anna")
    assert [kind for kind, _ in till.bodies] == [
        "staff.clocked_in",
        "staff.break_began",
        "staff.signed_off",
        "staff.break_ended",
    ]


def on_break() -> StaffTill:
    till = on_duty().press("12 MENU 63").pin("1234").press("12 MENU 65").pin("1234")
    till.journal[:] = till.journal[-2:]
    return till


def test_signing_on_ends_the_break() -> None:
    till = on_break().sign_on()
    assert [kind for kind, _ in till.bodies[2:]] == ["staff.break_ended", "staff.signed_on"]


def test_clocking_out_ends_the_break() -> None:
    till = on_break().press("12 MENU 64").pin("1234")
    assert [kind for kind, _ in till.bodies[2:]] == ["staff.break_ended", "staff.clocked_out"]


def test_who_is_in_and_on_break_is_known_after_a_restart() -> None:
    till = on_duty().press("12 MENU 63").pin("1234").press("7 MENU 63").pin("70707")
    till = till.press("12 MENU 65").pin("1234").restarted()
    assert till.press("7 MENU 63").notice == "Is in already - CLEAR"
    assert till.press("CLEAR 12 MENU 65").pin("1234").notice == "Break ended: 12 Anna"


# --- training


@pytest.mark.parametrize("number", ["61", "62", "63", "64", "65", "66"])
def test_no_pin_is_tried_in_training_where_nothing_is_kept(number: str) -> None:
    till = on_duty()
    till.facts = replace(till.facts, shop=replace(till.facts.shop, training=True))
    assert till.press(f"MENU {number}").notice == "Not in training - MENU 92 ends it"
    assert till.press("MENU 21").state is State.STORING


# --- what is shown and kept of people


def test_every_sale_says_who_made_it() -> None:
    till = on_duty().sell("1001")
    assert till.sale.staff == "12"
    assert Till().sell("1001").sale.staff == ""


@pytest.mark.parametrize(
    ("on_receipt", "line"),
    [
        (Shown.NUMBER, "Served by 12"),
        (Shown.NAME, "Served by Anna"),
        (Shown.BOTH, "Served by 12 Anna"),
    ],
)
def test_the_receipt_says_who_served_as_the_shop_sets(on_receipt: Shown, line: str) -> None:
    assert line in on_duty(staff=replace(STAFF, on_receipt=on_receipt)).sell("1001").receipt


def test_a_receipt_may_name_nobody() -> None:
    receipt = on_duty(staff=replace(STAFF, on_receipt=Shown.NOTHING)).sell("1001").receipt
    assert not [line for line in receipt if line.startswith("Served")]
    assert not [line for line in Till().sell("1001").receipt if line.startswith("Served")]


def test_who_has_left_stands_on_a_copy_by_number() -> None:
    assert replace(STAFF, on_receipt=Shown.NAME).shown("77") == "77"


def test_the_journal_holds_no_name_and_no_pin() -> None:
    till = two_locked().press("ENTER").stored().press("MENU 62").stored()
    till.sign_on().press("12 MENU 63").pin("1234").sell("1001")
    for kind, body in till.bodies:
        if kind != "sale":
            for value in body.values():
                assert value not in {"Anna", "Ben", "Dora", "1234", "70707", "0000"}, kind


def test_no_text_of_a_session_or_an_effect_shows_a_pin() -> None:
    till = StaffTill().press("12 ENTER 1234")
    assert "1234" not in repr(till.session)
    assert "hash of" not in repr(till.facts)
    assert "Anna" not in repr(till.facts)
    till.press("ENTER")
    (asked,) = till.of(CheckPin)
    assert "1234" not in repr(asked)
    assert (asked.pin, asked.staff) == ("1234", "12")


def test_keys_that_come_while_a_pin_is_checked_wait() -> None:
    till = StaffTill().press("12 ENTER 1234 ENTER")
    till.feed(BarcodeScanned("1001", till.now()))
    for key in keys_of("2 X"):
        till.feed(KeyPressed(key, till.now()))
    till.answered().stored()
    assert (till.state, till.screen.entry) == (State.SELLING, "2 ×")


def test_who_works_here_can_be_chosen_from() -> None:
    assert [member.number for member in STAFF.active] == ["3", "7", "9", "12"]
    assert ANNA.language is None
    assert STAFF.by_number["3"].language is Language.CHINESE
