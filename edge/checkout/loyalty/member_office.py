"""What the office does for members: particulars, blocking, cards, balances (MENU 42 to 45, 49)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from edge.checkout.asking import about, ask, await_answer, chosen, open_question
from edge.checkout.balances.accounts import civil_day
from edge.checkout.effects import DrawCard, LoadMember, StoreEntries
from edge.checkout.inputs import (
    CardDrawn,
    Input,
    Key,
    KeyPressed,
    MemberAnswered,
    MemberLoaded,
    SaleStored,
)
from edge.checkout.instant import Instant
from edge.checkout.loyalty.attaching import name_of
from edge.checkout.loyalty.enrolling import keyed_birthday
from edge.checkout.loyalty.member_search import Search, begin_search, closed, refuse_him
from edge.checkout.loyalty.member_views import Shown
from edge.checkout.loyalty.membering import card_of_shown, leave, name_of_shown, rows_of_shown
from edge.checkout.loyalty.members import (
    EnrolRefusal,
    Member,
    MemberFound,
    MemberRefusal,
    MemberRefused,
    Written,
    block,
    replace_card,
    update,
)
from edge.checkout.loyalty.phones import read_phone
from edge.checkout.paper.slip import Slip
from edge.checkout.records import Entry, EntryKind
from edge.checkout.screens import ScreenRow
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
)
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_members import MemberWord

REASON: Final = "keypad"


def _begins(search: Search) -> Callable[[Session, Input, Facts], Step]:
    """A task that begins with a member: the one whose number was keyed, the sale's, or who is
    asked for.
    """

    def begin(session: Session, cause: Input, facts: Facts) -> Step:
        if facts.loyalty is None:
            return refuse(session, MemberWord.REFUSED_NO_MEMBERS)
        if session.quantity_milli is not None:
            return refuse(session, Word.REFUSED_QUANTITY)
        if session.member is not None and not session.entry:
            return search.found(session, MemberAnswered(cause.at, session.member), facts)
        return begin_search(session, search, facts)

    return begin


def _member(heard: MemberAnswered) -> Member:
    assert isinstance(heard.answer, MemberFound), heard.answer
    return heard.answer.member


def _asked(prompt: Prompt) -> Callable[[Session, MemberAnswered, Facts], Step]:
    """The question that follows, about the member who was found."""

    def found(session: Session, heard: MemberAnswered, facts: Facts) -> Step:
        return ask(session, prompt, _member(heard)), ()

    return found


def _store(
    session: Session, written: Written, at: Instant, notice: Notice, slip: Entry | None = None
) -> Step:
    """The member as he is now goes on record, with the paper that is printed, if one is."""
    session = closed(session)
    storing = Storing(
        session.state,
        notice,
        slip=Slip(slip.kind, slip.body) if slip else None,
        after=partial(_refresh, written.member),
    )
    entries = (written.entry, slip) if slip else (written.entry,)
    effect = StoreEntries(at, entries, ends_basket=False, prints_receipt=slip is not None)
    return replace(forget_entry(session), state=State.STORING, storing=storing, notice=None), (
        effect,
    )


def _refresh(member: Member, session: Session, stored: SaleStored, facts: Facts) -> Step:
    """The sale's member is known as he is now."""
    found = session.member
    if found is not None and found.member.number == member.number:
        session = replace(session, member=replace(found, member=member))
    return session, ()


def _name(session: Session, facts: Facts) -> str:
    return name_of(about(session, Member))


# --- particulars


def _fields(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    member = about(session, Member)
    marked = open_question(session).row
    language = session.language
    values = (
        (MemberWord.PHONE, f"*{member.phone[-4:]}" if member.phone else ""),
        (MemberWord.BIRTHDAY, member.birthday[-5:]),
        (MemberWord.CONSENT, text(_yes_or_no(yes=member.consent), language)),
    )
    return tuple(
        ScreenRow(f"{place + 1}. {text(word, language)}", "", value, place == marked)
        for place, (word, value) in enumerate(values)
    )


def _yes_or_no(*, yes: bool) -> Saying:
    return MemberWord.YES if yes else MemberWord.NO


def _enter_field(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    place = None if session.quantity_milli else chosen(session, (PHONE, BIRTHDAY, CONSENT_ROW))
    if place is None:
        return refuse(forget_entry(session), Word.REFUSED_NO_ITEM)
    member = about(session, Member)
    if place == CONSENT_ROW:
        return _save(session, replace(member, consent=not member.consent), "consent", pressed)
    return ask(session, (PHONE, BIRTHDAY)[place], member), ()


def _enter_phone(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    assert facts.loyalty is not None
    phone = read_phone(session.entry, facts.loyalty.phones)
    if phone is None or session.quantity_milli is not None:
        return refuse(forget_entry(session), MemberWord.REFUSED_BAD_PHONE)
    return _save(session, replace(about(session, Member), phone=phone), "phone", pressed)


def _enter_birthday(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    birthday = keyed_birthday(session, pressed, facts)
    if birthday is None or session.quantity_milli is not None:
        return refuse(forget_entry(session), MemberWord.REFUSED_BAD_BIRTHDAY)
    return _save(session, replace(about(session, Member), birthday=birthday), "birthday", pressed)


def _save(session: Session, changed: Member, reason: str, cause: Input) -> Step:
    written = update(about(session, Member), changed, reason)
    return _store(session, written, cause.at, Notice(MemberWord.CHANGED))


CONSENT_ROW: Final = 2
FIELDS: Final = Prompt(
    MemberWord.CHANGE_WHAT, MemberWord.ASK_WHICH, _enter_field, rows=_fields, detail=_name
)
PHONE: Final = Prompt(MemberWord.CHANGE_WHAT, MemberWord.ASK_PHONE, _enter_phone, detail=_name)
BIRTHDAY: Final = Prompt(
    MemberWord.CHANGE_WHAT, MemberWord.ASK_BIRTHDAY, _enter_birthday, detail=_name
)

# --- blocking


def _let_in(session: Session, refused: MemberRefused, facts: Facts) -> Step:
    """Who is blocked is let in again."""
    if refused.reason is not MemberRefusal.BLOCKED:
        return refuse_him(session, refused, facts)
    return await_answer(session, LoadMember(refused.number), _ask_to_let_in)


def _ask_to_let_in(session: Session, loaded: MemberLoaded, facts: Facts) -> Step:
    assert loaded.member is not None, "a blocked member who is nobody"
    return ask(session, LET_IN, loaded.member), ()


def _enter_block(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return _block(session, pressed, MemberWord.BLOCKED, blocked=True)


def _enter_let_in(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return _block(session, pressed, MemberWord.LET_IN, blocked=False)


def _block(session: Session, pressed: KeyPressed, word: MemberWord, *, blocked: bool) -> Step:
    if has_entry(session):
        return refuse(forget_entry(session), Word.REFUSED_NUMBER)
    written = block(about(session, Member), REASON, blocked=blocked)
    return _store(session, written, pressed.at, Notice(word))


BLOCK: Final = Prompt(MemberWord.BLOCK_WHOM, MemberWord.ASK_BLOCK, _enter_block, detail=_name)
LET_IN: Final = Prompt(MemberWord.LET_IN_WHOM, MemberWord.ASK_LET_IN, _enter_let_in, detail=_name)

# --- cards


def _enter_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    if has_entry(session):
        return refuse(forget_entry(session), Word.REFUSED_NUMBER)
    return await_answer(session, DrawCard(), partial(_replace_card, about(session, Member)))


def _replace_card(member: Member, session: Session, drawn: CardDrawn, facts: Facts) -> Step:
    assert facts.loyalty is not None
    written = replace_card(member, facts.loyalty.till, drawn.counter, REASON)
    if isinstance(written, EnrolRefusal):
        return refuse(session, MemberWord.REFUSED_USED_UP)
    card = written.member.card
    notice = Notice(MemberWord.CARD_PRINTING, card)
    return _store(session, written, drawn.at, notice, card_printed(written.member))


def card_printed(member: Member) -> Entry:
    """That the card in force was printed."""
    return Entry(
        EntryKind.MEMBER_CARD_PRINTED,
        {"number": int(member.card), "card": member.card, "member": member.number},
    )


def _print(session: Session, heard: MemberAnswered, facts: Facts) -> Step:
    """The card in force, once more."""
    member = _member(heard)
    entry = card_printed(member)
    storing = Storing(
        session.state,
        Notice(MemberWord.CARD_PRINTING, member.card),
        slip=Slip(entry.kind, entry.body),
    )
    effect = StoreEntries(heard.at, (entry,), ends_basket=False, prints_receipt=True)
    session = replace(forget_entry(session), state=State.STORING, storing=storing, notice=None)
    return session, (effect,)


NEW_CARD: Final = Prompt(MemberWord.CARD_FOR, MemberWord.ASK_CARD, _enter_card, detail=_name)

# --- balances


def _show(session: Session, heard: MemberAnswered, facts: Facts) -> Step:
    assert isinstance(heard.answer, MemberFound), heard.answer
    today = civil_day(heard.at, facts.shop.utc_offset_minutes)
    return ask(session, BALANCES, Shown(heard.answer, today)), ()


BALANCES: Final = Prompt(
    MemberWord.MEMBER,
    MemberWord.READ_BALANCES,
    leave,
    keys={Key.MEMBER: leave},
    rows=rows_of_shown,
    detail=name_of_shown,
    qr=card_of_shown,
)

begin_update: Final = _begins(Search(MemberWord.MENU_UPDATE, _asked(FIELDS)))
begin_block: Final = _begins(Search(MemberWord.MENU_BLOCK, _asked(BLOCK), refused=_let_in))
begin_new_card: Final = _begins(Search(MemberWord.MENU_CARD, _asked(NEW_CARD)))
begin_print: Final = _begins(Search(MemberWord.MENU_PRINT, _print))
begin_balances: Final = _begins(Search(MemberWord.MENU_BALANCES, _show))
