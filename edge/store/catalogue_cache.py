"""The catalogue on disk and in memory, swapped whole."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from edge.checkout.goods.catalogue import (
    EMPTY_CATALOGUE,
    NO_NAMES,
    Catalogue,
    Product,
    SearchKeys,
)
from edge.checkout.goods.search import framed_keys, join_keys, key_lines
from edge.checkout.records import Entry, EntryKind, Unit
from edge.ports import CatalogueRefused

T = TypeVar("T")

# A box's memory: 100,000 products take some 40 MB; a shop has 10,000.
LARGEST_CATALOGUE: Final = 250_000


@dataclass(frozen=True, slots=True)
class Article:
    """A product with its canonical barcodes, and the pinyin initials of its Chinese name; and the
    row of its file, 0: of none.
    """

    product: Product
    codes: tuple[str, ...]
    initials: str = ""
    row: int = field(default=0, compare=False)


def catalogue_of(version: str, articles: Sequence[Article]) -> Catalogue:
    """The articles as a snapshot. Raises CatalogueRefused when one code names two of them, or when
    there are too many.
    """
    if len(articles) > LARGEST_CATALOGUE:
        raise CatalogueRefused(f"{len(articles)} products, {LARGEST_CATALOGUE} are the limit")
    by_code: dict[str, Product] = {}
    for article in articles:
        for code in {article.product.plu, *article.codes}:
            if by_code.setdefault(code, article.product) is not article.product:
                raise CatalogueRefused(
                    f"code {code} names {by_code[code].plu} and {article.product.plu}"
                )
    return Catalogue(version, by_code, join_keys(map(_key_lines, _in_order(articles))))


def _in_order(articles: Sequence[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: article.product.plu)


def _key_lines(article: Article) -> tuple[str, str]:
    return key_lines(article.product, article.initials)


def loaded_entry(version: str, articles: Sequence[Article]) -> Entry:
    """What goes on record when a catalogue comes into force."""
    return Entry(
        EntryKind.CATALOGUE_LOADED,
        {
            "version": version,
            "products": len(articles),
            "codes": sum(len(article.codes) for article in articles),
        },
    )


def write(conn: sqlite3.Connection, version: str, articles: Sequence[Article]) -> None:
    """Put the articles in place of all that were there."""
    conn.execute("DELETE FROM product")
    conn.execute("DELETE FROM code")
    conn.execute("INSERT OR REPLACE INTO catalogue VALUES (1, ?)", (version,))
    # In key order: the b-trees are filled from left to right.
    conn.executemany(_INSERT, (row_of(article) for article in _in_order(articles)))
    conn.executemany(
        "INSERT INTO code VALUES (?, ?)",
        sorted((code, article.product.plu) for article in articles for code in article.codes),
    )


def row_of(article: Article) -> tuple[str | int, ...]:
    """The row of table `product`."""
    product = article.product
    return (
        product.plu,
        product.name_en,
        product.name_zh,
        product.price_minor,
        product.tax_code,
        product.unit.value,
        " ".join(sorted(product.categories)),
        " ".join(sorted(product.tags)),
        product.discountable,
        product.earns_points,
        product.open_price,
        product.min_age,
        product.is_service,
        product.deposit_plu,
        product.low_stock_milli,
        " ".join(f"{name}={price_minor}" for name, price_minor in product.prices),
        *_key_lines(article),
    )


_INSERT: Final = "INSERT INTO product VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


_SELECT: Final = (
    "SELECT plu, name_en, name_zh, price_minor, tax_code, unit, categories, tags, discountable,"
    " earns_points, open_price, min_age, is_service, deposit_plu, low_stock_milli, prices"
    " FROM product"
)


def load(conn: sqlite3.Connection) -> Catalogue:
    """The catalogue in force, EMPTY_CATALOGUE where there never was one."""
    row = conn.execute("SELECT version FROM catalogue").fetchone()
    if row is None:
        return EMPTY_CATALOGUE
    by_plu = _products(conn)
    by_code = dict(by_plu)
    by_code.update((code, by_plu[plu]) for code, plu in conn.execute("SELECT * FROM code"))
    return Catalogue(row[0], by_code, _keys(conn))


class _Shared(dict[str, T]):
    """One value for all rows that say the same: a shop has a handful of tax codes and price lists,
    and some hundreds of sets of names.
    """

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> T:
        value = self[cell] = self._read(cell)
        return value


def _products(conn: sqlite3.Connection) -> dict[str, Product]:
    units = {unit.value: unit for unit in Unit}
    text, names, prices = _Shared(str), _Shared(_names), _Shared(_prices)
    flags = (False, True)
    return {
        plu: Product(
            plu,
            name_en,
            name_zh,
            price_minor,
            text[tax_code],
            units[unit],
            names[categories],
            names[tags],
            flags[discountable],
            flags[earns_points],
            flags[open_price],
            min_age,
            flags[is_service],
            text[deposit_plu],
            low_stock_milli,
            prices[listed],
        )
        for (
            plu,
            name_en,
            name_zh,
            price_minor,
            tax_code,
            unit,
            categories,
            tags,
            discountable,
            earns_points,
            open_price,
            min_age,
            is_service,
            deposit_plu,
            low_stock_milli,
            listed,
        ) in conn.execute(_SELECT)
    }


def _names(cell: str) -> frozenset[str]:
    return frozenset(cell.split()) if cell else NO_NAMES


def _prices(cell: str) -> tuple[tuple[str, int], ...]:
    parts = (part.partition("=") for part in cell.split())
    return tuple((name, int(price_minor)) for name, _, price_minor in parts)


def _keys(conn: sqlite3.Connection) -> SearchKeys:
    """Joined where they are, so that no line becomes an object of its own."""
    initials, words = conn.execute(
        "SELECT group_concat(initials, char(10)), group_concat(words, char(10))"
        " FROM (SELECT initials, words FROM product WHERE initials <> '' ORDER BY plu)"
    ).fetchone()
    return framed_keys(initials or "", words or "")
