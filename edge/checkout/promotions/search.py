"""The choice of multi-buys that saves most: greedy first, then searched for something better.

Multi-buys that share no class of units don't concern each other and are solved apart.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple, TypeAlias

from edge.checkout.promotions.deals import (
    BOUND_SCALE,
    ClassNo,
    Deal,
    Pick,
    Taken,
    all_uses,
)

# What one basket's search may do: think of a use, try it in a place, or give a class up. A few
# microseconds each, and a scan has five milliseconds for everything. A search that has used them
# up keeps the best it has found.
SEARCH_STEPS: Final = 800
# Deals that compete for more units than this stay as the greedy choices have them: the steps would
# be used up without coming to an end.
MOST_UNITS: Final = 40

Uses: TypeAlias = dict[tuple[int, tuple[ClassNo, ...]], int]


class Choice(NamedTuple):
    """The uses chosen. `proven`: no others save more."""

    picks: tuple[Pick, ...]
    proven: bool

    @property
    def off_minor(self) -> int:
        return sum(pick.off_minor for pick in self.picks)


class Field(NamedTuple):
    """The deals that compete for units, by number; what there is; and each deal's dearest use."""

    deals: Mapping[int, Deal]
    have: Sequence[int]
    dearest: Mapping[int, Taken]


def best_choice(
    deals: Sequence[Deal],
    have: Sequence[int],
    dearest: Sequence[Taken | None],
    steps: int = SEARCH_STEPS,
) -> tuple[Choice, int]:
    """Uses of the deals that share no unit and save most, and the steps left; never less than the
    greedy ones save. `dearest` are the deals' dearest uses of what there is.
    """
    able = {number: use for number, use in enumerate(dearest) if use is not None and use[1] > 0}
    if len(able) == 1:
        return _solve(Field({number: deals[number] for number in able}, have, able), steps)
    picks: list[Pick] = []
    proven = True
    for party in _parties({number: deals[number] for number in able}):
        part = Field({number: deals[number] for number in party}, have, able)
        choice, steps = _solve(part, steps)
        picks += choice.picks
        proven = proven and choice.proven
    return Choice(tuple(picks), proven), steps


def _parties(deals: Mapping[int, Deal]) -> list[list[int]]:
    """The deals, in sets of which no two have a class in common; each in order."""
    classes = {
        number: [each for need in deal.needs for each in need.classes]
        for number, deal in deals.items()
    }
    everything = [each for its in classes.values() for each in its]
    if len(set(everything)) == len(everything):
        return [[number] for number in deals]
    deals_of: dict[ClassNo, list[int]] = {}
    for number, its in classes.items():
        for each in its:
            deals_of.setdefault(each, []).append(number)
    parties: list[list[int]] = []
    placed: set[int] = set()
    for number in deals:
        if number not in placed:
            party = [number]
            for member in party:
                placed.add(member)
                for each in classes[member]:
                    # All deals of a class come at once: none has to look at it again.
                    party += deals_of.pop(each, ())
            parties.append(sorted(set(party)))
    return parties


def _solve(part: Field, steps: int) -> tuple[Choice, int]:
    """The best choice for deals that compete, and the steps left."""
    best = Choice(tuple(greedy(part, by_unit=False)), proven=False)
    if len(part.deals) == 1 and all(deal.alone_best for deal in part.deals.values()):
        return Choice(best.picks, proven=True), steps
    bounds = _bounds(part)
    if _bound(bounds, part.have) < _next_better(best.off_minor):
        return Choice(best.picks, proven=True), steps
    by_unit = Choice(tuple(greedy(part, by_unit=True)), proven=False)
    best = max(best, by_unit, key=lambda choice: choice.off_minor)
    if sum(part.have[each] for each in bounds) > MOST_UNITS:
        return best, steps
    uses, steps = _uses(part, steps)
    if uses is None:
        return best, steps
    search = _Search(
        uses=_by_first_class(_undominated(uses, part), bounds),
        bounds=bounds,
        have=list(part.have),
        room={number: deal.room for number, deal in part.deals.items()},
        steps=steps,
        best=best.picks,
        best_off=best.off_minor,
    )
    choice = search.run()
    return choice if choice.proven else _completed(part, choice), search.steps


def _completed(part: Field, choice: Choice) -> Choice:
    """With what can still be used after a search that was broken off."""
    left = list(part.have)
    room = {number: deal.room for number, deal in part.deals.items()}
    for pick in choice.picks:
        room[pick.deal] -= 1
        for each in pick.classes:
            left[each] -= 1
    more = greedy(part._replace(have=left), by_unit=False, room=room)
    return choice._replace(picks=(*choice.picks, *more))


def greedy(part: Field, *, by_unit: bool, room: Mapping[int, int] | None = None) -> Iterator[Pick]:
    """Again and again the use that takes most off, in all or by unit; of the first deal where
    several do. A deal's dearest use can only get worse as units go, so it is worked out anew only
    when it comes to its turn and its units are gone.
    """
    left = list(part.have)
    rooms = dict(room or {number: deal.room for number, deal in part.deals.items()})
    queue = [
        _queued(number, part.dearest[number], by_unit=by_unit)
        for number in part.deals
        if rooms[number]
    ]
    heapify(queue)
    while queue:
        _, number, (classes, off_minor) = heappop(queue)
        if _are_there(classes, left):
            for each in classes:
                left[each] -= 1
            rooms[number] -= 1
            yield Pick(number, classes, off_minor)
        again = part.deals[number].dearest(left) if rooms[number] else None
        if again is not None and again[1] > 0:
            heappush(queue, _queued(number, again, by_unit=by_unit))


def _queued(number: int, use: Taken, *, by_unit: bool) -> tuple[int, int, Taken]:
    score = use[1] * BOUND_SCALE // len(use[0]) if by_unit else use[1]
    return -score, number, use


def _are_there(classes: Sequence[ClassNo], left: Sequence[int]) -> bool:
    """Whether the units, sorted by class, are all left."""
    for each in classes:  # noqa: SIM110 - a generator costs more than all of the loop
        if left[each] < classes.count(each):
            return False
    return True


def _next_better(off_minor: int) -> int:
    """The least bound that leaves hope for a minor unit more."""
    return (off_minor + 1) * BOUND_SCALE


def _bounds(part: Field) -> dict[ClassNo, int]:
    """What a unit of each class adds at most, whichever deal it goes to; by class number."""
    bounds: dict[ClassNo, int] = {}
    for deal in part.deals.values():
        for each, bound in deal.bounds():
            if bound > bounds.get(each, -1):
                bounds[each] = bound
    return dict(sorted(bounds.items()))


def _bound(bounds: Mapping[ClassNo, int], have: Sequence[int]) -> int:
    return sum([have[each] * bound for each, bound in bounds.items()])


def _uses(part: Field, steps: int) -> tuple[Uses | None, int]:
    """What comes off by each use of each deal that takes something off, and the steps left; None
    when they don't suffice.
    """
    found: Uses = {}
    for number, deal in part.deals.items():
        for classes, off_minor in all_uses(deal, part.have, steps + 1):
            if steps == 0:
                return None, 0
            steps -= 1
            key = (number, classes)
            if off_minor > found.get(key, 0):
                found[key] = off_minor
    return found, steps


def _undominated(uses: Uses, part: Field) -> Uses:
    """Without the uses for whose units a deal that is never short of room takes off no less."""
    units = sum(part.have)
    best: dict[tuple[ClassNo, ...], tuple[int, int]] = {}
    for (number, classes), off_minor in uses.items():
        if part.deals[number].room * len(classes) >= units:
            best[classes] = max(best.get(classes, (0, 0)), (off_minor, -number))
    return {
        (number, classes): off_minor
        for (number, classes), off_minor in uses.items()
        if (off_minor, -number) >= best.get(classes, (0, 0))
    }


@dataclass(frozen=True, slots=True)
class _Use:
    """A possible pick, as the search needs it. `bound` is what its units add at most."""

    pick: Pick
    needed: tuple[tuple[ClassNo, int], ...]
    bound: int


def _by_first_class(uses: Uses, bounds: Mapping[ClassNo, int]) -> dict[ClassNo, list[_Use]]:
    """The uses by the first class they take from, those that take most off first."""
    by_first: dict[ClassNo, list[_Use]] = {}
    for (number, classes), off_minor in uses.items():
        use = _Use(
            Pick(number, classes, off_minor),
            needed=tuple(sorted(Counter(classes).items())),
            bound=sum(bounds[each] for each in classes),
        )
        by_first.setdefault(classes[0], []).append(use)
    for its in by_first.values():
        its.sort(key=lambda use: (-use.pick.off_minor, use.pick.deal, use.pick.classes))
    return by_first


@dataclass(slots=True)
class _Search:
    """Depth first over the classes: what the first class left goes to, or that it goes to nothing.

    A branch ends where its bound leaves no hope, or where the same units were left before with no
    less taken off.
    """

    uses: Mapping[ClassNo, Sequence[_Use]]
    bounds: Mapping[ClassNo, int]
    have: list[int]
    room: dict[int, int]
    steps: int
    best: tuple[Pick, ...]
    best_off: int
    taken: list[Pick] = field(default_factory=list)
    seen: dict[tuple[int, ...], int] = field(default_factory=dict)

    def run(self) -> Choice:
        """The best choice, or the best found when the steps are used up."""
        self._go(tuple(self.bounds), 0, 0, _bound(self.bounds, self.have))
        return Choice(self.best, proven=self.steps > 0)

    def _go(self, classes: tuple[ClassNo, ...], start: int, off_minor: int, rest: int) -> None:
        """Try all that can be made of the classes, of the first only the uses from `start` on;
        `rest` is what their units add at most.
        """
        if off_minor > self.best_off:
            self.best_off, self.best = off_minor, tuple(self.taken)
        while off_minor * BOUND_SCALE + rest >= _next_better(self.best_off):
            if start == 0 and self._known(classes, off_minor):
                return
            first = classes[0]
            uses = self.uses.get(first, ()) if self.have[first] else ()
            for number in range(start, len(uses)):
                if self._is_over():
                    return
                self._try(uses[number], classes, number, off_minor, rest)
            if self._is_over():
                return
            rest -= self.have[first] * self.bounds[first]
            classes, start = classes[1:], 0

    def _is_over(self) -> bool:
        """One step less; True when there are none left."""
        self.steps = max(0, self.steps - 1)
        return not self.steps

    def _try(
        self, use: _Use, classes: tuple[ClassNo, ...], number: int, off_minor: int, rest: int
    ) -> None:
        """The use, if its units are there, and all that can be made of what it leaves."""
        have, pick = self.have, use.pick
        if not self.room[pick.deal]:
            return
        for each, units in use.needed:
            if have[each] < units:
                return
        for each, units in use.needed:
            have[each] -= units
        self.room[pick.deal] -= 1
        self.taken.append(pick)
        self._go(classes, number, off_minor + pick.off_minor, rest - use.bound)
        self.taken.pop()
        self.room[pick.deal] += 1
        for each, units in use.needed:
            have[each] += units

    def _known(self, classes: tuple[ClassNo, ...], off_minor: int) -> bool:
        """Whether as much was taken off before with the same units and uses left."""
        state = (len(classes), *[self.have[each] for each in classes], *self.room.values())
        if self.seen.get(state, -1) >= off_minor:
            return True
        self.seen[state] = off_minor
        return False
