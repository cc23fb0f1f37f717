import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from edge.checkout.records import Tender, TenderKind
from edge.store import tools
from edge.store.migrate import FOLDER, Migration, migrate, migrations, statements
from tests.support.store import SteppedClock, sale, sell, till

# A dump of each schema that was ever released, as `python -m tests.support.old_store` writes it;
# what lies between came with one release.
OLD = Path(__file__).parent / "old"
RELEASED = (1, 2, 10, 11)

TRIGGER = """CREATE TRIGGER never BEFORE DELETE ON a
BEGIN
  SELECT RAISE(ABORT, 'no; never');
END;
"""


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        opened.execute("CREATE TABLE migration (version INTEGER, name TEXT, at INTEGER)")
        yield opened


def tables(conn: sqlite3.Connection) -> set[str]:
    return {row[0] for row in conn.execute("SELECT name FROM sqlite_master")} - {"migration"}


def version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def restored(dump: Path, folder: Path) -> Path:
    path = folder / "till.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(dump.read_text(encoding="utf-8"))
    return path


def test_steps_are_applied_once_each_with_its_record(conn: sqlite3.Connection) -> None:
    first = Migration(1, "0001_a", "CREATE TABLE a (x);\n")
    second = Migration(2, "0002_b", "CREATE TABLE b (x);\nINSERT INTO b VALUES (7);\n")
    migrate(conn, (first,), at=5)
    migrate(conn, (first, second), at=6)
    migrate(conn, (first, second), at=7)
    assert conn.execute("SELECT * FROM migration").fetchall() == [
        (1, "0001_a", 5),
        (2, "0002_b", 6),
    ]
    assert conn.execute("SELECT * FROM b").fetchall() == [(7,)]
    assert version(conn) == 2


def test_a_step_that_fails_leaves_nothing_of_itself(conn: sqlite3.Connection) -> None:
    good = Migration(1, "0001_a", "CREATE TABLE a (x);\n")
    bad = Migration(2, "0002_b", "CREATE TABLE b (x);\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(sqlite3.OperationalError, match="no such table: nowhere"):
        migrate(conn, (good, bad), at=5)
    assert (tables(conn), version(conn)) == ({"a"}, 1)
    assert not conn.in_transaction


def test_a_trigger_is_one_statement() -> None:
    script = f"-- why; and what\nCREATE TABLE a (x);\n\n{TRIGGER}"
    assert list(statements(script)) == ["-- why; and what\nCREATE TABLE a (x);\n", f"\n{TRIGGER}"]


def test_an_unfinished_statement_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="unfinished"):
        list(statements("CREATE TABLE a (x);\nCREATE TABLE b\n"))


def test_numbers_run_without_a_gap(tmp_path: Path) -> None:
    for name in ("0001_a.sql", "0003_c.sql"):
        (tmp_path / name).write_text("")
    with pytest.raises(AssertionError):
        migrations(tmp_path)


def test_every_released_schema_has_a_dump_here() -> None:
    assert {file.name for file in OLD.iterdir()} == {f"schema_{no:04d}.sql" for no in RELEASED}
    assert RELEASED[-1] == migrations(FOLDER)[-1].version


@pytest.mark.parametrize("dump", sorted(OLD.iterdir()), ids=lambda file: file.stem)
async def test_a_store_of_every_older_schema_is_opened_and_goes_on(
    dump: Path, tmp_path: Path
) -> None:
    path = restored(dump, tmp_path)
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        state = store.state()
        assert state.next_receipt_no == 4
        assert state.draft is not None
        assert [each.number for each in state.pending_receipts] == [2]
        assert store.catalogue().version == "v1"
        found = await store.find_sale(1, clock.now())
        assert found is not None
        assert found.refunded_milli == {1: 1000}
        assert found.paid_back == (Tender(TenderKind.CASH, 199, 199, 0),)
        await sell(store, clock, sale(4))
    report = tools.verify(path)
    assert (report.problems, report.receipts) == ((), 4)
