"""The sum that both screens show, and what it is called."""

from edge.checkout.money import write_amount
from edge.checkout.payments.paying import due
from edge.checkout.payments.paying_back import Keeping
from edge.checkout.records import EntryKind, Sale
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.sale.pricing import basket_total
from edge.checkout.sale.returning import picked_refund
from edge.checkout.session import Session, State
from edge.checkout.shop import Shop
from edge.checkout.words.texts import Word

# Where the open basket is nobody's to see.
HIDDEN = frozenset({State.STOPPED, State.SIGNED_OFF})


def shown_sum(session: Session, shop: Shop) -> tuple[Word | None, str]:
    """Both are empty where there is nothing to sum up."""
    if session.state in HIDDEN:
        return None, ""
    if session.storing is not None and session.storing.sale is not None:
        return _sum_under_way(session.storing.sale, shop)
    if session.past is not None:
        return _sum_under_way(_refund_under_way(session), shop)
    if session.basket is not None:
        return _basket_total(session.basket, shop)
    if session.last_sale is not None:
        sale = session.last_sale
        if sale.kind is EntryKind.REFUND:
            return Word.GIVEN_BACK, write_amount(sale.going_minor, shop.currency)
        if sale.change_minor:
            return Word.CHANGE, write_amount(sale.change_minor, shop.currency)
        return Word.TOTAL, write_amount(sale.total_minor, shop.currency)
    return None, ""


def _sum_under_way(sale: Sale, shop: Shop) -> tuple[Word, str]:
    word = Word.TO_GIVE_BACK if sale.kind is EntryKind.REFUND else Word.TOTAL
    return word, write_amount(sale.going_minor, shop.currency)


def _refund_under_way(session: Session) -> Sale:
    """What is picked; once it is asked whether something is kept of it, as it was worked out."""
    subject = session.asking.about if session.asking is not None else None
    return subject.refund if isinstance(subject, Keeping) else picked_refund(session)


def _basket_total(basket: Basket, shop: Shop) -> tuple[Word, str]:
    if basket.kind is BasketKind.RETURN:
        return Word.TO_GIVE_BACK, write_amount(basket_total(basket, shop), shop.currency)
    if basket.tenders:
        return Word.TO_PAY, write_amount(due(basket, shop), shop.currency)
    return Word.TOTAL, write_amount(basket_total(basket, shop), shop.currency)
