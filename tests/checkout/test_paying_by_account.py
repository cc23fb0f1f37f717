"""Points, stored value, count cards and rewards as payments of a sale."""

from dataclasses import replace
from datetime import date

import pytest

from edge.checkout.inputs import AccountsAnswered, CouponDrawn, MemberAnswered
from edge.checkout.loyalty.members import MemberMissing, block
from edge.checkout.records import EntryKind, Tender, TenderKind
from edge.checkout.session import State
from edge.store.loyalty_settings import LoyaltySettings
from tests.support.member_till import TILL
from tests.support.playbook import NOON_MS, SHOP
from tests.support.wallets import GIFT, GIFT_CARD, WalletTill, served

POINTS, VALUE, CARD10 = TenderKind.POINTS, TenderKind.STORED_VALUE, TenderKind.COUNT_CARD


def test_member_shows_what_can_be_paid_with_and_enter_pays() -> None:
    till, member = served(points=320, value_minor=5_000)
    till.scan("1003").press("SUBTOTAL MEMBER").settled()
    assert till.screen.title == "Pay 10.00 from the member's"
    assert till.rows == [
        ("1. Points", "320", "-3.00"),
        ("2. Stored value", "50.00", "-10.00"),
        ("3. Reward: Spring 80", "320", ""),
    ]

    till.press("ENTER")
    assert till.total == ("TO PAY", "7.00")
    till.press("MEMBER").settled()
    assert till.rows[0] == ("1. Points", "20", "")
    till.press("2 ENTER").settled()
    assert till.sale.tenders == (
        Tender(POINTS, 300, 300, 0, account=member.points.id, units=300),
        Tender(VALUE, 700, 700, 0, account=member.stored_value.id, units=700),
    )
    # Ten points are earned on what was paid, whatever it was paid with.
    assert till.holds(member.points) == 20 + 10
    assert till.holds(member.stored_value) == 4_300
    assert "OpenDrawer" not in till.done


def test_a_number_keyed_first_is_the_part_that_is_paid() -> None:
    till, member = served(points=900, value_minor=5_000)
    till.scan("1003").press("SUBTOTAL 250 MEMBER").settled()
    assert till.rows[:2] == [("1. Points", "900", "-2.00"), ("2. Stored value", "50.00", "-2.50")]
    till.press("DOWN ENTER")
    assert till.total == ("TO PAY", "7.50")
    till.press("CASH").settled()
    assert till.holds(member.stored_value) == 4_750


@pytest.mark.parametrize("keys", ["0 MEMBER", "1.555 MEMBER", "2 X MEMBER"])
def test_what_is_no_amount_is_no_part(keys: str) -> None:
    till, _ = served(points=900)
    till.scan("1003").press("SUBTOTAL").press(keys)
    assert till.state is State.TENDERING
    assert " - CLEAR" in till.notice


def test_nothing_is_redeemed_before_the_sale_is_stored() -> None:
    till, member = served(points=1_000)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER")
    assert till.waits_for_disk
    assert till.holds(member.points) == 1_000
    till.settled()
    assert till.holds(member.points) == 10
    assert till.kinds == [
        EntryKind.SALE,
        EntryKind.ACCOUNT_REDEEMED,
        EntryKind.ACCOUNT_CREDITED,
        EntryKind.MEMBER_BOUGHT,
    ]


def test_a_payment_from_an_account_is_taken_back_by_void() -> None:
    till, member = served(points=500)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER VOID")
    assert till.total == ("TOTAL", "10.00")
    till.press("MEMBER").settled()
    assert till.rows[0] == ("1. Points", "500", "-5.00")
    till.press("CLEAR CASH").settled()
    assert till.holds(member.points) == 500 + 10


def test_who_has_nothing_here_is_told_so() -> None:
    till, _ = served()
    till.scan("1003").press("SUBTOTAL MEMBER").settled()
    assert till.notice == "Nothing to pay with here - CLEAR"
    assert till.state is State.TENDERING


def test_too_few_points_are_told_as_what_is_here() -> None:
    till, _ = served(points=60)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER")
    assert till.notice == "Only 60 here - pay it otherwise"
    assert till.press("9 ENTER").notice == "No such item - CLEAR"
    assert till.press("CLEAR").state is State.TENDERING


def test_without_a_member_the_key_asks_who_it_is() -> None:
    till = WalletTill()
    member = till.with_member()
    till.scan("1003").press("SUBTOTAL MEMBER")
    assert till.screen.title == "Whose? for this sale"
    till.press(f"{member.card} ENTER").settled()
    assert till.session.member is not None
    assert WalletTill().scan("1003").press("MENU 47").notice == (
        "Members only - press MEMBER first"
    )


def test_somebody_who_was_blocked_meanwhile_pays_nothing() -> None:
    till, member = served(points=500)
    till.scan("1003").press("SUBTOTAL")
    till.put(block(member, "lost").entry)
    till.press("MEMBER").settled()
    assert till.notice == "Member is blocked - see MENU 43"


# --- rewards


def test_points_pay_for_one_unit_of_a_reward() -> None:
    till, member = served(points=70)
    till.scan("1001", "1002").press("MENU 47").settled()
    assert till.rows[0] == ("1. Reward: Cola 50", "70", "-3.50")
    till.press("ENTER")
    assert till.total == ("TO PAY", "2.00")
    till.press("MENU 47").settled()
    assert till.rows == [("1. Reward: Spring 80", "20", "")]
    till.press("CLEAR CASH").settled()
    assert till.sale.tenders[0] == Tender(
        POINTS, 350, 350, 0, "cola", account=member.points.id, units=50, covers=((1, 0, 1),)
    )
    assert till.holds(member.points) == 70 - 50 + 5


def test_points_buy_a_coupon_that_is_printed_and_good_at_once() -> None:
    till, member = served(points=100)
    till.scan("1003").press("MENU 47").settled().press("ENTER").settled()
    assert till.notice == "Coupon printed: Spring"
    assert till.holds(member.points) == 20
    assert "Your coupon" in till.receipt
    (number,) = [line for line in till.receipt if line.isdecimal() and len(line) == 17]
    assert till.state is State.SELLING
    till.scan(number).settled()
    assert (till.notice, till.total) == ("Coupon: Spring", ("TOTAL", "8.00"))
    till.press("CASH").settled()
    assert till.sale.total_minor == 800
    till.scan("1003", number).settled()
    assert till.notice == "Another member's coupon - MEMBER"
    till.known(member).scan(number).settled()
    assert till.notice == "Coupon not good any more - CLEAR"


def test_a_coupon_costs_the_points_that_it_costs() -> None:
    till, member = served(points=79)
    till.scan("1003").press("MENU 47").settled().press("ENTER")
    assert till.notice == "Only 79 here - pay it otherwise"
    assert till.holds(member.points) == 79


def test_points_are_not_taken_for_a_coupon_that_nothing_prints() -> None:
    till, member = served(points=80)
    till.facts = replace(till.facts, shop=replace(till.facts.shop, devices=()))
    till.scan("1003").press("MENU 47").settled().press("ENTER")
    assert till.notice == "No printer in the settings - CLEAR"
    assert till.holds(member.points) == 80


# --- count cards


def test_a_count_card_is_sold_to_a_member_and_pays_for_its_service() -> None:
    till = WalletTill()
    member = till.with_member()
    assert till.scan("CUTS10").notice == "Members only - press MEMBER first"
    till.known(member).scan("CUTS10").press("CASH").settled()
    assert till.holds(member.count_card("CUTS10")) == 10

    till.known(member).press("2 X 3001 ENTER").scan("1001").press("MENU 51").settled()
    assert till.rows == [("1. Count card Ten haircuts", "10", "-60.00")]
    till.press("ENTER")
    assert till.total == ("TO PAY", "3.50")
    till.press("CASH").settled()
    assert till.sale.tenders[0] == Tender(
        CARD10, 6_000, 6_000, 0, "", member.count_card("CUTS10").id, 2, ((1, 0, 2),)
    )
    assert till.holds(member.count_card("CUTS10")) == 8


def test_visits_pay_for_as_many_services_as_there_are_visits() -> None:
    till, member = served(visits=1)
    till.press("3 X 3001 ENTER MENU 51").settled().press("ENTER")
    assert till.total == ("TO PAY", "60.00")
    till.press("MENU 51").settled()
    assert till.notice == "Nothing to pay with here - CLEAR"
    till.press("CASH").settled()
    assert till.holds(member.count_card("CUTS10")) == 0


def with_two_plans() -> WalletTill:
    settings = LoyaltySettings(
        till=TILL,
        points={"minor_per_point": 100, "step_points": 100, "step_minor": 100},
        count_plans=(
            {"id": "CUTS10", "visits": 10, "services": ["3001"]},
            {"id": "CUTS5", "visits": 5, "services": ["3001"]},
        ),
        rewards=(
            {"id": "cut", "points": 50, "plu": "3001"},
            {"id": "cola", "points": 10, "plu": "1001"},
            {"id": "fizz", "points": 20, "plu": "1001"},
        ),
    )
    till = WalletTill(settings=settings)
    member = till.with_member()
    till.lease(member.count_card("CUTS10"), 2).lease(member.count_card("CUTS5"), 5)
    till.lease(member.points, 90)
    return till.known(member)


def test_each_service_is_paid_for_once_however_many_cards_there_are() -> None:
    till = with_two_plans().press("3 X 3001 ENTER").scan("1003").press("SUBTOTAL MENU 51").settled()
    assert [row[2] for row in till.rows] == ["-60.00", "-90.00"]
    till.press("1 ENTER MENU 51").settled()
    assert till.rows == [("1. Count card CUTS5", "5", "-30.00")]
    till.press("ENTER MENU 51").settled()
    assert till.notice == "Nothing to pay with here - CLEAR"
    till.press("CLEAR MENU 47").settled()
    assert till.notice == "No article for it here - scan it first"
    assert till.press("CLEAR CASH").settled().sale.tenders[-1].amount_minor == 1_000
    assert [each.units for each in till.sale.tenders] == [2, 1, 0]


def test_what_a_reward_paid_for_no_visit_and_no_other_reward_pays_for() -> None:
    till = with_two_plans().scan("3001", "1001", "1003").press("SUBTOTAL MENU 47").settled()
    assert [row[0] for row in till.rows] == [
        "1. Reward: Haircut 50",
        "2. Reward: Cola 10",
        "3. Reward: Cola 20",
    ]
    till.press("1 ENTER MENU 51").settled()
    assert till.notice == "Nothing to pay with here - CLEAR"
    till.press("CLEAR MENU 47").settled().press("1 ENTER MENU 47").settled()
    assert till.notice == "Nothing to pay with here - CLEAR"
    assert till.total == ("TO PAY", "10.00")


def test_a_member_stays_with_a_sale_that_has_his_count_card() -> None:
    till, _ = served()
    till.scan("CUTS10").press("MEMBER VOID")
    assert till.notice == "Members only - press MEMBER first"
    assert till.session.member is not None


# --- gift cards


def test_a_gift_card_pays_what_is_on_it_and_no_more() -> None:
    till = WalletTill().lease(GIFT, 400)
    till.scan("1003").press("MENU 52").scan(GIFT_CARD).settled()
    assert till.total == ("TO PAY", "6.00")
    till.press("MENU 52").press(f"{GIFT_CARD} ENTER").settled()
    assert till.notice == "Only 0.00 here - pay it otherwise"
    till.press("CLEAR CASH").settled()
    assert till.holds(GIFT) == 0


def test_a_part_that_is_not_on_the_card_is_refused() -> None:
    till = WalletTill().lease(GIFT, 400)
    till.scan("1003").press("500 MENU 52").scan(GIFT_CARD).settled()
    assert till.notice == "Only 4.00 here - pay it otherwise"
    till.press("CLEAR 300 MENU 52").scan(GIFT_CARD).settled()
    assert till.total == ("TO PAY", "7.00")


def test_a_gift_card_tells_what_is_on_it() -> None:
    till = WalletTill().lease(GIFT, 400)
    till.press("MENU 52").scan(GIFT_CARD).settled()
    assert (till.notice, till.state) == ("On this card here: 4.00", State.IDLE)


def test_what_is_no_card_is_no_gift_card() -> None:
    till = WalletTill().scan("1003").press("MENU 52").scan("1003")
    assert till.notice == "No card number - scan it again"
    assert till.press("ENTER").notice == "No card number - scan it again"
    assert till.press("2 X ENTER").notice == "Quantity out of range - CLEAR"
    assert WalletTill().scan("1003").press("0 MENU 52").notice == "No such amount - CLEAR"


def test_a_member_s_stored_value_is_not_anybody_s_gift_card() -> None:
    till, member = served(value_minor=900)
    till.press("MENU 14").settled()
    till.scan("1003").press("MENU 52").scan(member.card).settled()
    assert till.notice == "It is a member's - press MEMBER"


# --- corners


def test_what_is_part_paid_already_leaves_no_room_for_visits_and_rewards() -> None:
    till, _ = served(points=90, visits=1)
    till.scan("3001", "1001").press("3300 CASH MEMBER").settled()
    assert ("2. Count card Ten haircuts", "1", "") in till.rows
    assert ("3. Reward: Cola 50", "90", "") in till.rows
    till.press("3 ENTER")
    assert till.notice == "Only 90 here - pay it otherwise"
    assert till.press("MEMBER").state is State.TENDERING


def test_a_count_card_of_no_plan_and_services_that_are_not_there_pay_nothing() -> None:
    till, member = served(visits=3)
    till.lease(member.count_card("GONE"), 3)
    till.scan("1001").press("SUBTOTAL MEMBER").settled()
    assert till.notice == "No article for it here - scan it first"
    till, member = served()
    till.lease(member.count_card("GONE"), 3)
    till.scan("1001").press("SUBTOTAL MEMBER").settled()
    assert till.notice == "Nothing to pay with here - CLEAR"


def test_points_and_visits_of_which_the_article_is_missing_say_so() -> None:
    till = with_two_plans().scan("1003").press("MENU 47").settled()
    assert till.notice == "No article for it here - scan it first"
    till.press("MENU 51").settled()
    assert till.notice == "No article for it here - scan it first"
    till.scan("3001").press("MENU 51").settled()
    assert till.state is State.ASKING


def test_points_that_are_too_few_for_any_article_are_nothing_to_pay_with() -> None:
    till, _ = served(points=49)
    settings = replace(till.facts.loyalty, rewards=till.facts.loyalty.rewards[:1])
    till.facts = replace(till.facts, loyalty=settings)
    till.scan("1003").press("MENU 47").settled()
    assert till.notice == "Nothing to pay with here - CLEAR"


def test_a_member_who_is_gone_pays_nothing() -> None:
    till, member = served(points=500)
    till.scan("1003").press("SUBTOTAL MEMBER")
    till.feed(MemberAnswered(till.now(), MemberMissing()))
    assert till.notice == "Member not taken - key MEMBER"
    assert member.number in str(till.session.basket)


def test_a_sale_has_at_most_so_many_payments() -> None:
    two = replace(SHOP, limits=replace(SHOP.limits, max_tenders=2))
    till = WalletTill(two).lease(GIFT, 500)
    member = till.with_member()
    till.lease(member.points, 100).known(member)
    till.scan("1003").press("100 CASH MEMBER").settled().press("ENTER")
    assert till.notice == "Too many payments - pay the rest"
    till.press("CLEAR MENU 52").scan(GIFT_CARD).settled()
    assert till.notice == "Too many payments - pay the rest"


def test_a_gift_card_pays_nothing_of_what_costs_nothing() -> None:
    till = WalletTill().lease(GIFT, 500)
    till.scan("1003").press("0 MENU 15 MENU 52").scan(GIFT_CARD).settled()
    assert till.notice == "No such amount - CLEAR"


def test_points_that_expired_over_the_question_buy_no_coupon() -> None:
    till, member = served()
    till.lease(member.points, 100, date(2026, 1, 1))
    till.scan("1003").press("MENU 47").settled().press("ENTER")
    tomorrow = replace(till.now(), utc_ms=NOON_MS + 3 * 86_400_000)
    till.feed(CouponDrawn(tomorrow, 1, 1))
    assert till.notice == "Only 0 here - pay it otherwise"


def test_points_that_expired_over_the_payment_pay_nothing() -> None:
    till, member = served()
    till.lease(member.points, 1_000, date(2026, 1, 1))
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER")
    tomorrow = replace(till.now(), utc_ms=NOON_MS + 3 * 86_400_000)
    till.feed(AccountsAnswered(tomorrow, (till.account(member.points),)))
    assert till.notice == "Only 0 here - pay it otherwise"
    assert till.total == ("TOTAL", "10.00")
    assert till.session.basket.evidence[-1].kind is EntryKind.PAYMENT_VOIDED


def test_a_copy_of_a_printed_coupon_is_marked() -> None:
    till, _ = served(points=100)
    till.scan("1003").press("MENU 47").settled().press("ENTER").settled().not_printed()
    till.press("CLEAR MENU 14").settled().press("CLEAR ENTER").settled()
    assert "COPY" in till.receipt
    assert "Your coupon" in till.receipt
