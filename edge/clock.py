"""The box's clock: wall time that runs on from what is on record until somebody vouches for it."""

import asyncio
import ctypes
import heapq
import time
from collections.abc import Callable
from pathlib import Path

from edge.checkout.instant import ClockQuality, Instant

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NS_PER_MS = 1_000_000
MS_PER_S = 1000
# adjtimex(2): TIME_OK to TIME_WAIT are a disciplined clock, announcing a leap second or not. Behind
# them comes TIME_ERROR, nobody disciplines it, and -1, the kernel does not say.
DISCIPLINED = range(5)
# Larger than any struct timex.
TIMEX_BYTES = 256


class SystemClock:
    """The box's wall time. `synced`: the kernel is disciplined, and its time counts whatever the
    floor says, for one record from the future must not date all that follow. The floor counts for
    an undisciplined clock, so that a box without a battery runs on from its last record: `floor`
    when the wall time is past it, `unset` when it lies before it and is counted on from there.

    `kernel_state` is what adjtimex(2) returns; the kernel's own unless another is given.
    """

    def __init__(self, floor_utc_ms: int, kernel_state: Callable[[], int] | None = None) -> None:
        self._floor_utc_ms = floor_utc_ms
        self._started_mono_ms = _mono_ms()
        self._boot = BOOT_ID.read_text().strip() if BOOT_ID.exists() else "no-boot-id"
        self._kernel_state = kernel_state or _adjtimex()

    def raise_floor(self, floor_utc_ms: int) -> None:
        """The newest record is known now: time runs on from there."""
        self._floor_utc_ms = max(self._floor_utc_ms, floor_utc_ms)

    def now(self) -> Instant:
        mono_ms = _mono_ms()
        utc_ms = time.time_ns() // NS_PER_MS
        if self._kernel_state() in DISCIPLINED:
            return Instant(utc_ms, self._boot, mono_ms, ClockQuality.SYNCED)
        if utc_ms < self._floor_utc_ms:
            utc_ms = self._floor_utc_ms + mono_ms - self._started_mono_ms
            return Instant(utc_ms, self._boot, mono_ms, ClockQuality.UNSET)
        return Instant(utc_ms, self._boot, mono_ms, ClockQuality.FLOOR)

    async def sleep_ms(self, duration_ms: int) -> None:
        await asyncio.sleep(duration_ms / MS_PER_S)


class VirtualClock:
    """A clock that stands still until it is set. Who sleeps wakes when it is set past his time;
    wall time may be set back, monotonic time then stays. For replay and tests.
    """

    def __init__(self, utc_ms: int, boot: str = "virtual") -> None:
        self._utc_ms = utc_ms
        self._mono_ms = 0
        self._boot = boot
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._slept = 0

    def set_utc_ms(self, utc_ms: int) -> None:
        """Move to that moment and wake whoever has slept long enough."""
        self._mono_ms += max(0, utc_ms - self._utc_ms)
        self._utc_ms = utc_ms
        while self._sleepers and self._sleepers[0][0] <= self._mono_ms:
            _, _, sleeper = heapq.heappop(self._sleepers)
            if not sleeper.done():
                sleeper.set_result(None)

    def advance_ms(self, duration_ms: int) -> None:
        self.set_utc_ms(self._utc_ms + duration_ms)

    def now(self) -> Instant:
        return Instant(self._utc_ms, self._boot, self._mono_ms, ClockQuality.SYNCED)

    async def sleep_ms(self, duration_ms: int) -> None:
        sleeper = asyncio.get_running_loop().create_future()
        self._slept += 1
        heapq.heappush(self._sleepers, (self._mono_ms + duration_ms, self._slept, sleeper))
        await sleeper


def _mono_ms() -> int:
    return time.monotonic_ns() // NS_PER_MS


def _adjtimex() -> Callable[[], int]:
    """adjtimex(2) that reads alone: a timex whose modes are 0 asks for no change."""
    adjtimex = ctypes.CDLL(None).adjtimex
    timex = ctypes.create_string_buffer(TIMEX_BYTES)
    return lambda: int(adjtimex(timex))
