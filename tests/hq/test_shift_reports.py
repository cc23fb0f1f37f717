"""`edge hq report shifts`: every Z, held against the records that the till sent."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.__main__ import main
from edge.hq.database import open_database
from edge.hq.ingest import ingest_batch
from edge.hq.shift_reports import z_reports
from tests.support.records import batch_of
from tests.support.shifts import closing, opening
from tests.support.store import (
    CURRENCY,
    DEVICE,
    SteppedClock,
    record,
    refund,
    sale,
    sell,
    till,
)

ZS_SUMS = [(1, 2, 2 * 995, 1, 199), (2, 1, 995, 0, 0)]


async def two_zs(folder: Path, engine: AsyncEngine) -> None:
    """Two shifts of a till, sent to headquarters."""
    clock = SteppedClock()
    async with till(folder / "till.db", clock=clock) as store:
        await record(store, clock, opening(await store.shift_state(), 5_000))
        await sell(store, clock, sale(1))
        await sell(store, clock, sale(2))
        await sell(store, clock, refund(3, 1, {1: 1}))
        state = await store.shift_state()
        await record(store, clock, closing(state, 6_800, left_minor=5_000, currency=CURRENCY))
        await sell(store, clock, sale(4))
        await record(store, clock, closing(await store.shift_state(), 5_988, currency=CURRENCY))
        records = await store.journal_after(0, 0, 100)
    await ingest_batch(engine, DEVICE, batch_of(*records), received_at=1)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine:
        await two_zs(tmp_path, engine)
        yield engine


async def change(engine: AsyncEngine, statement: str) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql(statement)


async def problems(engine: AsyncEngine) -> list[str]:
    return [z["problem"] for z in await z_reports(engine)]


async def test_each_z_is_listed_and_agrees_with_its_records(engine: AsyncEngine) -> None:
    found = await z_reports(engine)
    sums = [
        (z["z_no"], z["sales"], z["sales_minor"], z["refunds"], z["refunds_minor"]) for z in found
    ]
    assert sums == ZS_SUMS
    assert [z["over_short_minor"] for z in found] == [6_800 - (5_000 + 1_791), -7]
    assert [z["problem"] for z in found] == ["", ""]


async def test_a_sale_that_was_changed_afterwards_is_seen(engine: AsyncEngine) -> None:
    await change(
        engine,
        "UPDATE records SET body = replace(body, '\"total_minor\":995', '\"total_minor\":900')"
        " WHERE seq = 3",
    )
    assert await problems(engine) == ["is not the sum of its records", ""]


async def test_a_record_that_is_gone_is_seen(engine: AsyncEngine) -> None:
    await change(engine, "DELETE FROM records WHERE seq = 7")
    assert await problems(engine) == ["", "ends with another record 1/7"]


async def test_another_hash_is_seen(engine: AsyncEngine) -> None:
    await change(engine, f"UPDATE records SET hash = '{'0' * 64}' WHERE seq = 5")
    assert await problems(engine) == ["ends with another record 1/5", ""]


async def test_a_number_that_was_used_before_is_seen(engine: AsyncEngine) -> None:
    await change(
        engine, "UPDATE records SET body = replace(body, '\"z_no\":2', '\"z_no\":1') WHERE seq = 8"
    )
    assert await problems(engine) == ["", "number 1 was used before"]


@pytest.mark.parametrize(
    ("seq", "problem"), [(3, "record 1/3 can't be read"), (6, "can't be read")]
)
async def test_what_can_t_be_read_is_named(engine: AsyncEngine, seq: int, problem: str) -> None:
    await change(engine, f"UPDATE records SET body = '{{}}' WHERE seq = {seq}")
    assert (await problems(engine))[0] == problem


async def test_a_till_that_was_restored_from_a_copy_agrees_with_what_it_can_know(
    tmp_path: Path,
) -> None:
    """It lost two sales and a Z that headquarters has: they are no part of its next one."""
    clock = SteppedClock()
    async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine:
        async with till(tmp_path / "till.db", clock=clock) as store:
            await record(store, clock, opening(await store.shift_state(), 5_000))
            await sell(store, clock, sale(1))
            await sell(store, clock, sale(2))
            await store.copy_to(tmp_path / "copy.db")
            await sell(store, clock, sale(3))
            await sell(store, clock, sale(4))
            state = await store.shift_state()
            lost_z = closing(state, state.expected_minor, left_minor=5_000, currency=CURRENCY)
            await record(store, clock, lost_z)
            await sell(store, clock, sale(5))
            records = await store.journal_after(0, 0, 100)
            await ingest_batch(engine, DEVICE, batch_of(*records), received_at=1)
        async with till(tmp_path / "copy.db", clock=clock) as store:
            await store.open_new_epoch(clock.now(), 7, None)
            await sell(store, clock, sale(7))
            for receipt_no in (8, 9):
                state = await store.shift_state()
                end = closing(state, state.expected_minor, left_minor=5_000, currency=CURRENCY)
                await record(store, clock, end)
                await sell(store, clock, sale(receipt_no))
            state = await store.shift_state()
            await record(store, clock, closing(state, state.expected_minor, currency=CURRENCY))
            records = [each for each in await store.journal_after(0, 0, 100) if each.epoch == 2]
            await ingest_batch(engine, DEVICE, batch_of(*records), received_at=2)
        found = await z_reports(engine)
    assert [(z["epoch"], z["z_no"], z["sales"], z["problem"]) for z in found] == [
        (1, 1, 4, ""),
        (2, 1, 3, ""),
        (2, 2, 1, ""),
        (2, 3, 1, ""),
    ]


async def test_records_are_read_a_page_at_a_time(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.hq.shift_reports.PAGE_RECORDS", 2)
    assert await problems(engine) == ["", ""]


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/hq.db"

    async def fill() -> None:
        async with open_database(url) as engine:
            await two_zs(tmp_path, engine)

    asyncio.run(fill())
    return url


def test_the_command_names_each_z(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hq", "report", "shifts", "--database", database]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{DEVICE}: Z 1, 2 sales, 1 refund, turnover 17.91 GBP, cash 0.09 GBP over: agrees",
        f"{DEVICE}: Z 2, 1 sale, 0 refunds, turnover 9.95 GBP, cash 0.07 GBP short: agrees",
        "in all: 2 Z reports",
    ]


def test_the_command_as_json_and_its_exit_status_for_one_that_does_not_agree(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def spoil() -> None:
        async with open_database(database) as engine:
            await change(engine, "UPDATE records SET body = '{}' WHERE seq = 6")

    asyncio.run(spoil())
    assert main(["hq", "report", "shifts", "--json", "--database", database]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(z["z_no"], z["problem"]) for z in found] == [
        (0, "can't be read"),
        (2, "is not the sum of its records"),
    ]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("z_no", '"1\\u001b[2J"'),
        ("currency", '["GBP"]'),
        ("counted_minor", "0.5"),
        ("opened", '"today"'),
    ],
)
def test_a_z_with_something_else_in_it_takes_no_other_till_from_the_list(
    place: str, value: str, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def spoil() -> None:
        async with open_database(database) as engine:
            changed = f"json_set(body, '$.{place}', json('{value}'))"
            await change(engine, f"UPDATE records SET body = {changed} WHERE seq = 6")

    asyncio.run(spoil())
    assert main(["hq", "report", "shifts", "--database", database]) == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first == f"{DEVICE}: Z 0, 0 sales, 0 refunds, turnover 0, cash 0 over: can't be read"
    assert second.startswith(f"{DEVICE}: Z 2, 1 sale, ")
    assert last == "in all: 2 Z reports"


def test_a_database_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hq", "report", "shifts", "--database", f"sqlite:///{tmp_path}/no.db"]) == 2
    assert "there is no such file" in capsys.readouterr().err
