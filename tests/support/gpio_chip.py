"""A GPIO chip as gpiod shows it, with real descriptors and nothing behind them.

The board's hands are `drive`, `unplug` and `plug`; what a line was driven to stands in `levels`.
"""

import errno
import itertools
import os
import socket
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from gpiod import EdgeEvent, LineSettings
from gpiod.line import Bias, Direction, Edge, Value

NS_PER_MS = 1_000_000
PATH = "/dev/gpiochip0"


@dataclass
class Wire:
    """One line: what drives it from outside (None: nothing), who else has it, and its past."""

    name: str = ""
    driven: int | None = None
    busy: str = ""
    out: int = 0
    request: "FakeRequest | None" = None
    # (milliseconds, level), for each time that the till drove it to another level.
    levels: list[tuple[int, int]] = field(default_factory=list)


class GpioBoard:
    """A board with one chip of some lines. `changed` is called, from any thread, after every
    change of a line by the till; opening the chip raises `error`, asking for a line `refuses`.
    """

    def __init__(
        self,
        names: dict[int, str],
        now_ms: Callable[[], int],
        changed: Callable[[], None] = lambda: None,
        label: str = "pinctrl-test",
    ) -> None:
        self.wires = {offset: Wire(names.get(offset, "")) for offset in range(32)}
        self.label = label
        self.now_ms = now_ms
        self.changed = changed
        self.plugged = True
        self.error: OSError | None = None
        self.refuses: OSError | None = None
        self.settings: dict[int, list[LineSettings]] = {offset: [] for offset in self.wires}
        self._chips: list[FakeChip] = []
        self._numbers = itertools.count(1)

    def open(self, path: str) -> "FakeChip":
        """As gpiod.Chip(path)."""
        if self.error is not None:
            raise self.error
        if not self.plugged:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        assert path == PATH
        chip = FakeChip(self)
        self._chips.append(chip)
        return chip

    @property
    def open_descriptors(self) -> int:
        """Those that the till has of this board."""
        requests = [wire.request for wire in self.wires.values() if wire.request is not None]
        return len(requests) + sum(not chip.closed for chip in self._chips)

    def level(self, offset: int) -> int:
        """What somebody with a meter sees."""
        wire = self.wires[offset]
        request = wire.request
        if request is not None and request.now.direction is Direction.OUTPUT:
            return wire.out
        if wire.driven is not None:
            return wire.driven
        return int(request is not None and request.now.bias is Bias.PULL_UP)

    def drive(self, offset: int, level: int | None) -> None:
        """The outside world pulls a line, or lets it go."""
        before = self.level(offset)
        self.wires[offset].driven = level
        request = self.wires[offset].request
        after = self.level(offset)
        if request is not None and after != before:
            request.edge(after, next(self._numbers))

    def chatter(self, offset: int, level: int, times: int) -> None:
        """A contact that bounces on its way there: the kernel tells only how it ends, when it
        debounces.
        """
        request = self.wires[offset].request
        if request is None or not request.now.debounce_period:
            for _ in range(times):
                self.drive(offset, level)
                self.drive(offset, 1 - level)
        self.drive(offset, level)

    def unplug(self) -> None:
        """The chip goes, as one on USB does: whoever has it open is hung up on."""
        self.plugged = False
        for chip in self._chips:
            chip.hang_up()
        for wire in self.wires.values():
            if wire.request is not None:
                wire.request.hang_up()

    def plug(self) -> None:
        self.plugged = True
        for wire in self.wires.values():
            wire.request = None

    def driven(self, offset: int, level: int) -> None:
        """The till drives a line."""
        wire = self.wires[offset]
        if wire.out != level or not wire.levels:
            wire.levels.append((self.now_ms(), level))
        wire.out = level
        self.changed()

    def pulses_ms(self, offset: int, active: int = 1) -> list[int]:
        """How long each pulse was that has ended."""
        levels = self.wires[offset].levels
        return [
            ended - began
            for (began, level), (ended, _) in itertools.pairwise(levels)
            if level == active
        ]


class _Descriptor:
    """A descriptor that is readable when there is something, and when its far side hangs up."""

    def __init__(self, board: GpioBoard) -> None:
        self.board = board
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self.gone = False
        self.closed = False

    @property
    def fd(self) -> int:
        return self._near.fileno()

    def hang_up(self) -> None:
        self.gone = True
        self._far.close()

    def end(self) -> None:
        self.closed = True
        self._near.close()
        self._far.close()

    def check(self) -> None:
        assert not self.closed, "used after it was closed"
        if self.gone:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


class FakeChip(_Descriptor):
    """The methods of gpiod.Chip that the till uses."""

    def get_info(self) -> Any:
        self.check()
        wires = len(self.board.wires)
        return SimpleNamespace(name="gpiochip0", label=self.board.label, num_lines=wires)

    def get_line_info(self, line: int | str) -> Any:
        self.check()
        assert isinstance(line, int)
        wire = self.board.wires[line]
        return SimpleNamespace(offset=line, name=wire.name, consumer=wire.busy)

    def request_lines(
        self,
        config: dict[Iterable[int | str] | int | str, LineSettings | None],
        consumer: str | None = None,
    ) -> "FakeRequest":
        self.check()
        ((offset, settings),) = config.items()
        assert isinstance(offset, int)
        assert settings is not None
        assert consumer
        wire = self.board.wires[offset]
        if self.board.refuses is not None:
            raise self.board.refuses
        if wire.busy or wire.request is not None:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        wire.request = FakeRequest(self.board, offset, settings)
        return wire.request

    def close(self) -> None:
        self.end()


class FakeRequest(_Descriptor):
    """The methods of gpiod.LineRequest that the till uses, for one line."""

    def __init__(self, board: GpioBoard, offset: int, settings: LineSettings) -> None:
        super().__init__(board)
        self.offset = offset
        self.now = settings
        self._events: deque[EdgeEvent] = deque()
        self._take(settings)

    def _take(self, settings: LineSettings) -> None:
        self.now = settings
        self.board.settings[self.offset].append(settings)
        if settings.direction is Direction.OUTPUT:
            self.board.driven(self.offset, int(bool(settings.output_value)))

    def reconfigure_lines(
        self, config: dict[Iterable[int | str] | int | str, LineSettings | None]
    ) -> None:
        self.check()
        settings = config[self.offset]
        assert settings is not None
        self._take(settings)

    def get_value(self, line: int | str) -> Value:
        self.check()
        assert line == self.offset
        return Value.ACTIVE if self.board.level(self.offset) else Value.INACTIVE

    def set_value(self, line: int | str, value: Value) -> None:
        self.check()
        assert line == self.offset
        assert self.now.direction is Direction.OUTPUT
        self.board.driven(self.offset, int(bool(value)))

    def edge(self, level: int, number: int) -> None:
        """The kernel sees one, and keeps it for whoever asked for those."""
        wanted = {Edge.BOTH, Edge.RISING if level else Edge.FALLING}
        if self.now.edge_detection in wanted and not self.gone:
            kind = EdgeEvent.Type.RISING_EDGE if level else EdgeEvent.Type.FALLING_EDGE
            stamp = self.board.now_ms() * NS_PER_MS
            self._events.append(EdgeEvent(kind.value, stamp, self.offset, number, number))
            self._far.send(b"!")

    def read_edge_events(self, max_events: int | None = None) -> list[EdgeEvent]:
        assert max_events is None
        self.check()
        return [self._events.popleft() for _ in self._near.recv(64)]

    def release(self) -> None:
        self.end()
        if self.board.wires[self.offset].request is self:
            self.board.wires[self.offset].request = None
