"""One step of the till: from what was, and what happened, to what is and what is to be done."""

from dataclasses import replace

from edge.checkout.asking import not_waiting
from edge.checkout.devices import Kind
from edge.checkout.effects import Beep, Effect, SaveDraft, StoreEntries, Tone
from edge.checkout.inputs import (
    BarcodeScanned,
    Input,
    Key,
    KeyPressed,
    VoucherAnswered,
    Weighed,
)
from edge.checkout.loyalty.attaching import forget_member
from edge.checkout.outcomes import is_at_rest, offer_copy
from edge.checkout.payments import mobile
from edge.checkout.people.lifting import in_hands, lift, may
from edge.checkout.quantity import UNFIT_MILLI
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.room import fits_a_message, most_bytes
from edge.checkout.session import Facts, Session, State, Step, refuse, refuse_key
from edge.checkout.shop import Shop, has_device
from edge.checkout.transitions import (
    ANYWHERE,
    CASHIER,
    INPUT_TRIGGERS,
    KEY_TRIGGERS,
    OVERLAYS,
    RULES,
    Trigger,
)
from edge.checkout.unbidden import is_unread, watched
from edge.checkout.views import show
from edge.checkout.words.texts import Word

BUSY = frozenset({State.STORING, State.FINDING})
READ = frozenset({Key.ENTER, Key.CLEAR})
FILLING = (KeyPressed, BarcodeScanned, Weighed, VoucherAnswered)
PAYING = frozenset({Key.CASH, Key.CARD, Key.MOBILE})
USES_QUANTITY = CASHIER - {Trigger.DIGIT, Trigger.TIMES, Trigger.CLEAR}


def step(session: Session, cause: Input, facts: Facts) -> Step:
    """The session after `cause`, and the effects in the order in which to begin them.

    A key says that the alarm was read, and does what it does; but while a payment is waited for it
    may not take that back as well, and between customers ENTER and CLEAR may not answer what the
    alarm hid. Keys from before the alarm, deferred, do not say so. What was deferred while the disk
    answered follows at once. CLEAR leaves a question that has only just come up by itself. The open
    basket is drafted whenever it changes; the screens are shown last.
    """
    drafted = session.basket
    effects: tuple[Effect, ...] = ()
    is_read = isinstance(cause, KeyPressed) and session.alarm is not None
    if is_read and session.state is not State.STOPPED:
        session = replace(session, alarm=None)
    if not (is_read and _says_no_more(session, cause)):
        session, effects = _advance(session, cause, facts)
    session = watched(session, cause)
    while session.deferred and session.state not in BUSY:
        waiting, *others = session.deferred
        session = in_hands(replace(session, deferred=tuple(others)), facts)
        session, more = _advance(session, waiting, facts)
        session, effects = watched(session, cause), (*effects, *more)
    session = offer_copy(replace(in_hands(session, facts), clock=cause.at.quality))
    session = watched(session, cause)
    effects = tuple(_as_equipped(effect, facts.shop) for effect in effects)
    return session, (*effects, *_draft(drafted, session), show(session, facts))


def _as_equipped(effect: Effect, shop: Shop) -> Effect:
    """The effect without the drawer or the paper that no device of the settings gives."""
    if not isinstance(effect, StoreEntries):
        return effect
    return replace(
        effect,
        opens_drawer=effect.opens_drawer and has_device(shop, Kind.DRAWER),
        prints_receipt=effect.prints_receipt and has_device(shop, Kind.PRINTER),
    )


def _says_no_more(session: Session, cause: Input) -> bool:
    """Whether the key that says that the alarm was read says nothing else."""
    if mobile.waits(session):
        return True
    return isinstance(cause, KeyPressed) and cause.key in READ and is_at_rest(session)


def _advance(session: Session, cause: Input, facts: Facts) -> Step:
    anywhere = ANYWHERE.get(type(cause))
    if anywhere is not None:
        return anywhere(session, cause, facts)
    trigger = trigger_of(cause)
    if trigger is Trigger.CLEAR and is_unread(session, cause.at):
        return session, (Beep(Tone.REFUSED),)
    rule = RULES[session.state].get(trigger)
    if rule is None:
        return refuse_key(session)
    if _is_in_the_way(session, trigger):
        return refuse(session, Word.REFUSED_QUANTITY)
    if rule.permission is not None and not may(session, facts, rule.permission):
        return lift(session, cause, rule.permission, trigger.value)
    after, effects = rule.handler(session, cause, facts)
    if _overfills(session, cause, after, facts):
        return refuse(not_waiting(session), Word.REFUSED_LINES)
    if session.lifted:
        after = replace(after, lifted=())
    may_end = rule.leads_to is None or after.state in rule.leads_to | OVERLAYS
    assert may_end, f"{session.state} -> {after.state} is not in the table"
    return forget_member(after), effects


def _is_in_the_way(session: Session, trigger: Trigger) -> bool:
    """Whether a quantity that can be none was keyed before it."""
    is_unfit = session.quantity_milli == UNFIT_MILLI and trigger in USES_QUANTITY
    return is_unfit and session.state not in BUSY | {State.STOPPED}


def _overfills(before: Session, cause: Input, after: Session, facts: Facts) -> bool:
    """Whether a key, code, weight or voucher makes the open sale larger than can be sent, or pays
    for one that a member's discounts made so. Handlers are pure: a step that is not taken leaves no
    trace.
    """
    if not isinstance(cause, FILLING) or after.basket is None:
        return False
    pays = isinstance(cause, KeyPressed) and cause.key in PAYING
    if (after.basket is before.basket and not pays) or fits_a_message(after.basket, facts.shop):
        return False
    if pays or before.basket is None or len(after.basket.tenders) > len(before.basket.tenders):
        return True
    return most_bytes(after.basket, facts.shop) > most_bytes(before.basket, facts.shop)


def trigger_of(cause: Input) -> Trigger:
    """The column of the table that an input stands in."""
    if isinstance(cause, KeyPressed):
        return KEY_TRIGGERS[cause.key]
    return INPUT_TRIGGERS[type(cause)]


def _draft(before: Basket | None, session: Session) -> tuple[Effect, ...]:
    # A basket that ends with what is on its way to the disk is no draft any more: should the disk
    # not take it, the cashier takes its last payment again.
    basket = session.basket
    if basket is None or basket is before or (session.storing and session.storing.ends_basket):
        return ()
    return (SaveDraft(basket),) if basket.lines or basket.evidence else ()
