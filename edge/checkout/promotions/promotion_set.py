"""The promotions of a shop, indexed once by what they can match, and swapped whole."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from edge.checkout.promotions.conditions import coupon_of
from edge.checkout.promotions.outcome import Lane
from edge.checkout.promotions.promotion import (
    NO_LIMITS,
    Bundle,
    BuyGet,
    CheapestFree,
    Gift,
    NthItem,
    Promotion,
)
from edge.checkout.promotions.sale import Goods, PromotionRequest
from edge.checkout.promotions.selection import Everything, Selection, anchors, picks

# A place in `PromotionSet.promotions`, in `PromotionSet.slots`, in a request's goods.
Rank: TypeAlias = int
SlotNo: TypeAlias = int
Position: TypeAlias = int

_FIELDS: Final = ("plus", "categories", "tags")


@dataclass(frozen=True, slots=True)
class Slot:
    """Goods of which one use of a promotion takes so many units."""

    rank: Rank
    where: Selection
    units: int


@dataclass(frozen=True, slots=True)
class PromotionSet:
    """Promotions by (priority, id), and the slots that each name leads to. `orders` sort the
    promotions of a lane: the place of the group, then of the promotion.

    `doubtful` slots may be reached by goods that they don't pick; `everywhere` pick all goods;
    `tried` are asked about each. Those of a promotion on a coupon are only in `by_coupon`. `gifts`
    (with their coupons) may be something to hand over, whatever is in the basket. `ranks` are the
    promotions of the slots, `lanes` those of the promotions; `free` have no conditions or limits.
    """

    promotions: tuple[Promotion, ...]
    orders: tuple[tuple[int, Rank], ...]
    slots: tuple[Slot, ...]
    slots_of: tuple[tuple[SlotNo, ...], ...]
    by_plu: Mapping[str, tuple[SlotNo, ...]]
    by_category: Mapping[str, tuple[SlotNo, ...]]
    by_tag: Mapping[str, tuple[SlotNo, ...]]
    doubtful: frozenset[SlotNo]
    everywhere: tuple[SlotNo, ...]
    tried: tuple[SlotNo, ...]
    by_coupon: Mapping[str, tuple[SlotNo, ...]]
    gifts: tuple[tuple[Rank, str | None], ...]
    ranks: tuple[Rank, ...]
    lanes: tuple[Lane, ...]
    free: frozenset[Rank]


def compile_promotions(promotions: Iterable[Promotion]) -> PromotionSet:
    """The set, whatever the order of the promotions. Raises ValueError when ids are not unique."""
    ranked = tuple(sorted(promotions, key=lambda each: (each.priority, each.id)))
    repeated = [each for each, times in Counter(each.id for each in ranked).items() if times > 1]
    if repeated:
        raise ValueError(f"promotions of the same id: {', '.join(sorted(repeated))}")
    slots: list[Slot] = []
    slots_of: list[tuple[SlotNo, ...]] = []
    for rank, promotion in enumerate(ranked):
        wanted = _slots(promotion)
        slots_of.append(tuple(range(len(slots), len(slots) + len(wanted))))
        slots += [Slot(rank, where, units) for where, units in wanted]
    index = _Index()
    for number, slot in enumerate(slots):
        index.add(number, slot.where, ranked[slot.rank])
    return PromotionSet(
        promotions=ranked,
        orders=tuple((place, rank) for rank, place in enumerate(_group_places(ranked))),
        slots=tuple(slots),
        slots_of=tuple(slots_of),
        by_plu=index.named("plus"),
        by_category=index.named("categories"),
        by_tag=index.named("tags"),
        doubtful=frozenset(index.doubtful),
        everywhere=tuple(index.everywhere),
        tried=tuple(index.tried),
        by_coupon={coupon: tuple(numbers) for coupon, numbers in index.by_coupon.items()},
        gifts=tuple(
            (rank, coupon_of(promotion.conditions))
            for rank, promotion in enumerate(ranked)
            if isinstance(promotion.benefit, Gift)
        ),
        ranks=tuple(slot.rank for slot in slots),
        lanes=tuple(promotion.lane for promotion in ranked),
        free=frozenset(
            rank
            for rank, promotion in enumerate(ranked)
            if not promotion.conditions and promotion.limits == NO_LIMITS
        ),
    )


_SLOTS: Final[Mapping[type, Callable[[Any, Selection], tuple[tuple[Selection, int], ...]]]] = {
    NthItem: lambda benefit, where: ((where, benefit.nth),),
    CheapestFree: lambda benefit, where: ((where, benefit.buy + benefit.free),),
    BuyGet: lambda benefit, where: ((where, benefit.buy), (benefit.get_where, benefit.get)),
    Bundle: lambda benefit, _: tuple((slot.where, slot.units) for slot in benefit.slots),
}


def _slots(promotion: Promotion) -> tuple[tuple[Selection, int], ...]:
    find = _SLOTS.get(type(promotion.benefit))
    return find(promotion.benefit, promotion.where) if find else ((promotion.where, 1),)


def _group_places(ranked: tuple[Promotion, ...]) -> tuple[int, ...]:
    """For each promotion the place of its group in its lane: that of the group's first promotion.
    Without a group it is alone, except in the item lane, where those are one group.
    """
    first: dict[tuple[Lane, str], int] = {}
    places = []
    for rank, promotion in enumerate(ranked):
        if promotion.group or promotion.lane is Lane.ITEM:
            places.append(first.setdefault((promotion.lane, promotion.group), rank))
        else:
            places.append(rank)
    return tuple(places)


class _Index:
    """The index while it is being built."""

    def __init__(self) -> None:
        self.by_name: dict[str, dict[str, list[SlotNo]]] = {field: {} for field in _FIELDS}
        self.by_coupon: dict[str, list[SlotNo]] = {}
        self.doubtful: set[SlotNo] = set()
        self.everywhere: list[SlotNo] = []
        self.tried: list[SlotNo] = []

    def add(self, number: SlotNo, where: Selection, promotion: Promotion) -> None:
        coupon = coupon_of(promotion.conditions)
        if coupon is not None:
            self.by_coupon.setdefault(coupon, []).append(number)
            return
        if isinstance(where, Everything):
            self.everywhere.append(number)
            return
        found = anchors(where)
        if found is None:
            self.tried.append(number)
            return
        if not found.exact:
            self.doubtful.add(number)
        for field in _FIELDS:
            for name in getattr(found, field):
                self.by_name[field].setdefault(name, []).append(number)

    def named(self, field: str) -> dict[str, tuple[SlotNo, ...]]:
        return {name: tuple(numbers) for name, numbers in self.by_name[field].items()}


def match(promotions: PromotionSet, request: PromotionRequest) -> dict[SlotNo, list[Position]]:
    """The positions of the goods that each slot picks, in order; slots that pick none are absent.
    The lists may be shared: they are not to be changed.
    """
    goods, slots, doubtful = request.goods, promotions.slots, promotions.doubtful
    everything = list(range(len(goods)))
    found = dict.fromkeys(promotions.everywhere, everything)
    by_plu = promotions.by_plu
    for position, each in enumerate(goods):
        reached = by_plu.get(each.plu, ())
        if each.categories or each.tags:
            reached += _named(promotions, each)
        for number in reached:
            if number in doubtful and not picks(slots[number].where, each):
                continue
            positions = found.get(number)
            if positions is None:
                found[number] = [position]
            elif positions[-1] != position:
                # Two names of one product may lead to the same slot.
                positions.append(position)
    tried = list(promotions.tried)
    for coupon in request.coupons:
        tried += promotions.by_coupon.get(coupon, ())
    for number in tried:
        where = slots[number].where
        positions = [position for position in everything if picks(where, goods[position])]
        if positions:
            found[number] = positions
    return found


def _named(promotions: PromotionSet, goods: Goods) -> tuple[SlotNo, ...]:
    """The slots that categories and tags lead to; some may come more than once."""
    found: tuple[SlotNo, ...] = ()
    for name in goods.categories:
        found += promotions.by_category.get(name, ())
    for name in goods.tags:
        found += promotions.by_tag.get(name, ())
    return found
