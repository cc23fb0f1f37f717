"""What a GS1 code says beyond its GTIN: weight, price, count, batch and dates, as plain values.

Application identifiers are those of the GS1 General Specifications, section 3.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from edge.checkout.goods.barcode import canonical
from edge.checkout.instant import Instant
from edge.checkout.money import Currency
from edge.checkout.records import NO_PACK, Pack

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# How many zeros stand before a shorter number in the field of a GTIN-14.
GTIN13_ZEROS, GTIN8_ZEROS = 1, 6


@dataclass(frozen=True, slots=True)
class Gs1Price:
    """What a pack costs: an integer with so many decimals, in the currency of that ISO 4217 number
    (AI 393n), or of the shop where there is none (AI 392n; 395n, for a kilogram of it).
    """

    amount: int
    decimals: int
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Gs1:
    """A trade item by its 14-digit GTIN with a good check digit, its net weight in thousandths of a
    kilogram (AI 310n), its price, its pieces (AI 30), its price a unit of measure (AI 395n). With
    `odd_weight` the code says a weight that is no whole number of thousandths, which nobody sells.
    """

    # No text of this shows what was scanned.
    gtin: str = field(repr=False)
    weight_milli: int | None = None
    price: Gs1Price | None = None
    count: int | None = None
    pack: Pack = field(default=NO_PACK, repr=False)
    odd_weight: bool = False
    unit_price: Gs1Price | None = None


def gtin_codes(gtin: str) -> tuple[str, ...]:
    """The codes under which a catalogue may hold a 14-digit GTIN, the likeliest first: GTIN-12 and
    GTIN-13 stand in it behind zeros, GTIN-8 too.
    """
    if gtin.startswith("0" * GTIN8_ZEROS):
        return gtin[GTIN8_ZEROS:], canonical(gtin[GTIN13_ZEROS:]), gtin
    if gtin.startswith("0" * GTIN13_ZEROS):
        return canonical(gtin[GTIN13_ZEROS:]), gtin
    return (gtin,)


def minor_of(price: Gs1Price, currency: Currency) -> int | None:
    """The price in the shop's minor units; None in other money, or when it is no whole number."""
    if price.currency not in ("", currency.number):
        return None
    minor, rest = divmod(price.amount * currency.major_minor, int(10**price.decimals))
    return None if rest else minor


def is_past(last: str, at: Instant, utc_offset_minutes: int) -> bool:
    """Whether a day (or minute) in ISO 8601 is over in the shop. A clock that nobody vouches for
    may be behind, never ahead: what is past by it is past. Empty never is.
    """
    local = _EPOCH + timedelta(milliseconds=at.utc_ms, minutes=utc_offset_minutes)
    return bool(last) and f"{local:%Y-%m-%dT%H:%M}"[: len(last)] > last


def shown(last: str) -> str:
    """A day (or minute) as people read it."""
    return last.replace("T", " ")
