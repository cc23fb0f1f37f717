"""The best for the customer: equal to trying everything on small baskets, and never worse than the
greedy choice on large ones.
"""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.promotions.outcome import Why
from edge.checkout.promotions.promotion import (
    FREE,
    AmountOff,
    Benefit,
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
    PriceCut,
    Promotion,
    SpendEvery,
    SpendOnce,
)
from edge.checkout.promotions.sale import Goods
from edge.checkout.promotions.selection import EVERYTHING, Selection
from tests.support.promotions import (
    basket,
    category,
    greedy_off,
    missed,
    most_off,
    of,
    offs,
    promotion,
    run,
)

PLUS = "abcd"
CATEGORIES = ("x", "y")

selections: st.SearchStrategy[Selection] = st.one_of(
    st.just(EVERYTHING),
    st.sets(st.sampled_from(PLUS), min_size=1, max_size=3).map(lambda plus: of(*plus)),
    st.sampled_from(CATEGORIES).map(category),
)
cuts = st.one_of(
    st.just(FREE),
    st.integers(1, 10_000).map(PercentCut),
    st.integers(0, 500).map(PriceCut),
)


@st.composite
def multi_buys(draw: st.DrawFn) -> Benefit:
    kind = draw(st.sampled_from([NthItem, CheapestFree, BuyGet, Bundle]))
    few = st.integers(1, 2)
    if kind is NthItem:
        return NthItem(draw(st.integers(2, 3)), draw(cuts))
    if kind is CheapestFree:
        return CheapestFree(draw(few), draw(few))
    if kind is BuyGet:
        return BuyGet(draw(few), draw(few), draw(selections), draw(cuts))
    slots = draw(st.lists(st.builds(BundleSlot, selections, few), min_size=1, max_size=2))
    return Bundle(tuple(slots), draw(st.integers(0, 1_500)))


@st.composite
def offers(draw: st.DrawFn, most: int) -> list[Promotion]:
    """Multi-buys that compete for the same units."""
    count = draw(st.integers(1, most))
    return [
        promotion(
            draw(multi_buys()),
            draw(selections),
            id=f"p{number}",
            limits=Limits(per_sale=draw(st.sampled_from([None, None, 1, 2]))),
        )
        for number in range(count)
    ]


@st.composite
def baskets(draw: st.DrawFn, most_lines: int, most_units: int) -> tuple[Goods, ...]:
    count = draw(st.integers(1, most_lines))
    return tuple(
        Goods(
            line=number,
            plu=draw(st.sampled_from(PLUS)),
            price_minor=draw(st.integers(0, 30)) * 50 + draw(st.sampled_from([0, 1, 49])),
            units=draw(st.integers(1, most_units)),
            categories=frozenset(draw(st.sets(st.sampled_from(CATEGORIES)))),
        )
        for number in range(1, count + 1)
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(offers(most=3), baskets(most_lines=5, most_units=1))
def test_on_small_baskets_no_choice_saves_more(
    chosen: list[Promotion], goods: tuple[Goods, ...]
) -> None:
    outcome = run(chosen, goods)
    assert outcome.proven
    assert outcome.off_minor == most_off(chosen, goods)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(offers(most=3), baskets(most_lines=4, most_units=3))
def test_what_is_proven_is_so(chosen: list[Promotion], goods: tuple[Goods, ...]) -> None:
    outcome = run(chosen, goods)
    if outcome.proven:
        assert outcome.off_minor == most_off(chosen, goods)
    else:
        assert outcome.off_minor <= most_off(chosen, goods)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(offers(most=1), baskets(most_lines=5, most_units=4), st.integers(0, 3))
def test_a_rival_that_saves_nothing_changes_nothing(
    chosen: list[Promotion], goods: tuple[Goods, ...], dearer_units: int
) -> None:
    """Alone a multi-buy takes its dearest use again and again, beside a rival it is searched for:
    both find the same, with units of a line at different prices, too.
    """
    for_some = promotion(AmountOff(7), id="some", limits=Limits(per_sale=dearer_units))
    rival = promotion(NthItem(2, PriceCut(1_000_000)), id="rival")
    alone, beside = run([*chosen, for_some], goods), run([*chosen, for_some, rival], goods)
    assert beside.discounts == alone.discounts
    assert beside.net_minor == alone.net_minor
    assert beside.proven == alone.proven


# Single needs: the greedy choice of the reference is then the same whatever it does on ties.
one_need = st.one_of(
    st.builds(NthItem, st.integers(2, 4), cuts),
    st.builds(CheapestFree, st.integers(1, 3), st.integers(1, 2)),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(one_need, st.sampled_from(PLUS)), min_size=1, max_size=6),
    st.lists(
        st.tuples(st.sampled_from(PLUS), st.integers(1, 2_000)),
        min_size=15,
        max_size=25,
        unique_by=lambda line: line[1],
    ),
)
def test_on_large_baskets_never_worse_than_the_greedy_choice(
    kinds: list[tuple[Benefit, str]], lines: list[tuple[str, int]]
) -> None:
    chosen = [
        promotion(benefit, of(plu, "a"), id=f"p{number}")
        for number, (benefit, plu) in enumerate(kinds)
    ]
    goods = basket(*lines)
    assert run(chosen, goods).off_minor >= greedy_off(chosen, goods)


def test_greedy_is_not_good_enough() -> None:
    """3-for-2 would take 10, 9 and 8 and save 8; two pairs at half price save more."""
    chosen = [
        promotion(CheapestFree(2, 1), id="three", limits=Limits(per_sale=1)),
        promotion(NthItem(2, PercentCut(8_000)), id="half"),
    ]
    goods = basket(("a", 1_000), ("b", 900), ("c", 800), ("d", 700))
    assert offs(run(chosen, goods)) == {"half": 720 + 560}
    assert greedy_off(chosen, goods) == 800


def test_a_search_that_ends_early_gives_no_less_than_the_greedy_choice() -> None:
    """Fifty units that eight promotions compete for: too many to try everything."""
    chosen = [
        promotion(NthItem(2 + number % 3, PercentCut(9_000 - 700 * number)), id=f"p{number}")
        for number in range(8)
    ]
    goods = basket(*((f"g{number}", 1_000 + 37 * number) for number in range(50)))
    outcome = run(chosen, goods)
    assert not outcome.proven
    assert outcome.off_minor > 0
    assert run(chosen, goods) == outcome


@pytest.mark.parametrize("count", [8, 12, 16, 20, 30])
def test_a_search_that_is_broken_off_leaves_no_use_lying_about(count: int) -> None:
    """Whatever was found by then, nothing that would still save something is left undone."""
    chosen = [
        promotion(
            BuyGet(1, 1, of("a", "b", "c"), PercentCut(3_000 + 900 * number)), id=f"p{number}"
        )
        for number in range(3)
    ]
    lines = [
        (plu, 500 + 13 * number) for number, plu in zip(range(count), "abc" * 10, strict=False)
    ]
    outcome = run(chosen, basket(*lines))
    assert sum(discount.uses for discount in outcome.discounts) == count // 2


# --- the other lanes

unit_benefits = st.one_of(
    st.builds(PercentOff, st.integers(1, 10_000)),
    st.builds(AmountOff, st.integers(1, 900)),
    st.builds(FixedPrice, st.integers(0, 900)),
)


@st.composite
def unit_offers(draw: st.DrawFn) -> list[Promotion]:
    return [
        promotion(
            draw(unit_benefits),
            draw(selections),
            id=f"p{number}",
            group="shelf",
            limits=Limits(per_sale=draw(st.sampled_from([None, 1, 2]))),
        )
        for number in range(draw(st.integers(1, 3)))
    ]


def best_assignment(chosen: list[Promotion], goods: tuple[Goods, ...]) -> int:
    """Every unit with every promotion or none."""
    alone = [
        [0]
        + [
            run([offer], (Goods(1, g.plu, g.price_minor, categories=g.categories),)).off_minor
            for offer in chosen
        ]
        for g in goods
        for _ in range(g.units)
    ]
    best = 0
    for given_to in product(range(len(chosen) + 1), repeat=len(alone)):
        if all(
            offer.limits.per_sale is None or given_to.count(number) <= offer.limits.per_sale
            for number, offer in enumerate(chosen, start=1)
        ):
            best = max(best, sum(unit[to] for unit, to in zip(alone, given_to, strict=True)))
    return best


@settings(max_examples=150, deadline=None, derandomize=True)
@given(unit_offers(), baskets(most_lines=3, most_units=2))
def test_units_go_to_the_promotions_of_a_group_as_well_as_can_be(
    chosen: list[Promotion], goods: tuple[Goods, ...]
) -> None:
    assert run(chosen, goods).off_minor == best_assignment(chosen, goods)


order_benefits = st.one_of(
    st.builds(OrderPercent, st.integers(1, 10_000), st.one_of(st.none(), st.integers(1, 500))),
    st.builds(OrderAmount, st.integers(1, 900)),
    st.builds(SpendOnce, st.integers(1, 3_000), st.integers(1, 900)),
    st.builds(SpendEvery, st.integers(1, 3_000), st.integers(1, 900)),
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(order_benefits, min_size=1, max_size=4), baskets(most_lines=4, most_units=2))
def test_of_a_group_on_the_order_the_best_applies(
    benefits: list[Benefit], goods: tuple[Goods, ...]
) -> None:
    chosen = [
        promotion(benefit, id=f"p{number}", group="order")
        for number, benefit in enumerate(benefits)
    ]
    alone = [run([each], goods).off_minor for each in chosen]
    assert run(chosen, goods).off_minor == max(alone)


# --- one more promotion


@settings(max_examples=150, deadline=None, derandomize=True)
@given(offers(most=3), multi_buys(), selections, baskets(most_lines=4, most_units=1))
def test_one_more_multi_buy_never_costs_the_customer(
    chosen: list[Promotion], more: Benefit, where: Selection, goods: tuple[Goods, ...]
) -> None:
    before = run(chosen, goods)
    after = run([*chosen, promotion(more, where, id="more")], goods)
    assert before.proven
    assert after.proven
    assert after.off_minor >= before.off_minor


@settings(max_examples=100, deadline=None, derandomize=True)
@given(unit_offers(), unit_benefits, selections, baskets(most_lines=3, most_units=2))
def test_one_more_of_a_group_on_units_never_costs_the_customer(
    chosen: list[Promotion], more: Benefit, where: Selection, goods: tuple[Goods, ...]
) -> None:
    added = promotion(more, where, id="more", group="shelf")
    assert run([*chosen, added], goods).off_minor >= run(chosen, goods).off_minor


def test_over_lanes_one_more_promotion_may_cost_the_customer() -> None:
    """What is not promised, and why: docs/promotions.md."""
    spend = promotion(SpendOnce(10_000, 1_000), id="spend")
    cent_off = promotion(AmountOff(1), id="cent")
    goods = basket(("a", 10_000))
    assert run([spend], goods).net_minor == (9_000,)
    outcome = run([spend, cent_off], goods)
    assert outcome.net_minor == (9_999,)
    lost = missed(outcome, "spend")
    assert lost is not None
    assert (lost.why, lost.short) == (Why.SPEND, 1)


def test_gifts_compete_with_nothing_else_for_their_unit() -> None:
    chosen = [promotion(Gift(), of("bag"), id="gift"), promotion(NthItem(2, FREE), id="pair")]
    outcome = run(chosen, basket(("bag", 500), ("cup", 400)))
    assert offs(outcome) == {"gift": 500}
    assert missed(outcome, "pair").by == "gift"  # type: ignore[union-attr] # it is there
