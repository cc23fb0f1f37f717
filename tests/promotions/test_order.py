"""Percent, amount and spend X get Y off: something off the sum."""

import pytest

from edge.checkout.promotions.outcome import Discount, Lane, Missed, Part, Why
from edge.checkout.promotions.promotion import (
    AmountOff,
    Benefit,
    Limits,
    OrderAmount,
    OrderPercent,
    SpendEvery,
    SpendOnce,
)
from edge.checkout.promotions.sale import Goods
from tests.support.promotions import basket, missed, of, offs, promotion, run


@pytest.mark.parametrize(
    ("benefit", "total_minor", "off_minor", "uses"),
    [
        (OrderPercent(1_000), 9_995, 1_000, 1),  # 999.5, halves up
        (OrderPercent(1_000, most_minor=500), 9_995, 500, 1),
        (OrderPercent(10_000), 9_995, 9_995, 1),
        (OrderAmount(500), 9_995, 500, 1),
        (OrderAmount(500), 300, 300, 1),
        (SpendOnce(10_000, 1_000), 9_999, 0, 0),
        (SpendOnce(10_000, 1_000), 10_000, 1_000, 1),
        (SpendOnce(10_000, 1_000), 35_000, 1_000, 1),
        (SpendOnce(100, 1_000), 300, 300, 1),
        (SpendEvery(10_000, 1_000), 9_999, 0, 0),
        (SpendEvery(10_000, 1_000), 19_999, 1_000, 1),
        (SpendEvery(10_000, 1_000), 35_000, 3_000, 3),
        (SpendEvery(100, 150), 450, 450, 3),  # the fourth would find nothing left
    ],
)
def test_table(benefit: Benefit, total_minor: int, off_minor: int, uses: int) -> None:
    outcome = run(promotion(benefit), basket(("a", total_minor)))
    assert outcome.off_minor == off_minor
    assert outcome.uses.get("p", 0) == uses


def test_it_is_shared_over_the_lines_by_largest_remainder() -> None:
    outcome = run(promotion(OrderAmount(1_000)), basket(("a", 1_000), ("b", 1_000), ("c", 1_000)))
    assert outcome.net_minor == (666, 667, 667)


def test_a_line_that_costs_nothing_has_no_part() -> None:
    outcome = run(promotion(OrderAmount(50)), basket(("a", 0), ("b", 100, 2)))
    assert outcome.discounts == (Discount("p", Lane.ORDER, 1, (Part(2, 2, 50),)),)


def test_only_over_the_goods_it_is_for() -> None:
    outcome = run(promotion(OrderPercent(5_000), of("a")), basket(("a", 100), ("b", 100)))
    assert outcome.net_minor == (50, 100)


def test_how_much_more_to_spend() -> None:
    outcome = run(promotion(SpendEvery(10_000, 1_000)), basket(("a", 8_750)))
    assert missed(outcome) == Missed("p", Why.SPEND, short=1_250)


@pytest.mark.parametrize(("limit", "off_minor"), [(1, 1_000), (2, 2_000), (3, 3_000), (4, 3_000)])
def test_for_every_up_to_a_limit(limit: int, off_minor: int) -> None:
    offer = promotion(SpendEvery(10_000, 1_000), limits=Limits(per_sale=limit))
    outcome = run(offer, basket(("a", 35_000)))
    assert outcome.off_minor == off_minor
    assert missed(outcome) == (Missed("p", Why.LIMIT) if limit < 3 else None)


def test_goods_that_take_no_part_neither_count_nor_lose() -> None:
    card = Goods(2, "gift card", 5_000, discountable=False)
    outcome = run(promotion(SpendOnce(10_000, 1_000)), (*basket(("a", 9_000)), card))
    assert missed(outcome) == Missed("p", Why.SPEND, short=1_000)
    half = run(promotion(OrderPercent(5_000)), (*basket(("a", 9_000)), card))
    assert half.net_minor == (4_500, 5_000)


def test_the_spend_is_what_the_earlier_lanes_leave() -> None:
    chosen = [promotion(AmountOff(1), id="cent"), promotion(SpendOnce(10_000, 1_000), id="spend")]
    assert offs(run(chosen, basket(("a", 10_000)))) == {"cent": 1}
    assert offs(run(chosen, basket(("a", 10_001)))) == {"cent": 1, "spend": 1_000}


def test_the_spend_is_not_what_the_same_lane_leaves() -> None:
    """Both thresholds are reached when the lane begins, whoever goes first."""
    chosen = [
        promotion(SpendOnce(10_000, 1_000), id="a"),
        promotion(SpendOnce(10_000, 500), id="b"),
        promotion(OrderPercent(1_000), id="c"),
    ]
    assert offs(run(chosen, basket(("a", 10_000)))) == {"a": 1_000, "b": 500, "c": 850}


def test_nothing_is_left_for_the_next() -> None:
    chosen = [promotion(OrderAmount(500), id="a"), promotion(OrderAmount(500), id="b")]
    outcome = run(chosen, basket(("a", 400)))
    assert outcome.net_minor == (0,)
    assert missed(outcome, "b") == Missed("b", Why.NO_SAVING)
