"""Somebody becomes a member: by a phone number alone, or with birthday and consent (MENU 41)."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from edge.checkout.asking import about, ask, await_answer
from edge.checkout.balances.accounts import civil_day
from edge.checkout.effects import DrawCard, FindMember, StoreEntries
from edge.checkout.inputs import CardDrawn, Input, KeyPressed, MemberAnswered, SaleStored
from edge.checkout.loyalty.attaching import attach
from edge.checkout.loyalty.birthdays import read_birthday
from edge.checkout.loyalty.member_search import closed
from edge.checkout.loyalty.members import (
    ByCard,
    ByPhone,
    EnrolRefusal,
    Member,
    MemberFound,
    MemberMissing,
    MemberQuery,
    MemberTrade,
    enrol,
    update,
)
from edge.checkout.loyalty.phones import read_phone
from edge.checkout.session import (
    Facts,
    Notice,
    Prompt,
    Session,
    State,
    Step,
    Storing,
    forget_entry,
    has_entry,
    refuse,
    say,
)
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_members import MemberWord

CONSENTS: Final = {"": False, "0": False, "1": True}


@dataclass(frozen=True, slots=True)
class NewMember:
    """What is known of who is being enrolled; whether the open sale, or a new one, is his."""

    phone: str = field(repr=False)
    joins: bool
    birthday: str = field(default="", repr=False)
    consent: bool = False


def offer_enrol(session: Session, query: MemberQuery, facts: Facts) -> Step:
    """Nobody has that phone: whoever has it may become a member. Less than a phone names nobody."""
    phone = ""
    if isinstance(query, ByPhone):
        phone = query.phone
    elif isinstance(query, ByCard):
        phone = query.or_phone
    if not phone:
        return refuse(session, MemberWord.REFUSED_NOBODY)
    return ask(session, NOT_A_MEMBER, NewMember(phone, joins=True)), ()


def begin_enrol(session: Session, chosen: Input, facts: Facts) -> Step:
    """By the phone that was keyed, else it is asked for."""
    if facts.loyalty is None:
        return refuse(session, MemberWord.REFUSED_NO_MEMBERS)
    if session.entry:
        return _take_phone(session, facts)
    return ask(forget_entry(session), PHONE), ()


def _take_phone(session: Session, facts: Facts) -> Step:
    assert facts.loyalty is not None
    phone = read_phone(session.entry, facts.loyalty.phones)
    if phone is None or session.quantity_milli is not None:
        return refuse(forget_entry(session), MemberWord.REFUSED_BAD_PHONE)
    query = ByPhone(phone)
    return await_answer(forget_entry(session), FindMember(query), partial(_new, query))


def _new(query: ByPhone, session: Session, heard: MemberAnswered, facts: Facts) -> Step:
    if not isinstance(heard.answer, MemberMissing):
        return refuse(session, MemberWord.REFUSED_IS_MEMBER)
    basket = session.basket
    joins = basket is not None and basket.buyer is None and not basket.tenders
    return ask(session, BIRTHDAY, NewMember(query.phone, joins)), ()


# --- the questions


def _enter_phone(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return _take_phone(session, facts)


def _enter_birthday(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER alone goes on without one."""
    birthday = keyed_birthday(session, pressed, facts) if session.entry else ""
    if birthday is None or session.quantity_milli is not None:
        return refuse(forget_entry(session), MemberWord.REFUSED_BAD_BIRTHDAY)
    return ask(session, CONSENT, replace(about(session, NewMember), birthday=birthday)), ()


def keyed_birthday(session: Session, pressed: KeyPressed, facts: Facts) -> str | None:
    """The keyed day, None for no day."""
    return read_birthday(session.entry, civil_day(pressed.at, facts.shop.utc_offset_minutes))


def _enter_consent(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    consent = CONSENTS.get(session.entry)
    if consent is None or session.quantity_milli is not None:
        return refuse(forget_entry(session), MemberWord.REFUSED_CONSENT)
    return _draw(session, replace(about(session, NewMember), consent=consent))


def _enter_enrol(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    if has_entry(session):
        return refuse(session, Word.REFUSED_NUMBER)
    return _draw(session, about(session, NewMember))


def _draw(session: Session, new: NewMember) -> Step:
    return await_answer(session, DrawCard(), partial(_enrol, new))


def _enrol(new: NewMember, session: Session, drawn: CardDrawn, facts: Facts) -> Step:
    """The new member goes on record; then the sale is his."""
    assert facts.loyalty is not None
    written = enrol(new.phone, facts.loyalty.till, drawn.counter, facts.loyalty.phones)
    if isinstance(written, EnrolRefusal):
        return refuse(session, MemberWord.REFUSED_USED_UP)
    entries = [written.entry]
    if new.birthday or new.consent:
        more = replace(written.member, birthday=new.birthday, consent=new.consent)
        written = update(written.member, more, "enrolled")
        entries.append(written.entry)
    session = closed(session)
    storing = Storing(
        session.state,
        Notice(MemberWord.ENROLLED, written.member.card),
        after=partial(_join, written.member) if new.joins else None,
    )
    effect = StoreEntries(drawn.at, tuple(entries), ends_basket=False)
    session = replace(forget_entry(session), state=State.STORING, storing=storing, notice=None)
    return session, (effect,)


def _join(member: Member, session: Session, stored: SaleStored, facts: Facts) -> Step:
    found = MemberFound(member, MemberTrade(), ())
    session, effects = attach(session, MemberAnswered(stored.at, found), facts)
    return say(session, MemberWord.ENROLLED, member.card), effects


NOT_A_MEMBER: Final = Prompt(MemberWord.NOT_A_MEMBER, MemberWord.ASK_ENROL, _enter_enrol)
PHONE: Final = Prompt(MemberWord.NEW_MEMBER, MemberWord.ASK_PHONE, _enter_phone)
BIRTHDAY: Final = Prompt(MemberWord.NEW_MEMBER, MemberWord.ASK_BIRTHDAY, _enter_birthday)
CONSENT: Final = Prompt(MemberWord.NEW_MEMBER, MemberWord.ASK_CONSENT, _enter_consent)
