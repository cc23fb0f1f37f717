"""The unit lane: what each unit costs for itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from edge.checkout.money import Rounding, divide
from edge.checkout.promotions.assign import Claim, assign
from edge.checkout.promotions.outcome import Lane, Why
from edge.checkout.promotions.promotion import FULL_BP, AmountOff, FixedPrice, PercentOff
from edge.checkout.promotions.promotion_set import Position, Rank
from edge.checkout.promotions.sale import priced
from edge.checkout.promotions.work import Block, Work


def _percent_off(benefit: PercentOff, unit_minor: int, _: int) -> int:
    return divide(unit_minor * benefit.rate_bp, FULL_BP, Rounding.HALF_UP)


def _amount_off(benefit: AmountOff, unit_minor: int, unit_milli: int) -> int:
    return min(unit_minor, priced(benefit.off_minor, unit_milli))


def _fixed_price(benefit: FixedPrice, unit_minor: int, unit_milli: int) -> int:
    return unit_minor - priced(benefit.price_minor, unit_milli)


# What comes off a unit by its price and its thousandths; 0 or less is nothing.
_OFF: Final[Mapping[type, Callable[[Any, int, int], int]]] = {
    PercentOff: _percent_off,
    AmountOff: _amount_off,
    FixedPrice: _fixed_price,
}


def run_unit_lane(work: Work) -> None:
    """Let the unit lane's promotions take off what they take off."""
    for group in work.groups(Lane.UNIT):
        wanted: dict[Position, list[Rank]] = {}
        for rank in group:
            for position in work.positions(work.promotions.slots_of[rank][0]):
                wanted.setdefault(position, []).append(rank)
        claims = [
            (position, block, claim)
            for position in sorted(wanted)
            for block in work.blocks[position]
            if (claim := _claim(work, position, block, wanted[position])) is not None
        ]
        assign([claim for _, _, claim in claims], work.room)
        for position, block, claim in claims:
            _apply(work, position, block, claim)
        _explain(work, group, [claim for _, _, claim in claims])


def _claim(work: Work, position: Position, block: Block, ranks: Sequence[Rank]) -> Claim | None:
    """What the promotions offer for the block's units; None when it is nothing."""
    unit_milli = work.request.goods[position].unit_milli
    offers = {}
    for rank in ranks:
        benefit = work.promotion(rank).benefit
        off_minor = _OFF[type(benefit)](benefit, block.unit_minor, unit_milli)
        if off_minor > 0:
            offers[rank] = off_minor
    return Claim(block.units, offers) if offers else None


def _apply(work: Work, position: Position, block: Block, claim: Claim) -> None:
    """The block's units at their new prices, in blocks of their own where they differ."""
    for rank in sorted(claim.given):
        units, off_minor = claim.given[rank], claim.offers[rank]
        work.take(rank, position, units, units * off_minor)
        work.count(rank, units)
        if units == block.units:
            block.unit_minor -= off_minor
            return
        block.units -= units
        work.blocks[position].append(Block(units, block.unit_minor - off_minor))


def _explain(work: Work, group: Sequence[Rank], claims: Sequence[Claim]) -> None:
    """Say for each promotion what kept it from units that it had something to offer for."""
    for rank in group:
        offered = [claim for claim in claims if rank in claim.offers]
        if not offered:
            work.miss(rank, Why.NO_SAVING)
        elif not work.room[rank] and any(_worse_off(claim, rank) for claim in offered):
            work.miss(rank, Why.LIMIT)
        elif rank not in work.uses:
            work.miss(rank, Why.BEATEN, by=min(offered[0].given))


def _worse_off(claim: Claim, rank: Rank) -> bool:
    """Whether units of the claim got less than the promotion offered."""
    given = sum(claim.given.values())
    return given < claim.units or any(
        claim.offers[other] < claim.offers[rank] for other in claim.given
    )
