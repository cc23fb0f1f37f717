"""Top-ups and count cards are bought with money alone, by somebody, within the shop's limits."""

from dataclasses import replace

import pytest

from edge.checkout.loyalty.member_numbers import card_number
from edge.checkout.loyalty.members import block
from edge.checkout.promotions.conditions import SpendAtLeast
from edge.checkout.promotions.promotion import AmountOff
from edge.checkout.promotions.promotion_set import compile_promotions
from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.session import State
from edge.checkout.shop import TaxRate
from tests.support.member_till import TILL
from tests.support.playbook import NET_SHOP, SHOP, Till
from tests.support.promotions import of, promotion
from tests.support.wallets import GIFT, GIFT_CARD, WalletTill, served

MONEY_ONLY = "Prepaid: money only - CASH or CARD"
VALUE, CASH = TenderKind.STORED_VALUE, TenderKind.CASH


# --- what pays for them


def test_stored_value_can_t_be_topped_up_out_of_itself() -> None:
    """Or each round would bring the bonus again."""
    till, member = served(value_minor=10_000)
    till.press("10000 MENU 48 ENTER").settled().press("SUBTOTAL MEMBER").settled()
    assert till.rows == [("1. Stored value", "100.00", "")]
    till.press("ENTER").settled()
    assert till.notice == MONEY_ONLY
    till.press("CLEAR CASH").settled()
    assert till.holds(member.stored_value) == 10_000 + 11_500


def test_a_gift_card_tops_nobody_up() -> None:
    till, member = served()
    till.lease(GIFT, 10_000).press("10000 MENU 48 ENTER").settled()
    till.press("SUBTOTAL MENU 52").scan(GIFT_CARD).settled()
    assert till.notice == MONEY_ONLY
    assert (till.holds(GIFT), till.holds(member.stored_value)) == (10_000, 0)


@pytest.mark.parametrize("place", [1, 2])
def test_neither_points_nor_stored_value_buy_a_count_card(place: int) -> None:
    till, _ = served(points=30_000, value_minor=30_000)
    till.scan("CUTS10").press("SUBTOTAL MEMBER").settled()
    assert till.rows[:2] == [("1. Points", "30000", ""), ("2. Stored value", "300.00", "")]
    assert till.press(f"{place} ENTER").notice == MONEY_ONLY


def test_accounts_pay_for_the_goods_beside_a_top_up_and_money_for_the_rest() -> None:
    till, member = served(points=500, value_minor=5_000)
    till.scan("1003").press("5000 MENU 48 ENTER").settled().press("SUBTOTAL MEMBER").settled()
    assert till.rows[:2] == [("1. Points", "500", "-5.00"), ("2. Stored value", "50.00", "-10.00")]
    till.press("1 ENTER MEMBER").settled().press("2 ENTER")
    assert till.total == ("TO PAY", "50.00")
    till.press("MENU 52").scan(GIFT_CARD).settled()
    assert till.notice == MONEY_ONLY
    till.press("CLEAR CASH").settled()
    assert [(each.kind, each.amount_minor) for each in till.sale.tenders] == [
        (TenderKind.POINTS, 500),
        (VALUE, 500),
        (CASH, 5_000),
    ]
    assert till.holds(member.stored_value) == 4_500 + 5_500


def test_a_gift_card_pays_for_the_goods_and_no_more() -> None:
    till = WalletTill().lease(GIFT, 9_000)
    till.scan("1003").press("2000 MENU 48").scan(card_number(TILL, 91)).settled()
    till.press("MENU 52").scan(GIFT_CARD).settled()
    assert (till.total, till.rows[-1]) == (("TO PAY", "20.00"), ("Stored value", "", "-10.00"))


def test_goods_never_become_cheaper_than_what_accounts_paid_for_them() -> None:
    """From 20.50 on each soap costs 6.00 less, so the gum has to wait for the next sale."""
    cheaper = promotion(AmountOff(600), of("1003"), SpendAtLeast(2_050))
    till = WalletTill(promotions=compile_promotions([cheaper]))
    member = till.with_member()
    till.lease(member.stored_value, 5_000).known(member)
    till.press("2 X 1003 ENTER 5000 MENU 48 ENTER").settled()
    till.press("SUBTOTAL MEMBER").settled().press("ENTER")
    assert till.total == ("TO PAY", "50.00")
    assert till.scan("1004").notice == "Payment began - finish, or VOID"
    assert till.press("CLEAR").total == ("TO PAY", "50.00")


# --- whose they are


def held_with(till: WalletTill, *codes: str) -> None:
    till.scan(*codes).press("MENU 18").settled()


def test_a_count_card_whose_member_is_gone_is_sold_to_nobody() -> None:
    till, member = served()
    held_with(till, "CUTS10", "1003")
    till.put(block(member, "lost").entry)
    till.press("MENU 19").settled()
    assert till.notice == "Nobody's card was taken out - go on"
    assert till.rows == [("Soap", "1 × 10.00", "10.00")]
    till.press("CASH").settled()
    assert till.sale.total_minor == 1_000
    assert EntryKind.LINE_VOIDED in till.kinds


def test_a_member_who_is_gone_takes_nothing_else_with_him() -> None:
    till, member = served()
    held_with(till, "1003")
    till.put(block(member, "lost").entry)
    till.press("MENU 19").settled()
    assert till.notice == "Member not taken - key MEMBER"
    assert till.rows == [("Soap", "1 × 10.00", "10.00")]


def test_a_top_up_is_taken_out_where_there_are_no_members_any_more() -> None:
    for card in ("ENTER", f"{GIFT_CARD} ENTER"):
        till, _ = served()
        if card != "ENTER":
            till = WalletTill()
        till.scan("1003").press(f"3000 MENU 48 {card}").settled()
        after = Till(SHOP, till.facts.catalogue, draft=till.draft)
        assert after.rows == [("Soap", "1 × 10.00", "10.00")]
        assert after.notice == "Nobody's card was taken out - go on"
        after.press("CASH").settled()
        assert after.kinds == [EntryKind.LINE_VOIDED, EntryKind.SALE]


@pytest.mark.parametrize("keys", ["3000 MENU 48 ENTER", "SUBTOTAL 200 MEMBER"])
def test_what_is_part_paid_and_lost_its_accounts_ends_on_record(keys: str) -> None:
    till, _ = served(points=500)
    till.scan("1003").press(keys).settled().press("ENTER").settled().press("SUBTOTAL 100 CASH")
    after = Till(SHOP, till.facts.catalogue, draft=till.draft).settled()
    assert after.state is State.IDLE
    assert after.kinds[-1] is EntryKind.SALE_CANCELLED
    assert after.notice.startswith("Basket lost")


def test_what_is_part_paid_goes_on_where_nothing_of_it_is_lost() -> None:
    till = WalletTill().scan("1003").press("100 CASH")
    assert Till(SHOP, till.facts.catalogue, draft=till.draft).total == ("TO PAY", "9.00")


def test_what_is_paid_above_its_price_ends_on_record() -> None:
    """A rate of tax that is added fell while the till was off."""
    untaxed = replace(NET_SHOP, tax_rates={**SHOP.tax_rates, "A": TaxRate("A", 0)})
    till = Till(NET_SHOP).scan("1003").press("1100 CASH")
    assert till.total == ("TO PAY", "0.30")
    after = Till(untaxed, draft=till.draft).settled()
    assert after.kinds == [EntryKind.SALE_CANCELLED]


# --- within which limits


@pytest.mark.parametrize("keys", ["9 X ENTER", "450000 MENU 15", "0 MENU 15"])
def test_a_top_up_stays_as_it_was_keyed(keys: str) -> None:
    till, member = served()
    till.press("50000 MENU 48 ENTER").settled().press(keys)
    assert till.notice == "Top-up stays as it is - VOID it"
    till.press("CLEAR CASH").settled()
    assert till.holds(member.stored_value) == 51_500


def test_two_sales_together_never_fill_a_card_above_the_limit() -> None:
    till, member = served()
    till.press("50000 MENU 48 ENTER").settled().press("MENU 18").settled()
    till.known(member).press("50000 MENU 48 ENTER").settled().press("CASH").settled()
    till.press("MENU 19").settled().press("60000 CASH").settled()
    assert till.notice == "Top-up above the limit - VOID it"
    assert (till.state, till.total) == (State.TENDERING, ("TOTAL", "500.00"))
    till.press("CLEAR VOID").settled()
    assert till.rows == []
    assert till.holds(member.stored_value) == 51_500
    assert till.session.basket.evidence[0].kind is EntryKind.PAYMENT_VOIDED


def test_a_card_that_paid_for_too_large_a_top_up_is_taken_back_by_hand() -> None:
    till, member = served()
    till.press("50000 MENU 48 ENTER").settled().press("MENU 18").settled()
    till.known(member).press("50000 MENU 48 ENTER").settled().press("CASH").settled()
    till.press("MENU 19").settled().press("CARD ENTER").settled()
    for keys in ("CASH", "CARD ENTER"):
        till.press(keys).settled()
        assert till.notice == "Top-up above the limit - VOID it"
        assert (till.total, len(till.session.basket.tenders)) == (("TO PAY", "0.00"), 1)
    till.press("VOID")
    assert till.total == ("TOTAL", "500.00")


def test_a_count_card_may_be_sold_several_times_and_at_another_price() -> None:
    till, member = served()
    till.press("2 X").scan("CUTS10").press("20000 MENU 15 CASH").settled()
    assert till.sale.total_minor == 40_000
    assert till.holds(member.count_card("CUTS10")) == 20


# --- what gives them back


def test_a_count_card_comes_back_with_its_receipt_alone() -> None:
    """Without it nobody's visits would go, and the receipt would pay it out once more."""
    till, member = served()
    till.scan("CUTS10").press("CASH").settled()
    till.press("MENU 12").scan("CUTS10")
    assert (till.notice, till.rows) == ("Prepaid: needs its receipt - MENU 11", [])
    till.scan("1003").press("CASH").settled()
    assert (till.sale.kind, till.sale.total_minor) == (EntryKind.REFUND, 1_000)

    till.press("1 MENU 11").settled().press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert till.sale.total_minor == 25_000
    assert till.holds(member.count_card("CUTS10")) == 0
