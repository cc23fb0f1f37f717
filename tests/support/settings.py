"""A settings file, and what `edge check-config` says of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from edge.__main__ import main

ROOT = Path(__file__).parents[2]
SETTINGS = """
[device]
id = "till-07"
[shop]
name = "Kiosk"
currency = "USD"
taxes = [{ code = "A", rate_bp = 0 }]
catalogue = "shelf.csv"
[store]
path = "till.db"
[[devices]]
driver = "printer_network"
name = "printer"
host = "192.0.2.1"
[[devices]]
driver = "drawer_printer"
name = "drawer"
printer = "printer"
"""
HEADER = "plu,barcodes,name_en,name_zh,price_minor,tax_code,unit\n"
PENCIL = "1001,5901234123457,Pencil,铅笔,120,A,each\n"


def written(folder: Path) -> Path:
    """The folder, with the settings and their catalogue in it."""
    (folder / "shelf.csv").write_text(HEADER + PENCIL, encoding="utf-8")
    (folder / "edge.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def check(config: Path) -> subprocess.CompletedProcess[str]:
    """`edge check-config` in a process of its own."""
    command = [sys.executable, "-W", "error", "-m", "edge", "check-config", "--config", str(config)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def complaints(config: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What it says, in this process."""
    assert main(["check-config", "--config", str(config)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()
