"""Who may do what; and the supervisor's PIN that lifts one action for somebody who may not."""

from dataclasses import dataclass, replace
from functools import partial

from edge.checkout.effects import Beep, Tone
from edge.checkout.inputs import Input, SaleStored
from edge.checkout.people.claims import PIN, WHO, Claim, ask_who, record
from edge.checkout.people.duty import lifted_entry
from edge.checkout.people.staff import Permission
from edge.checkout.sale.basket import BasketKind
from edge.checkout.session import (
    Facts,
    Lifted,
    Session,
    State,
    Step,
    forget_entry,
)
from edge.checkout.words.texts import Saying
from edge.checkout.words.texts_staff import PERMISSION_WORDS, StaffWord

# Where the till rests between two things; nobody's hands are on it but those of who is signed on.
AT_REST = frozenset({State.IDLE, State.SELLING, State.TENDERING, State.RETURNING})


@dataclass(frozen=True, slots=True)
class Lifting:
    """What waits for a permission, and the session in which that was missing."""

    permission: Permission
    action: str
    cause: Input
    before: Session


def may(session: Session, facts: Facts, permission: Permission) -> bool:
    """Whether who is signed on may do it, or somebody lifted it for this one input; in training
    everybody may, so that no PIN is tried where nothing is kept.
    """
    if facts.shop.training:
        return True
    lifted = any(each.permission is permission for each in session.lifted)
    return lifted or facts.staff.may(session.duty.signed_on, permission)


def lift(session: Session, cause: Input, permission: Permission, action: str) -> Step:
    """Ask for somebody who may; with a right PIN that is put on record, and `cause` is run again
    in the very state in which it was missing.
    """
    waiting = Lifting(permission, action, cause, session)
    claim = Claim(
        purpose="lift",
        detail=PERMISSION_WORDS[permission],
        deed=partial(_lift, waiting=waiting),
        fault=partial(_cant_lift, permission=permission),
        who=WHO_LIFTS,
        pin=LIFTERS_PIN,
    )
    return ask_who(session, claim), (Beep(Tone.REFUSED),)


def _cant_lift(
    session: Session, facts: Facts, number: str, *, permission: Permission
) -> Saying | None:
    return None if facts.staff.may(number, permission) else StaffWord.REFUSED_MAY_NOT


def _lift(session: Session, answer: Input, facts: Facts, number: str, *, waiting: Lifting) -> Step:
    permission = waiting.permission
    entry = lifted_entry(permission.value, number, session.duty.signed_on, waiting.action)
    after = partial(_run_again, waiting=waiting, lifted=Lifted(permission, number))
    return record(session, answer, (entry,), None, after=after)


def _run_again(
    session: Session, stored: SaleStored, facts: Facts, *, waiting: Lifting, lifted: Lifted
) -> Step:
    before = waiting.before
    session = replace(
        session,
        state=before.state,
        asking=before.asking,
        entry=before.entry,
        quantity_milli=before.quantity_milli,
        menu_digits=before.menu_digits,
        lifted=(*before.lifted, lifted),
        deferred=(waiting.cause, *session.deferred),
    )
    return session, ()


def in_hands(session: Session, facts: Facts) -> Session:
    """Where staff is named and nobody is signed on, a till at rest is signed off: nothing can be
    done but to sign on, and the open basket waits.
    """
    if session.state is State.SIGNED_OFF and not facts.staff:
        return replace(session, state=resumed(session))
    if session.state not in AT_REST or not facts.staff:
        return session
    if facts.staff.find(session.duty.signed_on) is not None:
        return session
    duty = replace(session.duty, signed_on="")
    return replace(forget_entry(session), state=State.SIGNED_OFF, duty=duty, last_sale=None)


def resumed(session: Session) -> State:
    """Where the open basket, if there is one, goes on."""
    if session.state is not State.SIGNED_OFF:
        return session.state
    if session.basket is None:
        return State.IDLE
    if session.basket.kind is BasketKind.RETURN:
        return State.RETURNING
    return State.TENDERING if session.basket.tenders else State.SELLING


WHO_LIFTS = replace(WHO, title=StaffWord.SUPERVISOR)
LIFTERS_PIN = replace(PIN, title=StaffWord.SUPERVISOR_PIN)
