"""What a GS1 code says beyond its GTIN: weight, price, count, batch and dates, as plain values.

Application identifiers are those of the GS1 General Specifications, section 3.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Gs1Fault(StrEnum):
    """Why the figures of a code that was read right can't be used."""

    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Lot:
    """Where a pack comes from and how long it is good, as it says itself; empty where it does not.
    `batch` and `serial` have at most 20 characters. Days are ISO 8601: `expires` is the last one on
    which it may be sold (AI 17 or 16; 7003 with the minute, `2026-11-20T18:30`), `best_before` the
    last one of its best quality (AI 15).
    """

    batch: str = ""
    serial: str = ""
    expires: str = ""
    best_before: str = ""


NO_LOT: Final = Lot()


@dataclass(frozen=True, slots=True)
class Gs1Price:
    """What a pack costs: an integer with so many decimals, in the currency of that ISO 4217 number
    (AI 393n), or of the shop where there is none (AI 392n).
    """

    amount: int
    decimals: int
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Gs1:
    """A trade item by its 14-digit GTIN with a good check digit, its net weight in thousandths of a
    kilogram (AI 310n), its price, its pieces (AI 30). With a `fault`, nothing of it can be sold.
    """

    # No text of this shows what was scanned.
    gtin: str = field(repr=False)
    weight_milli: int | None = None
    price: Gs1Price | None = None
    count: int | None = None
    lot: Lot = field(default=NO_LOT, repr=False)
    fault: Gs1Fault | None = None
