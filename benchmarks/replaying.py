"""How many of a real retailer's invoices the whole till takes in a second."""

import gzip
import time
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from table import Figure

from edge.replay.run import run_replay

MONTH = Path(__file__).parents[2] / "shared/data/retail/2010-12.csv.gz"
ROWS = 4_000


def measure(directory: Path) -> list[Figure]:
    """For information: nobody sells that fast."""
    name = f"replay of the first {ROWS:,} rows of real till rolls"
    if not MONTH.exists():
        return [Figure(name, "not measured: they are not beside the repository")]
    rolls = directory / "rolls.csv"
    with gzip.open(MONTH, "rt", encoding="utf-8", newline="") as file:
        rolls.write_text("".join(file.readline() for _ in range(ROWS + 1)), encoding="utf-8")
    begun = time.perf_counter()
    with redirect_stderr(StringIO()):  # where it says what it says to people
        figures = run_replay(
            [rolls], store=directory / "replay.db", uplink=None, report=directory / "report.csv"
        )
    taken = time.perf_counter() - begun
    invoices = figures["sales"] + figures["refunds"]
    assert figures["journal_verified"]
    return [
        Figure(
            name,
            f"{invoices / taken:.0f} invoices/s, {ROWS / taken:.0f} rows/s",
            f"{invoices} invoices, {taken:.1f} s with start and verify",
        )
    ]
