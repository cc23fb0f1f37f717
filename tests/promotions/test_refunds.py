"""What was discounted comes back to the unit: the parts of a refund sum to what was paid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.money import runs, take_runs
from edge.checkout.promotions.promotion import CheapestFree, NthItem, OrderAmount, PercentCut
from tests.support.promotions import basket, promotion, run


def piece_by_piece(net_minor: int, units: int) -> list[int]:
    """What each piece of a line gives back, one refund after the other."""
    paid = runs(net_minor, units)
    return [
        sum(count * minor for count, minor in take_runs(paid, gone, 1)) for gone in range(units)
    ]


def test_a_three_for_two_refunded_piece_by_piece() -> None:
    outcome = run(promotion(CheapestFree(2, 1)), basket(("a", 1_000, 3)))
    assert piece_by_piece(outcome.net_minor[0], 3) == [667, 667, 666]


def test_ten_over_three_lines() -> None:
    outcome = run(promotion(OrderAmount(1_000)), basket(*[("a", 1_000)] * 3))
    assert outcome.net_minor == (666, 667, 667)


def test_a_multi_buy_that_used_some_units_of_a_line_is_spread_over_all_of_it() -> None:
    """Nobody can tell which of the four was free."""
    outcome = run(promotion(CheapestFree(2, 1)), basket(("a", 1_000, 4)))
    assert piece_by_piece(outcome.net_minor[0], 4) == [750] * 4


def test_pieces_scanned_one_by_one_are_lines_of_their_own() -> None:
    outcome = run(promotion(CheapestFree(2, 1)), basket(*[("a", 1_000)] * 4))
    assert outcome.net_minor == (666, 667, 667, 1_000)


@pytest.mark.parametrize("units", [1, 2, 5, 7])
def test_within_a_line_there_are_two_values_a_minor_unit_apart(units: int) -> None:
    chosen = [promotion(NthItem(2, PercentCut(3_333)), id="n"), promotion(OrderAmount(101), id="o")]
    pieces = piece_by_piece(run(chosen, basket(("a", 999, units))).net_minor[0], units)
    assert max(pieces) - min(pieces) <= 1


@settings(deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(1, 2_000), st.integers(1, 5)),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 5_000),
)
def test_refunds_sum_to_what_was_paid(lines: list[tuple[str, int, int]], off: int) -> None:
    goods = basket(*lines)
    chosen = [promotion(CheapestFree(2, 1), id="three"), promotion(OrderAmount(off), id="off")]
    outcome = run(chosen, goods)
    for each, net_minor in zip(goods, outcome.net_minor, strict=True):
        assert sum(piece_by_piece(net_minor, each.units)) == net_minor
