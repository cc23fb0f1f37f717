"""docs/journal.md names every kind of record that a till may put down, and no other."""

import re
from pathlib import Path

from edge.checkout.records import EntryKind

DOC = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")


def test_the_table_of_kinds_names_each_once() -> None:
    table = DOC.split("## Every kind of record", 1)[1].split("\n`verify`", 1)[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = [kind for row in rows for kind in re.findall(r"`([^`]+)`", row)]
    assert sorted(named) == sorted(kind.value for kind in EntryKind)
