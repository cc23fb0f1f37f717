"""Which names stand in a promotion, wherever in it."""

import pytest

from edge.checkout.promotions.conditions import (
    All,
    Any_,
    Condition,
    HasCoupon,
    HasTier,
    InSegment,
    IsMember,
    Not,
    QuantityAtLeast,
    SpendAtLeast,
)
from edge.checkout.promotions.naming import Named, names_in
from edge.checkout.promotions.promotion import (
    FREE,
    Benefit,
    Bundle,
    BundleSlot,
    BuyGet,
    PercentOff,
    Promotion,
)
from edge.checkout.promotions.selection import (
    EVERYTHING,
    AnyOf,
    Categories,
    EachOf,
    Except,
    Products,
    Selection,
    Tags,
)

OFF = PercentOff(1_000)
TEA = Products(frozenset({"17", "18"}))
OF_TEA = {(Named.PRODUCT, "17"), (Named.PRODUCT, "18")}
DRINKS = Categories(frozenset({"drinks"}))
OF_DRINKS = {(Named.CATEGORY, "drinks")}
ORGANIC = Tags(frozenset({"organic"}))
OF_ORGANIC = {(Named.TAG, "organic")}
GOLD = HasTier(frozenset({"gold"}))
OF_GOLD = {(Named.TIER, "gold")}


@pytest.mark.parametrize(
    ("where", "names"),
    [
        (EVERYTHING, set()),
        (TEA, OF_TEA),
        (EachOf((DRINKS, ORGANIC)), OF_DRINKS | OF_ORGANIC),
        (AnyOf((TEA, EachOf((DRINKS, EVERYTHING)))), OF_TEA | OF_DRINKS),
        (Except(ORGANIC), OF_ORGANIC),
    ],
)
def test_goods_are_named_by_product_category_and_tag(
    where: Selection, names: set[tuple[Named, str]]
) -> None:
    assert names_in(Promotion("p", OFF, where)) == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (IsMember(), set()),
        (GOLD, OF_GOLD),
        (InSegment(frozenset({"staff"})), {(Named.SEGMENT, "staff")}),
        (HasCoupon("spring"), {(Named.COUPON, "spring")}),
        (SpendAtLeast(100, TEA), OF_TEA),
        (QuantityAtLeast(1_000, DRINKS), OF_DRINKS),
        (All((GOLD, HasCoupon("spring"))), OF_GOLD | {(Named.COUPON, "spring")}),
        (Any_((IsMember(), Not(All((GOLD,))))), OF_GOLD),
    ],
)
def test_who_buys_is_named_by_tier_segment_and_coupon(
    condition: Condition, names: set[tuple[Named, str]]
) -> None:
    assert names_in(Promotion("p", OFF, conditions=(condition,))) == names


@pytest.mark.parametrize(
    ("benefit", "names"),
    [
        (BuyGet(1, 1, TEA, FREE), OF_TEA),
        (Bundle((BundleSlot(DRINKS, 1), BundleSlot(ORGANIC, 1)), 500), OF_DRINKS | OF_ORGANIC),
    ],
)
def test_a_benefit_may_name_goods_of_its_own(
    benefit: Benefit, names: set[tuple[Named, str]]
) -> None:
    assert names_in(Promotion("p", benefit, conditions=(GOLD,))) == names | OF_GOLD
