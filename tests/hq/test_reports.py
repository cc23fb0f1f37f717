from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.checkout.records import Entry, EntryKind
from edge.hq.database import open_database
from edge.hq.ingest import ingest_batch
from edge.hq.reports import NO_FIGURES, MixedCurrenciesError, sales_report
from tests.support.outbox import MemoryOutbox, sale_of
from tests.support.records import batch_of
from tests.support.turnover import of_goods


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine:
        yield engine


async def report_to(engine: AsyncEngine, device: str, *entries: Entry) -> None:
    till = MemoryOutbox(device)
    for entry in entries:
        till.append(entry)
    await ingest_batch(engine, device, batch_of(*till.records), received_at=1)


def in_currency(entry: Entry, currency: str) -> Entry:
    return Entry(entry.kind, {**entry.body, "currency": currency})


async def test_nothing_sold_is_a_report_of_zeros(engine: AsyncEngine) -> None:
    assert await sales_report(engine) == {**NO_FIGURES, "currency": "", "devices": {}}
    assert set(NO_FIGURES.values()) == {0}


async def test_sales_and_refunds_are_summed_over_all_and_for_each_device(
    engine: AsyncEngine,
) -> None:
    await report_to(engine, "till-b", sale_of(1, 250))
    await report_to(engine, "till-c", sale_of(1, 99, EntryKind.REFUND))
    await report_to(
        engine, "till-a", sale_of(1, 1000), sale_of(2, 500), sale_of(3, 300, EntryKind.REFUND)
    )
    report = await sales_report(engine)
    assert report == {
        "currency": "GBP",
        "sales": 3,
        "refunds": 2,
        "sales_minor": 1750,
        "refunds_minor": 399,
        **of_goods(1750 - 399),
        "devices": {
            "till-a": {
                "sales": 2,
                "refunds": 1,
                "sales_minor": 1500,
                "refunds_minor": 300,
                **of_goods(1200),
            },
            "till-b": {
                "sales": 1,
                "refunds": 0,
                "sales_minor": 250,
                "refunds_minor": 0,
                **of_goods(250),
            },
            "till-c": {
                "sales": 0,
                "refunds": 1,
                "sales_minor": 0,
                "refunds_minor": 99,
                **of_goods(-99),
            },
        },
    }
    assert list(report["devices"]) == ["till-a", "till-b", "till-c"]


async def test_two_currencies_are_never_added_up(engine: AsyncEngine) -> None:
    await report_to(engine, "till-a", sale_of(1, 1000))
    await report_to(engine, "till-b", in_currency(sale_of(1, 700), "CNY"))
    with pytest.raises(MixedCurrenciesError, match="CNY, GBP"):
        await sales_report(engine)
    assert (await sales_report(engine, "CNY"))["sales_minor"] == 700
    assert list((await sales_report(engine, "GBP"))["devices"]) == ["till-a"]
