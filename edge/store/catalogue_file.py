"""A catalogue from a CSV file, taken whole or refused whole."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from edge.checkout.catalogue import Product
from edge.checkout.money import MAX_AMOUNT_MINOR
from edge.checkout.records import Unit
from edge.ports import CatalogueRefused
from edge.store.catalogue_cache import LARGEST_CATALOGUE, Article

COLUMNS: Final = ("plu", "barcodes", "name_en", "name_zh", "price_minor", "tax_code", "unit")

# 250,000 rows of 250 bytes; a compressed file can't fill the memory of a box.
LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024

# A technician mends so many by hand before looking again.
LISTED_ERRORS: Final = 20

# What fits the journal's size of a sale, a screen's and a receipt's line several times over.
LONGEST_CODE, LONGEST_NAME, LONGEST_TAX_CODE = 48, 120, 8


@dataclass(slots=True)
class _Reader:
    """One file being read: what stands in it, what is wrong with it, which codes are taken."""

    path: Path
    canonicalise: Callable[[str], str]
    articles: list[Article] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    rows_of_codes: dict[str, int] = field(default_factory=dict)

    def refuse(self, row: int, column: str, reason: str) -> None:
        self.errors.append(f"{self.path}: row {row}, {column}: {reason}")

    def read(self, row: int, cells: Sequence[str]) -> None:
        """Take one row; its faults go to `errors`."""
        if len(cells) != len(COLUMNS):
            self.refuse(row, "columns", f"{len(cells)} cells, {len(COLUMNS)} are wanted")
            return
        plu, barcodes, name_en, name_zh, price, tax_code, unit = cells
        faults = len(self.errors)
        self._check_text(row, "plu", plu, LONGEST_CODE)
        self._check_text(row, "name_en", name_en, LONGEST_NAME)
        self._check_text(row, "name_zh", name_zh, LONGEST_NAME, least=0)
        self._check_text(row, "tax_code", tax_code, LONGEST_TAX_CODE)
        if not _is_amount(price):
            self.refuse(row, "price_minor", f"{_shown(price)} is no whole number of minor units")
        if unit not in _UNITS:
            self.refuse(row, "unit", f"{_shown(unit)} is none of {', '.join(_UNITS)}")
        if " " in plu:
            self.refuse(row, "plu", f"{_shown(plu)} has a space in it")
        codes = self._codes(row, barcodes)
        self._claim(row, "plu", plu)
        for code in codes:
            if code != plu:
                self._claim(row, "barcodes", code)
        if len(self.errors) == faults:
            product = Product(plu, name_en, name_zh, int(price), tax_code, _UNITS[unit])
            self.articles.append(Article(product, codes))

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
    separated by blanks and kept as `canonicalise` gives them. Rows count from 1, the header's.

    Raises CatalogueRefused with file, row, column and reason of the first errors; OSError.
    """
    reader = _Reader(path, canonicalise)
    try:
        for row, cells in enumerate(_rows(path), start=1):
            if row == 1:
                if tuple(cells) != COLUMNS:
                    raise CatalogueRefused(f"{path}: row 1: the header is not {','.join(COLUMNS)}")
            elif len(reader.articles) == LARGEST_CATALOGUE:
                reader.refuse(row, "rows", f"{LARGEST_CATALOGUE} products are the limit")
            elif cells:
                reader.read(row, cells)
            if len(reader.errors) >= LISTED_ERRORS:
                break
    except csv.Error as error:
        raise CatalogueRefused(f"{path}: is not CSV: {error}") from error
    if reader.errors:
        raise CatalogueRefused("\n".join(reader.errors[:LISTED_ERRORS]))
    if not reader.articles:
        raise CatalogueRefused(f"{path}: no products in it")
    return tuple(reader.articles)


def _rows(path: Path) -> Iterator[list[str]]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        try:
            data = file.read(LARGEST_FILE_BYTES + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise CatalogueRefused(f"{path}: is not a whole gzip file: {error}") from error
    if len(data) > LARGEST_FILE_BYTES:
        raise CatalogueRefused(f"{path}: more than {LARGEST_FILE_BYTES} bytes")
    try:
        # Spreadsheets put a byte order mark in front.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise CatalogueRefused(f"{path}: row {row}: is not UTF-8") from error
    yield from csv.reader(io.StringIO(text, newline=""), strict=True)


def _is_amount(cell: str) -> bool:
    digits = cell.isascii() and cell.isdecimal() and len(cell) <= len(str(MAX_AMOUNT_MINOR))
    return digits and int(cell) <= MAX_AMOUNT_MINOR


def _shown(text: str) -> str:
    """A cell in an error's line: quoted, and no longer than a line."""
    return repr(text if len(text) <= LONGEST_CODE else f"{text[:LONGEST_CODE]}...")


_UNITS: Final = {unit.value: unit for unit in Unit}
