"""Quantities: integers of thousandths of a piece or of a kilogram."""

from edge.checkout.money import Rounding, divide
from edge.checkout.records import Unit

ONE_MILLI = 1000
DECIMALS = 3
# What was keyed as a quantity and can be none: nothing is done with it but to take it away.
UNFIT_MILLI = -1


class Pieces(int):
    """Thousandths that were keyed as a whole number without a point: so many pieces, and of what is
    sold by weight nobody can say whether they were meant as kilograms.
    """


def amount_of(price_minor: int, quantity_milli: int) -> int:
    """What a quantity costs at a price for a thousand thousandths, halves up."""
    whole, fraction = divmod(quantity_milli, ONE_MILLI)
    if not fraction:  # nearly every line of every basket, at every scan
        return price_minor * whole
    return divide(price_minor * quantity_milli, ONE_MILLI, Rounding.HALF_UP)


def quantity_for(price_minor: int, amount_minor: int) -> int | None:
    """The thousandths that cost exactly that amount at that price, the nearest ones if several do;
    None when none do.
    """
    if price_minor == 0:
        return None
    quantity_milli = divide(amount_minor * ONE_MILLI, price_minor, Rounding.HALF_UP)
    return quantity_milli if amount_of(price_minor, quantity_milli) == amount_minor else None


def whole_units(quantity_milli: int, unit: Unit) -> int:
    """How many pieces can be given back one by one: a weighed quantity is one."""
    return quantity_milli // ONE_MILLI if unit is Unit.EACH else 1


def read_quantity(text: str) -> int | None:
    """Keyed digits as thousandths, None when they are no quantity above 0; without a point they are
    Pieces.
    """
    whole, point, fraction = text.partition(".")
    if not (whole + fraction).isdecimal() or len(fraction) > DECIMALS:
        return None
    quantity_milli = int(whole or "0") * ONE_MILLI + int(fraction.ljust(DECIMALS, "0") or "0")
    if not quantity_milli:
        return None
    return quantity_milli if point else Pieces(quantity_milli)


def write_quantity(quantity_milli: int) -> str:
    """`3` for pieces, `0.350` for anything with a fraction."""
    sign = "-" if quantity_milli < 0 else ""
    whole, fraction = divmod(abs(quantity_milli), ONE_MILLI)
    return f"{sign}{whole}.{fraction:03d}" if fraction else f"{sign}{whole}"
