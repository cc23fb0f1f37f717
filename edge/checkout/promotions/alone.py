"""A multi-buy whose units no other wants: its dearest use, again and again.

No other uses take more off. The j-th unit that is cut has at least j whole uses above it in value,
so none can be dearer than where the dearest uses leave it; and where slots have no unit in common,
each gives the dearest that it has, or, where it is only to be bought, the cheapest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final, TypeAlias

from edge.checkout.money import share
from edge.checkout.promotions.multi_buy import Rows, Used, room_of
from edge.checkout.promotions.outcome import Why
from edge.checkout.promotions.promotion import (
    Bundle,
    BuyGet,
    CheapestFree,
    Gift,
    NthItem,
    cut_off,
)
from edge.checkout.promotions.promotion_set import Position, Rank
from edge.checkout.promotions.work import RowNo, Taking, Work

# A row for each unit that one use takes: those of the first need, then those of the next.
Units: TypeAlias = list[RowNo]
# What a unit costs, by its row.
Values: TypeAlias = Sequence[int]


def _nth_item(benefit: NthItem, chosen: Units, values: Values) -> int:
    return cut_off(benefit.cut, values[chosen[-1]])


def _cheapest_free(benefit: CheapestFree, chosen: Units, values: Values) -> int:
    return sum([values[row] for row in chosen[-benefit.free :]])


def _gift(_: Gift, chosen: Units, values: Values) -> int:
    return values[chosen[0]]


def _buy_get(benefit: BuyGet, chosen: Units, values: Values) -> int:
    return sum([cut_off(benefit.cut, values[row]) for row in chosen[benefit.buy :]])


def _bundle(benefit: Bundle, chosen: Units, values: Values) -> int:
    return sum([values[row] for row in chosen]) - benefit.price_minor


# What comes off by one use, the units of each need by falling value; 0 or less is nothing.
_OFF: Final[Mapping[type, Callable[[Any, Units, Values], int]]] = {
    NthItem: _nth_item,
    CheapestFree: _cheapest_free,
    Gift: _gift,
    BuyGet: _buy_get,
    Bundle: _bundle,
}


def use_alone(work: Work, rank: Rank, rows: Rows) -> Used:
    """Use up what each need may take of, when no two of them have a row in common."""
    benefit, room = work.plans[rank].benefit, room_of(work, rank)
    off_of, values = _OFF[type(benefit)], work.unit_minor
    if len(rows) == 1 and len(rows[0]) == 1:
        return _use_row(work, rank, rows[0][0], room)
    missed = None
    used: Units = []
    last: Units = []
    uses = off_minor = 0
    parts: Iterable[tuple[Position, int]] = ()
    offs: dict[Position, int] = {}
    for chosen in _possible_uses(work, rank, rows):
        if chosen != last:
            off_minor = off_of(benefit, chosen, values)
            if off_minor <= 0:
                break
            last, parts = chosen, _parts(work, chosen, off_minor)
        if uses == room:
            missed = work.missing(rank, Why.LIMIT)
            break
        uses += 1
        used += chosen
        for position, part_minor in parts:
            offs[position] = offs.get(position, 0) + part_minor
    if not uses:
        missed = work.missing(rank, Why.NO_SAVING)
    return Used(rank, uses, _use_up(work, used, offs), missed)


def _use_row(work: Work, rank: Rank, row: RowNo, room: int) -> Used:
    """Likewise for one need of one row: all uses are the same. It is what most multi-buys find."""
    plan = work.plans[rank]
    need = plan.needs[0][1]
    off_minor = _OFF[type(plan.benefit)](plan.benefit, [row] * need, work.unit_minor)
    if off_minor <= 0:
        return Used(rank, 0, [], work.missing(rank, Why.NO_SAVING))
    possible = work.units[row] // need
    uses = min(possible, room)
    work.units[row] -= uses * need
    taken = [(work.places[row], uses * need, uses * off_minor)]
    missed = work.missing(rank, Why.LIMIT) if possible > uses else None
    return Used(rank, uses, taken, missed)


def _possible_uses(work: Work, rank: Rank, rows: Rows) -> list[Units]:
    """The dearest use, the dearest of what that leaves, and so on."""
    plan, units, values = work.plans[rank], work.units, work.unit_minor
    cheap_first = isinstance(plan.benefit, BuyGet)
    shares: list[list[Units]] = []
    for its, (_, need) in zip(rows, plan.needs, strict=True):
        if len(its) > 1:
            its.sort(key=values.__getitem__, reverse=not cheap_first)
        cheap_first = False
        queue: Units = []
        for row in its:
            queue += (row,) * units[row]
        shares.append([queue[at : at + need] for at in range(0, len(queue) - need + 1, need)])
    if len(shares) == 1:
        return shares[0]
    return [[*chain(*each)] for each in zip(*shares, strict=False)]


def _parts(work: Work, chosen: Units, off_minor: int) -> list[tuple[Position, int]]:
    """What comes off by one use, over its lines by what their units cost."""
    places, values = work.places, work.unit_minor
    # Units of one row are together.
    if chosen[0] == chosen[-1]:
        return [(places[chosen[0]], off_minor)]
    worth: dict[Position, int] = {}
    for row in chosen:
        position = places[row]
        worth[position] = worth.get(position, 0) + values[row]
    positions = sorted(worth)
    parts = share(off_minor, [worth[position] for position in positions])
    return [*zip(positions, parts, strict=True)]


def _use_up(work: Work, used: Units, offs: Mapping[Position, int]) -> list[Taking]:
    """Take the units; the lines that they were of."""
    units, places = work.units, work.places
    counts = dict.fromkeys(offs, 0)
    for row in used:
        units[row] -= 1
        counts[places[row]] += 1
    return [(position, counts[position], offs[position]) for position in sorted(counts)]
