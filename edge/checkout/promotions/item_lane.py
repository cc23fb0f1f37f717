"""The item lane: several units together. A unit used by one multi-buy is used by no other."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from edge.checkout.money import share
from edge.checkout.promotions.deals import ClassNo, Deal, Need, Pick, Taken, make_deal
from edge.checkout.promotions.outcome import GiftOffer, Lane, Why
from edge.checkout.promotions.promotion import Gift, ItemBenefit
from edge.checkout.promotions.promotion_set import Position, Rank, SlotNo
from edge.checkout.promotions.search import SEARCH_STEPS, Choice, best_choice
from edge.checkout.promotions.work import RowNo, Taking, Work, add_taking


class UnitClass(NamedTuple):
    """Units of the same value that the same slots pick, in the order of their lines."""

    unit_minor: int
    slots: tuple[SlotNo, ...]
    rows: list[tuple[Position, RowNo]]


def run_item_lane(work: Work) -> None:
    """Let the multi-buys that save most take off what they take off."""
    beaten_by: dict[Position, Rank] = {}
    steps = SEARCH_STEPS
    for whole_group in work.groups(Lane.ITEM):
        group = [rank for rank in whole_group if _has_enough(work, rank, beaten_by)]
        classes = _classes(work, group)
        deals = _deals(work, group, classes)
        have = [sum([work.units[row] for _, row in each.rows]) for each in classes]
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
        for row in work.rows(work.positions(slot)):
            if work.unit_minor[row]:
                units -= work.units[row]
        if units > 0:
            short += units
    if short:
        _explain_short(work, rank, short, beaten_by)
    return not short


class _Table(NamedTuple):
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
        for row in work.split.get(position, (position,)):
            unit_minor = work.unit_minor[row]
            if work.units[row] and unit_minor:
                key = (-unit_minor, slots)
                if key not in classes:
                    classes[key] = UnitClass(unit_minor, slots, [])
                classes[key].rows.append((position, row))
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
    """Use the units of each pick up, and share what comes off over them."""
    taken: dict[Rank, dict[Position, Taking]] = {}
    uses: dict[Rank, int] = {}
    for pick in choice.picks:
        rank = group[pick.deal]
        uses[rank] = uses.get(rank, 0) + 1
        its = taken.setdefault(rank, {})
        used = _use_up(work.units, classes, pick)
        positions = sorted(used)
        parts: tuple[int, ...] = (pick.off_minor,)
        if len(positions) > 1:
            parts = share(pick.off_minor, [used[position][1] for position in positions])
        for position, off_minor in zip(positions, parts, strict=True):
            add_taking(its, position, used[position][0], off_minor)
            beaten_by[position] = rank
    for rank in sorted(taken):
        its = taken[rank]
        work.discount(rank, uses[rank], [its[position] for position in sorted(its)])


def _use_up(
    units: list[int], classes: Sequence[UnitClass], pick: Pick
) -> dict[Position, tuple[int, int]]:
    """How many units of which line the pick takes, and what they cost; they are used from now
    on.
    """
    used: dict[Position, tuple[int, int]] = {}
    for number in pick.classes:
        unit_minor, _, rows = classes[number]
        at = 0
        while not units[rows[at][1]]:
            at += 1
        position, row = rows[at]
        units[row] -= 1
        count, worth_minor = used.get(position, (0, 0))
        used[position] = (count + 1, worth_minor + unit_minor)
    return used


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
