"""Which goods a promotion is for, and that the index finds just those."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.promotions.promotion import AmountOff
from edge.checkout.promotions.sale import Goods
from edge.checkout.promotions.selection import (
    EVERYTHING,
    AnyOf,
    EachOf,
    Except,
    Products,
    Selection,
    picks,
)
from tests.support.promotions import category, of, promotion, run, tagged

GOODS = (
    Goods(1, "cola", 300, categories=frozenset({"drinks", "cold"}), tags=frozenset({"sugar"})),
    Goods(2, "tea", 400, categories=frozenset({"drinks"}), tags=frozenset({"fair", "leaf"})),
    Goods(3, "soap", 200, categories=frozenset({"bath"}), tags=frozenset({"fair"})),
    Goods(4, "gum", 100),
)


@pytest.mark.parametrize(
    ("where", "lines"),
    [
        (EVERYTHING, [1, 2, 3, 4]),
        (of("cola", "gum"), [1, 4]),
        (category("drinks"), [1, 2]),
        (category("drinks", "cold"), [1, 2]),
        (tagged("fair", "leaf"), [2, 3]),
        (EachOf((category("drinks"), tagged("fair"))), [2]),
        (EachOf((tagged("fair"), of("soap", "gum"))), [3]),
        (EachOf((EVERYTHING, Except(of("gum")))), [1, 2, 3]),
        (AnyOf((of("gum"), category("bath"), tagged("sugar"))), [1, 3, 4]),
        (AnyOf((of("gum"), EachOf((category("drinks"), tagged("fair"))))), [2, 4]),
        (AnyOf((of("gum"), Except(category("drinks")))), [3, 4]),
        (Except(category("drinks")), [3, 4]),
        (Except(EVERYTHING), []),
        (Products(frozenset()), []),
    ],
)
def test_table(where: Selection, lines: list[int]) -> None:
    outcome = run(promotion(AmountOff(1), where), GOODS)
    found = [part.line for discount in outcome.discounts for part in discount.parts]
    assert found == lines


names = st.sampled_from(["cola", "tea", "soap", "gum", "drinks", "cold", "bath", "fair", "leaf"])
simple = st.one_of(
    st.just(EVERYTHING),
    st.sets(names, max_size=3).map(lambda found: of(*found)),
    st.sets(names, max_size=3).map(lambda found: category(*found)),
    st.sets(names, max_size=3).map(lambda found: tagged(*found)),
)


def joined(parts: st.SearchStrategy[Selection]) -> st.SearchStrategy[Selection]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(several.map(EachOf), several.map(AnyOf), parts.map(Except))


@settings(deadline=None, derandomize=True)
@given(st.recursive(simple, joined, max_leaves=6))
def test_the_index_finds_what_the_selection_picks(where: Selection) -> None:
    outcome = run(promotion(AmountOff(1), where), GOODS)
    found = [part.line for discount in outcome.discounts for part in discount.parts]
    assert found == [goods.line for goods in GOODS if picks(where, goods)]
