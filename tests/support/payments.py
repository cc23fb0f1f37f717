"""Payments as the journal has them, for tests of the store and of the core."""

from dataclasses import replace

from edge.checkout.payments.payment import (
    OpenPayment,
    PaymentAnswer,
    PaymentOutcome,
    PaymentPhase,
    payment_entry,
    settled_entry,
)
from edge.checkout.records import Entry, Sale, Tender, TenderKind

INTENT = "till-07-1-1-boota"


def open_payment(
    intent_id: str = INTENT,
    amount_minor: int = 995,
    *,
    receipt_no: int = 1,
    currency: str = "GBP",
    phase: PaymentPhase = PaymentPhase.SENT,
) -> OpenPayment:
    return OpenPayment(intent_id, amount_minor, currency, receipt_no, "mobile", phase)


def refund_of(
    payment: OpenPayment, refund_id: str, amount_minor: int, *, receipt_no: int = 2
) -> OpenPayment:
    return replace(
        payment,
        refund_id=refund_id,
        amount_minor=amount_minor,
        receipt_no=receipt_no,
        phase=PaymentPhase.REFUNDING,
    )


def settled(payment: OpenPayment, outcome: PaymentOutcome, detail: str = "") -> Entry:
    answer = PaymentAnswer(
        payment.intent_id,
        outcome,
        payment.amount_minor,
        f"gw-{payment.id}",
        detail,
        payment.currency,
        payment.refund_id,
    )
    return settled_entry(payment, answer)


def approved(payment: OpenPayment) -> tuple[Entry, ...]:
    """Begun and approved."""
    return payment_entry(payment), settled(payment, PaymentOutcome.APPROVED)


def paid_with(sale: Sale, payment: OpenPayment) -> Sale:
    """The sale, paid with this payment alone."""
    tender = Tender(
        TenderKind.MOBILE, sale.total_minor, sale.total_minor, 0, reference=payment.intent_id
    )
    return replace(sale, tenders=(tender,))
