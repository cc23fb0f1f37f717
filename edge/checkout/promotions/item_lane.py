"""The item lane: several units together. A unit used by one multi-buy is used by no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from edge.checkout.money import share
from edge.checkout.promotions.deals import ClassNo, Deal, Need, Pick, Taken, make_deal
from edge.checkout.promotions.outcome import GiftOffer, Lane, Why
from edge.checkout.promotions.promotion import Gift, ItemBenefit
from edge.checkout.promotions.promotion_set import Position, Rank, SlotNo
from edge.checkout.promotions.search import SEARCH_STEPS, Choice, best_choice
from edge.checkout.promotions.work import Block, Work


@dataclass(slots=True)
class UnitClass:
    """Units of the same value that the same slots pick, in the order of their lines."""

    unit_minor: int
    slots: tuple[SlotNo, ...]
    blocks: list[tuple[Position, Block]] = field(default_factory=list)

    @property
    def units(self) -> int:
        return sum(block.units for _, block in self.blocks)


def run_item_lane(work: Work) -> None:
    """Let the multi-buys that save most take off what they take off."""
    beaten_by: dict[Position, Rank] = {}
    steps = SEARCH_STEPS
    for whole_group in work.groups(Lane.ITEM):
        group = [rank for rank in whole_group if _has_enough(work, rank, beaten_by)]
        classes = _classes(work, group)
        deals = _deals(work, group, classes)
        have = [each.units for each in classes]
        dearest = [deal.dearest(have) for deal in deals]
        choice, steps = best_choice(deals, have, dearest, steps)
        work.proven = work.proven and choice.proven
        _explain(work, group, _Table(deals, have, dearest), choice, beaten_by)
        _apply(work, group, classes, choice, beaten_by)
        _offer_gifts(work, whole_group)


def _has_enough(work: Work, rank: Rank, beaten_by: Mapping[Position, Rank]) -> bool:
    """Whether each slot of the promotion has its units; otherwise it is said how many it lacks, or
    which earlier group has them.
    """
    short = 0
    for slot in work.promotions.slots_of[rank]:
        units = work.promotions.slots[slot].units
        for position in work.positions(slot):
            for block in work.blocks[position]:
                if block.unit_minor:
                    units -= block.units
        if units > 0:
            short += units
    if short:
        _explain_short(work, rank, short, beaten_by)
    return not short


@dataclass(frozen=True, slots=True)
class _Table:
    """A group's deals, the units there were for them, and the dearest use of each."""

    deals: Sequence[Deal]
    have: Sequence[int]
    dearest: Sequence[Taken | None]


def _classes(work: Work, group: Sequence[Rank]) -> list[UnitClass]:
    """The units that the group's slots pick, by falling value. What costs nothing takes no part."""
    slots_at: dict[Position, list[SlotNo]] = {}
    for rank in group:
        for slot in work.promotions.slots_of[rank]:
            for position in work.positions(slot):
                slots_at.setdefault(position, []).append(slot)
    classes: dict[tuple[int, tuple[SlotNo, ...]], UnitClass] = {}
    for position in sorted(slots_at):
        slots = tuple(slots_at[position])
        for block in work.blocks[position]:
            if block.units and block.unit_minor:
                key = (-block.unit_minor, slots)
                if key not in classes:
                    classes[key] = UnitClass(block.unit_minor, slots)
                classes[key].blocks.append((position, block))
    return [classes[key] for key in sorted(classes)]


def _deals(work: Work, group: Sequence[Rank], classes: Sequence[UnitClass]) -> list[Deal]:
    """The group's promotions over the classes, in the group's order."""
    classes_of: dict[SlotNo, list[ClassNo]] = {}
    for number, each in enumerate(classes):
        for slot in each.slots:
            classes_of.setdefault(slot, []).append(number)
    values = [each.unit_minor for each in classes]
    deals = []
    for rank in group:
        benefit = cast("ItemBenefit", work.promotion(rank).benefit)
        needs = tuple(
            Need(work.promotions.slots[slot].units, tuple(classes_of.get(slot, ())))
            for slot in work.promotions.slots_of[rank]
        )
        room = work.room[rank]
        if isinstance(benefit, Gift):
            room = min(room, benefit.units)
        deals.append(make_deal(benefit, needs, room, values))
    return deals


def _apply(
    work: Work,
    group: Sequence[Rank],
    classes: Sequence[UnitClass],
    choice: Choice,
    beaten_by: dict[Position, Rank],
) -> None:
    """Take the units of each pick out of their blocks, and share what comes off over them."""
    taken: dict[Rank, dict[Position, tuple[int, int]]] = {}
    uses: dict[Rank, int] = {}
    for pick in choice.picks:
        rank = group[pick.deal]
        uses[rank] = uses.get(rank, 0) + 1
        its = taken.setdefault(rank, {})
        units_at, worth_at = _use_up(classes, pick)
        parts = share(pick.off_minor, list(worth_at.values()))
        for (position, units), off_minor in zip(units_at.items(), parts, strict=True):
            known_units, known_off = its.get(position, (0, 0))
            its[position] = (known_units + units, known_off + off_minor)
            beaten_by[position] = rank
    for rank in sorted(taken):
        its = taken[rank]
        parts_of = [(position, *its[position]) for position in sorted(its)]
        work.discount(rank, uses[rank], parts_of)


def _use_up(
    classes: Sequence[UnitClass], pick: Pick
) -> tuple[dict[Position, int], dict[Position, int]]:
    """The units of the pick by position, and what they cost; they are in no block any more."""
    found: list[tuple[Position, int]] = []
    for number in pick.classes:
        each = classes[number]
        position, block = next(place for place in each.blocks if place[1].units)
        block.units -= 1
        found.append((position, each.unit_minor))
    units_at: dict[Position, int] = {}
    worth_at: dict[Position, int] = {}
    for position, unit_minor in sorted(found):
        units_at[position] = units_at.get(position, 0) + 1
        worth_at[position] = worth_at.get(position, 0) + unit_minor
    return units_at, worth_at


def _explain(
    work: Work,
    group: Sequence[Rank],
    table: _Table,
    choice: Choice,
    beaten_by: dict[Position, Rank],
) -> None:
    """Say for each promotion what kept it from being used, or used once more."""
    uses = [0] * len(group)
    left = list(table.have)
    first_user: dict[ClassNo, int] = {}
    for pick in choice.picks:
        uses[pick.deal] += 1
        for each in pick.classes:
            left[each] -= 1
            first_user.setdefault(each, pick.deal)
    for number, rank in enumerate(group):
        deal, possible = table.deals[number], table.dearest[number]
        if uses[number]:
            again = deal.dearest(left) if uses[number] == deal.room else None
            if again is not None and again[1] > 0:
                work.miss(rank, Why.LIMIT)
        elif possible is None:
            _explain_short(work, rank, 1, beaten_by)
        elif not possible[1]:
            work.miss(rank, Why.NO_SAVING)
        else:
            classes = [each for need in deal.needs for each in need.classes]
            rival = next(first_user[each] for each in classes if each in first_user)
            work.miss(rank, Why.BEATEN, by=group[rival])


def _explain_short(work: Work, rank: Rank, short: int, beaten_by: Mapping[Position, Rank]) -> None:
    """Too few units: an earlier group has them, or they are not in the basket."""
    for slot in work.promotions.slots_of[rank]:
        for position in work.positions(slot):
            if position in beaten_by:
                work.miss(rank, Why.BEATEN, by=beaten_by[position])
                return
    if not isinstance(work.promotion(rank).benefit, Gift):
        work.miss(rank, Why.UNITS, short=short)


def _offer_gifts(work: Work, group: Sequence[Rank]) -> None:
    """What a gift still has to give, for the cashier to hand over."""
    for rank in group:
        promotion = work.promotion(rank)
        if isinstance(promotion.benefit, Gift):
            units = min(work.room[rank], promotion.benefit.units - work.uses.get(rank, 0))
            if units:
                work.gifts.append(GiftOffer(promotion.id, units))
