"""Numbered SQL files, each applied with its record in one transaction."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: from `version - 1` to `version`."""

    version: int
    name: str
    sql: str


def migrations(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """All steps in order. Asserts that their numbers run from 1 without a gap."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    steps = tuple(
        Migration(int(file.name[:4]), file.stem, file.read_text(encoding="utf-8")) for file in files
    )
    assert [step.version for step in steps] == list(range(1, len(steps) + 1)), files
    return steps


def migrate(conn: sqlite3.Connection, steps: tuple[Migration, ...], at: int) -> None:
    """Apply the steps that the database lacks. A step that fails leaves nothing of itself."""
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    for step in steps[version:]:
        conn.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements(step.sql):
                conn.execute(statement)
            conn.execute("INSERT INTO migration VALUES (?, ?, ?)", (step.version, step.name, at))
            conn.execute(f"PRAGMA user_version={step.version:d}")
            conn.execute("COMMIT")
        except BaseException:
            # SQLite ends the transaction itself after some errors.
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise


def statements(script: str) -> Iterator[str]:
    """The statements of a script in which each ends with its line.

    Stands where sqlite3's executescript can't: that one commits first.
    """
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    assert not pending.strip(), f"unfinished statement: {pending}"
