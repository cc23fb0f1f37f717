"""A scale with the 8217 protocol at the far end of a serial line."""

from collections.abc import Callable
from pathlib import Path

from tests.support.devices import SerialLine

MOVING, OVERLOADED, UNDER_ZERO, ZERO_LOST = 0x01, 0x02, 0x04, 0x08
# Bit 6 is always set, so that every status is a printable character.
ALWAYS = 0x40


def kilograms(grams: int) -> bytes:
    return b"\x02%02d.%03d\r" % divmod(grams, 1000)


def status(*bits: int) -> bytes:
    return b"\x02?" + bytes([ALWAYS | sum(bits)]) + b"\r"


class FarScale:
    """Answers each W with `answer`, in the pieces that `cut` makes of it; None is no answer."""

    def __init__(self, path: Path) -> None:
        self.line = SerialLine(path)
        self.line.on_bytes = self._take
        self.answer: Callable[[int], bytes | None] = lambda _: kilograms(0)
        self.cut: Callable[[bytes], list[bytes]] = lambda data: [data]
        self.asked = 0
        self.changes = self.line.changes

    def put(self, grams: int) -> None:
        self.answer = lambda _: kilograms(grams)

    def says(self, *answers: bytes | None) -> None:
        """One after the other, the last one from then on."""
        first = self.asked
        self.answer = lambda number: answers[min(number - first, len(answers)) - 1]

    def _take(self, data: bytes) -> None:
        for byte in data:
            assert byte == ord("W")
            self.asked += 1
            answer = self.answer(self.asked)
            for piece in self.cut(answer) if answer else []:
                self.line.send(piece)
