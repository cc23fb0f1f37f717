"""docs/shift.md is right: its checker is run as it stands there."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

from edge.checkout.records import EntryKind, Promise
from edge.checkout.shifts.shift_totals import Figure
from edge.store import tools
from tests.support.shifts import closing, opening
from tests.support.store import (
    CURRENCY,
    SteppedClock,
    paid,
    promising,
    record,
    refund,
    sale,
    sell,
    till,
)

DOC = (Path(__file__).parents[2] / "docs" / "shift.md").read_text(encoding="utf-8")


async def two_shifts(path: Path) -> None:
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await sell(store, clock, promising(sale(1), Promise.DEPOSIT))
        await record(store, clock, opening(await store.shift_state(), 5_000))
        await sell(store, clock, refund(2, 1, {1: 1}))
        await record(store, clock, paid(EntryKind.CASH_PAID_IN, 700))
        await record(store, clock, paid(EntryKind.CASH_PAID_OUT, 300))
        state = await store.shift_state()
        await record(store, clock, closing(state, 5_000, left_minor=2_000, currency=CURRENCY))
        await sell(store, clock, sale(3))
        await record(store, clock, closing(await store.shift_state(), 3_000, currency=CURRENCY))


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("store") / "till.db"
    asyncio.run(two_shifts(path))
    return list(tools.export(path))


def checked(lines: list[str]) -> subprocess.CompletedProcess[str]:
    (script,) = re.findall(r"```python\n(.*?)```", DOC, re.DOTALL)
    return subprocess.run(
        [sys.executable, "-c", script],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        check=False,
        text=True,
    )


def test_the_checker_finds_the_zs_sound(export: list[str]) -> None:
    assert checked(export).stdout.splitlines() == [
        "Z 1: turnover 597, -201 in cash",
        "Z 2: turnover 995, +5 in cash",
    ]


def test_the_checker_finds_what_became_turnover_afterwards(export: list[str]) -> None:
    changed = [line.replace('"promise":"deposit"', '"promise":""') for line in export]
    assert changed != export
    assert checked(changed).returncode != 0


def test_the_checker_finds_a_changed_sale(export: list[str]) -> None:
    changed = [line.replace('"total_minor":995', '"total_minor":1') for line in export]
    assert checked(changed).returncode != 0


def test_every_figure_is_described() -> None:
    described = set(re.findall(r"`([a-z_.]+)`", DOC.split("| figure | rows |")[1].split("\n\n")[0]))
    assert {figure.value for figure in Figure} <= described
