"""Looking a member up: by phone, its last digits, card or signed code, for whatever purpose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from edge.checkout.asking import about, ask, await_answer, chosen, end_question, open_question
from edge.checkout.effects import FindMember
from edge.checkout.inputs import BarcodeScanned, Key, KeyPressed, MemberAnswered
from edge.checkout.loyalty.member_numbers import CardCode, MemberToken, loyalty_code
from edge.checkout.loyalty.member_views import tier_name
from edge.checkout.loyalty.members import (
    ByCard,
    ByNumber,
    ByToken,
    MemberFound,
    MemberQuery,
    MemberRefusal,
    MemberRefused,
    MemberSummary,
    SeveralMembers,
    member_query,
)
from edge.checkout.screens import ScreenRow
from edge.checkout.session import Facts, Prompt, Session, Step, forget_entry, refuse
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_members import MemberWord

Found: TypeAlias = Callable[[Session, MemberAnswered, Facts], Step]
Missing: TypeAlias = Callable[[Session, MemberQuery, Facts], Step]
Refused: TypeAlias = Callable[[Session, MemberRefused, Facts], Step]

REFUSALS: Final[Mapping[MemberRefusal, Saying]] = {
    MemberRefusal.BLOCKED: MemberWord.REFUSED_BLOCKED,
    MemberRefusal.CARD_REPLACED: MemberWord.REFUSED_REPLACED,
    MemberRefusal.MISREAD: Word.REFUSED_MISREAD,
    MemberRefusal.FORGED: MemberWord.REFUSED_FORGED,
    MemberRefusal.EXPIRED: MemberWord.REFUSED_EXPIRED,
    MemberRefusal.REPLAYED: MemberWord.REFUSED_REPLAYED,
    MemberRefusal.NO_KEY: MemberWord.REFUSED_NO_KEY,
}


def refuse_nobody(session: Session, query: MemberQuery, facts: Facts) -> Step:
    """Nobody that this till knows."""
    return refuse(session, MemberWord.REFUSED_NOBODY)


def refuse_him(session: Session, refused: MemberRefused, facts: Facts) -> Step:
    """Somebody, or a code, that is not taken; each reason has its own word."""
    return refuse(session, REFUSALS[refused.reason])


@dataclass(frozen=True, slots=True)
class Search:
    """What a member is looked up for, and what is done with who is found, or is not. `found` goes
    on where the search began.
    """

    purpose: Saying
    found: Found
    missing: Missing = refuse_nobody
    refused: Refused = refuse_him


@dataclass(frozen=True, slots=True)
class _Choice:
    """Several that were found."""

    search: Search
    several: SeveralMembers


def begin_search(session: Session, search: Search, facts: Facts) -> Step:
    """By the number that was keyed, else the question who it is."""
    if session.entry:
        return look_up(session, session.entry, search, facts)
    return ask(session, WHO, search), ()


def look_up(session: Session, keyed: str, search: Search, facts: Facts) -> Step:
    """Whom the keyed digits ask for."""
    assert facts.loyalty is not None
    session = forget_entry(session)
    query = member_query(keyed, facts.loyalty.phones)
    if query is None:
        return refuse(session, MemberWord.REFUSED_NOT_A_NUMBER)
    return find(session, query, search)


def find(session: Session, query: MemberQuery, search: Search) -> Step:
    """The store is asked; the search goes on with what it says."""
    return await_answer(session, FindMember(query), partial(_hear, search, query))


def _hear(
    search: Search, query: MemberQuery, session: Session, heard: MemberAnswered, facts: Facts
) -> Step:
    answer = heard.answer
    if isinstance(answer, MemberFound):
        return search.found(closed(session), heard, facts)
    if isinstance(answer, SeveralMembers):
        return ask(session, WHICH, _Choice(search, answer)), ()
    if isinstance(answer, MemberRefused):
        return search.refused(session, answer, facts)
    return search.missing(session, query, facts)


def closed(session: Session) -> Session:
    """Back where the search began."""
    return end_question(session) if session.asking is not None else session


def code_query(code: str) -> MemberQuery | None:
    """Whom a scanned code asks for; None for what is no member's."""
    read = loyalty_code(code)
    if isinstance(read, MemberToken):
        return ByToken(read.text)
    return ByCard(read.number) if isinstance(read, CardCode) else None


# --- the questions


def _enter_who(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    if not session.entry or session.quantity_milli is not None:
        return refuse(forget_entry(session), MemberWord.REFUSED_NO_NUMBER)
    return look_up(session, session.entry, about(session, Search), facts)


def _scan_who(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    query = code_query(scanned.code)
    if query is None:
        return refuse(session, MemberWord.REFUSED_NOT_A_NUMBER)
    return find(session, query, about(session, Search))


def _enter_which(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    choice = about(session, _Choice)
    place = None if session.quantity_milli else chosen(session, choice.several.members)
    if place is None:
        return refuse(forget_entry(session), Word.REFUSED_NO_ITEM)
    return find(session, ByNumber(choice.several.members[place].number), choice.search)


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    assert facts.loyalty is not None
    loyalty = facts.loyalty
    marked = open_question(session).row
    members = about(session, _Choice).several.members

    def row(place: int, each: MemberSummary) -> ScreenRow:
        tier = tier_name(loyalty.tier(each.tier), session.language)
        return ScreenRow(
            f"{place + 1}. {each.masked_name}", tier, f"*{each.card_tail}", place == marked
        )

    return tuple(row(place, each) for place, each in enumerate(members))


def _how_many(session: Session, facts: Facts) -> str:
    several = about(session, _Choice).several
    return f"{len(several.members)}{'+' if several.more else ''}"


def _purpose(session: Session, facts: Facts) -> str:
    return text(about(session, Search).purpose, session.language)


# MEMBER is what a hand presses behind a number everywhere else.
WHO: Final = Prompt(
    MemberWord.WHO,
    MemberWord.ASK_WHO,
    _enter_who,
    scan=_scan_who,
    keys={Key.MEMBER: _enter_who},
    detail=_purpose,
)
WHICH: Final = Prompt(
    MemberWord.WHICH, MemberWord.ASK_WHICH, _enter_which, rows=_rows, detail=_how_many
)
