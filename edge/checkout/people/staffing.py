"""People at the till: signing on and off, the clock, breaks, and unlocking who keyed wrong PINs."""

from dataclasses import dataclass, replace

from edge.checkout.asking import about, answered, ask, chosen
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed
from edge.checkout.people.claims import PIN, WHO, Claim, begin_claim, claim_number, record
from edge.checkout.people.duty import staff_entry
from edge.checkout.people.lifting import resumed
from edge.checkout.people.staff import Permission, StaffMember
from edge.checkout.records import Entry, EntryKind
from edge.checkout.screens import ScreenRow
from edge.checkout.session import (
    Facts,
    Notice,
    Prompt,
    Session,
    Step,
    forget_entry,
    refuse,
)
from edge.checkout.words.texts import Saying
from edge.checkout.words.texts_staff import StaffWord

# --- signing on and off


def key_number(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: whoever has the keyed number signs on with a PIN."""
    if not session.entry:
        return refuse(session, StaffWord.REFUSED_NO_NUMBER)
    return claim_number(forget_entry(session), session.entry, pressed, facts, SIGN_ON)


def clear_number(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR takes what was keyed, and the notice."""
    return replace(forget_entry(session), notice=None), ()


def refuse_scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """Nothing is sold while nobody is signed on."""
    return refuse(session, StaffWord.REFUSED_SIGNED_OFF)


def begin_sign_on(session: Session, chosen_: Input, facts: Facts) -> Step:
    """Another person takes the till over, with the open basket."""
    return begin_claim(session, chosen_, facts, SIGN_ON)


def _sign_on(session: Session, answer: Input, facts: Facts, number: str) -> Step:
    duty, entries = session.duty, []
    if duty.signed_on and duty.signed_on != number:
        entries.append(staff_entry(EntryKind.STAFF_SIGNED_OFF, duty.signed_on))
    presence = duty.present.get(number)
    if presence is not None and presence.break_since_ms is not None:
        entries.append(staff_entry(EntryKind.STAFF_BREAK_ENDED, number))
        duty = duty.back_from_break(number)
    entries.append(staff_entry(EntryKind.STAFF_SIGNED_ON, number))
    language = facts.staff.by_number[number].language or facts.shop.language
    session = replace(session, duty=replace(duty, signed_on=number), language=language)
    notice = Notice(StaffWord.HELLO, shown(facts, number))
    return record(session, answer, tuple(entries), notice, then=resumed(session))


def sign_off(session: Session, chosen_: Input, facts: Facts) -> Step:
    """Nobody is signed on any more; nothing is open then, so nothing waits."""
    number = session.duty.signed_on
    if not number:
        return refuse(session, StaffWord.REFUSED_NO_STAFF)
    if facts.shop.training:
        return refuse(session, StaffWord.REFUSED_TRAINING)
    entry = staff_entry(EntryKind.STAFF_SIGNED_OFF, number)
    notice = Notice(StaffWord.GOODBYE, shown(facts, number))
    return record(_left(session, facts), chosen_, (entry,), notice)


def _left(session: Session, facts: Facts) -> Session:
    duty = replace(session.duty, signed_on="")
    return replace(session, duty=duty, language=facts.shop.language, last_sale=None)


# --- the clock


def begin_clock_in(session: Session, chosen_: Input, facts: Facts) -> Step:
    """Somebody's working time begins."""
    return begin_claim(session, chosen_, facts, CLOCK_IN)


def _clock_in(session: Session, answer: Input, facts: Facts, number: str) -> Step:
    session = replace(session, duty=session.duty.clocked_in(number, answer.at))
    entry = staff_entry(EntryKind.STAFF_CLOCKED_IN, number)
    return record(session, answer, (entry,), Notice(StaffWord.CLOCKED_IN, shown(facts, number)))


def begin_clock_out(session: Session, chosen_: Input, facts: Facts) -> Step:
    """Somebody's working time ends, and a break and a sign-on with it."""
    return begin_claim(session, chosen_, facts, CLOCK_OUT)


def _clock_out(session: Session, answer: Input, facts: Facts, number: str) -> Step:
    entries = []
    if session.duty.present[number].break_since_ms is not None:
        entries.append(staff_entry(EntryKind.STAFF_BREAK_ENDED, number))
    entries.append(staff_entry(EntryKind.STAFF_CLOCKED_OUT, number))
    session = replace(session, duty=session.duty.clocked_out(number))
    notice = Notice(StaffWord.CLOCKED_OUT, shown(facts, number))
    return _gone(session, answer, facts, number, entries, notice)


def begin_break(session: Session, chosen_: Input, facts: Facts) -> Step:
    """Somebody's break begins, or ends."""
    return begin_claim(session, chosen_, facts, BREAK)


def _take_break(session: Session, answer: Input, facts: Facts, number: str) -> Step:
    duty = session.duty
    if duty.present[number].break_since_ms is not None:
        session = replace(session, duty=duty.back_from_break(number))
        entry = staff_entry(EntryKind.STAFF_BREAK_ENDED, number)
        notice = Notice(StaffWord.BREAK_ENDED, shown(facts, number))
        return record(session, answer, (entry,), notice)
    session = replace(session, duty=duty.on_break(number, answer.at))
    entry = staff_entry(EntryKind.STAFF_BREAK_BEGAN, number)
    notice = Notice(StaffWord.BREAK_BEGAN, shown(facts, number))
    return _gone(session, answer, facts, number, [entry], notice)


def _gone(
    session: Session,
    answer: Input,
    facts: Facts,
    number: str,
    entries: list[Entry],
    notice: Notice,
) -> Step:
    """Who leaves the till leaves nobody signed on at it."""
    if session.duty.signed_on == number:
        entries = [*entries, staff_entry(EntryKind.STAFF_SIGNED_OFF, number)]
        session = _left(session, facts)
    return record(session, answer, tuple(entries), notice)


def _no_fault(session: Session, facts: Facts, number: str) -> Saying | None:
    return None


def _is_in(session: Session, facts: Facts, number: str) -> Saying | None:
    return StaffWord.REFUSED_IN if number in session.duty.present else None


def _is_out(session: Session, facts: Facts, number: str) -> Saying | None:
    return None if number in session.duty.present else StaffWord.REFUSED_OUT


# --- unlocking


def begin_unlock(session: Session, chosen_: Input, facts: Facts) -> Step:
    """Who has the keyed number, or who is chosen of those that are locked, may try again."""
    if facts.shop.training:
        return refuse(forget_entry(session), StaffWord.REFUSED_TRAINING)
    known = facts.staff.by_number
    locked = tuple(
        each for each in session.duty.locked(chosen_.at, facts.staff.rule) if each in known
    )
    number, session = session.entry, forget_entry(session)
    by = next(
        (each.by for each in session.lifted if each.permission is Permission.STAFF_UNLOCK),
        session.duty.signed_on,
    )
    if not locked or (number and number not in locked):
        return refuse(session, StaffWord.REFUSED_NOT_LOCKED)
    if number or len(locked) == 1:
        return _unlock(session, chosen_, facts, number or locked[0], by)
    return ask(session, WHOM, LockedOnes(locked, by)), ()


@dataclass(frozen=True, slots=True)
class LockedOnes:
    """Who is locked, and who unlocks."""

    numbers: tuple[str, ...]
    by: str


def _unlock_chosen(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    locked = about(session, LockedOnes)
    place = chosen(session, locked.numbers)
    if place is None:
        return refuse(forget_entry(session), StaffWord.REFUSED_NOT_LOCKED)
    return _unlock(answered(session), pressed, facts, locked.numbers[place], locked.by)


def _unlock(session: Session, cause: Input, facts: Facts, number: str, by: str) -> Step:
    if number == by:
        # Or whoever finds a supervisor's till open could try PINs without end.
        return refuse(session, StaffWord.REFUSED_OWN_LOCK)
    session = replace(session, duty=session.duty.after_right(number))
    entry = staff_entry(EntryKind.STAFF_UNLOCKED, number, by=by)
    return record(session, cause, (entry,), Notice(StaffWord.UNLOCKED, shown(facts, number)))


def _locked_rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    locked = about(session, LockedOnes)
    marked = session.asking.row if session.asking else 0
    members = [facts.staff.by_number[number] for number in locked.numbers]
    return person_rows(members, marked)


# --- what is shown of people


def shown(facts: Facts, number: str) -> str:
    """Number and name, for the cashier's own screen."""
    member = facts.staff.by_number.get(number)
    return f"{number} {member.name}" if member is not None else number


def person_rows(members: "list[StaffMember]", marked: int) -> tuple[ScreenRow, ...]:
    """People to choose from, as in `Facts.staff.active`."""
    return tuple(
        ScreenRow(f"{place}. {member.name}", "", member.number, place - 1 == marked)
        for place, member in enumerate(members, start=1)
    )


WHOM = Prompt(StaffWord.WHOM, StaffWord.ASK_LOCKED, _unlock_chosen, rows=_locked_rows)

SIGN_ON = Claim("sign_on", StaffWord.MENU_SIGN_ON, _sign_on, _no_fault, WHO, PIN)
CLOCK_IN = Claim("clock_in", StaffWord.MENU_CLOCK_IN, _clock_in, _is_in, WHO, PIN)
CLOCK_OUT = Claim("clock_out", StaffWord.MENU_CLOCK_OUT, _clock_out, _is_out, WHO, PIN)
BREAK = Claim("break", StaffWord.MENU_BREAK, _take_break, _is_out, WHO, PIN)
