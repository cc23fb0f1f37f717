"""The MEMBER key, and a member's card or code under the scanner: whose sale it is."""

from typing import Final

from edge.checkout.asking import about, ask, end_question, open_question
from edge.checkout.balances.accounts import civil_day
from edge.checkout.inputs import BarcodeScanned, Input, Key, KeyPressed
from edge.checkout.loyalty.attaching import attach, name_of, take_off
from edge.checkout.loyalty.enrolling import offer_enrol
from edge.checkout.loyalty.member_search import Search, begin_search, code_query, find
from edge.checkout.loyalty.member_views import Shown, member_rows
from edge.checkout.loyalty.members import MemberFound
from edge.checkout.sale.selling import scan as scan_article
from edge.checkout.screens import ScreenQr, ScreenRow
from edge.checkout.session import Facts, Prompt, Session, Step, has_entry, refuse
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_members import MemberWord

FOR_THE_SALE: Final = Search(MemberWord.SALE, attach, missing=offer_enrol)


def key_member(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """MEMBER: who is it? The second time, how he stands; a number keyed first is looked up."""
    if facts.loyalty is None:
        return refuse(session, MemberWord.REFUSED_NO_MEMBERS)
    if session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_QUANTITY)
    if session.member is not None and not session.entry:
        return show_member(session, session.member, pressed, facts)
    if _is_paid_for(session):
        return refuse(session, Word.REFUSED_PAY_FIRST)
    return begin_search(session, FOR_THE_SALE, facts)


def scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """A member's card or code is recognised before any article's."""
    query = code_query(scanned.code) if facts.loyalty is not None else None
    if query is None:
        return scan_article(session, scanned, facts)
    if has_entry(session):
        return refuse(session, Word.REFUSED_NUMBER)
    if _is_paid_for(session):
        return refuse(session, Word.REFUSED_PAY_FIRST)
    return find(session, query, FOR_THE_SALE)


def _is_paid_for(session: Session) -> bool:
    return session.basket is not None and bool(session.basket.tenders)


def show_member(session: Session, found: MemberFound, cause: Input, facts: Facts) -> Step:
    """How the sale's member stands."""
    today = civil_day(cause.at, facts.shop.utc_offset_minutes)
    return ask(session, MEMBER, Shown(found, today)), ()


def rows_of_shown(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    """The member that the question is about."""
    marked = open_question(session).row
    return member_rows(about(session, Shown), marked, facts, session.language)


def card_of_shown(session: Session, facts: Facts) -> ScreenQr:
    """The card in force, as it is printed."""
    card = about(session, Shown).found.member.card
    return ScreenQr(card, card)


def name_of_shown(session: Session, facts: Facts) -> str:
    return name_of(about(session, Shown).found.member)


def leave(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Read."""
    return end_question(session), ()


def _void(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return take_off(end_question(session), pressed, facts)


MEMBER: Final = Prompt(
    MemberWord.MEMBER,
    MemberWord.READ_MEMBER,
    leave,
    keys={Key.VOID: _void, Key.MEMBER: leave},
    rows=rows_of_shown,
    detail=name_of_shown,
)
