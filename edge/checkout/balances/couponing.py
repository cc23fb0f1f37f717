"""Coupons at the till: shown by scanning, by number, or out of a member's accounts; taken back; and
what they take off is the promotions' business.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from edge.checkout.asking import answered, ask, await_answer, chosen, end_question, open_question
from edge.checkout.balances.account_names import campaign_name
from edge.checkout.balances.accounts import Account, civil_day
from edge.checkout.balances.coupons import (
    CouponRefusal,
    Presented,
    coupon_ref,
    present,
    present_open,
)
from edge.checkout.effects import FindAccount, ReadCoupon
from edge.checkout.inputs import (
    AccountAnswered,
    BarcodeScanned,
    CouponRead,
    Input,
    Key,
    KeyPressed,
)
from edge.checkout.loyalty import membering
from edge.checkout.loyalty.member_numbers import CouponCode, CouponToken, is_coupon, loyalty_code
from edge.checkout.loyalty.member_search import REFUSALS
from edge.checkout.money import write_amount
from edge.checkout.promotions.offers import COUPON
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.selling import put_basket
from edge.checkout.screens import ScreenRow
from edge.checkout.session import (
    Facts,
    Prompt,
    Session,
    State,
    Step,
    forget_entry,
    has_entry,
    open_basket,
    refuse,
)
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_members import MemberWord

COUPON_REFUSALS: Final[Mapping[CouponRefusal, Saying]] = {
    CouponRefusal.NOT_HERE: AccountWord.REFUSED_NOT_HERE,
    CouponRefusal.GONE: AccountWord.REFUSED_COUPON_GONE,
    CouponRefusal.NOT_YET: AccountWord.REFUSED_NOT_YET,
    CouponRefusal.EXPIRED: AccountWord.REFUSED_COUPON_EXPIRED,
    CouponRefusal.UNKNOWN_CAMPAIGN: AccountWord.REFUSED_CAMPAIGN,
    CouponRefusal.NOT_THE_OWNER: AccountWord.REFUSED_NOT_OWNER,
    CouponRefusal.SAME_CAMPAIGN: AccountWord.REFUSED_SAME_CAMPAIGN,
}


def scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """A coupon under the scanner is recognised before a member's card and any article."""
    is_one = isinstance(loyalty_code(scanned.code), CouponCode | CouponToken)
    if facts.loyalty is None or not is_one:
        return membering.scan(session, scanned, facts)
    if has_entry(session):
        return refuse(session, Word.REFUSED_NUMBER)
    return _show_code(session, scanned.code)


def begin_coupon(session: Session, cause: Input, facts: Facts) -> Step:
    """The coupon whose number was keyed; else those that were shown, and the question for more."""
    if facts.loyalty is None:
        return refuse(session, MemberWord.REFUSED_NO_MEMBERS)
    if session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_QUANTITY)
    if session.entry:
        return _show_code(forget_entry(session), session.entry)
    return ask(session, COUPONS), ()


def _show_code(session: Session, code: str) -> Step:
    if _is_paid_for(session):
        return refuse(session, Word.REFUSED_PAY_FIRST)
    read = loyalty_code(code)
    if isinstance(read, CouponCode):
        return _find(session, read.number)
    if isinstance(read, CouponToken):
        return await_answer(session, ReadCoupon(read.text), _hear_name)
    return refuse(session, AccountWord.REFUSED_NO_COUPON)


def _is_paid_for(session: Session) -> bool:
    return session.basket is not None and bool(session.basket.tenders)


def _find(session: Session, number: str) -> Step:
    return await_answer(session, FindAccount(coupon_ref(number, "").id), _hear_account)


def _hear_name(session: Session, read: CouponRead, facts: Facts) -> Step:
    """What a signed coupon names: one that is counted, or a campaign that is not."""
    assert facts.loyalty is not None
    if read.refusal is not None:
        return refuse(session, REFUSALS[read.refusal])
    if is_coupon(read.name):
        return _find(session, read.name)
    presented = present_open(
        read.name,
        facts.loyalty.campaigns,
        civil_day(read.at, facts.shop.utc_offset_minutes),
        beside=_shown(session),
    )
    return _take(session, presented, read, facts)


def _hear_account(session: Session, answer: AccountAnswered, facts: Facts) -> Step:
    return show_account(session, answer.account, answer, facts)


def show_account(session: Session, account: Account | None, cause: Input, facts: Facts) -> Step:
    """The coupon of that account goes into the basket, or why it does not."""
    assert facts.loyalty is not None
    if _is_paid_for(session):
        return refuse(session, Word.REFUSED_PAY_FIRST)
    buyer = session.basket.buyer if session.basket is not None else None
    presented = present(
        account,
        facts.loyalty.campaigns,
        civil_day(cause.at, facts.shop.utc_offset_minutes),
        member=buyer.member if buyer is not None else "",
        beside=_shown(session),
    )
    return _take(session, presented, cause, facts)


def _shown(session: Session) -> frozenset[str]:
    return frozenset(session.basket.coupons) if session.basket is not None else frozenset()


def _take(
    session: Session, presented: Presented | CouponRefusal, cause: Input, facts: Facts
) -> Step:
    if isinstance(presented, CouponRefusal):
        return refuse(session, COUPON_REFUSALS[presented])
    basket = session.basket or Basket(BasketKind.SALE, session.next_receipt_no)
    counted = ((presented.campaign, presented.ref.id),) if presented.ref is not None else ()
    fuller = replace(
        basket,
        coupons=(*basket.coupons, presented.campaign),
        counted_coupons=(*basket.counted_coupons, *counted),
    )
    fuller = reprice(fuller, facts, cause.at)
    if session.asking is not None:
        session = answered(session)
    state = State.SELLING if session.state is State.IDLE else session.state
    session = replace(session, state=state, last_sale=None)
    name = campaign_name(presented.campaign, facts, session.language)
    return put_basket(session, fuller, facts, AccountWord.COUPON_SHOWN, name)


# --- the question


def _enter(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    if not session.entry or session.quantity_milli is not None:
        return refuse(forget_entry(session), AccountWord.REFUSED_NO_COUPON)
    return _show_code(forget_entry(session), session.entry)


def _scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    return _show_code(session, scanned.code)


def _void(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The marked coupon is taken back: it was not used."""
    shown = session.basket.coupons if session.basket is not None else ()
    place = chosen(session, shown)
    if place is None or place >= len(shown):
        return refuse(forget_entry(session), AccountWord.REFUSED_NONE_SHOWN)
    session = forget_entry(end_question(session))
    basket = open_basket(session)
    if basket.tenders:
        return refuse(session, Word.REFUSED_PAY_FIRST)
    gone = shown[place]
    lighter = replace(
        basket,
        coupons=tuple(each for each in shown if each != gone),
        counted_coupons=tuple(each for each in basket.counted_coupons if each[0] != gone),
    )
    lighter = reprice(lighter, facts, pressed.at)
    name = campaign_name(gone, facts, session.language)
    return put_basket(session, lighter, facts, AccountWord.COUPON_BACK, name)


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    basket, marked = session.basket, open_question(session).row
    if basket is None:
        return ()
    return tuple(
        ScreenRow(
            f"{place + 1}. {campaign_name(campaign, facts, session.language)}",
            "",
            _off(basket, campaign, facts),
            place == marked,
        )
        for place, campaign in enumerate(basket.coupons)
    )


def _off(basket: Basket, campaign: str, facts: Facts) -> str:
    """What the coupon takes off as the basket is."""
    off_minor = sum(
        off.off_minor for off in basket.deal.offs if off.promotion == f"{COUPON}{campaign}"
    )
    return f"-{write_amount(off_minor, facts.shop.currency)}" if off_minor else ""


COUPONS: Final = Prompt(
    AccountWord.COUPONS,
    AccountWord.ASK_COUPON,
    _enter,
    scan=_scan,
    keys={Key.VOID: _void},
    rows=_rows,
)
