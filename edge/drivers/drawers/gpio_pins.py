"""A pin factory for gpiozero over gpiod 2: any board whose kernel has a /dev/gpiochip.

It does what gpiozero's digital devices need and no more. This module loads gpiozero and gpiod, so
it is imported by who opens a line, when he does.
"""

import errno
import os
import select
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import MethodType
from typing import Any, Final
from weakref import WeakMethod, ref

from gpiod import EdgeEvent, LineSettings
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import (  # type: ignore[import-untyped]  # gpiozero has no types
    BoardInfo,
    Factory,
    GPIOPinInUse,
    HeaderInfo,
    Pin,
    PinFixedPull,
    PinInfo,
    PinInvalidBounce,
    PinInvalidEdges,
    PinInvalidFunction,
    PinInvalidPin,
    PinInvalidPull,
    PinMultiplePins,
    PinSetInput,
)

from edge.drivers.drawers.gpio_chips import Chip, Request

# What `gpioinfo` shows as the lines' user.
CONSUMER: Final = "edge-till"
# A thread that waits for edges leaves as soon as it is woken; longer than this, it never will.
JOIN_S: Final = 1.0
NS_PER_S: Final = 1_000_000_000

PULLS: Final = {"up": Bias.PULL_UP, "down": Bias.PULL_DOWN, "floating": Bias.DISABLED}
EDGES: Final = {
    "none": Edge.NONE,
    "rising": Edge.RISING,
    "falling": Edge.FALLING,
    "both": Edge.BOTH,
}
INPUT: Final = LineSettings(direction=Direction.INPUT, bias=Bias.DISABLED)


class GpiodFactory(Factory):  # type: ignore[misc]  # gpiozero has no types
    """The lines of one open chip, by number or by the name that the kernel has for them.

    `lost` is called, from a thread, when the chip fails while edges are waited for.
    """

    def __init__(self, chip: Chip, lost: Callable[[OSError], None]) -> None:
        super().__init__()
        self.chip = chip
        self.lost = lost
        self._pins: dict[int, GpiodPin] = {}
        self._board: Any = None

    def close(self) -> None:
        """Release every line, end every thread, close the chip."""
        for pin in self._pins.values():
            pin.close()
        self._pins.clear()
        self.chip.close()

    def pin(self, name: int | str) -> "GpiodPin":
        found = [info for _header, info in self.board_info.find_pin(name)]
        if not found:
            raise PinInvalidPin(f"{self.chip_name} has no line {name!r}")
        if len(found) > 1:
            numbers = " and ".join(str(info.number) for info in found)
            raise PinMultiplePins(f"lines {numbers} of {self.chip_name} are both called {name!r}")
        offset = found[0].number
        if offset not in self._pins:
            self._pins[offset] = GpiodPin(self, found[0])
        return self._pins[offset]

    def ticks(self) -> float:
        """Seconds of the clock that the kernel stamps edges with."""
        return time.monotonic()

    def ticks_diff(self, later: float, earlier: float) -> float:
        return later - earlier

    @property
    def chip_name(self) -> str:
        return str(self.chip.get_info().name)

    def _get_board_info(self) -> Any:
        if self._board is None:
            self._board = _board_of(self.chip)
        return self._board


def _board_of(chip: Chip) -> Any:
    """The chip as gpiozero's board: one header, a pin for each line."""
    info = chip.get_info()
    lines = [chip.get_line_info(offset) for offset in range(info.num_lines)]
    pins = {
        line.offset: PinInfo(
            number=line.offset,
            name=f"{info.name}:{line.offset}",
            names=frozenset({line.offset, f"{info.name}:{line.offset}", line.name or line.offset}),
            pull="",
            row=line.offset + 1,
            col=1,
            interfaces=frozenset({"gpio"}),
        )
        for line in lines
    }
    header = HeaderInfo(name=info.name, rows=info.num_lines, columns=1, pins=pins)
    unknown: dict[str, Any] = dict.fromkeys(BoardInfo._fields, "")
    return BoardInfo(**{**unknown, "model": info.label, "headers": {info.name: header}})


class GpiodPin(Pin):  # type: ignore[misc]  # gpiozero has no types
    """One line. It is asked of the kernel with the first thing that is said of it, and from then
    on nobody else can have it until it is closed.
    """

    def __init__(self, factory: GpiodFactory, info: Any) -> None:
        super().__init__()
        self._factory = factory
        self._info = info
        self._offset: int = info.number
        # gpiod's objects want their callers one at a time, and edges are read on a thread.
        self._lock = threading.RLock()
        self._request: Request | None = None
        self._settings = INPUT
        self._edges = "both"
        self._handler: Callable[[], Callable[[float, int], None] | None] | None = None
        self._waiting: _EdgeThread | None = None

    def __repr__(self) -> str:
        return str(self._info.name)

    def close(self) -> None:
        """Release the line, its thread ended. Never raises; the kernel decides on the level."""
        self._stop_waiting()
        self._handler = None
        with self._lock:
            if self._request is not None:
                self._request.release()
            self._request, self._settings = None, INPUT

    def output_with_state(self, state: float) -> None:
        """An output that begins with that level, without a blip."""
        self._stop_waiting()
        self._become(LineSettings(direction=Direction.OUTPUT, output_value=_value(state)))

    def input_with_pull(self, pull: str) -> None:
        self._stop_waiting()
        self._become(replace(INPUT, bias=_bias(pull, self)))

    def _become(self, settings: LineSettings) -> None:
        with self._lock:
            if self._request is None:
                self._request = self._requested(settings)
            else:
                self._request.reconfigure_lines({self._offset: settings})
            self._settings = settings

    def _requested(self, settings: LineSettings) -> Request:
        chip = self._factory.chip
        try:
            return chip.request_lines({self._offset: settings}, consumer=CONSUMER)
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            user = chip.get_line_info(self._offset).consumer
            raise GPIOPinInUse(
                f"line {self._info.name} is in use by {user or 'the kernel'!r}; name another line,"
                " or end what uses it"
            ) from error

    def _asked(self) -> Request:
        """The request; a line that nobody has asked for is an input."""
        if self._request is None:
            self._become(self._settings)
        assert self._request is not None, "asked for just now"
        return self._request

    # --- gpiozero's properties

    def _get_info(self) -> Any:
        return self._info

    def _get_function(self) -> str:
        return "output" if self._settings.direction is Direction.OUTPUT else "input"

    def _set_function(self, value: str) -> None:
        if value == "input":
            self.input_with_pull("floating")
        elif value == "output":
            self.output_with_state(self._get_state())
        else:
            raise PinInvalidFunction(f"{self!r} can't be {value!r}")

    def _get_state(self) -> int:
        with self._lock:
            return int(self._asked().get_value(self._offset) is Value.ACTIVE)

    def _set_state(self, value: float) -> None:
        with self._lock:
            if self._get_function() == "input":
                raise PinSetInput(f"{self!r} is an input")
            self._asked().set_value(self._offset, _value(value))

    def _get_pull(self) -> str:
        pulls = (pull for pull, bias in PULLS.items() if bias is self._settings.bias)
        return next(pulls, "floating")

    def _set_pull(self, value: str) -> None:
        if self._get_function() == "output":
            raise PinFixedPull(f"{self!r} is an output")
        self._become(replace(self._settings, bias=_bias(value, self)))

    def _get_bounce(self) -> float | None:
        return self._settings.debounce_period.total_seconds() or None

    def _set_bounce(self, value: float | None) -> None:
        if value is not None and value < 0:
            raise PinInvalidBounce(f"{self!r} can't bounce for {value} s")
        period = timedelta(seconds=value or 0)
        self._become(replace(self._settings, debounce_period=period))

    def _get_edges(self) -> str:
        return self._edges

    def _set_edges(self, value: str) -> None:
        if value not in EDGES:
            raise PinInvalidEdges(f"{self!r} has no edges {value!r}")
        waited = self._waiting is not None
        self._stop_waiting()
        self._edges = value
        if waited:
            self._wait()

    def _get_when_changed(self) -> Callable[[float, int], None] | None:
        return self._handler() if self._handler is not None else None

    def _set_when_changed(self, value: Callable[[float, int], None] | None) -> None:
        """Held weakly, as gpiozero's own pins do: a device must not live on for its callback."""
        self._stop_waiting()
        self._handler = None
        if value is not None:
            self._handler = WeakMethod(value) if isinstance(value, MethodType) else ref(value)
            self._wait()

    # --- edges

    def _wait(self) -> None:
        self._become(replace(self._settings, edge_detection=EDGES[self._edges]))
        self._waiting = _EdgeThread(self, self._asked().fd, self._factory.lost)
        self._waiting.start()

    def _stop_waiting(self) -> None:
        """No edge is told any more once this returns."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.stop()

    def read_edges(self) -> None:
        """Tell the handler of the edges that the kernel has. Raises OSError."""
        with self._lock:
            events = self._asked().read_edge_events()
        for event in events:
            handler = self._get_when_changed()
            if handler is not None:
                level = int(event.event_type is EdgeEvent.Type.RISING_EDGE)
                handler(event.timestamp_ns / NS_PER_S, level)


def _value(state: float) -> Value:
    return Value.ACTIVE if state else Value.INACTIVE


def _bias(pull: str, pin: GpiodPin) -> Bias:
    if pull not in PULLS:
        raise PinInvalidPull(f"{pin!r} can't be pulled {pull!r}")
    return PULLS[pull]


class _EdgeThread(threading.Thread):
    """Waits for edges of one line until it is stopped or the line fails."""

    def __init__(self, pin: GpiodPin, fd: int, lost: Callable[[OSError], None]) -> None:
        super().__init__(name=f"edges-{pin!r}", daemon=True)
        self._pin = pin
        self._fd = fd
        self._lost = lost
        self._wake = os.eventfd(0)
        self._stops_itself = False

    def run(self) -> None:
        poller = select.poll()
        poller.register(self._fd, select.POLLIN)
        poller.register(self._wake, select.POLLIN)
        while not self._stops_itself and self._wake not in dict(poller.poll()):
            try:
                self._pin.read_edges()
            except OSError as error:
                self._lost(error)
                return
        if self._stops_itself:
            os.close(self._wake)

    def stop(self) -> None:
        """End it; what it is telling is told by then, unless it is the one who stops itself."""
        if self is threading.current_thread():
            self._stops_itself = True
            return
        os.eventfd_write(self._wake, 1)
        self.join(JOIN_S)
        os.close(self._wake)
