"""Which units go to which promotion of a group, when each may have only so many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from edge.checkout.promotions.promotion_set import Rank

# The end of a path where a unit is left without a promotion.
NOBODY: Final = -1
# More than any path costs.
NEVER: Final = 1 << 60


@dataclass(slots=True)
class Claim:
    """Equal units of one line, what each promotion would take off one of them (more than 0), and
    how many units went to which.
    """

    units: int
    offers: Mapping[Rank, int]
    given: dict[Rank, int] = field(default_factory=dict)


def assign(claims: Sequence[Claim], room: Mapping[Rank, int]) -> None:
    """Give units to promotions so that the most comes off in all and none has more than its room.

    Each unit first goes where it saves most; what is too much for a promotion is then moved along
    the cheapest paths, over other promotions to one with room or to none (the successive shortest
    paths of a transport problem: Ahuja, Magnanti, Orlin, Network Flows, section 9.7). Every move
    empties a claim, a promotion's excess or a promotion's room.
    """
    load: dict[Rank, int] = {}
    for claim in claims:
        best = max(claim.offers, key=lambda rank: (claim.offers[rank], -rank))
        claim.given[best] = claim.units
        load[best] = load.get(best, 0) + claim.units
    for rank in sorted(load):
        while load[rank] > room[rank]:
            path = _cheapest_path(_within_reach(claims, rank), rank, load, room)
            _move(path, rank, load, room)


def _within_reach(claims: Sequence[Claim], start: Rank) -> list[Claim]:
    """The claims that a path from the promotion may lead over."""
    reached = {start}
    found: list[Claim] = []
    waiting = list(claims)
    growing = True
    while growing:
        further = [claim for claim in waiting if not reached.isdisjoint(claim.given)]
        waiting = [claim for claim in waiting if reached.isdisjoint(claim.given)]
        for claim in further:
            reached.update(claim.offers)
        found += further
        growing = bool(further)
    return found


@dataclass(frozen=True, slots=True)
class _Step:
    """A unit of `claim` goes from one promotion to another."""

    claim: Claim
    source: Rank
    target: Rank


def _steps(claims: Sequence[Claim]) -> dict[tuple[Rank, Rank], tuple[int, _Step]]:
    """For each pair of promotions the cheapest way to move a unit between them, and its cost."""
    found: dict[tuple[Rank, Rank], tuple[int, _Step]] = {}
    for claim in claims:
        for source in claim.given:
            for target, off_minor in (*claim.offers.items(), (NOBODY, 0)):
                if target == source:
                    continue
                cost = claim.offers[source] - off_minor
                known = found.get((source, target))
                if known is None or cost < known[0]:
                    found[source, target] = (cost, _Step(claim, source, target))
    return found


def _cheapest_path(
    claims: Sequence[Claim], start: Rank, load: Mapping[Rank, int], room: Mapping[Rank, int]
) -> list[_Step]:
    """The steps from a promotion with too much to one with room, or to none (Bellman and Ford)."""
    steps = _steps(claims)
    cost = {start: 0}
    arrived: dict[Rank, _Step] = {}
    changed = True
    while changed:
        changed = False
        for (source, target), (step_cost, step) in steps.items():
            until = cost.get(source)
            if until is not None and until + step_cost < cost.get(target, NEVER):
                cost[target], arrived[target] = until + step_cost, step
                changed = True
    ends = [rank for rank in cost if rank == NOBODY or load.get(rank, 0) < room[rank]]
    end = min(ends, key=lambda rank: (cost[rank], rank == NOBODY, rank))
    path: list[_Step] = []
    while end != start:
        path.append(arrived[end])
        end = arrived[end].source
    return path[::-1]


def _move(
    path: Sequence[_Step], start: Rank, load: dict[Rank, int], room: Mapping[Rank, int]
) -> None:
    """As many units as can go along the path at once."""
    end = path[-1].target
    units = min(load[start] - room[start], *(step.claim.given[step.source] for step in path))
    if end != NOBODY:
        units = min(units, room[end] - load.get(end, 0))
        load[end] = load.get(end, 0) + units
    load[start] -= units
    for step in path:
        given = step.claim.given
        given[step.source] -= units
        if not given[step.source]:
            del given[step.source]
        if step.target != NOBODY:
            given[step.target] = given.get(step.target, 0) + units
