"""What the office does for members: MENU 42 to 45, and 49."""

from dataclasses import replace
from datetime import date

import pytest

from edge.checkout.balances.account_records import movement_entry
from edge.checkout.balances.accounts import Account, AccountKind, AccountRef, grant
from edge.checkout.effects import PrintReceipt
from edge.checkout.loyalty.member_numbers import CARDS_A_TILL, card_number
from edge.checkout.loyalty.members import Member, block
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from tests.support.member_till import PHONE, TILL, MemberTill
from tests.support.playbook import COLA_EAN13, SHOP

NAME = "王小明"
OTHER = "13900001111"
UPDATED, BLOCKED = EntryKind.MEMBER_UPDATED, EntryKind.MEMBER_BLOCKED
REPLACED, PRINTED = EntryKind.MEMBER_CARD_REPLACED, EntryKind.MEMBER_CARD_PRINTED


def known() -> tuple[MemberTill, Member]:
    till = MemberTill()
    return till, till.with_member(1, name=NAME)


def now(till: MemberTill, member: Member) -> Member:
    found = till.member(member.number)
    assert found is not None
    return found


def test_whom_a_task_is_for_is_keyed_before_it_or_asked_for() -> None:
    till, _ = known()
    assert till.press(f"{PHONE} MENU 42").settled().screen.title == "Change 王*"
    till.press("CLEAR")
    assert till.press("MENU 42").screen.title == "Whose? Change a member"
    assert till.press(f"{PHONE} ENTER").settled().screen.title == "Change 王*"
    assert till.press("CLEAR").state is State.IDLE
    assert till.press("3 X MENU 42").notice == "Quantity out of range - CLEAR"


def test_a_task_for_nobody_says_so() -> None:
    till = MemberTill().press(f"{PHONE} MENU 49").settled()
    assert till.notice == "Nobody found - key the whole phone"
    assert till.state is State.IDLE


# --- 42


def test_phone_birthday_and_consent_are_changed_one_at_a_time() -> None:
    till, member = known()
    till.press(f"{PHONE} MENU 42").settled()
    assert till.rows == [
        ("1. Phone", "", "*5678"),
        ("2. Birthday", "", ""),
        ("3. Messages", "", "no"),
    ]
    till.press("ENTER").press(f"{OTHER} ENTER").settled()
    assert (till.notice, now(till, member).phone) == ("Changed", f"+86{OTHER}")
    till.press(f"{OTHER} MENU 42").settled().press("2 ENTER 19900228 ENTER").settled()
    assert now(till, member).birthday == "1990-02-28"
    till.press(f"{OTHER} MENU 42").settled().press("DOWN DOWN ENTER").settled()
    till.press(f"{OTHER} MENU 42").settled()
    assert till.rows[1:] == [("2. Birthday", "", "02-28"), ("3. Messages", "", "yes")]
    assert now(till, member) == replace(
        member, revision=4, phone=f"+86{OTHER}", birthday="1990-02-28", consent=True
    )
    assert till.kinds == [UPDATED] * 3
    assert [entry.body["reason"] for entry in till.journal] == ["phone", "birthday", "consent"]


@pytest.mark.parametrize(
    ("keys", "notice"),
    [
        ("4 ENTER", "No such item - CLEAR"),
        ("1 X ENTER", "No such item - CLEAR"),
        ("1 ENTER 12 ENTER", "No mobile number - key again"),
        ("1 ENTER ENTER", "No mobile number - key again"),
        ("1 ENTER 3 X ENTER", "No mobile number - key again"),
        ("2 ENTER 3 ENTER", "No such day - MMDD or YYYYMMDD"),
        ("2 ENTER 3 X ENTER", "No such day - MMDD or YYYYMMDD"),
    ],
)
def test_what_makes_no_sense_changes_nothing(keys: str, notice: str) -> None:
    till, member = known()
    till.press(f"{PHONE} MENU 42").settled().press(keys)
    assert till.notice == notice
    assert till.press("CLEAR").state is State.IDLE
    assert now(till, member) == member


def test_without_a_phone_the_row_is_empty() -> None:
    till = MemberTill()
    member = till.with_member(1, name=NAME, phone="")
    till.press(f"{member.card} MENU 42").settled()
    assert till.rows[0] == ("1. Phone", "", "")


def test_in_his_own_sale_the_member_need_not_be_named_and_is_known_as_he_is_now() -> None:
    till, member = known()
    till.scan(COLA_EAN13).press(f"{PHONE} MEMBER").settled()
    till.press("MENU 42").press("2 ENTER 0101 ENTER").settled()
    assert till.state is State.SELLING
    assert till.session.member is not None
    assert till.session.member.member == now(till, member)


def test_somebody_else_may_be_changed_during_a_sale() -> None:
    till, member = known()
    other = till.with_member(2, phone=f"+86{OTHER}")
    till.scan(COLA_EAN13).press(f"{PHONE} MEMBER").settled()
    till.press(f"{OTHER} MENU 42").settled().press("3 ENTER").settled()
    assert now(till, other).consent
    assert till.session.member is not None
    assert till.session.member.member == member


# --- 43


def test_who_is_blocked_is_not_found_until_he_is_let_in_again() -> None:
    till, member = known()
    till.press(f"{PHONE} MENU 43").settled()
    assert (till.screen.title, till.notice) == ("Block 王*", "ENTER: block - CLEAR: back")
    assert till.press("1 ENTER").notice == "Takes no number - CLEAR"
    assert till.press("ENTER").settled().notice == "Blocked"
    assert till.press(f"{PHONE} MEMBER").settled().notice == "Member is blocked - see MENU 43"
    till.press(f"{PHONE} MENU 43").settled()
    assert (till.screen.title, till.notice) == ("Let 王* in again", "ENTER: let in - CLEAR: back")
    assert till.press("ENTER").settled().notice == "Let in again"
    assert till.press(f"{PHONE} MEMBER").settled().notice == "Member 王*"
    assert till.kinds == [BLOCKED, BLOCKED]
    assert now(till, member).revision == 3


def test_a_card_that_was_replaced_blocks_nobody() -> None:
    till, member = known()
    till.press(f"{PHONE} MENU 44").settled().press("ENTER").settled()
    till.press(f"{member.card} MENU 43").settled()
    assert till.notice == "Card was replaced - ask for the new"


# --- 44 and 45


def test_a_new_card_is_printed_and_the_old_one_refused() -> None:
    till, member = known()
    till.press(f"{PHONE} MENU 44").settled()
    assert (till.screen.title, till.notice) == ("New card for 王*", "ENTER: new card - CLEAR: back")
    assert till.press("1 ENTER").notice == "Takes no number - CLEAR"
    till.press("ENTER").settled()
    card = card_number(TILL, 2)
    assert till.notice == f"Card {card}"
    assert till.kinds == [REPLACED, PRINTED]
    assert till.journal[1].body == {"number": int(card), "card": card, "member": member.number}
    assert till.receipt == ["小店 Corner Shop", "Member card", "", f"[QR {card}]", card]
    assert till.scan(member.card).settled().notice == "Card was replaced - ask for the new"
    assert till.scan(card).settled().notice == "Member 王*"


def test_when_the_tills_numbers_are_used_up_the_old_card_stays() -> None:
    till, _ = known()
    till.with_member(CARDS_A_TILL, phone="+8613900001111")
    till.press(f"{PHONE} MENU 44").settled().press("ENTER").settled()
    assert till.notice == "No card numbers left - call"
    assert till.kinds == []


def test_a_card_is_printed_as_often_as_asked() -> None:
    till, member = known()
    for _ in range(2):
        till.press(f"{PHONE} MENU 45").settled()
        assert till.notice == f"Card {member.card}"
        assert till.state is State.IDLE
    assert till.kinds == [PRINTED, PRINTED]
    assert len([each for each in till.all_effects if isinstance(each, PrintReceipt)]) == 2


def test_a_card_that_did_not_print_is_offered_again() -> None:
    till, member = known()
    till.press(f"{PHONE} MENU 45").settled().not_printed()
    assert till.notice == f"Reprint M {member.card}? ENTER: yes, CLEAR: no"
    till.press("ENTER").settled()
    assert "COPY" in till.receipt
    assert f"[QR {member.card}]" in till.receipt


def test_no_name_and_no_phone_stands_on_a_card() -> None:
    till, _ = known()
    till.press(f"{PHONE} MENU 45").settled()
    assert NAME not in "".join(till.receipt)
    assert PHONE[-4:] not in "".join(till.receipt)


# --- 49


def test_balances_are_read_without_a_sale() -> None:
    till, member = known()
    refs = (
        (member.points, 120, date(2026, 1, 15)),
        (member.stored_value, 5_000, date.max),
        (member.count_card("haircut"), 7, date.max),
        (AccountRef(AccountKind.COUPON, "1", member.number, "ten-off"), 1, date(2026, 2, 1)),
        (AccountRef(AccountKind.COUPON, "2", member.number, "any"), 1, date.max),
        (AccountRef(AccountKind.COUPON, "3", member.number, "gone"), 1, date(2025, 1, 1)),
    )
    for place, (ref, amount, last) in enumerate(refs):
        till.put(movement_entry(grant(Account(ref), f"L-{place}", amount, last)))
    till.press(f"{PHONE} MENU 49").settled()
    assert till.screen.title == "Member 王*"
    assert till.rows == [
        ("Card", "", member.card),
        ("To spend for Silver", "", "100.00"),
        ("First purchase", "", ""),
        ("Points to use here", "", "120"),
        ("  until 2026-01-15", "", "120"),
        ("Stored value here", "", "50.00"),
        ("Visits left: haircut", "", "7"),
        ("Coupon: ten-off", "", "2026-02-01"),
        ("Coupon: any", "", ""),
    ]
    assert till.press("ENTER").state is State.IDLE
    assert till.press(f"{PHONE} MENU 49").settled().press("MEMBER").state is State.IDLE
    assert till.session.basket is None


@pytest.mark.parametrize(
    ("birthday", "hint"),
    [("12-31", "Birthday this week"), ("01-20", "Birthday this month"), ("03-01", None)],
)
def test_the_nearest_birthday_is_said(birthday: str, hint: str | None) -> None:
    till = MemberTill()
    till.with_member(1, name=NAME, birthday=birthday)
    till.press(f"{PHONE} MENU 49").settled()
    said = [left for left, _, _ in till.rows if left.startswith("Birthday")]
    assert said == ([hint] if hint else [])


def test_a_tier_without_a_name_in_that_language_is_called_by_the_other() -> None:
    till, member = known()
    till.spent(member, 60_000)
    till.press(f"{PHONE} MENU 49").settled()
    assert ("Tier", "", "Gold") in till.rows


def test_who_is_blocked_has_no_balances_to_read() -> None:
    till, member = known()
    till.put(block(member, "asked").entry)
    assert till.press(f"{PHONE} MENU 49").settled().notice == "Member is blocked - see MENU 43"


def test_in_a_sale_that_is_paid_in_parts_the_member_can_be_served_too() -> None:
    till, member = known()
    till.scan(COLA_EAN13).press(f"{PHONE} MEMBER").settled().press("100 CASH")
    till.press("MENU 45").settled()
    assert till.state is State.TENDERING
    assert till.session.member is not None
    assert till.facts.shop == SHOP
    assert till.notice == f"Card {member.card}"
