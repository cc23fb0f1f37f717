"""Amounts: integers of a currency's minor units. No float comes in or goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Nine digits of major units are more than any till rings up, and leave sums far inside the 63 bits
# of an SQLite integer.
MAX_AMOUNT_MINOR = 99_999_999_999


class Rounding(StrEnum):
    """What becomes of a remainder; halves of negative amounts mirror those of positive ones."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by ISO 4217: code, number of minor digits, and the sign that people write; and its
    number there.
    """

    code: str
    digits: int
    sign: str
    number: str = ""

    @property
    def major_minor(self) -> int:
        """Minor units in a major one."""
        return int(10**self.digits)


# Basis points are hundredths of a percent, and are written as hundredths of a currency are.
PERCENT = Currency("%", 2, "")

CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("CNY", 2, "¥", "156"),
        Currency("HKD", 2, "HK$", "344"),
        Currency("TWD", 2, "NT$", "901"),
        Currency("SGD", 2, "S$", "702"),
        Currency("USD", 2, "$", "840"),
        Currency("EUR", 2, "€", "978"),
        Currency("GBP", 2, "£", "826"),
        Currency("CHF", 2, "CHF ", "756"),
        Currency("SEK", 2, "kr ", "752"),
        Currency("JPY", 0, "¥", "392"),
        Currency("KWD", 3, "KD ", "414"),
    )
}


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """The quotient as an integer, rounded as named. `denominator` is above 0."""
    assert denominator > 0, denominator
    quotient, remainder = divmod(abs(numerator), denominator)
    if rounding is Rounding.HALF_UP:
        quotient += 2 * remainder >= denominator
    elif rounding is Rounding.HALF_EVEN:
        quotient += 2 * remainder + quotient % 2 > denominator
    return -quotient if numerator < 0 else quotient


def round_to_step(amount_minor: int, step_minor: int) -> int:
    """The nearest multiple of `step_minor`, halves up, as cash rounding has it."""
    return divide(amount_minor, step_minor, Rounding.HALF_UP) * step_minor


def share(amount_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """`amount_minor` over the weights by largest remainder: the parts sum to it exactly, and
    earlier parts win ties. Weights are 0 or more; when all are 0 the parts are equal.
    """
    assert weights, "nothing to share over"
    assert min(weights) >= 0, "a negative weight"
    whole = abs(amount_minor)
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    parts = [whole * weight // total for weight in weights]
    missing = whole - sum(parts)
    if missing:
        remainders = [whole * weight % total for weight in weights]
        # Sorting backwards leaves equal ones in their order, too.
        dearest = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        for index in dearest[:missing]:
            parts[index] += 1
    return tuple(parts) if amount_minor >= 0 else tuple([-part for part in parts])


def runs(amount_minor: int, units: int) -> tuple[tuple[int, int], ...]:
    """`amount_minor` over equal units, as runs of `(units, minor a unit)`: at most two, a minor
    unit apart, the dearer first.
    """
    assert units > 0, units
    low, dearer = divmod(amount_minor, units)
    both = ((dearer, low + 1), (units - dearer, low))
    return tuple(run for run in both if run[0])


def take_runs(
    paid: Sequence[tuple[int, int]], skip: int, units: int
) -> tuple[tuple[int, int], ...]:
    """The runs of `units` units of what was paid, after the first `skip` of them."""
    taken_runs = []
    for run_units, minor in paid:
        passed = min(skip, run_units)
        skip -= passed
        taken = min(units, run_units - passed)
        units -= taken
        if taken:
            taken_runs.append((taken, minor))
    assert units == 0, "more units than were paid"
    return tuple(taken_runs)


def write_amount(amount_minor: int, currency: Currency) -> str:
    """The amount in major units without a sign of currency: `-12.50`."""
    sign = "-" if amount_minor < 0 else ""
    major, minor = divmod(abs(amount_minor), currency.major_minor)
    if currency.digits == 0:
        return f"{sign}{major}"
    return f"{sign}{major}.{minor:0{currency.digits}d}"


def write_percent(rate_bp: int) -> str:
    """Basis points as people write them: `12.50%`, `13%`."""
    return write_amount(rate_bp, PERCENT).removesuffix(".00") + "%"


def read_amount(text: str, currency: Currency, *, minor_first: bool) -> int | None:
    """Keyed digits as an amount, None when they are none. With a point they are major units;
    without one, `minor_first` says that `1250` is 12.50, otherwise it is 1250.00.
    """
    major, point, minor = text.partition(".")
    if not (major + minor).isdecimal() or len(minor) > currency.digits:
        return None
    if point or not minor_first:
        amount_minor = int(major or "0") * currency.major_minor
        amount_minor += int(minor.ljust(currency.digits, "0") or "0")
    else:
        amount_minor = int(major)
    return amount_minor if amount_minor <= MAX_AMOUNT_MINOR else None
