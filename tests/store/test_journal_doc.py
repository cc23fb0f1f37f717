"""docs/journal.md is right: its checker is run as it stands there."""

import asyncio
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from edge.ports import JournalRecord
from edge.store import tools
from edge.store.catalogue_cache import LARGEST_CATALOGUE
from edge.store.effect_log import KEPT_ROWS, OFFERED_RECEIPTS
from edge.store.opening import CHECKED_TAIL
from edge.store.writer import WriterLimits
from tests.support import old_store

DOC = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "till.db"
    asyncio.run(old_store.make(path))
    return path


def checked(lines: list[str]) -> subprocess.CompletedProcess[bytes]:
    (script,) = re.findall(r"```python\n(.*?)```", DOC, re.DOTALL)
    return subprocess.run(
        [sys.executable, "-c", script],
        input="".join(f"{line}\n" for line in lines).encode(),
        capture_output=True,
        check=False,
    )


def test_the_checker_finds_a_sound_export_sound(path: Path) -> None:
    report = tools.verify(path)
    said = checked(list(tools.export(path))).stdout.decode()
    assert said == f"sound to {report.epoch}/{report.seq}: {report.hash}\n"


def test_the_checker_finds_a_changed_word_and_a_missing_record(path: Path) -> None:
    lines = list(tools.export(path))
    changed = [line.replace("茉莉", "莉茉").replace("Jasmine", "Jasmins") for line in lines]
    assert b"(1, 5): changed" in checked(changed).stderr
    assert b"(1, 4): not behind 1/2" in checked(lines[:2] + lines[3:]).stderr


def test_the_record_is_described_field_by_field() -> None:
    described = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", DOC.split("## A record")[1], re.MULTILINE)
    names = re.findall(r"`(\w+)`", " ".join(described[:8]))
    assert names == [field.name for field in fields(JournalRecord)]


@pytest.mark.parametrize(
    "limit",
    [
        WriterLimits().queued_jobs,
        WriterLimits().batch_jobs,
        WriterLimits().idle_checkpoint_rows,
        WriterLimits().forced_checkpoint_rows,
        CHECKED_TAIL,
        OFFERED_RECEIPTS,
        KEPT_ROWS,
        LARGEST_CATALOGUE,
    ],
)
def test_the_limits_are_those_of_the_code(limit: int) -> None:
    assert re.search(rf"(?<![\d,]){limit:,}(?![\d,])", DOC.split("## Limits")[1])
