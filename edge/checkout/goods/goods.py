"""What joins a basket, and what has to be known first: the price of an open-price article, the age
of its buyer, who did a service. A deposit follows its article by itself.
"""

from dataclasses import dataclass, replace
from typing import Final

from edge.checkout.asking import about, answered, ask
from edge.checkout.balances.prepaid import goods_due
from edge.checkout.effects import Beep, Tone
from edge.checkout.goods.catalogue import Product
from edge.checkout.goods.gs1 import is_past, shown
from edge.checkout.inputs import Input, KeyPressed
from edge.checkout.loyalty.member_prices import price_for
from edge.checkout.money import MAX_AMOUNT_MINOR, read_amount
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.records import NO_PACK, Entry, EntryKind, Pack
from edge.checkout.sale.basket import Basket, BasketKind
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.pricing import basket_total, paid_so_far
from edge.checkout.screens import NoticeTone
from edge.checkout.session import (
    Facts,
    Notice,
    Prompt,
    Session,
    State,
    Step,
    forget_entry,
    has_entry,
    refuse,
    say,
)
from edge.checkout.shifts.shifting import lacks_shift
from edge.checkout.shop import product_name
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_goods import GoodsWord
from edge.checkout.words.texts_shift import ShiftWord


@dataclass(frozen=True, slots=True)
class Item:
    """What is to join the basket, with what the cashier has said of it so far: the price is in the
    product by then, `aged` is the age that was looked at; `pack` is what its code said of it.
    """

    product: Product
    code: str
    quantity_milli: int
    aged: int = 0
    staff: str = ""
    pack: Pack = NO_PACK


def take(session: Session, item: Item, cause: Input, facts: Facts) -> Step:
    """The basket with the item in it, or the next question about it."""
    product = item.product
    if _is_sold(session) and (over := _over(item.pack, cause, facts)):
        return refuse(session, *over)
    if _begins_sale(session) and lacks_shift(session, facts):
        return refuse(session, ShiftWord.REFUSED_NO_SHIFT)
    if session.basket is not None and session.basket.bottles:
        deposit = deposit_of(product, facts)
        if deposit is None:
            return refuse(session, GoodsWord.REFUSED_NO_DEPOSIT)
        return _put(session, replace(item, product=deposit), cause, facts)
    if product.open_price:
        return ask(session, PRICE, item), ()
    if _is_sold(session):
        if product.min_age and product.min_age > max(item.aged, _age_seen(session.basket)):
            return ask(session, AGE, item), ()
        if product.is_service and facts.staff and not item.staff:
            return ask(session, SERVICE, item), ()
    return _put(session, item, cause, facts)


def _over(pack: Pack, cause: Input, facts: Facts) -> tuple[GoodsWord, str] | None:
    """Why the pack can't be sold any more, if it can't."""
    shop = facts.shop
    if is_past(pack.expires, cause.at, shop.utc_offset_minutes):
        return GoodsWord.REFUSED_EXPIRED, shown(pack.expires)
    if shop.refuses_after_best and is_past(pack.best_before, cause.at, shop.utc_offset_minutes):
        return GoodsWord.REFUSED_EXPIRED, pack.best_before
    return None


def _told(session: Session, item: Item, cause: Input, facts: Facts) -> Notice | None:
    """What the cashier tells the buyer of the pack: that its best days are over."""
    last = item.pack.best_before
    if not _is_sold(session) or not is_past(last, cause.at, facts.shop.utc_offset_minutes):
        return None
    return Notice(GoodsWord.PAST_BEST, last, NoticeTone.ALARM)


def deposit_of(product: Product, facts: Facts) -> Product | None:
    """What is charged with each piece, and given back for an empty one."""
    return facts.catalogue.by_code.get(product.deposit_plu) if product.deposit_plu else None


def _begins_sale(session: Session) -> bool:
    """Whether this is the first article; a buyer may be there before it."""
    return _is_sold(session) and not (session.basket and session.basket.lines)


def _is_sold(session: Session) -> bool:
    return session.basket is None or session.basket.kind is BasketKind.SALE


def _age_seen(basket: Basket | None) -> int:
    """The highest age that was looked at for this basket."""
    checks = () if basket is None else basket.evidence
    ages = (entry.body["min_age"] for entry in checks if entry.kind is EntryKind.AGE_CHECKED)
    return max((age for age in ages if isinstance(age, int)), default=0)


def _put(session: Session, item: Item, cause: Input, facts: Facts) -> Step:
    """A new sale begins by itself."""
    basket = session.basket or Basket(BasketKind.SALE, session.next_receipt_no)
    fuller = _with_item(basket, item, facts)
    limits = facts.shop.limits
    if len(fuller.lines) > limits.max_lines:
        return refuse(session, Word.REFUSED_LINES)
    if len(fuller.evidence) > limits.max_changes:
        return refuse(session, Word.REFUSED_CHANGES)
    fuller = reprice(fuller, facts, cause.at)
    total_minor = basket_total(fuller, facts.shop)
    if total_minor > MAX_AMOUNT_MINOR:
        return refuse(session, Word.REFUSED_TOTAL)
    if basket.tenders and total_minor <= paid_so_far(fuller):
        return refuse(session, Word.REFUSED_PAY_FIRST)
    if facts.loyalty is not None and goods_due(fuller, facts.loyalty, facts.shop) < 0:
        return refuse(session, Word.REFUSED_PAY_FIRST)
    sold = replace(
        forget_entry(session),
        state=_state_of(fuller),
        basket=fuller,
        selected=-1,
        notice=_told(session, item, cause, facts),
        last_sale=None,
    )
    return sold, (Beep(Tone.GOOD),)


def _with_item(basket: Basket, item: Item, facts: Facts) -> Basket:
    product = item.product
    number = basket.next_number
    if item.aged:
        checked = Entry(EntryKind.AGE_CHECKED, {"plu": product.plu, "min_age": item.aged})
        basket = replace(basket, evidence=(*basket.evidence, checked))
    fuller = basket.add(
        product,
        item.code,
        item.quantity_milli,
        price_for(product, basket.buyer, facts),
        staff=item.staff,
        pack=item.pack,
    )
    deposit = deposit_of(product, facts)
    if deposit is None or deposit.plu == product.plu:
        return fuller
    # However a catalogue came here: no promotion gives part of a deposit away.
    deposit = replace(deposit, discountable=False, earns_points=False)
    return fuller.add(
        deposit, deposit.plu, item.quantity_milli, deposit.price_minor, of_line=number
    )


def _state_of(basket: Basket) -> State:
    if basket.kind is BasketKind.RETURN:
        return State.RETURNING
    return State.TENDERING if basket.tenders else State.SELLING


# --- the questions


def _item_name(session: Session, facts: Facts) -> str:
    return product_name(about(session, Item).product, session.language)


def _item_age(session: Session, facts: Facts) -> str:
    return str(about(session, Item).product.min_age)


def _answer_price(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The keyed amount, else the price that is proposed."""
    item = about(session, Item)
    shop = facts.shop
    price_minor: int | None = item.product.price_minor
    if session.quantity_milli is not None:
        price_minor = None
    elif session.entry:
        price_minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    if not price_minor or price_minor > shop.limits.max_price_minor:
        return refuse(forget_entry(session), Word.REFUSED_PRICE)
    priced = replace(item.product, price_minor=price_minor, open_price=False, prices=())
    return take(answered(session), replace(item, product=priced), pressed, facts)


def _answer_age(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER alone says yes; a trainee may be too young to say it."""
    if has_entry(session):
        return refuse(forget_entry(session), GoodsWord.AGE_ENTER)
    if not may(session, facts, Permission.AGE_CHECK):
        return lift(session, pressed, Permission.AGE_CHECK, "age")
    item = about(session, Item)
    return take(answered(session), replace(item, aged=item.product.min_age), pressed, facts)


def _answer_staff(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The number of somebody who works here; ENTER alone is who is signed on."""
    number = session.entry or session.duty.signed_on
    if session.quantity_milli is not None or facts.staff.find(number) is None:
        return refuse(forget_entry(session), GoodsWord.REFUSED_NO_STAFF)
    return take(answered(session), replace(about(session, Item), staff=number), pressed, facts)


PRICE: Final = Prompt(GoodsWord.ASK_PRICE, GoodsWord.PRICE_ENTER, _answer_price, detail=_item_name)
AGE: Final = Prompt(GoodsWord.ASK_AGE, GoodsWord.AGE_ENTER, _answer_age, detail=_item_age)
SERVICE: Final = Prompt(
    GoodsWord.ASK_STAFF, GoodsWord.STAFF_ENTER, _answer_staff, detail=_item_name
)


# --- bottles


def begin_bottles(session: Session, chosen: Input, facts: Facts) -> Step:
    """Empty bottles come back: a basket that pays out, of deposits alone."""
    basket = Basket(BasketKind.RETURN, session.next_receipt_no, bottles=True)
    session = replace(forget_entry(session), state=State.RETURNING, basket=basket, last_sale=None)
    return say(session, GoodsWord.SCAN_BOTTLES), ()
