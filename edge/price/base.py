"""What all models of a price request and of its answer share."""

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from edge.checkout.money import MAX_AMOUNT_MINOR
from edge.checkout.promotions.promotion import FULL_BP
from edge.checkout.shop import Limits

# A price above this is a slip of the finger at the till, and so it is here.
LARGEST_PRICE_MINOR = Limits().max_price_minor
LARGEST_QUANTITY_MILLI = Limits().max_quantity_milli
MOST_LINES = Limits().max_lines
# A chain's whole season; each costs a box about a kilobyte.
MOST_PROMOTIONS = 5_000
MOST_PRODUCTS = 100_000
# What a selection or a member names: more is a category's work, or a tag's.
MOST_NAMES = 10_000
# Longer multi-buys than two dozen are nobody's offer; and the search tries what they may hold.
MOST_UNITS = 24
MOST_SLOTS = 8
MOST_PARTS = 20
MOST_USES = 1_000_000_000
# A hundredfold.
LARGEST_RATE_BP = 100 * FULL_BP


class Strict(BaseModel):
    """Unknown fields, other types and changes after the check are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


NAME_PATTERN = r"^\S(.*\S)?$"
Name: TypeAlias = Annotated[
    str,
    Field(min_length=1, max_length=64, pattern=NAME_PATTERN, description="a name of its kind"),
]
Text: TypeAlias = Annotated[str, Field(max_length=200)]
Names: TypeAlias = Annotated[frozenset[Name], Field(min_length=1, max_length=MOST_NAMES)]
Amount: TypeAlias = Annotated[int, Field(ge=1, le=MAX_AMOUNT_MINOR, description="minor units")]
Price: TypeAlias = Annotated[
    int, Field(ge=0, le=LARGEST_PRICE_MINOR, description="minor units, a piece or a kilogram")
]
Rate: TypeAlias = Annotated[
    int, Field(ge=1, le=FULL_BP, description="basis points: 10000 is all of it")
]
Units: TypeAlias = Annotated[int, Field(ge=1, le=MOST_UNITS)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=MOST_USES)]
Milli: TypeAlias = Annotated[
    int, Field(ge=1, le=LARGEST_QUANTITY_MILLI, description="thousandths of a piece or kilogram")
]
