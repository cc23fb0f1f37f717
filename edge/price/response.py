"""The answer to a price request."""

from pydantic import Field

from edge.checkout.promotions.outcome import Lane, Why
from edge.price.base import Strict


class LineOff(Strict):
    """What one promotion took off a line, and how many of its units it used."""

    promotion: str
    units: int
    off_minor: int


class PricedLine(Strict):
    """`gross_minor` is without promotions, `net_minor` with them, in the shop's price mode; `paid`
    are runs of [units, minor a unit], tax included.
    """

    line: int
    plu: str
    name: str
    quantity_milli: int
    price_minor: int
    gross_minor: int
    off_minor: int
    net_minor: int
    tax_code: str
    tax_minor: int
    paid: tuple[tuple[int, int], ...]
    discounts: tuple[LineOff, ...]


class Part(Strict):
    line: int
    units: int
    off_minor: int


class AppliedDiscount(Strict):
    """A promotion that applied: how often, to which units of which lines, and in words."""

    promotion: str
    name: str
    lane: Lane
    uses: int
    off_minor: int
    parts: tuple[Part, ...]
    text: str


class MissedPromotion(Strict):
    """A promotion that did not apply, or not as often as it might have. `by` is what beat it,
    `short` what is missing: minor units, thousandths or units, as `why` says.
    """

    promotion: str
    name: str
    why: Why
    by: str
    short: int
    text: str


class Gift(Strict):
    """Units that the customer may have for nothing, once they are scanned."""

    promotion: str
    name: str
    units: int
    text: str


class Tax(Strict):
    code: str
    rate_bp: int
    net_minor: int
    tax_minor: int
    gross_minor: int


class Totals(Strict):
    """Of the lines, in the shop's price mode; `total_minor` is what is to be paid."""

    gross_minor: int
    off_minor: int
    net_minor: int
    tax_minor: int
    total_minor: int


class Bonus(Strict):
    promotion: str
    name: str
    points: int
    lines: tuple[int, ...]


class Points(Strict):
    base: int
    bonus: tuple[Bonus, ...]
    total: int


class PriceResponse(Strict):
    """What everything costs, and why."""

    version: int = 1
    currency: str
    lines: tuple[PricedLine, ...]
    discounts: tuple[AppliedDiscount, ...]
    missed: tuple[MissedPromotion, ...]
    gifts: tuple[Gift, ...]
    taxes: tuple[Tax, ...]
    totals: Totals
    points: Points
    proven: bool = Field(description="no other choice of multi-buys saves more")
