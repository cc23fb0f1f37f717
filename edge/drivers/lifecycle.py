"""The life of a device: ABSENT -> OPENING -> READY -> FAULTED, over and over, without a restart."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Generic

import structlog

from edge.checkout.inputs import DeviceChanged, DeviceState
from edge.drivers.opening import C, Opening
from edge.drivers.settings import ReopenSettings, Surroundings
from edge.ports import DeviceError
from edge.summed_lines import LOG_WINDOW_MS, SummedLines

# A refused DeviceChanged is offered again this much later: a cashier's glance, not a busy loop.
RETELL_MS = 500
BEGUN_ANEW = "begun anew from the keypad"
# 2**16 times any first limit is above every cap, and no larger number is worth computing.
MAX_DOUBLINGS = 16


class DeviceAbsentError(DeviceError):
    """Nothing is plugged in where the settings say."""


class LifeCycle(Generic[C]):
    """Opens, serves until that fails, closes, waits, and opens again; without waiting when that is
    wished, and `forget` is called then, while nothing is open.

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
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self._reopen = reopen
        self._around = around
        self._opening = Opening(name, open_device, reopen.open_timeout_ms)
        self._serve = serve
        self._forget = forget
        self._wished = around.renewals.of(name)
        self._log = structlog.get_logger().bind(device=name)
        self._state = DeviceState.ABSENT
        # What it was when it was not just being opened.
        self._lasting = DeviceState.ABSENT
        self._told: DeviceState | None = None
        self._reason = ""
        self._changed = asyncio.Event()
        self._lost = False
        self._moves = 0
        self._lines = SummedLines(around.clock)

    @property
    def state(self) -> DeviceState:
        return self._state

    async def run(self) -> None:
        """Until cancelled; the device is closed by then."""
        await together(self._keep_open(), self._tell(), self._lines.sum_up(self._sum_up))

    async def _keep_open(self) -> None:
        failures = 0
        while True:
            if self._wished.is_set():
                self._wished.clear()
                self._forget()
            ready_ms = await self._live_once()
            was_stable = ready_ms is not None and ready_ms >= self._reopen.stable_ms
            failures = 1 if was_stable else failures + 1
            if await self._rest(backoff_ms(self._reopen, failures, self._around.random())):
                # Somebody is at it: what is not there yet will be in a moment.
                failures = 0

    async def _rest(self, duration_ms: int) -> bool:
        """Until that time is over; True when something was plugged in before that, or the device
        is to be begun anew, also while it was being opened.
        """
        if self._is_wanted():
            return True
        waits = (
            asyncio.ensure_future(self._around.plugs.moved_since(self._moves)),
            asyncio.ensure_future(self._wished.wait()),
            asyncio.ensure_future(self._around.clock.sleep_ms(duration_ms)),
        )
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        return self._is_wanted()

    def _is_wanted(self) -> bool:
        return self._wished.is_set() or self._around.plugs.moves > self._moves

    async def _live_once(self) -> int | None:
        """One life, from opening to closed; how long it was ready, None if never."""
        connection = await self._opened()
        if connection is None:
            return None
        since_ms = self._around.clock.now().mono_ms
        try:
            await together(self._serve_until_fault(connection), self._until_wished())
        except DeviceError as fault:
            self._moves = self._around.plugs.moves
            self._enter(DeviceState.FAULTED, fault)
        finally:
            await connection.close()
        return self._around.clock.now().mono_ms - since_ms

    async def _serve_until_fault(self, connection: C) -> None:
        self._enter(DeviceState.READY)
        await self._serve(connection)
        raise AssertionError(f"{self.name}: serving ended without a fault")

    async def _until_wished(self) -> None:
        await self._wished.wait()
        raise DeviceError(f"{self.name}: {BEGUN_ANEW}")

    async def _opened(self) -> C | None:
        self._enter(DeviceState.OPENING)
        self._moves = self._around.plugs.moves
        try:
            return await self._opening.opened()
        except DeviceAbsentError as fault:
            self._enter(DeviceState.ABSENT, fault)
        except DeviceError as fault:
            self._enter(DeviceState.FAULTED, fault)
        return None

    def _enter(self, state: DeviceState, fault: DeviceError | None = None) -> None:
        self._state = state
        if state is DeviceState.OPENING:
            return
        self._lasting = state
        self._reason = str(fault) if fault is not None else ""
        self._around.reasons[self.name] = self._reason
        if fault is not None and not self._lost:
            self._lost = True
            if self._lines.may_write():
                self._log.warning("device_lost", state=state.value, reason=str(fault))
        elif fault is None:
            self._lost = False
            if self._lines.may_write():
                self._log.info("device_ready")
        self._changed.set()

    def _sum_up(self, unsaid: int) -> None:
        """A line for all that were too many, with where the device is now."""
        self._log.warning(
            "device_flapping", state=self._lasting.value, unsaid=unsaid, window_ms=LOG_WINDOW_MS
        )

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
            news = DeviceChanged(at=at, device=self.name, state=state, reason=self._reason)
            if self._around.inbox.offer(news):
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
    """Run all until one raises or all return; the others are cancelled and over by then, also for
    who is cancelled while they end. A lone DeviceError comes out as such, not in a group.
    """
    # No TaskGroup: one that ends with an error forgets that it was cancelled meanwhile, and a
    # device that was to stop would be opened anew.
    tasks = [asyncio.ensure_future(work) for work in works]
    cancelled: asyncio.CancelledError | None = None
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    except asyncio.CancelledError as stopped:
        cancelled = stopped
    for task in tasks:
        task.cancel()
    while not all(task.done() for task in tasks):
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError as stopped:
            cancelled = stopped
    failed = [task.exception() for task in tasks if not task.cancelled()]
    errors = [error for error in failed if error is not None]
    if errors:
        group = BaseExceptionGroup("of a device", errors)
        faults, bugs = group.split(DeviceError)
        if bugs is not None or faults is None:
            raise group
        if cancelled is None:
            raise _first(faults) from None
    if cancelled is not None:
        raise cancelled


def _first(faults: BaseExceptionGroup[DeviceError]) -> DeviceError:
    first = faults.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
