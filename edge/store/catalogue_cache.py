"""The catalogue on disk and in memory, swapped whole."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edge.checkout.catalogue import (
    EMPTY_CATALOGUE,
    NO_NAMES,
    Catalogue,
    Product,
    SearchKeys,
)
from edge.checkout.records import Entry, EntryKind, Unit
from edge.checkout.search import framed_keys, join_keys, key_lines
from edge.ports import CatalogueRefused

# A box's memory: 100,000 products take some 40 MB; a shop has 10,000.
LARGEST_CATALOGUE: Final = 250_000


@dataclass(frozen=True, slots=True)
class Article:
    """A product with its canonical barcodes, and the pinyin initials of its Chinese name."""

    product: Product
    codes: tuple[str, ...]
    initials: str = ""


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


def load(conn: sqlite3.Connection) -> Catalogue:
    """The catalogue in force, EMPTY_CATALOGUE where there never was one."""
    row = conn.execute("SELECT version FROM catalogue").fetchone()
    if row is None:
        return EMPTY_CATALOGUE
    by_plu = _products(conn)
    by_code = dict(by_plu)
    by_code.update((code, by_plu[plu]) for code, plu in conn.execute("SELECT * FROM code"))
    return Catalogue(row[0], by_code, _keys(conn))


def _products(conn: sqlite3.Connection) -> dict[str, Product]:
    units = {unit.value: unit for unit in Unit}
    # A shop has a handful of tax codes, and some hundreds of sets of names: one value each, not one
    # a product.
    texts: dict[str, str] = {}
    names: dict[str, frozenset[str]] = {"": NO_NAMES}
    prices: dict[str, tuple[tuple[str, int], ...]] = {"": ()}
    return {
        row[0]: Product(
            row[0],
            row[1],
            row[2],
            row[3],
            texts.setdefault(row[4], row[4]),
            units[row[5]],
            names.get(row[6]) or names.setdefault(row[6], frozenset(row[6].split())),
            names.get(row[7]) or names.setdefault(row[7], frozenset(row[7].split())),
            row[8] == 1,
            row[9] == 1,
            row[10] == 1,
            row[11],
            row[12] == 1,
            texts.setdefault(row[13], row[13]),
            row[14],
            prices.get(row[15]) or prices.setdefault(row[15], _prices(row[15])),
        )
        for row in conn.execute("SELECT * FROM product")
    }


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
