"""From the subtotal to the stored sale: payments in, or money back out."""

from dataclasses import replace

from edge.checkout.basket import Basket
from edge.checkout.effects import Effect, StoreEntries
from edge.checkout.inputs import KeyPressed
from edge.checkout.instant import Instant
from edge.checkout.money import read_amount
from edge.checkout.pricing import basket_total, finish, paid_so_far
from edge.checkout.records import Entry, Sale, Tender, TenderKind, sale_entry
from edge.checkout.returns import pay_out
from edge.checkout.session import (
    Facts,
    Session,
    State,
    Step,
    Storing,
    forget_entry,
    open_basket,
    refuse,
    say,
)
from edge.checkout.shop import Shop
from edge.checkout.tender import give_cash, take_card, take_cash
from edge.checkout.texts import Word


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
    keyed = session.entry or session.quantity_milli is not None
    state = session.state if keyed or open_basket(session).tenders else State.SELLING
    return replace(forget_entry(session), state=state, notice=None), ()


def void_payment(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The last payment is taken back; before the first one, VOID refuses."""
    basket = open_basket(session)
    if not basket.tenders:
        return refuse(session, Word.REFUSED_KEY)
    fewer = replace(basket, tenders=basket.tenders[:-1])
    return say(replace(forget_entry(session), basket=fewer), Word.PAYMENT_TAKEN_BACK), ()


def _keyed_amount(session: Session, shop: Shop) -> int | None | Word:
    """The keyed amount, None when nothing was keyed, or the refusal."""
    if session.quantity_milli is not None:
        return Word.REFUSED_AMOUNT
    if not session.entry:
        return None
    amount_minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    return Word.REFUSED_AMOUNT if amount_minor is None else amount_minor


def pay_cash(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Cash: the keyed amount, or exactly what is due."""
    basket = open_basket(session)
    if not basket.lines:
        return refuse(session, Word.REFUSED_EMPTY)
    keyed_minor = _keyed_amount(session, facts.shop)
    if isinstance(keyed_minor, Word):
        return refuse(session, keyed_minor)
    tender = take_cash(due(basket, facts.shop), keyed_minor, facts.shop.cash_step_minor)
    if isinstance(tender, Word):
        return refuse(session, tender)
    return _take(session, tender, pressed.at, facts)


def ask_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Card: the keyed part or all that is due; the stand-alone terminal's approval code is next."""
    basket = open_basket(session)
    if not basket.lines:
        return refuse(session, Word.REFUSED_EMPTY)
    keyed_minor = _keyed_amount(session, facts.shop)
    if isinstance(keyed_minor, Word):
        return refuse(session, keyed_minor)
    tender = take_card(due(basket, facts.shop), keyed_minor, "")
    if isinstance(tender, Word):
        return refuse(session, tender)
    session = replace(
        forget_entry(session), state=State.CARD_APPROVAL, card_minor=tender.amount_minor
    )
    return say(session, Word.ASK_APPROVAL), ()


def approve_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The card was taken, with the approval code that was keyed, if any."""
    tender = take_card(due(open_basket(session), facts.shop), session.card_minor, session.entry)
    assert isinstance(tender, Tender), tender
    return _take(session, tender, pressed.at, facts)


def decline_card(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: first the keyed code, then the card payment itself."""
    if session.entry:
        return replace(session, entry=""), ()
    return replace(session, state=State.TENDERING, card_minor=0, notice=None), ()


def _take(session: Session, tender: Tender, at: Instant, facts: Facts) -> Step:
    basket = open_basket(session)
    paid = replace(basket, tenders=(*basket.tenders, tender))
    session = replace(forget_entry(session), basket=paid, card_minor=0, notice=None)
    if due(paid, facts.shop):
        return replace(session, state=State.TENDERING), ()
    return store_sale(session, finish(paid, facts.shop), at, paid.evidence)


def store_sale(session: Session, sale: Sale, at: Instant, evidence: tuple[Entry, ...]) -> Step:
    """The sale or refund goes to the disk, its evidence before it; nothing else happens yet."""
    storing = Storing(then=State.IDLE, sale=sale)
    effect: Effect = StoreEntries(
        at=at,
        entries=(*evidence, sale_entry(sale)),
        ends_basket=True,
        opens_drawer=any(tender.kind is TenderKind.CASH for tender in sale.tenders),
        prints_receipt=True,
    )
    return replace(session, state=State.STORING, storing=storing), (effect,)


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
    if session.entry or session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_AMOUNT)
    paid = replace(basket, tenders=(tender,))
    refund = finish(paid, facts.shop)
    return store_sale(replace(session, basket=paid), refund, at, basket.evidence)


def give_back_sale(
    session: Session, refund: Sale, kind: TenderKind, at: Instant, shop: Shop
) -> Step:
    """A refund of a past sale is paid out and goes to the disk."""
    if kind is TenderKind.CASH:
        tender = give_cash(refund.total_minor, shop.cash_step_minor)
    else:
        tender = Tender(kind, refund.total_minor, refund.total_minor, 0)
    return store_sale(session, pay_out(refund, tender), at, ())
