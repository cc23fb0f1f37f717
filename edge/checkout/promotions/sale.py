"""What promotions are told of a sale: its goods, its customer, the shop's time, what was used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from edge.checkout.quantity import ONE_MILLI, amount_of


@dataclass(frozen=True, slots=True, order=True)
class CivilTime:
    """The shop's own date and minute of the day, 0 to 1439, as its wall clock shows them."""

    day: date
    minute: int


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of the basket. `price_minor` is for a thousand thousandths, `unit_milli` are the
    thousandths of one of its `units`: 1000 for pieces, the weight for a weighed line, which is one
    unit. `categories` hold those above them. Goods that are not `discountable` are neither
    discounted nor counted.
    """

    line: int
    plu: str
    price_minor: int
    units: int = 1
    unit_milli: int = ONE_MILLI
    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    discountable: bool = True
    earns_points: bool = True

    @property
    def unit_minor(self) -> int:
        """What one unit costs before any promotion."""
        return priced(self.price_minor, self.unit_milli)


def priced(price_minor: int, unit_milli: int) -> int:
    """What a unit costs at a price for a thousand thousandths."""
    return price_minor if unit_milli == ONE_MILLI else amount_of(price_minor, unit_milli)


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who buys. `member` is empty for somebody unknown, and then so is the rest."""

    member: str = ""
    tier: str = ""
    segments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Used:
    """How often a promotion was used before this sale."""

    by_member: int = 0
    by_member_today: int = 0
    today: int = 0
    in_all: int = 0


@dataclass(frozen=True, slots=True)
class ManualDiscount:
    """What a person takes off a line (0: the whole sale): `rate_bp` of what it costs after all
    promotions, or `off_minor`; one of them is 0.
    """

    id: str
    line: int = 0
    rate_bp: int = 0
    off_minor: int = 0


NOBODY: Final = Shopper()
UNUSED: Final = Used()


@dataclass(frozen=True, slots=True)
class PromotionRequest:
    """All that the choice of promotions depends on, besides the promotions. `now` is None where
    nobody knows the time: no condition on it holds. `used` is by promotion id; one point is earned
    for every `minor_per_point` paid, 0 earns none; `manual` discounts come after all promotions, in
    their order. The tender is not here.
    """

    goods: tuple[Goods, ...]
    now: CivilTime | None
    shopper: Shopper = NOBODY
    coupons: frozenset[str] = frozenset()
    used: Mapping[str, Used] = field(default_factory=dict)
    minor_per_point: int = 0
    manual: tuple[ManualDiscount, ...] = ()
