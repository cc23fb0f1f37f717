"""The glass of 2x20 customer displays: what stands on it after these bytes, cell by cell.

Written from the manuals alone: Epson's "ESC/POS Command Reference for Customer Displays" and
section 6 of Partner Tech's "User's Manual CD5220 Customer Display". They share nothing with the
driver. A byte that a display would take for something else is an assertion's failure.
"""

import abc

CODE_PAGES = {0: "cp437", 16: "cp1252", 17: "cp866", 18: "cp852", 47: "cp1253", 48: "cp1254"}
CD5220_SETS = {ord("A"): "cp437", ord("R"): "cp866", ord("L"): "cp852"}
# The lengths of the ESC/POS commands.
COMMANDS = {
    b"\x1b@": 2,
    b"\x1f\x01": 2,
    b"\x1fC": 3,
    b"\x1f$": 4,
    b"\x1bt": 3,
    b"\x1c&": 2,
    b"\x1c.": 2,
}
COLUMNS, ROWS = 20, 2


class Glass(abc.ABC):
    def __init__(self) -> None:
        self.cells: list[list[str]] = []
        self.switched_on = 0
        self._rest = b""
        self.switch_on()

    def switch_on(self) -> None:
        """Blank, in the state that the manual gives for it; what was on its way is lost."""
        self.switched_on += 1
        self._rest = b""
        self.reset()

    @property
    def text(self) -> tuple[str, str]:
        upper, lower = ("".join(row) for row in self.cells)
        return upper, lower

    def feed(self, data: bytes) -> tuple[str, str]:
        """Bytes in any portions; what is no whole command yet waits."""
        self._rest += data
        while self._rest:
            taken = self._step(self._rest)
            if taken == 0:
                break
            self._rest = self._rest[taken:]
        return self.text

    def blank(self) -> None:
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]

    @abc.abstractmethod
    def reset(self) -> None: ...

    @abc.abstractmethod
    def _step(self, rest: bytes) -> int:
        """How many bytes the first command or character is; 0 when it is not whole yet."""


class EscposGlass(Glass):
    """Code pages by ESC t, Chinese by FS &."""

    def __init__(self, code_pages: dict[int, str] | None = None) -> None:
        self._code_pages = code_pages or CODE_PAGES
        super().__init__()

    def reset(self) -> None:
        self.blank()
        self._at = (0, 0)
        self._page = min(self._code_pages)
        # As the displays for the Chinese market start.
        self._double_byte = True
        self.cursor = True

    def _step(self, rest: bytes) -> int:
        if rest[0] == 0x0B:
            self._at = (0, 0)
            return 1
        if rest[0] >= 0x20:
            return self._character(rest)
        if len(rest) < 2:
            return 0
        length = COMMANDS[rest[:2]]
        if len(rest) >= length:
            self._command(rest[:length])
            return length
        return 0

    def _command(self, command: bytes) -> None:
        if command == b"\x1b@":
            self.reset()
        elif command[:2] == b"\x1fC":
            self.cursor = bool(command[2])
        elif command[:2] == b"\x1f$":
            self._at = (command[3] - 1, command[2] - 1)
        elif command[:2] == b"\x1bt":
            assert command[2] in self._code_pages, f"no code page {command[2]}"
            self._page = command[2]
        elif command[:1] == b"\x1c":
            self._double_byte = command == b"\x1c&"

    def _character(self, rest: bytes) -> int:
        wide = self._double_byte and rest[0] > 0x80
        length = 1
        if wide:
            if len(rest) < 2:
                return 0
            length = 4 if 0x30 <= rest[1] <= 0x39 else 2
            if len(rest) < length:
                return 0
        codec = "gb18030" if wide else "ascii"
        if not wide and rest[0] > 0x7F:
            codec = self._code_pages[self._page]
        row, column = self._at
        assert column + (2 if wide else 1) <= COLUMNS, f"{rest[:length]!r} leaves line {row}"
        self.cells[row][column] = rest[:length].decode(codec)
        assert self.cells[row][column].isprintable(), "a control character on the glass"
        if wide:
            self.cells[row][column + 1] = ""
        self._at = (row, column + (2 if wide else 1))
        return length


class Cd5220Glass(Glass):
    """Lines by ESC Q A and ESC Q B; in that mode the manual allows nothing else but CLR and CAN."""

    def __init__(self, upper_half: str = "ascii") -> None:
        self._switches = upper_half
        super().__init__()

    def reset(self) -> None:
        self.blank()
        self._upper_half = self._switches
        self._by_strings = False
        self.cursor = True

    def _step(self, rest: bytes) -> int:
        if rest[0] == 0x0C:
            self.blank()
            self._by_strings = False
            return 1
        assert rest[0] == 0x1B, f"stray {rest[:4]!r}"
        if len(rest) < 2:
            return 0
        if rest[1] == ord("Q"):
            return self._string(rest)
        assert not self._by_strings, f"{rest[:4]!r} between strings"
        if rest[1] == ord("@"):
            self.reset()
            return 2
        if len(rest) < 3:
            return 0
        if rest[1] == ord("_"):
            self.cursor = bool(rest[2])
        else:
            assert rest[1] == ord("f"), f"unknown {rest[:3]!r}"
            self._upper_half = CD5220_SETS[rest[2]]
        return 3

    def _string(self, rest: bytes) -> int:
        """Exactly twenty bytes and CR."""
        if len(rest) < 3 + COLUMNS + 1:
            return 0
        assert rest[2] in b"AB", f"no line {rest[2]!r}"
        string, end = rest[3 : 3 + COLUMNS], rest[3 + COLUMNS]
        assert end == 0x0D, f"{string!r} is not followed by CR"
        text = string.decode(self._upper_half)
        assert text.isprintable(), f"a control character in {string!r}"
        self.cells[rest[2] - ord("A")] = list(text)
        self._by_strings = True
        return 3 + COLUMNS + 1
