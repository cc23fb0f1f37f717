"""The manual lane: what a person takes off, after all promotions and before the points."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.promotions.engine import apply_promotions
from edge.checkout.promotions.outcome import Lane, Outcome
from edge.checkout.promotions.promotion import OrderAmount, PercentOff, Promotion
from edge.checkout.promotions.promotion_set import compile_promotions
from edge.checkout.promotions.sale import Goods, ManualDiscount, PromotionRequest
from tests.support.promotions import MEMBER, MONDAY, basket, promotion


def by_hand(
    goods: tuple[Goods, ...], *manual: ManualDiscount, promotions: tuple[Promotion, ...] = ()
) -> Outcome:
    return apply_promotions(
        compile_promotions(promotions),
        PromotionRequest(goods, MONDAY, MEMBER, minor_per_point=10, manual=manual),
    )


def off_line(line: int, rate_bp: int = 0, off_minor: int = 0) -> ManualDiscount:
    return ManualDiscount(f"manual:{line}", line, rate_bp, off_minor)


def test_a_percentage_is_of_what_promotions_have_left() -> None:
    outcome = by_hand(
        basket(("a", 1_000)), off_line(1, rate_bp=1_000), promotions=(promotion(PercentOff(5_000)),)
    )
    assert outcome.net_minor == (450,)
    assert [(each.lane, each.off_minor) for each in outcome.discounts] == [
        (Lane.UNIT, 500),
        (Lane.MANUAL, 50),
    ]


def test_the_sales_is_shared_by_what_is_left_of_each_line() -> None:
    goods = basket(("a", 1_000), ("b", 500, 3))
    outcome = by_hand(goods, off_line(1, off_minor=400), off_line(0, off_minor=100))
    assert outcome.net_minor == (571, 1_429)
    assert outcome.discounts[1].taken == ((1, 1, 29), (2, 3, 71))


def test_it_never_takes_more_than_is_left() -> None:
    outcome = by_hand(
        basket(("a", 300)),
        off_line(1, off_minor=500),
        off_line(0, rate_bp=10_000),
        promotions=(promotion(OrderAmount(100)),),
    )
    assert outcome.net_minor == (0,)
    assert [each.off_minor for each in outcome.discounts] == [100, 200]


def test_goods_that_take_no_part_are_left_alone() -> None:
    bottle = Goods(2, "deposit", 100, discountable=False)
    outcome = by_hand((Goods(1, "a", 1_000), bottle), off_line(2, 5_000), off_line(0, 5_000))
    assert outcome.net_minor == (500, 100)


def test_points_are_earned_on_what_is_paid() -> None:
    assert by_hand(basket(("a", 1_000)), off_line(0, rate_bp=5_000)).base_points == 50


def test_a_line_that_is_gone_has_none() -> None:
    assert by_hand(basket(("a", 1_000)), off_line(7, rate_bp=5_000)).discounts == ()


LINES = st.lists(
    st.builds(
        Goods,
        line=st.just(0),
        plu=st.sampled_from("abc"),
        price_minor=st.integers(0, 2_000),
        units=st.integers(1, 5),
        discountable=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)
MANUAL = st.builds(
    ManualDiscount,
    id=st.just("manual"),
    line=st.integers(0, 6),
    rate_bp=st.integers(0, 10_000),
    off_minor=st.integers(0, 3_000),
)


@given(LINES, st.lists(MANUAL, max_size=4))
def test_what_is_taken_off_sums_exactly_and_no_line_falls_below_nothing(
    lines: list[Goods], manual: list[ManualDiscount]
) -> None:
    goods = tuple(replace(each, line=number) for number, each in enumerate(lines, start=1))
    outcome = by_hand(goods, *manual, promotions=(promotion(PercentOff(1_500)),))
    gross = [each.units * each.unit_minor for each in goods]
    taken = [0] * len(goods)
    for discount in outcome.discounts:
        for line, _, off_minor in discount.taken:
            taken[line - 1] += off_minor
    assert [all_of_it - off for all_of_it, off in zip(gross, taken, strict=True)] == [
        *outcome.net_minor
    ]
    assert min(outcome.net_minor) >= 0
    untouched = [place for place, each in enumerate(goods) if not each.discountable]
    assert all(taken[place] == 0 for place in untouched)
