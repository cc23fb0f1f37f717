import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.hq.alarms import MAX_ALARMS, MAX_DETAIL, AlarmKind, raise_alarm
from edge.hq.database import DatabaseError, open_database
from edge.hq.tables import ALARMS, METADATA


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine:
        yield engine


async def test_the_migrations_make_the_tables_that_the_code_knows(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        return compare_metadata(MigrationContext.configure(connection), METADATA)

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_database_is_opened_again_with_what_it_holds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hq.db"
    async with open_database(url) as engine, engine.begin() as connection:
        await raise_alarm(connection, "till-1", AlarmKind.FORK, "here", 1)
    async with open_database(url) as engine, engine.connect() as connection:
        assert await connection.scalar(select(ALARMS.c.detail)) == "here"


async def test_a_commit_is_on_the_disk_and_any_number_of_processes_may_write(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        assert await connection.scalar(text("PRAGMA synchronous")) == 2
        assert await connection.scalar(text("PRAGMA journal_mode")) == "truncate"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "Could not parse"),
        ("mysql://hq", "mysql: only postgresql and sqlite are known"),
        ("sqlite:////nowhere/at/all/hq.db", "there is no folder /nowhere/at/all"),
    ],
)
async def test_a_database_that_can_not_be_used_is_named(url: str, reason: str) -> None:
    with pytest.raises(DatabaseError, match=reason):
        async with open_database(url):
            pass


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "hq.db"
    file.write_bytes(b"a letter to the editor, long enough to be read" * 100)
    before = file.read_bytes()
    with pytest.raises(DatabaseError, match="not a database"):
        async with open_database(f"sqlite:///{file}"):
            pass
    assert file.read_bytes() == before


async def test_the_password_of_a_database_stays_out_of_errors() -> None:
    with pytest.raises(DatabaseError) as refused:
        async with open_database("postgresql://hq:hunter2@127.0.0.1:1/hq"):
            pass
    assert "hunter2" not in str(refused.value)


async def test_an_alarm_is_one_row_however_often_it_sounds(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        for at in (10, 20, 30):
            await raise_alarm(connection, "till-1", AlarmKind.UNREADABLE, f"at {at}" * 200, at)
        [row] = (await connection.execute(select(ALARMS))).mappings()
    assert (row["times"], row["first_at"], row["last_at"]) == (3, 10, 30)
    assert row["detail"] == ("at 30" * 200)[:MAX_DETAIL]


async def test_a_flood_of_alarms_has_an_end(engine: AsyncEngine, tmp_path: Path) -> None:
    await engine.dispose()
    with sqlite3.connect(tmp_path / "hq.db") as database:
        database.executemany(
            "INSERT INTO alarms (device, kind, times, first_at, last_at, detail)"
            " VALUES (?, 'fork', 1, 1, 1, '')",
            ((f"forged-{number}",) for number in range(MAX_ALARMS - 1)),
        )
    database.close()
    async with engine.begin() as connection:
        for device in ("last", "one-too-many"):
            await raise_alarm(connection, device, AlarmKind.FORK, "", 1)
        rows = await connection.scalar(select(func.count()).select_from(ALARMS))
        await raise_alarm(connection, "last", AlarmKind.FORK, "", 2)
        times = select(ALARMS.c.times).where(ALARMS.c.device == "last")
        assert (rows, await connection.scalar(times)) == (MAX_ALARMS, 2)
