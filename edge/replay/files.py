"""Till rolls on disk, plain or compressed, and the report that names the rows nobody could use."""

import csv
import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from edge.replay.refused import ReplayRefused
from edge.replay.rolls import COLUMNS, Reason, Rejection, RollReader, Rolls

# A row is some 100 bytes; what is no text at all is noticed before it fills the memory.
LONGEST_ROW_BYTES = 65_536
# Ten times the rolls that this was made for; they are held in memory, some 300 bytes each.
MOST_ROWS = 2_000_000
GZIP_MAGIC = b"\x1f\x8b"
REPORT_COLUMNS = ("file", "row", "reason", "text")


class RowReport(Protocol):
    """Where rejected rows are named. Rows count from 1, the header's; a row is a line."""

    def name(self, path: Path, row: int, rejection: Rejection, text: str) -> None: ...


class ReportFile:
    """The report as a CSV file."""

    def __init__(self, file: IO[str]) -> None:
        self._csv = csv.writer(file, lineterminator="\n")
        self._csv.writerow(REPORT_COLUMNS)

    def name(self, path: Path, row: int, rejection: Rejection, text: str) -> None:
        reason = rejection.reason.value
        if rejection.detail:
            reason = f"{reason}: {rejection.detail}"
        self._csv.writerow((path, row, reason, text))


@contextmanager
def open_report(path: Path) -> Iterator[ReportFile]:
    """A report in place of any older one at `path`. Raises ReplayRefused."""
    try:
        file = path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        raise ReplayRefused(
            f"{path}: the report can't be written there: {error.strerror}; choose with --report"
        ) from error
    with file:
        yield ReportFile(file)


def read_rolls(paths: Sequence[Path], report: RowReport, *, most_rows: int = MOST_ROWS) -> Rolls:
    """What the files hold, in the order in which they are named. Raises ReplayRefused for a file
    that is no till roll, or for too many rows; one that can't be used is named in the report.
    """
    reader = RollReader()
    rows = 0
    for path in paths:
        lines = _lines(path)
        columns = _header(path, next(lines, ""))
        for number, line in enumerate(lines, start=2):
            if not line:
                continue
            rows += 1
            if rows > most_rows:
                raise ReplayRefused(f"{path}: row {number}: more than {most_rows} rows in all")
            rejection = _take(reader, columns, line)
            if rejection is not None:
                report.name(path, number, rejection, line)
    return reader.rolls()


def _header(path: Path, line: str) -> Sequence[str]:
    """The columns in the file's order."""
    columns = _cells(line.removeprefix("\ufeff")) or []
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise ReplayRefused(f"{path}: row 1: the header has no column {', '.join(missing)}")
    return columns


def _take(reader: RollReader, columns: Sequence[str], line: str) -> Rejection | None:
    cells = _cells(line)
    if cells is None:
        return reader.reject(Reason.UNREADABLE, "is not CSV")
    if len(cells) != len(columns):
        detail = f"{len(cells)} cells, the header has {len(columns)}"
        return reader.reject(Reason.UNREADABLE, detail)
    if not line.isascii() and not _is_text(line):
        return reader.reject(Reason.UNREADABLE, "is not UTF-8")
    return reader.take(dict(zip(columns, cells, strict=True)))


def _cells(line: str) -> list[str] | None:
    """A row's cells. A row is a line, so that a stray quote costs one row and not all behind it."""
    try:
        return next(csv.reader((line,), strict=True), [])
    except csv.Error:
        return None


def _is_text(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def _lines(path: Path) -> Iterator[str]:
    """The file's lines without their ends; bytes that are no UTF-8 become lone surrogates."""
    try:
        with path.open("rb") as raw:
            compressed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            raw.seek(0)
            file: Any = gzip.GzipFile(fileobj=raw) if compressed else raw
            number = 0
            while line := file.readline(LONGEST_ROW_BYTES):
                number += 1
                if len(line) == LONGEST_ROW_BYTES and not line.endswith(b"\n"):
                    raise ReplayRefused(
                        f"{path}: row {number}: longer than {LONGEST_ROW_BYTES} bytes"
                    )
                yield line.decode("utf-8", "surrogateescape").rstrip("\r\n")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ReplayRefused(f"{path}: is not a whole gzip file: {error}") from error
    except OSError as error:
        raise ReplayRefused(f"{path}: can't be read: {error.strerror}") from error
