"""One pricing while it is under way: what each line costs by now, and what came of it so far."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from edge.checkout.promotions.conditions import LaneStart, Unmet, first_unmet
from edge.checkout.promotions.outcome import (
    BonusPoints,
    Discount,
    GiftOffer,
    Lane,
    Missed,
    Outcome,
    Part,
    Why,
)
from edge.checkout.promotions.promotion import Gift, Promotion
from edge.checkout.promotions.promotion_set import Position, PromotionSet, Rank, SlotNo
from edge.checkout.promotions.sale import UNUSED, PromotionRequest

# More uses than any sale has; where a promotion has no limit.
NO_LIMIT: Final = 1 << 60


@dataclass(slots=True)
class Block:
    """Units of one line that cost the same by now and were used by no multi-buy."""

    units: int
    unit_minor: int


@dataclass(slots=True)
class Work:
    """`left_minor` and `blocks` are by position in the request's goods; `room` is how many more
    uses a promotion may have.
    """

    promotions: PromotionSet
    request: PromotionRequest
    found: dict[SlotNo, list[Position]]
    left_minor: list[int]
    blocks: list[list[Block]]
    lanes: dict[Lane, list[Rank]]
    all_take_part: bool
    room: dict[Rank, int] = field(default_factory=dict)
    taken: dict[Rank, dict[Position, list[int]]] = field(default_factory=dict)
    uses: dict[Rank, int] = field(default_factory=dict)
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

    def groups(self, lane: Lane) -> Iterator[list[Rank]]:
        """The promotions of the lane that may apply, group by group in their order."""
        ranks = self.lanes.get(lane)
        if not ranks:
            return
        left_minor = list(self.left_minor)
        total_minor = sum(
            left
            for left, goods in zip(left_minor, self.request.goods, strict=True)
            if goods.discountable
        )
        start = LaneStart(self.request, left_minor, total_minor)
        places = self.promotions.group_places
        ranks.sort(key=lambda rank: (places[rank], rank))
        able = [rank for rank in ranks if self._may_apply(rank, start)]
        for _, group in groupby(able, key=places.__getitem__):
            yield list(group)

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

    def take(self, rank: Rank, position: Position, units: int, off_minor: int) -> None:
        """The promotion uses units of a line and takes something off it."""
        part = self.taken.setdefault(rank, {}).setdefault(position, [0, 0])
        part[0] += units
        part[1] += off_minor
        self.left_minor[position] -= off_minor
        assert self.left_minor[position] >= 0, "a line below zero"

    def count(self, rank: Rank, uses: int) -> None:
        """The promotion was used so many times more."""
        self.uses[rank] = self.uses.get(rank, 0) + uses
        self.room[rank] -= uses

    def miss(self, rank: Rank, why: Why, *, by: Rank | None = None, short: int = 0) -> None:
        winner = "" if by is None else self.promotion(by).id
        self.missed.append(Missed(self.promotion(rank).id, why, winner, short))

    def outcome(self) -> Outcome:
        lines = [goods.line for goods in self.request.goods]
        discounts = []
        for rank, parts in self.taken.items():
            promotion = self.promotion(rank)
            discounts.append(
                Discount(
                    promotion.id,
                    promotion.lane,
                    self.uses[rank],
                    tuple(Part(lines[position], *parts[position]) for position in sorted(parts)),
                )
            )
        return Outcome(
            net_minor=tuple(self.left_minor),
            discounts=tuple(discounts),
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
    touched = {promotions.slots[number].rank for number in found}
    for rank, coupon in promotions.gifts:
        if coupon is None or coupon in request.coupons:
            touched.add(rank)
    lanes: dict[Lane, list[Rank]] = {}
    for rank in touched:
        lanes.setdefault(promotions.promotions[rank].lane, []).append(rank)
    blocks = [[Block(goods.units, goods.unit_minor)] for goods in request.goods]
    return Work(
        promotions=promotions,
        request=request,
        found=found,
        left_minor=[each.units * each.unit_minor for [each] in blocks],
        blocks=blocks,
        lanes=lanes,
        all_take_part=all(goods.discountable for goods in request.goods),
    )
