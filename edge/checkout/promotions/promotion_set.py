"""The promotions of a shop, indexed once by what they can match, and swapped whole."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeAlias

from edge.checkout.promotions.conditions import coupon_of
from edge.checkout.promotions.outcome import Lane
from edge.checkout.promotions.promotion import (
    NO_LIMITS,
    Benefit,
    Bundle,
    BuyGet,
    CheapestFree,
    Gift,
    NthItem,
    Promotion,
)
from edge.checkout.promotions.sale import PromotionRequest
from edge.checkout.promotions.selection import Everything, Selection, anchors, picks

# A place in `LANES`, in `PromotionSet.plans`, in `PromotionSet.slots`, in a request's goods.
LaneNo: TypeAlias = int
Rank: TypeAlias = int
SlotNo: TypeAlias = int
Position: TypeAlias = int

# The lanes that promotions work in, in their order.
LANES: Final = (Lane.UNIT, Lane.ITEM, Lane.ORDER, Lane.POINTS)
UNIT_LANE, ITEM_LANE, ORDER_LANE, POINTS_LANE = range(4)

_FIELDS: Final = ("plus", "categories", "tags")


@dataclass(frozen=True, slots=True)
class Slot:
    """Goods of which one use of a promotion takes so many units."""

    rank: Rank
    where: Selection
    units: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A promotion as a pricing needs it. `needs` are its slots, and how many units one use takes of
    what each picks; `slot` is the first.
    """

    id: str
    promotion: Promotion
    benefit: Benefit
    lane: Lane
    slot: SlotNo
    needs: tuple[tuple[SlotNo, int], ...]


@dataclass(frozen=True, slots=True)
class PromotionSet:
    """Promotions by (priority, id), and how they are worked through: `plans` by rank, which is lane
    by lane, group by group, by (priority, id); `slots`, in the order of the ranks, and the slots
    that each name leads to.

    `doubtful` slots may be reached by goods that they don't pick; `everywhere` pick all goods;
    `tried` are asked about each. Those of a promotion on a coupon are only in `by_coupon`. `gifts`
    (with their coupons) may be something to hand over, whatever is in the basket. `ranks` are the
    promotions of the slots; `lane_nos` and `groups` are those of the promotions; `bound` have
    conditions or limits.
    """

    promotions: tuple[Promotion, ...]
    plans: tuple[Plan, ...]
    slots: tuple[Slot, ...]
    ranks: tuple[Rank, ...]
    lane_nos: tuple[LaneNo, ...]
    groups: tuple[int, ...]
    bound: frozenset[Rank]
    by_plu: Mapping[str, tuple[SlotNo, ...]]
    by_category: Mapping[str, tuple[SlotNo, ...]]
    by_tag: Mapping[str, tuple[SlotNo, ...]]
    doubtful: frozenset[SlotNo]
    everywhere: tuple[SlotNo, ...]
    tried: tuple[SlotNo, ...]
    by_coupon: Mapping[str, tuple[SlotNo, ...]]
    gifts: tuple[tuple[SlotNo, str | None], ...]


def compile_promotions(promotions: Iterable[Promotion]) -> PromotionSet:
    """The set, whatever the order of the promotions. Raises ValueError when ids are not unique."""
    sorted_ones = _unique(sorted(promotions, key=attrgetter("priority", "id")))
    slots: list[Slot] = []
    plans: list[Plan] = []
    in_order = _in_order(sorted_ones)
    for rank, (_, _, promotion) in enumerate(in_order):
        its = [Slot(rank, where, units) for where, units in _slots(promotion)]
        plans.append(_plan(promotion, its, first=len(slots)))
        slots += its
    index = _Index()
    for number, slot in enumerate(slots):
        index.add(number, slot.where, plans[slot.rank].promotion)
    return PromotionSet(
        promotions=sorted_ones,
        plans=tuple(plans),
        slots=tuple(slots),
        ranks=tuple(slot.rank for slot in slots),
        lane_nos=tuple(lane_no for lane_no, _, _ in in_order),
        groups=tuple(group for _, group, _ in in_order),
        bound=frozenset(
            rank
            for rank, plan in enumerate(plans)
            if plan.promotion.conditions or plan.promotion.limits != NO_LIMITS
        ),
        by_plu=index.named("plus"),
        by_category=index.named("categories"),
        by_tag=index.named("tags"),
        doubtful=frozenset(index.doubtful),
        everywhere=tuple(index.everywhere),
        tried=tuple(index.tried),
        by_coupon={coupon: tuple(numbers) for coupon, numbers in index.by_coupon.items()},
        gifts=tuple(
            (plan.slot, coupon_of(plan.promotion.conditions))
            for plan in plans
            if isinstance(plan.benefit, Gift)
        ),
    )


def _unique(promotions: Sequence[Promotion]) -> tuple[Promotion, ...]:
    """The same. Raises ValueError when ids come more than once."""
    counts = Counter(each.id for each in promotions)
    repeated = sorted(each for each, times in counts.items() if times > 1)
    if repeated:
        raise ValueError(f"promotions of the same id: {', '.join(repeated)}")
    return tuple(promotions)


def _in_order(promotions: tuple[Promotion, ...]) -> list[tuple[LaneNo, int, Promotion]]:
    """The promotions lane by lane and group by group, with both: a group has the number of its
    first promotion. Without a group it is alone, except in the item lane, where those are one
    group.
    """
    first: dict[tuple[Lane, str], int] = {}
    found = []
    for number, promotion in enumerate(promotions):
        group = number
        if promotion.group or promotion.lane is Lane.ITEM:
            group = first.setdefault((promotion.lane, promotion.group), number)
        found.append((LANES.index(promotion.lane), group, promotion))
    return sorted(found, key=itemgetter(0, 1))


def _plan(promotion: Promotion, slots: Sequence[Slot], *, first: SlotNo) -> Plan:
    """The promotion's plan, when its slots are numbered from `first` on."""
    return Plan(
        id=promotion.id,
        promotion=promotion,
        benefit=promotion.benefit,
        lane=promotion.lane,
        slot=first,
        needs=tuple((number, slot.units) for number, slot in enumerate(slots, start=first)),
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
    goods = request.goods
    everything = [*range(len(goods))]
    found = dict.fromkeys(promotions.everywhere, everything)
    by_plu, by_category, by_tag = promotions.by_plu, promotions.by_category, promotions.by_tag
    for position, each in enumerate(goods):
        reached = by_plu.get(each.plu, ())
        for name in each.categories:
            reached += by_category.get(name, ())
        for name in each.tags:
            reached += by_tag.get(name, ())
        for number in reached:
            if number not in found:
                found[number] = [position]
            elif found[number][-1] != position:
                # Two names of one product may lead to the same slot.
                found[number].append(position)
    if promotions.doubtful or promotions.tried or request.coupons:
        _ask(promotions, request, found)
    return found


def _ask(
    promotions: PromotionSet, request: PromotionRequest, found: dict[SlotNo, list[Position]]
) -> None:
    """Ask the slots about the goods, where no name says it."""
    goods, slots = request.goods, promotions.slots
    asked = {number: found.pop(number) for number in promotions.doubtful.intersection(found)}
    everything = [*range(len(goods))]
    for number in promotions.tried:
        asked[number] = everything
    for coupon in request.coupons:
        for number in promotions.by_coupon.get(coupon, ()):
            asked[number] = everything
    for number, positions in asked.items():
        where = slots[number].where
        its = [position for position in positions if picks(where, goods[position])]
        if its:
            found[number] = its
