"""The catalogue on disk and in memory, swapped whole."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from edge.checkout.catalogue import EMPTY_CATALOGUE, Catalogue, Product
from edge.checkout.records import Entry, EntryKind, Unit
from edge.ports import CatalogueRefused

# A box's memory: 100,000 products take some 40 MB; a shop has 10,000.
LARGEST_CATALOGUE: Final = 250_000


@dataclass(frozen=True, slots=True)
class Article:
    """A product with its canonical barcodes."""

    product: Product
    codes: tuple[str, ...]


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
    return Catalogue(version, by_code)


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
    products = sorted((article.product for article in articles), key=lambda product: product.plu)
    conn.executemany(
        "INSERT INTO product VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                product.plu,
                product.name_en,
                product.name_zh,
                product.price_minor,
                product.tax_code,
                product.unit.value,
            )
            for product in products
        ),
    )
    conn.executemany(
        "INSERT INTO code VALUES (?, ?)",
        sorted((code, article.product.plu) for article in articles for code in article.codes),
    )


def load(conn: sqlite3.Connection) -> Catalogue:
    """The catalogue in force, EMPTY_CATALOGUE where there never was one."""
    row = conn.execute("SELECT version FROM catalogue").fetchone()
    if row is None:
        return EMPTY_CATALOGUE
    units = {unit.value: unit for unit in Unit}
    # A shop has a handful of tax codes: one string each, not one a product.
    tax_codes: dict[str, str] = {}
    by_plu = {
        plu: Product(
            plu, name_en, name_zh, price_minor, tax_codes.setdefault(tax, tax), units[unit]
        )
        for plu, name_en, name_zh, price_minor, tax, unit in conn.execute("SELECT * FROM product")
    }
    by_code = dict(by_plu)
    by_code.update((code, by_plu[plu]) for code, plu in conn.execute("SELECT * FROM code"))
    return Catalogue(row[0], by_code)
