"""What a Z report says so far: sums that each record of the journal adds to, and nothing else.

Adding is all that is done with them, so that they can be kept up to date one record at a time, and
anybody can work a Z out again from the records that it covers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from edge.checkout.quantity import amount_of
from edge.checkout.records import EntryKind, Json, TenderKind

# Why the drawer's cash is what it is: what the Z before left in it, what its count at the opening
# changed of that, and the kinds of record that move cash.
LEFT, OPENED = "left", "opened"
# The reason of a drawer opening that is no `no sale`: its cash is to be counted.
COUNTING: Final = "count"


class Figure(StrEnum):
    """What is counted. `TAKEN` and `GIVEN` have a row for each tender kind, `NET` and `TAX` for
    each rate (`A 1300`: code and basis points), `DISCOUNT` for each lane, `STAFF` for each person,
    `DRAWER` for each cause; rows of the drawer are signed, and their sum is what is in it.
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


def _sale(body: Body) -> list[Count]:
    counts: list[Count] = [(Figure.SALE, "", 1, body["total_minor"])]
    counts += _trade(body, EntryKind.SALE, Figure.TAKEN, Figure.NET, Figure.TAX, cash_minor(body))
    if body["rounding_minor"]:
        counts.append((Figure.ROUNDING, "", 1, body["rounding_minor"]))
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
    counts: list[Count] = [(Figure.REFUND, "", 1, body["total_minor"])]
    figures = (Figure.GIVEN, Figure.REFUND_NET, Figure.REFUND_TAX)
    counts += _trade(body, EntryKind.REFUND, *figures, -cash_minor(body))
    if body["rounding_minor"]:
        counts.append((Figure.REFUND_ROUNDING, "", 1, body["rounding_minor"]))
    return counts


def _trade(
    body: Body, cause: str, paid: Figure, net: Figure, tax: Figure, cash: int
) -> list[Count]:
    counts = [(paid, tender["kind"], 1, tender["amount_minor"]) for tender in body["tenders"]]
    for total in body["taxes"]:
        rate = f"{total['code']} {total['rate_bp']}"
        counts.append((net, rate, 1, total["net_minor"]))
        counts.append((tax, rate, 1, total["tax_minor"]))
    if cash:
        counts.append((Figure.DRAWER, str(cause), 1, cash))
    return counts


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
