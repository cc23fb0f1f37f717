"""Looking a product up from the keypad: digits, a list, one of it is sold."""

from dataclasses import dataclass, replace
from typing import Final

from edge.checkout.asking import about, ask, chosen, end_question, open_question
from edge.checkout.goods.articles import product_of
from edge.checkout.goods.catalogue import Product
from edge.checkout.goods.search import search
from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed
from edge.checkout.money import write_amount
from edge.checkout.people.lifting import lift, may
from edge.checkout.people.staff import Permission
from edge.checkout.quantity import write_quantity
from edge.checkout.sale.selling import add_code
from edge.checkout.screens import ScreenRow
from edge.checkout.session import Facts, Prompt, Session, Step, forget_entry, refuse
from edge.checkout.shop import product_name
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_goods import GoodsWord


@dataclass(frozen=True, slots=True)
class Hits:
    """What was keyed, or scanned, and the products found for it."""

    text: str
    products: tuple[Product, ...]
    scanned: BarcodeScanned | None = None


def begin_search(session: Session, chosen_: Input, facts: Facts) -> Step:
    """What is looked for? Digits keyed before the menu answer at once."""
    if not session.entry:
        return ask(session, SEARCH), ()
    return _find(replace(session, entry=""), session.entry, facts)


def _answer(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    return _find(forget_entry(session), session.entry, facts)


def _find(session: Session, text: str, facts: Facts) -> Step:
    products = search(facts.catalogue, text)
    if not products:
        return refuse(session, GoodsWord.REFUSED_NOT_FOUND)
    return ask(session, HITS, Hits(text, products)), ()


def _scan(session: Session, scanned: BarcodeScanned, facts: Facts) -> Step:
    """A scan shows what the article costs; ENTER then sells what was scanned."""
    product = product_of(scanned.code, scanned.gs1, facts)
    if isinstance(product, Saying):
        return refuse(session, product)
    return ask(session, HITS, Hits(product.plu, (product,), scanned)), ()


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    marked = open_question(session).row
    return tuple(
        ScreenRow(
            product_name(product, session.language),
            _place(product, facts),
            write_amount(product.price_minor, facts.shop.currency),
            index == marked,
        )
        for index, product in enumerate(about(session, Hits).products)
    )


def _place(product: Product, facts: Facts) -> str:
    """The PLU, so that hands learn it, and how many there are where anybody counts them."""
    level_milli = facts.stock.get(product.plu)
    if level_milli is None or product.is_service:
        return product.plu
    return f"{product.plu}: {write_quantity(level_milli)}"


def _sell(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The chosen row is sold like a keyed PLU, with the quantity keyed before the search."""
    products = about(session, Hits).products
    index = chosen(session, products)
    if index is None:
        return refuse(forget_entry(session), Word.REFUSED_NO_ITEM)
    if not may(session, facts, Permission.SELL):
        return lift(session, pressed, Permission.SELL, "search")
    scanned = about(session, Hits).scanned
    if scanned is not None:
        return add_code(end_question(session), scanned.code, pressed, facts, scanned.gs1)
    return add_code(end_question(session), products[index].plu, pressed, facts)


def _searched(session: Session, facts: Facts) -> str:
    return about(session, Hits).text


SEARCH: Final = Prompt(GoodsWord.MENU_SEARCH, GoodsWord.SEARCH_ENTER, _answer, scan=_scan)
HITS: Final = Prompt(GoodsWord.HITS, GoodsWord.PICK_HIT, _sell, rows=_rows, detail=_searched)
