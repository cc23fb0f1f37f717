"""`edge journal restore`: a backup that was put back sells on in an epoch of its own."""

import asyncio
import shutil
from pathlib import Path

import pytest

from edge.__main__ import main
from edge.checkout.shifts.shift_totals import Figure
from edge.hq.database import open_database
from edge.hq.ingest import ingest_batch
from edge.ports import JournalRecord
from edge.store import tools
from edge.wire.messages import Ack, Quarantine
from tests.support.records import batch_of
from tests.support.shifts import closing
from tests.support.store import CURRENCY, DEVICE, SteppedClock, record, sale, sell, till


async def fill(path: Path, first: int, last: int, units: int = 1) -> list[JournalRecord]:
    """Sell these receipts; returns the whole journal."""
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        for receipt_no in range(first, last + 1):
            await sell(store, clock, sale(receipt_no, units=units))
        return [*await store.journal_after(0, 0, 1_000)]


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A copy made after receipt 2."""
    path = tmp_path / "backup.db"
    asyncio.run(fill(path, 1, 2))
    return path


def restore(path: Path, *more: str) -> int:
    return main(["journal", "restore", "--store", str(path), *more])


def test_a_restored_store_sells_on_behind_the_receipts_that_were_lost(
    backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(backup, "--next-receipt", "101") == 0
    said = capsys.readouterr().out
    assert said == f"{backup}: epoch 2 follows on 1/3, receipt 101 comes next, and Z 1\n"
    records = asyncio.run(fill(backup, 101, 101))
    assert [(record.epoch, record.seq) for record in records[-2:]] == [(2, 1), (2, 2)]
    assert tools.verify(backup).ok


def test_without_a_number_the_next_one_of_the_copy_comes(
    backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(backup) == 0
    assert capsys.readouterr().out.endswith(
        "epoch 2 follows on 1/3, receipt 3 comes next, and Z 1\n"
    )


def test_the_new_epoch_is_later_than_what_is_on_record_whatever_the_clock_says(
    backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 1)
    before = asyncio.run(fill(backup, 3, 3))[-1]
    assert restore(backup) == 0
    opened = asyncio.run(fill(backup, 1, 0))[-1]
    assert (opened.at >= before.at, opened.clock) == (True, "unset")


@pytest.mark.parametrize("restored", [True, False])
def test_headquarters_takes_a_restored_store_and_sees_a_fork_without_restoring(
    backup: Path, tmp_path: Path, restored: bool
) -> None:
    async def reported(*batches: list[JournalRecord]) -> object:
        async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine:
            for batch in batches:
                taken = await ingest_batch(engine, DEVICE, batch_of(*batch), received_at=1)
            return taken.answer

    lost, used = tmp_path / "lost.db", tmp_path / "used.db"
    shutil.copy(backup, lost)
    known = asyncio.run(fill(lost, 3, 5))
    shutil.copy(backup, used)
    first = 6 if restored else 3
    if restored:
        assert restore(used, "--next-receipt", "6") == 0
    sold = asyncio.run(fill(used, first, first + 4, units=2))[3:]
    answer = asyncio.run(reported(known, sold))
    assert isinstance(answer, Ack if restored else Quarantine)


# --- what is refused, with nothing on record


def refusal(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert restore(path, *more) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


@pytest.mark.parametrize("number", ["2", "0", "-1", "1000000000000"])
def test_receipt_numbers_never_go_back_and_have_an_end(
    backup: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refusal(backup, capsys, "--next-receipt", number)
    assert line == f"{backup}: receipt {number} can't come next, only 3 to 999999999999"
    assert tools.verify(backup).epoch == 1


def test_a_store_that_is_not_there_is_refused_and_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(tmp_path / "none.db", capsys) == f"{tmp_path}/none.db: no such file"
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_store_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("a letter to the editor, long enough to be read" * 100)
    assert refusal(letter, capsys) == f"{letter}: not a database"


async def test_a_live_store_is_refused(backup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with till(backup):
        line = await asyncio.to_thread(refusal, backup, capsys)
    assert line == f"{backup}: live store: a running till has it open"


def test_the_zs_that_were_lost_are_not_numbered_again(
    backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restore(backup, "--next-z", "40") == 0
    assert capsys.readouterr().out.endswith("receipt 3 comes next, and Z 40\n")
    assert asyncio.run(closed(backup)) == (40, 2)
    assert asyncio.run(closed(backup)) == (41, 0)
    assert tools.verify(backup).ok


@pytest.mark.parametrize("number", ["0", "1000000"])
def test_a_z_number_that_can_t_come_next_is_refused(
    backup: Path, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    assert restore(backup, "--next-z", number) == 2
    assert f"Z {number} can't come next, only 1 to 999999" in capsys.readouterr().err


async def closed(path: Path) -> tuple[int, int]:
    """Another Z, made now: its number, and the sales in it."""
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        state = await store.shift_state()
        await record(store, clock, closing(state, 0, currency=CURRENCY))
    return state.z_no, state.totals.of(Figure.SALE).times
