"""A catalogue from a CSV file, taken whole or refused whole."""

import gzip
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import structlog

from edge.checkout.goods.catalogue import Product
from edge.checkout.records import Unit
from edge.ports import CatalogueRefused
from edge.store.catalogue_cache import LARGEST_CATALOGUE, Article
from edge.store.catalogue_columns import OPTIONAL, PRICE_COLUMN, amount, header_fault
from edge.store.pinyin import PinyinError, initials_of
from edge.store.shop_bytes import csv_rows, text_of, whole

COLUMNS: Final = ("plu", "barcodes", "name_en", "name_zh", "price_minor", "tax_code", "unit")

# 250,000 rows of 250 bytes; a compressed file can't fill the memory of a box.
LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024

# A technician mends so many by hand before looking again.
LISTED_ERRORS: Final = 20

# What fits the journal's size of a sale, a screen's and a receipt's line several times over.
LONGEST_CODE, LONGEST_NAME, LONGEST_TAX_CODE = 48, 120, 8


@dataclass(slots=True)
class _Reader:
    """One file being read: what stands in it, what is wrong with it, which codes are taken.
    `further` are its columns behind those that each file has; `shared` keeps one value for all
    cells that say the same.
    """

    path: Path
    canonicalise: Callable[[str], str]
    further: tuple[str, ...] = ()
    articles: list[Article] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rows_of_codes: dict[str, int] = field(default_factory=dict)
    shared: dict[tuple[str, str], Any] = field(default_factory=dict)

    def refuse(self, row: int, column: str, reason: str) -> None:
        self.errors.append(f"{self.path}: row {row}, {column}: {reason}")

    def begin(self, header: Sequence[str]) -> None:
        """Take the header. Raises CatalogueRefused."""
        if tuple(header[: len(COLUMNS)]) != COLUMNS:
            raise CatalogueRefused(f"{self.path}: row 1: the header is not {','.join(COLUMNS)}")
        self.further = tuple(header[len(COLUMNS) :])
        fault = header_fault(self.further)
        if fault is not None:
            raise CatalogueRefused(f"{self.path}: row 1: {fault}")

    def read(self, row: int, cells: Sequence[str]) -> None:
        """Take one row; its faults go to `errors`."""
        wanted = len(COLUMNS) + len(self.further)
        if len(cells) != wanted:
            self.refuse(row, "columns", f"{len(cells)} cells, {wanted} are wanted")
            return
        plu, barcodes, name_en, name_zh, price, tax_code, unit = cells[: len(COLUMNS)]
        faults = len(self.errors)
        self._check_text(row, "plu", plu, LONGEST_CODE)
        self._check_text(row, "name_en", name_en, LONGEST_NAME)
        self._check_text(row, "name_zh", name_zh, LONGEST_NAME, least=0)
        self._check_text(row, "tax_code", tax_code, LONGEST_TAX_CODE)
        price_minor = self._value(row, "price_minor", price, amount)
        if unit not in _UNITS:
            self.refuse(row, "unit", f"{_shown(unit)} is none of {', '.join(_UNITS)}")
        if " " in plu:
            self.refuse(row, "plu", f"{_shown(plu)} has a space in it")
        codes = self._codes(row, barcodes)
        more = self._more(row, cells[len(COLUMNS) :])
        self._claim(row, "plu", plu)
        for code in codes:
            if code != plu:
                self._claim(row, "barcodes", code)
        if len(self.errors) == faults:
            initials = more.pop("initials", "")
            product = Product(plu, name_en, name_zh, price_minor, tax_code, _UNITS[unit], **more)
            self.articles.append(Article(product, codes, initials, row))

    def _more(self, row: int, cells: Sequence[str]) -> dict[str, Any]:
        """What the further columns say: fields of the product, and its `initials`."""
        more: dict[str, Any] = {}
        prices: list[tuple[str, int]] = []
        for column, cell in zip(self.further, cells, strict=True):
            if not cell:
                continue
            price_list = PRICE_COLUMN.fullmatch(column)
            if price_list is None:
                more[column] = self._value(row, column, cell, OPTIONAL[column])
            else:
                prices.append((price_list[1], self._value(row, column, cell, amount)))
        return {**more, "prices": tuple(prices)} if prices else more

    def _value(self, row: int, column: str, cell: str, read: Callable[[str], object]) -> Any:
        """What the cell says; None, and a line in `errors`, where that can't be taken."""
        key = (column, cell)
        if key not in self.shared:
            try:
                self.shared[key] = read(cell)
            except ValueError as error:
                self.refuse(row, column, f"{_shown(cell)} is {error}")
                return None
        return self.shared[key]

    def _codes(self, row: int, barcodes: str) -> tuple[str, ...]:
        codes: dict[str, None] = {}
        for barcode in barcodes.split():
            self._check_text(row, "barcodes", barcode, LONGEST_CODE)
            try:
                codes[self.canonicalise(barcode)] = None
            except ValueError as error:
                self.refuse(row, "barcodes", f"{_shown(barcode)}: {error}")
        return tuple(codes)

    def _check_text(self, row: int, column: str, text: str, most: int, least: int = 1) -> None:
        if not least <= len(text) <= most:
            self.refuse(row, column, f"{len(text)} characters, {least} to {most} are wanted")
        elif not text.isprintable() or text != text.strip():
            self.refuse(row, column, f"{_shown(text)} has blanks around it or can't be printed")

    def _claim(self, row: int, column: str, code: str) -> None:
        first = self.rows_of_codes.setdefault(code, row)
        if first != row:
            self.refuse(row, column, f"{_shown(code)} stands in row {first} already")


def read_catalogue(path: Path, *, canonicalise: Callable[[str], str]) -> tuple[Article, ...]:
    """The articles of a UTF-8 CSV file (`.gz`: compressed) with the header `COLUMNS`; barcodes are
    separated by blanks and kept as `canonicalise` gives them. Further columns may follow, those of
    edge.store.catalogue_columns. Rows count from 1, the header's.

    Raises CatalogueRefused with file, row, column and reason of the first errors; OSError.
    """
    reader = _Reader(path, canonicalise)
    for row, cells in enumerate(csv_rows(_text(path), path, CatalogueRefused), start=1):
        if row == 1:
            reader.begin(cells)
        elif len(reader.articles) == LARGEST_CATALOGUE:
            reader.refuse(row, "rows", f"{LARGEST_CATALOGUE} products are the limit")
        elif cells:
            reader.read(row, cells)
        if len(reader.errors) >= LISTED_ERRORS:
            break
    articles = [] if reader.errors else _with_deposits(reader)
    if reader.errors:
        raise CatalogueRefused("\n".join(reader.errors[:LISTED_ERRORS]))
    if not reader.articles:
        raise CatalogueRefused(f"{path}: no products in it")
    return _with_initials(articles)


def _with_deposits(reader: _Reader) -> list[Article]:
    """The articles; a deposit of others is its own, and out of discounts and points."""
    by_plu = {article.product.plu: article.product for article in reader.articles}
    deposits: set[str] = set()
    for product in by_plu.values():
        if product.deposit_plu:
            deposits.add(product.deposit_plu)
            fault = _deposit_fault(product, by_plu.get(product.deposit_plu))
            if fault:
                row = reader.rows_of_codes[product.plu]
                reader.refuse(row, "deposit_plu", f"{_shown(product.deposit_plu)} {fault}")
    return [
        replace(article, product=_as_deposit(article.product))
        if article.product.plu in deposits
        else article
        for article in reader.articles
    ]


def _as_deposit(product: Product) -> Product:
    return replace(product, discountable=False, earns_points=False, deposit_plu=product.plu)


def _deposit_fault(product: Product, deposit: Product | None) -> str:
    if deposit is None:
        return "is no plu of this file"
    if deposit.deposit_plu not in {"", deposit.plu}:
        return "has a deposit itself"
    if deposit.open_price or deposit.is_service or deposit.unit is not Unit.EACH:
        return "is no article at a fixed price a piece"
    return "" if product.unit is Unit.EACH else "can't be charged with an article that is weighed"


def _with_initials(articles: Sequence[Article]) -> tuple[Article, ...]:
    """The articles, with the initials of those Chinese names that have none yet; without them, and
    with a warning in the log, where they can't be worked out: prices matter more than a search.
    """
    names = [article.product.name_zh for article in articles if not article.initials]
    try:
        found = initials_of(names)
    except PinyinError as error:
        structlog.get_logger("edge.catalogue").warning("initials_missing", reason=str(error))
        return tuple(articles)
    return tuple(
        replace(article, initials=article.initials or found.get(article.product.name_zh, ""))
        for article in articles
    )


def _text(path: Path) -> str:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        try:
            data = whole(file, path, LARGEST_FILE_BYTES, CatalogueRefused)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise CatalogueRefused(f"{path}: is not a whole gzip file: {error}") from error
    return text_of(data, path, CatalogueRefused)


def _shown(text: str) -> str:
    """A cell in an error's line: quoted, and no longer than a line."""
    return repr(text if len(text) <= LONGEST_CODE else f"{text[:LONGEST_CODE]}...")


_UNITS: Final = {unit.value: unit for unit in Unit}
