"""Quantities and prices as decimal text. They become integers digit by digit; none is a float."""

import re
from dataclasses import dataclass

# The largest that a till's limits can be set to; what is beyond can't be keyed.
MOST_UNITS = 999_999
HIGHEST_PRICE_MINOR = 999_999_999

MINOR_DIGITS = 2
DECIMAL = re.compile(r"([+-]?)(?=\.?\d)(\d{0,18})(?:\.(\d{0,18}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Price:
    """A price in minor units; None when it has a fraction of one."""

    minor: int | None


def read_units(text: str) -> int | None:
    """Whole pieces with their sign; None when the text is no such number, or beyond MOST_UNITS."""
    read = DECIMAL.fullmatch(text.strip())
    if read is None or (read[3] or "").strip("0"):
        return None
    units = int(read[2] or 0)
    if units > MOST_UNITS:
        return None
    return -units if read[1] == "-" else units


def read_price(text: str) -> Price | str:
    """The price, or why the text is none that a till can take."""
    read = DECIMAL.fullmatch(text.strip())
    if read is None:
        return "is no decimal number"
    fraction = (read[3] or "").ljust(MINOR_DIGITS, "0")
    if fraction[MINOR_DIGITS:].strip("0"):
        return Price(None)
    minor = int(read[2] + fraction[:MINOR_DIGITS])
    if minor > HIGHEST_PRICE_MINOR:
        return "is beyond what a till takes"
    return Price(-minor if read[1] == "-" else minor)
