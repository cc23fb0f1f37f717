"""What is refused as a store: with one clear line, and with nothing changed in the file."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from edge.ports import StoreRefused
from edge.store import tools
from edge.store.connection import APPLICATION_ID, StoreLive
from edge.store.migrate import migrations
from edge.store.till_store import open_store
from tests.support.store import (
    CURRENCY,
    DEVICE,
    SteppedClock,
    articles,
    sale,
    sell,
    till,
)

READ_BY_ANOTHER_PROCESS = """
import sqlite3, sys
try:
    print(sqlite3.connect(sys.argv[1], timeout=0).execute("SELECT * FROM journal").fetchall())
except sqlite3.OperationalError as error:
    print(error)
"""


async def fill(path: Path) -> None:
    """A store with enough in it to have pages of every kind, closed in order."""
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await store.replace_catalogue(articles(300), "v1", clock.now())
        await asyncio.gather(*(sell(store, clock, sale(number)) for number in range(1, 31)))


async def open_and_close(path: Path, device: str = DEVICE, currency: str = CURRENCY) -> None:
    async with open_store(path, clock=SteppedClock(), device=device, currency=currency):
        pass


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("filled") / "till.db"
    asyncio.run(fill(path))
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, filled: bytes) -> Path:
    path = tmp_path / "till.db"
    path.write_bytes(filled)
    return path


def refusal(path: Path, **whose: str) -> str:
    """The text of the refusal to open `path`, which is left as it was."""
    before = path.read_bytes()
    with pytest.raises(StoreRefused) as refused:
        asyncio.run(open_and_close(path, **whose))
    assert path.read_bytes() == before
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)
    return refused.value.reason


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        for statement in statements:
            conn.execute(statement).fetchall()


def overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def test_no_database(path: Path) -> None:
    path.write_text("This is a text file, and rather longer than a header. " * 40)
    assert refusal(path) == "not a database"


def test_an_empty_file(path: Path) -> None:
    path.write_bytes(b"")
    assert refusal(path) == "empty file, not a store"


def test_another_program_s_database(path: Path) -> None:
    change(path, "PRAGMA application_id=42")
    assert refusal(path) == "not a store of this till's software"


def test_a_newer_schema(path: Path) -> None:
    change(path, "PRAGMA user_version=99")
    newest = len(migrations())
    assert refusal(path) == f"made by newer software: schema 99, this one knows {newest}"


def test_a_store_without_tables(path: Path) -> None:
    path.unlink()
    change(path, f"PRAGMA application_id={APPLICATION_ID}", "VACUUM")
    assert refusal(path) == "a store without a journal"


def test_another_till_s_store(path: Path) -> None:
    assert refusal(path, device="till-08") == f"store of {DEVICE}, not of till-08"


def test_another_currency(path: Path) -> None:
    assert refusal(path, currency="EUR") == "store in GBP, not in EUR"


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreRefused, match="can't be read: unable to open database file"):
        asyncio.run(open_and_close(tmp_path / "nowhere" / "till.db"))


@pytest.mark.parametrize("kept", [0.9, 0.5, 0.1])
def test_a_truncated_file(path: Path, kept: float) -> None:
    pages = path.stat().st_size // 4096
    with path.open("r+b") as file:
        file.truncate(int(pages * kept) * 4096)
    assert refusal(path).startswith("corrupt: ")


@pytest.mark.parametrize("kept", [1, 99, 3000])
def test_a_file_cut_within_its_first_page(path: Path, kept: int) -> None:
    with path.open("r+b") as file:
        file.truncate(kept)
    # SQLite takes a single byte for no page at all.
    assert refusal(path).split(":")[0] in {"corrupt", "not a database", "empty file, not a store"}


def blank(page: bytes) -> bytes:
    return bytes(len(page))


def inverted(page: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in page)


@pytest.mark.parametrize("damaged", [blank, inverted])
def test_any_lost_page_is_noticed(
    path: Path, damaged: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    sound = path.read_bytes()
    spoilt = tmp_path / "spoilt.db"
    for offset in range(0, len(sound), 4096):
        page = damaged(sound[offset : offset + 4096])
        spoilt.write_bytes(sound[:offset] + page + sound[offset + 4096 :])
        assert refusal(spoilt).split(":")[0] in {
            "corrupt",
            "not a database",
            "not a store of this till's software",
        }, offset


def test_a_changed_word_in_the_last_records_is_noticed(path: Path) -> None:
    offset = path.read_bytes().rindex(b"Jasmine tea 000005")
    overwrite(path, offset, b"Jasmins")
    reason = refusal(path)
    assert reason.startswith("corrupt: record 1/")
    assert reason.endswith(": hash does not fit the content")


def test_a_log_whose_store_is_gone(path: Path) -> None:
    path.rename(path.with_name("till.db-wal"))
    with pytest.raises(StoreRefused, match=r"missing, but not its write-ahead log till\.db-wal"):
        asyncio.run(open_and_close(path))


def test_a_broken_record_among_the_last_ones_is_noticed(path: Path) -> None:
    overwrite(path, path.read_bytes().rindex(b'{"currency"'), b"?")
    assert refusal(path).startswith("corrupt: record behind 1/")


async def test_a_live_store_is_not_opened_a_second_time(path: Path) -> None:
    async with till(path) as store:
        with pytest.raises(StoreLive, match="live store: a running till has it open"):
            async with till(path):
                pytest.fail("opened")
        # The refused one has not taken the first one's lock away with it.
        other = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", READ_BY_ANOTHER_PROCESS, str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert other.stdout == "database is locked\n"
        clock = SteppedClock()
        assert (await sell(store, clock, sale(31))).seq == 33


async def test_tools_leave_a_live_store_to_whoever_can_ask_for_a_copy(path: Path) -> None:
    async with till(path):
        with pytest.raises(StoreLive) as refused:
            await asyncio.to_thread(tools.verify, path)
    assert str(refused.value) == f"{path}: live store: a running till has it open"


async def test_a_store_that_died_while_it_was_made_is_made_to_its_end(path: Path) -> None:
    new = path.with_name("fresh.db")
    unborn = path.with_name("fresh.db.new")
    change(unborn, f"PRAGMA application_id={APPLICATION_ID}")
    async with till(new) as store:
        assert (await store.journal_head()).last_seq == 1
    assert not unborn.exists()


async def test_a_store_that_died_before_it_had_its_name_gets_it(path: Path) -> None:
    new = path.with_name("fresh.db")
    async with till(new) as store:
        first = await store.journal_after(0, 0, 1)
    new.rename(path.with_name("fresh.db.new"))
    async with till(new) as store:
        assert await store.journal_after(0, 0, 9) == first


async def test_opening_a_good_store_again_and_again_changes_nothing_in_the_journal(
    path: Path,
) -> None:
    before = list(tools.export(path))
    for _ in range(3):
        async with till(path):
            pass
    assert list(tools.export(path)) == before
