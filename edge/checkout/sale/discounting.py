"""Discounts by hand: a person takes something off a line, or off the sale, on record.

A line has one, and so has the sale: another one takes its place, and none, keyed as 0, takes it
away. They come off after all promotions (edge.checkout.promotions.manual_lane).
"""

from dataclasses import replace
from typing import Final

from edge.checkout.asking import about, answered, ask
from edge.checkout.inputs import Input, Key, KeyPressed
from edge.checkout.money import read_amount, write_amount
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.promotions.offers import MANUAL
from edge.checkout.promotions.promotion import FULL_BP
from edge.checkout.promotions.sale import ManualDiscount
from edge.checkout.quantity import read_quantity
from edge.checkout.records import Entry, EntryKind, JsonObject
from edge.checkout.sale.basket import Basket, Line
from edge.checkout.sale.by_hand import WHOLE_SALE, allowed, is_over_limit, taken_by_hand
from edge.checkout.sale.deal import reprice
from edge.checkout.sale.selling import marked, put_basket
from edge.checkout.session import Facts, Prompt, Session, Step, forget_entry, open_basket, refuse
from edge.checkout.shop import product_name
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_promotions import PromotionWord

# The menu's numbers of both, by whether it is for the sale.
_TASKS: Final = {False: "16", True: "17"}
OVER_LIMIT: Final = Permission.OVER_LIMIT
# A quantity is in thousandths, a percentage in hundredths: 12.5 is 12500, and 1250 basis points.
_MILLI_PER_BP: Final = 10


def ask_line_discount(session: Session, chosen: Input, facts: Facts) -> Step:
    """How much comes off the marked line?"""
    basket = open_basket(session)
    if not basket.lines:
        return refuse(session, Word.REFUSED_EMPTY)
    line = basket.lines[marked(session)]
    if not line.product.discountable:
        return refuse(session, PromotionWord.REFUSED_NO_DISCOUNT)
    return _ask(session, LINE_DISCOUNT, line.number)


def ask_sale_discount(session: Session, chosen: Input, facts: Facts) -> Step:
    """How much comes off the sale?"""
    if not open_basket(session).lines:
        return refuse(session, Word.REFUSED_EMPTY)
    return _ask(session, SALE_DISCOUNT, WHOLE_SALE)


def _ask(session: Session, prompt: Prompt, line: int) -> Step:
    if open_basket(session).tenders:
        return refuse(session, Word.REFUSED_PAY_FIRST)
    if session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_AMOUNT)
    # What was keyed first is what comes off; its key says what of.
    return replace(ask(forget_entry(session), prompt, line), entry=session.entry), ()


def _take_percent(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """ENTER: the number is a percentage, of at most two decimals."""
    rate_bp = _read_rate(session.entry)
    if rate_bp is None:
        return refuse(session, PromotionWord.REFUSED_PERCENT)
    return _give(session, _discount(session, rate_bp=rate_bp), pressed, facts)


def _take_money(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CASH: the number is an amount."""
    shop = facts.shop
    off_minor = read_amount(session.entry, shop.currency, minor_first=shop.minor_first)
    if off_minor is None or session.quantity_milli is not None:
        return refuse(session, Word.REFUSED_AMOUNT)
    return _give(session, _discount(session, off_minor=off_minor), pressed, facts)


def _read_rate(entry: str) -> int | None:
    """Basis points, None for what is no percentage from 0 to 100."""
    if entry and not entry.strip("0."):
        return 0
    milli = read_quantity(entry)
    if milli is None or milli % _MILLI_PER_BP or milli > FULL_BP * _MILLI_PER_BP:
        return None
    return milli // _MILLI_PER_BP


def _discount(session: Session, rate_bp: int = 0, off_minor: int = 0) -> ManualDiscount:
    line = about(session, int)
    return ManualDiscount(f"{MANUAL}{line}", line, rate_bp, off_minor)


def _give(session: Session, manual: ManualDiscount, cause: Input, facts: Facts) -> Step:
    """The discount in the basket, or the reason why there is none."""
    basket = open_basket(session)
    others = [each for each in basket.manual if each.line != manual.line]
    is_taken_away = not (manual.rate_bp or manual.off_minor)
    if is_taken_away and len(others) == len(basket.manual):
        return refuse(session, PromotionWord.REFUSED_NONE_GIVEN)
    # The sale's own comes last: it is off what the lines' have left.
    given = others if is_taken_away else sorted([*others, manual], key=_sale_last)
    changed = reprice(replace(basket, manual=tuple(given)), facts, cause.at)
    taken_minor = taken_by_hand(changed, manual.line)
    if taken_minor < manual.off_minor:
        return refuse(session, PromotionWord.REFUSED_OFF)
    if is_over_limit(changed, facts.shop):
        if not may(session, facts, OVER_LIMIT):
            return lift(session, cause, OVER_LIMIT, _TASKS[manual.line == WHOLE_SALE])
        changed = allowed(changed)
    entry = Entry(EntryKind.DISCOUNT_GIVEN, _body(basket, manual, taken_minor))
    changed = replace(changed, evidence=(*changed.evidence, entry))
    session = answered(session)
    if is_taken_away:
        return put_basket(session, changed, facts, PromotionWord.DISCOUNT_TAKEN_AWAY)
    written = write_amount(taken_minor, facts.shop.currency)
    return put_basket(session, changed, facts, PromotionWord.DISCOUNT_GIVEN, written)


def _sale_last(manual: ManualDiscount) -> tuple[bool, int]:
    return manual.line == WHOLE_SALE, manual.line


def _body(basket: Basket, manual: ManualDiscount, taken_minor: int) -> JsonObject:
    """What goes on record: what was keyed, and what it takes off as the basket is."""
    body: JsonObject = {
        "line": manual.line,
        "rate_bp": manual.rate_bp,
        "off_minor": manual.off_minor,
        "taken_minor": taken_minor,
        "reason": "manual",
    }
    for line in basket.lines:
        if line.number == manual.line:
            body["plu"] = line.product.plu
    return body


def _line_name(session: Session, facts: Facts) -> str:
    number = about(session, int)
    lines: tuple[Line, ...] = open_basket(session).lines
    named = [line.product for line in lines if line.number == number]
    return product_name(named[0], session.language)


_BY_MONEY: Final = {Key.CASH: _take_money}
LINE_DISCOUNT: Final = Prompt(
    PromotionWord.LINE_DISCOUNT,
    PromotionWord.ASK_DISCOUNT,
    _take_percent,
    keys=_BY_MONEY,
    detail=_line_name,
)
SALE_DISCOUNT: Final = Prompt(
    PromotionWord.MENU_SALE_DISCOUNT, PromotionWord.ASK_DISCOUNT, _take_percent, keys=_BY_MONEY
)
