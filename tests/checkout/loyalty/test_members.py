from dataclasses import replace

import pytest

from edge.checkout.balances.accounts import Account, AccountKind, Lot
from edge.checkout.canonical import canonical_json
from edge.checkout.loyalty.members import (
    ByCard,
    ByPhone,
    ByTail,
    ByToken,
    EnrolRefusal,
    Member,
    MemberFound,
    MemberTrade,
    SeveralMembers,
    Written,
    block,
    bought_entry,
    enrol,
    masked,
    member_from,
    member_query,
    replace_card,
    returned_entry,
    summary,
    update,
)
from edge.checkout.loyalty.phones import PHONE_PLANS
from edge.checkout.records import EntryKind
from tests.support.loyalty import (
    BIRTHDAY,
    CHINA,
    NAME,
    PHONE,
    SECRETS,
    TILL,
    TODAY,
    enrolled_member,
    signed,
)

WANG = replace(enrolled_member(1).member, birthday=BIRTHDAY, tier="gold", segments=("vip", "tea"))


def test_enrolling_takes_a_phone_number_and_nothing_else() -> None:
    written = enrol("138 1234 5678", TILL, 1, CHINA)
    assert isinstance(written, Written)
    member = written.member
    assert (member.number, member.card, member.phone) == ("9007000012", "9007000012", "+86" + PHONE)
    assert (member.name, member.birthday, member.consent, member.blocked) == ("", "", False, False)
    assert written.entry.kind is EntryKind.MEMBER_ENROLLED
    # MEMBER, eleven digits and ENTER.
    assert 1 + len(PHONE) + 1 < 15


@pytest.mark.parametrize(
    ("phone", "counter", "name", "refusal"),
    [
        ("1381234", 1, "", EnrolRefusal.BAD_PHONE),
        (PHONE, 100_000, "", EnrolRefusal.NUMBERS_USED_UP),
        (PHONE, 1, "a\nb", EnrolRefusal.BAD_NAME),
        (PHONE, 1, "x" * 41, EnrolRefusal.BAD_NAME),
    ],
)
def test_who_can_not_be_enrolled(
    phone: str, counter: int, name: str, refusal: EnrolRefusal
) -> None:
    assert enrol(phone, TILL, counter, CHINA, name=name) is refusal


def test_an_update_keeps_number_and_card_and_raises_the_revision() -> None:
    changed = Member("9", "9", 99, phone=WANG.phone, name="王明", consent=True)
    written = update(WANG, changed, "asked")
    assert (written.member.number, written.member.card) == (WANG.number, WANG.card)
    assert (written.member.revision, written.member.name) == (2, "王明")
    assert (written.entry.kind, written.entry.body["reason"]) == (
        EntryKind.MEMBER_UPDATED,
        "asked",
    )


def test_a_member_is_blocked_and_let_in_again() -> None:
    blocked = block(WANG, "complaint")
    assert blocked.member.blocked
    assert blocked.entry.kind is EntryKind.MEMBER_BLOCKED
    assert block(blocked.member, "settled", blocked=False).member == replace(WANG, revision=3)


def test_a_replaced_card_keeps_the_member_s_number_and_accounts() -> None:
    written = replace_card(WANG, TILL, 2, "lost")
    assert isinstance(written, Written)
    assert (written.member.number, written.member.card) == ("9007000012", "9007000020")
    assert written.member.points == WANG.points
    assert written.entry.body["old_card"] == "9007000012"
    assert replace_card(WANG, TILL, 100_000, "lost") is EnrolRefusal.NUMBERS_USED_UP


def test_a_record_holds_the_whole_member() -> None:
    written = update(WANG, WANG, "asked")
    assert member_from(written.entry.body) == written.member
    # What the journal keeps is the text of it, names and all.
    assert NAME.encode() in canonical_json(written.entry.body)


def test_a_sale_and_a_refund_say_whose_they_are() -> None:
    assert bought_entry("9007000012", 5, 1990).body == {
        "member": "9007000012",
        "receipt_no": 5,
        "amount_minor": 1990,
    }
    part = returned_entry("9007000012", 6, 5, 990, whole=False)
    assert (part.kind, part.body["purchases"]) == (EntryKind.MEMBER_RETURNED, 0)
    assert returned_entry("9007000012", 7, 5, 1000, whole=True).body["purchases"] == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王*"),
        ("John Smith", "J*** S***"),
        ("John", "J***"),
        ("Anna Maria van Dijk", "A*** M***"),
        ("Łukasz Kowalski", "Ł*** K***"),
        ("", "*"),
    ],
)
def test_others_see_no_more_of_a_name_than_this(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_a_cashier_chooses_by_a_masked_name() -> None:
    chosen = summary(WANG)
    assert (chosen.masked_name, chosen.card_tail, chosen.tier) == ("王*", "0012", "gold")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        (PHONE, ByPhone("+86" + PHONE)),
        ("5678", ByTail("5678")),
        ("9007000012", ByCard("9007000012")),
        ("9007000013", None),
        ("567", None),
        ("５６７８", None),
    ],
)
def test_keyed_digits_are_a_phone_its_tail_or_a_card(text: str, query: object) -> None:
    assert member_query(text, CHINA) == query


def test_where_phones_look_like_cards_both_are_tried() -> None:
    assert member_query("9007000012", PHONE_PLANS["US"]) == ByCard("9007000012", "+19007000012")


def test_a_found_member_s_account_is_an_empty_one_where_this_till_holds_nothing() -> None:
    points = Account(WANG.points, (Lot(TODAY, 5),))
    found = MemberFound(WANG, MemberTrade(), (points,))
    assert found.account(WANG.points) == points
    assert found.account(WANG.stored_value) == Account(WANG.stored_value)
    assert found.of_kind(AccountKind.POINTS) == (points,)
    assert found.of_kind(AccountKind.COUPON) == ()
    assert WANG.count_card("haircut").id == "count_card:9007000012:haircut"


@pytest.mark.parametrize(
    "value",
    [
        WANG,
        enrolled_member(1),
        update(WANG, WANG, "asked"),
        update(WANG, WANG, "asked").entry.body,
        MemberFound(WANG, MemberTrade(), ()),
        SeveralMembers((summary(WANG),)),
        ByPhone("+86" + PHONE),
        ByTail("5678"),
        ByCard("9007000012", "+86" + PHONE),
        ByToken(signed("9007000012")),
    ],
)
def test_no_text_of_a_value_holds_personal_data(value: object) -> None:
    text = f"{value!r} {value}"
    assert [secret for secret in SECRETS if secret in text] == []
