"""What holds for every basket and every set of promotions."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.promotions.conditions import Hours, IsMember, QuantityAtLeast, SpendAtLeast
from edge.checkout.promotions.promotion import (
    AmountOff,
    Bundle,
    BundleSlot,
    BuyGet,
    CheapestFree,
    FixedPrice,
    Gift,
    Limits,
    NthItem,
    OrderAmount,
    OrderPercent,
    PercentCut,
    PercentOff,
    PointsTimes,
    Promotion,
    SpendEvery,
    SpendOnce,
)
from edge.checkout.promotions.sale import Goods
from edge.checkout.promotions.selection import EVERYTHING, Selection
from tests.support.promotions import category, of, run

PLUS = "abcde"
amounts = st.integers(1, 3_000)
rates = st.integers(1, 10_000)
few = st.integers(1, 3)
wheres: st.SearchStrategy[Selection] = st.one_of(
    st.just(EVERYTHING),
    st.sets(st.sampled_from(PLUS), min_size=1).map(lambda plus: of(*plus)),
    st.sampled_from("xy").map(category),
)
benefits = st.one_of(
    st.builds(PercentOff, rates),
    st.builds(AmountOff, amounts),
    st.builds(FixedPrice, amounts),
    st.builds(NthItem, st.integers(2, 4), rates.map(PercentCut)),
    st.builds(CheapestFree, few, few),
    st.builds(BuyGet, few, few, wheres),
    st.builds(
        Bundle,
        st.lists(st.builds(BundleSlot, wheres, few), min_size=1, max_size=3).map(tuple),
        amounts,
    ),
    st.builds(Gift, few),
    st.builds(OrderPercent, rates, st.one_of(st.none(), amounts)),
    st.builds(OrderAmount, amounts),
    st.builds(SpendOnce, amounts, amounts),
    st.builds(SpendEvery, amounts, amounts),
    st.builds(PointsTimes, st.integers(10_001, 50_000)),
)
conditions = st.one_of(
    st.just(IsMember()),
    st.builds(SpendAtLeast, amounts, wheres),
    st.builds(QuantityAtLeast, st.integers(1, 9_000), wheres),
    st.builds(Hours, st.integers(0, 1_439), st.integers(0, 1_439)),
)
limits = st.builds(
    Limits, per_sale=st.one_of(st.none(), few), in_all=st.one_of(st.none(), st.integers(0, 9))
)
promotion_lists = st.lists(
    st.builds(
        Promotion,
        id=st.text("abcdefgh", min_size=1, max_size=3),
        benefit=benefits,
        where=wheres,
        conditions=st.lists(conditions, max_size=2).map(tuple),
        limits=limits,
        group=st.sampled_from(["", "", "g", "h"]),
        priority=st.integers(-1, 1),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)


@st.composite
def goods_lists(draw: st.DrawFn) -> tuple[Goods, ...]:
    lines = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        weighed = draw(st.booleans())
        lines.append(
            Goods(
                line=number,
                plu=draw(st.sampled_from(PLUS)),
                price_minor=draw(st.integers(0, 5_000)),
                units=1 if weighed else draw(st.integers(1, 5)),
                unit_milli=draw(st.integers(1, 3_000)) if weighed else 1_000,
                categories=frozenset(draw(st.sets(st.sampled_from("xy")))),
                discountable=draw(st.sampled_from([True, True, True, False])),
            )
        )
    return tuple(lines)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(promotion_lists, goods_lists(), st.randoms(use_true_random=False))
def test_it_adds_up_and_the_order_of_the_promotions_changes_nothing(
    promotions: list[Promotion], goods: tuple[Goods, ...], dice: object
) -> None:
    outcome = run(promotions, goods, minor_per_point=100)
    shuffled = list(promotions)
    dice.shuffle(shuffled)  # type: ignore[attr-defined] # it is hypothesis's Random
    assert run(shuffled, goods, minor_per_point=100) == outcome


@settings(max_examples=150, deadline=None, derandomize=True)
@given(promotion_lists, goods_lists())
def test_what_takes_no_part_is_untouched(
    promotions: list[Promotion], goods: tuple[Goods, ...]
) -> None:
    outcome = run(promotions, goods)
    for each, net_minor in zip(goods, outcome.net_minor, strict=True):
        if not each.discountable:
            assert net_minor == each.units * each.unit_minor


@settings(max_examples=150, deadline=None, derandomize=True)
@given(promotion_lists, goods_lists())
def test_no_limit_is_passed_and_each_promotion_is_explained_once(
    promotions: list[Promotion], goods: tuple[Goods, ...]
) -> None:
    outcome = run(promotions, goods, minor_per_point=100)
    by_id = {each.id: each for each in promotions}
    for name, uses in outcome.uses.items():
        room = by_id[name].limits
        assert uses <= min(each for each in (room.per_sale, room.in_all, uses) if each is not None)
    assert len({each.promotion for each in outcome.missed}) == len(outcome.missed)
    for each in outcome.missed:
        assert each.by != each.promotion
        assert each.short >= 0


@settings(max_examples=100, deadline=None, derandomize=True)
@given(promotion_lists, goods_lists())
def test_a_multi_buy_uses_no_more_units_than_a_line_has(
    promotions: list[Promotion], goods: tuple[Goods, ...]
) -> None:
    outcome = run(promotions, goods)
    used: dict[int, int] = {}
    for discount in outcome.discounts:
        if discount.lane == "item":
            for part in discount.parts:
                used[part.line] = used.get(part.line, 0) + part.units
    assert all(used.get(each.line, 0) <= each.units for each in goods)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(promotion_lists, goods_lists())
def test_the_lines_numbers_are_only_names(
    promotions: list[Promotion], goods: tuple[Goods, ...]
) -> None:
    renamed = tuple(replace(each, line=each.line + 100) for each in goods)
    assert run(promotions, renamed).net_minor == run(promotions, goods).net_minor
