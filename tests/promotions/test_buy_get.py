"""Buy X get Y: the cheapest free, or another product."""

import pytest

from edge.checkout.promotions.conditions import HasCoupon
from edge.checkout.promotions.outcome import Discount, Lane, Missed, Part, Why
from edge.checkout.promotions.promotion import BuyGet, CheapestFree, Limits, PercentCut, PriceCut
from edge.checkout.promotions.selection import EVERYTHING
from tests.support.promotions import basket, missed, of, offs, promotion, run


@pytest.mark.parametrize(
    ("buy", "free", "prices", "off_minor"),
    [
        (2, 1, [1_000, 1_000], 0),
        (2, 1, [1_000, 1_000, 1_000], 1_000),
        (2, 1, [1_000, 900, 800], 800),
        (2, 1, [1_000, 900, 800, 700], 800),
        (2, 1, [1_000, 900, 800, 700, 600, 500], 800 + 500),
        (1, 1, [1_000, 900, 800, 700], 900 + 700),
        (3, 2, [1_000, 900, 800, 700, 600], 700 + 600),
    ],
)
def test_the_cheapest_is_free(buy: int, free: int, prices: list[int], off_minor: int) -> None:
    goods = basket(*((f"g{number}", price) for number, price in enumerate(prices)))
    outcome = run(promotion(CheapestFree(buy, free)), goods)
    assert outcome.off_minor == off_minor
    assert outcome.proven


def test_three_for_two_in_one_line_and_in_three() -> None:
    offer = promotion(CheapestFree(2, 1))
    assert run(offer, basket(("a", 1_000, 3))).net_minor == (2_000,)
    assert run(offer, basket(*[("a", 1_000)] * 3)).net_minor == (666, 667, 667)


def test_several_uses_are_one_discount() -> None:
    outcome = run(promotion(CheapestFree(2, 1)), basket(("a", 1_000, 4), ("b", 400, 3)))
    assert outcome.discounts == (
        Discount("p", Lane.ITEM, 2, (Part(1, 4, 1_000 + 222), Part(2, 2, 178))),
    )


@pytest.mark.parametrize(
    ("prices", "off_minor"),
    [
        ({"lamp": [5_000], "bulb": []}, 0),
        ({"lamp": [], "bulb": [500]}, 0),
        ({"lamp": [5_000], "bulb": [500]}, 500),
        ({"lamp": [5_000], "bulb": [300, 500]}, 500),  # the dearest, for the customer
        ({"lamp": [5_000, 4_000], "bulb": [300, 500, 400]}, 900),
    ],
)
def test_another_product(prices: dict[str, list[int]], off_minor: int) -> None:
    offer = promotion(BuyGet(1, 1, of("bulb")), of("lamp"))
    lines = [(plu, price) for plu, its in prices.items() for price in its]
    assert run(offer, basket(*lines)).off_minor == off_minor


def test_the_discount_comes_off_what_was_bought_as_well() -> None:
    """A lamp brought back does not leave a bulb for nothing."""
    offer = promotion(BuyGet(1, 1, of("bulb")), of("lamp"))
    assert run(offer, basket(("lamp", 900), ("bulb", 100))).net_minor == (810, 90)


def test_percent_and_price_of_the_other_product() -> None:
    goods = basket(("lamp", 5_000), ("bulb", 500))
    half = promotion(BuyGet(1, 1, of("bulb"), PercentCut(5_000)), of("lamp"))
    cent = promotion(BuyGet(1, 1, of("bulb"), PriceCut(1)), of("lamp"))
    assert (run(half, goods).off_minor, run(cent, goods).off_minor) == (250, 499)


def test_what_is_bought_and_what_is_cut_may_overlap() -> None:
    """One of anything buys a cup: the saucer is what is bought, so that the cup is free."""
    offer = promotion(BuyGet(1, 1, of("cup")), EVERYTHING)
    assert run(offer, basket(("cup", 900), ("saucer", 300))).off_minor == 900
    assert run(offer, basket(("cup", 900), ("cup", 700))).off_minor == 900
    assert run(offer, basket(("cup", 900))).off_minor == 0


def test_too_few_to_cut() -> None:
    offer = promotion(BuyGet(2, 2, of("cup")), EVERYTHING)
    outcome = run(offer, basket(("cup", 900), ("saucer", 300, 5)))
    assert missed(outcome) == Missed("p", Why.UNITS, short=1)


def test_enough_for_each_need_but_not_for_both() -> None:
    offer = promotion(BuyGet(2, 2, of("cup")), of("cup"))
    outcome = run(offer, basket(("cup", 900, 3)))
    assert missed(outcome) == Missed("p", Why.UNITS, short=1)


def test_a_unit_used_by_one_is_not_used_by_another() -> None:
    """Three colas make a 3-for-2 or a pair with crisps, not both."""
    chosen = [
        promotion(CheapestFree(2, 1), of("cola"), id="three"),
        promotion(BuyGet(1, 1, of("crisps")), of("cola"), id="crisps"),
    ]
    outcome = run(chosen, basket(("cola", 300, 3), ("crisps", 250)))
    assert offs(outcome) == {"three": 300}
    assert missed(outcome, "crisps") == Missed("crisps", Why.BEATEN, by="three")
    four = run(chosen, basket(("cola", 300, 4), ("crisps", 250)))
    assert offs(four) == {"three": 300, "crisps": 250}


def test_a_limit_a_sale() -> None:
    offer = promotion(CheapestFree(1, 1), limits=Limits(per_sale=1))
    outcome = run(offer, basket(("a", 400), ("b", 300), ("c", 200), ("d", 100)))
    assert offs(outcome) == {"p": 300}
    assert missed(outcome) == Missed("p", Why.LIMIT)
    assert missed(run(offer, basket(("a", 400), ("b", 300)))) is None


def test_on_a_coupon() -> None:
    offer = promotion(CheapestFree(1, 1), of("a"), HasCoupon("c"))
    goods = basket(("a", 400), ("a", 300), ("b", 100))
    assert offs(run(offer, goods, coupons=["c"])) == {"p": 300}
    silent = run(offer, goods, coupons=["other"])
    assert (offs(silent), silent.missed) == ({}, ())
