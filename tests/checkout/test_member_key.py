"""The MEMBER key: who is found, who is not, and what his sale costs from then on."""

from dataclasses import replace

import pytest

from edge.checkout.effects import FindMember, SaveDraft
from edge.checkout.instant import ClockQuality
from edge.checkout.loyalty.members import ByPhone, Member, MemberTrade, block, replace_card
from edge.checkout.loyalty.phones import PHONE_PLANS
from edge.checkout.sale.basket import Buyer
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.store.loyalty_settings import LoyaltySettings
from edge.wire.member_codes import CodeReader, member_code
from tests.support.loyalty import FORGERS_KEY
from tests.support.member_till import (
    PHONE,
    SETTINGS,
    SOON_S,
    TAIL,
    TILL,
    MemberTill,
    signed,
    with_price,
)
from tests.support.playbook import CATALOGUE, CHEESE_AT_12_50, COLA_EAN13, SHOP, Till

NAME = "王小明"


def known(counter: int = 1, **particulars: object) -> tuple[MemberTill, Member]:
    till = MemberTill()
    particulars.setdefault("name", NAME)
    return till, till.with_member(counter, **particulars)


def test_a_shop_without_members_says_so() -> None:
    till = Till().press("MEMBER")
    assert till.notice == "No members in this shop - go on"
    assert till.press("MENU 41").notice == "No members in this shop - go on"
    assert till.press("MENU 49").notice == "No members in this shop - go on"


@pytest.mark.parametrize("keys", [f"{PHONE} MEMBER", f"MEMBER {PHONE} ENTER"])
@pytest.mark.parametrize("before", ["", "1001 ENTER", "1001 ENTER SUBTOTAL"])
def test_a_phone_number_finds_its_member_before_or_after_the_key(keys: str, before: str) -> None:
    till, member = known()
    state = till.press(before).state
    till.press(keys).settled()
    assert till.notice == "Member 王*"
    assert till.state is (State.SELLING if state is State.IDLE else state)
    assert till.session.basket is not None
    assert till.session.basket.buyer == Buyer(member.number, "", ("first-purchase",), "王*")
    assert "Member 王*" in till.screen.status


def test_while_the_store_is_asked_the_till_waits_and_what_is_scanned_comes_after() -> None:
    till, _ = known()
    till.press(f"{PHONE} MEMBER")
    assert till.state is State.FINDING
    till.scan(COLA_EAN13).settled()
    assert till.state is State.SELLING
    assert till.rows == [("Cola", "1 × 3.50 -0.50", "3.00")]


def test_the_last_four_digits_find_the_only_one_who_has_them() -> None:
    till, _ = known()
    assert till.press(f"{TAIL} MEMBER").settled().notice == "Member 王*"


def test_of_several_with_the_same_digits_one_is_chosen() -> None:
    till, _ = known()
    till.with_member(2, phone="+8613900005678", name="John Smith", tier="gold")
    till.press(f"{TAIL} MEMBER").settled()
    assert till.screen.title == "Members found: 2"
    assert till.rows == [("1. 王*", "", "*0012"), ("2. J*** S***", "Gold", "*0020")]
    assert till.press("3 ENTER").notice == "No such item - CLEAR"
    assert till.press("2 X ENTER").notice == "No such item - CLEAR"
    assert till.press("DOWN ENTER").settled().notice == "Member J*** S***"
    till.press(f"{TAIL} MEMBER").settled()
    assert till.press("1 ENTER").settled().notice == "Member 王*"


def test_a_list_that_does_not_end_says_so() -> None:
    till = MemberTill()
    for counter in range(1, 12):
        till.with_member(counter, phone=f"+86139{counter:04d}5678")
    till.press(f"{TAIL} MEMBER").settled()
    assert till.screen.title == "Members found: 9+"


@pytest.mark.parametrize(
    ("keys", "notice"),
    [
        ("MEMBER ENTER", "Nothing keyed - number, ENTER"),
        ("MEMBER 3 X ENTER", "Nothing keyed - number, ENTER"),
        ("MEMBER 12 ENTER", "No such phone or card - key again"),
        ("12 MEMBER", "No such phone or card - key again"),
        ("0000 MEMBER", "Nobody found - key the whole phone"),
        ("9007000073 MEMBER", "Nobody found - key the whole phone"),
        ("3 X MEMBER", "Quantity out of range - CLEAR"),
    ],
)
def test_what_finds_nobody_says_why(keys: str, notice: str) -> None:
    till = MemberTill().press(keys).settled()
    assert till.notice == notice
    assert till.press("CLEAR CLEAR").state is State.IDLE


def test_a_question_that_is_left_gives_back_what_was_keyed() -> None:
    till = MemberTill().press("1001 ENTER").press("3 X").press("CLEAR MEMBER")
    assert till.screen.title == "Whose? for this sale"
    assert till.press("12 CLEAR CLEAR").state is State.SELLING


# --- cards and codes


@pytest.mark.parametrize("before", ["", "1001 ENTER", "1001 ENTER SUBTOTAL", "MEMBER"])
def test_a_card_is_recognised_wherever_it_is_scanned(before: str) -> None:
    till, member = known()
    till.press(before).scan(member.card).settled()
    assert till.notice == "Member 王*"


def test_a_signed_code_is_recognised_and_good_once() -> None:
    till, member = known()
    till.scan(signed(member)).settled()
    assert till.notice == "Member 王*"
    assert till.scan(signed(member)).settled().notice == "Code was used - show a new one"
    assert till.scan(signed(member, nonce="nonce-02")).settled().notice == "Member 王*"


def test_each_code_that_is_not_taken_has_its_own_word() -> None:
    till, member = known()
    forged = member_code(FORGERS_KEY, member.number, SOON_S, "nonce-01")
    expired = signed(member, expires_s=SOON_S - 7_200)
    said = [till.scan(code).settled().notice for code in (forged, expired, "EM1:9007000012.1")]
    assert said == [
        "Code is not ours - key the phone",
        "Code has expired - show a new one",
        "Misread code - scan again",
    ]
    till.codes = CodeReader(())
    assert till.scan(signed(member)).settled().notice == "Can't check codes - key the phone"
    assert till.state is State.IDLE
    assert till.session.basket is None


def test_a_clock_that_was_never_set_calls_no_code_expired() -> None:
    till, member = known()
    till.quality = ClockQuality.UNSET
    assert till.scan(signed(member, expires_s=SOON_S - 7_200)).settled().notice == "Member 王*"


def test_who_is_blocked_or_shows_an_old_card_is_refused() -> None:
    till, member = known()
    written = replace_card(member, TILL, 2, "lost")
    till.put(written.entry)
    assert till.scan(member.card).settled().notice == "Card was replaced - ask for the new"
    till.put(block(written.member, "asked").entry)
    for keys in (f"{PHONE} MEMBER", f"{TAIL} MEMBER"):
        assert till.press(keys).settled().notice == "Member is blocked - see MENU 43"
    assert till.session.basket is None


def test_digits_before_a_card_are_refused_and_no_x_is_asked_for() -> None:
    till, member = known()
    assert till.press("3").scan(member.card).notice == "Takes no number - CLEAR"
    assert till.press("X").scan(member.card).notice == "Takes no number - CLEAR"
    till.press("CLEAR MEMBER 138").scan(member.card)
    assert till.notice == "Number unused - ENTER, or CLEAR"
    assert till.press("CLEAR").scan(member.card).settled().session.member is not None


def test_member_behind_the_number_says_whose_sale_it_is_as_enter_does() -> None:
    till, _ = known()
    assert till.press("MEMBER MEMBER").notice == "Nothing keyed - number, ENTER"
    till.press(f"{PHONE} MEMBER").settled()
    assert till.session.member is not None


def test_an_articles_code_is_no_answer_to_whose_sale_it_is() -> None:
    till = MemberTill().press("MEMBER").scan(COLA_EAN13)
    assert till.notice == "No such phone or card - key again"
    assert till.state is State.ASKING


def test_in_a_return_a_card_is_no_article() -> None:
    till, member = known()
    till.press("MENU 12").scan(member.card)
    assert till.notice == "Unknown code - rescan, or key PLU"


# --- what the sale costs


def test_a_tiers_discount_and_price_hold_at_once_and_go_with_the_member() -> None:
    till = MemberTill(catalogue=with_price(CATALOGUE, "1003", "gold", 800))
    gold = till.with_member(1, tier="gold")
    till.spent(gold, 60_000)
    till.scan(COLA_EAN13, "1003", CHEESE_AT_12_50)
    assert till.total == ("TOTAL", "26.00")
    till.press(f"{PHONE} MEMBER").settled()
    assert till.rows == [
        ("Cola", "1 × 3.50 -0.35", "3.15"),
        ("Soap", "1 × 8.00 -0.80", "7.20"),
        ("Cheese", "0.125 × 100.00 -1.25", "11.25"),
    ]
    till.scan("1003")
    assert till.rows[-1] == ("Soap", "1 × 8.00 -0.80", "7.20")
    till.press("MEMBER VOID")
    assert till.notice == "Sale without a member"
    assert till.total == ("TOTAL", "36.00")
    assert till.session.member is None


def test_a_price_that_a_person_gave_stays() -> None:
    till = MemberTill(catalogue=with_price(CATALOGUE, "1003", "gold", 800))
    till.spent(till.with_member(1, tier="gold"), 60_000)
    till.scan("1003").press("700 MENU 15")
    till.press(f"{PHONE} MEMBER").settled()
    assert till.rows == [("Soap", "1 × 7.00 -0.70", "6.30")]


def test_another_member_takes_the_place_of_the_first() -> None:
    till, _ = known()
    till.spent(till.with_member(2, phone="+8613900001111", name="李"), 60_000)
    till.scan(COLA_EAN13).press(f"{PHONE} MEMBER").settled()
    till.press("13900001111 MEMBER").settled()
    assert till.notice == "Member 李*"
    assert till.rows == [("Cola", "1 × 3.50 -0.35", "3.15")]


def test_once_payment_began_nobody_comes_and_nobody_goes() -> None:
    till, member = known()
    till.scan(COLA_EAN13).press("100 CASH")
    assert till.press(f"{PHONE} MEMBER").notice == "Payment began - finish, or VOID"
    assert till.press("CLEAR").scan(member.card).notice == "Payment began - finish, or VOID"
    assert till.state is State.TENDERING


# --- how he stands


def test_the_second_time_the_key_shows_how_the_member_stands() -> None:
    till, member = known(birthday="01-01")
    till.press(f"{PHONE} MEMBER").settled().press("MEMBER")
    assert till.screen.title == "Member 王*"
    assert till.rows == [
        ("Card", "", member.card),
        ("To spend for Silver", "", "100.00"),
        ("Birthday today", "", ""),
        ("First purchase", "", ""),
        ("Points to use here", "", "0"),
    ]
    assert till.press("DOWN DOWN MEMBER").state is State.SELLING
    assert till.press("MEMBER ENTER").state is State.SELLING
    assert till.press("MEMBER CLEAR").state is State.SELLING


def test_a_sale_that_was_nothing_but_its_member_is_over_when_he_goes() -> None:
    till, _ = known()
    till.press(f"{PHONE} MEMBER").settled().press("MEMBER VOID")
    assert (till.state, till.session.basket, till.notice) == (
        State.IDLE,
        None,
        "Sale without a member",
    )
    till.press(f"{PHONE} MEMBER").settled().press("CLEAR")
    assert (till.state, till.session.member) == (State.IDLE, None)


# --- others see nothing of him


def test_the_customers_display_shows_a_masked_name_and_nothing_else() -> None:
    till, _ = known(birthday="1990-02-28")
    till.press(f"{PHONE} MEMBER").settled()
    assert till.customer == ("小店 Corner Shop", "Welcome 王*")
    till.press("MEMBER")
    assert till.customer == ("小店 Corner Shop", "Welcome 王*")
    till.press("CLEAR").scan(COLA_EAN13)
    assert "王" not in "".join(till.customer)


def test_no_text_of_what_the_till_has_in_mind_shows_who_the_member_is() -> None:
    till, _ = known(birthday="1990-02-28")
    for keys in (f"{PHONE} MEMBER", "MEMBER", "CLEAR 1001 ENTER"):
        till.press(keys)
        shown = repr(till.effects) + repr(till.session)
        till.settled()
        shown += repr(till.effects) + repr(till.session)
        for secret in (PHONE, NAME, "02-28"):
            assert secret not in shown
    for effect in till.all_effects:
        if isinstance(effect, FindMember):
            assert effect.query == ByPhone(f"+86{PHONE}")


def test_the_draft_holds_a_number_and_a_masked_name() -> None:
    till, member = known(birthday="1990-02-28")
    till.press(f"{PHONE} MEMBER").settled().scan(COLA_EAN13)
    (saved,) = till.of(SaveDraft)
    assert saved.basket.buyer == Buyer(member.number, "", ("first-purchase",), "王*")


# --- after a power cut, and after a hold


def test_after_a_power_cut_the_member_is_looked_up_again() -> None:
    till, member = known()
    till.press(f"{PHONE} MEMBER").settled().scan(COLA_EAN13)
    till.spent(member, 60_000)
    again = till.restarted()
    assert again.state is State.FINDING
    again.settled()
    assert again.notice == "Basket is back after a restart"
    assert again.rows == [("Cola", "1 × 3.50 -0.35", "3.15")]
    assert again.session.member is not None
    assert again.session.member.trade == MemberTrade(1, 60_000)


def test_what_is_paid_already_stays_at_its_price_after_a_power_cut() -> None:
    till, member = known()
    till.press(f"{PHONE} MEMBER").settled().scan(COLA_EAN13).press("100 CASH")
    till.spent(member, 60_000)
    again = till.restarted().settled()
    assert again.total == ("TO PAY", "2.00")
    assert again.session.member is not None
    again.press("CASH").settled()
    assert again.sale.total_minor == 300
    assert again.points(member) == 3


def test_a_member_who_is_blocked_meanwhile_leaves_the_basket_that_comes_back() -> None:
    till, member = known()
    till.press(f"{PHONE} MEMBER").settled().scan(COLA_EAN13)
    till.put(block(member, "asked").entry)
    again = till.restarted().settled()
    assert again.notice == "Member not taken - key MEMBER"
    assert again.rows == [("Cola", "1 × 3.50", "3.50")]
    assert again.session.basket is not None
    assert again.session.basket.buyer is None


def test_where_payment_began_the_price_stays_though_the_member_is_blocked() -> None:
    till, member = known()
    till.press(f"{PHONE} MEMBER").settled().scan(COLA_EAN13).press("100 CASH")
    till.put(block(member, "asked").entry)
    again = till.restarted().settled()
    assert again.notice == "Member not taken - key MEMBER"
    assert again.total == ("TO PAY", "2.00")


def test_a_shop_that_has_no_members_any_more_asks_for_none() -> None:
    till, _ = known()
    till.press(f"{PHONE} MEMBER").settled().scan(COLA_EAN13)
    again = Till(draft=till.draft)
    assert (again.state, again.notice) == (State.SELLING, "Member not taken - key MEMBER")
    assert again.rows == [("Cola", "1 × 3.50", "3.50")]


def test_a_held_sale_comes_back_with_its_member_as_he_is_by_then() -> None:
    till, member = known()
    till.press(f"{PHONE} MEMBER").settled().scan(COLA_EAN13).press("MENU 18").settled()
    assert till.session.member is None
    till.spent(member, 60_000)
    till.press("MENU 19").settled()
    assert till.notice == "Sale 1 is back"
    assert till.rows == [("Cola", "1 × 3.50 -0.35", "3.15")]
    assert till.session.member is not None


def test_where_phones_look_like_cards_both_are_tried() -> None:
    """In the United States a phone number has ten digits as well."""
    settings = SETTINGS.model_copy(update={"phone_country": "US"})
    assert settings.rules.phones == PHONE_PLANS["US"]
    till = MemberTill(settings=settings)
    till.press("9007000012 MEMBER").settled()
    assert till.screen.title == "Not a member"
    till.press("ENTER").settled()
    assert till.press("CLEAR CLEAR 9007000012 MEMBER").settled().notice == "Member *0012"


def test_the_words_are_there_in_chinese() -> None:
    till = MemberTill(replace(SHOP, language=Language.CHINESE))
    till.spent(till.with_member(1, name=NAME), 10_000)
    till.press(f"{PHONE} MEMBER").settled().press("MEMBER")
    assert till.screen.title == "会员 王*"
    assert till.rows[1:3] == [("等级", "", "银卡"), ("距金卡还差", "", "400.00")]


@pytest.mark.parametrize(
    ("birthday", "total"),
    [("01-01", "3.15"), ("1990-01-03", "3.15"), ("01-09", "3.50"), ("", "3.50")],
)
def test_an_offer_for_a_birthday_holds_in_its_week(birthday: str, total: str) -> None:
    offers = [{"id": "birthday", "segment": "birthday-week", "rate_bp": 1_000}]
    till = MemberTill(settings=LoyaltySettings(till=TILL, offers=offers))
    till.with_member(1, birthday=birthday)
    till.scan(COLA_EAN13).press(f"{PHONE} MEMBER").settled()
    assert till.total == ("TOTAL", total)


def test_while_nobody_knows_the_day_nobody_has_a_birthday() -> None:
    offers = [{"id": "birthday", "segment": "birthday-month", "rate_bp": 1_000}]
    till = MemberTill(settings=LoyaltySettings(till=TILL, offers=offers))
    till.with_member(1, birthday="01-01")
    till.quality = ClockQuality.UNSET
    till.scan(COLA_EAN13).press(f"{PHONE} MEMBER").settled()
    assert till.total == ("TOTAL", "3.50")
