"""From the last payment to the stored sale: first it is asked how the accounts stand that the sale
moves, so that what goes on record stands on what is there, and no balance is ever overdrawn.
"""

from dataclasses import replace
from functools import partial

from edge.checkout.account_booking import Short, moved_accounts, sale_ledger
from edge.checkout.accounts import AccountKind
from edge.checkout.asking import await_answer
from edge.checkout.basket import Basket
from edge.checkout.effects import FindAccounts
from edge.checkout.inputs import AccountsAnswered
from edge.checkout.instant import Instant
from edge.checkout.money import write_amount
from edge.checkout.pricing import finish
from edge.checkout.records import Entry, EntryKind, Tender
from edge.checkout.session import Facts, Handler, Session, State, Step, refuse
from edge.checkout.texts_accounts import AccountWord


def settle(session: Session, paid: Basket, at: Instant, facts: Facts, store: Handler) -> Step:
    """The basket is paid: `store` sends it to the disk, once the accounts are known."""
    ids = moved_accounts(paid, facts.loyalty) if facts.loyalty is not None else ()
    if not ids:
        return store(replace(session, basket=paid, accounts=()), at, facts)
    # Until then its last payment is not in the draft, so that after a power cut it is taken again.
    return await_answer(session, FindAccounts(ids), partial(_settle, paid=paid, store=store))


def _settle(
    session: Session, answer: AccountsAnswered, facts: Facts, *, paid: Basket, store: Handler
) -> Step:
    session = replace(session, basket=paid, accounts=answer.accounts)
    ledger = sale_ledger(session, finish(paid, facts.shop), answer.at, facts)
    if isinstance(ledger, Short):
        return _drop_short(session, ledger, facts)
    return store(session, answer.at, facts)


def _drop_short(session: Session, short: Short, facts: Facts) -> Step:
    """What the till does not hold, as after midnight, pays nothing: its payments are taken back,
    on record, and a coupon that is used up leaves the basket.
    """
    paid = session.basket
    assert paid is not None
    gone = [tender for tender in paid.tenders if tender.account == short.account]
    coupons = [each for each in paid.counted_coupons if each[1] == short.account]
    campaigns = {campaign for campaign, _ in coupons}
    lighter = replace(
        paid,
        tenders=tuple(tender for tender in paid.tenders if tender not in gone),
        counted_coupons=tuple(each for each in paid.counted_coupons if each not in coupons),
        coupons=tuple(each for each in paid.coupons if each not in campaigns),
        evidence=(*paid.evidence, *map(voided, gone)),
    )
    session = replace(session, state=State.TENDERING, basket=lighter)
    return refuse(session, AccountWord.REFUSED_ONLY, units_here(short, facts))


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
