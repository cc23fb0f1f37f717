"""Scanning, keying and changing lines, in a sale or in a return."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from edge.checkout import quantity as quantities
from edge.checkout.asking import await_answer
from edge.checkout.balances.account_booking import needs_member, needs_receipt
from edge.checkout.devices import Kind
from edge.checkout.effects import ReadScale
from edge.checkout.goods.articles import Article, find_article, unfit_for
from edge.checkout.goods.goods import Item, take
from edge.checkout.goods.gs1 import Gs1
from edge.checkout.goods.scale import ScaleTrouble
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed, Weighed, WeighFailed
from edge.checkout.money import MAX_AMOUNT_MINOR, read_amount, write_amount
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.records import Entry, EntryKind
from edge.checkout.sale.basket import Basket, BasketKind, Line
from edge.checkout.sale.by_hand import allowed, is_over_limit
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.pricing import basket_total
from edge.checkout.screens import NoticeTone
from edge.checkout.session import (
    MAX_ENTRY,
    Facts,
    Session,
    State,
    Step,
    forget_entry,
    has_entry,
    open_basket,
    refuse,
    say,
)
from edge.checkout.shop import has_device, product_name
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_goods import GoodsWord

TROUBLES: Final[Mapping[ScaleTrouble, GoodsWord]] = {
    ScaleTrouble.NOT_STILL: GoodsWord.REFUSED_NOT_STILL,
    ScaleTrouble.OVERLOADED: GoodsWord.REFUSED_OVERLOADED,
    ScaleTrouble.UNDER_ZERO: GoodsWord.REFUSED_UNDER_ZERO,
    ScaleTrouble.ZERO_LOST: GoodsWord.REFUSED_ZERO_LOST,
    ScaleTrouble.WRONG_UNIT: GoodsWord.REFUSED_SCALE_UNIT,
    ScaleTrouble.NO_ANSWER: GoodsWord.REFUSED_NO_SCALE,
}

# Said of what was keyed and nothing has used.
UNUSED: Final = (Word.REFUSED_UNUSED, Word.REFUSED_DIGITS)
# Where ENTER alone is not for an article that may be meant.
NOTHING_KEYED: Final = {State.TENDERING: Word.REFUSED_HOW_PAID}
# What a scale has an answer to.
WITHOUT_WEIGHT: Final = (Word.REFUSED_WEIGHT, GoodsWord.REFUSED_LABEL_GRAMS)


def key_digit(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """A digit, two zeros or the point joins the entry; behind a refusal it begins another one. What
    a refused key or scan left unused stands in the way until it is used, or CLEAR.
    """
    notice = session.notice
    if notice is not None and notice.word in UNUSED and has_entry(session):
        return refuse(session, notice.word)
    is_full = notice is not None and notice.word is Word.REFUSED_ENTRY_FULL
    was_refused = notice is not None and notice.tone is NoticeTone.REFUSAL
    before = "" if was_refused and not is_full else session.entry
    entry = before + pressed.key.value
    if len(entry) > MAX_ENTRY or entry.count(".") > 1:
        return refuse(session, Word.REFUSED_ENTRY_FULL)
    return replace(session, entry=entry, notice=None), ()


def key_times(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The entry becomes the quantity of what comes next; a second one replaces the first. One that
    can be none stands in the way until CLEAR or another one.
    """
    if not session.entry:
        return refuse(session, Word.REFUSED_NO_QUANTITY)
    quantity_milli = quantities.read_quantity(session.entry)
    if quantity_milli is None or quantity_milli > facts.shop.limits.max_quantity_milli:
        unfit = replace(session, entry="", quantity_milli=quantities.UNFIT_MILLI)
        return refuse(unfit, Word.REFUSED_QUANTITY)
    return replace(session, entry="", quantity_milli=quantity_milli, notice=None), ()


def key_clear(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Undo what was keyed, or take the notice away; the basket stays."""
    return replace(forget_entry(session), notice=None, selected=-1), ()


def scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """A scanned article joins the basket, with the quantity keyed before it. Digits that nobody
    said the meaning of are refused: they may be a quantity that lacks its X.
    """
    if session.entry:
        return refuse(session, Word.REFUSED_DIGITS)
    return add_code(session, scanned.code, scanned, facts, scanned.gs1)


def key_enter(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """A keyed PLU or barcode sells like a scanned one; after `n X` alone, the quantity of the
    marked line becomes n.
    """
    if session.entry:
        return add_code(replace(session, entry=""), session.entry, pressed, facts)
    if session.quantity_milli is not None:
        return _correct_quantity(session, session.quantity_milli, pressed, facts)
    return refuse(session, NOTHING_KEYED.get(session.state, Word.REFUSED_NOTHING_KEYED))


def add_code(
    session: Session, code: str, cause: Input, facts: Facts, gs1: Gs1 | None = None
) -> Step:
    """The basket with the code's article, a question about it, or the reason why not."""
    found = find_article(code, gs1, session.quantity_milli, facts)
    if found in WITHOUT_WEIGHT and has_device(facts.shop, Kind.SCALE):
        then = partial(_weighed, code=code, gs1=gs1)
        session, effects = await_answer(session, ReadScale(), then)
        return say(session, GoodsWord.WEIGHING), effects
    if found is GoodsWord.REFUSED_PIECES:
        # The scale's turn: what was keyed would stand in its way.
        session = forget_entry(session)
    return _add(session, found, cause, facts)


def _weighed(
    session: Session, answer: Weighed | WeighFailed, facts: Facts, code: str, gs1: Gs1 | None
) -> Step:
    """The scale's weight sells like a keyed one; without one, the cashier may still key it."""
    session = replace(session, notice=None)
    if isinstance(answer, WeighFailed):
        return refuse(session, TROUBLES[answer.trouble])
    if answer.weight_milli <= 0:
        return refuse(session, GoodsWord.REFUSED_NO_WEIGHT)
    if answer.weight_milli > facts.shop.limits.max_quantity_milli:
        return refuse(session, Word.REFUSED_QUANTITY)
    return _add(session, find_article(code, gs1, answer.weight_milli, facts), answer, facts)


def _add(session: Session, found: Article | Saying, cause: Input, facts: Facts) -> Step:
    if isinstance(found, Saying):
        return refuse(session, found)
    if needs_member(found.product, session.basket, facts):
        return refuse(session, AccountWord.REFUSED_NO_MEMBER)
    if needs_receipt(found.product, session.basket, facts):
        return refuse(session, AccountWord.REFUSED_NEEDS_RECEIPT)
    item = Item(found.product, found.code, found.quantity_milli, pack=found.pack)
    return take(session, item, cause, facts)


def refuse_empty(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """Nothing is there to be paid, voided or marked before the first article."""
    return refuse(session, Word.REFUSED_EMPTY)


def marked(session: Session) -> int:
    """The index of the line under the marker, which never stands on a deposit."""
    return open_basket(session).article(session.selected)


def key_up(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The marker goes up a line."""
    return replace(session, selected=max(0, marked(session) - 1), notice=None), ()


def key_down(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The marker goes down a line, and stays on the last one."""
    below = open_basket(session).whole(marked(session))[-1] + 1
    return replace(session, selected=below, notice=None), ()


def line_evidence(kind: EntryKind, line: Line, **more: int) -> Entry:
    """The record of what was done to a line."""
    return Entry(
        kind,
        {
            "line": line.number,
            "plu": line.product.plu,
            "code": line.code,
            "quantity_milli": line.quantity_milli,
            "price_minor": line.price_minor,
            **more,
        },
    )


def key_void(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The marked line goes, on record, and its deposit with it. The last one takes the whole basket
    with it, which needs the leave to cancel it.
    """
    basket = open_basket(session)
    if not basket.lines:
        return refuse(session, Word.REFUSED_EMPTY)
    index = marked(session)
    line, whole = basket.lines[index], basket.whole(index)
    if len(whole) == len(basket.lines) and not may(session, facts, Permission.CANCEL_SALE):
        return lift(session, pressed, Permission.CANCEL_SALE, pressed.key.value)
    lighter = basket
    for gone in reversed(whole):
        voided = line_evidence(EntryKind.LINE_VOIDED, basket.lines[gone])
        lighter = lighter.without(gone, voided)
    name = product_name(line.product, session.language)
    after, effects = change_basket(session, lighter, pressed, facts, Word.LINE_VOIDED, name)
    # Where it was refused, or is asked about first, the marker stays.
    selected = session.selected if after.basket is basket else -1
    return replace(after, selected=selected), effects


def change_basket(
    session: Session, basket: Basket, cause: Input, facts: Facts, word: Saying, detail: str = ""
) -> Step:
    """The session with the changed basket at its new price, and what was done to it on the screen;
    or the reason why that is too much.
    """
    basket = reprice(basket, facts, cause.at)
    if is_over_limit(basket, facts.shop):
        if not may(session, facts, Permission.OVER_LIMIT):
            return lift(session, cause, Permission.OVER_LIMIT, "change")
        basket = allowed(basket)
    return put_basket(session, basket, facts, word, detail)


def put_basket(
    session: Session, basket: Basket, facts: Facts, word: Saying, detail: str = ""
) -> Step:
    """The same for a change that is none of price."""
    if len(basket.evidence) > facts.shop.limits.max_changes:
        return refuse(session, Word.REFUSED_CHANGES)
    if basket_total(basket, facts.shop) > MAX_AMOUNT_MINOR:
        return refuse(session, Word.REFUSED_CHANGED_TOTAL)
    return say(replace(forget_entry(session), basket=basket), word, detail), ()


def _correct_quantity(session: Session, quantity_milli: int, cause: Input, facts: Facts) -> Step:
    basket = session.basket
    if basket is None or not basket.lines:
        return refuse(session, Word.REFUSED_EMPTY)
    if basket.tenders:
        return refuse(session, Word.REFUSED_PAY_FIRST)
    index = marked(session)
    line = basket.lines[index]
    if line.holder:
        return refuse(session, AccountWord.REFUSED_SOLD_AS_IS)
    if unfit := unfit_for(line.product, quantity_milli):
        return refuse(forget_entry(session), unfit)
    takes_out = basket.kind is BasketKind.SALE and quantity_milli < line.quantity_milli
    if takes_out and not may(session, facts, Permission.VOID_LINE):
        return lift(session, cause, Permission.VOID_LINE, "quantity")
    quantity_milli, corrected = int(quantity_milli), basket
    for each in basket.whole(index):
        line = basket.lines[each]
        evidence = line_evidence(EntryKind.LINE_CORRECTED, line, new_quantity_milli=quantity_milli)
        line = replace(line, quantity_milli=quantity_milli)
        corrected = corrected.with_line(each, line, evidence)
    written = quantities.write_quantity(quantity_milli)
    return change_basket(session, corrected, cause, facts, Word.QUANTITY_CHANGED, written)


def change_price(session: Session, chosen: Input, facts: Facts) -> Step:
    """The keyed amount becomes the price of the marked line, on record."""
    basket = open_basket(session)
    if not basket.lines:
        return refuse(session, Word.REFUSED_EMPTY)
    if not session.entry:
        return refuse(session, Word.REFUSED_NUMBER_FIRST)
    index = marked(session)
    line = basket.lines[index]
    # Its price is what is credited, within the shop's limits.
    if line.holder:
        return refuse(session, AccountWord.REFUSED_SOLD_AS_IS)
    shop = facts.shop
    price_minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    if price_minor is None or price_minor > shop.limits.max_price_minor:
        return refuse(session, Word.REFUSED_PRICE)
    evidence = line_evidence(
        EntryKind.PRICE_OVERRIDDEN,
        line,
        list_price_minor=line.product.price_minor,
        new_price_minor=price_minor,
    )
    changed = basket.with_line(index, replace(line, price_minor=price_minor), evidence)
    written = write_amount(price_minor, shop.currency)
    return change_basket(session, changed, chosen, facts, Word.PRICE_CHANGED, written)
