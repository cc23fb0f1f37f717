"""Somebody becomes a member at the till."""

import pytest

from edge.checkout.effects import ShowScreens
from edge.checkout.loyalty.member_numbers import CARDS_A_TILL, card_number
from edge.checkout.loyalty.members import Member
from edge.checkout.records import EntryKind
from edge.checkout.sale.basket import Buyer
from edge.checkout.session import State
from tests.support.member_till import PHONE, TILL, MemberTill
from tests.support.playbook import COLA_EAN13, keys_of

CARD = card_number(TILL, 1)
ENROLLED, UPDATED = EntryKind.MEMBER_ENROLLED, EntryKind.MEMBER_UPDATED
MOST_KEYS = 15


def test_a_number_keyed_over_the_question_enrols_nobody() -> None:
    """Whoever keys another phone has not read that this one is about to be enrolled."""
    till = MemberTill().press(f"{PHONE} MEMBER").settled().press("13900001111 ENTER").settled()
    assert (till.notice, till.kinds) == ("Takes no number - CLEAR", [])
    till.press("CLEAR CLEAR 13900001111 MEMBER").settled().press("ENTER").settled()
    assert till.member(CARD).phone == "+8613900001111"


@pytest.mark.parametrize("keys", [f"{PHONE} MEMBER ENTER", f"MEMBER {PHONE} ENTER ENTER"])
def test_enrolling_takes_fewer_than_fifteen_keys_in_all(keys: str) -> None:
    assert len(keys_of(keys)) < MOST_KEYS
    till = MemberTill()
    for key in keys_of(keys):
        till.press(key).settled()
    assert till.notice == f"Enrolled, card {CARD}"
    assert till.member(CARD) == Member(CARD, CARD, phone=f"+86{PHONE}")


def test_who_is_new_is_asked_about_before_anything_is_put_on_record() -> None:
    till = MemberTill().press(f"{PHONE} MEMBER").settled()
    assert (till.screen.title, till.notice) == ("Not a member", "ENTER: enrol - CLEAR: no")
    assert till.press("CLEAR").state is State.IDLE
    assert till.journal == []


@pytest.mark.parametrize("before", ["", "1001 ENTER", "1001 ENTER SUBTOTAL"])
def test_the_sale_is_the_new_members_at_once(before: str) -> None:
    till = MemberTill().press(before).press(f"{PHONE} MEMBER").settled().press("ENTER").settled()
    assert till.session.basket is not None
    assert till.session.basket.buyer == Buyer(CARD, "", ("first-purchase",), "*0012")
    assert till.kinds == [ENROLLED]
    if not before:
        till.scan(COLA_EAN13)
    till.press("CASH").settled()
    assert till.sale.member == CARD
    assert till.points(Member(CARD, CARD)) == 3


def test_each_new_member_has_a_number_of_his_own() -> None:
    till = MemberTill()
    for phone in (PHONE, "13900001111"):
        till.press(f"{phone} MEMBER").settled().press("ENTER").settled().press("CLEAR")
    assert [entry.body["member"] for entry in till.journal] == [CARD, card_number(TILL, 2)]


def test_from_the_menu_birthday_and_consent_may_follow() -> None:
    till = MemberTill().press(f"MENU 41 {PHONE} ENTER").settled()
    assert (till.screen.title, till.notice) == ("New member", "Birthday MMDD or YYYYMMDD - ENTER")
    assert till.press("1332 ENTER").notice == "No such day - MMDD or YYYYMMDD"
    assert till.press("3 X ENTER").notice == "No such day - MMDD or YYYYMMDD"
    till.press("0229 ENTER")
    assert till.press("2 ENTER").notice == "Only 1 or nothing - ENTER"
    assert till.press("1 X ENTER").notice == "Only 1 or nothing - ENTER"
    till.press("1 ENTER").settled()
    assert till.notice == f"Enrolled, card {CARD}"
    assert till.state is State.IDLE
    assert till.member(CARD) == Member(CARD, CARD, 2, f"+86{PHONE}", birthday="02-29", consent=True)
    assert till.kinds == [ENROLLED, UPDATED]


def test_the_phone_may_be_keyed_before_the_menu_and_the_rest_left_out() -> None:
    till = MemberTill().press(f"{PHONE} MENU 41").settled().press("ENTER ENTER").settled()
    assert till.member(CARD) == Member(CARD, CARD, phone=f"+86{PHONE}")
    assert till.kinds == [ENROLLED]


def test_during_a_sale_the_menu_makes_it_the_new_members() -> None:
    till = MemberTill().scan(COLA_EAN13)
    till.press(f"{PHONE} MENU 41").settled().press("ENTER ENTER").settled()
    assert till.session.member is not None
    assert till.rows == [("Cola", "1 × 3.50 -0.50", "3.00")]


def test_a_sale_that_is_being_paid_stays_as_it_is() -> None:
    till = MemberTill().scan(COLA_EAN13).press("100 CASH")
    till.press(f"{PHONE} MENU 41").settled().press("ENTER ENTER").settled()
    assert till.notice == f"Enrolled, card {CARD}"
    assert till.state is State.TENDERING
    assert till.session.member is None


def test_nobody_is_enrolled_twice_with_one_phone() -> None:
    till = MemberTill()
    till.with_member(1)
    till.press(f"MENU 41 {PHONE} ENTER").settled()
    assert till.notice == "Is a member already - key MEMBER"
    assert till.press("CLEAR").state is State.IDLE


@pytest.mark.parametrize("keys", ["MENU 41 12345 ENTER", "MENU 41 3 X ENTER", "12 MENU 41"])
def test_what_is_no_mobile_number_enrols_nobody(keys: str) -> None:
    till = MemberTill().press(keys).settled()
    assert till.notice == "No mobile number - key again"
    assert till.journal == []


def test_when_the_tills_numbers_are_used_up_nobody_is_enrolled() -> None:
    till = MemberTill()
    till.with_member(CARDS_A_TILL, phone="+8613900001111")
    till.press(f"{PHONE} MEMBER").settled().press("ENTER").settled()
    assert till.notice == "No card numbers left - call"
    assert till.state is State.ASKING
    assert till.press("CLEAR").state is State.IDLE


def test_a_card_that_nobody_has_enrols_nobody() -> None:
    till = MemberTill().scan(CARD).settled()
    assert till.notice == "Nobody found - key the whole phone"


def test_nobodys_phone_stands_in_a_text() -> None:
    till = MemberTill().press(f"MENU 41 {PHONE} ENTER").settled()
    till.press("0229 ENTER ENTER")
    shown = repr(till.session) + repr(till.effects)
    till.settled()
    # Only the cashier's own screen shows what is being keyed.
    effects = [each for each in till.all_effects if not isinstance(each, ShowScreens)]
    shown += repr(till.session) + repr(effects) + repr(till.journal)
    assert PHONE not in shown
    assert "02-29" not in shown
