"""Points on what is paid, and their multipliers."""

import pytest

from edge.checkout.promotions.conditions import Weekdays
from edge.checkout.promotions.outcome import BonusPoints, Missed, Why
from edge.checkout.promotions.promotion import Limits, OrderAmount, PercentOff, PointsTimes
from edge.checkout.promotions.sale import NOBODY, Goods, Used
from tests.support.promotions import basket, missed, of, promotion, run

DOUBLE = PointsTimes(20_000)


@pytest.mark.parametrize(
    ("paid_minor", "points"), [(99, 0), (100, 1), (199, 1), (12_345, 123), (0, 0)]
)
def test_one_for_every_whole_so_much(paid_minor: int, points: int) -> None:
    outcome = run([], basket(("a", paid_minor)), minor_per_point=100)
    assert (outcome.base_points, outcome.points) == (points, points)


def test_nobody_earns_none() -> None:
    outcome = run(promotion(DOUBLE), basket(("a", 1_000)), shopper=NOBODY, minor_per_point=100)
    assert (outcome.points, outcome.missed) == (0, ())


def test_a_shop_without_points() -> None:
    assert run(promotion(DOUBLE), basket(("a", 1_000))).points == 0


def test_they_are_for_what_is_paid() -> None:
    chosen = [promotion(PercentOff(5_000), id="half"), promotion(OrderAmount(100), id="off")]
    assert run(chosen, basket(("a", 1_000)), minor_per_point=100).points == 4


def test_some_goods_earn_none() -> None:
    card = Goods(2, "gift card", 5_000, discountable=False, earns_points=False)
    goods = (*basket(("a", 1_000)), card)
    outcome = run(promotion(DOUBLE), goods, minor_per_point=100)
    assert (outcome.base_points, outcome.points) == (10, 20)


def test_goods_without_discounts_may_earn() -> None:
    book = Goods(1, "book", 1_000, discountable=False)
    assert run(promotion(DOUBLE), (book,), minor_per_point=100).points == 20


def test_a_multiplier_adds_for_its_goods() -> None:
    outcome = run(
        promotion(PointsTimes(15_000), of("a")),
        basket(("a", 1_000), ("b", 1_000)),
        minor_per_point=100,
    )
    assert outcome.bonus_points == (BonusPoints("p", 5, (1,)),)
    assert (outcome.points, outcome.uses) == (25, {"p": 1})


def test_multipliers_add_up_and_do_not_multiply() -> None:
    chosen = [promotion(DOUBLE, id="a"), promotion(DOUBLE, id="b")]
    assert run(chosen, basket(("a", 1_000)), minor_per_point=100).points == 30


def test_of_a_group_each_line_gets_the_best() -> None:
    chosen = [
        promotion(DOUBLE, id="all", group="g"),
        promotion(PointsTimes(30_000), of("a"), id="a", group="g"),
        promotion(DOUBLE, of("a"), id="late", group="g"),
    ]
    outcome = run(chosen, basket(("a", 1_000), ("b", 1_000)), minor_per_point=100)
    assert outcome.bonus_points == (BonusPoints("a", 20, (1,)), BonusPoints("all", 10, (2,)))
    assert missed(outcome, "late") == Missed("late", Why.BEATEN, by="a")


def test_too_little_for_a_point() -> None:
    outcome = run(promotion(DOUBLE), basket(("a", 99)), minor_per_point=100)
    assert missed(outcome) == Missed("p", Why.NO_SAVING)
    assert outcome.uses == {}


def test_conditions_and_limits_hold_here_too() -> None:
    sunday = promotion(DOUBLE, of("a"), Weekdays(frozenset({7})))
    outcome = run(sunday, basket(("a", 1_000)), minor_per_point=100)
    assert missed(outcome) == Missed("p", Why.TIME)
    once = promotion(DOUBLE, limits=Limits(per_member=1))
    outcome = run(once, basket(("a", 1_000)), minor_per_point=100, used={"p": Used(by_member=1)})
    assert missed(outcome) == Missed("p", Why.LIMIT)
