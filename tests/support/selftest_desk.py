"""A till whose devices are values, with somebody at it who answers."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from edge.checkout.inputs import BarcodeScanned, Key, KeyPressed
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.shop import Language
from edge.clock import SystemClock
from edge.drivers.simulated import CashierDisplaySimulatedSettings, SimulatedCashierDisplay
from edge.selftest.bench import Happenings, Patience, Technician, Typed
from edge.selftest.devices import CHECKS, Bench
from edge.selftest.plan import Aspect, Check, Part
from edge.selftest.verdict import Verdict
from edge.store.till_store import open_store
from tests.support.devices import QUICK_REOPEN, RecordingInbox, surroundings

NOW = Instant(1_700_000_000_000, "boot", 0, ClockQuality.SYNCED)
HURRY = Patience(
    ready_ms=50, absent_ms=50, status_ms=50, answer_ms=50, key_ms=50, scan_ms=50, shut_ms=50
)
CALM = Patience()


class Desk:
    """A bench with a technician whose terminal and keypad the test holds."""

    def __init__(
        self, bench: Bench, said: list[str], screen: SimulatedCashierDisplay, fd: int
    ) -> None:
        self.bench = bench
        self.said = said
        self.screen = screen
        self._fd = fd
        self.on_line: Callable[[str], None] = lambda _: None

    def press(self, *keys: Key) -> None:
        for key in keys:
            self.bench.happenings.inbox_of("keypad").offer(KeyPressed(key, NOW))

    def scan(self, code: str, scanner: str = "scanner") -> None:
        self.bench.happenings.inbox_of(scanner).offer(BarcodeScanned(code, NOW))

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    async def look(self, part: Part, aspect: Aspect, device: str) -> Verdict:
        return await CHECKS[aspect](self.bench, Check(part, aspect, device))


@asynccontextmanager
async def desk(folder: Path, patience: Patience, **devices: Any) -> AsyncIterator[Desk]:
    clock = SystemClock(0)
    happenings = Happenings()
    settings = CashierDisplaySimulatedSettings(
        driver="cashier_display_simulated", name="screen", reopen=QUICK_REOPEN
    )
    screen = SimulatedCashierDisplay(settings, surroundings(RecordingInbox()))
    ours, theirs = os.pipe()
    typed = Typed(ours, happenings)
    typed.begin()
    said: list[str] = []
    made: list[Desk] = []

    def say(line: str) -> None:
        said.append(line)
        made[0].on_line(line)

    technician = Technician(happenings, [screen], say, typed, Language.ENGLISH)
    async with open_store(
        folder / "till.db", clock=clock, device="till-07", currency="CNY"
    ) as store:
        bench = Bench(
            devices=devices,
            hangs_on={},
            happenings=happenings,
            technician=technician,
            patience=patience,
            store=store,
            clock=clock,
            name="till-07",
            logo=None,
        )
        made.append(Desk(bench, said, screen, theirs))
        try:
            yield made[0]
            head = await store.journal_head()
            bodies = await store.journal_after(0, 0, 100)
            assert head.last_seq == len(bodies)
        finally:
            typed.end()
            os.close(ours)
            os.close(theirs)
