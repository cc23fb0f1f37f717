"""What the journal holds: the kinds of entry, and the bodies of a sale and of a refund.

A body is plain JSON with integers only, so that its canonical form (sorted keys, no spaces,
UTF-8) is the same on every machine. Keys carry their units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"
JsonObject: TypeAlias = dict[str, Json]


class EntryKind(StrEnum):
    """The closed list of what a till may put on record."""

    EPOCH_OPENED = "epoch.opened"
    SALE = "sale"
    REFUND = "refund"
    SALE_CANCELLED = "sale.cancelled"
    LINE_VOIDED = "line.voided"
    LINE_CORRECTED = "line.corrected"
    PAYMENT_VOIDED = "payment.voided"
    PRICE_OVERRIDDEN = "price.overridden"
    DRAWER_NO_SALE = "drawer.no_sale"
    CASH_PAID_IN = "cash.paid_in"
    CASH_PAID_OUT = "cash.paid_out"
    RECEIPT_COPIED = "receipt.copied"
    STOCK_ADJUSTED = "stock.adjusted"
    CATALOGUE_LOADED = "catalogue.loaded"
    LEASE_GRANTED = "lease.granted"
    LEASE_RELEASED = "lease.released"
    ACCOUNT_CREDITED = "account.credited"
    ACCOUNT_REDEEMED = "account.redeemed"
    ACCOUNT_REVERSED = "account.reversed"
    ACCOUNT_TAKEN_BACK = "account.taken_back"
    ACCOUNT_EXPIRED = "account.expired"
    MEMBER_ENROLLED = "member.enrolled"
    MEMBER_UPDATED = "member.updated"
    MEMBER_BLOCKED = "member.blocked"
    MEMBER_CARD_REPLACED = "member.card_replaced"
    MEMBER_BOUGHT = "member.bought"
    MEMBER_RETURNED = "member.returned"
    MEMBERS_LOADED = "members.loaded"
    PROMOTIONS_LOADED = "promotions.loaded"
    DISCOUNT_GIVEN = "discount.given"
    PAYMENT_SENT = "payment.sent"
    PAYMENT_REVERSING = "payment.reversing"
    PAYMENT_SETTLED = "payment.settled"
    PAYMENT_UNKNOWN = "payment.unknown"
    PAYMENT_REFUND_SENT = "payment.refund_sent"
    PAYMENT_REFUND_SETTLED = "payment.refund_settled"
    STAFF_LOADED = "staff.loaded"
    STAFF_SIGNED_ON = "staff.signed_on"
    STAFF_SIGNED_OFF = "staff.signed_off"
    STAFF_REFUSED = "staff.refused"
    STAFF_UNLOCKED = "staff.unlocked"
    STAFF_CLOCKED_IN = "staff.clocked_in"
    STAFF_CLOCKED_OUT = "staff.clocked_out"
    STAFF_BREAK_BEGAN = "staff.break_began"
    STAFF_BREAK_ENDED = "staff.break_ended"
    PERMISSION_LIFTED = "permission.lifted"


class TenderKind(StrEnum):
    """What a sale is paid with, or a refund paid out in."""

    CASH = "cash"
    CARD = "card"


class Unit(StrEnum):
    """What a thousand thousandths of a product are."""

    EACH = "each"
    KG = "kg"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to put on record; the store gives it its place in the chain."""

    kind: EntryKind
    body: JsonObject


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as it was paid. `paid` holds runs of `(units, minor a unit)`, tax included: within a
    line at most two values, a minor unit apart; a weighed line is one unit. `of_line` is the line
    of the original sale that a refund gives back, 0 elsewhere.
    """

    line: int
    plu: str
    code: str
    name: str
    unit: Unit
    quantity_milli: int
    price_minor: int
    list_price_minor: int
    amount_minor: int
    tax_code: str
    tax_rate_bp: int
    tax_minor: int
    paid: tuple[tuple[int, int], ...]
    of_line: int = 0

    @property
    def paid_minor(self) -> int:
        """What the customer paid for the line, tax included."""
        return sum(units * minor for units, minor in self.paid)


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One rate's share of a sale: net, tax and their sum, in minor units."""

    code: str
    rate_bp: int
    net_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True)
class Tender:
    """One payment. `amount_minor` is what it settles; `tendered_minor - change_minor` is what
    came in, which differs from the amount by the cash rounding alone.
    """

    kind: TenderKind
    amount_minor: int
    tendered_minor: int
    change_minor: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale, or a refund when `kind` says so; every amount is a positive integer.

    `rounding_minor` is what cash rounding added to (or took from) `total_minor`;
    `of_receipt_no` is the receipt that a refund gives back, 0 without one.
    """

    kind: EntryKind
    receipt_no: int
    currency: str
    lines: tuple[SoldLine, ...]
    taxes: tuple[TaxTotal, ...]
    total_minor: int
    rounding_minor: int
    tenders: tuple[Tender, ...]
    of_receipt_no: int = 0

    @property
    def change_minor(self) -> int:
        """The cash that goes back to the customer."""
        return sum(tender.change_minor for tender in self.tenders)


def sale_entry(sale: Sale) -> Entry:
    """The journal entry of a sale or refund."""
    body: JsonObject = {
        "receipt_no": sale.receipt_no,
        "of_receipt_no": sale.of_receipt_no,
        "currency": sale.currency,
        "lines": [_line_body(line) for line in sale.lines],
        "taxes": [
            {
                "code": tax.code,
                "rate_bp": tax.rate_bp,
                "net_minor": tax.net_minor,
                "tax_minor": tax.tax_minor,
                "gross_minor": tax.gross_minor,
            }
            for tax in sale.taxes
        ],
        "total_minor": sale.total_minor,
        "rounding_minor": sale.rounding_minor,
        "tenders": tender_bodies(sale.tenders),
    }
    return Entry(sale.kind, body)


def tender_bodies(tenders: tuple[Tender, ...]) -> list[Json]:
    """Payments as JSON, in their order."""
    return [
        {
            "kind": tender.kind.value,
            "amount_minor": tender.amount_minor,
            "tendered_minor": tender.tendered_minor,
            "change_minor": tender.change_minor,
            "reference": tender.reference,
        }
        for tender in tenders
    ]


def _line_body(line: SoldLine) -> JsonObject:
    return {
        "line": line.line,
        "plu": line.plu,
        "code": line.code,
        "name": line.name,
        "unit": line.unit.value,
        "quantity_milli": line.quantity_milli,
        "price_minor": line.price_minor,
        "list_price_minor": line.list_price_minor,
        "amount_minor": line.amount_minor,
        "tax_code": line.tax_code,
        "tax_rate_bp": line.tax_rate_bp,
        "tax_minor": line.tax_minor,
        "paid": [[units, minor] for units, minor in line.paid],
        "of_line": line.of_line,
    }


def sale_from(kind: EntryKind, body: Mapping[str, Any]) -> Sale:
    """The sale of a journal body; the inverse of `sale_entry`. Raises KeyError, TypeError or
    ValueError when the body is not one.
    """
    return Sale(
        kind=kind,
        receipt_no=body["receipt_no"],
        of_receipt_no=body["of_receipt_no"],
        currency=body["currency"],
        lines=tuple(
            SoldLine(
                **{
                    **line,
                    "unit": Unit(line["unit"]),
                    "paid": tuple((units, minor) for units, minor in line["paid"]),
                }
            )
            for line in body["lines"]
        ),
        taxes=tuple(TaxTotal(**tax) for tax in body["taxes"]),
        total_minor=body["total_minor"],
        rounding_minor=body["rounding_minor"],
        tenders=tuple(
            Tender(**{**tender, "kind": TenderKind(tender["kind"])}) for tender in body["tenders"]
        ),
    )
