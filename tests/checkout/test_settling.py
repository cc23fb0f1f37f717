"""What is gone when a paid sale is settled: it is taken back, and so is cash whose change was for
another sum; nothing is ever due below nothing, and what was checked is what is booked.
"""

from dataclasses import replace
from datetime import date

import pytest

from edge.checkout.effects import DrawCoupon
from edge.checkout.promotions.conditions import Hours, SpendAtLeast
from edge.checkout.promotions.promotion import AmountOff, PercentOff
from edge.checkout.promotions.promotion_set import compile_promotions
from edge.checkout.records import EntryKind, Tender, TenderKind
from edge.checkout.sale.pricing import finish
from edge.checkout.session import State
from tests.support.playbook import COLA_EAN13, NOON_MS, SOAP_UPC_A, Till
from tests.support.promotions import of, promotion
from tests.support.wallets import COUPON, GIFT, GIFT_CARD, WalletTill, coupon, served

TOMORROW_S = 86_400


def used_in_another_sale(till: WalletTill) -> WalletTill:
    """A held sale of a soap comes back whose coupon another sale has used meanwhile."""
    till.lease(coupon(), 1)
    till.scan(SOAP_UPC_A, COUPON).settled().press("MENU 18").settled()
    till.scan(COLA_EAN13, COUPON).settled().press("SUBTOTAL CASH").settled()
    till.press("MENU 19").settled()
    assert till.total == ("TOTAL", "8.00")
    return till


def test_cash_is_taken_back_with_what_is_gone_and_its_change_is_that_of_the_new_sum() -> None:
    till = used_in_another_sale(WalletTill()).press("10000 CASH").settled()
    assert till.notice == "Only 0 here - key the cash again"
    assert (till.state, till.total) == (State.TENDERING, ("TOTAL", "10.00"))
    till.press("10000 CASH").settled()
    assert till.total == ("CHANGE", "90.00")
    assert till.sale.tenders == (Tender(TenderKind.CASH, 1_000, 10_000, 9_000),)
    voided = [entry.body for entry in till.journal if entry.kind is EntryKind.PAYMENT_VOIDED]
    assert voided == [{"tender": "cash", "amount_minor": 800, "reference": ""}]


def test_two_equal_payments_in_cash_are_told_apart() -> None:
    till = used_in_another_sale(WalletTill()).press("400 CASH 400 CASH").settled()
    assert till.total == ("TO PAY", "6.00")
    till.press("CASH").settled()
    assert [each.amount_minor for each in till.sale.tenders] == [400, 600]


def test_a_card_stays_and_pays_at_the_price_that_it_was_taken_for() -> None:
    till = used_in_another_sale(WalletTill()).press("SUBTOTAL CARD ENTER").settled()
    assert till.notice == "Only 0 here - pay it otherwise"
    assert till.total == ("TO PAY", "2.00")
    till.press("CASH").settled()
    assert [each.amount_minor for each in till.sale.tenders] == [800, 200]


@pytest.mark.parametrize("off_minor", [200, 900])
def test_other_discounts_that_come_meanwhile_never_make_a_sale_cheaper_than_what_is_paid(
    off_minor: int,
) -> None:
    """The file of promotions changes while the card is asked for."""
    till = WalletTill()
    before = till.facts.promotions.promotions
    used_in_another_sale(till).press("SUBTOTAL CARD")
    cheaper = promotion(AmountOff(off_minor), of("1003"))
    till.facts = replace(till.facts, promotions=compile_promotions([*before, cheaper]))
    till.press("ENTER").settled()
    assert till.total == ("TO PAY", "2.00")
    till.press("CASH").settled()
    assert (till.sale.total_minor, till.sale.offs) == (1_000, ())
    assert all(each.amount_minor > 0 for each in till.sale.tenders)


def test_a_happy_hour_that_begins_meanwhile_counts_where_nothing_is_paid_yet() -> None:
    till = WalletTill()
    happy = promotion(PercentOff(5_000), of("1003"), Hours(12 * 60 + 30, 14 * 60), id="happy")
    promotions = compile_promotions([*till.facts.promotions.promotions, happy])
    till = used_in_another_sale(WalletTill(promotions=promotions))
    till._ticks += 45 * 60
    till.press("CASH").settled()
    assert till.total == ("TOTAL", "5.00")


def test_what_a_deal_had_beside_the_coupon_stays_on_its_lines() -> None:
    till = WalletTill()
    standing = promotion(AmountOff(100), of("1003"), id="standing")
    before = till.facts.promotions.promotions
    till = WalletTill(promotions=compile_promotions([*before, standing]))
    till.lease(coupon(), 1)
    till.scan(SOAP_UPC_A, COUPON).settled().press("MENU 18").settled()
    till.scan(COLA_EAN13, COUPON).settled().press("CASH").settled()
    till.press("MENU 19").settled().press("SUBTOTAL CARD")
    cheaper = replace(standing, benefit=AmountOff(900))
    till.facts = replace(till.facts, promotions=compile_promotions([*before, cheaper]))
    till.press("ENTER").settled()
    assert till.total == ("TO PAY", "2.00")
    till.press("CASH").settled()
    assert [(off.promotion, off.off_minor) for off in till.sale.offs] == [("standing", 100)]


def test_the_part_of_a_gift_card_that_is_gone_takes_the_cash_with_it() -> None:
    till = WalletTill().lease(GIFT, 700, date(2026, 1, 1))
    till.scan(SOAP_UPC_A).press("MENU 52").scan(GIFT_CARD).settled().press("10000 CASH")
    till._ticks += TOMORROW_S
    till.settled()
    assert till.notice == "Only 0.00 here - key the cash again"
    assert till.total == ("TOTAL", "10.00")
    assert till.session.basket.tenders == ()


def test_what_was_good_when_it_was_checked_is_booked_though_midnight_passes() -> None:
    """The sale brings a coupon, whose number is drawn when the points' last day is over."""
    till, member = served()
    till.lease(member.points, 200, date(2026, 1, 1))
    till.press("12 X").scan(SOAP_UPC_A).press("SUBTOTAL MEMBER").settled().press("1 ENTER")
    till.press("CASH").answered()
    assert [type(asked) for asked in till._asked] == [DrawCoupon]
    till._ticks += TOMORROW_S
    till.settled()
    assert till.state is State.IDLE
    assert till.sale.tenders[0].units == 200
    assert len(till.sale.coupons) == 1
    assert till._sold[1][1].utc_ms < NOON_MS + TOMORROW_S * 1_000


@pytest.mark.parametrize("paid", ["1500", "899"])
def test_an_article_that_leaves_nothing_to_pay_waits_until_the_sale_is_paid(paid: str) -> None:
    """From 20.50 on each soap costs 6.00 less."""
    cheaper = promotion(AmountOff(600), of("1003"), SpendAtLeast(2_050))
    till = Till(promotions=compile_promotions([cheaper]))
    till.press(f"2 X 1003 ENTER {paid} CASH").scan("1004")
    assert till.notice == "Payment began - finish, or VOID"
    assert [row[0] for row in till.rows] == ["Soap", "Cash"]


def test_a_payment_below_nothing_is_no_sale() -> None:
    basket = Till().scan(SOAP_UPC_A).session.basket
    below = replace(basket, tenders=(Tender(TenderKind.CASH, -300, -300, 0),))
    with pytest.raises(AssertionError, match="below nothing"):
        finish(below, Till().facts.shop)
