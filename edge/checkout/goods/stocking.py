"""Goods that come in, are written off or are counted: scanned one after the other, each on record
at once.
"""

from dataclasses import replace

from edge.checkout import quantity as quantities
from edge.checkout.effects import StoreEntries
from edge.checkout.goods.articles import find_article
from edge.checkout.goods.catalogue import Product
from edge.checkout.goods.gs1 import Gs1, is_past
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed
from edge.checkout.records import Entry, EntryKind, Pack, pack_body
from edge.checkout.sale.selling import key_times as key_quantity
from edge.checkout.screens import NoticeTone
from edge.checkout.session import (
    Facts,
    Notice,
    Session,
    State,
    Step,
    Stocking,
    Storing,
    forget_entry,
    has_entry,
    refuse,
    say,
)
from edge.checkout.shop import product_name
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_goods import GoodsWord

REASONS = {Stocking.IN: "received", Stocking.OUT: "written_off"}
SIGNS = {Stocking.IN: 1, Stocking.OUT: -1}


def begin_stock_in(session: Session, chosen: Input, facts: Facts) -> Step:
    """What is scanned next is counted into the stock."""
    return _begin(session, Stocking.IN), ()


def begin_stock_out(session: Session, chosen: Input, facts: Facts) -> Step:
    """What is scanned next is written off the stock."""
    return _begin(session, Stocking.OUT), ()


def begin_count(session: Session, chosen: Input, facts: Facts) -> Step:
    """What is scanned next is all that there is. A count begins anew for every article."""
    return _begin(session, Stocking.COUNT), ()


def _begin(session: Session, stocking: Stocking) -> Session:
    session = replace(forget_entry(session), state=State.STOCKING, stocking=stocking, counted={})
    return say(session, GoodsWord.SCAN_COUNT if stocking is Stocking.COUNT else Word.SCAN_STOCK)


def key_times(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The quantity of what comes next; of a counted article there may be none."""
    if session.stocking is Stocking.COUNT and session.entry == "0":
        return replace(session, entry="", quantity_milli=0, notice=None), ()
    return key_quantity(session, pressed, facts)


def move_stock(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """One movement goes on record at once; the next one may follow."""
    if session.entry:
        return refuse(session, Word.REFUSED_DIGITS)
    return _move(session, scanned.code, scanned, facts, scanned.gs1)


def move_keyed_stock(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """A keyed PLU moves the stock like a scanned one."""
    if not session.entry:
        return refuse(session, Word.REFUSED_KEY)
    return _move(replace(session, entry=""), session.entry, pressed, facts)


def _move(session: Session, code: str, cause: Input, facts: Facts, gs1: Gs1 | None = None) -> Step:
    article = find_article(code, gs1, session.quantity_milli, facts)
    if isinstance(article, Saying):
        return refuse(session, article)
    product, quantity_milli = article.product, article.quantity_milli
    if product.is_service:
        return refuse(session, GoodsWord.REFUSED_NO_STOCK)
    was_milli = facts.stock.get(product.plu, 0)
    if session.stocking is Stocking.COUNT:
        return _count(session, product, quantity_milli, was_milli, cause)
    moved_milli = SIGNS[session.stocking] * quantity_milli
    entry = Entry(
        EntryKind.STOCK_ADJUSTED,
        {
            "plu": product.plu,
            "code": article.code,
            "quantity_milli": moved_milli,
            "reason": REASONS[session.stocking],
            **pack_body(article.pack),
        },
    )
    notice = _level(session, GoodsWord.STOCK_NOW, product, was_milli + moved_milli)
    if session.stocking is Stocking.IN and _is_over(article.pack, cause, facts):
        notice = replace(notice, word=GoodsWord.STOCK_EXPIRED, tone=NoticeTone.ALARM)
    return _store(session, entry, notice, cause)


def _is_over(pack: Pack, cause: Input, facts: Facts) -> bool:
    """Whether a pack that comes in is past a date that stands on it."""
    minutes = facts.shop.utc_offset_minutes
    return any(is_past(last, cause.at, minutes) for last in (pack.expires, pack.best_before))


def _count(
    session: Session, product: Product, quantity_milli: int, was_milli: int, cause: Input
) -> Step:
    """What was scanned so far is the level: scans add up, and a quantity of 0 begins anew."""
    before_milli = session.counted.get(product.plu, 0) if quantity_milli else 0
    counted_milli = before_milli + quantity_milli
    entry = Entry(
        EntryKind.STOCK_COUNTED,
        {"plu": product.plu, "counted_milli": counted_milli, "was_milli": was_milli},
    )
    session = replace(session, counted={**session.counted, product.plu: counted_milli})
    notice = _level(session, GoodsWord.COUNTED_NOW, product, counted_milli)
    return _store(session, entry, notice, cause)


def _level(session: Session, word: GoodsWord, product: Product, level_milli: int) -> Notice:
    name = product_name(product, session.language)
    return Notice(word, f"{name} {quantities.write_quantity(level_milli)}")


def _store(session: Session, entry: Entry, notice: Notice, cause: Input) -> Step:
    storing = Storing(State.STOCKING, notice)
    session = replace(forget_entry(session), state=State.STORING, storing=storing, notice=None)
    return session, (StoreEntries(at=cause.at, entries=(entry,), ends_basket=False),)


def end_stocking(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """CLEAR: first what was keyed, then back to selling."""
    if has_entry(session):
        return replace(forget_entry(session), notice=None), ()
    return replace(session, state=State.IDLE, counted={}, notice=None), ()
