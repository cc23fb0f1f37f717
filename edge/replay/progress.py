"""A bar on a terminal; nothing where nobody looks."""

from typing import TextIO

BAR_COLUMNS = 40


class Progress:
    """Redraws one line as the share done grows by a percent."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._drawn = ""

    def show(self, what: str, done: int, total: int) -> None:
        """`done` of `total` of something."""
        if not self._stream.isatty():
            return
        percent = 100 * done // total if total else 100
        filled = BAR_COLUMNS * percent // 100
        line = f"{what:<22} {'#' * filled:.<{BAR_COLUMNS}} {percent:3} %"
        if line != self._drawn:
            self._stream.write(f"\r{line}")
            self._stream.flush()
            self._drawn = line

    def end(self) -> None:
        """Leave the line, if there is one."""
        if self._drawn:
            self._stream.write("\n")
            self._drawn = ""
