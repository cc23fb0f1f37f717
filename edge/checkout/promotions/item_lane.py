"""The item lane: several units together. A unit used by one multi-buy is used by no other."""

from collections.abc import Mapping

from edge.checkout.promotions.alone import use_alone
from edge.checkout.promotions.multi_buy import Rows, Used, why_short
from edge.checkout.promotions.outcome import GiftOffer
from edge.checkout.promotions.promotion import Gift
from edge.checkout.promotions.promotion_set import ITEM_LANE, Position, Rank
from edge.checkout.promotions.rivals import use_rivals
from edge.checkout.promotions.search import SEARCH_STEPS
from edge.checkout.promotions.work import Work


def run_item_lane(work: Work) -> None:
    """Let the multi-buys that save most take off what they take off."""
    beaten_by: dict[Position, Rank] = {}
    steps = SEARCH_STEPS
    for group in work.groups(ITEM_LANE):
        wanted: dict[Rank, Rows] = {}
        for rank in group:
            rows = _rows(work, rank, beaten_by)
            if rows is not None:
                wanted[rank] = rows
        rivals = _rivals(wanted)
        found = [use_alone(work, rank, wanted[rank]) for rank in wanted if rank not in rivals]
        for each in found:
            for position, _, _ in each.taken:
                beaten_by[position] = each.rank
        if rivals:
            competed, steps = use_rivals(work, rivals, beaten_by, steps)
            found = sorted(found + competed)
        _say(work, found)
        if work.promotions.gifts:
            _offer_gifts(work, group)


def _rows(work: Work, rank: Rank, beaten_by: Mapping[Position, Rank]) -> Rows | None:
    """The rows that each slot of the promotion may take units of: what costs nothing takes no part.
    None when a slot lacks units: then it is said how many, or which earlier group has them.
    """
    plan, units, unit_minor = work.plans[rank], work.units, work.unit_minor
    found: Rows = []
    short = 0
    for slot, need in plan.needs:
        rows = []
        lacking = need
        for row in work.rows(slot):
            if units[row] and unit_minor[row]:
                rows.append(row)
                lacking -= units[row]
        if lacking > 0:
            short += lacking
        found.append(rows)
    if not short:
        return found
    missed = why_short(work, rank, short, beaten_by)
    if missed is not None:
        work.missed.append(missed)
    return None


def _rivals(wanted: Mapping[Rank, Rows]) -> list[Rank]:
    """The promotions that share rows, with another or between their own slots."""
    if not wanted or (len(wanted) == 1 and len(next(iter(wanted.values()))) == 1):
        return []
    everything = [row for rows in wanted.values() for its in rows for row in its]
    if len(set(everything)) == len(everything):
        return []
    once: set[int] = set()
    shared: set[int] = set()
    for row in everything:
        (shared if row in once else once).add(row)
    return [
        rank for rank, rows in wanted.items() if any(not shared.isdisjoint(its) for its in rows)
    ]


def _say(work: Work, found: list[Used]) -> None:
    """What did not apply, and why, and then what did."""
    for each in found:
        if each.missed is not None:
            work.missed.append(each.missed)
    for each in found:
        if each.uses:
            work.discount(each.rank, each.uses, each.taken)


def _offer_gifts(work: Work, group: list[Rank]) -> None:
    """What a gift still has to give, for the cashier to hand over."""
    for rank in group:
        plan = work.plans[rank]
        if isinstance(plan.benefit, Gift):
            units = min(work.room_of(rank), plan.benefit.units - work.uses.get(plan.id, 0))
            if units:
                work.gifts.append(GiftOffer(plan.id, units))
