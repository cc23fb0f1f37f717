"""What a Z report says so far: sums that each record of the journal adds to, and nothing else.

Adding is all that is done with them, so that they can be kept up to date one record at a time, and
anybody can work a Z out again from the records that it covers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from edge.checkout.quantity import amount_of
from edge.checkout.records import EntryKind, Json, Promise, TenderKind

# Why the drawer's cash is what it is: what the Z before left in it, what its count at the opening
# changed of that, and the kinds of record that move cash.
LEFT, OPENED = "left", "opened"
# The reason of a drawer opening that is no `no sale`: its cash is to be counted.
COUNTING: Final = "count"
# What was paid for before, and what pays out of it.
PREPAID: Final = (Promise.TOP_UP, Promise.COUNT_CARD)
PREPAID_TENDERS: Final = (TenderKind.STORED_VALUE, TenderKind.COUNT_CARD)


class Figure(StrEnum):
    """What is counted. `TAKEN` and `GIVEN` have a row for each tender kind, `NET` and `TAX` for
    each rate (`A 1300`: code and basis points), `DISCOUNT` for each lane, `STAFF` for each person,
    `DRAWER` for each cause; rows of the drawer are signed, and their sum is what is in it.
    `PROMISED` has a row for each promise: what of the sales is no turnover, with its part of `NET`
    and `TAX`; `BONUS` is what top-ups brought on top.
    """

    SALE = "sale"
    REFUND = "refund"
    ROUNDING = "rounding"
    REFUND_ROUNDING = "refund.rounding"
    TAKEN = "taken"
    GIVEN = "given"
    NET = "net"
    TAX = "tax"
    REFUND_NET = "refund.net"
    REFUND_TAX = "refund.tax"
    PROMISED = "promised"
    PROMISED_NET = "promised.net"
    PROMISED_TAX = "promised.tax"
    BONUS = "bonus"
    REFUND_PROMISED = "refund.promised"
    REFUND_PROMISED_NET = "refund.promised.net"
    REFUND_PROMISED_TAX = "refund.promised.tax"
    REFUND_BONUS = "refund.bonus"
    DISCOUNT = "discount"
    STAFF = "staff"
    LINE_VOIDED = "line.voided"
    PAYMENT_VOIDED = "payment.voided"
    CANCELLED = "cancelled"
    PRICE_CHANGED = "price.changed"
    NO_SALE = "no_sale"
    COPY = "copy"
    REPORTED = "reported"
    DRAWER = "drawer"


@dataclass(frozen=True, slots=True)
class Tally:
    """How often, and how much in all."""

    times: int = 0
    amount_minor: int = 0


# What one record adds: the figure, its row, how often, how much.
Count: TypeAlias = tuple[Figure, str, int, int]
Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShiftTotals:
    """Sums by figure and row; a row that is not there is zero."""

    tallies: Mapping[tuple[Figure, str], Tally]

    def of(self, figure: Figure, name: str = "") -> Tally:
        return self.tallies.get((figure, name), Tally())

    def rows(self, figure: Figure) -> tuple[tuple[str, Tally], ...]:
        """A figure's rows by name, in order."""
        return tuple(
            (name, tally) for (each, name), tally in sorted(self.tallies.items()) if each is figure
        )

    def sum_minor(self, figure: Figure) -> int:
        return sum(tally.amount_minor for _, tally in self.rows(figure))

    @property
    def drawer_minor(self) -> int:
        """The cash that should be in the drawer."""
        return self.sum_minor(Figure.DRAWER)

    def plus(self, counts: Iterable[Count]) -> "ShiftTotals":
        """With what one more record adds."""
        tallies = dict(self.tallies)
        for figure, name, times, amount_minor in counts:
            before = tallies.get((figure, name), Tally())
            tallies[figure, name] = Tally(before.times + times, before.amount_minor + amount_minor)
        return ShiftTotals(tallies)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the totals are made of, in minor units, less what was given back (deposits stand apart):
    turnover, prepaid sold and deposits are together the sales less the refunds. The bonus was paid
    by nobody, and is spent like what was paid. What is spent went off accounts, less what refunds
    put onto them, whatever it paid for: a sum of payments, and part of none of the others.
    """

    turnover_minor: int
    prepaid_sold_minor: int
    prepaid_bonus_minor: int
    prepaid_spent_minor: int
    deposits_taken_minor: int
    deposits_returned_minor: int


def parts_of(totals: ShiftTotals) -> Parts:
    """How sales and refunds part into what is turnover and what is not."""

    def net(sold: Figure, returned: Figure, *names: str) -> int:
        return sum(
            totals.of(sold, name).amount_minor - totals.of(returned, name).amount_minor
            for name in names
        )

    return Parts(
        turnover_minor=net(Figure.SALE, Figure.REFUND, "")
        - net(Figure.PROMISED, Figure.REFUND_PROMISED, *PREPAID, Promise.DEPOSIT),
        prepaid_sold_minor=net(Figure.PROMISED, Figure.REFUND_PROMISED, *PREPAID),
        prepaid_bonus_minor=net(Figure.BONUS, Figure.REFUND_BONUS, ""),
        prepaid_spent_minor=net(Figure.TAKEN, Figure.GIVEN, *PREPAID_TENDERS),
        deposits_taken_minor=totals.of(Figure.PROMISED, Promise.DEPOSIT).amount_minor,
        deposits_returned_minor=totals.of(Figure.REFUND_PROMISED, Promise.DEPOSIT).amount_minor,
    )


def totals_body(totals: ShiftTotals) -> list[Json]:
    """The sums as JSON, in the order of figure and row."""
    return [
        {
            "figure": figure.value,
            "name": name,
            "times": tally.times,
            "amount_minor": tally.amount_minor,
        }
        for (figure, name), tally in sorted(totals.tallies.items())
    ]


def totals_from(body: Iterable[Any]) -> ShiftTotals:
    """The inverse of `totals_body`. Raises KeyError, TypeError or ValueError on anything else."""
    return ShiftTotals(
        {
            (Figure(row["figure"]), row["name"]): Tally(row["times"], row["amount_minor"])
            for row in body
        }
    )


def first_totals(left_minor: int) -> ShiftTotals:
    """Those right behind a Z, which left that much in the drawer."""
    return ShiftTotals({}).plus([(Figure.DRAWER, LEFT, 0, left_minor)] if left_minor else [])


def counts_of(kind: str, body: Body) -> list[Count]:
    """What the record adds to the totals of the Z that will cover it."""
    counting = _COUNTING.get(kind)
    return counting(body) if counting is not None else []


def cash_minor(body: Body) -> int:
    """What came in (of a refund: went out) as cash: tendered without the change."""
    return sum(
        tender["tendered_minor"] - tender["change_minor"]
        for tender in body["tenders"]
        if tender["kind"] == TenderKind.CASH
    )


@dataclass(frozen=True, slots=True)
class Way:
    """Which figures a receipt counts in: those of sales, or those of refunds."""

    kind: EntryKind
    total: Figure
    rounding: Figure
    paid: Figure
    net: Figure
    tax: Figure
    promised: Figure
    promised_net: Figure
    promised_tax: Figure
    bonus: Figure


SOLD: Final = Way(
    EntryKind.SALE,
    Figure.SALE,
    Figure.ROUNDING,
    Figure.TAKEN,
    Figure.NET,
    Figure.TAX,
    Figure.PROMISED,
    Figure.PROMISED_NET,
    Figure.PROMISED_TAX,
    Figure.BONUS,
)
RETURNED: Final = Way(
    EntryKind.REFUND,
    Figure.REFUND,
    Figure.REFUND_ROUNDING,
    Figure.GIVEN,
    Figure.REFUND_NET,
    Figure.REFUND_TAX,
    Figure.REFUND_PROMISED,
    Figure.REFUND_PROMISED_NET,
    Figure.REFUND_PROMISED_TAX,
    Figure.REFUND_BONUS,
)


def _sale(body: Body) -> list[Count]:
    counts = _trade(body, SOLD, cash_minor(body))
    # Points on top take nothing off.
    counts += [
        (Figure.DISCOUNT, off["lane"], off["uses"], off["off_minor"])
        for off in body.get("promotions", ())
        if off["off_minor"]
    ]
    if body.get("staff"):
        counts.append((Figure.STAFF, body["staff"], 1, body["total_minor"]))
    return counts


def _refund(body: Body) -> list[Count]:
    return _trade(body, RETURNED, -cash_minor(body))


def _trade(body: Body, way: Way, cash: int) -> list[Count]:
    counts = [(way.total, "", 1, body["total_minor"])]
    counts += [(way.paid, tender["kind"], 1, tender["amount_minor"]) for tender in body["tenders"]]
    for total in body["taxes"]:
        rate = _rate(total["code"], total["rate_bp"])
        counts.append((way.net, rate, 1, total["net_minor"]))
        counts.append((way.tax, rate, 1, total["tax_minor"]))
    for line in body["lines"]:
        # Lines on record from before said nothing of it, and are turnover.
        if line.get("promise"):
            counts += _promised(line, way)
    if cash:
        counts.append((Figure.DRAWER, way.kind.value, 1, cash))
    if body["rounding_minor"]:
        counts.append((way.rounding, "", 1, body["rounding_minor"]))
    return counts


def _promised(line: Body, way: Way) -> list[Count]:
    paid_minor = sum(units * minor for units, minor in line["paid"])
    pieces = sum(units for units, _ in line["paid"])
    tax_minor, bonus_minor = line["tax_minor"], line.get("bonus_minor")
    rate = _rate(line["tax_code"], line["tax_rate_bp"])
    counts = [
        (way.promised, line["promise"], pieces, paid_minor),
        (way.promised_net, rate, 1, paid_minor - tax_minor),
        (way.promised_tax, rate, 1, tax_minor),
    ]
    return [*counts, (way.bonus, "", 1, bonus_minor)] if bonus_minor else counts


def _rate(code: str, rate_bp: int) -> str:
    return f"{code} {rate_bp}"


def _line(figure: Figure) -> Callable[[Body], list[Count]]:
    return lambda body: [(figure, "", 1, amount_of(body["price_minor"], body["quantity_milli"]))]


def _cancelled(body: Body) -> list[Count]:
    lost_minor = sum(
        amount_of(line["price_minor"], line["quantity_milli"]) for line in body["lines"]
    )
    return [(Figure.CANCELLED, "", 1, lost_minor)]


def _once(figure: Figure) -> Callable[[Body], list[Count]]:
    return lambda _body: [(figure, "", 1, 0)]


def _no_sale(body: Body) -> list[Count]:
    return [] if body["reason"] == COUNTING else [(Figure.NO_SALE, "", 1, 0)]


def _moved(kind: EntryKind, sign: int) -> Callable[[Body], list[Count]]:
    return lambda body: [(Figure.DRAWER, kind.value, 1, sign * body["amount_minor"])]


def _opened(body: Body) -> list[Count]:
    return [(Figure.DRAWER, OPENED, 1, body["float_minor"] - body["expected_minor"])]


_COUNTING: Final[Mapping[str, Callable[[Body], list[Count]]]] = {
    EntryKind.SALE: _sale,
    EntryKind.REFUND: _refund,
    EntryKind.LINE_VOIDED: _line(Figure.LINE_VOIDED),
    EntryKind.PRICE_OVERRIDDEN: _once(Figure.PRICE_CHANGED),
    EntryKind.PAYMENT_VOIDED: lambda body: [
        (Figure.PAYMENT_VOIDED, body["tender"], 1, body["amount_minor"])
    ],
    EntryKind.SALE_CANCELLED: _cancelled,
    EntryKind.DRAWER_NO_SALE: _no_sale,
    EntryKind.RECEIPT_COPIED: _once(Figure.COPY),
    EntryKind.CASH_PAID_IN: _moved(EntryKind.CASH_PAID_IN, +1),
    EntryKind.CASH_PAID_OUT: _moved(EntryKind.CASH_PAID_OUT, -1),
    EntryKind.SHIFT_OPENED: _opened,
    EntryKind.SHIFT_REPORTED: _once(Figure.REPORTED),
}

# The kinds of record that a report counts.
COUNTED_KINDS: Final = frozenset(_COUNTING)
