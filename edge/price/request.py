"""A price request: everything that one basket's price depends on, in one file."""

from typing import Annotated, Literal

from pydantic import Field

from edge.checkout.money import CURRENCIES
from edge.checkout.promotions import sale as core
from edge.checkout.records import Unit
from edge.checkout.shop import TaxMode
from edge.price.base import (
    MOST_LINES,
    MOST_NAMES,
    MOST_PRODUCTS,
    MOST_PROMOTIONS,
    Amount,
    Count,
    Milli,
    Name,
    Price,
    Strict,
    Text,
)
from edge.price.civil_time import TimeText
from edge.price.promotions import Promotion

# A purse holds a few; a file with more is not a customer's.
MOST_COUPONS = 100
CURRENCY_PATTERN = f"^({'|'.join(CURRENCIES)})$"


class TaxRate(Strict):
    code: Annotated[str, Field(min_length=1, max_length=8)]
    rate_bp: Annotated[int, Field(ge=0, le=10_000)]


class Product(Strict):
    """`categories` hold those above them. Goods that are not `discountable` are neither discounted
    nor counted.
    """

    plu: Name
    name: Text
    price_minor: Price
    tax_code: Annotated[str, Field(min_length=1, max_length=8)]
    unit: Unit = Unit.EACH
    categories: Annotated[frozenset[Name], Field(max_length=MOST_NAMES)] = frozenset()
    tags: Annotated[frozenset[Name], Field(max_length=MOST_NAMES)] = frozenset()
    discountable: bool = True
    earns_points: bool = True


class Member(Strict):
    """Who buys; any id that is not empty makes a member."""

    id: Name
    tier: Annotated[str, Field(max_length=64)] = ""
    segments: Annotated[frozenset[Name], Field(max_length=MOST_NAMES)] = frozenset()

    def core(self) -> core.Shopper:
        return core.Shopper(self.id, self.tier, self.segments)


class Used(Strict):
    """How often a promotion was used before this sale."""

    by_member: Count = 0
    by_member_today: Count = 0
    today: Count = 0
    in_all: Count = 0

    def core(self) -> core.Used:
        return core.Used(**self.model_dump())


class BasketLine(Strict):
    """A line in the order of scanning; `price_minor` where it is not the product's."""

    plu: Name
    quantity_milli: Milli = 1_000
    price_minor: Price | None = None


class PriceRequest(Strict):
    """One basket, with the shop's products and promotions, the customer and the time."""

    version: Literal[1]
    currency: Annotated[str, Field(pattern=CURRENCY_PATTERN, description="ISO 4217")]
    tax_mode: TaxMode = TaxMode.INCLUDED
    tax_rates: Annotated[tuple[TaxRate, ...], Field(min_length=1, max_length=20)]
    now: TimeText
    products: Annotated[tuple[Product, ...], Field(min_length=1, max_length=MOST_PRODUCTS)]
    promotions: Annotated[tuple[Promotion, ...], Field(max_length=MOST_PROMOTIONS)] = ()
    used: Annotated[dict[Name, Used], Field(max_length=MOST_PROMOTIONS)] = Field(
        default_factory=dict
    )
    member: Member | None = None
    coupons: Annotated[frozenset[Name], Field(max_length=MOST_COUPONS)] = frozenset()
    minor_per_point: Amount | None = Field(
        default=None, description="a member earns a point for every so much paid; null: none"
    )
    basket: Annotated[tuple[BasketLine, ...], Field(min_length=1, max_length=MOST_LINES)]
