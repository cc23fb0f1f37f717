"""Headquarters parts turnover from what is prepaid as the tills do, and as the accounts moved."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.__main__ import main
from edge.checkout.canonical import LARGEST_INTEGER, canonical_json
from edge.checkout.records import Entry
from edge.checkout.shifts.shift import JournalPlace
from edge.hq.database import open_database
from edge.hq.ingest import ingest_batch
from edge.hq.reports import sales_report
from edge.hq.shift_reports import z_reports
from edge.hq.trade import trade_row
from tests.support.outbox import MemoryOutbox, sale_of
from tests.support.records import batch_of, record_with
from tests.support.shifts import ShiftBooks, closing
from tests.support.turnover import any_day, day, figures_of

DEVICE = "till-1"
MOST_IN_A_BATCH = 100
MIGRATION = import_module("edge.hq.migrations.versions.0003_turnover")
ADDED = ("prepaid_minor", "bonus_minor", "deposit_minor", "spent_minor")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine:
        yield engine


async def send(engine: AsyncEngine, entries: list[Entry], device: str = DEVICE) -> None:
    till = MemoryOutbox(device)
    for entry in entries:
        till.append(entry)
    for start in range(0, len(till.records), MOST_IN_A_BATCH):
        records = till.records[start : start + MOST_IN_A_BATCH]
        await ingest_batch(engine, device, batch_of(*records), received_at=1)


def z_of(journal: list[Entry]) -> Entry:
    """The Z of a till that had nothing else on record; nobody counted anything."""
    books, till = ShiftBooks(), MemoryOutbox(DEVICE)
    books.take(journal)
    for entry in journal:
        last = till.append(entry)
    place = JournalPlace(last.epoch, last.seq, last.hash)
    return closing(replace(books.state(), head=place), 0)


@pytest.mark.parametrize("seed", range(4))
async def test_the_figures_are_those_of_articles_and_accounts(
    engine: AsyncEngine, seed: int
) -> None:
    first, second = any_day(seed).journal, day().journal
    await send(engine, first)
    await send(engine, second, "till-2")
    report = await sales_report(engine)
    expected = {DEVICE: figures_of(first), "till-2": figures_of(second)}
    assert report["devices"] == expected
    for name, figure in expected[DEVICE].items():
        assert report[name] == figure + expected["till-2"][name]
    deposits = report["deposits_taken_minor"] - report["deposits_returned_minor"]
    left = report["sales_minor"] - report["refunds_minor"]
    assert report["turnover_minor"] + report["prepaid_sold_minor"] + deposits == left


@pytest.mark.parametrize("seed", range(4))
async def test_a_z_parts_a_day_as_headquarters_does(engine: AsyncEngine, seed: int) -> None:
    journal = any_day(seed).journal
    await send(engine, [*journal, z_of(journal)])
    (z,) = await z_reports(engine)
    expected = figures_of(journal)
    assert z["problem"] == ""
    assert {name: z[name] for name in expected} == expected


async def test_what_a_till_said_before_it_knew_of_promises_is_turnover(
    engine: AsyncEngine,
) -> None:
    await send(engine, [sale_of(1, 500)])
    report = await sales_report(engine)
    assert (report["turnover_minor"], report["prepaid_sold_minor"]) == (500, 0)


def make_older(path: Path) -> None:
    """The database as it was before these figures."""
    with contextlib.closing(sqlite3.connect(path)) as conn:
        for name in ADDED:
            conn.execute(f"ALTER TABLE sales DROP COLUMN {name}")
            conn.execute(f"ALTER TABLE refunds DROP COLUMN {name}")
        conn.execute("UPDATE alembic_version SET version_num = '0002'")
        conn.commit()


async def test_a_database_from_before_is_given_the_figures_of_its_records(tmp_path: Path) -> None:
    """Also of a till that said what lines promise before headquarters could read it; a forged sale
    that lacks its payments stays as it was.
    """
    url, path = f"sqlite:///{tmp_path}/hq.db", tmp_path / "hq.db"
    journal = any_day(1).journal
    async with open_database(url) as engine:
        await send(engine, journal)
        await send(engine, [sale_of(1, 700)], "till-2")
    make_older(path)
    with contextlib.closing(sqlite3.connect(path)) as conn:
        conn.execute(
            "UPDATE records SET body = json_remove(body, '$.tenders') WHERE device = 'till-2'"
        )
        conn.commit()
    async with open_database(url) as engine:
        ours = await sales_report(engine, "CNY")
        forged = await sales_report(engine, "GBP")
    assert ours["devices"] == {DEVICE: figures_of(journal)}
    assert forged["turnover_minor"] == 700


def updates_in_migrating(path: Path) -> int:
    """How many statements it takes to write the figures."""
    engine = create_engine(f"sqlite:///{path}")
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *now: statements.append(now[2]))
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        MIGRATION.upgrade()
    engine.dispose()
    return sum(statement.startswith("UPDATE") for statement in statements)


def parts_in(path: Path) -> list[tuple[int, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as conn:
        return [
            *conn.execute(f"SELECT seq, {', '.join(ADDED)} FROM sales ORDER BY seq"),
            *conn.execute(f"SELECT seq, {', '.join(ADDED)} FROM refunds ORDER BY seq"),
        ]


async def test_a_database_from_before_is_read_page_by_page_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "hq.db"
    async with open_database(f"sqlite:///{path}") as engine:
        await send(engine, any_day(1).journal)
    expected = parts_in(path)
    make_older(path)
    monkeypatch.setattr(MIGRATION, "PAGE_RECORDS", 2)
    assert updates_in_migrating(path) > 2
    assert parts_in(path) == expected


async def test_a_page_is_written_at_once_for_there_may_be_years_of_them(tmp_path: Path) -> None:
    path = tmp_path / "hq.db"
    async with open_database(f"sqlite:///{path}") as engine:
        await send(engine, any_day(1).journal)
    make_older(path)
    assert updates_in_migrating(path) == len(["sales", "refunds"])


@pytest.mark.parametrize("part", ["bonus_minor", "paid"])
def test_parts_that_no_integer_holds_are_no_sale(part: str) -> None:
    line = sale_of(1, 500).body["lines"][0]
    bonus = {**line, "promise": "top_up", "bonus_minor": LARGEST_INTEGER}
    paid = {**line, "promise": "deposit", "paid": [[1_000_000_000, LARGEST_INTEGER]]}
    lines = {"bonus_minor": [bonus] * 900, "paid": [paid]}[part]
    body = {**sale_of(1, 500).body, "lines": lines}
    assert trade_row(DEVICE, record_with(body), canonical_json(body)) is None


async def write_day(url: str) -> None:
    journal = day().journal
    async with open_database(url) as engine:
        await send(engine, [*journal, z_of(journal)])


def test_the_commands_name_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/hq.db"
    asyncio.run(write_day(url))
    assert main(["hq", "report", "sales", "--database", url]) == 0
    figures = (
        "6 sales of 456.50 CNY, 3 refunds of 110.25 CNY: turnover 46.00 CNY, prepaid sold 300.00"
        " CNY, bonus on top 5.00 CNY, prepaid spent 40.00 CNY, deposits taken 0.50 CNY, deposits"
        " returned 0.25 CNY"
    )
    assert capsys.readouterr().out.splitlines() == [f"till-1: {figures}", f"in all: {figures}"]
    assert main(["hq", "report", "shifts", "--database", url]) == 0
    first, _ = capsys.readouterr().out.splitlines()
    assert first == (
        "till-1: Z 1, 6 sales, 3 refunds, turnover 46.00 CNY, cash 56.25 CNY short: agrees"
    )
    assert main(["hq", "report", "shifts", "--json", "--database", url]) == 0
    (z,) = json.loads(capsys.readouterr().out)
    assert (z["turnover_minor"], z["prepaid_sold_minor"]) == (4_600, 30_000)
