"""A copy of a store that anybody may open."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path


def write(conn: sqlite3.Connection, target: Path) -> None:
    """Write everything committed so far beside `target`, for `publish`: a plain file without a
    write-ahead log, which the disk need not hold yet. Raises FileExistsError or OSError.
    """
    _refuse_existing(target)
    partial = _partial(target)
    partial.unlink(missing_ok=True)
    try:
        # Members are in it: for its owner alone, from the first byte.
        partial.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise OSError(f"{target}: unable to open: {error.strerror}") from error
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copied:
            # The till waits for this connection; for the copy's disk it does not.
            copied.execute("PRAGMA synchronous=OFF").fetchall()
            conn.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.Error as error:
        partial.unlink(missing_ok=True)
        # Of another kind: it is the copy's disk that failed, not the store's.
        raise OSError(f"{target}: {error}") from error


def publish(target: Path) -> None:
    """Give what was written its name once the disk holds it; it appears whole or not at all.
    Touches nothing of the store, so on any thread. Raises FileExistsError or OSError.
    """
    partial = _partial(target)
    try:
        sync(partial)
        _refuse_existing(target)
        partial.rename(target)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync(target.parent)


def sync(path: Path) -> None:
    """Return when the disk holds the file, or the folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _partial(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise FileExistsError(f"{target}: exists")
