"""Till rolls: what a retailer's rows mean for a till. Text in, invoices and products out."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from edge.replay.amounts import MOST_UNITS, read_price, read_units

COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
)
# Both are the till's: what its receipts have room for, and what its limits can be set to.
LONGEST_NAME = 120
MOST_LINES = 900

NO_TRADE = "InvoiceNo is neither all digits nor begins with C or A"
Key = TypeVar("Key", int, str)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
WHEN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?", re.ASCII)


class Reason(StrEnum):
    """Why a row is rejected. Where several fit, the first of these is named."""

    UNREADABLE = "unreadable"
    INVOICE_A = "invoice starts with A"
    PRICE = "price negative or not a whole penny"
    BACK_IN_SALE = "quantity below 0 at a price outside a C invoice"
    SOLD_IN_REFUND = "quantity above 0 in a C invoice"


@dataclass(frozen=True, slots=True)
class Rejection:
    """What is wrong with a row; `detail` says which of its cells can't be read."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RollRow:
    """A row that could be read. `price_minor` is None where it is not a whole number of pence."""

    invoice: str
    code: str
    name: str
    units: int
    price_minor: int | None
    at_utc_ms: int
    has_customer: bool

    @property
    def is_refund(self) -> bool:
        return self.invoice.startswith("C")


@dataclass(frozen=True, slots=True)
class RollLine:
    """What was sold or given back: pieces above 0 at a price above 0."""

    code: str
    units: int
    price_minor: int


@dataclass(slots=True)
class Invoice:
    """One sale or one refund (or neither) and the stock adjustments of one InvoiceNo."""

    number: str
    at_utc_ms: int
    is_refund: bool
    by_card: bool = False
    lines: list[RollLine] = field(default_factory=list)
    adjustments: list[tuple[str, int]] = field(default_factory=list)

    @property
    def total_minor(self) -> int:
        return sum(line.units * line.price_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class RollProduct:
    """A StockCode. `list_price_minor` is 0 for one that never had a price of whole pence."""

    code: str
    name: str
    list_price_minor: int


@dataclass(frozen=True, slots=True)
class Rolls:
    """All that the files hold for a till. Invoices stand where their first accepted row stands."""

    invoices: Sequence[Invoice]
    products: Mapping[str, RollProduct]
    rejected_rows: int


class RollReader:
    """Takes row after row of any number of files; an InvoiceNo is one invoice over all of them."""

    def __init__(self) -> None:
        self._invoices: dict[str, Invoice] = {}
        self._names: dict[str, Counter[str]] = {}
        self._prices: dict[str, Counter[int]] = {}
        self._rejected_rows = 0

    def reject(self, reason: Reason, detail: str = "") -> Rejection:
        """Count a row as rejected."""
        self._rejected_rows += 1
        return Rejection(reason, detail)

    def take(self, cells: Mapping[str, str]) -> Rejection | None:
        """Take a row in, by its columns; or say why it is rejected."""
        row = read_row(cells)
        if isinstance(row, str):
            return self.reject(Reason.UNREADABLE, row)
        self._learn(row)
        reason = fault_of(row)
        if reason is not None:
            return self.reject(reason, NO_TRADE if reason is Reason.UNREADABLE else "")
        self._book(row)
        return None

    def rolls(self) -> Rolls:
        """What was taken in so far."""
        products = {
            code: RollProduct(code, most_common(names) or code, most_common(prices) or 0)
            for code, names in self._names.items()
            for prices in (self._prices[code],)
        }
        return Rolls(tuple(self._invoices.values()), products, self._rejected_rows)

    def _learn(self, row: RollRow) -> None:
        """Every readable row says something about its product, be it rejected or not."""
        names = self._names.setdefault(row.code, Counter())
        prices = self._prices.setdefault(row.code, Counter())
        if row.name:
            names[row.name] += 1
        if row.price_minor is not None and row.price_minor > 0:
            prices[row.price_minor] += 1

    def _book(self, row: RollRow) -> None:
        invoice = self._invoices.get(row.invoice)
        if invoice is None:
            invoice = Invoice(row.invoice, row.at_utc_ms, row.is_refund)
            self._invoices[row.invoice] = invoice
        if not row.price_minor:
            invoice.adjustments.append((row.code, row.units))
            return
        invoice.lines.append(RollLine(row.code, abs(row.units), row.price_minor))
        invoice.by_card = invoice.by_card or row.has_customer


def most_common(counts: Counter[Key]) -> Key | None:
    """The key that was counted most often, of equals the smallest; None when there is none."""
    return min(counts, key=lambda key: (-counts[key], key), default=None)


def read_row(cells: Mapping[str, str]) -> RollRow | str:
    """The row, or which of its cells can't be read."""
    invoice, code = cells["InvoiceNo"], cells["StockCode"]
    for column, text in (("InvoiceNo", invoice), ("StockCode", code)):
        if not text.strip() or not text.isprintable():
            return f"{column} is empty or can't be printed"
    units = read_units(cells["Quantity"])
    if not units:
        return f"Quantity is no whole number from 1 to {MOST_UNITS}, of either sign"
    price = read_price(cells["UnitPrice"])
    if isinstance(price, str):
        return f"UnitPrice {price}"
    at_utc_ms = read_time(cells["InvoiceDate"])
    if at_utc_ms is None:
        return "InvoiceDate is no YYYY-MM-DD HH:MM:SS since 1970"
    name = read_name(cells["Description"])
    customer = cells["CustomerID"].strip()
    return RollRow(invoice, code, name, units, price.minor, at_utc_ms, customer != "")


def fault_of(row: RollRow) -> Reason | None:
    """Why a readable row is rejected, None when it is not."""
    if row.invoice.startswith("A"):
        return Reason.INVOICE_A
    if row.price_minor is None or row.price_minor < 0:
        return Reason.PRICE
    if row.price_minor == 0:
        return None
    if row.is_refund:
        return Reason.SOLD_IN_REFUND if row.units > 0 else None
    if row.units < 0:
        return Reason.BACK_IN_SALE
    return None if row.invoice.isascii() and row.invoice.isdecimal() else Reason.UNREADABLE


@lru_cache(maxsize=64)
def read_time(text: str) -> int | None:
    """`YYYY-MM-DD HH:MM[:SS]`, taken as UTC, in milliseconds; None when it is none since 1970."""
    if WHEN.fullmatch(text.strip()) is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (moment - EPOCH) // MILLISECOND if moment >= EPOCH else None


def read_name(text: str) -> str:
    """A description as a receipt can carry it."""
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())[:LONGEST_NAME].rstrip()
