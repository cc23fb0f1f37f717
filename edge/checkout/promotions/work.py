"""One pricing while it is under way: what each line costs by now, and what came of it so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, mul
from typing import Final, TypeAlias

from edge.checkout.promotions.conditions import LaneStart, Unmet, first_unmet
from edge.checkout.promotions.outcome import (
    BonusPoints,
    Discount,
    GiftOffer,
    Lane,
    Missed,
    Outcome,
    Why,
)
from edge.checkout.promotions.promotion import Gift, Promotion
from edge.checkout.promotions.promotion_set import Position, PromotionSet, Rank, SlotNo
from edge.checkout.promotions.sale import UNUSED, PromotionRequest, priced

# More uses than any sale has; where a promotion has no limit.
NO_LIMIT: Final = 1 << 60

# Where, how many units, and what comes off them together.
Taking: TypeAlias = tuple[Position, int, int]
# A place in `units`.
RowNo: TypeAlias = int

_DISCOUNTABLE: Final = attrgetter("discountable")


def add_taking(
    taken: dict[Position, Taking], position: Position, units: int, off_minor: int
) -> None:
    """So much more of a line, whether some of it was taken before or not."""
    known = taken.get(position)
    if known is not None:
        units, off_minor = units + known[1], off_minor + known[2]
    taken[position] = (position, units, off_minor)


@dataclass(slots=True)
class Work:
    """`left_minor`, `lines` and `line_units` are by position in the request's goods; `room` is how
    many more uses a promotion may have.

    A row is units of one line that cost the same by now: `unit_minor` is what, `units` how many of
    them no multi-buy has used. At first the rows are the lines; where units of a line come to cost
    differently, the line is in `split`, with its rows.
    """

    promotions: PromotionSet
    request: PromotionRequest
    found: dict[SlotNo, list[Position]]
    left_minor: list[int]
    unit_minor: list[int]
    unit_milli: list[int]
    units: list[int]
    lanes: dict[Lane, list[Rank]]
    room: dict[Rank, int]
    lines: list[int]
    line_units: tuple[int, ...]
    all_take_part: bool
    split: dict[Position, list[RowNo]] = field(default_factory=dict)
    uses: dict[Rank, int] = field(default_factory=dict)
    discounts: list[Discount] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    gifts: list[GiftOffer] = field(default_factory=list)
    base_points: int = 0
    bonus_points: list[BonusPoints] = field(default_factory=list)
    proven: bool = True

    def promotion(self, rank: Rank) -> Promotion:
        return self.promotions.promotions[rank]

    def positions(self, slot: SlotNo) -> list[Position]:
        """Of the goods that the slot picks, those that take part."""
        positions = self.found.get(slot, [])
        if self.all_take_part:
            return positions
        goods = self.request.goods
        return [place for place in positions if goods[place].discountable]

    def rows(self, positions: list[Position]) -> list[RowNo]:
        """The rows of the lines."""
        if not self.split:
            return positions
        return [row for position in positions for row in self.split.get(position, (position,))]

    def split_off(self, position: Position, row: RowNo, units: int, unit_minor: int) -> None:
        """Some units of the line's row are a row of their own, at another price."""
        self.split.setdefault(position, [position]).append(len(self.units))
        self.units[row] -= units
        self.units.append(units)
        self.unit_minor.append(unit_minor)
        self.unit_milli.append(self.unit_milli[row])

    def groups(self, lane: Lane) -> Iterator[list[Rank]]:
        """The promotions of the lane that may apply, group by group in their order."""
        ranks = self.lanes.get(lane, [])
        orders = self.promotions.orders
        ranks.sort(key=orders.__getitem__)
        free = self.promotions.free
        bound = [rank for rank in ranks if rank not in free]
        if bound:
            start = self._lane_start()
            unable = {rank for rank in bound if not self._may_apply(rank, start)}
            ranks = [rank for rank in ranks if rank not in unable]
        for _, group in groupby(ranks, key=lambda rank: orders[rank][0]):
            yield list(group)

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
        promotion = self.promotion(rank)
        start.own = promotion.where if isinstance(promotion.benefit, Gift) else None
        missing = first_unmet(promotion.conditions, start)
        limits = promotion.limits
        if missing is None and limits.need_member and not self.request.shopper.member:
            missing = Unmet(Why.MEMBER)
        if missing is None:
            room = limits.room(self.request.used.get(promotion.id, UNUSED))
            if room != 0:
                self.room[rank] = NO_LIMIT if room is None else room
                return True
            missing = Unmet(Why.LIMIT)
        self.missed.append(Missed(promotion.id, missing.why, short=missing.short))
        return False

    def discount(self, rank: Rank, uses: int, taken: Sequence[Taking]) -> None:
        """The promotion is used, and takes something off lines; each line comes once."""
        lines, left_minor = self.lines, self.left_minor
        for position, _, off_minor in taken:
            left_minor[position] -= off_minor
        its = tuple([(lines[position], units, off_minor) for position, units, off_minor in taken])
        name, lane = self.promotions.promotions[rank].id, self.promotions.lanes[rank]
        self.discounts.append(Discount(name, lane, uses, its))
        self.count(rank, uses)

    def count(self, rank: Rank, uses: int) -> None:
        """The promotion was used so often."""
        self.uses[rank] = uses
        self.room[rank] -= uses

    def miss(self, rank: Rank, why: Why, *, by: Rank | None = None, short: int = 0) -> None:
        winner = "" if by is None else self.promotion(by).id
        self.missed.append(Missed(self.promotion(rank).id, why, winner, short))

    def outcome(self) -> Outcome:
        assert not self.left_minor or min(self.left_minor) >= 0, "a line below zero"
        return Outcome(
            net_minor=tuple(self.left_minor),
            discounts=tuple(self.discounts),
            missed=tuple(self.missed),
            gifts=tuple(self.gifts),
            base_points=self.base_points,
            bonus_points=tuple(self.bonus_points),
            uses={self.promotion(rank).id: uses for rank, uses in self.uses.items()},
            proven=self.proven,
        )


def begin(
    promotions: PromotionSet, request: PromotionRequest, found: dict[SlotNo, list[Position]]
) -> Work:
    """The goods at the prices charged, and the promotions that may have to do with them."""
    ranks = promotions.ranks
    touched = {ranks[number] for number in found}
    for rank, coupon in promotions.gifts:
        if coupon is None or coupon in request.coupons:
            touched.add(rank)
    lanes: dict[Lane, list[Rank]] = {}
    for rank in touched:
        lanes.setdefault(promotions.lanes[rank], []).append(rank)
    goods = request.goods
    units = [each.units for each in goods]
    unit_minor = [priced(each.price_minor, each.unit_milli) for each in goods]
    return Work(
        promotions=promotions,
        request=request,
        found=found,
        left_minor=list(map(mul, units, unit_minor)),
        unit_minor=unit_minor,
        unit_milli=[each.unit_milli for each in goods],
        units=units,
        lanes=lanes,
        room=dict.fromkeys(touched, NO_LIMIT),
        lines=[each.line for each in goods],
        line_units=tuple(units),
        all_take_part=all(map(_DISCOUNTABLE, goods)),
    )
