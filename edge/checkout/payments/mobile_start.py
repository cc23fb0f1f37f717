"""Payments at a start, when the network is back, and by hand: what is open is asked for or taken
back, and never paid again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from edge.checkout import outcomes
from edge.checkout.asking import about, ask, chosen, end_question, open_question
from edge.checkout.effects import Effect, StoreEntries
from edge.checkout.inputs import Input, Key, KeyPressed, SaleStored, Started, UplinkChanged
from edge.checkout.instant import Instant
from edge.checkout.money import round_to_step, write_amount
from edge.checkout.payments.mobile import UNKNOWN, Wait, reminder, tender_of
from edge.checkout.payments.paying import due, take
from edge.checkout.payments.payment import (
    BY_HAND,
    OpenPayment,
    PaymentAnswer,
    PaymentOutcome,
    PaymentPhase,
    settled_entry,
)
from edge.checkout.payments.payment_asking import ask_refunds, ask_terminal, take_back
from edge.checkout.payments.payment_watch import Watch, payments_of
from edge.checkout.payments.settling import voided
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.records import Entry, EntryKind, JsonObject, Tender, TenderKind
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.screens import ScreenRow
from edge.checkout.session import (
    Facts,
    Handler,
    Notice,
    Prompt,
    Session,
    State,
    Step,
    Storing,
    forget_entry,
    refuse,
    say,
    sound_alarm,
)
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_payment import PaymentWord

# The number of the list in the menu.
PENDING_TASK: Final = "54"
PHASE_WORDS: Final[Mapping[PaymentPhase, PaymentWord]] = {
    PaymentPhase.REVERSING: PaymentWord.IS_REVERSING,
    PaymentPhase.LAPSED: PaymentWord.IS_LAPSED,
    PaymentPhase.REFUNDING: PaymentWord.IS_REFUNDING,
    PaymentPhase.REFUSED: PaymentWord.IS_REFUSED,
}
LEFT_ALONE: Final = frozenset({PaymentPhase.REVERSING, PaymentPhase.LAPSED, PaymentPhase.REFUNDING})


def started(session: Session, came_up: Started, facts: Facts) -> Step:
    """The store is open: first the basket is back, and its member, then what is open of payments is
    taken up as the journal has it.
    """
    came_up, gone = _without_taken_back(came_up)
    session, effects = outcomes.started(session, came_up, facts)
    session = replace(session, payments=payments_of(came_up.payments, came_up.at.mono_ms))
    if gone:
        amount = write_amount(sum(each.amount_minor for each in gone), facts.shop.currency)
        session, beep = sound_alarm(session, PaymentWord.DROPPED, amount)
        effects = (*effects, *beep)
    session, asks = _take_up_again(session, came_up.at)
    effects = (*effects, *asks)
    if session.awaiting is not None:
        # What is still due of a member's basket is known once he is back.
        then = partial(_resume_behind, session.awaiting.then)
        return replace(session, awaiting=replace(session.awaiting, then=then)), effects
    session, more = _resume(session, came_up, facts)
    return session, (*effects, *more)


def stored(session: Session, answer: SaleStored, facts: Facts) -> Step:
    """It is on disk: payments by code that the sale has are done with, and what a refund gives back
    to them is asked for.
    """
    storing = session.storing
    session = replace(session, payments=session.payments.on_record())
    session, effects = outcomes.stored(session, answer, facts)
    if storing is None or storing.sale is None:
        return session, effects
    session = replace(session, payments=session.payments.used_in(storing.sale))
    session, more = ask_refunds(session, storing.sale, answer.at)
    return session, (*effects, *more)


def uplink_changed(session: Session, change: UplinkChanged, facts: Facts) -> Step:
    """Once the network is back, what was left as unknown is asked for again."""
    session, effects = outcomes.uplink_changed(session, change, facts)
    if not change.online or session.state is State.STOPPED:
        return session, effects
    session, more = _take_up_again(session, change.at)
    return session, (*effects, *more)


def _without_taken_back(came_up: Started) -> tuple[Started, tuple[Tender, ...]]:
    """The draft may be older than the VOID that took its payment back: without those payments, and
    which they are.
    """
    draft = came_up.draft
    approved = {
        payment.id for payment in came_up.payments.open if payment.phase is PaymentPhase.APPROVED
    }
    gone = tuple(
        tender
        for tender in (draft.tenders if draft is not None else ())
        if tender.kind is TenderKind.MOBILE and tender.reference not in approved
    )
    if draft is None or not gone:
        return came_up, ()
    kept = tuple(tender for tender in draft.tenders if tender not in gone)
    evidence = (*draft.evidence, *map(voided, gone))
    return replace(came_up, draft=replace(draft, tenders=kept, evidence=evidence)), gone


def _resume_behind(then: Handler, session: Session, heard: Input, facts: Facts) -> Step:
    session, effects = then(session, heard, facts)
    session, more = _resume(session, heard, facts)
    return session, (*effects, *more)


def _resume(session: Session, cause: Input, facts: Facts) -> Step:
    """A payment that belongs to the open basket is waited for, or one of its payments; a payment of
    no basket is taken back.
    """
    effects: tuple[Effect, ...] = ()
    for watch in session.payments.watches:
        session, more = _resume_one(session, watch, cause.at, facts)
        effects = (*effects, *more)
    return session, effects


def _resume_one(session: Session, watch: Watch, at: Instant, facts: Facts) -> Step:
    payment = watch.payment
    effect: Effect
    match payment.phase:
        case PaymentPhase.APPROVED if _is_kept(session, watch):
            return session, ()
        case PaymentPhase.APPROVED if _fits(session, watch, facts):
            return take(session, tender_of(payment), at, facts)
        case PaymentPhase.SENT if _fits(session, watch, facts):
            session, effect = ask_terminal(session, payment, at)
            session = replace(session, state=State.TENDERING)
            session = ask(session, UNKNOWN, Wait(payment.id, at.mono_ms))
            return session, (effect, reminder(payment.id))
        case PaymentPhase.APPROVED | PaymentPhase.SENT:
            session, effect = take_back(session, watch, at)
            return session, (effect,)
    return session, ()


def _is_kept(session: Session, watch: Watch) -> bool:
    """Whether the approved payment is one of the basket's, or is on its way back already."""
    payment_id, basket = watch.payment.id, session.basket
    in_basket = basket is not None and any(
        tender.reference == payment_id and tender.kind is TenderKind.MOBILE
        for tender in basket.tenders
    )
    return in_basket or session.payments.owed(payment_id)


def _fits(session: Session, watch: Watch, facts: Facts) -> bool:
    basket: Basket | None = session.basket
    return (
        session.state in {State.SELLING, State.TENDERING}
        and basket is not None
        and basket.kind is BasketKind.SALE
        and basket.receipt_no == watch.payment.receipt_no
        and due(basket, facts.shop) >= watch.payment.amount_minor
    )


def _take_up_again(session: Session, at: Instant) -> Step:
    effects: tuple[Effect, ...] = ()
    for watch in session.payments.watches:
        is_left = watch.recorded and not watch.asked and not watch.by_hand
        if is_left and watch.payment.phase in LEFT_ALONE:
            session, effect = ask_terminal(session, watch.payment, at)
            effects = (*effects, effect)
    return session, effects


# --- the list behind MENU


@dataclass(frozen=True, slots=True)
class _Listed:
    """What was open when the list was asked for. What is settled meanwhile keeps its row: a key
    that is about the marked one never gets to another.
    """

    watches: tuple[Watch, ...]


def pending(session: Session) -> tuple[Watch, ...]:
    """What is open; what is approved is in the basket, or on its way back by a refund."""
    return tuple(watch for watch in session.payments.watches if watch.payment.phase in PHASE_WORDS)


def ask_pending(session: Session, cause: Input, facts: Facts) -> Step:
    """The payments that are open, to be asked for again."""
    watches = pending(session)
    if not watches:
        return refuse(session, PaymentWord.REFUSED_NO_PENDING)
    return ask(session, PENDING, _Listed(watches)), ()


def _still_open(session: Session, listed: Watch) -> Watch | None:
    """As it stands now, None once it is settled."""
    watch = session.payments.find(listed.payment.id)
    return watch if watch is not None and watch.payment.phase in PHASE_WORDS else None


def _choose(session: Session) -> tuple[Session, Watch | Saying]:
    """With the marker on the chosen row instead of its number; and what stands there, or why
    nothing can be done with it.
    """
    watches = about(session, _Listed).watches
    place = chosen(session, watches)
    session = forget_entry(session)
    if place is None:
        return session, Word.REFUSED_NO_ITEM
    session = replace(session, asking=replace(open_question(session), row=place))
    return session, _still_open(session, watches[place]) or PaymentWord.REFUSED_SETTLED


def _ask_again(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: the marked payment is asked for, or taken back, once more and at once."""
    session, watch = _choose(session)
    if not isinstance(watch, Watch):
        return refuse(session, watch)
    if watch.payment.phase not in LEFT_ALONE:
        return refuse(session, PaymentWord.REFUSED_GIVE_CASH)
    session, effect = ask_terminal(session, watch.payment, pressed.at)
    return say(session, PaymentWord.ASKED_AGAIN), (effect,)


def _give_cash(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CASH: what a terminal refused to give back, or can't be asked to any more, leaves the drawer,
    on record.
    """
    session, watch = _choose(session)
    if not isinstance(watch, Watch):
        return refuse(session, watch)
    if not _is_owed(watch):
        return refuse(session, PaymentWord.REFUSED_NOT_OWED)
    if not may(session, facts, Permission.PAID_IN_OUT):
        return lift(session, pressed, Permission.PAID_IN_OUT, PENDING_TASK)
    return _pay_out(session, watch, pressed, facts)


def _is_owed(watch: Watch) -> bool:
    is_refund = watch.payment.refund_id != ""
    return watch.payment.phase is PaymentPhase.REFUSED or (is_refund and watch.is_for_people)


def _pay_out(session: Session, watch: Watch, pressed: KeyPressed, facts: Facts) -> Step:
    shop = facts.shop
    cash_minor = round_to_step(watch.payment.amount_minor, shop.cash_step_minor)
    body: JsonObject = {"amount_minor": cash_minor, "currency": watch.payment.currency}
    notice = Notice(PaymentWord.GIVEN_IN_CASH, write_amount(cash_minor, shop.currency))
    paid_out = Entry(EntryKind.CASH_PAID_OUT, body)
    return _close(session, watch.payment, pressed.at, "cash", notice, paid_out)


def _settle_by_hand(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """VOID: somebody has looked into what can be asked of nobody any more, and it is over."""
    session, watch = _choose(session)
    if not isinstance(watch, Watch):
        return refuse(session, watch)
    payment = watch.payment
    if payment.phase is PaymentPhase.REFUSED:
        return refuse(session, PaymentWord.REFUSED_GIVE_CASH)
    if not watch.is_for_people:
        return refuse(session, PaymentWord.REFUSED_HAS_TERMINAL)
    amount = write_amount(payment.amount_minor, facts.shop.currency)
    return _close(session, payment, pressed.at, BY_HAND, Notice(PaymentWord.BY_HAND, amount))


def _close(
    session: Session, payment: OpenPayment, at: Instant, detail: str, notice: Notice, *first: Entry
) -> Step:
    """People settled it: nothing is charged any more, or it went back. What leaves the drawer for
    it is on record `first`, and opens it.
    """
    answer = PaymentAnswer(
        payment.intent_id,
        PaymentOutcome.REVERSED,
        payment.amount_minor,
        reference="",
        detail=detail,
        currency=payment.currency,
        refund_id=payment.refund_id,
    )
    session = end_question(session)
    session = replace(
        session,
        state=State.STORING,
        storing=Storing(session.state, notice),
        payments=session.payments.without(payment.id, payment.intent_id),
    )
    effect = StoreEntries(
        at=at,
        entries=(*first, settled_entry(payment, answer)),
        ends_basket=False,
        opens_drawer=bool(first),
    )
    return session, (effect,)


def _standing(watch: Watch | None) -> PaymentWord:
    if watch is None:
        return PaymentWord.IS_SETTLED
    if watch.no_terminal:
        return PaymentWord.IS_GONE_OWED if _is_owed(watch) else PaymentWord.IS_GONE
    if watch.by_hand:
        return PaymentWord.IS_REFUND_THERE if _is_owed(watch) else PaymentWord.IS_VOID_THERE
    return PHASE_WORDS[watch.payment.phase]


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    shop, language = facts.shop, session.language
    marked = open_question(session).row
    return tuple(
        ScreenRow(
            f"{place}. {text(Word.RECEIPT_NO, language)} {watch.payment.receipt_no}",
            text(_standing(_still_open(session, watch)), language),
            write_amount(watch.payment.amount_minor, shop.currency),
            place - 1 == marked,
        )
        for place, watch in enumerate(about(session, _Listed).watches, start=1)
    )


PENDING: Final = Prompt(
    PaymentWord.PENDING,
    PaymentWord.ASK_PENDING,
    _ask_again,
    keys={Key.CASH: _give_cash, Key.VOID: _settle_by_hand},
    rows=_rows,
)
