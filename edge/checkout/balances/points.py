"""Points: what a sale earns, what they are worth when they are redeemed, when they expire."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from edge.checkout.balances.accounts import NEVER
from edge.checkout.money import share

FULL_BP: Final = 10_000

# --- earning


@dataclass(frozen=True, slots=True)
class EarnRule:
    """One point for every `minor_per_point` paid, rounded down over the whole sale; none below
    `least_minor`. 0 minor units a point earn nothing.
    """

    minor_per_point: int
    least_minor: int = 0


@dataclass(frozen=True, slots=True)
class PaidLine:
    """What was paid for a line, net of all discounts."""

    line: int
    paid_minor: int
    earns: bool = True


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points that a promotion adds for some lines, by its reason in the ledger."""

    reason: str
    points: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Earned:
    """One credit: its reason, and the points of each line, which sum to `points`."""

    reason: str
    points: int
    by_line: tuple[tuple[int, int], ...]


def earn(
    lines: Sequence[PaidLine],
    rule: EarnRule,
    *,
    tier_rate_bp: int = FULL_BP,
    bonuses: Iterable[Bonus] = (),
) -> tuple[Earned, ...]:
    """What a sale earns, each addition for itself: the base, what the tier's rate (10000 is none)
    adds, what promotions add. Additions never multiply each other.
    """
    earning = [line for line in lines if line.earns]
    paid_minor = sum(line.paid_minor for line in earning)
    if not rule.minor_per_point or paid_minor < max(1, rule.least_minor):
        return ()
    extra_bp = tier_rate_bp - FULL_BP
    assert extra_bp >= 0, "a tier takes no points away"
    found = [
        _earned("sale", paid_minor // rule.minor_per_point, earning),
        _earned("tier", paid_minor * extra_bp // (FULL_BP * rule.minor_per_point), earning),
    ]
    for bonus in bonuses:
        own = [line for line in earning if line.line in bonus.lines]
        found.append(_earned(f"promotion:{bonus.reason}", bonus.points if own else 0, own))
    return tuple(earned for earned in found if earned.points > 0)


def _earned(reason: str, points: int, lines: Sequence[PaidLine]) -> Earned:
    """The points over the lines by what was paid for each, by largest remainder, as money is."""
    if points <= 0:
        return Earned(reason, 0, ())
    parts = share(points, [line.paid_minor for line in lines])
    by_line = zip((line.line for line in lines), parts, strict=True)
    return Earned(reason, points, tuple((line, part) for line, part in by_line if part))


# --- redeeming


@dataclass(frozen=True, slots=True)
class MoneyRule:
    """Points as money off: every `step_points` are worth `step_minor`; `least_points` at a time,
    and at most `most_bp` of what is due.
    """

    step_points: int
    step_minor: int
    least_points: int = 0
    most_bp: int = FULL_BP


@dataclass(frozen=True, slots=True)
class Reward:
    """Points for goods (one unit of `plu`) or for a coupon of `campaign`; one of them is named."""

    id: str
    points: int
    plu: str = ""
    campaign: str = ""


class PointsRefusal(StrEnum):
    """Why points are not taken."""

    NOT_ENOUGH = "not_enough"
    BELOW_LEAST = "below_least"
    NOTHING_DUE = "nothing_due"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class PointsRefused:
    """`most_points` could be taken instead."""

    reason: PointsRefusal
    most_points: int


@dataclass(frozen=True, slots=True)
class PointsQuote:
    """So many points settle so much of what is due."""

    points: int
    worth_minor: int


def quote_money(
    rule: MoneyRule, available: int, due_minor: int, asked: int | None = None
) -> PointsQuote | PointsRefused:
    """The points for what is due, in whole steps: as many as were asked for (rounded down to
    steps), or all that this till holds; never worth more than is due.
    """
    payable_steps = due_minor * rule.most_bp // FULL_BP // rule.step_minor
    least = max(rule.least_points, rule.step_points)
    most = min(payable_steps, available // rule.step_points) * rule.step_points
    if payable_steps <= 0:
        return PointsRefused(PointsRefusal.NOTHING_DUE, 0)
    if most < least:
        reason = PointsRefusal.NOT_ENOUGH if available < least else PointsRefusal.BELOW_LEAST
        return PointsRefused(reason, 0)
    if asked is not None and asked > available:
        return PointsRefused(PointsRefusal.NOT_ENOUGH, most)
    points = most if asked is None else asked // rule.step_points * rule.step_points
    if points > most:
        return PointsRefused(PointsRefusal.TOO_MANY, most)
    if points < least:
        return PointsRefused(PointsRefusal.BELOW_LEAST, most)
    return PointsQuote(points, points // rule.step_points * rule.step_minor)


def quote_reward(
    reward: Reward, available: int, unit_minor: int = 0
) -> PointsQuote | PointsRefused:
    """The points for a reward. `unit_minor` is what the unit it pays for costs after discounts; a
    coupon is worth nothing yet.
    """
    if reward.points > available:
        return PointsRefused(PointsRefusal.NOT_ENOUGH, available)
    return PointsQuote(reward.points, unit_minor)


# --- expiry


@dataclass(frozen=True, slots=True)
class Never:
    """Points stay."""


@dataclass(frozen=True, slots=True)
class AfterDays:
    """Good for so many days after the day on which they are earned."""

    days: int


@dataclass(frozen=True, slots=True)
class EndOfMonth:
    """Good to the end of the month, so many months after the one in which they are earned."""

    months: int


@dataclass(frozen=True, slots=True)
class EndOfYear:
    """Good to the end of the year, so many years after the one in which they are earned."""

    years: int


ExpiryRule: TypeAlias = Never | AfterDays | EndOfMonth | EndOfYear


def last_day(rule: ExpiryRule, today: date | None) -> date:
    """The last day on which what is earned today is good. Without a trusted day it never expires:
    the shop's clock is not the customer's fault.
    """
    if today is None or isinstance(rule, Never):
        return NEVER
    if isinstance(rule, AfterDays):
        return today + timedelta(days=rule.days)
    if isinstance(rule, EndOfYear):
        return date(today.year + rule.years, 12, 31)
    years, month = divmod(today.month - 1 + rule.months, 12)
    year = today.year + years
    return date(year, month + 1, monthrange(year, month + 1)[1])
