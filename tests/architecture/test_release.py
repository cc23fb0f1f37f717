"""The version that the software says it is, and the time that it takes for the earliest."""

import subprocess
import tomllib
from pathlib import Path

import pytest

import edge
from edge.__main__ import main
from edge.compose import BUILD_UTC_MS

ROOT = Path(__file__).parents[2]
DAY_MS = 24 * 3_600 * 1_000


def newest_commit_utc_ms() -> int:
    command = ["git", "log", "-1", "--format=%ct"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return int(told) * 1_000


def test_the_package_is_of_the_version_that_it_says() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["version"] == edge.__version__


def test_the_command_line_says_its_version_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"edge-till {edge.__version__}\n")


def test_the_floor_of_every_clock_is_a_day_that_the_software_has_seen() -> None:
    """Not in its future, which would call every right clock unset. Compared with the history, not
    with today, so that it holds tomorrow as it does now.
    """
    assert BUILD_UTC_MS == edge.RELEASED_UTC_MS
    assert BUILD_UTC_MS % DAY_MS == 0
    assert newest_commit_utc_ms() >= BUILD_UTC_MS
