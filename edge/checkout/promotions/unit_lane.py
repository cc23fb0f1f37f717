"""The unit lane: what each unit costs for itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from edge.checkout.promotions.assign import Claim, assign
from edge.checkout.promotions.outcome import Why
from edge.checkout.promotions.promotion import FULL_BP, HALF_BP, AmountOff, FixedPrice, PercentOff
from edge.checkout.promotions.promotion_set import UNIT_LANE, Position, Rank
from edge.checkout.promotions.sale import priced
from edge.checkout.promotions.work import RowNo, Taking, Work, add_taking


def _percent_off(benefit: PercentOff, unit_minor: int, _: int) -> int:
    # Like part_of, without a call: it is asked for each line of each percentage.
    return (unit_minor * benefit.rate_bp + HALF_BP) // FULL_BP


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
    for group in work.groups(UNIT_LANE):
        if len(group) == 1 and group[0] not in work.room:
            _run_alone(work, group[0])
        else:
            _run_group(work, group)


def _run_alone(work: Work, rank: Rank) -> None:
    """A promotion that nothing competes with and nothing limits."""
    plan = work.plans[rank]
    benefit = plan.benefit
    off = _OFF[type(benefit)]
    goods, places, unit_minor, units = work.request.goods, work.places, work.unit_minor, work.units
    lines, left_minor = work.lines, work.left_minor
    uses = 0
    taken: list[Taking] = []
    for row in work.rows(plan.slot):
        position = places[row]
        off_minor = off(benefit, unit_minor[row], goods[position].unit_milli)
        if off_minor > 0:
            unit_minor[row] -= off_minor
            off_minor *= units[row]
            uses += units[row]
            left_minor[position] -= off_minor
            taken.append((lines[position], units[row], off_minor))
    if uses:
        work.use(rank, uses, _by_line(taken) if work.split else tuple(taken))
    else:
        work.miss(rank, Why.NO_SAVING)


def _by_line(taken: Sequence[Taking]) -> tuple[Taking, ...]:
    """What was taken off the rows of a line together."""
    found: dict[int, Taking] = {}
    for line, units, off_minor in taken:
        add_taking(found, line, units, off_minor)
    return tuple(found.values())


def _run_group(work: Work, group: Sequence[Rank]) -> None:
    """The promotions of a group, each unit to the one that is best for it."""
    wanted: dict[Position, list[Rank]] = {}
    for rank in group:
        for position in work.taking_part.get(work.plans[rank].slot, ()):
            wanted.setdefault(position, []).append(rank)
    claims = [
        (position, row, claim)
        for position in sorted(wanted)
        for row in work.split.get(position, (position,))
        if (claim := _claim(work, position, row, wanted[position])) is not None
    ]
    assign([claim for _, _, claim in claims], {rank: work.room_of(rank) for rank in group})
    taken: dict[Rank, dict[Position, Taking]] = {}
    for position, row, claim in claims:
        for rank, units in claim.given.items():
            its = taken.setdefault(rank, {})
            add_taking(its, position, units, units * claim.offers[rank])
        _lower(work, position, row, claim)
    for rank in sorted(taken):
        its = taken[rank]
        work.discount(rank, sum([units for _, units, _ in its.values()]), [*its.values()])
    _explain(work, group, [claim for _, _, claim in claims])


def _claim(work: Work, position: Position, row: RowNo, ranks: Sequence[Rank]) -> Claim | None:
    """What the promotions offer for the row's units; None when it is nothing."""
    unit_minor, unit_milli = work.unit_minor[row], work.request.goods[position].unit_milli
    plans = work.plans
    offers = {}
    for rank in ranks:
        benefit = plans[rank].benefit
        off_minor = _OFF[type(benefit)](benefit, unit_minor, unit_milli)
        if off_minor > 0:
            offers[rank] = off_minor
    return Claim(work.units[row], offers) if offers else None


def _lower(work: Work, position: Position, row: RowNo, claim: Claim) -> None:
    """The row's units at their new prices, in rows of their own where they differ."""
    for rank in sorted(claim.given):
        units, off_minor = claim.given[rank], claim.offers[rank]
        unit_minor = work.unit_minor[row] - off_minor
        if units == work.units[row]:
            work.unit_minor[row] = unit_minor
        else:
            work.split_off(position, row, units, unit_minor)


def _explain(work: Work, group: Sequence[Rank], claims: Sequence[Claim]) -> None:
    """Say for each promotion what kept it from units that it had something to offer for."""
    for rank in group:
        offered = [claim for claim in claims if rank in claim.offers]
        if not offered:
            work.miss(rank, Why.NO_SAVING)
        elif not work.room_of(rank) and any(_worse_off(claim, rank) for claim in offered):
            work.miss(rank, Why.LIMIT)
        elif work.plans[rank].id not in work.uses:
            work.miss(rank, Why.BEATEN, by=min(offered[0].given))


def _worse_off(claim: Claim, rank: Rank) -> bool:
    """Whether units of the claim got less than the promotion offered."""
    given = sum(claim.given.values())
    return given < claim.units or any(
        claim.offers[other] < claim.offers[rank] for other in claim.given
    )
