"""From the last payment to the stored sale: first it is asked how the accounts stand that the sale
moves, so that what goes on record stands on what is there, and no balance is ever overdrawn.
"""

from collections.abc import Set
from dataclasses import replace
from functools import partial

from edge.checkout.asking import await_answer
from edge.checkout.balances.account_booking import Short, moved_accounts, sale_ledger
from edge.checkout.balances.account_names import campaign_name
from edge.checkout.balances.accounts import AccountKind, civil_day
from edge.checkout.balances.coupon_paper import coupon_worth
from edge.checkout.balances.coupons import CouponTerms, MoneyCoupon, good_until, issued_by
from edge.checkout.balances.stored_value import TopUpRefusal
from edge.checkout.effects import DrawCoupon, FindAccounts
from edge.checkout.inputs import AccountsAnswered, CouponDrawn
from edge.checkout.instant import Instant
from edge.checkout.loyalty.member_numbers import coupon_number
from edge.checkout.loyalty.told import IssuedCoupon
from edge.checkout.money import write_amount
from edge.checkout.promotions.offers import COUPON
from edge.checkout.records import Entry, EntryKind, Tender, TenderKind
from edge.checkout.sale.basket import Basket, Deal
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.pricing import (
    basket_total,
    finish,
    paid_so_far,
    worth_what_it_covers,
)
from edge.checkout.session import Facts, Handler, Session, State, Step, refuse
from edge.checkout.words.texts_accounts import AccountWord


def settle(session: Session, paid: Basket, at: Instant, facts: Facts, store: Handler) -> Step:
    """The basket is paid: `store` sends it to the disk, once the accounts are known, and the number
    of the coupon that it brings, if it brings one.
    """
    session = replace(session, accounts=(), issued=())
    if facts.loyalty is None:
        return store(replace(session, basket=paid), at, facts)
    ids = moved_accounts(paid, facts.loyalty)
    if not ids:
        return _draw(session, paid, at, facts, store)
    # Until then its last payment is not in the draft, so that after a power cut it is taken again.
    return await_answer(session, FindAccounts(ids), partial(_settle, paid=paid, store=store))


def _settle(
    session: Session, answer: AccountsAnswered, facts: Facts, *, paid: Basket, store: Handler
) -> Step:
    session = replace(session, accounts=answer.accounts)
    as_paid = replace(session, basket=paid)
    ledger = sale_ledger(as_paid, finish(paid, facts.shop), answer.at, facts)
    if isinstance(ledger, Short):
        return _drop_short(as_paid, ledger, answer.at, facts)
    if isinstance(ledger, TopUpRefusal):
        session = replace(session, state=State.TENDERING, basket=_take_back(paid, ""))
        return refuse(session, AccountWord.REFUSED_TOP_UP_NOW)
    return _draw(session, paid, answer.at, facts, store)


def _draw(session: Session, paid: Basket, at: Instant, facts: Facts, store: Handler) -> Step:
    """The number of a coupon is drawn where the sale brings one."""
    assert facts.loyalty is not None
    today = civil_day(at, facts.shop.utc_offset_minutes)
    terms = issued_by(facts.loyalty.campaigns.values(), _spent(paid, facts), today)
    if terms is None:
        return store(replace(session, basket=paid), at, facts)
    # What the accounts were checked for is the moment that is booked, though it is midnight since.
    then = partial(_drawn, paid=paid, at=at, terms=terms, store=store)
    return await_answer(session, DrawCoupon(), then)


def _spent(paid: Basket, facts: Facts) -> int:
    """What was paid for goods; what tops a card up buys nothing yet."""
    topped_up = {line.number for line in paid.lines if line.holder}
    sold = finish(paid, facts.shop).lines
    return sum(line.paid_minor for line in sold if line.line not in topped_up)


def _drawn(
    session: Session,
    drawn: CouponDrawn,
    facts: Facts,
    *,
    paid: Basket,
    at: Instant,
    terms: CouponTerms,
    store: Handler,
) -> Step:
    assert facts.loyalty is not None
    today = civil_day(at, facts.shop.utc_offset_minutes)
    coupon = IssuedCoupon(
        coupon_number(facts.loyalty.till, drawn.counter, drawn.salt),
        terms.campaign,
        campaign_name(terms.campaign, facts, facts.shop.language),
        good_until(terms, today).isoformat(),
        coupon_worth(terms, facts.shop),
        from_minor=terms.issue_from_minor,
        off_minor=terms.worth.off_minor if isinstance(terms.worth, MoneyCoupon) else 0,
    )
    return store(replace(session, basket=paid, issued=(coupon,)), at, facts)


def _drop_short(session: Session, short: Short, at: Instant, facts: Facts) -> Step:
    """What the till does not hold, as after midnight, pays nothing: its payments are taken back,
    on record. A coupon that is used up, as in another sale that was held, leaves the basket, and
    what it took off is due as well.
    """
    paid = session.basket
    assert paid is not None
    lighter = _without_coupons(_take_back(paid, short.account), short.account, facts, at)
    session = replace(session, state=State.TENDERING, basket=lighter)
    is_cash = paid.tenders[-1].kind is TenderKind.CASH
    word = AccountWord.REFUSED_ONLY_CASH if is_cash else AccountWord.REFUSED_ONLY
    return refuse(session, word, units_here(short, facts))


def _take_back(paid: Basket, account: str) -> Basket:
    """Without the payments of that account, on record; and without a last one in cash, whose change
    and rounding were those of another sum, or of nothing.
    """
    last = len(paid.tenders) - 1
    kept: list[Tender] = []
    gone: list[Tender] = []
    for place, tender in enumerate(paid.tenders):
        is_last = place == last and (tender.kind is TenderKind.CASH or not tender.amount_minor)
        is_short = bool(account) and tender.account == account
        (gone if is_last or is_short else kept).append(tender)
    evidence = (*paid.evidence, *map(voided, gone))
    return replace(paid, tenders=tuple(kept), evidence=evidence)


def _without_coupons(basket: Basket, account: str, facts: Facts, at: Instant) -> Basket:
    """Without the coupons of that account, at today's price; but what is paid already is never more
    than that, or the rest of the price stays as it was.
    """
    coupons = [each for each in basket.counted_coupons if each[1] == account]
    if not coupons:
        return basket
    campaigns = {campaign for campaign, _ in coupons}
    lighter = replace(
        basket,
        counted_coupons=tuple(each for each in basket.counted_coupons if each not in coupons),
        coupons=tuple(each for each in basket.coupons if each not in campaigns),
    )
    again = reprice(lighter, facts, at)
    if basket_total(again, facts.shop) > paid_so_far(again):
        return again
    less = _less(lighter.deal, {f"{COUPON}{each}" for each in campaigns})
    return worth_what_it_covers(replace(lighter, deal=less), facts.shop)


def _less(deal: Deal, promotions: Set[str]) -> Deal:
    """The deal without what those promotions took off."""
    offs = tuple(off for off in deal.offs if off.promotion not in promotions)
    off_by_line: dict[int, int] = {}
    for off in offs:
        for line, _, off_minor in off.parts:
            off_by_line[line] = off_by_line.get(line, 0) + off_minor
    uses = {each: times for each, times in deal.uses.items() if each not in promotions}
    return replace(deal, offs=offs, off_by_line=off_by_line, uses=uses)


def voided(tender: Tender) -> Entry:
    """The record of a payment that was taken back."""
    return Entry(
        EntryKind.PAYMENT_VOIDED,
        {
            "tender": tender.kind.value,
            "amount_minor": tender.amount_minor,
            "reference": tender.reference,
        },
    )


def units_here(short: Short, facts: Facts) -> str:
    """What can be redeemed here, as people write it."""
    if short.account.startswith(f"{AccountKind.STORED_VALUE}:"):
        return write_amount(short.available, facts.shop.currency)
    return str(short.available)
