"""Multi-buys over classes of equal units: what one use of each may take, and what comes off.

A class is a number; classes are numbered by falling value. `have` are how many units of each class
are left. A deal is made for one basket: it knows its classes and what comes off a unit of each.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from edge.checkout.promotions.promotion import (
    FREE,
    Bundle,
    BuyGet,
    CheapestFree,
    Cut,
    Gift,
    ItemBenefit,
    NthItem,
    cut_off,
)

# A place in `have`.
ClassNo: TypeAlias = int
# The class of each unit that one use takes, sorted; and what comes off.
Taken: TypeAlias = tuple[tuple[ClassNo, ...], int]

# Bounds are in fractions of a minor unit, so that a unit's share of a 3-for-2 or of a bundle is
# exact for up to ten units; for more it is rounded up.
BOUND_SCALE: Final = 2520


class Need(NamedTuple):
    """So many units of these classes, in their order."""

    units: int
    classes: tuple[ClassNo, ...]


class Pick(NamedTuple):
    """One use of a deal: the class of each unit it takes, sorted, and what comes off."""

    deal: int
    classes: tuple[ClassNo, ...]
    off_minor: int


class Deal(Protocol):
    """A multi-buy in one basket. `room` is how many uses it may have; `alone_best`: taking its
    dearest use again and again is the best that can be done with it alone.
    """

    @property
    def needs(self) -> tuple[Need, ...]: ...

    @property
    def room(self) -> int: ...

    @property
    def alone_best(self) -> bool: ...

    def dearest(self, have: Sequence[int]) -> Taken | None:
        """The use that takes most off by the units left; None when they don't suffice."""

    def off(self, chosen: tuple[Sequence[ClassNo], ...]) -> int:
        """What comes off when each need gets these units, by falling value."""

    def bounds(self) -> Iterator[tuple[ClassNo, int]]:
        """For each class at most what a unit adds to a use, in 1 / BOUND_SCALE of a minor unit:
        what comes off by any use is no more than the sum over its units.
        """


def all_uses(deal: Deal, have: Sequence[int], most: int) -> Iterator[Taken]:
    """Every way to use the deal once; some come more than once, some take nothing off or more
    units than there are. When there are more than `most`, then at least so many.
    """
    choices = [list(islice(_combinations(need, have), most)) for need in deal.needs]
    for chosen in product(*choices):
        yield tuple(sorted(sum(chosen, ()))), deal.off(chosen)


def _combinations(need: Need, have: Sequence[int]) -> Iterator[tuple[ClassNo, ...]]:
    """Every choice of the needed units, by falling value."""

    def choose(first: int, units: int) -> Iterator[tuple[ClassNo, ...]]:
        if units == 0:
            yield ()
            return
        for place in range(first, len(need.classes)):
            each = need.classes[place]
            for count in range(min(have[each], units), 0, -1):
                for rest in choose(place + 1, units - count):
                    yield (each,) * count + rest

    return choose(0, need.units)


def _first_units(need: Need, have: Sequence[int]) -> list[ClassNo] | None:
    """The first units of the need's classes that are there; None when there are too few."""
    wanted = need.units
    taken: list[ClassNo] = []
    for each in need.classes:
        there = have[each]
        if there >= wanted:
            taken += (each,) * wanted
            return taken
        if there > 0:
            taken += (each,) * there
            wanted -= there
    return None


def _fill(needs: Sequence[Need], have: Sequence[int]) -> list[list[ClassNo] | None]:
    """The dearest units that fill needs with classes in common; None for a need that can't be.

    Units come by falling value, and each is taken if those before it can make room by going over
    to another need: what can be taken together is a matroid, so this is the dearest choice
    (Edmonds and Fulkerson 1965).
    """
    held: list[list[ClassNo]] = [[] for _ in needs]

    def place(each: ClassNo, asked: set[int]) -> bool:
        for number, need in enumerate(needs):
            if number in asked or each not in need.classes:
                continue
            asked.add(number)
            if len(held[number]) < need.units:
                held[number].append(each)
                return True
            for at, other in enumerate(held[number]):
                if place(other, asked):
                    held[number][at] = each
                    return True
        return False

    for each in sorted({each for need in needs for each in need.classes}):
        for _ in range(have[each]):
            if not place(each, set()):
                break
    return [
        units if len(units) == need.units else None for need, units in zip(needs, held, strict=True)
    ]


def _without(have: Sequence[int], taken: Sequence[ClassNo]) -> list[int]:
    left = list(have)
    for each in taken:
        left[each] -= 1
    return left


def _share(off_minor: int, units: int) -> int:
    """A unit's share in a bound, rounded up."""
    return -(-off_minor * BOUND_SCALE // units)


class CheapestDeal(NamedTuple):
    """Of some units the cheapest `cut_units` are cut; `offs` says by how much each class is."""

    needs: tuple[Need]
    room: int
    cut_units: int
    offs: Mapping[ClassNo, int]
    # The j-th cut unit has at least j whole uses above it in value: none can be dearer than where
    # the dearest uses leave it.
    alone_best: bool = True

    def dearest(self, have: Sequence[int]) -> Taken | None:
        """The dearest units: the cheapest of them are then as dear as they can be."""
        taken = _first_units(self.needs[0], have)
        return None if taken is None else (tuple(taken), self.off((taken,)))

    def off(self, chosen: tuple[Sequence[ClassNo], ...]) -> int:
        offs = self.offs
        return sum([offs[each] for each in chosen[0][-self.cut_units :]])

    def bounds(self) -> Iterator[tuple[ClassNo, int]]:
        """The cheapest k of n units have at most k/n of what cutting all would take off."""
        for each, off_minor in self.offs.items():
            yield each, _share(off_minor * self.cut_units, self.needs[0].units)


class BuyGetDeal(NamedTuple):
    """Units of the first need are bought, those of the second are cut. `cheap` are the classes to
    buy from: first those that can't be cut, the cheapest first.
    """

    needs: tuple[Need, Need]
    room: int
    cheap: Need
    offs: Mapping[ClassNo, int]
    alone_best: bool

    def dearest(self, have: Sequence[int]) -> Taken | None:
        """What is bought costs as little as can be, what is cut is the dearest left."""
        bought = _first_units(self.cheap, have)
        if bought is None:
            return None
        cut = _first_units(self.needs[1], have if self.alone_best else _without(have, bought))
        return None if cut is None else (tuple(sorted(bought + cut)), self.off((bought, cut)))

    def off(self, chosen: tuple[Sequence[ClassNo], ...]) -> int:
        offs = self.offs
        return sum([offs[each] for each in chosen[1]])

    def bounds(self) -> Iterator[tuple[ClassNo, int]]:
        """All of what comes off is a cut unit's own."""
        yield from ((each, 0) for each in self.needs[0].classes)
        yield from ((each, off_minor * BOUND_SCALE) for each, off_minor in self.offs.items())


class BundleDeal(NamedTuple):
    """The units of all needs cost a price together; `offs` are what units cost without it."""

    needs: tuple[Need, ...]
    room: int
    price_minor: int
    offs: Mapping[ClassNo, int]
    alone_best: bool

    def dearest(self, have: Sequence[int]) -> Taken | None:
        """The dearest units that fill all needs."""
        taken: list[ClassNo] = []
        for units in self._filled(have):
            if units is None:
                return None
            taken += units
        return tuple(sorted(taken)), self.off((taken,))

    def _filled(self, have: Sequence[int]) -> Sequence[list[ClassNo] | None]:
        if self.alone_best:
            return [_first_units(need, have) for need in self.needs]
        return _fill(self.needs, have)

    def off(self, chosen: tuple[Sequence[ClassNo], ...]) -> int:
        offs = self.offs
        together = sum([offs[each] for classes in chosen for each in classes])
        return max(0, together - self.price_minor)

    def bounds(self) -> Iterator[tuple[ClassNo, int]]:
        """What a unit costs, less its equal share of the price."""
        units = sum(need.units for need in self.needs)
        for each, value_minor in self.offs.items():
            yield each, max(0, _share(value_minor * units - self.price_minor, units))


def make_deal(
    benefit: ItemBenefit, needs: tuple[Need, ...], room: int, values: Sequence[int]
) -> Deal:
    """The benefit in a basket of classes with these values."""
    return _MAKE[type(benefit)](benefit, needs, room, values)


def _cut_classes(cut: Cut, need: Need, values: Sequence[int]) -> dict[ClassNo, int]:
    return {each: cut_off(cut, values[each]) for each in need.classes}


def _apart(needs: tuple[Need, ...]) -> bool:
    """Whether no class could serve two needs."""
    classes = [each for need in needs for each in need.classes]
    return len(classes) == len(set(classes))


def _nth_item(benefit: NthItem, needs: Any, room: int, values: Sequence[int]) -> Deal:
    return CheapestDeal(needs, room, 1, _cut_classes(benefit.cut, needs[0], values))


def _cheapest_free(benefit: CheapestFree, needs: Any, room: int, values: Sequence[int]) -> Deal:
    return CheapestDeal(needs, room, benefit.free, _cut_classes(FREE, needs[0], values))


def _gift(_: Gift, needs: Any, room: int, values: Sequence[int]) -> Deal:
    return CheapestDeal(needs, room, 1, _cut_classes(FREE, needs[0], values))


def _buy_get(benefit: BuyGet, needs: Any, room: int, values: Sequence[int]) -> Deal:
    buy, get = needs
    cuttable = set(get.classes)
    cheap = sorted(buy.classes, key=lambda each: (each in cuttable, -each))
    return BuyGetDeal(
        needs,
        room,
        cheap=Need(buy.units, tuple(cheap)),
        offs=_cut_classes(benefit.cut, get, values),
        alone_best=_apart(needs),
    )


def _bundle(benefit: Bundle, needs: tuple[Need, ...], room: int, values: Sequence[int]) -> Deal:
    offs = {each: values[each] for need in needs for each in need.classes}
    return BundleDeal(needs, room, benefit.price_minor, offs, alone_best=_apart(needs))


_MAKE: Final[Mapping[type, Callable[[Any, Any, int, Sequence[int]], Deal]]] = {
    NthItem: _nth_item,
    CheapestFree: _cheapest_free,
    Gift: _gift,
    BuyGet: _buy_get,
    Bundle: _bundle,
}
