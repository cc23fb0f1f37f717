"""From the last byte of a scan at the till's serial port to the last byte that both displays are
handed: pseudo-terminals for scanner and pole display, a file as the cashier's framebuffer.
"""

import asyncio
import os
import pty
import time
import tty
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from shop import SEED, tables
from table import Figure, p50, p50_p99, p99

from edge.appliance import StopRequest
from edge.checkout.inputs import Key
from edge.checkout.screens import CashierScreen
from edge.compose import House, build_house
from edge.drivers import registry
from edge.drivers.displays import screen_painter
from edge.drivers.displays.display_framebuffer import DisplayFramebufferSettings, FramebufferDisplay
from edge.drivers.displays.screen_painter import ScreenPainter
from edge.drivers.registry import Maker
from edge.drivers.simulated import SimulatedKeypad
from edge.settings import Settings
from tests.support.framebuffer import RGB565, FileFramebuffer

BASKETS = 40
LINES = 25
AIM_S = 0.010
SCREEN = replace(RGB565, width=800, height=480)
# US $ 1 2 and twenty columns end a screen of the pole display.
LOWER, COLUMNS = b"\x1f$\x01\x02", 20
# The rows of dots that a line of text covers on such a screen.
BAND = 24
NAME = "Article"


class Wire:
    """A pseudo-terminal; `received` is what came out at the device's end, `at` when."""

    def __init__(self) -> None:
        self.near, self.far = pty.openpty()
        tty.setraw(self.far)
        os.set_blocking(self.near, False)
        self.received = bytearray()
        self.at = 0.0
        self.came = asyncio.Event()
        asyncio.get_running_loop().add_reader(self.near, self._take)

    @property
    def path(self) -> str:
        return os.ttyname(self.far)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self.near)
        for end in (self.near, self.far):
            os.close(end)

    async def until(self, is_whole: Callable[[bytearray], bool]) -> None:
        while not is_whole(self.received):
            self.came.clear()
            await self.came.wait()

    def _take(self) -> None:
        self.received += os.read(self.near, 4096)
        self.at = time.perf_counter()
        self.came.set()


class TimedPainter(ScreenPainter):
    """Says when a screen's last byte was written."""

    painted: asyncio.Event
    at = 0.0

    def paint(self, screen: CashierScreen, *, flash: bool = False) -> Iterator[None]:
        yield from super().paint(screen, flash=flash)
        TimedPainter.at = time.perf_counter()
        TimedPainter.painted.set()


def measure(directory: Path, store: Path, codes: Sequence[tuple[str, str]]) -> list[Figure]:
    """`store` has the catalogue."""
    framebuffer = FileFramebuffer(directory / "fb0", SCREEN)
    framebuffer.plug()
    with _framebuffer_display(framebuffer):
        scans, bare = asyncio.run(_measure(store, framebuffer.path, [code for code, _ in codes]))
    return [
        Figure(
            "scan to both displays over their wires",
            p50_p99(scans),
            f"bare wire {p50_p99(bare)}",
            p50(scans) / p50(bare),
            aim="p99 < 10 ms",
            met=p99(scans) < AIM_S,
        )
    ]


@contextmanager
def _framebuffer_display(framebuffer: FileFramebuffer) -> Iterator[None]:
    """The real driver, on a file whose kernel answers what it is told to."""
    makers, painter = registry.CASHIER_DISPLAYS, screen_painter.ScreenPainter
    create = partial(FramebufferDisplay, ioctl=framebuffer.ioctl)
    registry.CASHIER_DISPLAYS = (Maker(DisplayFramebufferSettings, create),)
    setattr(screen_painter, "ScreenPainter", TimedPainter)  # noqa: B010 - types know it as it was
    try:
        yield
    finally:
        registry.CASHIER_DISPLAYS = makers
        setattr(screen_painter, "ScreenPainter", painter)  # noqa: B010 - likewise


def _settings(store: Path, scanner: str, pole: str, screen: Path) -> Settings:
    given = tables(store)
    kept = [each for each in given["devices"] if each["name"] in {"keypad", "printer", "drawer"}]
    wired = [
        {"driver": "scanner_serial", "name": "scanner", "path": scanner},
        {"driver": "display_serial", "name": "display", "path": pole},
        {"driver": "display_framebuffer", "name": "screen", "path": str(screen)},
    ]
    return Settings.model_validate({**given, "devices": [*kept, *wired]})


async def _measure(
    store: Path, screen: Path, codes: Sequence[str]
) -> tuple[list[float], list[float]]:
    TimedPainter.painted = asyncio.Event()
    scanner, pole = Wire(), Wire()
    stop = StopRequest()
    settings = _settings(store, scanner.path, pole.path, screen)
    async with build_house(settings, stop=stop) as house, asyncio.TaskGroup() as tasks:
        tasks.create_task(house.appliance.run())
        await house.appliance.ready.wait()
        await pole.until(_is_whole)
        await TimedPainter.painted.wait()
        found = await _sell(house, scanner, pole, codes)
        stop.stop()
    bare = await _bare(scanner, pole, screen)
    scanner.close()
    pole.close()
    return found, bare


def _is_whole(received: bytearray) -> bool:
    _, lower, line = bytes(received).rpartition(LOWER)
    return bool(lower) and len(line) >= COLUMNS


async def _sell(house: House, scanner: Wire, pole: Wire, codes: Sequence[str]) -> list[float]:
    keypad = house.devices.keypads[0]
    assert isinstance(keypad, SimulatedKeypad)
    random = Random(SEED)
    times = []
    for _ in range(BASKETS):
        for code in random.sample(codes, LINES):
            pole.received.clear()
            TimedPainter.painted.clear()
            os.write(scanner.near, code.encode() + b"\r")
            begun = time.perf_counter()
            await pole.until(_is_whole)
            await TimedPainter.painted.wait()
            times.append(max(pole.at, TimedPainter.at) - begun)
        await _end(house, keypad)
    return times


async def _end(house: House, keypad: SimulatedKeypad) -> None:
    """Sell the basket, for the next one is to be as long."""
    assert keypad.press(Key.CASH)
    while house.till.session.basket is not None or house.till.session.printing:
        TimedPainter.painted.clear()
        await TimedPainter.painted.wait()


async def _bare(scanner: Wire, pole: Wire, screen: Path) -> list[float]:
    """The same bytes over the same wires, with nothing in between but the event loop."""
    loop, times = asyncio.get_running_loop(), []
    answer = b"\x0b" + bytes(COLUMNS) + LOWER + bytes(COLUMNS)
    band = bytes(BAND * SCREEN.line_length)
    with screen.open("r+b") as file:

        def pass_on() -> None:
            os.read(scanner.far, 64)
            os.write(pole.far, answer)
            os.pwrite(file.fileno(), band, 0)

        loop.add_reader(scanner.far, pass_on)
        for _ in range(BASKETS * LINES):
            pole.received.clear()
            os.write(scanner.near, b"4006381333931\r")
            begun = time.perf_counter()
            await pole.until(_is_whole)
            times.append(time.perf_counter() - begun)
        loop.remove_reader(scanner.far)
    return times
