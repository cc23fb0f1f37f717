"""Without a terminal the demo plays a whole day, and says whether its figures agree."""

import io
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.checkout.words.texts import Word
from edge.demo.day import DAY
from edge.demo.run import FINDING, WELL, run_demo
from edge.demo.steps import DayStep, Network, PrinterCable, Take, Type
from edge.hq.local_broker import BrokerFailedError, BrokerMissingError

ROOT = Path(__file__).parents[2]
RECEIPT = re.compile(r"\|Receipt till-001-(\d+) ")


@pytest.fixture(scope="module")
def day() -> subprocess.CompletedProcess[str]:
    """`edge demo` as continuous integration calls it: nobody types, and nobody looks."""
    return subprocess.run(
        [sys.executable, "-m", "edge", "demo"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )


def test_a_process_without_a_terminal_plays_the_day_and_ends_well(
    day: subprocess.CompletedProcess[str],
) -> None:
    assert day.stderr == ""
    assert day.returncode == 0, day.stdout
    assert day.stdout.rstrip().endswith("Till and headquarters agree.")
    assert ": verified" in day.stdout


def test_every_step_is_told_in_words(day: subprocess.CompletedProcess[str]) -> None:
    for number, step in enumerate(DAY, 1):
        assert f"{number:2}. {step.what}" in day.stdout


def test_every_receipt_comes_out_once_and_copies_say_so(
    day: subprocess.CompletedProcess[str],
) -> None:
    numbers = [int(number) for number in RECEIPT.findall(day.stdout)]
    reports = len(re.findall(r"\| +[XZ] REPORT ", day.stdout))
    assert reports == 2
    assert len(numbers) + reports == sum(step.prints for step in DAY) >= 24
    copied = re.findall(r"\| +COPY +\|\n +\|Receipt till-001-(\d+) ", day.stdout)
    assert sorted(numbers) == sorted([*range(1, max(numbers) + 1), int(copied[-1])])
    assert len(copied) == 2


def test_the_till_asks_its_scale_what_has_no_label(day: subprocess.CompletedProcess[str]) -> None:
    _, _, behind = day.stdout.partition("1200 g on the scale · keys 2003 ENTER 30 CASH")
    receipt = behind.partition("TOTAL")[0]
    assert "Bananas" in receipt
    assert "1.200 kg × " in receipt


def figures(said: str, heading: str) -> dict[str, tuple[int, str]]:
    """Counts and sums of sales and refunds below a heading."""
    found = re.findall(
        r"^ +(sales|refunds) +(\d+) +([\d.]+)$", said.partition(heading)[2], re.MULTILINE
    )
    return {name: (int(times), amount) for name, times, amount in reversed(found)}


def parts(said: str, heading: str) -> dict[str, str]:
    """What they part into, as it stands below a heading."""
    names = "turnover|prepaid sold|bonus on top|prepaid spent|deposits taken|deposits returned"
    below = said.partition(heading)[2].partition("journal ")[0]
    return dict(re.findall(rf"^ +({names}) +(-?[\d.]+)$", below, re.MULTILINE))


def test_the_till_headquarters_and_the_z_part_turnover_from_what_is_prepaid(
    day: subprocess.CompletedProcess[str],
) -> None:
    """By the day's script: Ana tops up 200 yuan and gets 10, drinks tea on her count card, eats a
    croissant for stored value, and a gift card pays coffee and sauce, of which coffee comes back;
    a bottle has a deposit.
    """
    till = parts(day.stdout, "THE DAY")
    assert till == parts(day.stdout, "HEADQUARTERS, by")
    assert (till["prepaid sold"], till["bonus on top"]) == ("200.00", "10.00")
    assert till["prepaid spent"] == f"{9.97 + 43.90 - 35.01:.2f}"
    sales, refunds = (figures(day.stdout, "THE DAY")[name][1] for name in ("sales", "refunds"))
    assert float(till["turnover"]) == pytest.approx(float(sales) - float(refunds) - 200 - 1)
    z = day.stdout.rpartition("Z REPORT")[2].replace(",", "")
    for line in ("TURNOVER", "PREPAID SOLD", "PREPAID SPENT"):
        (amount,) = re.findall(rf"\|{line} +¥([\d.]+)\|", z)
        assert amount == till[line.lower()]


def test_the_till_and_headquarters_tell_the_same_figures(
    day: subprocess.CompletedProcess[str],
) -> None:
    till = figures(day.stdout, "THE DAY")
    assert till == figures(day.stdout, "HEADQUARTERS, by")
    assert till["sales"][0] >= 12
    assert till["refunds"][0] == 4


def test_the_drawer_holds_what_came_in_without_what_went_out(
    day: subprocess.CompletedProcess[str],
) -> None:
    moved = re.findall(r"^ {6}([a-z._]+) +\d+ +(-?[\d.]+)$", day.stdout, re.MULTILINE)
    (must_be,) = re.findall(r"must be in it +([\d.]+)$", day.stdout, re.MULTILINE)
    amounts = [round(100 * float(amount)) for _cause, amount in moved]
    causes = {cause for cause, _ in moved}
    assert causes == {"shift.opened", "sale", "refund", "cash.paid_out"}
    assert sum(amounts) == round(100 * float(must_be))


def test_the_day_has_what_a_day_has() -> None:
    acts = [act for step in DAY for act in step.acts]
    assert [act.up for act in acts if isinstance(act, Network)] == [False, True]
    assert [act.plugged for act in acts if isinstance(act, PrinterCable)] == [False, True]
    assert any(isinstance(act, Take) and act.weight_g for act in acts)
    said = {step.says for step in DAY}
    assert {Word.REFUSED_UNKNOWN, Word.REFUSED_MISREAD, Word.REFUSED_CARD_NUMBER} <= said


@pytest.mark.parametrize(
    "error",
    [
        BrokerMissingError("mosquitto is not installed"),
        BrokerFailedError("Error: Address already in use"),
    ],
)
def test_without_a_broker_the_till_sells_offline_and_says_so(error: Exception) -> None:
    @asynccontextmanager
    async def no_broker() -> AsyncIterator[int]:
        raise error
        yield

    out = io.StringIO()
    assert run_demo(scripted=True, start_broker=no_broker, out=out) == WELL
    said = out.getvalue()
    assert f"Offline: {error}; the till sells without headquarters." in said
    assert figures(said, "THE DAY")["sales"][0] >= 12
    assert "HEADQUARTERS was not there" in said


@asynccontextmanager
async def no_broker_at_all() -> AsyncIterator[int]:
    raise BrokerMissingError("not wanted here")
    yield


@pytest.mark.parametrize(
    "step",
    [
        DayStep("the drawer stays shut", (Take("Cola 330 ml"), Type("CASH")), prints=1),
        DayStep("no receipt", (Take("Cola 330 ml"), Type("CASH")), pulses=1),
        DayStep(
            "another sum", (Take("Cola 330 ml"), Type("CASH")), prints=1, pulses=1, total="9.99"
        ),
        DayStep("another notice", (Type("CASH"),), says=Word.REFUSED_UNKNOWN),
    ],
    ids=lambda step: step.what,
)
def test_a_step_that_does_not_go_as_it_has_to_ends_the_day(step: DayStep) -> None:
    out = io.StringIO()
    status = run_demo(scripted=True, start_broker=no_broker_at_all, out=out, day=(step,))
    assert status == FINDING
    assert "NOT AS EXPECTED" in out.getvalue()


def test_the_papers_of_the_day_are_kept_as_text_and_as_pictures(tmp_path: Path) -> None:
    out = io.StringIO()
    run_demo(
        scripted=True, start_broker=no_broker_at_all, out=out, day=DAY[:3], receipts=tmp_path / "r"
    )
    assert f"1 papers as text and pictures in {tmp_path / 'r'}" in out.getvalue()
    names = sorted(file.name for file in (tmp_path / "r").iterdir())
    assert names == ["paper-01.png", "paper-01.txt", "papers-1.png"]
    assert "Receipt till-001-1" in (tmp_path / "r" / "paper-01.txt").read_text(encoding="utf-8")
