"""A line to a device whose library blocks: one thread carries the bytes, the loop never waits."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lines.heard import Heard
from edge.drivers.lines.line import MOST_QUEUED
from edge.ports import DeviceError

# A transfer takes a few packets; what is taken of a longer one is known only when it ends.
CHUNK = 1024
# The device keeps the bus waiting while its buffer is full. Whoever closes waits no longer.
WRITE_TIMEOUT_MS = 200
# Between two pieces, only what is there already; after the last one, what is answered.
GLANCE_MS, LISTEN_MS = 1, 20
# Answers come within a second of the last byte. Later, the bus is asked now and then: an unplugged
# device shows there as well.
LISTEN_ROUNDS = 50
IDLE_S = 0.2
# A turn in which nothing went either way must not spin when the library returns at once.
PAUSE_S = 0.005
# The longest transfer and the release of the device; what takes longer is left to end by itself.
CLOSE_TIMEOUT_S = 1.0
# What is said when it is to be opened again before that.
BEING_USED = "is still being opened, or the last transfer has not ended yet"


class BlockingPort(Protocol):
    """An open device, used by one thread."""

    def write(self, data: bytes, timeout_ms: int) -> int:
        """How many of the bytes it took within that time, from the first on. Raises DeviceError."""

    def read(self, timeout_ms: int) -> bytes:
        """What it said, empty when nothing came in that time. Raises DeviceError."""

    def close(self) -> None:
        """Never raises."""


class ThreadedLine:
    """Reads and writes of a port, which keep the device's thread for as long as the line is open.
    Every fault is a DeviceError; after one the line stays broken.
    """

    def __init__(
        self, name: str, open_port: Callable[[], BlockingPort], thread: DeviceThread
    ) -> None:
        self._name = name
        self._open_port = open_port
        self._thread = thread
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._heard = Heard()
        self._bug: BaseException | None = None
        self._fault: str | None = None
        # Shared with the thread, under this condition.
        self._changed = threading.Condition()
        self._queue = bytearray()
        self._stopped = False

    async def open(self) -> None:
        """Raises what opening the port raised, and DeviceError while the thread has not given back
        what it had before.
        """
        self._thread.start(BEING_USED, self._work)
        try:
            await self._opened
        except asyncio.CancelledError:
            self.broken("given up while it was opened")
            raise

    async def read_within(self, timeout_ms: int) -> bytes:
        await self._heard.within(timeout_ms)
        if self._bug is not None:
            raise self._bug
        self._check()
        return self._heard.taken()

    def write(self, data: bytes) -> None:
        self._check()
        with self._changed:
            is_full = len(self._queue) + len(data) > MOST_QUEUED
            if not is_full:
                self._queue += data
                self._changed.notify()
        if is_full:
            raise self.broken(f"{MOST_QUEUED} bytes wait already")

    def unsent(self) -> int:
        self._check()
        with self._changed:
            return len(self._queue)

    def broken(self, cause: str) -> DeviceError:
        if self._fault is None:
            self._fault = cause
            with self._changed:
                self._stopped = True
                self._queue.clear()
                self._changed.notify()
            self._heard.end()
        return DeviceError(f"{self._name}: {self._fault}")

    async def close(self) -> None:
        self.broken("closed")
        await self._thread.ended(CLOSE_TIMEOUT_S)

    def _check(self) -> None:
        """Raises DeviceError when it is broken."""
        if self._fault is not None:
            raise self.broken(self._fault)

    # --- on the thread

    def _work(self) -> None:
        try:
            port = self._open_port()
        except BaseException as error:  # noqa: BLE001 - whoever opens is told, of bugs as well
            self._tell(self._not_opened, error)
        else:
            self._tell(self._is_open)
            try:
                self._carry(port)
            except DeviceError as fault:
                self._tell(self._failed, str(fault).removeprefix(f"{self._name}: "))
            except BaseException as bug:  # noqa: BLE001 - the loop's side raises it
                self._tell(self._has_bug, bug)
            finally:
                port.close()

    def _carry(self, port: BlockingPort) -> None:
        rounds = LISTEN_ROUNDS
        while (chunk := self._next(idle=rounds <= 0)) is not None:
            taken = 0
            if chunk:
                taken = port.write(chunk, WRITE_TIMEOUT_MS)
                rounds = LISTEN_ROUNDS
                self._took(taken)
            heard = port.read(LISTEN_MS if not chunk and rounds > 0 else GLANCE_MS)
            if heard:
                self._tell(self._hear, heard)
                rounds = LISTEN_ROUNDS
            elif not taken:
                rounds -= 1
                with self._changed:
                    if not self._stopped:
                        self._changed.wait(PAUSE_S)

    def _next(self, *, idle: bool) -> bytes | None:
        """The next piece to send, empty when there is none, None at the end."""
        with self._changed:
            if idle and not self._queue and not self._stopped:
                self._changed.wait(IDLE_S)
            return None if self._stopped else bytes(self._queue[:CHUNK])

    def _took(self, count: int) -> None:
        with self._changed:
            if not self._stopped:
                del self._queue[:count]

    def _tell(self, what: Callable[..., None], *values: object) -> None:
        # A loop that is closed has nobody left who would want to know.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what, *values)

    # --- told by the thread, on the loop

    def _is_open(self) -> None:
        if not self._opened.done():
            self._opened.set_result(None)

    def _not_opened(self, error: BaseException) -> None:
        if not self._opened.done():
            self._opened.set_exception(error)

    def _failed(self, cause: str) -> None:
        self.broken(cause)

    def _has_bug(self, bug: BaseException) -> None:
        self._bug = bug
        self._heard.end()

    def _hear(self, data: bytes) -> None:
        self._heard.hear(data)
