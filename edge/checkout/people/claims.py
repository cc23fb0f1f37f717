"""Somebody says who he is: a number, then a PIN, which goes from the keys to the checker alone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from edge.checkout.asking import about, ask, await_answer, end_question
from edge.checkout.effects import Beep, CheckPin, StoreEntries, Tone
from edge.checkout.inputs import Input, KeyPressed, PinChecked
from edge.checkout.people.duty import staff_entry
from edge.checkout.people.staff import is_pin
from edge.checkout.records import Entry, EntryKind
from edge.checkout.screens import NoticeTone
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
)
from edge.checkout.words.texts import Saying, text
from edge.checkout.words.texts_staff import StaffWord

# What is done once the PIN of the number is right; and what keeps that number from it beforehand.
Deed: TypeAlias = Callable[[Session, Input, Facts, str], Step]
Fault: TypeAlias = Callable[[Session, Facts, str], Saying | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says who he is: what for, as the journal and as the screen have it."""

    purpose: str
    detail: Saying
    deed: Deed
    fault: Fault
    who: Prompt
    pin: Prompt
    number: str = ""


def ask_who(session: Session, claim: Claim) -> Session:
    """With the question for the number."""
    return ask(session, claim.who, claim)


def begin_claim(session: Session, cause: Input, facts: Facts, claim: Claim) -> Step:
    """A task of the menu, with the number keyed before it or to be asked for."""
    if not facts.staff:
        return refuse(session, StaffWord.REFUSED_NO_STAFF)
    if facts.shop.training:
        return refuse(forget_entry(session), StaffWord.REFUSED_TRAINING)
    if not session.entry:
        return ask_who(forget_entry(session), claim), ()
    return claim_number(forget_entry(session), session.entry, cause, facts, claim)


def _number_entered(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: the keyed number; alone, who is signed on."""
    claim = about(session, Claim)
    number = session.entry or session.duty.signed_on
    if not number:
        return refuse(session, StaffWord.REFUSED_NO_NUMBER)
    return claim_number(forget_entry(session), number, pressed, facts, claim)


def claim_number(session: Session, number: str, cause: Input, facts: Facts, claim: Claim) -> Step:
    """With the question for the PIN, or why that number can't claim it."""
    if facts.staff.find(number) is None:
        return refuse(session, StaffWord.REFUSED_UNKNOWN_NUMBER)
    if session.duty.is_locked(number, cause.at, facts.staff.rule):
        return refuse(session, StaffWord.REFUSED_LOCKED, number)
    fault = claim.fault(session, facts, number)
    if fault is not None:
        return refuse(session, fault)
    return ask(session, claim.pin, replace(claim, number=number)), ()


def _pin_entered(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: the PIN goes to the checker."""
    pin, claim = session.entry, about(session, Claim)
    session = forget_entry(session)
    member = facts.staff.find(claim.number)
    if member is None:
        return refuse(end_question(session), StaffWord.REFUSED_UNKNOWN_NUMBER)
    if not is_pin(pin):
        return refuse(session, StaffWord.REFUSED_NO_PIN)
    return await_answer(session, CheckPin(member.number, member.pin_hash, pin), _pin_checked)


def _pin_checked(session: Session, answer: PinChecked, facts: Facts) -> Step:
    """A right PIN forgets the wrong ones before it; a wrong one goes on record before anybody is
    told.
    """
    claim = about(session, Claim)
    number = claim.number
    if answer.right:
        duty = session.duty.after_right(number)
        return claim.deed(end_question(replace(session, duty=duty)), answer, facts, number)
    duty = session.duty.after_wrong(number, answer.at)
    session = replace(session, duty=duty)
    notice = Notice(StaffWord.REFUSED_WRONG_PIN, tone=NoticeTone.REFUSAL)
    if duty.is_locked(number, answer.at, facts.staff.rule):
        session = end_question(session)
        notice = Notice(StaffWord.REFUSED_LOCKED, number, NoticeTone.REFUSAL)
    wrong = duty.tries[number].wrong
    entry = staff_entry(EntryKind.STAFF_REFUSED, number, purpose=claim.purpose, wrong=wrong)
    session, effects = record(session, answer, (entry,), notice)
    return session, (*effects, Beep(Tone.REFUSED))


def record(
    session: Session,
    cause: Input,
    entries: tuple[Entry, ...],
    notice: Notice | None,
    *,
    then: State | None = None,
    after: Handler | None = None,
) -> Step:
    """Put the entries on record; `then` is the state after that, this one if none is named."""
    effect = StoreEntries(at=cause.at, entries=entries, ends_basket=False)
    storing = Storing(then or session.state, notice, after=after)
    return replace(session, state=State.STORING, storing=storing, notice=None), (effect,)


def _detail(session: Session, facts: Facts) -> str:
    return text(about(session, Claim).detail, session.language)


WHO = Prompt(StaffWord.WHO, StaffWord.ASK_WHO, _number_entered, detail=_detail)
PIN = Prompt(StaffWord.PIN, StaffWord.ASK_PIN, _pin_entered, detail=_detail, secret=True)
