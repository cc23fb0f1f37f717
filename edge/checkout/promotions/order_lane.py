"""The order lane: something off the sum. One promotion of a group applies: the best."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeAlias

from edge.checkout.money import share
from edge.checkout.promotions.outcome import Why
from edge.checkout.promotions.promotion import (
    OrderAmount,
    OrderPercent,
    SpendEvery,
    SpendOnce,
    part_of,
)
from edge.checkout.promotions.promotion_set import ORDER_LANE, Position, Rank
from edge.checkout.promotions.work import Work

# How many uses, and what comes off for them; and what is short where the spend is not reached.
_Offer: TypeAlias = tuple[int, int, int]


class _Try(NamedTuple):
    """What a promotion would take off, and off which lines at which costs."""

    rank: Rank
    positions: Sequence[Position]
    costs_minor: list[int]
    began_minor: int
    uses: int
    off_minor: int
    short: int


def _percent(benefit: OrderPercent, _: int, left_minor: int, __: int) -> _Offer:
    off_minor = part_of(left_minor, benefit.rate_bp)
    if benefit.most_minor is not None:
        off_minor = min(off_minor, benefit.most_minor)
    return 1, off_minor, 0


def _amount(benefit: OrderAmount, _: int, left_minor: int, __: int) -> _Offer:
    return 1, min(benefit.off_minor, left_minor), 0


def _spend_once(benefit: SpendOnce, began_minor: int, left_minor: int, _: int) -> _Offer:
    if began_minor < benefit.spend_minor:
        return 0, 0, benefit.spend_minor - began_minor
    return 1, min(benefit.off_minor, left_minor), 0


def _spend_every(benefit: SpendEvery, began_minor: int, left_minor: int, room: int) -> _Offer:
    times = min(began_minor // benefit.spend_minor, room)
    if not times:
        return 0, 0, benefit.spend_minor - began_minor
    off_minor = min(times * benefit.off_minor, left_minor)
    # What is left may be less than all the times would take off: those over are not used.
    return -(-off_minor // benefit.off_minor), off_minor, 0


# By what its goods cost when the lane began, and now, and by its room for uses.
_OFFERS: Final[Mapping[type, Callable[[Any, int, int, int], _Offer]]] = {
    OrderPercent: _percent,
    OrderAmount: _amount,
    SpendOnce: _spend_once,
    SpendEvery: _spend_every,
}


def run_order_lane(work: Work) -> None:
    """Let the best promotion of each group take off what it takes off."""
    began_minor = list(work.left_minor)
    for group in work.groups(ORDER_LANE):
        tried = [_try(work, rank, began_minor) for rank in group]
        # Of equal offers the first.
        best = tried[0] if len(tried) == 1 else max(tried, key=attrgetter("off_minor"))
        for each in tried:
            if each.short:
                work.miss(each.rank, Why.SPEND, short=each.short)
            elif not each.off_minor:
                work.miss(each.rank, Why.NO_SAVING)
            elif each is not best:
                work.miss(each.rank, Why.BEATEN, by=best.rank)
        if best.off_minor:
            _apply(work, best)


def _try(work: Work, rank: Rank, began_minor: list[int]) -> _Try:
    """What the promotion would take off."""
    plan, costs_minor = work.plans[rank], work.left_minor
    positions = work.taking_part.get(plan.slot, ())
    if len(positions) < len(costs_minor):
        costs_minor = [costs_minor[position] for position in positions]
        began_minor = [began_minor[position] for position in positions]
    began = sum(began_minor)
    offer = _OFFERS[type(plan.benefit)]
    uses, off_minor, short = offer(plan.benefit, began, sum(costs_minor), work.room_of(rank))
    return _Try(rank, positions, costs_minor, began, uses, off_minor, short)


def _apply(work: Work, best: _Try) -> None:
    """Share what comes off over the lines by what they cost."""
    rank, positions, uses = best.rank, best.positions, best.uses
    parts = share(best.off_minor, best.costs_minor)
    if len(positions) == len(work.lines) and 0 not in parts:
        work.discount_whole(rank, uses, parts)
    else:
        units = [work.line_units[position] for position in positions]
        taken = zip(positions, units, parts, strict=True)
        work.discount(rank, uses, [taking for taking in taken if taking[2]])
    benefit = work.plans[rank].benefit
    if (
        isinstance(benefit, SpendEvery)
        and not work.room_of(rank)
        and best.began_minor // benefit.spend_minor > uses
    ):
        work.miss(rank, Why.LIMIT)
