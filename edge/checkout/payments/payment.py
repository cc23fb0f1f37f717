"""Payments by the customer's code: what is asked, what comes back, and what stands on record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from edge.checkout.instant import Instant
from edge.checkout.records import Entry, EntryKind, JsonObject

# An id has at most 64 characters (docs/payments.md): so much of the box's name leaves room for the
# epoch, the count and the boot.
MAX_ID_DEVICE = 36
ID_BOOT_CHARACTERS = 8
# Why nothing is known where the device that knows is not in the settings any more.
NO_TERMINAL: Final = "no_terminal"
# Why nothing is known of what people do on a terminal that has no wire to the till; and what a
# record says that they have settled.
BY_HAND: Final = "by_hand"


class PaymentOutcome(StrEnum):
    """What is known of a payment. APPROVED: charged once. DECLINED and REVERSED: nothing is
    charged, and nothing will be. PENDING: the customer is confirming. UNKNOWN: it can't be told.

    Of a refund: REVERSED, it went back. DECLINED: nothing went back, and nothing will.
    """

    APPROVED = "approved"
    DECLINED = "declined"
    PENDING = "pending"
    REVERSED = "reversed"
    UNKNOWN = "unknown"


SETTLES = frozenset({PaymentOutcome.APPROVED, PaymentOutcome.DECLINED, PaymentOutcome.REVERSED})


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """What the customer is to be charged. The till journals id, amount and currency before it
    sends this; `payment_code`, which the customer shows for it (16 to 24 digits), is never stored
    or logged, and no text of this object holds it. For a terminal without a wire it is the approval
    code that the cashier read there, which is its reference.
    """

    intent_id: str
    amount_minor: int
    currency: str
    payment_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaymentRefund:
    """What goes back to a payment that was approved: a part of it, or all."""

    refund_id: str
    intent_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class PaymentAnswer:
    """`amount_minor` and `currency` are what the terminal has on its own books for the intent, or
    for the refund if `refund_id` names one, to be compared with the journal; 0 and "" where it
    named none. `reference` is its number for it, `detail` a reason in snake_case.
    """

    intent_id: str
    outcome: PaymentOutcome
    amount_minor: int
    reference: str
    detail: str
    currency: str = ""
    refund_id: str = ""


class PaymentPhase(StrEnum):
    """Where an open payment or refund stands, by the journal.

    SENT: nobody knows yet what becomes of it. REVERSING: it is being taken back. APPROVED: charged,
    and no sale has it yet. LAPSED: open when a restored store opened its epoch, so that the sale
    it paid may be in the part that was lost; it is asked for and never taken back. REFUNDING and
    REFUSED are those of a refund: on its way, or refused, so that the customer still lacks it.
    """

    SENT = "sent"
    REVERSING = "reversing"
    APPROVED = "approved"
    LAPSED = "lapsed"
    REFUNDING = "refunding"
    REFUSED = "refused"


class AskMove(StrEnum):
    """What a terminal is asked of an open payment: how it stands, to take it back, or to give back
    what the refund says.
    """

    QUERY = "query"
    REVERSE = "reverse"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class OpenPayment:
    """A payment that is not settled, or with a `refund_id` a refund that is not: what the journal
    has of it. `receipt_no` is the sale that it was begun for, or the refund; `terminal` the device
    that knows of it.
    """

    intent_id: str
    amount_minor: int
    currency: str
    receipt_no: int
    terminal: str
    phase: PaymentPhase
    refund_id: str = ""

    @property
    def id(self) -> str:
        """Its own id: the refund's, or the intent's."""
        return self.refund_id or self.intent_id

    @property
    def refund(self) -> PaymentRefund:
        """What the terminal is asked to give back."""
        return PaymentRefund(self.refund_id, self.intent_id, self.amount_minor, self.currency)


@dataclass(frozen=True, slots=True)
class PaymentBooks:
    """What the store holds of payments: the journal's epoch, how many payments and refunds were
    ever put on record, and those that are not settled, oldest first.
    """

    epoch: int = 0
    sent: int = 0
    open: tuple[OpenPayment, ...] = ()


NO_BOOKS: Final = PaymentBooks()


def next_id(device: str, books: PaymentBooks, at: Instant) -> str:
    """The id of the next payment or refund: box, epoch, count, and the beginning of the boot's id.

    The count makes it unique in an epoch, the epoch in a store that was restored, the boot among
    boxes with copies of one store: `till-001-1-42-9f86d081`. No dice are needed for it.
    """
    boot = "".join(each for each in at.boot if each.isascii() and each.isalnum())
    parts = (device[:MAX_ID_DEVICE], str(books.epoch), str(books.sent + 1))
    return "-".join((*parts, boot[:ID_BOOT_CHARACTERS]))


def payment_entry(payment: OpenPayment) -> Entry:
    """What goes on record before a payment or refund is sent. The customer's code is not in it."""
    body: JsonObject = {
        "intent": payment.intent_id,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "receipt_no": payment.receipt_no,
        "terminal": payment.terminal,
    }
    if payment.refund_id:
        return Entry(EntryKind.PAYMENT_REFUND_SENT, {**body, "refund": payment.refund_id})
    return Entry(EntryKind.PAYMENT_SENT, body)


def payment_from(kind: EntryKind, body: Mapping[str, Any]) -> OpenPayment:
    """The payment or refund that a record began; the inverse of `payment_entry`. Raises KeyError,
    or ValueError for a kind that begins none.
    """
    if kind not in BEGIN:
        raise ValueError(f"{kind} begins no payment")
    return OpenPayment(
        intent_id=body["intent"],
        amount_minor=body["amount_minor"],
        currency=body["currency"],
        receipt_no=body["receipt_no"],
        terminal=body["terminal"],
        phase=BEGIN[kind],
        refund_id=body.get("refund", ""),
    )


BEGIN: Mapping[EntryKind, PaymentPhase] = {
    EntryKind.PAYMENT_SENT: PaymentPhase.SENT,
    EntryKind.PAYMENT_REFUND_SENT: PaymentPhase.REFUNDING,
}


def reversing_entry(payment: OpenPayment) -> Entry:
    """What goes on record before a payment is taken back."""
    return Entry(EntryKind.PAYMENT_REVERSING, {"intent": payment.intent_id})


def settled_entry(payment: OpenPayment, answer: PaymentAnswer) -> Entry:
    """What became of a payment or refund. Asserts that the answer says so."""
    assert answer.outcome in SETTLES, answer
    body: JsonObject = {
        "intent": payment.intent_id,
        "amount_minor": payment.amount_minor,
        "outcome": answer.outcome.value,
        "reference": answer.reference,
        "detail": answer.detail,
    }
    if payment.refund_id:
        return Entry(EntryKind.PAYMENT_REFUND_SETTLED, {**body, "refund": payment.refund_id})
    return Entry(EntryKind.PAYMENT_SETTLED, body)


def unknown_entry(payment: OpenPayment, detail: str) -> Entry:
    """The payment or refund is left as it is: nobody could tell what became of it."""
    body: JsonObject = {
        "intent": payment.intent_id,
        "amount_minor": payment.amount_minor,
        "detail": detail,
    }
    if payment.refund_id:
        return Entry(EntryKind.PAYMENT_UNKNOWN, {**body, "refund": payment.refund_id})
    return Entry(EntryKind.PAYMENT_UNKNOWN, body)


def unanswered(payment: OpenPayment, outcome: PaymentOutcome, detail: str) -> PaymentAnswer:
    """What is known of it where nobody was asked, or nobody answered."""
    return PaymentAnswer(
        payment.intent_id, outcome, 0, reference="", detail=detail, refund_id=payment.refund_id
    )
