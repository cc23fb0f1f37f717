"""Tax by rate: worked out on a rate's sum, then shared over its lines by largest remainder."""

from collections.abc import Mapping, Sequence

from edge.checkout.money import Rounding, divide, share
from edge.checkout.records import TaxTotal
from edge.checkout.shop import TaxMode, TaxRate

FULL_BP = 10_000


def tax_of(amount_minor: int, rate_bp: int, mode: TaxMode) -> int:
    """The tax in a gross amount, or on a net one, halves up."""
    if mode is TaxMode.INCLUDED:
        return divide(amount_minor * rate_bp, FULL_BP + rate_bp, Rounding.HALF_UP)
    return divide(amount_minor * rate_bp, FULL_BP, Rounding.HALF_UP)


def tax_totals(
    amounts: Sequence[tuple[str, int]], rates: Mapping[str, TaxRate], mode: TaxMode
) -> tuple[TaxTotal, ...]:
    """One total for each rate in use, by code, from `(tax code, line amount in minor units)`."""
    sums: dict[str, int] = {}
    for code, amount_minor in amounts:
        sums[code] = sums.get(code, 0) + amount_minor
    totals = []
    for code in sorted(sums):
        rate_bp = rates[code].rate_bp
        tax_minor = tax_of(sums[code], rate_bp, mode)
        net_minor = sums[code] - tax_minor if mode is TaxMode.INCLUDED else sums[code]
        totals.append(TaxTotal(code, rate_bp, net_minor, tax_minor, net_minor + tax_minor))
    return tuple(totals)


def line_taxes(amounts: Sequence[tuple[str, int]], totals: Sequence[TaxTotal]) -> tuple[int, ...]:
    """Each line's share of its rate's tax; the shares of a rate sum to its tax exactly."""
    shares = [0] * len(amounts)
    for total in totals:
        places = [place for place, (code, _) in enumerate(amounts) if code == total.code]
        parts = share(total.tax_minor, [amounts[place][1] for place in places])
        for place, part in zip(places, parts, strict=True):
            shares[place] = part
    return tuple(shares)
