"""When there is little left of an article: on record as a sale takes it so far, on the screen after
each such sale, and as a list.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from edge.checkout.asking import about, ask, end_question, open_question
from edge.checkout.goods.catalogue import Product
from edge.checkout.inputs import Input, KeyPressed
from edge.checkout.instant import Instant
from edge.checkout.quantity import write_quantity
from edge.checkout.records import Entry, EntryKind, Sale
from edge.checkout.screens import ScreenRow
from edge.checkout.session import Facts, Prompt, Session, Step, refuse
from edge.checkout.shop import Language, product_name
from edge.checkout.words.texts import text
from edge.checkout.words.texts_goods import GoodsWord

# What stands in a status line beside everything else.
MOST_NAMED: Final = 2
# Nobody orders more from a till's screen; headquarters has the whole list.
MOST_LISTED: Final = 200


def low_stock_entries(session: Session, sale: Sale, at: Instant, facts: Facts) -> tuple[Entry, ...]:
    """A record for each article that this very sale takes to its threshold or below."""
    if sale.kind is not EntryKind.SALE:
        return ()
    sold: Counter[str] = Counter()
    for line in sale.lines:
        sold[line.plu] += line.quantity_milli
    return tuple(
        Entry(
            EntryKind.STOCK_LOW,
            {
                "plu": plu,
                "quantity_milli": was_milli - sold_milli,
                "low_stock_milli": product.low_stock_milli,
            },
        )
        for plu, sold_milli in sold.items()
        if (product := facts.catalogue.by_code.get(plu)) is not None and product.low_stock_milli
        if (was_milli := facts.stock.get(plu, 0)) > product.low_stock_milli
        if was_milli - sold_milli <= product.low_stock_milli
    )


def low_after(sale: Sale, language: Language, facts: Facts) -> list[str]:
    """What the status line says after a sale: which of its articles are low, the first few."""
    plus = dict.fromkeys(line.plu for line in sale.lines)
    found = (facts.catalogue.by_code.get(plu) for plu in plus)
    low = [product for product in found if product is not None and _is_low(product, facts)]
    return [
        text(GoodsWord.LOW_STOCK, language, f"{product_name(product, language)} {level}")
        for product in low[:MOST_NAMED]
        for level in (write_quantity(_level(product, facts)),)
    ]


def _level(product: Product, facts: Facts) -> int:
    return facts.stock.get(product.plu, 0)


def _is_low(product: Product, facts: Facts) -> bool:
    return 0 < product.low_stock_milli >= _level(product, facts)


# --- the list


@dataclass(frozen=True, slots=True)
class LowList:
    products: tuple[Product, ...]


def show_low_stock(session: Session, chosen: Input, facts: Facts) -> Step:
    """The articles that are low, by their PLUs."""
    by_plu = {
        product.plu: product
        for product in facts.catalogue.by_code.values()
        if _is_low(product, facts)
    }
    if not by_plu:
        return refuse(session, GoodsWord.REFUSED_NO_LOW_STOCK)
    listed = tuple(by_plu[plu] for plu in sorted(by_plu)[:MOST_LISTED])
    return ask(session, LOW_STOCK, LowList(listed)), ()


def _rows(session: Session, facts: Facts) -> tuple[ScreenRow, ...]:
    marked = open_question(session).row
    return tuple(
        ScreenRow(
            product_name(product, session.language),
            product.plu,
            f"{write_quantity(_level(product, facts))} / {write_quantity(product.low_stock_milli)}",
            index == marked,
        )
        for index, product in enumerate(about(session, LowList).products)
    )


def _close(session: Session, pressed: KeyPressed, facts: Facts) -> Step:
    """The list has been read."""
    return end_question(session), ()


LOW_STOCK: Final = Prompt(GoodsWord.MENU_LOW_STOCK, GoodsWord.ENTER_CLOSES, _close, rows=_rows)
