"""What the loaders of a shop's files share: a content's version, and what becomes of a refusal."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from edge.settings import SettingsRefused

ContentT = TypeVar("ContentT")

# 64 bits tell the contents of one shop's file apart.
VERSION_DIGITS: Final = 16


def version_of(content: bytes) -> str:
    """The name of a content, which the store keeps with what it took from it."""
    return hashlib.sha256(content).hexdigest()[:VERSION_DIGITS]


@contextmanager
def old_ones_stay(log: Any, event: str, *refusals: type[Exception]) -> Iterator[None]:
    """Log as `event` why a file is refused, and go on with what was in force before."""
    try:
        yield
    except refusals as error:
        log.error(event, reason=str(error))  # noqa: TRY400 - no bug, no traceback


def check_file(
    path: Path | None, read: Callable[[Path], ContentT], refusal: type[Exception]
) -> ContentT | None:
    """What `read` takes from the file that the settings name, None where they name none. Raises
    SettingsRefused when it would refuse it.
    """
    if path is None:
        return None
    try:
        return read(path)
    except (OSError, refusal) as error:
        raise SettingsRefused(lines_of(path, error)) from error


def lines_of(path: Path, error: Exception) -> list[str]:
    """What is wrong with the file, a line each: it can't be read, or what its reader said."""
    if isinstance(error, OSError):
        return [f"{path}: can't be read: {error.strerror}"]
    return str(error).splitlines()
