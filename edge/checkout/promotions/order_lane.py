"""The order lane: something off the sum. One promotion of a group applies: the best."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from edge.checkout.money import Rounding, divide, share
from edge.checkout.promotions.outcome import Lane, Why
from edge.checkout.promotions.promotion import (
    FULL_BP,
    OrderAmount,
    OrderPercent,
    SpendEvery,
    SpendOnce,
)
from edge.checkout.promotions.promotion_set import Position, Rank
from edge.checkout.promotions.work import Work


class _Base(NamedTuple):
    """What a promotion's goods cost when the lane began, and now; and its room for uses."""

    began_minor: int
    left_minor: int
    room: int


class _Offer(NamedTuple):
    """How many uses, and what comes off for them; `short` when the spend is not reached."""

    uses: int
    off_minor: int
    short: int = 0


def _percent(benefit: OrderPercent, base: _Base) -> _Offer:
    off_minor = divide(base.left_minor * benefit.rate_bp, FULL_BP, Rounding.HALF_UP)
    most = off_minor if benefit.most_minor is None else benefit.most_minor
    return _Offer(1, min(off_minor, most))


def _amount(benefit: OrderAmount, base: _Base) -> _Offer:
    return _Offer(1, min(benefit.off_minor, base.left_minor))


def _spend_once(benefit: SpendOnce, base: _Base) -> _Offer:
    if base.began_minor < benefit.spend_minor:
        return _Offer(0, 0, benefit.spend_minor - base.began_minor)
    return _Offer(1, min(benefit.off_minor, base.left_minor))


def _spend_every(benefit: SpendEvery, base: _Base) -> _Offer:
    times = min(base.began_minor // benefit.spend_minor, base.room)
    if not times:
        return _Offer(0, 0, benefit.spend_minor - base.began_minor)
    off_minor = min(times * benefit.off_minor, base.left_minor)
    # What is left may be less than all the times would take off: those over are not used.
    return _Offer(-(-off_minor // benefit.off_minor), off_minor)


_OFFERS: Final[Mapping[type, Callable[[Any, _Base], _Offer]]] = {
    OrderPercent: _percent,
    OrderAmount: _amount,
    SpendOnce: _spend_once,
    SpendEvery: _spend_every,
}


def run_order_lane(work: Work) -> None:
    """Let the best promotion of each group take off what it takes off."""
    began_minor = list(work.left_minor)
    for group in work.groups(Lane.ORDER):
        offers = []
        for rank in group:
            positions = work.positions(work.promotions.slots_of[rank][0])
            offers.append((rank, positions, _offer(work, rank, positions, began_minor)))
        # Of equal offers the first.
        best, positions, offer = max(offers, key=lambda each: each[2].off_minor)
        for rank, _, its in offers:
            if its.short:
                work.miss(rank, Why.SPEND, short=its.short)
            elif not its.off_minor:
                work.miss(rank, Why.NO_SAVING)
            elif rank != best:
                work.miss(rank, Why.BEATEN, by=best)
        if offer.off_minor:
            _apply(work, best, positions, offer, began_minor)


def _offer(work: Work, rank: Rank, positions: list[Position], began_minor: list[int]) -> _Offer:
    benefit = work.promotion(rank).benefit
    base = _Base(
        began_minor=sum(map(began_minor.__getitem__, positions)),
        left_minor=sum(map(work.left_minor.__getitem__, positions)),
        room=work.room[rank],
    )
    return _OFFERS[type(benefit)](benefit, base)


def _apply(
    work: Work, rank: Rank, positions: list[Position], offer: _Offer, began_minor: list[int]
) -> None:
    """Share what comes off over the lines by what they cost."""
    parts = share(offer.off_minor, [*map(work.left_minor.__getitem__, positions)])
    units = map(work.line_units.__getitem__, positions)
    taken = [*zip(positions, units, parts, strict=True)]
    if 0 in parts:
        taken = [taking for taking in taken if taking[2]]
    work.discount(rank, offer.uses, taken)
    benefit = work.promotion(rank).benefit
    if isinstance(benefit, SpendEvery) and not work.room[rank]:
        spent = sum(began_minor[position] for position in positions)
        if spent // benefit.spend_minor > offer.uses:
            work.miss(rank, Why.LIMIT)
