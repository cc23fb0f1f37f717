"""Groups exclude, promotions without one stack; the order is fixed, and so are ties."""

from itertools import permutations

import pytest

from edge.checkout.promotions.outcome import Lane, Missed, Why
from edge.checkout.promotions.promotion import (
    AmountOff,
    CheapestFree,
    NthItem,
    OrderAmount,
    OrderPercent,
    PercentCut,
    PercentOff,
    PriceCut,
    Promotion,
)
from edge.checkout.promotions.promotion_set import compile_promotions
from tests.support.promotions import basket, missed, of, offs, promotion, run


def test_without_a_group_each_works_on_what_the_earlier_left() -> None:
    chosen = [promotion(PercentOff(5_000), id="a"), promotion(AmountOff(100), id="b")]
    assert offs(run(chosen, basket(("x", 1_000)))) == {"a": 500, "b": 100}


def test_priority_goes_before_the_id() -> None:
    chosen = [promotion(PercentOff(5_000), id="a", priority=1), promotion(AmountOff(100), id="b")]
    assert offs(run(chosen, basket(("x", 1_000)))) == {"b": 100, "a": 450}


def test_a_group_goes_where_its_first_promotion_stands() -> None:
    chosen = [
        promotion(PercentOff(5_000), id="d", group="g", priority=5),
        promotion(PercentOff(1_000), of("other"), id="a", group="g", priority=1),
        promotion(AmountOff(100), id="m", priority=3),
    ]
    assert offs(run(chosen, basket(("x", 1_000)))) == {"d": 500, "m": 100}


def test_each_unit_gets_the_best_of_a_group() -> None:
    chosen = [
        promotion(PercentOff(1_000), id="tenth", group="shelf"),
        promotion(AmountOff(50), id="fifty", group="shelf"),
    ]
    outcome = run(chosen, basket(("dear", 1_000), ("cheap", 200)))
    assert offs(outcome) == {"tenth": 100, "fifty": 50}
    assert outcome.missed == ()


def test_the_losers_are_told_by_whom() -> None:
    chosen = [
        promotion(PercentOff(1_000), id="tenth", group="shelf"),
        promotion(PercentOff(2_000), id="fifth", group="shelf"),
    ]
    outcome = run(chosen, basket(("x", 1_000)))
    assert missed(outcome, "tenth") == Missed("tenth", Why.BEATEN, by="fifth")


@pytest.mark.parametrize("lane", ["unit", "order", "item"])
def test_a_tie_goes_to_the_lower_priority_then_to_the_first_id(lane: str) -> None:
    benefit = {
        "unit": AmountOff(100),
        "order": OrderAmount(100),
        "item": NthItem(2, PriceCut(0)),
    }[lane]
    first = promotion(benefit, id="b", group="g")
    goods = basket(("x", 100, 2)) if lane == "item" else basket(("x", 100))
    later = [
        promotion(benefit, id="c", group="g"),
        promotion(benefit, id="a", group="g", priority=1),
    ]
    for chosen in permutations([first, *later]):
        assert set(offs(run(chosen, goods))) == {"b"}


def test_of_the_order_one_of_a_group_applies_and_others_stack() -> None:
    chosen = [
        promotion(OrderPercent(1_000), id="tenth", group="g"),
        promotion(OrderAmount(50), id="fifty", group="g"),
        promotion(OrderAmount(10), id="z"),
    ]
    outcome = run(chosen, basket(("x", 1_000)))
    assert offs(outcome) == {"tenth": 100, "z": 10}
    assert missed(outcome, "fifty") == Missed("fifty", Why.BEATEN, by="tenth")


def test_multi_buys_without_a_group_compete_for_units() -> None:
    """By id `a` would go first; the customer gets the better one."""
    chosen = [
        promotion(NthItem(2, PercentCut(1_000)), id="a"),
        promotion(NthItem(2, PercentCut(5_000)), id="b"),
    ]
    assert offs(run(chosen, basket(("x", 1_000, 2)))) == {"b": 500}


def test_a_named_group_of_multi_buys_goes_in_its_order() -> None:
    chosen = [
        promotion(NthItem(2, PercentCut(1_000)), id="a", group="first"),
        promotion(NthItem(2, PercentCut(5_000)), id="b", group="second"),
    ]
    outcome = run(chosen, basket(("x", 1_000, 3), ("y", 500)))
    assert offs(outcome) == {"a": 100 + 50}
    assert missed(outcome, "b") == Missed("b", Why.BEATEN, by="a")


def test_lanes_go_in_order_whatever_the_priority() -> None:
    chosen = [
        promotion(OrderPercent(1_000), id="order", priority=-9),
        promotion(CheapestFree(1, 1), id="item", priority=0),
        promotion(PercentOff(5_000), id="unit", priority=9),
    ]
    outcome = run(chosen, basket(("x", 1_000, 2)))
    assert [discount.lane for discount in outcome.discounts] == [Lane.UNIT, Lane.ITEM, Lane.ORDER]
    assert offs(outcome) == {"unit": 1_000, "item": 500, "order": 50}


def test_the_same_group_name_in_two_lanes_is_two_groups() -> None:
    chosen = [
        promotion(AmountOff(10), id="unit", group="g"),
        promotion(OrderAmount(10), id="order", group="g"),
    ]
    assert offs(run(chosen, basket(("x", 100)))) == {"unit": 10, "order": 10}


def test_ids_are_unique() -> None:
    twice = [
        Promotion("b", AmountOff(1)),
        Promotion("a", AmountOff(1)),
        Promotion("b", AmountOff(2)),
    ]
    with pytest.raises(ValueError, match="same id: b"):
        compile_promotions(twice)
