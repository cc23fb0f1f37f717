"""Rolls through the whole till: from the scanner's code to the journal and the figures."""

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from edge.hq.local_broker import free_port
from edge.replay.progress import Progress
from edge.replay.refused import ReplayRefused
from edge.replay.run import run_replay
from edge.store.tools import export
from tests.support.roll_files import GOOD_ROW, write_rolls
from tests.support.roll_sums import journal_records, sums

# One of everything that the rules speak of. The list price of LAMP is 10.00, of CUP 2.50, of
# `Bank Charges` 15.00; GIFT never has one.
DIRTY = (
    "1,LAMP,A lamp,2,2011-01-04 10:00:00,10.00,,UK",
    "1,LAMP,A lamp,1,2011-01-04 10:00:00,9.00,,UK",
    "1,CUP,A cup,3,2011-01-04 10:00:00,2.50,,UK",
    "2,CUP,A cup,74215,2011-01-04 10:01:00,3.00,12346.0,UK",
    "2,GIFT,,-5,2011-01-04 10:01:00,0,,UK",
    "2,GIFT,?,7,2011-01-04 10:01:00,0.0,,UK",
    "2,LAMP,damaged,-1,2011-01-04 10:01:00,0,,UK",
    "C3,LAMP,A lamp,-2,2011-01-04 10:02:00,8.00,,UK",
    "C4,CUP,A cup,-1,2011-01-04 10:03:00,2.50,17850.0,UK",
    "C4,CUP,A cup,4,2011-01-04 10:03:00,0,17850.0,UK",
    "5,GIFT,found,6,2011-01-04 10:04:00,0,,UK",
    "X6,GIFT,,-1,2011-01-04 10:04:00,0,,UK",
    "1,Bank Charges,,1,2011-01-04 10:00:00,15.00,,UK",
    # From here on rejected, each for one reason though some have several.
    "A7,LAMP,debt,1,2011-01-04 10:05:00,-11062.06,,UK",
    "A7,LAMP,debt,1,2011-01-04 10:05:00,0,,UK",
    "8,LAMP,,1,2011-01-04 10:05:00,-1.00,,UK",
    "8,LAMP,,-1,2011-01-04 10:05:00,0.001,,UK",
    "8,LAMP,,-1,2011-01-04 10:05:00,10.00,,UK",
    "C9,LAMP,,1,2011-01-04 10:05:00,10.00,,UK",
    "X10,LAMP,,1,2011-01-04 10:05:00,10.00,,UK",
    "11,LAMP,,many,2011-01-04 10:05:00,10.00,,UK",
    "11,LAMP",
)
FIGURES = {
    "sales": 2,
    "refunds": 2,
    "sold_units": 7 + 74_215,
    "returned_units": 3,
    "adjusted_units": -5 + 7 - 1 + 4 + 6 - 1,
    "sales_minor": 2_000 + 900 + 750 + 1_500 + 74_215 * 300,
    "refunds_minor": 1_600 + 250,
    "rejected_rows": 9,
    # The epoch, the catalogue, 4 receipts, 3 overrides, 6 adjustments.
    "journal_records": 15,
    "journal_verified": True,
    "hq": None,
}


def replay(*files: Path, store: Path | None = None, uplink: str | None = None) -> dict[str, Any]:
    report = files[0].with_name("report.csv")
    return run_replay(files, store=store, uplink=uplink, report=report)


def journal(store: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in export(store)]


def edge(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    root = str(Path(__file__).parents[2])
    return subprocess.run(
        [sys.executable, "-m", "edge", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    return write_rolls(tmp_path / "rolls.csv", *DIRTY)


def test_dirty_rolls_come_to_the_figures_counted_by_hand(dirty: Path) -> None:
    assert replay(dirty) == FIGURES


def test_the_order_of_the_figures_is_always_the_same(dirty: Path) -> None:
    assert list(replay(dirty)) == list(FIGURES)


def test_the_same_rolls_in_several_files_come_to_the_same_figures(tmp_path: Path) -> None:
    whole = [
        write_rolls(tmp_path / "a.csv", *DIRTY[:8]),
        tmp_path / "b.csv.gz",
        write_rolls(tmp_path / "c.csv", *DIRTY[16:]),
    ]
    rest = write_rolls(tmp_path / "b.csv", *DIRTY[8:16])
    whole[1].write_bytes(gzip.compress(rest.read_bytes().replace(b"\n", b"\r\n")))
    assert replay(*whole) == FIGURES


def test_the_journal_holds_what_the_rolls_say(dirty: Path, tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    replay(dirty, store=store)
    records = journal(store)
    said = [(record["kind"], summary(record["body"])) for record in records[2:]]
    assert said == [
        ("price.overridden", ("LAMP", 1_000, 900)),
        ("sale", (1, 5_150, "cash", ["LAMP", "LAMP", "CUP", "Bank Charges"])),
        ("price.overridden", ("CUP", 250, 300)),
        ("sale", (2, 22_264_500, "card", ["CUP"])),
        ("stock.adjusted", ("GIFT", -5_000)),
        ("stock.adjusted", ("GIFT", 7_000)),
        ("stock.adjusted", ("LAMP", -1_000)),
        ("price.overridden", ("LAMP", 1_000, 800)),
        ("refund", (3, 1_600, "cash", ["LAMP"])),
        ("refund", (4, 250, "card", ["CUP"])),
        ("stock.adjusted", ("CUP", 4_000)),
        ("stock.adjusted", ("GIFT", 6_000)),
        ("stock.adjusted", ("GIFT", -1_000)),
    ]


def summary(body: dict[str, Any]) -> tuple[Any, ...]:
    """What matters of a record of the replay."""
    if "receipt_no" in body:
        (tender,) = body["tenders"]
        assert tender["change_minor"] == 0
        plus = [line["plu"] for line in body["lines"]]
        return body["receipt_no"], body["total_minor"], tender["kind"], plus
    if "new_price_minor" in body:
        return body["plu"], body["list_price_minor"], body["new_price_minor"]
    return body["plu"], body["quantity_milli"]


def test_each_record_is_from_its_invoices_own_time(dirty: Path, tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    replay(dirty, store=store)
    sold = [record["at"] for record in journal(store) if record["kind"] in {"sale", "refund"}]
    first = 1_294_135_200_000  # 2011-01-04 10:00:00 UTC
    assert sold == [first, first + 60_000, first + 120_000, first + 180_000]


def test_invoices_that_go_back_in_time_keep_their_times(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    rolls = write_rolls(
        tmp_path / "a.csv",
        "1,A,,1,2011-01-04 10:00:00,1.00,,UK",
        "2,A,,1,2011-01-03 10:00:00,1.00,,UK",
    )
    assert replay(rolls, store=store)["journal_verified"]
    sold = [record for record in journal(store) if record["kind"] == "sale"]
    assert sold[1]["at"] - sold[0]["at"] == -86_400_000
    assert sold[1]["mono_ms"] >= sold[0]["mono_ms"]


def test_random_rolls_come_to_an_independent_sum(tmp_path: Path) -> None:
    path = tmp_path / "rolls.csv.gz"
    rolls = write_rolls(tmp_path / "rolls.csv", *random_rows(Random(20_110_104), 600))
    path.write_bytes(gzip.compress(rolls.read_bytes()))
    expected = sums([path])
    assert min(expected.values()) < 0 < expected["rejected_rows"]
    found = replay(path)
    assert found["journal_records"] == journal_records(expected)
    same = expected.keys() & found.keys()
    assert len(same) == 8
    assert {name: found[name] for name in same} == {name: expected[name] for name in same}


def random_rows(random: Random, rows: int) -> list[str]:
    """Forty invoices of every sort, their rows mixed as no till would mix them."""
    numbers = [f"{random.choice(['', '', '', 'C', 'A'])}{each}" for each in range(40)]
    prices = ("1.00", "1.00", "1.00", "0.85", "0.85", "12.5", "0", "0.0", "0.001", "-3.00")
    return [
        f"{random.choice(numbers)},P{random.randrange(30)},thing,"
        f"{random.choice([1, 1, 2, 12, 144, 9360, -1, -1, -6, -12, -9360])},"
        f"2011-01-04 10:{random.randrange(60):02}:00,{random.choice(prices)},"
        f"{random.choice(['', '17850.0'])},UK"
        for _ in range(rows)
    ]


def test_an_empty_roll_is_a_day_without_customers(tmp_path: Path) -> None:
    figures = replay(write_rolls(tmp_path / "a.csv"))
    assert figures == {
        **dict.fromkeys(FIGURES, 0),
        "journal_records": 2,
        "journal_verified": True,
        "hq": None,
    }


def test_a_refusal_by_the_till_names_the_invoice(tmp_path: Path) -> None:
    rolls = write_rolls(
        tmp_path / "a.csv", GOOD_ROW, "9,A,,999999,2010-12-01 09:00:00,9999999.99,,UK"
    )
    with pytest.raises(ReplayRefused, match="invoice 9: the till refused: "):
        replay(rolls)


def test_a_store_that_is_there_is_left_alone(dirty: Path, tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    store.write_text("mine")
    with pytest.raises(ReplayRefused, match="is there already"):
        replay(dirty, store=store)
    assert store.read_text() == "mine"


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1:", ":1883", "a:b", "127.0.0.1:70000"])
def test_an_address_without_host_and_port_is_refused(dirty: Path, address: str) -> None:
    with pytest.raises(ReplayRefused, match="is not HOST:PORT"):
        replay(dirty, uplink=address)


def test_a_broker_that_is_not_there_is_one_line(dirty: Path, tmp_path: Path) -> None:
    port = free_port()
    run = edge("replay", str(dirty), "--uplink", f"127.0.0.1:{port}", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines() == [f"no broker at 127.0.0.1:{port}: Connection refused"]


def test_a_host_that_is_none_is_one_line(dirty: Path) -> None:
    with pytest.raises(ReplayRefused, match=r"^no broker at a\.\.b:1883: not a host's name$"):
        replay(dirty, uplink="a..b:1883")


def test_the_last_line_is_the_figures_and_the_store_stays(dirty: Path, tmp_path: Path) -> None:
    run = edge("replay", dirty.name, "--store", "kept.db", cwd=tmp_path)
    assert run.returncode == 0
    assert json.loads(run.stdout.splitlines()[-1]) == FIGURES
    assert run.stderr == "9 rejected rows are named in kept.db.rejected.csv\n"
    assert len((tmp_path / "kept.db.rejected.csv").read_text().splitlines()) == 10
    verified = edge("journal", "verify", "--store", "kept.db", cwd=tmp_path)
    assert verified.returncode == 0
    assert "15 records" in verified.stdout


def test_without_a_store_only_the_report_stays(dirty: Path, tmp_path: Path) -> None:
    run = edge("replay", dirty.name, cwd=tmp_path)
    assert run.returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"rolls.csv", "rejected-rows.csv"}


def test_a_roll_without_a_column_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("InvoiceNo,Quantity\n")
    run = edge("replay", "a.csv", "--store", "kept.db", cwd=tmp_path)
    assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (2, "", 1)
    assert run.stderr.startswith("a.csv: row 1: the header has no column StockCode")
    assert not (tmp_path / "kept.db").exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_grows_on_a_terminal_and_nowhere_else() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        progress = Progress(stream)
        for done in range(401):
            progress.show("selling", done, 400)
        progress.end()
        progress.end()
    drawn = terminal.getvalue().removeprefix("\r").removesuffix("\n").split("\r")
    assert len(drawn) == 101
    assert drawn[0].endswith(f"{'.' * 40}   0 %")
    assert drawn[-1].endswith(f"{'#' * 40} 100 %")
    assert file.getvalue() == ""
