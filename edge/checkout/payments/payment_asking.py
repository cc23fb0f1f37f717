"""What is asked of payment terminals, and what goes on record before that."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from edge.checkout.effects import AskPayment, Effect
from edge.checkout.instant import Instant
from edge.checkout.payments.payment import (
    AskMove,
    OpenPayment,
    PaymentPhase,
    next_id,
    payment_entry,
    reversing_entry,
)
from edge.checkout.payments.payment_watch import Payments, Watch, watch_of
from edge.checkout.records import Entry, EntryKind, Sale, TenderKind
from edge.checkout.session import Facts, Session, Step

MOVES: Final[Mapping[PaymentPhase, AskMove]] = {
    PaymentPhase.SENT: AskMove.QUERY,
    PaymentPhase.LAPSED: AskMove.QUERY,
    PaymentPhase.REVERSING: AskMove.REVERSE,
    PaymentPhase.REFUNDING: AskMove.REFUND,
}


def ask_terminal(
    session: Session, payment: OpenPayment, at: Instant, *, first: tuple[Entry, ...] = ()
) -> tuple[Session, AskPayment]:
    """A new question about the payment, with all of its patience; answers to earlier ones are not
    heard any more.
    """
    before = session.payments.known(payment.id)
    watch = replace(
        watch_of(payment, at.mono_ms),
        attempt=before.attempt + 1,
        asked=True,
        no_terminal=before.no_terminal,
        by_hand=before.by_hand,
    )
    effect = AskPayment(MOVES[payment.phase], payment, watch.attempt, at, first=first)
    return replace(session, payments=session.payments.put(watch)), effect


def take_back(session: Session, watch: Watch, at: Instant) -> tuple[Session, AskPayment]:
    """The payment is taken back from now on, and that is on record before it is asked for."""
    payment = replace(watch.payment, phase=PaymentPhase.REVERSING)
    session = replace(session, payments=session.payments.put(replace(watch, payment=payment)))
    return ask_terminal(session, payment, at, first=(reversing_entry(payment),))


def begin_refunds(
    session: Session, refund: Sale, at: Instant, facts: Facts
) -> tuple[Session, tuple[Entry, ...]]:
    """What a refund gives back to payments by code goes on record with it, before it is asked for,
    each from the terminal that took it. Of a sale there is nothing.
    """
    entries: tuple[Entry, ...] = ()
    payments: Payments = session.payments
    took = session.past.found.terminals if session.past is not None else {}
    if refund.kind is not EntryKind.REFUND:
        return session, entries
    for tender in refund.tenders:
        if tender.kind is TenderKind.MOBILE and tender.amount_minor:
            payment = OpenPayment(
                intent_id=tender.reference,
                amount_minor=tender.amount_minor,
                currency=refund.currency,
                receipt_no=refund.receipt_no,
                terminal=took.get(tender.reference, facts.shop.payment_terminal),
                phase=PaymentPhase.REFUNDING,
                refund_id=next_id(facts.shop.device, payments.books, at),
            )
            payments = payments.begin(payment, at.mono_ms)
            entries = (*entries, payment_entry(payment))
    return replace(session, payments=payments), entries


def ask_refunds(session: Session, refund: Sale, at: Instant) -> Step:
    """The refund is on disk: now its payments by code are given back."""
    effects: tuple[Effect, ...] = ()
    for watch in session.payments.watches:
        payment = watch.payment
        begun = payment.phase is PaymentPhase.REFUNDING and not watch.attempt
        if begun and payment.receipt_no == refund.receipt_no:
            session, effect = ask_terminal(session, payment, at)
            effects = (*effects, effect)
    return session, effects
