"""From the scanner's code in the inbox to the cashier's screen, through the real till loop."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TypeAlias

from shop import SEED, settings
from table import Figure, p50, p50_p99, p99

from edge.appliance import StopRequest
from edge.checkout.inputs import Key
from edge.checkout.screens import CashierScreen
from edge.compose import House, build_house
from edge.drivers.simulated import (
    SimulatedCashierDisplay,
    SimulatedDrawer,
    SimulatedKeypad,
    SimulatedScanner,
)

BASKETS = 60
LINES = 50
AIM_S = 0.005

# Seconds: scans, payments, hops over a bare queue.
Times: TypeAlias = tuple[list[float], list[float], list[float]]


def measure(store: Path, codes: Sequence[tuple[str, str]]) -> list[Figure]:
    """`store` has the catalogue."""
    scans, cash, hops = asyncio.run(_measure(store, codes))
    return [
        Figure(
            f"scan to screen, baskets of 1 to {LINES} lines",
            p50_p99(scans),
            f"bare queue {p50_p99(hops)}",
            p50(scans) / p50(hops),
            aim="p99 < 5 ms",
            met=p99(scans) < AIM_S,
        ),
        Figure(f"  CASH to drawer, {LINES} lines", f"p50 {p50(cash) * 1e3:.3f} ms"),
    ]


async def _measure(store: Path, codes: Sequence[tuple[str, str]]) -> Times:
    stop = StopRequest()
    async with build_house(settings(store), stop=stop) as house, asyncio.TaskGroup() as tasks:
        tasks.create_task(house.appliance.run())
        await house.appliance.ready.wait()
        found = await _sell(house, [code for code, _ in codes])
        stop.stop()
    return found


async def _sell(house: House, codes: Sequence[str]) -> Times:
    scanner, keypad = house.devices.scanners[0], house.devices.keypads[0]
    display, drawer = house.devices.cashier_displays[0], house.devices.drawers[0]
    assert isinstance(scanner, SimulatedScanner)
    assert isinstance(keypad, SimulatedKeypad)
    assert isinstance(display, SimulatedCashierDisplay)
    assert isinstance(drawer, SimulatedDrawer)
    random = Random(SEED)
    shown, opened = asyncio.Event(), asyncio.Event()
    screens: list[tuple[float, CashierScreen]] = []
    pulses: list[float] = []

    def on_show(screen: CashierScreen) -> None:
        screens.append((time.perf_counter(), screen))
        shown.set()

    def on_pulse() -> None:
        pulses.append(time.perf_counter())
        opened.set()

    display.on_show, drawer.on_pulse = on_show, on_pulse
    scans, cash, hops = [], [], []
    for _ in range(BASKETS):
        hops += await _hops(LINES)
        for code in random.sample(codes, LINES):
            screens.clear()
            shown.clear()
            begun = time.perf_counter()
            assert scanner.scan(code)
            await shown.wait()
            scans.append(screens[0][0] - begun)
        basket = house.till.session.basket
        assert basket is not None
        assert len(basket.lines) == LINES
        opened.clear()
        begun = time.perf_counter()
        assert keypad.press(Key.CASH)
        await opened.wait()
        cash.append(pulses.pop() - begun)
        while house.till.session.printing:
            shown.clear()
            await shown.wait()
    return scans, cash, hops


async def _hops(count: int) -> list[float]:
    """What an event loop takes to hand a value from one task to another: nothing is faster."""
    queue: asyncio.Queue[float] = asyncio.Queue()
    taken: list[float] = []

    async def consume() -> None:
        for _ in range(count):
            begun = await queue.get()
            taken.append(time.perf_counter() - begun)
            queue.task_done()

    consumer = asyncio.create_task(consume())
    for _ in range(count):
        queue.put_nowait(time.perf_counter())
        await queue.join()
    await consumer
    return taken
