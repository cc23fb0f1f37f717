"""Paying by the code on the customer's phone: the amount, the code, the wait, and taking it back.

The intent is on disk before the code is asked for, and that it is taken back before the terminal is
asked to. The code goes from the scanner to the terminal, and nothing here keeps it.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from edge.checkout.asking import about, ask, end_question, open_question
from edge.checkout.effects import Beep, PayIntent, RecordEntries, RemindWait, StoreEntries, Tone
from edge.checkout.goods.barcode import is_ascii_digits
from edge.checkout.inputs import BarcodeScanned, KeyPressed, SaleStored, WaitReminded
from edge.checkout.instant import Instant
from edge.checkout.money import write_amount
from edge.checkout.payments.paying import MAX_REFERENCE, next_tender, take, void_payment
from edge.checkout.payments.payment import (
    BY_HAND,
    OpenPayment,
    PaymentIntent,
    PaymentOutcome,
    PaymentPhase,
    next_id,
    payment_entry,
    settled_entry,
    unanswered,
)
from edge.checkout.payments.payment_asking import take_back
from edge.checkout.payments.payment_policy import begun
from edge.checkout.payments.payment_watch import MAX_OPEN_PAYMENTS, Watch
from edge.checkout.records import Tender, TenderKind
from edge.checkout.session import (
    Facts,
    Prompt,
    Session,
    State,
    Step,
    Storing,
    forget_entry,
    open_basket,
    refuse,
    say,
)
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_payment import PaymentWord

# Codes of today have 16 to 24 digits. A card number can be one of them: what is scanned where a
# payment code is asked for goes to the payment terminal alone.
CODE_DIGITS: Final = range(16, 25)
MS_PER_S: Final = 1000


@dataclass(frozen=True, slots=True)
class Wait:
    """The payment that the cashier waits for, and since when on the monotonic clock."""

    payment_id: str
    since_ms: int


def ask_mobile(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Mobile: the keyed part or all that is due goes on record; the customer's code is next."""
    shop = facts.shop
    if not shop.payment_terminal:
        return refuse(session, PaymentWord.REFUSED_NO_TERMINAL)
    if len(session.payments.watches) >= MAX_OPEN_PAYMENTS:
        return refuse(session, PaymentWord.REFUSED_OPEN)
    tender = next_tender(session, TenderKind.MOBILE, shop)
    if isinstance(tender, Saying):
        return refuse(session, tender)
    if tender.amount_minor == 0:
        return refuse(session, Word.REFUSED_AMOUNT)
    payment = OpenPayment(
        intent_id=next_id(shop.device, session.payments.books, pressed.at),
        amount_minor=tender.amount_minor,
        currency=shop.currency.code,
        receipt_no=open_basket(session).receipt_no,
        terminal=shop.payment_terminal,
        phase=PaymentPhase.SENT,
    )
    session = replace(
        forget_entry(session),
        state=State.STORING,
        storing=Storing(State.TENDERING, after=partial(_ask_code, payment.id)),
        payments=session.payments.begin(payment, pressed.at.mono_ms),
        notice=None,
    )
    effect = StoreEntries(at=pressed.at, entries=(payment_entry(payment),), ends_basket=False)
    return session, (effect,)


def _ask_code(payment_id: str, session: Session, stored: SaleStored, facts: Facts) -> Step:
    if facts.shop.payment_is_keyed:
        return ask_approval(session, payment_id, stored.at), ()
    return ask(session, SCAN_CODE, Wait(payment_id, stored.at.mono_ms)), ()


def ask_approval(session: Session, payment_id: str, at: Instant) -> Session:
    """What the stand-alone terminal says of it is to be keyed: nobody else knows."""
    return ask(replace(session, notice=None), KEY_APPROVAL, Wait(payment_id, at.mono_ms))


def _take_code(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """The code goes to the terminal, once."""
    code = scanned.code
    if len(code) not in CODE_DIGITS or not is_ascii_digits(code):
        return refuse(session, PaymentWord.REFUSED_CODE)
    return _send(session, code, scanned.at)


def _take_approval(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: the terminal has approved it, and this is its code."""
    code = session.entry
    if session.quantity_milli is not None or not code or "." in code:
        return refuse(forget_entry(session), PaymentWord.REFUSED_APPROVAL)
    if len(code) > MAX_REFERENCE:
        return refuse(forget_entry(session), Word.REFUSED_CARD_NUMBER)
    return _send(forget_entry(session), code, pressed.at)


def _send(session: Session, code: str, at: Instant) -> Step:
    watch = awaited(session)
    payment, now_ms = watch.payment, at.mono_ms
    watch = replace(watch, course=begun(now_ms), attempt=watch.attempt + 1, asked=True)
    session = replace(session, payments=session.payments.put(watch))
    intent = PaymentIntent(payment.intent_id, payment.amount_minor, payment.currency, code)
    effect = PayIntent(payment.terminal, intent, watch.attempt)
    session = ask(session, CONFIRMING, Wait(payment.id, now_ms))
    return session, (effect, reminder(payment.id), Beep(Tone.GOOD))


def _need_code(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return refuse(forget_entry(session), PaymentWord.REFUSED_SCAN)


def _never_sent(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR before a code was scanned: nobody was asked for anything, which goes on record."""
    return _not_charged(session, pressed, "not_sent")


def _not_approved(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: the cashier says that the terminal has charged nothing, which goes on record."""
    return _not_charged(session, pressed, BY_HAND)


def _not_charged(session: Session, pressed: KeyPressed, detail: str) -> Step:
    payment = awaited(session).payment
    entry = settled_entry(payment, unanswered(payment, PaymentOutcome.DECLINED, detail))
    session = replace(session, payments=session.payments.without(payment.id))
    return end_question(session), (RecordEntries(pressed.at, (entry,)),)


def _keep_waiting(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return refuse(forget_entry(session), PaymentWord.REFUSED_WAIT)


def _give_up(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: the payment is taken back, on record first; a second one leaves that to itself."""
    watch = awaited(session)
    session, effect = take_back(session, watch, pressed.at)
    return ask(session, TAKING_BACK, Wait(watch.payment.id, pressed.at.mono_ms)), (effect,)


def _leave_it(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR again: the sale is paid in another way, whatever comes of the reversal."""
    amount = _amount(session, facts)
    return say(end_question(session), PaymentWord.DROPPED, amount), ()


def _amount(session: Session, facts: Facts) -> str:
    return write_amount(awaited(session).payment.amount_minor, facts.shop.currency)


def is_awaited(session: Session, payment_id: str) -> bool:
    """Whether the cashier waits for this payment."""
    if session.state is not State.ASKING:
        return False
    subject = open_question(session).about
    return isinstance(subject, Wait) and subject.payment_id == payment_id


def waits(session: Session) -> bool:
    """Whether the cashier waits for a payment, or is asked its code."""
    return session.asking is not None and isinstance(session.asking.about, Wait)


def awaited(session: Session) -> Watch:
    """The payment that the cashier waits for, or is asked the code of."""
    return session.payments.known(about(session, Wait).payment_id)


def show_wait(session: Session, outcome: PaymentOutcome, at: Instant) -> Session:
    """The question of whoever waits, with what is known by now and for how long he has waited."""
    prompt = CONFIRMING if outcome is PaymentOutcome.PENDING else UNKNOWN
    if awaited(session).payment.phase is PaymentPhase.REVERSING:
        prompt = TAKING_BACK
    return _say_how_long(ask(session, prompt, about(session, Wait)), at)


def _say_how_long(session: Session, at: Instant) -> Session:
    prompt = open_question(session).prompt
    word = next(word for each, word in WAITS if each is prompt)
    waited_s = (at.mono_ms - about(session, Wait).since_ms) // MS_PER_S
    return say(session, word, str(waited_s))


def reminder(payment_id: str) -> RemindWait:
    """So that the screen counts the seconds also while the terminal says nothing."""
    return RemindWait(payment_id, MS_PER_S)


def remind(session: Session, reminded: WaitReminded, facts: Facts) -> Step:
    """Another second has passed; whoever still waits sees it."""
    payment_id = reminded.payment_id
    if not is_awaited(session, payment_id) or open_question(session).prompt is KEY_APPROVAL:
        return session, ()
    return _say_how_long(session, reminded.at), (reminder(payment_id),)


def take_paid(payment_id: str, session: Session, stored: SaleStored, facts: Facts) -> Step:
    """That it is approved is on record: now it is a payment of the sale."""
    payment = session.payments.known(payment_id).payment
    session, effects = take(session, tender_of(payment), stored.at, facts)
    return session, (*effects, Beep(Tone.GOOD))


def tender_of(payment: OpenPayment) -> Tender:
    """The approved payment in a basket; its reference is the intent's id."""
    amount_minor = payment.amount_minor
    return Tender(TenderKind.MOBILE, amount_minor, amount_minor, 0, payment.intent_id)


def void_last(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """VOID takes the last payment back, and a phone's is given back; of a card the cashier is told
    to void it on the terminal as well.
    """
    before = open_basket(session).tenders
    session, effects = void_payment(session, pressed, facts)
    if len(open_basket(session).tenders) == len(before):
        return session, effects
    last = before[-1]
    if last.kind is TenderKind.CARD:
        return say(session, PaymentWord.VOID_CARD), effects
    if last.kind is not TenderKind.MOBILE:
        return session, effects
    session, effect = take_back(session, session.payments.known(last.reference), pressed.at)
    return session, (*effects, effect)


SCAN_CODE: Final = Prompt(
    PaymentWord.MOBILE,
    PaymentWord.SCAN_CODE,
    _need_code,
    scan=_take_code,
    detail=_amount,
    leave=_never_sent,
)
KEY_APPROVAL: Final = Prompt(
    PaymentWord.MOBILE,
    PaymentWord.KEY_APPROVAL,
    _take_approval,
    detail=_amount,
    leave=_not_approved,
)
CONFIRMING: Final = Prompt(
    PaymentWord.MOBILE, PaymentWord.CONFIRMING, _keep_waiting, detail=_amount, leave=_give_up
)
UNKNOWN: Final = Prompt(
    PaymentWord.UNKNOWN, PaymentWord.STILL_UNKNOWN, _keep_waiting, detail=_amount, leave=_give_up
)
TAKING_BACK: Final = Prompt(
    PaymentWord.TAKING_BACK,
    PaymentWord.BEING_TAKEN_BACK,
    _keep_waiting,
    detail=_amount,
    leave=_leave_it,
)
WAITS: Final = (
    (CONFIRMING, PaymentWord.CONFIRMING_FOR),
    (UNKNOWN, PaymentWord.UNKNOWN_FOR),
    (TAKING_BACK, PaymentWord.TAKING_BACK_FOR),
)
