"""What the journal holds: the kinds of entry, and the bodies of a sale and of a refund.

A body is plain JSON with integers only, so that its canonical form (sorted keys, no spaces,
UTF-8) is the same on every machine. Keys carry their units.
"""

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from edge.checkout.loyalty.told import Balance, IssuedCoupon, ToldPoints, told_body, told_from
from edge.checkout.sale.offs import Off, off_bodies, offs_from

Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"
JsonObject: TypeAlias = dict[str, Json]


class EntryKind(StrEnum):
    """The closed list of what a till may put on record."""

    EPOCH_OPENED = "epoch.opened"
    SALE = "sale"
    REFUND = "refund"
    SALE_CANCELLED = "sale.cancelled"
    SALE_HELD = "sale.held"
    SALE_RECALLED = "sale.recalled"
    LINE_VOIDED = "line.voided"
    LINE_CORRECTED = "line.corrected"
    PAYMENT_VOIDED = "payment.voided"
    PRICE_OVERRIDDEN = "price.overridden"
    DRAWER_NO_SALE = "drawer.no_sale"
    DRAWER_FORCED = "drawer.forced"
    DRAWER_LEFT_OPEN = "drawer.left_open"
    DRAWER_CLOSED_LATE = "drawer.closed_late"
    DRAWER_UNSEEN = "drawer.unseen"
    CASH_PAID_IN = "cash.paid_in"
    CASH_PAID_OUT = "cash.paid_out"
    RECEIPT_COPIED = "receipt.copied"
    RECEIPT_REQUESTED = "receipt.requested"
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
    SHIFT_OPENED = "shift.opened"
    SHIFT_REPORTED = "shift.reported"
    SHIFT_CLOSED = "shift.closed"
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
    STOCK_LOW = "stock.low"
    STOCK_COUNTED = "stock.counted"
    AGE_CHECKED = "age.checked"
    MEMBER_CARD_PRINTED = "member.card_printed"
    COUPON_PRINTED = "coupon.printed"
    SELFTEST_RUN = "selftest.run"
    DEVICE_BEGUN_ANEW = "device.begun_anew"


class TenderKind(StrEnum):
    """What a sale is paid with, or a refund paid out in; of a refund some is withheld for a coupon
    that the sale brought, which is used by now.
    """

    CASH = "cash"
    CARD = "card"
    MOBILE = "mobile"
    VOUCHER = "voucher"
    POINTS = "points"
    STORED_VALUE = "stored_value"
    COUNT_CARD = "count_card"
    WITHHELD = "withheld"


class Promise(StrEnum):
    """What a line takes money for that is no turnover yet: what was paid for in advance, or is to
    be given back.
    """

    NONE = ""
    TOP_UP = "top_up"
    COUNT_CARD = "count_card"
    DEPOSIT = "deposit"


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
class Pack:
    """Where a pack comes from and how long it is good, as its GS1 code says; empty where it says
    nothing. `batch` and `serial` have at most 20 characters. Days are ISO 8601: `expires` is the
    last one on which it may be sold (with the minute, `2026-11-20T18:30`, where it says one),
    `best_before` the last one of its best quality.
    """

    batch: str = ""
    serial: str = ""
    expires: str = ""
    best_before: str = ""


NO_PACK: Final = Pack()


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line as it was paid. `paid` holds runs of `(units, minor a unit)`, tax included: within a
    line at most two values, a minor unit apart; a weighed line is one unit. `amount_minor` is what
    is left after `off_minor` of discounts. `of_line` is the line of the original sale that a refund
    gives back, 0 elsewhere; `staff` who did a service; `deposit_of` the line whose deposit it is;
    `pack` what the scanned code said of the pack. A line that is a `promise` is no turnover;
    `bonus_minor` is what a top-up brought on top of what was paid.
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
    off_minor: int = 0
    staff: str = ""
    deposit_of: int = 0
    pack: Pack = NO_PACK
    promise: Promise = Promise.NONE
    bonus_minor: int = 0

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
    came in, which differs from the amount by the cash rounding alone. `account` is what was
    redeemed, and how many of its `units` (points, visits); `covers` are the pieces that it paid for
    and nothing else did: line, the first of them counted from 0, how many.
    """

    kind: TenderKind
    amount_minor: int
    tendered_minor: int
    change_minor: int
    reference: str = ""
    account: str = ""
    units: int = 0
    covers: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale, or a refund when `kind` says so; every amount is a positive integer.

    `rounding_minor` is what cash rounding added to (or took from) `total_minor`;
    `of_receipt_no` is the receipt that a refund gives back, 0 without one; `offs` are the discounts
    that the lines' amounts already went down by; `staff`, `shift` and `member` are numbers;
    `told` is what the member was told with it, `balances` what is left of what else it moved.
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
    offs: tuple[Off, ...] = ()
    staff: str = ""
    shift: int = 0
    member: str = ""
    told: ToldPoints | None = None
    coupons: tuple[IssuedCoupon, ...] = ()
    balances: tuple[Balance, ...] = ()

    @property
    def change_minor(self) -> int:
        """The cash that goes back to the customer."""
        return sum(tender.change_minor for tender in self.tenders)

    @property
    def withheld(self) -> tuple[Tender, ...]:
        """What a refund keeps, which no customer gets."""
        return tuple(each for each in self.tenders if each.kind is TenderKind.WITHHELD)

    @property
    def going_minor(self) -> int:
        """The total without what is withheld: the sum that the customer is told."""
        return self.total_minor - sum(each.amount_minor for each in self.withheld)


def sale_entry(sale: Sale) -> Entry:
    """The journal entry of a sale or refund."""
    body: JsonObject = {
        "receipt_no": sale.receipt_no,
        "of_receipt_no": sale.of_receipt_no,
        "currency": sale.currency,
        "lines": [_line_body(line) for line in sale.lines],
        "taxes": [asdict(tax) for tax in sale.taxes],
        "total_minor": sale.total_minor,
        "rounding_minor": sale.rounding_minor,
        "tenders": tender_bodies(sale.tenders),
    }
    more: JsonObject = {
        "promotions": off_bodies(sale.offs),
        "staff": sale.staff,
        "shift": sale.shift,
        "member": sale.member,
        "told": told_body(sale.told) if sale.told else None,
        "coupons": [list(astuple(each)) for each in sale.coupons],
        "balances": [list(astuple(each)) for each in sale.balances],
    }
    return Entry(sale.kind, {**body, **_given(more)})


def _given(body: JsonObject) -> JsonObject:
    """Without what is empty: a record says what there was."""
    return {key: value for key, value in body.items() if value}


def tender_bodies(tenders: tuple[Tender, ...]) -> list[Json]:
    """Payments as JSON, in their order."""
    return [
        {
            "kind": tender.kind.value,
            "amount_minor": tender.amount_minor,
            "tendered_minor": tender.tendered_minor,
            "change_minor": tender.change_minor,
            "reference": tender.reference,
            **_given(
                {
                    "account": tender.account,
                    "units": tender.units,
                    "covers": [list(each) for each in tender.covers],
                }
            ),
        }
        for tender in tenders
    ]


def tenders_from(bodies: Any) -> tuple[Tender, ...]:
    """The inverse of `tender_bodies`. Raises KeyError, TypeError or ValueError on anything else."""
    return tuple(
        Tender(
            **{
                **tender,
                "kind": TenderKind(tender["kind"]),
                "covers": tuple((line, at, n) for line, at, n in tender.get("covers", ())),
            }
        )
        for tender in bodies
    )


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
        **_given({"off_minor": line.off_minor, "staff": line.staff, "deposit_of": line.deposit_of}),
        **_given({"promise": line.promise.value, "bonus_minor": line.bonus_minor}),
        **pack_body(line.pack),
    }


def pack_body(pack: Pack) -> JsonObject:
    """What is known of a pack, under its key; nothing where nothing is."""
    said = _given(
        {
            "batch": pack.batch,
            "serial": pack.serial,
            "expires": pack.expires,
            "best_before": pack.best_before,
        }
    )
    return {"pack": said} if said else {}


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
                    "pack": Pack(**line.get("pack", {})),
                    "promise": Promise(line.get("promise", "")),
                }
            )
            for line in body["lines"]
        ),
        taxes=tuple(TaxTotal(**tax) for tax in body["taxes"]),
        total_minor=body["total_minor"],
        rounding_minor=body["rounding_minor"],
        tenders=tenders_from(body["tenders"]),
        offs=offs_from(body.get("promotions", [])),
        staff=body.get("staff", ""),
        shift=body.get("shift", 0),
        member=body.get("member", ""),
        told=told_from(body["told"]) if "told" in body else None,
        coupons=tuple(IssuedCoupon(*each) for each in body.get("coupons", [])),
        balances=tuple(Balance(*each) for each in body.get("balances", [])),
    )
