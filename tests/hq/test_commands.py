"""`edge hq`: what its commands say of a database, and that only ingest makes one."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.hq.database import open_database
from edge.hq.ingest import ingest_batch
from tests.support.outbox import MemoryOutbox, sale_of
from tests.support.records import batch_of

COMMANDS = (["report", "sales"],)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A till's one sale, taken in."""

    async def fill() -> None:
        till = MemoryOutbox("till-1")
        till.append(sale_of(1, 250))
        async with open_database(f"sqlite:///{path}") as engine:
            await ingest_batch(engine, "till-1", batch_of(*till.records), received_at=1)

    path = tmp_path / "hq.db"
    asyncio.run(fill())
    return path


def hq(command: list[str], database: Path) -> int:
    return main(["hq", *command, "--database", f"sqlite:///{database}"])


def refusal(command: list[str], database: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which the database is refused."""
    assert hq(command, database) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_is_not_there_is_refused_and_not_made(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refusal(command, tmp_path / "typo.db", capsys)
    assert line.startswith(f"{tmp_path}/typo.db: there is no such file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("schema", ["0000", "9999", None])
def test_a_database_of_another_schema_is_refused_and_not_changed(
    command: list[str], schema: str | None, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as conn:
        if schema is None:
            conn.execute("DROP TABLE alembic_version")
        else:
            conn.execute("UPDATE alembic_version SET version_num = ?", (schema,))
    before = database.read_bytes()
    assert f"schema {schema or 'none'}, this software reads 0001" in refusal(
        command, database, capsys
    )
    assert database.read_bytes() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_database_is_refused_in_one_line(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"a letter to the editor, long enough to be read" * 100)
    assert "not a database" in refusal(command, letter, capsys)


def test_the_figures_of_a_database(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hq(["report", "sales"], database) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "in all: 1 sales, 0 refunds"
    assert hq(["report", "sales", "--json"], database) == 0
    assert json.loads(capsys.readouterr().out)["sales_minor"] == 250
