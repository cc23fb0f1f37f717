"""What the ways to choose multi-buys have in common."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from edge.checkout.promotions.outcome import Missed, Why
from edge.checkout.promotions.promotion import Gift
from edge.checkout.promotions.promotion_set import Position, Rank
from edge.checkout.promotions.work import RowNo, Taking, Work

# The rows that each slot of a promotion may take units of.
Rows: TypeAlias = list[list[RowNo]]


class Used(NamedTuple):
    """What a multi-buy is used for, line by line; `missed` says why not, or not once more."""

    rank: Rank
    uses: int
    taken: list[Taking]
    missed: Missed | None


def room_of(work: Work, rank: Rank) -> int:
    """How many uses it may have; those of a gift are its units."""
    benefit = work.plans[rank].benefit
    room = work.room_of(rank)
    return min(room, benefit.units) if isinstance(benefit, Gift) else room


def why_short(
    work: Work, rank: Rank, short: int, beaten_by: Mapping[Position, Rank]
) -> Missed | None:
    """Too few units: an earlier group has them, or they are not in the basket. Of a gift that is
    not there is nothing to say: it is offered.
    """
    plan = work.plans[rank]
    if beaten_by:
        for slot, _ in plan.needs:
            for position in work.taking_part.get(slot, ()):
                if position in beaten_by:
                    return work.missing(rank, Why.BEATEN, by=beaten_by[position])
    if isinstance(plan.benefit, Gift):
        return None
    return work.missing(rank, Why.UNITS, short=short)
