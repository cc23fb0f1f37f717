"""The cashier's screen redrawn on a framebuffer file: one changed line, rows that scroll, all of
it, and a code for the customer.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from shop import SEED
from table import Figure, p50, p50_p99, p99

from edge.checkout.screens import CashierScreen, NoticeTone, ScreenQr, ScreenRow
from edge.drivers.displays.screen_painter import ScreenPainter
from tests.support.framebuffer import RGB565, XRGB8888, FileFramebuffer, Shape

ROUNDS = 300
ROWS = 14
AIM_S = 0.015
SHAPES = {
    "800x480 RGB565": replace(RGB565, width=800, height=480),
    "1280x800 32-bit": replace(XRGB8888, width=1280, height=800),
    "1920x1080 32-bit": replace(XRGB8888, width=1920, height=1080),
}
CODE = ScreenQr("ET1:till-1:17", "Receipt till-1-17")
NAMES = ("Cola 330 ml", "农夫山泉 矿泉水 550毫升", "Tomatoes Red Vine 500 g", "红烧牛肉面 5 包")


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: a changed line, rows that scroll by one, the whole screen, the longest step of it
    and of a code; the bare writes of a line and of the whole screen.
    """

    line: list[float] = field(default_factory=list)
    scrolled: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    step: list[float] = field(default_factory=list)
    code_step: list[float] = field(default_factory=list)
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
            Figure("  its rows scrolled, a new one below", p50_p99(times.scrolled)),
            Figure(
                "  the whole screen",
                p50_p99(times.whole),
                f"bare pwrite {p50_p99(times.whole_floor)}",
                p50(times.whole) / p50(times.whole_floor),
            ),
            Figure("  its longest step, for which a scan waits", p50_p99(times.step)),
            Figure("  the longest step of a code for the customer", p50_p99(times.code_step)),
        ]
    return figures


def _measure(path: Path, shape: Shape) -> Times:
    framebuffer = FileFramebuffer(path, shape)
    framebuffer.plug()
    random = Random(SEED)
    times = Times()
    painter = ScreenPainter("screen", str(path), 0, qr_turned=False, ioctl=framebuffer.ioctl)
    painter.prepare(CODE.data)
    for _ in range(ROUNDS):
        painter.forget()
        screen = _screen(random)
        steps = list(_steps(painter, screen))
        times.whole.append(sum(steps))
        times.step.append(max(steps))
        row = random.randrange(ROWS)
        screen = replace(screen, rows=(*screen.rows[:row], _row(random), *screen.rows[row + 1 :]))
        times.line.append(sum(_steps(painter, screen)))
        screen = replace(screen, rows=(*screen.rows[1:], _row(random)))
        times.scrolled.append(sum(_steps(painter, screen)))
        times.code_step.append(max(_steps(painter, replace(screen, qr=CODE))))
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
