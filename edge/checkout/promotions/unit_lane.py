"""The unit lane: what each unit costs for itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from edge.checkout.money import Rounding, divide
from edge.checkout.promotions.assign import Claim, assign
from edge.checkout.promotions.outcome import Lane, Why
from edge.checkout.promotions.promotion import FULL_BP, AmountOff, FixedPrice, PercentOff
from edge.checkout.promotions.promotion_set import Position, Rank
from edge.checkout.promotions.sale import priced
from edge.checkout.promotions.work import NO_LIMIT, Block, Taking, Work


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
        if len(group) == 1 and work.room[group[0]] == NO_LIMIT:
            _run_alone(work, group[0])
        else:
            _run_group(work, group)


def _run_alone(work: Work, rank: Rank) -> None:
    """A promotion that nothing competes with and nothing limits."""
    benefit = work.promotion(rank).benefit
    off = _OFF[type(benefit)]
    goods = work.request.goods
    used = 0
    taken: list[Taking] = []
    for position in work.positions(work.promotions.slots_of[rank][0]):
        unit_milli = goods[position].unit_milli
        units = off_minor = 0
        for block in work.blocks[position]:
            off_unit = off(benefit, block.unit_minor, unit_milli)
            if off_unit > 0:
                block.unit_minor -= off_unit
                units += block.units
                off_minor += block.units * off_unit
        if units:
            used += units
            taken.append((position, units, off_minor))
    if taken:
        work.discount(rank, used, taken)
    else:
        work.miss(rank, Why.NO_SAVING)


def _run_group(work: Work, group: Sequence[Rank]) -> None:
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
    taken: dict[Rank, dict[Position, tuple[int, int]]] = {}
    for position, block, claim in claims:
        for rank, units in claim.given.items():
            known_units, known_off = taken.setdefault(rank, {}).get(position, (0, 0))
            off_minor = known_off + units * claim.offers[rank]
            taken[rank][position] = (known_units + units, off_minor)
        _split(work.blocks[position], block, claim)
    for rank in sorted(taken):
        its = taken[rank]
        uses = sum(units for units, _ in its.values())
        work.discount(rank, uses, [(position, *its[position]) for position in its])
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


def _split(blocks: list[Block], block: Block, claim: Claim) -> None:
    """The block's units at their new prices, in blocks of their own where they differ."""
    for rank in sorted(claim.given):
        units, off_minor = claim.given[rank], claim.offers[rank]
        if units == block.units:
            block.unit_minor -= off_minor
            return
        block.units -= units
        blocks.append(Block(units, block.unit_minor - off_minor))


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
