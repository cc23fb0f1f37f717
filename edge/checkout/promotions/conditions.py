"""When a promotion applies: a small algebra over the sale, and what is missing where it doesn't."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from edge.checkout.promotions.outcome import Why
from edge.checkout.promotions.sale import CivilTime, Goods, PromotionRequest
from edge.checkout.promotions.selection import EVERYTHING, Everything, Selection, picks


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` on, and before `end`; None is open."""

    start: CivilTime | None = None
    end: CivilTime | None = None


@dataclass(frozen=True, slots=True)
class Weekdays:
    """ISO weekdays: 1 is Monday, 7 is Sunday."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of the month, 1 to 31; a month that is too short for one does without it."""

    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Hours:
    """At or after one minute of the day and before the other; over midnight when `from_minute` is
    the later.
    """

    from_minute: int
    before_minute: int


@dataclass(frozen=True, slots=True)
class IsMember:
    """Somebody known buys."""


@dataclass(frozen=True, slots=True)
class HasTier:
    tiers: frozenset[str]


@dataclass(frozen=True, slots=True)
class InSegment:
    segments: frozenset[str]


@dataclass(frozen=True, slots=True)
class HasCoupon:
    coupon: str


@dataclass(frozen=True, slots=True)
class SpendAtLeast:
    """The goods cost so much at the start of the lane."""

    spend_minor: int
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True)
class QuantityAtLeast:
    """There is so much of the goods: 1000 for a piece, its weight for a weighed line."""

    quantity_milli: int
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True)
class All:
    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any_:  # noqa: N801 - typing's Any is another
    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    condition: "Condition"


Condition: TypeAlias = (
    Window
    | Weekdays
    | MonthDays
    | Hours
    | IsMember
    | HasTier
    | InSegment
    | HasCoupon
    | SpendAtLeast
    | QuantityAtLeast
    | All
    | Any_
    | Not
)


@dataclass(frozen=True, slots=True)
class Unmet:
    """The condition that does not hold, and by how much: minor units or thousandths."""

    why: Why
    short: int = 0


@dataclass(slots=True)
class LaneStart:
    """The sale as it stands when a lane begins: `left_minor` is what each line costs by then.

    `own` goods of a promotion don't count towards its own conditions.
    """

    request: PromotionRequest
    left_minor: list[int]
    total_minor: int
    own: Selection | None = None

    def counted(self, where: Selection) -> list[tuple[Goods, int]]:
        """The goods that count, with what they cost."""
        return [
            (goods, left_minor)
            for goods, left_minor in zip(self.request.goods, self.left_minor, strict=True)
            if goods.discountable
            and picks(where, goods)
            and not (self.own is not None and picks(self.own, goods))
        ]

    def spent(self, where: Selection) -> int:
        if self.own is None and type(where) is Everything:
            return self.total_minor
        return sum(left_minor for _, left_minor in self.counted(where))

    def quantity(self, where: Selection) -> int:
        return sum(goods.units * goods.unit_milli for goods, _ in self.counted(where))


def unmet(condition: Condition, start: LaneStart) -> Unmet | None:
    """None when the condition holds."""
    return _CHECKS[type(condition)](condition, start)


def first_unmet(conditions: tuple[Condition, ...], start: LaneStart) -> Unmet | None:
    """The first condition that does not hold, None when all do."""
    for condition in conditions:
        missing = _CHECKS[type(condition)](condition, start)
        if missing is not None:
            return missing
    return None


def _window(window: Window, start: LaneStart) -> Unmet | None:
    now = start.request.now
    if now is None:
        return Unmet(Why.TIME)
    begun = window.start is None or window.start <= now
    return None if begun and (window.end is None or now < window.end) else Unmet(Why.TIME)


def _weekdays(weekdays: Weekdays, start: LaneStart) -> Unmet | None:
    now = start.request.now
    holds = now is not None and now.day.isoweekday() in weekdays.days
    return None if holds else Unmet(Why.TIME)


def _month_days(month_days: MonthDays, start: LaneStart) -> Unmet | None:
    now = start.request.now
    holds = now is not None and now.day.day in month_days.days
    return None if holds else Unmet(Why.TIME)


def _hours(hours: Hours, start: LaneStart) -> Unmet | None:
    if start.request.now is None:
        return Unmet(Why.TIME)
    minute = start.request.now.minute
    begun, going_on = minute >= hours.from_minute, minute < hours.before_minute
    over_midnight = hours.from_minute > hours.before_minute
    holds = (begun or going_on) if over_midnight else (begun and going_on)
    return None if holds else Unmet(Why.TIME)


def _is_member(_: IsMember, start: LaneStart) -> Unmet | None:
    return None if start.request.shopper.member else Unmet(Why.MEMBER)


def _has_tier(wanted: HasTier, start: LaneStart) -> Unmet | None:
    return None if start.request.shopper.tier in wanted.tiers else Unmet(Why.TIER)


def _in_segment(wanted: InSegment, start: LaneStart) -> Unmet | None:
    apart = wanted.segments.isdisjoint(start.request.shopper.segments)
    return Unmet(Why.SEGMENT) if apart else None


def _has_coupon(wanted: HasCoupon, start: LaneStart) -> Unmet | None:
    return None if wanted.coupon in start.request.coupons else Unmet(Why.COUPON)


def _spend(wanted: SpendAtLeast, start: LaneStart) -> Unmet | None:
    short = wanted.spend_minor - start.spent(wanted.where)
    return Unmet(Why.SPEND, short) if short > 0 else None


def _quantity(wanted: QuantityAtLeast, start: LaneStart) -> Unmet | None:
    short = wanted.quantity_milli - start.quantity(wanted.where)
    return Unmet(Why.QUANTITY, short) if short > 0 else None


def _any(wanted: Any_, start: LaneStart) -> Unmet | None:
    """What is missing of the first alternative, when none holds."""
    missing = [unmet(condition, start) for condition in wanted.conditions]
    return missing[0] if missing and None not in missing else None


def _not(wanted: Not, start: LaneStart) -> Unmet | None:
    missing = unmet(wanted.condition, start)
    if missing is None:
        return Unmet(Why.EXCLUDED)
    # What can't be told does not hold, and neither does its opposite.
    return missing if missing.why is Why.TIME and start.request.now is None else None


_CHECKS: Final[Mapping[type, Callable[[Any, LaneStart], Unmet | None]]] = {
    Window: _window,
    Weekdays: _weekdays,
    MonthDays: _month_days,
    Hours: _hours,
    IsMember: _is_member,
    HasTier: _has_tier,
    InSegment: _in_segment,
    HasCoupon: _has_coupon,
    SpendAtLeast: _spend,
    QuantityAtLeast: _quantity,
    All: lambda wanted, start: first_unmet(wanted.conditions, start),
    Any_: _any,
    Not: _not,
}


def coupon_of(conditions: tuple[Condition, ...]) -> str | None:
    """The coupon without which the promotion never applies."""
    for condition in conditions:
        if isinstance(condition, HasCoupon):
            return condition.coupon
    return None
