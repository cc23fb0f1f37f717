"""Giving back a past sale, whole or in parts: every part reads back what its units were paid."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from edge.checkout.money import Rounding, divide, take_runs
from edge.checkout.quantity import ONE_MILLI, amount_of, whole_units
from edge.checkout.records import EntryKind, Sale, SoldLine, TaxTotal, Tender, Unit

# By line of a sale, so many of its pieces: the first of them counted from 0, and how many.
Pieces: TypeAlias = Mapping[int, tuple[int, int]]
NO_PIECES: Final[Pieces] = {}


def units_left(line: SoldLine, refunded_milli: Mapping[int, int]) -> int:
    """The pieces of a sold line that can still be given back; a weighed line counts as one."""
    gone_milli = refunded_milli.get(line.line, 0)
    return whole_units(line.quantity_milli, line.unit) - _units(line, gone_milli)


def _units(line: SoldLine, quantity_milli: int) -> int:
    if line.unit is Unit.EACH:
        return quantity_milli // ONE_MILLI
    return 1 if quantity_milli else 0


def pieces_left(sale: Sale, refunded_milli: Mapping[int, int]) -> Pieces:
    """What is still with the customer of a past sale."""
    left = {line.line: units_left(line, refunded_milli) for line in sale.lines}
    return {
        line.line: (whole_units(line.quantity_milli, line.unit) - left[line.line], left[line.line])
        for line in sale.lines
    }


def pieces_of(refund: Sale, sale: Sale, refunded_milli: Mapping[int, int]) -> Pieces:
    """What comes back with a refund: of each line the first that are left."""
    left = pieces_left(sale, refunded_milli)
    return {
        line.of_line: (left[line.of_line][0], whole_units(line.quantity_milli, line.unit))
        for line in refund.lines
    }


def bound_tenders(sale: Sale) -> tuple[Tender, ...]:
    """The payments for pieces of their own: visits, and points for rewards. One that settled
    another sum than its pieces cost is like any other.
    """
    whole = pieces_left(sale, {})
    return tuple(
        tender
        for tender in sale.tenders
        if tender.covers and covered(sale, tender, whole)[1] == tender.amount_minor
    )


def covered(sale: Sale, tender: Tender, pieces: Pieces) -> tuple[int, int]:
    """How many of the pieces that payment paid for, and what they cost."""
    paid = {line.line: line.paid for line in sale.lines}
    units = minor = 0
    for line, first, count in tender.covers:
        start, number = pieces.get(line, (0, 0))
        begin, end = max(first, start), min(first + count, start + number)
        if begin < end:
            units += end - begin
            minor += sum(n * each for n, each in take_runs(paid[line], begin, end - begin))
    return units, minor


def give_back_line(line: SoldLine, number: int, gone_units: int, units: int) -> SoldLine:
    """The refund line for `units` of a sold line of which `gone_units` were given back before.

    Tax is the difference of two rounded running sums, so that the parts sum to the line's tax; its
    discount is what of the price was not paid.
    """
    all_units = whole_units(line.quantity_milli, line.unit)
    paid = take_runs(line.paid, gone_units, units)
    paid_minor = sum(count * minor for count, minor in paid)
    until = divide(line.tax_minor * (gone_units + units), all_units, Rounding.HALF_UP)
    before = divide(line.tax_minor * gone_units, all_units, Rounding.HALF_UP)
    tax_minor = until - before
    tax_was_added = line.amount_minor != line.paid_minor
    amount_minor = paid_minor - tax_minor if tax_was_added else paid_minor
    quantity_milli = units * ONE_MILLI if line.unit is Unit.EACH else line.quantity_milli
    # Where tax was added its rounding may make a part a minor unit dearer: that is no discount.
    off_minor = max(0, amount_of(line.price_minor, quantity_milli) - amount_minor)
    return replace(
        line,
        line=number,
        of_line=line.line,
        quantity_milli=quantity_milli,
        amount_minor=amount_minor,
        tax_minor=tax_minor,
        paid=paid,
        off_minor=off_minor if line.off_minor else 0,
        deposit_of=0,
    )


def give_back(
    sale: Sale,
    refunded_milli: Mapping[int, int],
    picks: Mapping[int, int],
    receipt_no: int,
) -> Sale:
    """The refund, still without its payment, of `picks` (line -> units) from a past sale."""
    picked = [line for line in sale.lines if picks.get(line.line)]
    lines = tuple(
        give_back_line(
            line,
            number,
            _units(line, refunded_milli.get(line.line, 0)),
            picks[line.line],
        )
        for number, line in enumerate(picked, start=1)
    )
    return Sale(
        kind=EntryKind.REFUND,
        receipt_no=receipt_no,
        of_receipt_no=sale.receipt_no,
        currency=sale.currency,
        lines=lines,
        taxes=_taxes_of(lines),
        total_minor=sum(line.paid_minor for line in lines),
        rounding_minor=0,
        tenders=(),
        member=sale.member,
    )


def pay_out(refund: Sale, tenders: tuple[Tender, ...]) -> Sale:
    """The refund with the payments that went out for it."""
    out_minor = sum(tender.tendered_minor for tender in tenders)
    return replace(refund, tenders=tenders, rounding_minor=out_minor - refund.total_minor)


def _taxes_of(lines: tuple[SoldLine, ...]) -> tuple[TaxTotal, ...]:
    totals: dict[str, TaxTotal] = {}
    for line in lines:
        so_far = totals.get(line.tax_code, TaxTotal(line.tax_code, line.tax_rate_bp, 0, 0, 0))
        totals[line.tax_code] = replace(
            so_far,
            net_minor=so_far.net_minor + line.paid_minor - line.tax_minor,
            tax_minor=so_far.tax_minor + line.tax_minor,
            gross_minor=so_far.gross_minor + line.paid_minor,
        )
    return tuple(totals[code] for code in sorted(totals))
