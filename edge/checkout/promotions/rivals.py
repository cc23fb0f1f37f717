"""Multi-buys that compete for units: classes of equal units, and the choice that saves most."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from edge.checkout.money import share
from edge.checkout.promotions.deals import ClassNo, Deal, Need, Pick, Taken, make_deal
from edge.checkout.promotions.multi_buy import Used, room_of, why_short
from edge.checkout.promotions.outcome import Missed, Why
from edge.checkout.promotions.promotion import ItemBenefit
from edge.checkout.promotions.promotion_set import Position, Rank, SlotNo
from edge.checkout.promotions.search import Choice, best_choice
from edge.checkout.promotions.work import RowNo, Taking, Work, add_taking


class UnitClass(NamedTuple):
    """Units of the same value that the same slots pick, in the order of their lines."""

    unit_minor: int
    slots: tuple[SlotNo, ...]
    rows: list[tuple[Position, RowNo]]


class _Table(NamedTuple):
    """The rivals' deals, the units there were for them, and the dearest use of each."""

    deals: Sequence[Deal]
    have: Sequence[int]
    dearest: Sequence[Taken | None]


def use_rivals(
    work: Work, rivals: Sequence[Rank], beaten_by: dict[Position, Rank], steps: int
) -> tuple[list[Used], int]:
    """Use up the units by the multi-buys that save most together; and the steps that are left."""
    classes = _classes(work, rivals)
    deals = _deals(work, rivals, classes)
    have = [sum([work.units[row] for _, row in each.rows]) for each in classes]
    table = _Table(deals, have, [deal.dearest(have) for deal in deals])
    choice, steps = best_choice(deals, have, table.dearest, steps)
    work.proven = work.proven and choice.proven
    missed = _missed(work, rivals, table, choice, beaten_by)
    taken = _take(work, rivals, classes, choice, beaten_by)
    uses = [0] * len(rivals)
    for pick in choice.picks:
        uses[pick.deal] += 1
    return [
        Used(rank, uses[number], taken.get(rank, []), missed[number])
        for number, rank in enumerate(rivals)
    ], steps


def _classes(work: Work, rivals: Sequence[Rank]) -> list[UnitClass]:
    """The units that the rivals' slots pick, by falling value. What costs nothing takes no part."""
    slots_at: dict[Position, list[SlotNo]] = {}
    for rank in rivals:
        for slot, _ in work.plans[rank].needs:
            for position in work.taking_part.get(slot, ()):
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


def _deals(work: Work, rivals: Sequence[Rank], classes: Sequence[UnitClass]) -> list[Deal]:
    """The rivals over the classes, in their order."""
    classes_of: dict[SlotNo, list[ClassNo]] = {}
    for number, each in enumerate(classes):
        for slot in each.slots:
            classes_of.setdefault(slot, []).append(number)
    values = [each.unit_minor for each in classes]
    deals = []
    for rank in rivals:
        plan = work.plans[rank]
        needs = tuple(Need(units, tuple(classes_of.get(slot, ()))) for slot, units in plan.needs)
        deals.append(
            make_deal(cast("ItemBenefit", plan.benefit), needs, room_of(work, rank), values)
        )
    return deals


def _take(
    work: Work,
    rivals: Sequence[Rank],
    classes: Sequence[UnitClass],
    choice: Choice,
    beaten_by: dict[Position, Rank],
) -> dict[Rank, list[Taking]]:
    """Use the units of each pick up, and share what comes off over them."""
    taken: dict[Rank, dict[Position, Taking]] = {}
    for pick in choice.picks:
        rank = rivals[pick.deal]
        its = taken.setdefault(rank, {})
        used = _use_up(work.units, classes, pick)
        positions = sorted(used)
        parts: tuple[int, ...] = (pick.off_minor,)
        if len(positions) > 1:
            parts = share(pick.off_minor, [used[position][1] for position in positions])
        for position, off_minor in zip(positions, parts, strict=True):
            add_taking(its, position, used[position][0], off_minor)
            beaten_by[position] = rank
    return {rank: [its[position] for position in sorted(its)] for rank, its in taken.items()}


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


def _missed(
    work: Work,
    rivals: Sequence[Rank],
    table: _Table,
    choice: Choice,
    beaten_by: Mapping[Position, Rank],
) -> list[Missed | None]:
    """For each rival what kept it from being used, or used once more."""
    uses = [0] * len(rivals)
    left = list(table.have)
    first_user: dict[ClassNo, int] = {}
    for pick in choice.picks:
        uses[pick.deal] += 1
        for each in pick.classes:
            left[each] -= 1
            first_user.setdefault(each, pick.deal)
    found: list[Missed | None] = []
    for number, rank in enumerate(rivals):
        deal, possible = table.deals[number], table.dearest[number]
        missed = None
        if uses[number]:
            again = deal.dearest(left) if uses[number] == deal.room else None
            if again is not None and again[1] > 0:
                missed = work.missing(rank, Why.LIMIT)
        elif possible is None:
            missed = why_short(work, rank, 1, beaten_by)
        elif not possible[1]:
            missed = work.missing(rank, Why.NO_SAVING)
        else:
            classes = [each for need in deal.needs for each in need.classes]
            rival = next(first_user[each] for each in classes if each in first_user)
            missed = work.missing(rank, Why.BEATEN, by=rivals[rival])
        found.append(missed)
    return found
