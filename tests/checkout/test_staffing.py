"""Signing on and off from the keypad, and what is shown and kept of people."""

from dataclasses import replace

import pytest

from edge.checkout.effects import CheckPin
from edge.checkout.inputs import BarcodeScanned, KeyPressed
from edge.checkout.people.staff import NO_STAFF, Shown, Staff
from edge.checkout.session import State
from edge.checkout.shop import Language
from tests.support.playbook import Till, keys_of
from tests.support.staff import ANNA, BEN, STAFF, StaffTill, on_duty
from tests.support.wrong_pins import two_locked

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
