"""The cashier's screen redrawn on a framebuffer file: all of it, and one changed line."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from shop import SEED
from table import Figure, p50, p50_p99, p99

from edge.checkout.screens import CashierScreen, NoticeTone, ScreenRow
from edge.drivers.displays.screen_painter import ScreenPainter
from tests.support.framebuffer import RGB565, XRGB8888, FileFramebuffer, Shape

ROUNDS = 300
ROWS = 14
AIM_S = 0.015
SHAPES = {
    "800x480 RGB565": replace(RGB565, width=800, height=480),
    "1280x800 32-bit": replace(XRGB8888, width=1280, height=800),
}
NAMES = ("Cola 330 ml", "农夫山泉 矿泉水 550毫升", "Tomatoes Red Vine 500 g", "红烧牛肉面 5 包")


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: the whole screen and its longest block, a changed line, the bare writes of both."""

    whole: list[float] = field(default_factory=list)
    block: list[float] = field(default_factory=list)
    line: list[float] = field(default_factory=list)
    whole_floor: list[float] = field(default_factory=list)
    line_floor: list[float] = field(default_factory=list)


def measure(directory: Path) -> list[Figure]:
    figures = []
    for name, shape in SHAPES.items():
        times = _measure(directory / "fb0", shape)
        figures += [
            Figure(
                f"changed line on the screen, {name}",
                p50_p99(times.line),
                f"bare pwrite {p50_p99(times.line_floor)}",
                p50(times.line) / p50(times.line_floor),
                aim="p99 < 15 ms",
                met=p99(times.line) < AIM_S,
            ),
            Figure(
                "  the whole screen",
                p50_p99(times.whole),
                f"bare pwrite {p50_p99(times.whole_floor)}",
                p50(times.whole) / p50(times.whole_floor),
            ),
            Figure("  its longest step, for which a scan waits", p50_p99(times.block)),
        ]
    return figures


def _measure(path: Path, shape: Shape) -> Times:
    framebuffer = FileFramebuffer(path, shape)
    framebuffer.plug()
    random = Random(SEED)
    times = Times()
    painter = ScreenPainter("screen", str(path), 0, qr_turned=False, ioctl=framebuffer.ioctl)
    for _ in range(ROUNDS):
        painter.forget()
        screen = _screen(random)
        blocks = list(_steps(painter, screen))
        times.whole.append(sum(blocks))
        times.block.append(max(blocks))
        row = random.randrange(ROWS)
        rows = (*screen.rows[:row], _row(random), *screen.rows[row + 1 :])
        (line,) = _steps(painter, replace(screen, rows=rows))
        times.line.append(line)
    painter.close()
    line_bytes = shape.height // 18 * shape.line_length
    times.line_floor.extend(_bare(path, line_bytes))
    times.whole_floor.extend(_bare(path, shape.memory))
    return times


def _steps(painter: ScreenPainter, screen: CashierScreen) -> Iterator[float]:
    begun = time.perf_counter()
    for _ in painter.paint(screen):
        yield time.perf_counter() - begun
        begun = time.perf_counter()


def _screen(random: Random) -> CashierScreen:
    """As full as a screen gets; no two have a line in common."""
    return CashierScreen(
        f"Sale {random.random()}",
        tuple(_row(random) for _ in range(ROWS)),
        "TO PAY",
        f"{random.randrange(99_999)}.50",
        str(random.randrange(999)),
        f"Not here - see {random.random()}",
        NoticeTone.REFUSAL,
        ("offline", "scanner lost"),
    )


def _row(random: Random) -> ScreenRow:
    price = random.randrange(1_000_000)
    return ScreenRow(random.choice(NAMES), f"3 × {price / 100:.2f}", f"{price * 3 / 100:.2f}")


def _bare(path: Path, size: int) -> list[float]:
    data = bytes(size)
    times = []
    with path.open("r+b") as file:
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            os.pwrite(file.fileno(), data, 0)
            times.append(time.perf_counter() - begun)
    return times
