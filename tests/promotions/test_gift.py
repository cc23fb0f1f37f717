"""A gift: free when it is in the basket, otherwise the cashier is told to hand it over."""

import pytest

from edge.checkout.promotions.conditions import HasCoupon, QuantityAtLeast, SpendAtLeast
from edge.checkout.promotions.outcome import GiftOffer, Missed, Why
from edge.checkout.promotions.promotion import CheapestFree, Gift, Limits
from edge.checkout.promotions.sale import Used
from tests.support.promotions import basket, missed, of, offs, promotion, run

BAG = promotion(Gift(), of("bag"), SpendAtLeast(10_000))


def test_free_when_it_is_in_the_basket() -> None:
    outcome = run(BAG, basket(("a", 10_000), ("bag", 500)))
    assert outcome.net_minor == (10_000, 0)
    assert outcome.gifts == ()


def test_an_offer_when_it_is_not() -> None:
    outcome = run(BAG, basket(("a", 10_000)))
    assert outcome.net_minor == (10_000,)
    assert outcome.gifts == (GiftOffer("p", 1),)
    assert outcome.missed == ()


def test_a_gift_does_not_pay_for_itself() -> None:
    outcome = run(BAG, basket(("a", 9_600), ("bag", 500)))
    assert outcome.off_minor == 0
    assert missed(outcome) == Missed("p", Why.SPEND, short=400)


def test_its_own_goods_do_not_count_in_any_condition() -> None:
    offer = promotion(Gift(), of("bag"), QuantityAtLeast(2_000))
    assert missed(run(offer, basket(("bag", 500), ("a", 100)))) == Missed(
        "p", Why.QUANTITY, short=1_000
    )


@pytest.mark.parametrize(("in_basket", "free", "offered"), [(0, 0, 2), (1, 1, 1), (2, 2, 0)])
def test_several_units(in_basket: int, free: int, offered: int) -> None:
    offer = promotion(Gift(units=2), of("bag"))
    bags = [("bag", 500)] * in_basket
    outcome = run(offer, basket(("a", 100), *bags))
    assert outcome.off_minor == 500 * free
    assert outcome.gifts == ((GiftOffer("p", offered),) if offered else ())


def test_more_than_the_gift_is_paid_for() -> None:
    outcome = run(promotion(Gift(), of("bag")), basket(("bag", 500), ("bag", 700)))
    assert outcome.net_minor == (500, 0)
    assert missed(outcome) == Missed("p", Why.LIMIT)


def test_a_limit_in_all() -> None:
    offer = promotion(Gift(units=3), of("bag"), limits=Limits(in_all=10))
    outcome = run(offer, basket(("a", 100)), used={"p": Used(in_all=8)})
    assert outcome.gifts == (GiftOffer("p", 2),)


def test_on_a_coupon() -> None:
    offer = promotion(Gift(), of("bag"), HasCoupon("c"))
    assert run(offer, basket(("a", 100)), coupons=["c"]).gifts == (GiftOffer("p", 1),)
    assert run(offer, basket(("a", 100))).gifts == ()


def test_a_gift_that_a_multi_buy_has_used_is_still_offered() -> None:
    chosen = [
        promotion(CheapestFree(1, 1), of("bag"), id="pair", group="first"),
        promotion(Gift(), of("bag"), id="gift", priority=1, group="second"),
    ]
    outcome = run(chosen, basket(("bag", 500, 2)))
    assert offs(outcome) == {"pair": 500}
    assert outcome.gifts == (GiftOffer("gift", 1),)
    assert missed(outcome, "gift") == Missed("gift", Why.BEATEN, by="pair")
