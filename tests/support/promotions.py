"""Small baskets and promotions, and an exhaustive reference for the item lane."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations

from edge.checkout.promotions.conditions import Condition
from edge.checkout.promotions.engine import apply_promotions
from edge.checkout.promotions.outcome import Missed, Outcome
from edge.checkout.promotions.promotion import (
    NO_LIMITS,
    Benefit,
    Bundle,
    BuyGet,
    CheapestFree,
    Limits,
    NthItem,
    PercentCut,
    Promotion,
)
from edge.checkout.promotions.promotion_set import compile_promotions
from edge.checkout.promotions.sale import CivilTime, Goods, PromotionRequest, Shopper, Used
from edge.checkout.promotions.selection import (
    EVERYTHING,
    Categories,
    Everything,
    Products,
    Selection,
    Tags,
)

# A Monday, ten in the morning.
MONDAY = CivilTime(date(2026, 3, 2), 10 * 60)
MEMBER = Shopper("m1", tier="gold", segments=frozenset({"students"}))


def of(*plus: str) -> Products:
    return Products(frozenset(plus))


def category(*names: str) -> Categories:
    return Categories(frozenset(names))


def tagged(*names: str) -> Tags:
    return Tags(frozenset(names))


def promotion(
    benefit: Benefit,
    where: Selection = EVERYTHING,
    *conditions: Condition,
    id: str = "p",  # noqa: A002 - the field's name
    limits: Limits = NO_LIMITS,
    group: str = "",
    priority: int = 0,
) -> Promotion:
    return Promotion(id, benefit, where, conditions, limits, group, priority)


def basket(*lines: tuple[str, int] | tuple[str, int, int] | Goods) -> tuple[Goods, ...]:
    """Lines of (plu, price, units = 1), or goods, numbered from 1."""
    goods = []
    for number, line in enumerate(lines, start=1):
        if isinstance(line, Goods):
            goods.append(line)
        else:
            plu, price_minor, units = (*line, 1)[:3]
            goods.append(Goods(number, plu, price_minor, units))
    return tuple(goods)


def run(
    promotions: Promotion | Iterable[Promotion],
    goods: tuple[Goods, ...],
    *,
    now: CivilTime = MONDAY,
    shopper: Shopper = MEMBER,
    coupons: Iterable[str] = (),
    used: Mapping[str, Used] | None = None,
    minor_per_point: int = 0,
) -> Outcome:
    """What the promotions make of the goods; it always adds up."""
    chosen = [promotions] if isinstance(promotions, Promotion) else list(promotions)
    request = PromotionRequest(goods, now, shopper, frozenset(coupons), used or {}, minor_per_point)
    outcome = apply_promotions(compile_promotions(chosen), request)
    assert_adds_up(outcome, goods)
    return outcome


def assert_adds_up(outcome: Outcome, goods: Sequence[Goods]) -> None:
    """Discounts are exactly gross minus net, by line and in all, and nothing is below zero."""
    for position, each in enumerate(goods):
        parts = [
            part
            for discount in outcome.discounts
            for part in discount.parts
            if part.line == each.line
        ]
        net_minor = outcome.net_minor[position]
        assert net_minor >= 0
        assert net_minor + sum(part.off_minor for part in parts) == each.units * each.unit_minor
        assert all(part.off_minor >= 0 and 0 < part.units <= each.units for part in parts)
    gross_minor = sum(each.units * each.unit_minor for each in goods)
    assert sum(outcome.net_minor) + outcome.off_minor == gross_minor
    assert all(discount.off_minor > 0 for discount in outcome.discounts)


def offs(outcome: Outcome) -> dict[str, int]:
    """What each promotion took off."""
    return {discount.promotion: discount.off_minor for discount in outcome.discounts}


def missed(outcome: Outcome, name: str = "p") -> Missed | None:
    """Why the promotion did not apply, or not as often as it might have."""
    found = [each for each in outcome.missed if each.promotion == name]
    assert len(found) <= 1, "said twice"
    return found[0] if found else None


# --- the item lane, by trying everything


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit for itself, told apart from its like."""

    number: int
    goods: Goods


def units_of(goods: Iterable[Goods]) -> tuple[Unit, ...]:
    """The units that take part in multi-buys: those that cost something."""
    each_unit = [each for each in goods for _ in range(each.units) if each.price_minor]
    return tuple(Unit(number, each) for number, each in enumerate(each_unit))


def _is_of(where: Selection, unit: Unit) -> bool:
    """Said again here, for the few selections that the reference needs."""
    if isinstance(where, Everything):
        return True
    if isinstance(where, Products):
        return unit.goods.plu in where.plus
    assert isinstance(where, Categories)
    return bool(where.names & unit.goods.categories)


def _cut(benefit: NthItem | BuyGet, price: int) -> int:
    cut = benefit.cut
    if isinstance(cut, PercentCut):
        return (2 * price * cut.rate_bp + 10_000) // 20_000
    return max(0, price - cut.price_minor)


def ways(offer: Promotion, units: Sequence[Unit]) -> Iterator[tuple[frozenset[int], int]]:
    """Every way to use a multi-buy once: the units it takes, and what comes off."""
    benefit = offer.benefit
    own = [unit for unit in units if _is_of(offer.where, unit)]
    if isinstance(benefit, NthItem | CheapestFree):
        size, free = (
            (benefit.nth, 1)
            if isinstance(benefit, NthItem)
            else (benefit.buy + benefit.free, benefit.free)
        )
        for chosen in combinations(own, size):
            cheapest = sorted(unit.goods.price_minor for unit in chosen)[:free]
            off = sum(
                _cut(benefit, price) if isinstance(benefit, NthItem) else price
                for price in cheapest
            )
            yield frozenset(unit.number for unit in chosen), off
    elif isinstance(benefit, BuyGet):
        for bought in combinations(own, benefit.buy):
            others = [u for u in units if u not in bought and _is_of(benefit.get_where, u)]
            for got in combinations(others, benefit.get):
                off = sum(_cut(benefit, unit.goods.price_minor) for unit in got)
                yield frozenset(unit.number for unit in bought + got), off
    else:
        assert isinstance(benefit, Bundle)
        for chosen in _fillings(benefit, units):
            together = sum(unit.goods.price_minor for unit in chosen)
            yield frozenset(unit.number for unit in chosen), together - benefit.price_minor


def _fillings(bundle: Bundle, units: Sequence[Unit]) -> Iterator[tuple[Unit, ...]]:
    def fill(slot: int, taken: tuple[Unit, ...]) -> Iterator[tuple[Unit, ...]]:
        if slot == len(bundle.slots):
            yield taken
            return
        wanted = bundle.slots[slot]
        free = [unit for unit in units if unit not in taken and _is_of(wanted.where, unit)]
        for chosen in combinations(free, wanted.units):
            yield from fill(slot + 1, taken + chosen)

    return fill(0, ())


def most_off(offers: Sequence[Promotion], goods: Sequence[Goods]) -> int:
    """The most that multi-buys which share no unit can take off, by trying every choice."""
    units = units_of(goods)
    uses = [
        (number, taken, off)
        for number, offer in enumerate(offers)
        for taken, off in dict(sorted(ways(offer, units), key=lambda way: way[1])).items()
        if off > 0
    ]
    rooms = tuple(
        len(units) if offer.limits.per_sale is None else offer.limits.per_sale for offer in offers
    )

    @cache
    def best(free: frozenset[int], rooms: tuple[int, ...]) -> int:
        if not free:
            return 0
        first = min(free)
        found = best(free - {first}, rooms)
        for number, taken, off in uses:
            if first in taken and taken <= free and rooms[number]:
                fewer = tuple(room - (place == number) for place, room in enumerate(rooms))
                found = max(found, off + best(free - taken, fewer))
        return found

    return best(frozenset(unit.number for unit in units), rooms)


def greedy_off(offers: Sequence[Promotion], goods: Sequence[Goods]) -> int:
    """What the use that takes most off takes off, again and again, over every way to use any."""
    left = list(units_of(goods))
    rooms = [
        len(left) if offer.limits.per_sale is None else offer.limits.per_sale for offer in offers
    ]
    total = 0
    while True:
        uses = [
            (off, -number, taken)
            for number, offer in enumerate(offers)
            if rooms[number]
            for taken, off in ways(offer, left)
            if off > 0
        ]
        if not uses:
            return total
        off, number, taken = max(uses, key=lambda use: (use[0], use[1], sorted(use[2])))
        total += off
        rooms[-number] -= 1
        left = [unit for unit in left if unit.number not in taken]
