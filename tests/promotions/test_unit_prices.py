"""Percent, amount and fixed price: what a unit costs for itself."""

import pytest

from edge.checkout.promotions.outcome import Discount, Lane, Missed, Part, Why
from edge.checkout.promotions.promotion import AmountOff, Benefit, FixedPrice, PercentOff
from edge.checkout.promotions.sale import Goods
from tests.support.promotions import basket, missed, of, promotion, run


@pytest.mark.parametrize(
    ("benefit", "price_minor", "net_minor"),
    [
        (PercentOff(1_000), 1_000, 900),
        (PercentOff(1_000), 995, 895),  # 99.5 off, halves up
        (PercentOff(1_000), 994, 895),
        (PercentOff(10_000), 995, 0),
        (AmountOff(150), 1_000, 850),
        (AmountOff(150), 100, 0),
        (FixedPrice(799), 1_000, 799),
        (FixedPrice(0), 1_000, 0),
    ],
)
def test_a_piece(benefit: Benefit, price_minor: int, net_minor: int) -> None:
    outcome = run(promotion(benefit), basket(("a", price_minor)))
    assert outcome.net_minor == (net_minor,)


@pytest.mark.parametrize(
    ("benefit", "net_minor"),
    [(PercentOff(1_000), 630), (AmountOff(200), 630), (FixedPrice(1_500), 525)],
)
def test_a_weighed_line_is_one_unit_and_amounts_are_by_the_kilogram(
    benefit: Benefit, net_minor: int
) -> None:
    """350 g at 20.00 a kilogram are 7.00."""
    apples = Goods(1, "apples", 2_000, units=1, unit_milli=350)
    outcome = run(promotion(benefit), (apples,))
    assert outcome.net_minor == (net_minor,)
    assert outcome.uses == {"p": 1}


def test_each_unit_is_rounded_for_itself() -> None:
    """Three at 0.33 with half off: 0.17 off each, not 0.50 off three."""
    outcome = run(promotion(PercentOff(5_000)), basket(("a", 33, 3)))
    assert outcome.discounts == (Discount("p", Lane.UNIT, 3, (Part(1, 3, 51),)),)


@pytest.mark.parametrize("price_minor", [799, 500])
def test_a_fixed_price_never_makes_anything_dearer(price_minor: int) -> None:
    outcome = run(promotion(FixedPrice(799)), basket(("a", price_minor)))
    assert outcome.net_minor == (price_minor,)
    assert outcome.missed == (Missed("p", Why.NO_SAVING),)
    assert outcome.uses == {}


def test_only_the_goods_it_is_for() -> None:
    outcome = run(promotion(PercentOff(5_000), of("a")), basket(("a", 100), ("b", 100)))
    assert outcome.net_minor == (50, 100)


def test_goods_that_take_no_part_keep_their_price() -> None:
    deposit = Goods(1, "deposit", 25, discountable=False)
    outcome = run(promotion(PercentOff(5_000)), (deposit,))
    assert outcome.net_minor == (25,)
    assert missed(outcome) == Missed("p", Why.NO_SAVING)


def test_nothing_comes_of_an_empty_basket() -> None:
    outcome = run(promotion(PercentOff(5_000)), ())
    assert (outcome.net_minor, outcome.discounts, outcome.missed) == ((), (), ())
