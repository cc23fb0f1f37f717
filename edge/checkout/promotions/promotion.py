"""A promotion: what it gives, for which goods, when, how often, and whom it excludes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from edge.checkout.promotions.conditions import Condition
from edge.checkout.promotions.outcome import Lane
from edge.checkout.promotions.sale import Used
from edge.checkout.promotions.selection import EVERYTHING, Selection

FULL_BP: Final = 10_000
HALF_BP: Final = FULL_BP // 2


def part_of(amount_minor: int, rate_bp: int) -> int:
    """The rate of an amount of 0 or more, halves up."""
    return (amount_minor * rate_bp + HALF_BP) // FULL_BP


# --- what a unit costs less in a multi-buy


@dataclass(frozen=True, slots=True)
class PercentCut:
    """`rate_bp` of the price off, halves up; 10000 makes it free."""

    rate_bp: int


@dataclass(frozen=True, slots=True)
class PriceCut:
    """The unit costs `price_minor`, unless it costs less anyway."""

    price_minor: int


Cut: TypeAlias = PercentCut | PriceCut

FREE: Final = PercentCut(FULL_BP)


def cut_off(cut: Cut, unit_minor: int) -> int:
    """What comes off a unit; more for a dearer unit, never more than it costs."""
    if cut is FREE:
        return unit_minor
    if isinstance(cut, PercentCut):
        return part_of(unit_minor, cut.rate_bp)
    return max(0, unit_minor - cut.price_minor)


# --- the unit lane


@dataclass(frozen=True, slots=True)
class PercentOff:
    rate_bp: int


@dataclass(frozen=True, slots=True)
class AmountOff:
    """Off a piece, or off a kilogram."""

    off_minor: int


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """For a piece, or for a kilogram."""

    price_minor: int


# --- the item lane


@dataclass(frozen=True, slots=True)
class NthItem:
    """Of `nth` units the cheapest is cut."""

    nth: int
    cut: Cut


@dataclass(frozen=True, slots=True)
class CheapestFree:
    """Of `buy + free` units the `free` cheapest cost nothing."""

    buy: int
    free: int


@dataclass(frozen=True, slots=True)
class BuyGet:
    """With `buy` units go `get` other units, of `get_where`, that are cut."""

    buy: int
    get: int
    get_where: Selection
    cut: Cut = FREE


@dataclass(frozen=True, slots=True)
class BundleSlot:
    where: Selection
    units: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """The units of all slots together cost `price_minor`. The promotion's own `where` is not
    looked at.
    """

    slots: tuple[BundleSlot, ...]
    price_minor: int


@dataclass(frozen=True, slots=True)
class Gift:
    """So many units cost nothing, once a sale."""

    units: int = 1


# --- the order lane


@dataclass(frozen=True, slots=True)
class OrderPercent:
    """`rate_bp` of the sum off, halves up, at most `most_minor`."""

    rate_bp: int
    most_minor: int | None = None


@dataclass(frozen=True, slots=True)
class OrderAmount:
    off_minor: int


@dataclass(frozen=True, slots=True)
class SpendOnce:
    spend_minor: int
    off_minor: int


@dataclass(frozen=True, slots=True)
class SpendEvery:
    """`off_minor` for every whole `spend_minor`."""

    spend_minor: int
    off_minor: int


# --- the points lane


@dataclass(frozen=True, slots=True)
class PointsTimes:
    """20000 doubles the points; above 10000."""

    rate_bp: int


UnitBenefit: TypeAlias = PercentOff | AmountOff | FixedPrice
ItemBenefit: TypeAlias = NthItem | CheapestFree | BuyGet | Bundle | Gift
OrderBenefit: TypeAlias = OrderPercent | OrderAmount | SpendOnce | SpendEvery
Benefit: TypeAlias = UnitBenefit | ItemBenefit | OrderBenefit | PointsTimes

LANE_OF: Final[Mapping[type, Lane]] = {
    PercentOff: Lane.UNIT,
    AmountOff: Lane.UNIT,
    FixedPrice: Lane.UNIT,
    NthItem: Lane.ITEM,
    CheapestFree: Lane.ITEM,
    BuyGet: Lane.ITEM,
    Bundle: Lane.ITEM,
    Gift: Lane.ITEM,
    OrderPercent: Lane.ORDER,
    OrderAmount: Lane.ORDER,
    SpendOnce: Lane.ORDER,
    SpendEvery: Lane.ORDER,
    PointsTimes: Lane.POINTS,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How many uses there may be; None is any number."""

    per_sale: int | None = None
    per_member: int | None = None
    per_member_day: int | None = None
    per_day: int | None = None
    in_all: int | None = None

    @property
    def need_member(self) -> bool:
        """Whether somebody's own uses are counted."""
        return self.per_member is not None or self.per_member_day is not None

    def room(self, used: Used) -> int | None:
        """How many uses this sale may have, 0 or more; None for any number."""
        rooms = [
            limit - count
            for limit, count in (
                (self.per_sale, 0),
                (self.per_member, used.by_member),
                (self.per_member_day, used.by_member_today),
                (self.per_day, used.today),
                (self.in_all, used.in_all),
            )
            if limit is not None
        ]
        return max(0, min(rooms)) if rooms else None


NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Promotion:
    """One promotion. All `conditions` must hold; those of one `group` in one lane exclude each
    other; lower `priority` numbers go first.
    """

    id: str
    benefit: Benefit
    where: Selection = EVERYTHING
    conditions: tuple[Condition, ...] = ()
    limits: Limits = NO_LIMITS
    group: str = ""
    priority: int = 0

    @property
    def lane(self) -> Lane:
        return LANE_OF[type(self.benefit)]
