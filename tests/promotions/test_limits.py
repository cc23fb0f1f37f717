"""How often a promotion may be used: a sale, a member, a member's day, a day, in all."""

import pytest

from edge.checkout.promotions.outcome import Missed, Why
from edge.checkout.promotions.promotion import AmountOff, Limits
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
