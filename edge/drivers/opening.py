"""Attempts to open a device, one at a time, each with an end: also one that obeys nobody."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from edge.drivers.device_thread import BEING_OPENED
from edge.ports import DeviceError

# An attempt that is given up has this long to give back what it holds; a driver whose call hangs
# in the kernel waits a second for it.
GIVEN_UP_S = 1.5


class Connection(Protocol):
    """An open device."""

    async def close(self) -> None:
        """Give everything back within a second, unsent bytes dropped. Never raises."""


C = TypeVar("C", bound=Connection)


class Opening(Generic[C]):
    """What one device is opened with."""

    def __init__(self, name: str, open_device: Callable[[], Awaitable[C]], timeout_ms: int) -> None:
        self._name = name
        self._open_device = open_device
        self._timeout_ms = timeout_ms
        self._left_behind: asyncio.Task[None] | None = None

    async def opened(self) -> C:
        """What was opened in that time. Raises DeviceError when nothing was, or when an attempt
        that was given up still goes on: what that one opens is closed. When this is cancelled, what
        it opened is closed.
        """
        self._check_left_behind()
        # A task of its own, asked for its result when it is over: what came back in the turn in
        # which it was cancelled is there as well.
        task = asyncio.ensure_future(self._open_device())
        try:
            await asyncio.wait((task,), timeout=self._timeout_ms / 1000)
            if await self._is_over(task) and not task.cancelled():
                return task.result()
            raise DeviceError(f"{self._name}: did not open within {self._timeout_ms} ms")
        except asyncio.CancelledError:
            if await self._is_over(task):
                await _close_result(task)
            raise
        finally:
            # An error has this frame, and would keep what is half open until it is collected.
            del task

    async def _is_over(self, task: "asyncio.Future[C]") -> bool:
        """Whether it ended, of itself or because it was told to."""
        if not task.done():
            # What it waited for may have come in this turn, and is its to take.
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait((task,), timeout=GIVEN_UP_S)
        if not task.done():
            self._left_behind = asyncio.create_task(_close_result(task))
        return task.done()

    def _check_left_behind(self) -> None:
        if self._left_behind is None:
            return
        if not self._left_behind.done():
            raise DeviceError(f"{self._name}: {BEING_OPENED}")
        left_behind, self._left_behind = self._left_behind, None
        left_behind.result()


async def _close_result(task: "asyncio.Future[C]") -> None:
    """Close what it opens, when it is over. Raises what is no fault of a device."""
    await asyncio.wait((task,))
    if task.cancelled() or isinstance(task.exception(), DeviceError):
        return
    await task.result().close()
