"""Giving back what was paid from accounts, what was earned, and what was sold as a balance."""

from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest

from edge.checkout.loyalty.members import Member
from edge.checkout.loyalty.told import ToldPoints
from edge.checkout.promotions.conditions import SpendAtLeast
from edge.checkout.promotions.promotion import AmountOff
from edge.checkout.promotions.promotion_set import compile_promotions
from edge.checkout.records import EntryKind, Tender, TenderKind
from edge.checkout.session import State
from tests.support.promotions import of, promotion
from tests.support.staff import BEN, STAFF, StaffTill
from tests.support.wallets import COUPON, GIFT, GIFT_CARD, WalletTill, coupon, served

POINTS, VALUE, CASH = TenderKind.POINTS, TenderKind.STORED_VALUE, TenderKind.CASH


def picking(till: WalletTill, receipt_no: int = 1) -> WalletTill:
    till.press(f"{receipt_no} MENU 11").settled()
    assert till.state is State.PICKING
    return till


def test_points_go_back_as_points_in_proportion_and_with_the_last_piece_exactly() -> None:
    till, member = served(points=1_000)
    till.press("3 X 1003 ENTER SUBTOTAL 1000 MEMBER").settled().press("ENTER CASH").settled()
    assert till.holds(member.points) == 30

    picking(till).press("ENTER SUBTOTAL")
    assert till.rows == [("Points", "", "3.33"), ("Cash", "", "6.67")]
    till.press("ENTER").settled()
    assert till.sale.tenders == (
        Tender(POINTS, 333, 333, 0, account=member.points.id, units=333),
        Tender(CASH, 667, 667, 0),
    )
    assert till.holds(member.points) == 30 + 333 - 10
    assert "OpenDrawer" in till.done
    assert till.sale.told == ToldPoints(returned=333, taken_back=10, here=353)
    told = [" ".join(line.split()) for line in till.receipt if line.startswith("Points ")]
    assert told[-3:] == ["Points given back 333", "Points taken back 10", "Points to use here 353"]

    picking(till).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert till.holds(member.points) == 1_000
    assert till.kinds.count(EntryKind.MEMBER_RETURNED) == 2


def test_what_an_account_paid_goes_back_to_it_though_the_rest_goes_another_way() -> None:
    till, member = served(value_minor=400)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER CASH").settled()
    picking(till).press("SUBTOTAL CARD").settled()
    assert till.sale.tenders == (
        Tender(TenderKind.CARD, 600, 600, 0),
        Tender(VALUE, 400, 400, 0, account=member.stored_value.id, units=400),
    )
    assert till.holds(member.stored_value) == 400


def test_a_gift_card_gets_its_money_back_without_any_member() -> None:
    till = WalletTill().lease(GIFT, 700)
    till.scan("1003").press("MENU 52").scan(GIFT_CARD).settled().press("CASH").settled()
    picking(till).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert till.holds(GIFT) == 700
    assert EntryKind.MEMBER_RETURNED not in till.kinds


def test_the_money_of_a_refund_may_become_stored_value() -> None:
    till, member = served()
    till.scan("1003").press("CASH").settled()
    picking(till).press("SUBTOTAL SUBTOTAL MEMBER").settled()
    assert till.sale.tenders == (Tender(VALUE, 1_000, 1_000, 0, account=member.stored_value.id),)
    assert till.holds(member.stored_value) == 1_000
    assert till.holds(member.points) == 0
    assert "OpenDrawer" not in till.done


def test_what_the_account_paid_and_what_goes_onto_it_are_two_movements() -> None:
    till, member = served(value_minor=400)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER CASH").settled()
    picking(till).press("SUBTOTAL SUBTOTAL MEMBER").settled()
    assert till.holds(member.stored_value) == 1_000
    moved = [
        (entry.kind, entry.body["reason"], entry.body["amount"])
        for entry in till.journal
        if entry.body.get("account") == member.stored_value.id
    ]
    assert moved == [
        (EntryKind.ACCOUNT_REDEEMED, "payment", 400),
        (EntryKind.ACCOUNT_REVERSED, "refund:payment", 400),
        (EntryKind.ACCOUNT_CREDITED, "refund", 600),
    ]


def test_what_accounts_paid_goes_back_to_them_even_where_money_would_go_onto_one() -> None:
    till, member = served(points=1_000)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER").settled()
    picking(till).press("SUBTOTAL SUBTOTAL MEMBER").settled()
    assert (till.holds(member.points), till.holds(member.stored_value)) == (1_000, 0)

    till, member = served(value_minor=1_000)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER").settled()
    picking(till).press("SUBTOTAL SUBTOTAL MEMBER").settled()
    assert till.holds(member.stored_value) == 1_000
    assert EntryKind.ACCOUNT_REVERSED in till.kinds


def test_nobody_s_refund_goes_onto_no_account() -> None:
    till = WalletTill().sell("1003")
    till.settled()
    picking(till).press("SUBTOTAL SUBTOTAL MEMBER")
    assert till.notice == "Nobody's receipt - ENTER, or CASH"
    assert till.press("ENTER").settled().total == ("GIVEN BACK", "10.00")


def test_a_used_coupon_comes_back_with_the_last_piece() -> None:
    till = WalletTill().lease(coupon(), 1)
    till.press("2 X 1003 ENTER").scan(COUPON).settled().press("CASH").settled()
    picking(till).press("ENTER CASH").settled()
    assert till.holds(coupon()) == 0
    picking(till).press("ENTER CASH").settled()
    assert till.holds(coupon()) == 1


def test_a_coupon_that_the_sale_brought_is_taken_back_with_it() -> None:
    till = WalletTill().press("12 X 1003 ENTER CASH").settled()
    brought = coupon("thanks", till.sale.coupons[0].number)
    picking(till).press("SUBTOTAL CASH").settled()
    assert till.holds(brought) == 0


def test_a_top_up_that_was_spent_can_t_be_given_back() -> None:
    till = WalletTill().press("3000 MENU 48").scan(GIFT_CARD).settled().press("CASH").settled()
    till.scan("1003").press("MENU 52").scan(GIFT_CARD).settled()
    picking(till).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert (till.notice, till.state) == ("Used already - it can't go back", State.PICKING)
    assert till.holds(GIFT) == 2_000


def test_visits_that_were_used_can_t_be_given_back_and_the_others_can() -> None:
    till = WalletTill()
    member = till.with_member()
    till.known(member).scan("CUTS10").press("CASH").settled()
    till.known(member).scan("3001").press("MENU 51").settled().press("ENTER").settled()
    picking(till).press("SUBTOTAL CASH").settled()
    assert till.notice == "Used already - it can't go back"
    picking(till.press("CLEAR CLEAR"), 2).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert till.holds(member.count_card("CUTS10")) == 10
    picking(till, 1).press("SUBTOTAL CASH").settled()
    assert till.holds(member.count_card("CUTS10")) == 0


def test_points_that_were_spent_meanwhile_are_owed_until_they_come_back() -> None:
    till, member = served(points=90)
    till.scan("1003").press("CASH").settled()
    till.known(member).scan("1002").press("SUBTOTAL MEMBER").settled().press("ENTER CASH").settled()
    assert till.holds(member.points) == 90 + 10 - 100 + 2

    picking(till).press("SUBTOTAL CASH").settled()
    assert (till.holds(member.points), till.account(member.points).debt) == (0, 8)
    picking(till, 2).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert (till.holds(member.points), till.account(member.points).debt) == (90, 0)


# --- who may pay out another way


@pytest.mark.parametrize("keys", ["ENTER CARD", "ENTER SUBTOTAL CARD"])
def test_money_that_goes_out_another_way_needs_somebody_s_leave(keys: str) -> None:
    till = StaffTill().press("7 ENTER")
    till.pin("70707")
    till.sell("1003").press("1 MENU 11").found().press(keys)
    assert till.state is State.ASKING
    till.press("3 ENTER").pin("33333333")
    if till.waits_for_disk:
        till.settled()
    assert till.sale.tenders == (Tender(TenderKind.CARD, 1_000, 1_000, 0),)
    assert EntryKind.PERMISSION_LIFTED in till.kinds


def test_money_that_goes_back_as_it_came_needs_nobody_s_leave() -> None:
    till = StaffTill().press("7 ENTER")
    till.pin("70707")
    till.sell("1003").press("1 MENU 11").found().press("ENTER SUBTOTAL ENTER").stored()
    assert till.sale.tenders == (Tender(CASH, 1_000, 1_000, 0),)
    assert EntryKind.PERMISSION_LIFTED not in till.kinds


def test_a_visit_that_goes_back_needs_nobody_s_leave_by_the_key_of_another_way() -> None:
    till, _ = served(visits=1)
    till.scan("3001", "1003").press("MENU 51").settled().press("ENTER CARD ENTER").settled()
    till.facts = replace(till.facts, staff=STAFF)
    till.session = replace(till.session, duty=replace(till.session.duty, signed_on=BEN.number))
    picking(till).press("ENTER CASH").settled()
    assert [each.kind for each in till.sale.tenders] == [TenderKind.COUNT_CARD]


# --- the other half of a refund


def test_money_goes_onto_the_account_that_also_paid_and_the_other_half_as_it_came() -> None:
    till, member = served(value_minor=600)
    till.press("2 X 1003 ENTER SUBTOTAL MEMBER").settled().press("1 ENTER CASH").settled()
    picking(till).press("ENTER SUBTOTAL MEMBER").settled()
    assert [(each.amount_minor, each.units) for each in till.sale.tenders] == [(700, 0), (300, 300)]
    assert till.holds(member.stored_value) == 1_000
    picking(till, 1).press("ENTER SUBTOTAL")
    assert till.rows == [("Stored value", "", "3.00"), ("Cash", "", "7.00")]
    till.press("ENTER").settled()
    assert till.holds(member.stored_value) == 1_300


def test_what_cost_nothing_comes_back_onto_no_account() -> None:
    till, member = served()
    till.scan("1001").press("0 MENU 15").scan("1003").press("SUBTOTAL CASH").settled()
    picking(till).press("ENTER SUBTOTAL MEMBER").settled()
    assert (till.state, till.sale.total_minor) == (State.IDLE, 0)
    assert till.holds(member.stored_value) == 0


# --- what was paid for by itself: a visit its service, points their reward


def paid_by_all() -> tuple[WalletTill, Member]:
    """Receipt 1: two haircuts of 30.00, one of them by the last visit, a cola of 3.50 for points,
    and a soap; the rest with 4.00 of stored value, a voucher of 5.00, and cash.
    """
    till, member = served(points=50, value_minor=400, visits=1)
    till.press("2 X 3001 ENTER").scan("1001", "1003").press("MENU 51").settled().press("ENTER")
    till.press("MENU 47").settled().press("ENTER MEMBER").settled().press("2 ENTER")
    till.press("500 MENU 53").scan("V-1").press("CASH").settled()
    assert [(each.kind, each.amount_minor, each.covers) for each in till.sale.tenders] == [
        (TenderKind.COUNT_CARD, 3_000, ((1, 0, 1),)),
        (POINTS, 350, ((2, 0, 1),)),
        (VALUE, 400, ()),
        (TenderKind.VOUCHER, 500, ()),
        (CASH, 3_100, ()),
    ]
    return till, member


def test_goods_beside_a_visit_come_back_as_the_money_that_paid_for_them() -> None:
    till, member = served(visits=3)
    till.scan("3001", "1003").press("MENU 51").settled().press("ENTER CASH").settled()
    picking(till).press("DOWN ENTER SUBTOTAL")
    assert till.rows == [("Cash", "", "10.00")]
    till.press("ENTER").settled()
    assert till.holds(member.count_card("CUTS10")) == 2
    assert EntryKind.ACCOUNT_REVERSED not in till.kinds


def test_a_visit_comes_back_with_its_service_whatever_key_is_pressed() -> None:
    till, member = served(visits=3)
    till.scan("3001", "1003").press("MENU 51").settled().press("ENTER CASH").settled()
    picking(till).press("ENTER CASH").settled()
    assert till.sale.tenders == (
        Tender(TenderKind.COUNT_CARD, 3_000, 3_000, 0, "", member.count_card("CUTS10").id, units=1),
    )
    assert till.holds(member.count_card("CUTS10")) == 3
    assert "OpenDrawer" not in till.done


def test_points_of_a_reward_come_back_with_it_alone() -> None:
    till, member = served(points=70)
    till.scan("1001", "1003").press("MENU 47").settled().press("ENTER CASH").settled()
    held = till.holds(member.points)
    picking(till).press("DOWN ENTER SUBTOTAL ENTER").settled()
    assert [(each.kind, each.amount_minor) for each in till.sale.tenders] == [(CASH, 1_000)]
    assert till.holds(member.points) == held - 10
    picking(till).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert [(each.kind, each.amount_minor, each.units) for each in till.sale.tenders] == [
        (POINTS, 350, 50)
    ]
    assert till.holds(member.points) == 70


@pytest.mark.parametrize(
    "order", sorted({*permutations(["ENTER", "ENTER", "DOWN ENTER", "DOWN DOWN ENTER"])})
)
def test_in_whatever_order_it_comes_back_each_payment_has_back_what_it_paid(
    order: tuple[str, ...],
) -> None:
    till, member = paid_by_all()
    paid = {each.kind: each.amount_minor for each in till.sale.tenders}
    back: Counter[TenderKind] = Counter()
    for part in order:
        picking(till).press(part).press("SUBTOTAL ENTER").settled()
        for each in till.sale.tenders:
            back[each.kind] += each.amount_minor
        refunded = {line.plu for line in till.sale.lines}
        kinds = {each.kind for each in till.sale.tenders}
        assert (POINTS in kinds) == (refunded == {"1001"})
    assert back == paid
    assert till.holds(member.count_card("CUTS10")) == 1
    assert (till.holds(member.points), till.holds(member.stored_value)) == (50, 400)


def test_a_visit_pays_for_its_service_whatever_that_costs_in_the_end() -> None:
    """From 50.00 on a haircut costs 6.00 less, also one that a visit has paid for already."""
    cheaper = promotion(AmountOff(600), of("3001"), SpendAtLeast(5_000))
    till = WalletTill(promotions=compile_promotions([cheaper]))
    member = till.with_member()
    till.lease(member.count_card("CUTS10"), 1).known(member)
    till.scan("3001").press("MENU 51").settled()
    till.press("CLEAR").scan("1003").press("MENU 51").settled().press("ENTER")
    assert till.rows[-1] == ("Count card", "", "-30.00")
    till.press("300 CASH").scan("1003", "1003")
    assert till.rows[-2:] == [("Count card", "", "-24.00"), ("Cash", "", "-3.00")]
    till.press("CASH").settled()
    assert [each.amount_minor for each in till.sale.tenders] == [2_400, 300, 2_700]
    picking(till).press("ENTER SUBTOTAL ENTER").settled()
    assert till.holds(member.count_card("CUTS10")) == 1
    picking(till).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert till.sale.tenders == (Tender(CASH, 3_000, 3_000, 0),)
