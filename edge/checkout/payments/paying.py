"""From the subtotal to the stored sale: payments in, or money back out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from edge.checkout.balances.prepaid import with_promises
from edge.checkout.booking import book
from edge.checkout.effects import Effect, StoreEntries
from edge.checkout.inputs import KeyPressed
from edge.checkout.instant import Instant
from edge.checkout.loyalty.earning import with_told
from edge.checkout.money import read_amount, write_amount
from edge.checkout.paper.receipt_writer import TENDER_WORDS
from edge.checkout.payments.payment_asking import begin_refunds
from edge.checkout.payments.settling import settle, voided
from edge.checkout.payments.tender import give_cash, take_card, take_cash
from edge.checkout.records import Entry, EntryKind, Sale, Tender, TenderKind, sale_entry
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.pricing import basket_total, finish, paid_so_far
from edge.checkout.sale.selling import put_basket
from edge.checkout.session import (
    Facts,
    Notice,
    Session,
    State,
    Step,
    Storing,
    forget_entry,
    has_entry,
    open_basket,
    refuse,
    say,
)
from edge.checkout.shop import Shop
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_payment import PaymentWord

# A reference has at most the 12 digits of a retrieval reference number (ISO 8583, field 37), an
# approval code 6; more are a card number, which no till may keep.
MAX_REFERENCE = 12
# How the cashier gives back what was paid so.
BY_HAND: Final[Mapping[TenderKind, Saying]] = {
    TenderKind.CARD: Word.CARD_BACK,
    TenderKind.VOUCHER: PaymentWord.VOUCHER_BACK,
}


def due(basket: Basket, shop: Shop) -> int:
    """What is still to be paid, before cash rounding."""
    return basket_total(basket, shop) - paid_so_far(basket)


def subtotal(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The sum is shown to both sides; payments may begin."""
    if not open_basket(session).lines:
        return refuse(session, Word.REFUSED_EMPTY)
    return replace(forget_entry(session), state=State.TENDERING, notice=None), ()


def back_to_lines(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: first what was keyed, then, while nothing is paid, back to the lines."""
    keyed = has_entry(session)
    state = session.state if keyed or open_basket(session).tenders else State.SELLING
    return replace(forget_entry(session), state=state, notice=None), ()


def void_payment(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The last payment is taken back, on record; before the first one, VOID refuses."""
    basket = open_basket(session)
    if not basket.tenders:
        return refuse(session, Word.REFUSED_NOTHING_PAID)
    *others, last = basket.tenders
    fewer = replace(basket, tenders=tuple(others), evidence=(*basket.evidence, voided(last)))
    name = text(TENDER_WORDS[last.kind], session.language)
    written = write_amount(last.amount_minor, facts.shop.currency)
    return put_basket(session, fewer, facts, Word.PAYMENT_TAKEN_BACK, f"{name} {written}")


def keyed_amount(session: Session, shop: Shop) -> int | None | Word:
    """The keyed amount, None when nothing was keyed, or the refusal."""
    if session.quantity_milli is not None:
        return Word.REFUSED_AMOUNT
    if not session.entry:
        return None
    amount_minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    return Word.REFUSED_AMOUNT if amount_minor is None else amount_minor


def next_tender(session: Session, kind: TenderKind, shop: Shop) -> Tender | Word:
    """The payment that was keyed, or all that is due; or why there can't be one."""
    basket = open_basket(session)
    if not basket.lines:
        return Word.REFUSED_EMPTY
    keyed_minor = keyed_amount(session, shop)
    if isinstance(keyed_minor, Word):
        return keyed_minor
    due_minor = due(basket, shop)
    if kind is TenderKind.CASH:
        tender = take_cash(due_minor, keyed_minor, shop.cash_step_minor)
    else:
        tender = take_card(due_minor, keyed_minor, "")
    if isinstance(tender, Word):
        return tender
    if tender.change_minor > shop.limits.max_change_minor:
        return Word.REFUSED_CHANGE
    if tender.amount_minor < due_minor and len(basket.tenders) + 1 >= shop.limits.max_tenders:
        return Word.REFUSED_TENDERS
    return tender


def pay_cash(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Cash: the keyed amount, or exactly what is due."""
    tender = next_tender(session, TenderKind.CASH, facts.shop)
    if isinstance(tender, Word):
        return refuse(session, tender)
    return take(session, tender, pressed.at, facts)


def ask_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Card: the keyed part or all that is due; the stand-alone terminal's approval code is next."""
    tender = next_tender(session, TenderKind.CARD, facts.shop)
    if isinstance(tender, Word):
        return refuse(session, tender)
    session = replace(
        forget_entry(session), state=State.CARD_APPROVAL, card_minor=tender.amount_minor
    )
    return say(session, Word.ASK_APPROVAL), ()


def approve_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The card was taken, with the approval code that was keyed, if any."""
    if len(session.entry) > MAX_REFERENCE:
        return refuse(forget_entry(session), Word.REFUSED_CARD_NUMBER)
    tender = take_card(due(open_basket(session), facts.shop), session.card_minor, session.entry)
    assert isinstance(tender, Tender), tender
    return take(session, tender, pressed.at, facts)


def decline_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: first the keyed code, then the card payment itself."""
    if session.entry:
        return replace(session, entry=""), ()
    return replace(session, state=State.TENDERING, card_minor=0, notice=None), ()


def take(session: Session, tender: Tender, at: Instant, facts: Facts) -> Step:
    """The payment is taken; one that settles the rest sends the sale to the disk."""
    basket = open_basket(session)
    paid = replace(basket, tenders=(*basket.tenders, tender))
    session = replace(forget_entry(session), card_minor=0, notice=None)
    if due(paid, facts.shop):
        return replace(session, state=State.TENDERING, basket=paid), ()
    return settle(session, paid, at, facts, store_paid)


def store_paid(session: Session, at: Instant, facts: Facts) -> Step:
    """The basket, which is paid, goes to the disk as a sale."""
    basket = open_basket(session)
    sale = replace(_finished(basket, facts), coupons=session.issued)
    return store_sale(session, sale, at, basket.evidence, facts)


def _finished(basket: Basket, facts: Facts) -> Sale:
    return with_promises(finish(basket, facts.shop), basket, facts.loyalty)


def store_sale(
    session: Session, sale: Sale, at: Instant, evidence: tuple[Entry, ...], facts: Facts
) -> Step:
    """The sale or refund goes to the disk, its evidence before it, what it moves behind it; nothing
    else happens yet.
    """
    sale = replace(sale, staff=session.duty.signed_on, shift=session.shift_no)
    session, refunds = begin_refunds(session, sale, at, facts)
    sale = with_told(session, sale, at, facts)
    storing = Storing(
        then=State.IDLE, notice=_by_hand(session, sale, facts), sale=sale, ends_basket=True
    )
    effect: Effect = StoreEntries(
        at=at,
        entries=(*evidence, sale_entry(sale), *refunds, *book(session, sale, at, facts)),
        ends_basket=True,
        opens_drawer=any(tender.kind is TenderKind.CASH for tender in sale.tenders),
        prints_receipt=True,
    )
    return replace(session, state=State.STORING, storing=storing), (effect,)


def _by_hand(session: Session, sale: Sale, facts: Facts) -> Notice | None:
    """What of a refund the cashier gives back: a stand-alone terminal and a voucher do nothing by
    themselves.
    """
    sums = {
        kind: sum(tender.amount_minor for tender in sale.tenders if tender.kind is kind)
        for kind in BY_HAND
    }
    back = [(kind, write_amount(each, facts.shop.currency)) for kind, each in sums.items() if each]
    if sale.kind is not EntryKind.REFUND or not back:
        return None
    if len(back) == 1:
        kind, amount = back[0]
        return Notice(BY_HAND[kind], amount)
    names = (f"{text(TENDER_WORDS[kind], session.language)} {amount}" for kind, amount in back)
    return Notice(PaymentWord.BACK_BY_HAND, text(AccountWord.COMMA, session.language).join(names))


def give_back_basket_cash(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The goods came back without a receipt; the drawer pays."""
    total_minor = basket_total(open_basket(session), facts.shop)
    return _give_back_basket(
        session, give_cash(total_minor, facts.shop.cash_step_minor), pressed.at, facts
    )


def give_back_basket_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The goods came back without a receipt; the card terminal pays."""
    total_minor = basket_total(open_basket(session), facts.shop)
    tender = Tender(TenderKind.CARD, total_minor, total_minor, 0)
    return _give_back_basket(session, tender, pressed.at, facts)


def _give_back_basket(session: Session, tender: Tender, at: Instant, facts: Facts) -> Step:
    basket = open_basket(session)
    if not basket.lines:
        return refuse(session, Word.REFUSED_EMPTY)
    if has_entry(session):
        return refuse(session, Word.REFUSED_AMOUNT)
    refund = _finished(replace(basket, tenders=(tender,)), facts)
    return store_sale(session, refund, at, basket.evidence, facts)
