"""A copy of a store that anybody may open."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path


def copy(conn: sqlite3.Connection, target: Path) -> None:
    """Write everything committed so far to `target`, which appears whole or not at all.

    The copy is a plain file without a write-ahead log. Raises FileExistsError or OSError.
    """
    if target.exists():
        raise FileExistsError(f"{target}: exists")
    partial = target.with_name(f"{target.name}.part")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copied:
            conn.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.Error as error:
        partial.unlink(missing_ok=True)
        # Of another kind: it is the copy's disk that failed, not the store's.
        raise OSError(f"{target}: {error}") from error
    sync(partial)
    partial.rename(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Return when the disk holds the file, or the folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
