"""What the store's tests are made of: a clock that only goes on, sales, refunds, articles."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from edge.checkout.goods.catalogue import Product
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.records import (
    Entry,
    EntryKind,
    Promise,
    Sale,
    SoldLine,
    TaxTotal,
    Tender,
    TenderKind,
    Unit,
    sale_entry,
)
from edge.checkout.sale.basket import Basket, BasketKind
from edge.ports import Committed
from edge.store.catalogue_cache import Article
from edge.store.till_store import TillStore, open_store
from edge.store.writer import WriterLimits

DEVICE = "till-07"
CURRENCY = "GBP"
START_MS = 1_700_000_000_000


class SteppedClock:
    """A clock port that is a millisecond later each time it is asked."""

    def __init__(self, start_ms: int = START_MS) -> None:
        self._utc_ms = start_ms

    def now(self) -> Instant:
        self._utc_ms += 1
        return Instant(self._utc_ms, "boot-a", self._utc_ms - START_MS + 1_000, ClockQuality.SYNCED)

    async def sleep_ms(self, duration_ms: int) -> None:
        self._utc_ms += duration_ms


@asynccontextmanager
async def till(
    path: Path,
    *,
    clock: SteppedClock | None = None,
    device: str = DEVICE,
    utc_offset_minutes: int = 0,
    limits: WriterLimits | None = None,
) -> AsyncIterator[TillStore]:
    clock = clock or SteppedClock()
    async with open_store(
        path,
        clock=clock,
        device=device,
        currency=CURRENCY,
        utc_offset_minutes=utc_offset_minutes,
        limits=limits,
    ) as store:
        yield store


def product(plu: str, price_minor: int = 199) -> Product:
    return Product(plu, f"Jasmine tea {plu}", f"茉莉花茶{plu}", price_minor, "A", Unit.EACH)


def articles(count: int) -> list[Article]:
    return [
        Article(product(f"{number:06d}", 100 + number % 900), (f"{5_000_000_000_000 + number}",))
        for number in range(count)
    ]


def sold_line(number: int, *, units: int = 1, price_minor: int = 199, of_line: int = 0) -> SoldLine:
    item = product(f"{number:06d}", price_minor)
    amount_minor = units * price_minor
    return SoldLine(
        line=number,
        plu=item.plu,
        code=f"{5_000_000_000_000 + number}",
        name=item.name_en,
        unit=item.unit,
        quantity_milli=units * 1000,
        price_minor=price_minor,
        list_price_minor=price_minor,
        amount_minor=amount_minor,
        tax_code="A",
        tax_rate_bp=2000,
        tax_minor=amount_minor // 6,
        paid=((units, price_minor),),
        of_line=of_line,
    )


def sale(
    receipt_no: int,
    *,
    lines: int = 5,
    units: int = 1,
    tender: TenderKind = TenderKind.CASH,
    change_minor: int = 0,
) -> Sale:
    return _sale(
        EntryKind.SALE,
        receipt_no,
        tuple(sold_line(number, units=units) for number in range(1, lines + 1)),
        tender,
        change_minor,
    )


def promising(made: Sale, promise: Promise, bonus_minor: int = 0) -> Sale:
    """The same, whose first line sells that promise."""
    first, *others = made.lines
    first = replace(first, promise=promise, bonus_minor=bonus_minor)
    return replace(made, lines=(first, *others))


def refund(receipt_no: int, of_receipt_no: int, of_lines: dict[int, int]) -> Sale:
    """A cash refund of `{line: units}` of a sale made here; receipt 0 is a refund without one."""
    sold = tuple(
        sold_line(number, units=units, of_line=number if of_receipt_no else 0)
        for number, units in of_lines.items()
    )
    return _sale(EntryKind.REFUND, receipt_no, sold, TenderKind.CASH, 0, of_receipt_no)


def _sale(
    kind: EntryKind,
    receipt_no: int,
    lines: tuple[SoldLine, ...],
    tender: TenderKind,
    change_minor: int,
    of_receipt_no: int = 0,
) -> Sale:
    total_minor = sum(line.amount_minor for line in lines)
    tax_minor = sum(line.tax_minor for line in lines)
    return Sale(
        kind=kind,
        receipt_no=receipt_no,
        currency=CURRENCY,
        lines=lines,
        taxes=(TaxTotal("A", 2000, total_minor - tax_minor, tax_minor, total_minor),),
        total_minor=total_minor,
        rounding_minor=0,
        tenders=(Tender(tender, total_minor, total_minor + change_minor, change_minor),),
        of_receipt_no=of_receipt_no,
    )


def adjusted(plu: str, quantity_milli: int) -> Entry:
    return Entry(
        EntryKind.STOCK_ADJUSTED,
        {"plu": plu, "code": plu, "quantity_milli": quantity_milli, "reason": "count"},
    )


def paid(kind: EntryKind, amount_minor: int) -> Entry:
    return Entry(kind, {"amount_minor": amount_minor})


def basket(receipt_no: int, *, lines: int = 1) -> Basket:
    open_basket = Basket(BasketKind.SALE, receipt_no)
    for number in range(1, lines + 1):
        item = product(f"{number:06d}")
        open_basket = open_basket.add(item, item.plu, 1000, item.price_minor)
    return open_basket


async def sell(store: TillStore, clock: SteppedClock, sold: Sale) -> Committed:
    """The sale as the till commits it."""
    return await store.commit(
        clock.now(), [sale_entry(sold)], ends_basket=True, opens_drawer=True, prints_receipt=True
    )


async def record(store: TillStore, clock: SteppedClock, *entries: Entry) -> Committed:
    """Entries without a basket, drawer or receipt."""
    return await store.commit(
        clock.now(), entries, ends_basket=False, opens_drawer=False, prints_receipt=False
    )
