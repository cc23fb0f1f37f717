"""What readers of a shop's files share: bytes within a limit, text, rows. Each refuses by an error
of its own, `refusal`, which is made of the line to say.
"""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, TypeAlias

Refusal: TypeAlias = Callable[[str], Exception]


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read_within(path: Path, most_bytes: int, refusal: Refusal) -> bytes:
    """All of the file. Raises the refusal for a larger one, OSError."""
    with path.open("rb") as file:
        return whole(file, path, most_bytes, refusal)


def whole(file: Readable, path: Path, most_bytes: int, refusal: Refusal) -> bytes:
    """What is left of an open file. Raises the refusal when that is more."""
    data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise refusal(f"{path}: more than {most_bytes} bytes")
    return data


def text_of(data: bytes, path: Path | str, refusal: Refusal, line: str = "row") -> str:
    """The UTF-8 in it; `line` is what the file's lines are called. Raises the refusal."""
    try:
        # Spreadsheets put a byte order mark in front.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        # The error itself holds the whole file.
        raise refusal(f"{path}: {line} {row}: is not UTF-8") from None


def csv_rows(text: str, path: Path, refusal: Refusal) -> Iterator[list[str]]:
    """The rows of a CSV file's text. Raises the refusal where it is none."""
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise refusal(f"{path}: is not CSV: {error}") from error
