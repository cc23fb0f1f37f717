"""When a promotion applies, and what is missing where it doesn't."""

from datetime import date, timedelta

import pytest

from edge.checkout.promotions.conditions import (
    All,
    Any_,
    Condition,
    HasCoupon,
    HasTier,
    Hours,
    InSegment,
    IsMember,
    MonthDays,
    Not,
    QuantityAtLeast,
    SpendAtLeast,
    Weekdays,
    Window,
)
from edge.checkout.promotions.outcome import Missed, Why
from edge.checkout.promotions.promotion import PercentOff
from edge.checkout.promotions.sale import NOBODY, CivilTime, Goods, Shopper
from tests.support.promotions import MEMBER, MONDAY, basket, missed, of, promotion, run

GOODS = basket(("a", 1_000, 2), ("b", 500), Goods(3, "c", 2_000, unit_milli=350))
TOMORROW = CivilTime(MONDAY.day + timedelta(days=1), 0)


def why_not(condition: Condition, shopper: Shopper = MEMBER, now: CivilTime = MONDAY) -> object:
    """(reason, shortfall), None when the condition holds."""
    outcome = run(promotion(PercentOff(100), of("a"), condition), GOODS, shopper=shopper, now=now)
    found = missed(outcome)
    return None if found is None else (found.why, found.short)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Window(), None),
        (Window(start=MONDAY), None),
        (Window(start=TOMORROW), (Why.TIME, 0)),
        (Window(end=TOMORROW), None),
        (Window(end=MONDAY), (Why.TIME, 0)),
        (Weekdays(frozenset({1, 7})), None),
        (Weekdays(frozenset({2})), (Why.TIME, 0)),
        (MonthDays(frozenset({2, 31})), None),
        (MonthDays(frozenset({1, 3})), (Why.TIME, 0)),
        (Hours(600, 601), None),
        (Hours(601, 700), (Why.TIME, 0)),
        (Hours(540, 600), (Why.TIME, 0)),
        (IsMember(), None),
        (HasTier(frozenset({"silver", "gold"})), None),
        (HasTier(frozenset({"silver"})), (Why.TIER, 0)),
        (InSegment(frozenset({"students"})), None),
        (InSegment(frozenset({"staff"})), (Why.SEGMENT, 0)),
        (SpendAtLeast(3_200), None),
        (SpendAtLeast(3_201), (Why.SPEND, 1)),
        (SpendAtLeast(600, of("b")), (Why.SPEND, 100)),
        (QuantityAtLeast(3_350), None),
        (QuantityAtLeast(4_000), (Why.QUANTITY, 650)),
        (QuantityAtLeast(1_000, of("c")), (Why.QUANTITY, 650)),
        (All((IsMember(), SpendAtLeast(9_999), HasTier(frozenset()))), (Why.SPEND, 6_799)),
        (All(()), None),
        (Any_((HasTier(frozenset()), IsMember())), None),
        (Any_((SpendAtLeast(3_300), HasTier(frozenset()))), (Why.SPEND, 100)),
        (Any_(()), None),
        (Not(HasTier(frozenset({"silver"}))), None),
        (Not(IsMember()), (Why.EXCLUDED, 0)),
    ],
)
def test_table(condition: Condition, expected: object) -> None:
    assert why_not(condition) == expected


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        (IsMember(), Why.MEMBER),
        (HasTier(frozenset({"gold"})), Why.TIER),
        (InSegment(frozenset({"students"})), Why.SEGMENT),
    ],
)
def test_somebody_unknown(condition: Condition, why: Why) -> None:
    assert why_not(condition, shopper=NOBODY) == (why, 0)


@pytest.mark.parametrize(
    ("minute", "holds"),
    [(22 * 60 - 1, False), (22 * 60, True), (1439, True), (0, True), (119, True), (120, False)],
)
def test_hours_over_midnight(minute: int, holds: bool) -> None:
    now = CivilTime(date(2026, 3, 2), minute)
    assert (why_not(Hours(22 * 60, 2 * 60), now=now) is None) == holds


def test_all_of_a_promotion_s_conditions_hold_or_the_first_that_does_not_is_said() -> None:
    offer = promotion(PercentOff(100), of("a"), IsMember(), SpendAtLeast(9_000), Hours(0, 1))
    assert missed(run(offer, GOODS)) == Missed("p", Why.SPEND, short=5_800)


def test_a_coupon_that_was_not_presented_is_not_talked_about() -> None:
    offer = promotion(PercentOff(100), of("a"), HasCoupon("c"))
    assert run(offer, GOODS).missed == ()
    assert run(offer, GOODS, coupons=["c", "d"]).uses == {"p": 2}


def test_a_coupon_among_other_ways_is() -> None:
    offer = promotion(PercentOff(100), of("a"), Any_((HasCoupon("c"), HasTier(frozenset()))))
    assert missed(run(offer, GOODS)) == Missed("p", Why.COUPON)
    assert run(offer, GOODS, coupons=["c"]).uses == {"p": 2}


def test_a_promotion_on_a_coupon_says_what_else_is_missing() -> None:
    offer = promotion(PercentOff(100), of("a"), HasCoupon("c"), SpendAtLeast(4_000))
    assert missed(run(offer, GOODS, coupons=["c"])) == Missed("p", Why.SPEND, short=800)


def test_goods_that_take_no_part_do_not_count() -> None:
    card = Goods(9, "card", 10_000, discountable=False)
    offer = promotion(PercentOff(100), of("a"), SpendAtLeast(5_000))
    assert missed(run(offer, (*GOODS, card))) == Missed("p", Why.SPEND, short=1_800)
