"""The import contracts hold, and each of them notices what it forbids."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# Where the forbidden line goes, the line, and the contract that must notice it.
BREACHES = [
    ("checkout/money.py", "import edge.ports", "Imports go one way"),
    ("store/__init__.py", "import edge.uplink", "Imports go one way"),
    ("ports.py", "import edge.store", "Imports go one way"),
    ("drivers/__init__.py", "import edge.settings", "Imports go one way"),
    ("wire/__init__.py", "import edge.log", "Imports go one way"),
    ("till_loop.py", "import edge.store", "Only the composition root builds adapters"),
    ("checkout/money.py", "import asyncio", "The core does no I/O"),
    ("checkout/money.py", "from time import time", "The core does no I/O"),
    ("checkout/money.py", "def now():\n    import random", "The core does no I/O"),
    ("checkout/money.py", "import pydantic", "The core does no I/O"),
    ("selftest/plan.py", "import edge.drivers", "What a self-test plans and thinks"),
    ("selftest/verdict.py", "import os", "What a self-test plans and thinks"),
    ("hq/__init__.py", "import edge.store", "Headquarters shares the core and the wire"),
    ("drivers/__init__.py", "import edge.wire", "Devices know nothing of the wire"),
    ("uplink/__init__.py", "import sqlalchemy", "The box does without headquarters"),
    ("store/__init__.py", "import rich", "The box does without headquarters"),
]


def contract_results(folder: Path) -> dict[str, str]:
    """Name -> KEPT or BROKEN, as lint-imports sees the copy of the package in `folder`."""
    command = [LINT_IMPORTS, "--no-logo", "--no-cache"]
    lint = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    results = {}
    for line in lint.stdout.splitlines():
        name, _, verdict = line.strip().rpartition(" ")
        if verdict in {"KEPT", "BROKEN"}:
            results[name] = verdict
    assert results, lint.stdout + lint.stderr
    assert (lint.returncode == 0) == ("BROKEN" not in results.values())
    return results


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package and of its contracts, to break."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "edge", tmp_path / "edge", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    assert set(contract_results(ROOT).values()) == {"KEPT"}


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_a_contract_notices_a_forbidden_import(
    package: Path, file: str, line: str, contract: str
) -> None:
    with (package / "edge" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    results = contract_results(package)
    (verdict,) = [results[name] for name in results if name.startswith(contract)]
    assert verdict == "BROKEN"


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def test_each_contract_is_broken_by_some_breach() -> None:
    named = {contract for _, _, contract in BREACHES}
    for contract in contracts():
        assert any(str(contract["name"]).startswith(name) for name in named), contract["name"]


def test_every_module_at_the_top_stands_in_a_contract() -> None:
    """A new room or module must be given its place; without one no contract sees it."""
    text = str(contracts())
    modules = {path.stem for path in (ROOT / "edge").glob("*.py")} - {"__init__"}
    rooms = {path.parent.name for path in (ROOT / "edge").glob("*/__init__.py")}
    unnamed = {name for name in modules | rooms if f"edge.{name}" not in text}
    assert unnamed == set()
