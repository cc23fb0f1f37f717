"""How often a promotion may be used: a sale, a member, a member's day, a day, in all."""

import pytest

from edge.checkout.promotions.outcome import Discount, Lane, Missed, Why
from edge.checkout.promotions.promotion import AmountOff, Limits, NthItem, PercentCut, PercentOff
from edge.checkout.promotions.sale import NOBODY, Used
from tests.support.promotions import basket, missed, promotion, run

USED = Used(by_member=1, by_member_today=2, today=3, in_all=4)


@pytest.mark.parametrize(
    ("limits", "uses"),
    [
        (Limits(), 5),
        (Limits(per_sale=4), 4),
        (Limits(per_member=4), 3),
        (Limits(per_member_day=4), 2),
        (Limits(per_day=4), 1),
        (Limits(in_all=4), 0),
        (Limits(in_all=3), 0),
        (Limits(per_sale=4, per_day=5, in_all=9), 2),
        (Limits(per_sale=9), 5),
    ],
)
def test_table(limits: Limits, uses: int) -> None:
    outcome = run(promotion(AmountOff(1), limits=limits), basket(("a", 100, 5)), used={"p": USED})
    assert outcome.uses.get("p", 0) == uses
    assert missed(outcome) == (Missed("p", Why.LIMIT) if uses < 5 else None)


@pytest.mark.parametrize("limits", [Limits(per_member=4), Limits(per_member_day=4)])
def test_a_member_s_limit_is_for_members(limits: Limits) -> None:
    outcome = run(promotion(AmountOff(1), limits=limits), basket(("a", 100)), shopper=NOBODY)
    assert missed(outcome) == Missed("p", Why.MEMBER)


def test_what_was_used_of_another_does_not_count() -> None:
    offer = promotion(AmountOff(1), limits=Limits(in_all=1))
    assert run(offer, basket(("a", 100)), used={"q": USED}).uses == {"p": 1}


def test_pieces_of_a_line_at_different_prices_are_one_part_of_the_next_discount() -> None:
    """Two of five are at 0.90 then, and 10 % comes off them and off the three at 1.00."""
    chosen = [
        promotion(AmountOff(10), id="two", limits=Limits(per_sale=2)),
        promotion(PercentOff(1_000), id="whole", priority=1),
    ]
    outcome = run(chosen, basket(("a", 100, 5)))
    assert outcome.discounts[1] == Discount("whole", Lane.UNIT, 5, ((1, 5, 2 * 9 + 3 * 10),))


@pytest.mark.parametrize(("per_sale", "uses"), [(1, 1), (2, 2), (3, 2)])
@pytest.mark.parametrize("lines", [[("a", 100, 5)], [("a", 100, 3), ("b", 100, 2)]])
def test_a_multi_buy_without_rivals_has_its_limit(
    lines: list[tuple[str, int, int]], per_sale: int, uses: int
) -> None:
    half = promotion(NthItem(2, PercentCut(5_000)), limits=Limits(per_sale=per_sale))
    outcome = run(half, basket(*lines))
    assert outcome.uses == {"p": uses}
    assert missed(outcome) == (Missed("p", Why.LIMIT) if per_sale < 2 else None)
