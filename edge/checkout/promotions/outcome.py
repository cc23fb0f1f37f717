"""What came of it: who pays what for which line, and why this promotion and not the other."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Lane(StrEnum):
    """The kinds of work, in the order in which they are done."""

    UNIT = "unit"
    ITEM = "item"
    ORDER = "order"
    MANUAL = "manual"
    POINTS = "points"


class Why(StrEnum):
    """Why a promotion did not apply, or not as often as it might have. `goods`, none of its goods
    are in the basket, is only said to somebody who asks about the promotion.
    """

    GOODS = "goods"
    BEATEN = "beaten"
    LIMIT = "limit"
    SPEND = "spend"
    QUANTITY = "quantity"
    UNITS = "units"
    NO_SAVING = "no_saving"
    TIME = "time"
    MEMBER = "member"
    TIER = "tier"
    SEGMENT = "segment"
    COUPON = "coupon"
    EXCLUDED = "excluded"


# Named tuples, for a frozen dataclass costs three times as much to make.


class Part(NamedTuple):
    """What a discount takes off a line, and how many of its units it used."""

    line: int
    units: int
    off_minor: int


class Discount(NamedTuple):
    """A promotion that applied: how often, and to what. `taken` are the parts as plain tuples."""

    promotion: str
    lane: Lane
    uses: int
    taken: tuple[tuple[int, int, int], ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(map(Part._make, self.taken))

    @property
    def off_minor(self) -> int:
        return sum(off_minor for _, _, off_minor in self.taken)


class Missed(NamedTuple):
    """A promotion that did not apply, or not as often as it might have. `by` is the promotion that
    beat it; `short` is what is missing: minor units (`spend`), thousandths (`quantity`), units.
    """

    promotion: str
    why: Why
    by: str = ""
    short: int = 0


@dataclass(frozen=True, slots=True)
class GiftOffer:
    """Units that the customer may still have for nothing, once they are in the basket."""

    promotion: str
    units: int


@dataclass(frozen=True, slots=True)
class BonusPoints:
    """Points on top of the base, by a multiplier; `lines` are those that it multiplied."""

    promotion: str
    points: int
    lines: tuple[int, ...]


class Outcome(NamedTuple):
    """`net_minor` is what each line costs in the end, in the order of the request's goods.

    `uses` is what limits count, by promotion; `proven` says that no other choice of multi-buys
    saves more.
    """

    net_minor: tuple[int, ...]
    discounts: tuple[Discount, ...]
    missed: tuple[Missed, ...]
    gifts: tuple[GiftOffer, ...]
    base_points: int
    bonus_points: tuple[BonusPoints, ...]
    uses: dict[str, int]
    proven: bool

    @property
    def off_minor(self) -> int:
        """All discounts together."""
        return sum(discount.off_minor for discount in self.discounts)

    @property
    def points(self) -> int:
        """Base and bonus together."""
        return self.base_points + sum(bonus.points for bonus in self.bonus_points)
