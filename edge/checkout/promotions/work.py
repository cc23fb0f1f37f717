"""One pricing while it is under way: what each line costs by now, and what came of it so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import mul, sub
from typing import Final, TypeAlias

from edge.checkout.promotions.conditions import LaneStart, Unmet, first_unmet
from edge.checkout.promotions.outcome import (
    BonusPoints,
    Discount,
    GiftOffer,
    Missed,
    Outcome,
    Why,
)
from edge.checkout.promotions.promotion import Gift
from edge.checkout.promotions.promotion_set import (
    LANES,
    LaneNo,
    Plan,
    Position,
    PromotionSet,
    Rank,
    SlotNo,
)
from edge.checkout.promotions.sale import UNUSED, PromotionRequest
from edge.checkout.quantity import ONE_MILLI

# More uses than any sale has; where a promotion has no limit.
NO_LIMIT: Final = 1 << 60

# Where, how many units, and what comes off them together.
Taking: TypeAlias = tuple[Position, int, int]
# The positions of the goods that slots pick, in order.
Found: TypeAlias = Mapping[SlotNo, Sequence[Position]]
# A place in `units`.
RowNo: TypeAlias = int


def add_taking(
    taken: dict[Position, Taking], position: Position, units: int, off_minor: int
) -> None:
    """So much more of a line, whether some of it was taken before or not."""
    known = taken.get(position)
    if known is not None:
        units, off_minor = units + known[1], off_minor + known[2]
    taken[position] = (position, units, off_minor)


@dataclass(slots=True, init=False)
class Work:
    """The goods at the prices charged, and the promotions that may have to do with them, at first;
    then what the lanes make of it.

    `left_minor`, `lines` and `line_units` are by position in the request's goods. `found` are the
    goods that each slot picks, `taking_part` those of them that take part. `lanes` are the
    promotions, by lane and group in their order; `bound` are all with conditions or limits;
    `room` is how many more uses those with limits may have.

    A row is units of one line that cost the same by now: `unit_minor` is what, `units` how many of
    them no multi-buy has used, `places` the line's position. At first the rows are the lines; where
    units of a line come to cost differently, the line is in `split`, with its rows.
    """

    promotions: PromotionSet
    plans: Sequence[Plan]
    request: PromotionRequest
    found: Found
    taking_part: Found
    lanes: Sequence[list[list[Rank]]]
    bound: frozenset[Rank]
    room: dict[Rank, int]
    lines: list[int]
    line_units: list[int]
    left_minor: list[int]
    unit_minor: list[int]
    units: list[int]
    places: list[Position]
    split: dict[Position, list[RowNo]]
    uses: dict[str, int]
    discounts: list[Discount]
    missed: list[Missed]
    gifts: list[GiftOffer]
    base_points: int
    bonus_points: list[BonusPoints]
    proven: bool

    # Not a dataclass's own: it would take as long as a lane.
    def __init__(self, promotions: PromotionSet, request: PromotionRequest, found: Found) -> None:
        goods = request.goods
        units = [each.units for each in goods]
        self.promotions, self.plans = promotions, promotions.plans
        self.request, self.found = request, found
        self.taking_part = _taking_part(request, found)
        self.lanes = _lanes(promotions, _slots(promotions, request, found))
        self.bound, self.room = promotions.bound, {}
        self.lines, self.line_units = [each.line for each in goods], [*units]
        self.unit_minor = unit_minor = [
            each.price_minor if each.unit_milli == ONE_MILLI else each.unit_minor for each in goods
        ]
        self.units, self.left_minor = units, [*map(mul, units, unit_minor)]
        self.places, self.split = [*range(len(goods))], {}
        self.uses, self.discounts, self.missed, self.gifts = {}, [], [], []
        self.base_points, self.bonus_points, self.proven = 0, [], True

    def rows(self, slot: SlotNo) -> Sequence[RowNo]:
        """The rows of the goods that the slot picks and that take part."""
        positions = self.taking_part.get(slot, ())
        if not self.split:
            return positions
        split = self.split
        return [row for position in positions for row in split.get(position, (position,))]

    def split_off(self, position: Position, row: RowNo, units: int, unit_minor: int) -> None:
        """Some units of the line's row are a row of their own, at another price."""
        self.split.setdefault(position, [position]).append(len(self.units))
        self.units[row] -= units
        self.units.append(units)
        self.unit_minor.append(unit_minor)
        self.places.append(position)

    def groups(self, lane: LaneNo) -> list[list[Rank]]:
        """The promotions of the lane that may apply, group by group in their order."""
        groups = self.lanes[lane]
        if not self.bound or self.bound.isdisjoint(chain.from_iterable(groups)):
            return groups
        start = self._lane_start()
        able = [[rank for rank in group if self._may_apply(rank, start)] for group in groups]
        return [group for group in able if group]

    def _lane_start(self) -> LaneStart:
        left_minor = list(self.left_minor)
        total_minor = sum(
            left
            for left, goods in zip(left_minor, self.request.goods, strict=True)
            if goods.discountable
        )
        return LaneStart(self.request, left_minor, total_minor)

    def _may_apply(self, rank: Rank, start: LaneStart) -> bool:
        """Whether conditions and limits let the promotion apply; otherwise it is on the list of
        those that did not.
        """
        if rank not in self.bound:
            return True
        promotion = self.plans[rank].promotion
        limits = promotion.limits
        start.own = promotion.where if isinstance(promotion.benefit, Gift) else None
        missing = first_unmet(promotion.conditions, start)
        if missing is None and limits.need_member and not self.request.shopper.member:
            missing = Unmet(Why.MEMBER)
        if missing is None:
            room = limits.room(self.request.used.get(promotion.id, UNUSED))
            if room != 0:
                if room is not None:
                    self.room[rank] = room
                return True
            missing = Unmet(Why.LIMIT)
        self.missed.append(Missed(promotion.id, missing.why, short=missing.short))
        return False

    def discount(self, rank: Rank, uses: int, taken: Iterable[Taking]) -> None:
        """The promotion is used, and takes something off lines; each line comes once."""
        lines, left_minor = self.lines, self.left_minor
        its = []
        for position, units, off_minor in taken:
            left_minor[position] -= off_minor
            its.append((lines[position], units, off_minor))
        self.use(rank, uses, tuple(its))

    def discount_whole(self, rank: Rank, uses: int, offs_minor: Sequence[int]) -> None:
        """Likewise, when it takes so much off each line of the basket."""
        self.left_minor = [*map(sub, self.left_minor, offs_minor)]
        taken = zip(self.lines, self.line_units, offs_minor, strict=True)
        self.use(rank, uses, tuple(taken))

    def use(self, rank: Rank, uses: int, taken: tuple[tuple[int, int, int], ...]) -> None:
        """The promotion is used, and has taken so much off lines, with the units of each."""
        plan = self.plans[rank]
        self.discounts.append(Discount(plan.id, plan.lane, uses, taken))
        self.uses[plan.id] = uses
        if rank in self.room:
            self.room[rank] -= uses

    def room_of(self, rank: Rank) -> int:
        """How many more uses the promotion may have."""
        return self.room.get(rank, NO_LIMIT)

    def miss(self, rank: Rank, why: Why, *, by: Rank | None = None, short: int = 0) -> None:
        self.missed.append(self.missing(rank, why, by=by, short=short))

    def missing(self, rank: Rank, why: Why, *, by: Rank | None = None, short: int = 0) -> Missed:
        plans = self.plans
        return Missed(plans[rank].id, why, "" if by is None else plans[by].id, short)

    def outcome(self) -> Outcome:
        assert not self.left_minor or min(self.left_minor) >= 0, "a line below zero"
        return Outcome(
            net_minor=tuple(self.left_minor),
            discounts=tuple(self.discounts),
            missed=tuple(self.missed),
            gifts=tuple(self.gifts),
            base_points=self.base_points,
            bonus_points=tuple(self.bonus_points),
            uses=self.uses,
            proven=self.proven,
        )


def _taking_part(request: PromotionRequest, found: Found) -> Found:
    take_part = [goods.discountable for goods in request.goods]
    if False not in take_part:
        return found
    return {
        slot: [position for position in positions if take_part[position]]
        for slot, positions in found.items()
    }


def _lanes(promotions: PromotionSet, slots: Iterable[SlotNo]) -> Sequence[list[list[Rank]]]:
    """The slots' promotions by lane and group."""
    ranks, groups, lane_nos = promotions.ranks, promotions.groups, promotions.lane_nos
    lanes: list[list[list[Rank]]] = [[] for _ in LANES]
    its: list[Rank] = []
    last = last_group = None
    for slot in sorted(slots):
        rank = ranks[slot]
        if rank == last:
            continue
        if groups[rank] == last_group:
            its.append(rank)
        else:
            its = [rank]
            lanes[lane_nos[rank]].append(its)
            last_group = groups[rank]
        last = rank
    return lanes


def _slots(promotions: PromotionSet, request: PromotionRequest, found: Found) -> Iterable[SlotNo]:
    """Those that pick goods, and those of gifts that may be handed over."""
    if not promotions.gifts:
        return found
    offered = {
        slot for slot, coupon in promotions.gifts if coupon is None or coupon in request.coupons
    }
    return offered.union(found)
