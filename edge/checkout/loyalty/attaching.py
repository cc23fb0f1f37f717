"""A sale becomes a member's: at his tier's prices, with his offers, at once."""

from dataclasses import replace
from functools import partial

from edge.checkout.asking import await_answer
from edge.checkout.balances.account_booking import needs_member
from edge.checkout.balances.accounts import civil_day
from edge.checkout.balances.prepaid import is_nobodys
from edge.checkout.effects import FindMember
from edge.checkout.inputs import Input, MemberAnswered
from edge.checkout.instant import Instant
from edge.checkout.loyalty.birthdays import segments
from edge.checkout.loyalty.member_prices import price_for
from edge.checkout.loyalty.members import ByNumber, Member, MemberFound, masked
from edge.checkout.loyalty.tiers import tier_of
from edge.checkout.records import EntryKind
from edge.checkout.sale.basket import Basket, BasketKind, Buyer, Line
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.selling import line_evidence, put_basket
from edge.checkout.screens import NoticeTone
from edge.checkout.session import (
    Facts,
    Notice,
    Session,
    State,
    Step,
    open_basket,
    refuse,
    say,
)
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_members import MemberWord


def name_of(member: Member) -> str:
    """What others may see of a member: the masked name, else the end of the card's number."""
    return masked(member.name) if member.name else f"*{member.card[-4:]}"


def buyer_of(heard: MemberAnswered, facts: Facts) -> Buyer:
    """The member as the basket keeps him: how he stands today."""
    found = heard.answer
    assert isinstance(found, MemberFound), found
    assert facts.loyalty is not None
    today = civil_day(heard.at, facts.shop.utc_offset_minutes)
    member = found.member
    return Buyer(
        member=member.number,
        tier=tier_of(facts.loyalty.tiers, member, found.trade).id,
        segments=tuple(sorted(segments(member, found.trade, today))),
        masked_name=name_of(member),
        used=heard.used,
    )


def with_buyer(basket: Basket, buyer: Buyer | None, facts: Facts, at: Instant) -> Basket:
    """The basket as that member's, or nobody's, at its new price. What a person priced stays."""

    def priced(line: Line) -> Line:
        if line.price_minor != price_for(line.product, basket.buyer, facts):
            return line
        return replace(line, price_minor=price_for(line.product, buyer, facts))

    lines = tuple(map(priced, basket.lines))
    return reprice(replace(basket, buyer=buyer, lines=lines), facts, at)


def attach(session: Session, heard: MemberAnswered, facts: Facts) -> Step:
    """The sale is that member's from now on; where there is none, one begins."""
    found = heard.answer
    assert isinstance(found, MemberFound), found
    basket = session.basket or Basket(BasketKind.SALE, session.next_receipt_no)
    assert not basket.tenders, "a price that changes after a payment"
    changed = with_buyer(basket, buyer_of(heard, facts), facts, heard.at)
    session = replace(
        session,
        state=State.SELLING if session.state is State.IDLE else session.state,
        member=found,
        last_sale=None,
    )
    return put_basket(session, changed, facts, MemberWord.MEMBER, name_of(found.member))


def take_off(session: Session, cause: Input, facts: Facts) -> Step:
    """The sale is nobody's again. One that had nothing else is over."""
    basket = open_basket(session)
    assert not basket.tenders, "a price that changes after a payment"
    nobodys = replace(basket, buyer=None)
    if any(needs_member(line.product, nobodys, facts) for line in basket.lines):
        return refuse(session, AccountWord.REFUSED_NO_MEMBER)
    if not (basket.lines or basket.evidence):
        return say(replace(session, state=State.IDLE, basket=None), MemberWord.TAKEN_OFF), ()
    return put_basket(
        session, with_buyer(basket, None, facts, cause.at), facts, MemberWord.TAKEN_OFF
    )


def forget_member(session: Session) -> Session:
    """Without the member whose basket is not there any more."""
    found, basket = session.member, session.basket
    if found is None:
        return session
    buyer = basket.buyer if basket is not None else None
    is_his = buyer is not None and buyer.member == found.member.number
    return session if is_his else replace(session, member=None)


def rejoin(session: Session, cause: Input, facts: Facts) -> Step:
    """The basket that came back has its member looked up again: he may stand otherwise by now."""
    basket = open_basket(session)
    if basket.buyer is None:
        return _without_nobodys(session, basket, cause, facts)
    if facts.loyalty is None:
        return _without_member(session, basket, cause, facts)
    return await_answer(
        session, FindMember(ByNumber(basket.buyer.member)), partial(_rejoined, session.notice)
    )


def _rejoined(notice: Notice | None, session: Session, heard: MemberAnswered, facts: Facts) -> Step:
    basket = open_basket(session)
    if not isinstance(heard.answer, MemberFound):
        return _without_member(session, basket, heard, facts)
    # What is paid already never changes, so neither does what the member was when it was paid.
    if not basket.tenders:
        basket = with_buyer(basket, buyer_of(heard, facts), facts, heard.at)
    return replace(session, basket=basket, member=heard.answer, notice=notice), ()


def _without_member(session: Session, basket: Basket, cause: Input, facts: Facts) -> Step:
    if not basket.tenders:
        basket = with_buyer(basket, None, facts, cause.at)
    gone = Notice(MemberWord.REFUSED_GONE, tone=NoticeTone.REFUSAL)
    return _without_nobodys(replace(session, notice=gone), basket, cause, facts)


def _without_nobodys(session: Session, basket: Basket, cause: Input, facts: Facts) -> Step:
    """What nobody would get is taken out, on record. What is paid in part stays as it is."""
    lighter = basket
    for index in reversed(range(len(basket.lines))):
        if not basket.tenders and is_nobodys(basket.lines[index], basket, facts):
            for gone in reversed(basket.whole(index)):
                voided = line_evidence(EntryKind.LINE_VOIDED, basket.lines[gone])
                lighter = lighter.without(gone, voided)
    if lighter is not basket:
        taken_out = Notice(AccountWord.REFUSED_NOBODYS_LINE, tone=NoticeTone.REFUSAL)
        basket = reprice(lighter, facts, cause.at)
        session = replace(session, notice=taken_out)
    return replace(session, basket=basket), ()
