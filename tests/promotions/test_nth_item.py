"""Every nth unit at a percentage off, or at a price."""

import pytest

from edge.checkout.promotions.outcome import Discount, Lane, Missed, Part, Why
from edge.checkout.promotions.promotion import Cut, NthItem, PercentCut, PriceCut
from edge.checkout.promotions.sale import Goods
from tests.support.promotions import basket, missed, of, offs, promotion, run

HALF = PercentCut(5_000)


@pytest.mark.parametrize(
    ("nth", "cut", "prices", "off_minor"),
    [
        (2, HALF, [1_000], 0),
        (2, HALF, [1_000, 1_000], 500),
        (2, HALF, [1_000, 601], 301),  # the cheaper one, halves up
        (2, HALF, [1_000, 800, 600, 400], 400 + 200),  # the dear ones together
        (2, HALF, [1_000, 800, 600], 400),
        (3, HALF, [1_000, 800, 600, 400], 300),
        (3, PriceCut(1), [1_000, 800, 600], 599),
        (3, PriceCut(700), [1_000, 800, 600], 0),  # it costs less anyway
    ],
)
def test_table(nth: int, cut: Cut, prices: list[int], off_minor: int) -> None:
    goods = basket(*((f"g{number}", price) for number, price in enumerate(prices)))
    outcome = run(promotion(NthItem(nth, cut)), goods)
    assert outcome.off_minor == off_minor
    assert outcome.proven


def test_the_discount_is_shared_over_all_units_that_it_used() -> None:
    outcome = run(promotion(NthItem(2, HALF)), basket(("a", 1_000), ("b", 500)))
    assert outcome.discounts == (Discount("p", Lane.ITEM, 1, (Part(1, 1, 167), Part(2, 1, 83))),)


def test_it_says_how_many_are_missing() -> None:
    outcome = run(promotion(NthItem(3, HALF), of("a")), basket(("a", 100), ("b", 100)))
    assert missed(outcome) == Missed("p", Why.UNITS, short=2)


def test_weighed_lines_are_units() -> None:
    apples = Goods(1, "a", 2_000, unit_milli=350)
    pears = Goods(2, "b", 2_000, unit_milli=500)
    assert offs(run(promotion(NthItem(2, HALF)), (apples, pears))) == {"p": 350}


def test_no_saving() -> None:
    outcome = run(promotion(NthItem(2, PriceCut(500))), basket(("a", 400, 2)))
    assert missed(outcome) == Missed("p", Why.NO_SAVING)
