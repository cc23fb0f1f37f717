"""What payment terminals answer, and what the till does next of its own accord.

While the cashier waits, what is charged is a payment of the sale. What turns out to be charged when
nobody waits for it any more is given back.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from edge.checkout.asking import end_question
from edge.checkout.effects import AskPayment, Effect, RecordEntries, StoreEntries
from edge.checkout.inputs import PaymentAnswered
from edge.checkout.instant import Instant
from edge.checkout.money import write_amount
from edge.checkout.payments.mobile import ask_approval, is_awaited, show_wait, take_paid
from edge.checkout.payments.payment import (
    BY_HAND,
    NO_TERMINAL,
    OpenPayment,
    PaymentAnswer,
    PaymentOutcome,
    PaymentPhase,
    next_id,
    payment_entry,
    settled_entry,
    unknown_entry,
)
from edge.checkout.payments.payment_asking import MOVES, ask_terminal, take_back
from edge.checkout.payments.payment_policy import Move, after, credible
from edge.checkout.payments.payment_watch import TAKING_BACK, Watch
from edge.checkout.session import Facts, Session, State, Step, Storing, refuse, say, sound_alarm
from edge.checkout.words.texts_payment import PaymentWord

# Why a payment was declined, as far as a cashier can do something about it.
DECLINED_WORDS: Final[Mapping[str, PaymentWord]] = {
    "code_expired": PaymentWord.REFUSED_EXPIRED,
    "insufficient_funds": PaymentWord.REFUSED_FUNDS,
    "not_sent": PaymentWord.REFUSED_OFFLINE,
    "not_ready": PaymentWord.REFUSED_OFFLINE,
    "busy": PaymentWord.REFUSED_OFFLINE,
}
# What somebody is to do on a terminal that has no wire.
LEFT_WORDS: Final[Mapping[PaymentPhase, PaymentWord]] = {
    PaymentPhase.SENT: PaymentWord.VOID_THERE,
    PaymentPhase.REVERSING: PaymentWord.VOID_THERE,
    PaymentPhase.LAPSED: PaymentWord.LEFT_UNKNOWN,
    PaymentPhase.REFUNDING: PaymentWord.REFUND_THERE,
}


def payment_answered(session: Session, answered: PaymentAnswered, facts: Facts) -> Step:
    """An answer counts when it is to the last question and about this very payment; what it leaves
    open is asked again, taken back or left, as patience has it.
    """
    watch = session.payments.find(answered.payment_id)
    is_last = watch is not None and watch.asked and watch.attempt == answered.attempt
    if watch is None or not is_last or session.state is State.STOPPED:
        return session, ()
    answer = credible(answered.answer, watch.payment)
    watch = replace(
        watch, no_terminal=answer.detail == NO_TERMINAL, by_hand=answer.detail == BY_HAND
    )
    session = replace(session, payments=session.payments.put(watch))
    if watch.by_hand:
        return _ask_people(session, watch, answer, answered.at, facts)
    patience = facts.shop.patience
    course, following = after(watch.course, answer.outcome, answered.at.mono_ms, patience)
    if following.move is Move.SETTLE:
        return _settle(session, watch.payment, answer, answered.at, facts)
    begins_to_reverse = following.move is Move.REVERSE and not _is_going_back(watch)
    lapsed = watch.payment.phase is PaymentPhase.LAPSED
    if following.move is Move.LEAVE or (begins_to_reverse and lapsed):
        return _leave(session, watch, answer, answered.at, facts)
    if begins_to_reverse:
        session, effect = take_back(session, watch, answered.at)
    else:
        watch = replace(watch, course=course, attempt=watch.attempt + 1)
        session = replace(session, payments=session.payments.put(watch))
        effect = _again(watch, answered.at, following.wait_ms)
    if is_awaited(session, answered.payment_id):
        session = show_wait(session, answer.outcome, answered.at)
    return session, (effect,)


def _ask_people(
    session: Session, watch: Watch, answer: PaymentAnswer, at: Instant, facts: Facts
) -> Step:
    """The terminal has no wire: whoever waits reads there what became of it, and somebody does
    there what is to be done.
    """
    payment = watch.payment
    if payment.phase is PaymentPhase.SENT and is_awaited(session, payment.id):
        return ask_approval(_left(session, payment), payment.id, at), ()
    return _leave(session, watch, answer, at, facts)


def _is_going_back(watch: Watch) -> bool:
    return watch.payment.phase in TAKING_BACK


def _again(watch: Watch, at: Instant, wait_ms: int) -> AskPayment:
    return AskPayment(
        MOVES[watch.payment.phase], watch.payment, watch.attempt, at, after_ms=wait_ms
    )


def _leave(
    session: Session, watch: Watch, answer: PaymentAnswer, at: Instant, facts: Facts
) -> Step:
    """Nobody can tell; it stays on record as such until it is asked for again."""
    payment = watch.payment
    session = _left(session, payment)
    if is_awaited(session, payment.id):
        session = end_question(session)
    word = LEFT_WORDS[payment.phase] if watch.by_hand else PaymentWord.LEFT_UNKNOWN
    session, beep = sound_alarm(session, word, _amount(payment, facts))
    return session, (RecordEntries(at, (unknown_entry(payment, answer.detail),)), *beep)


def _settle(
    session: Session, payment: OpenPayment, answer: PaymentAnswer, at: Instant, facts: Facts
) -> Step:
    if payment.refund_id:
        return _settle_refund(session, payment, answer, at, facts)
    charged = answer.outcome is PaymentOutcome.APPROVED
    if charged and is_awaited(session, payment.id):
        return _paid(session, payment, answer, at)
    if charged and payment.phase is not PaymentPhase.LAPSED:
        return _goes_back(session, payment, answer, at, facts)
    record = RecordEntries(at, (settled_entry(payment, answer),))
    awaited = is_awaited(session, payment.id)
    if awaited:
        session = end_question(session)
    session = replace(session, payments=session.payments.without(payment.id))
    if not awaited:
        return session, (record,)
    session, beep = _say_not_charged(session, payment, answer)
    return session, (record, *beep)


def _say_not_charged(session: Session, payment: OpenPayment, answer: PaymentAnswer) -> Step:
    if payment.phase is PaymentPhase.REVERSING:
        return say(session, PaymentWord.TAKEN_BACK), ()
    if answer.outcome is PaymentOutcome.REVERSED:
        return say(session, PaymentWord.NOT_CHARGED), ()
    word = DECLINED_WORDS.get(answer.detail, PaymentWord.REFUSED_DECLINED)
    return refuse(session, word)


def _paid(session: Session, payment: OpenPayment, answer: PaymentAnswer, at: Instant) -> Step:
    """The cashier waits: it goes on record, and then into the basket, even if it was to be taken
    back and can't be any more.
    """
    session = _keep_approved(end_question(session), payment)
    storing = Storing(State.TENDERING, after=partial(take_paid, payment.id))
    session = replace(session, state=State.STORING, storing=storing)
    entries = (settled_entry(payment, answer),)
    return session, (StoreEntries(at=at, entries=entries, ends_basket=False),)


def _keep_approved(session: Session, payment: OpenPayment) -> Session:
    return _left(session, replace(payment, phase=PaymentPhase.APPROVED))


def _left(session: Session, payment: OpenPayment) -> Session:
    """With the payment as it is now, and nobody asked about it."""
    watch = replace(session.payments.known(payment.id), payment=payment, asked=False)
    return replace(session, payments=session.payments.put(watch))


def _goes_back(
    session: Session, payment: OpenPayment, answer: PaymentAnswer, at: Instant, facts: Facts
) -> Step:
    """Charged, though the sale was to be paid otherwise: all of it is given back."""
    refund = replace(
        payment,
        phase=PaymentPhase.REFUNDING,
        refund_id=next_id(facts.shop.device, session.payments.books, at),
    )
    session = _keep_approved(session, payment)
    session = replace(session, payments=session.payments.begin(refund, at.mono_ms))
    entries = (settled_entry(payment, answer), payment_entry(refund))
    session, effect = ask_terminal(session, refund, at, first=entries)
    session, beep = sound_alarm(session, PaymentWord.GOES_BACK, _amount(payment, facts))
    return session, (effect, *beep)


def _settle_refund(
    session: Session, refund: OpenPayment, answer: PaymentAnswer, at: Instant, facts: Facts
) -> Step:
    """It went back, or the customer must have the money in another way."""
    effects: tuple[Effect, ...] = (RecordEntries(at, (settled_entry(refund, answer),)),)
    if answer.outcome is PaymentOutcome.REVERSED:
        payments = session.payments.without(refund.id, refund.intent_id)
        return replace(session, payments=payments), effects
    session = _left(session, replace(refund, phase=PaymentPhase.REFUSED))
    session, beep = sound_alarm(session, PaymentWord.REFUND_REFUSED, _amount(refund, facts))
    return session, (*effects, *beep)


def _amount(payment: OpenPayment, facts: Facts) -> str:
    return write_amount(payment.amount_minor, facts.shop.currency)
