"""The life of a device: ABSENT -> OPENING -> READY -> FAULTED, over and over, without a restart."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Generic, Protocol, TypeVar

import structlog

from edge.checkout.inputs import DeviceChanged, DeviceState
from edge.drivers.settings import ReopenSettings, Surroundings
from edge.ports import DeviceError

# A refused DeviceChanged is offered again this much later: a cashier's glance, not a busy loop.
RETELL_MS = 500
# 2**16 times any first limit is above every cap, and no larger number is worth computing.
MAX_DOUBLINGS = 16


class DeviceAbsentError(DeviceError):
    """Nothing is plugged in where the settings say."""


class Connection(Protocol):
    """An open device."""

    async def close(self) -> None:
        """Give everything back within a second, unsent bytes dropped. Never raises."""


C = TypeVar("C", bound=Connection)


class LifeCycle(Generic[C]):
    """Opens, serves until that fails, closes, waits, and opens again.

    `open_device` and `serve` raise DeviceError for what devices do; anything else is a bug and
    leaves `run`. `serve` never returns.
    """

    def __init__(
        self,
        name: str,
        reopen: ReopenSettings,
        around: Surroundings,
        open_device: Callable[[], Awaitable[C]],
        serve: Callable[[C], Awaitable[None]],
    ) -> None:
        self.name = name
        self._reopen = reopen
        self._around = around
        self._open_device = open_device
        self._serve = serve
        self._log = structlog.get_logger().bind(device=name)
        self._state = DeviceState.ABSENT
        self._told: DeviceState | None = None
        self._changed = asyncio.Event()
        self._lost = False

    @property
    def state(self) -> DeviceState:
        return self._state

    async def run(self) -> None:
        """Until cancelled; the device is closed by then."""
        await together(self._keep_open(), self._tell())

    async def _keep_open(self) -> None:
        failures = 0
        while True:
            ready_ms = await self._live_once()
            failures = 1 if ready_ms >= self._reopen.stable_ms else failures + 1
            await self._around.clock.sleep_ms(
                backoff_ms(self._reopen, failures, self._around.random())
            )

    async def _live_once(self) -> int:
        """One life, from opening to closed; how long it was ready, 0 if never."""
        connection = await self._opened()
        if connection is None:
            return 0
        since_ms = self._around.clock.now().mono_ms
        try:
            self._enter(DeviceState.READY)
            await self._serve(connection)
            raise AssertionError(f"{self.name}: serving ended without a fault")
        except DeviceError as fault:
            self._enter(DeviceState.FAULTED, fault)
        finally:
            await connection.close()
        return self._around.clock.now().mono_ms - since_ms

    async def _opened(self) -> C | None:
        self._enter(DeviceState.OPENING)
        timeout_ms = self._reopen.open_timeout_ms
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                return await self._open_device()
        except DeviceAbsentError as fault:
            self._enter(DeviceState.ABSENT, fault)
        except DeviceError as fault:
            self._enter(DeviceState.FAULTED, fault)
        except TimeoutError:
            late = DeviceError(f"{self.name}: did not open within {timeout_ms} ms")
            self._enter(DeviceState.FAULTED, late)
        return None

    def _enter(self, state: DeviceState, fault: DeviceError | None = None) -> None:
        self._state = state
        if state is DeviceState.OPENING:
            return
        if fault is not None and not self._lost:
            self._lost = True
            self._log.warning("device_lost", state=state.value, reason=str(fault))
        elif fault is None:
            self._lost = False
            self._log.info("device_ready")
        self._changed.set()

    async def _tell(self) -> None:
        """Offer each lasting change to the inbox, again when the inbox was full. Attempts to open
        are not told, nor is a state that ended before it could be told.
        """
        while True:
            await self._changed.wait()
            self._changed.clear()
            state = self._state
            if state in (self._told, DeviceState.OPENING):
                continue
            at = self._around.clock.now()
            if self._around.inbox.offer(DeviceChanged(at=at, device=self.name, state=state)):
                self._told = state
            else:
                await self._around.clock.sleep_ms(RETELL_MS)
                self._changed.set()


def backoff_ms(reopen: ReopenSettings, failures: int, random: float) -> int:
    """How long to wait after that many failures in a row (1 and up): full jitter, as in Brooker,
    "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015).
    """
    limit = min(reopen.cap_ms, reopen.first_ms * 2 ** min(failures - 1, MAX_DOUBLINGS))
    return max(1, int(random * limit))


async def together(*works: Coroutine[object, object, None]) -> None:
    """Run all until one raises or all return; the others are cancelled and over by then. A lone
    DeviceError comes out as such, not in a group.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            for work in works:
                tasks.create_task(work)
    except ExceptionGroup as group:
        faults, bugs = group.split(DeviceError)
        if bugs is not None or faults is None:
            raise
        raise _first(faults) from None


def _first(faults: ExceptionGroup[DeviceError]) -> DeviceError:
    first = faults.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first
