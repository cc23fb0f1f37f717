"""A kiosk's devices by their bytes: papers and pulses, serial lines, a pole display."""

import asyncio
import re
import termios
from dataclasses import dataclass, field

from tests.support.devices import FakePrinter, SerialLine
from tests.support.escpos_reader import EscposReader, Paper

DEVICE = "till-07"
NUMBER = re.compile(rf"^Receipt {DEVICE}-(\d+)\b")
TOTAL = re.compile(r"^TOTAL\s+\$(\d+)\.(\d\d)$")


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper as a customer reads it; a torn one may lack its number and its total."""

    receipt_no: int | None
    total_minor: int | None
    copy: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Pulse:
    """The drawer's solenoid was driven."""


def read_paper(paper: Paper, *, whole: bool) -> Printed:
    """The number, the total and the COPY mark that stand on it."""
    numbers = [int(found[1]) for line in paper.text if (found := NUMBER.match(line))]
    totals = [
        int(found[1]) * 100 + int(found[2]) for line in paper.text if (found := TOTAL.match(line))
    ]
    assert len(numbers) <= 1, paper.text
    assert len(totals) <= 1, paper.text
    return Printed(
        numbers[0] if numbers else None,
        totals[0] if totals else None,
        "COPY" in paper.text,
        whole,
    )


class _Ears(EscposReader):
    """Tells papers and pulses in their order, and how long each pulse is."""

    def __init__(self, events: list[Printed | Pulse], pulses_ms: list[int]) -> None:
        self._events = events
        self._pulses_ms = pulses_ms
        super().__init__()

    def _cut(self) -> None:
        super()._cut()
        self._events.append(read_paper(self.papers[-1], whole=True))

    def _pulse(self) -> None:
        super()._pulse()
        self._events.append(Pulse())
        self._pulses_ms.append(self.pulses[-1].on_ms)


@dataclass
class Tray:
    """What came out of a printer and its drawer, over all that it forgets without power."""

    events: list[Printed | Pulse] = field(default_factory=list)
    pulses_ms: list[int] = field(default_factory=list)

    def new_reader(self) -> EscposReader:
        return _Ears(self.events, self.pulses_ms)

    @property
    def printed(self) -> list[Printed]:
        return [event for event in self.events if isinstance(event, Printed)]

    @property
    def whole(self) -> list[Printed]:
        return [printed for printed in self.printed if printed.whole]

    @property
    def pulses(self) -> int:
        return sum(isinstance(event, Pulse) for event in self.events)


class KioskPrinter(FakePrinter):
    """Keeps `events` over connections; what a lost connection leaves unfinished is torn off.

    `stall_after` holds to the byte: nothing behind it is taken, ever.
    """

    def __init__(self) -> None:
        self.tray = Tray()
        self._complaints: list[str] = []
        super().__init__(new_reader=self.tray.new_reader)

    @property
    def events(self) -> list[Printed | Pulse]:
        return self.tray.events

    @property
    def pulses_ms(self) -> list[int]:
        return self.tray.pulses_ms

    @property
    def printed(self) -> list[Printed]:
        return self.tray.printed

    @property
    def whole(self) -> list[Printed]:
        return self.tray.whole

    @property
    def pulses(self) -> int:
        return self.tray.pulses

    @property
    def complaints(self) -> list[str]:
        """What no till should have sent."""
        return self._complaints + self.reader.complaints

    def stall_in(self, count: int) -> None:
        """Take that many bytes more and then none."""
        self.stall_after = self.reader.bytes_fed + count

    def take(self, transport: asyncio.Transport, data: bytes) -> None:
        if self.stall_after is not None:
            data = data[: max(0, self.stall_after - self.reader.bytes_fed)]
        super().take(transport, data)

    def disconnected(self, transport: asyncio.Transport) -> None:
        self._complaints += self.reader.complaints
        if not self.reader.idle:
            self.reader._end_line()
            self.events.append(read_paper(self.reader.unfinished, whole=False))
        self.reader = self.new_reader()
        super().disconnected(transport)


class CounterLine(SerialLine):
    """A serial line that outlives the daemon."""

    def forget(self) -> None:
        """What was sent, either way, while nobody listened is lost."""
        assert self._ends is not None
        termios.tcflush(self._ends[1], termios.TCIOFLUSH)
        self.received.clear()


class Pole:
    """A 2x20 display: HOM, twenty columns, US $ 1 2, twenty columns."""

    HOME, LOWER = b"\x0b", b"\x1f$\x01\x02"

    def __init__(self, line: SerialLine) -> None:
        self._line = line

    @property
    def shown(self) -> tuple[str, str]:
        """Both lines as they stand there."""
        for screen in reversed(bytes(self._line.received).split(self.HOME)[1:]):
            upper, _, lower = screen.partition(self.LOWER)
            if len(lower) >= 20:
                return upper.decode("cp437").strip(), lower[:20].decode("cp437").strip()
        return "", ""
