"""What may never come back, as a call into a kernel that waits for its device: on a thread that is
the device's own.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from edge.ports import DeviceError

T = TypeVar("T")

BEING_OPENED = "is still being opened"
BEING_CLOSED = "is still being closed"
BEING_LOOKED_FOR = "is still being looked for"
BEING_LOOKED_AT = "is still being looked at"
BEING_DRAWN = "is still being drawn"


def nothing(_: object) -> None:
    """What is done with what nobody has to give back."""


class DeviceThread:
    """The calls for one device, one at a time. What hangs takes a thread from nobody else, however
    often the device is tried again, and the process ends without waiting for it.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._under_way: list[str] = []
        self._last: threading.Thread | None = None
        self._over = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        return not self._under_way

    def start(
        self, doing: str, call: Callable[[], T], unwanted: Callable[[T], object] = nothing
    ) -> "asyncio.Future[T]":
        """Begin the call. Whoever cancels the future has `unwanted` give back what comes of it, on
        a thread as well. Raises DeviceError, which says what is under way, while something is.
        """
        if self._under_way:
            raise DeviceError(f"{self._name}: {self._under_way[0]}")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        def returned(result: T) -> None:
            if future.cancelled():
                self._run(BEING_CLOSED, partial(unwanted, result), nothing, nothing)
            else:
                future.set_result(result)

        def raised(error: BaseException) -> None:
            if not future.cancelled():
                future.set_exception(error)

        self._run(doing, call, returned, raised)
        return future

    def finish(self, call: Callable[[], object]) -> None:
        """Give the device back, behind what is under way: what hangs has it until then."""
        before = self._last

        def give_back() -> None:
            if before is not None:
                before.join()
            call()

        self._run(BEING_CLOSED, give_back, nothing, nothing)

    async def call(
        self,
        doing: str,
        call: Callable[[], T],
        unwanted: Callable[[T], object] = nothing,
        *,
        ends_s: float = 0,
    ) -> T:
        """As `start`. When this is cancelled, up to `ends_s` for it to end all the same, and for
        what it gave to be given back.
        """
        future = self.start(doing, call, unwanted)
        try:
            return await future
        except asyncio.CancelledError:
            if not future.cancelled() and future.exception() is None:
                # It came in the very turn in which nobody waited any more.
                result = future.result()
                self._run(BEING_CLOSED, partial(unwanted, result), nothing, nothing)
            await self.ended(ends_s)
            raise
        finally:
            # As in `work`: an error that is raised here has this frame, and the future has it.
            del future

    async def ended(self, within_s: float) -> None:
        """Until nothing is under way, or that time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._under_way:
                    self._over.clear()
                    await self._over.wait()

    def _run(
        self,
        doing: str,
        call: Callable[[], T],
        returned: Callable[[T], None],
        raised: Callable[[BaseException], None],
    ) -> None:
        """One of both is told, on the loop."""
        loop = asyncio.get_running_loop()

        def over(tell: Callable[[Any], None], outcome: object) -> None:
            # Its last act was to say so.
            thread.join()
            self._under_way.remove(doing)
            tell(outcome)
            self._over.set()

        def work() -> None:
            try:
                told = partial(over, returned, call())
            except BaseException as error:  # noqa: BLE001 - whoever waits is told, of bugs as well
                told = partial(over, raised, error)
            # A loop that is closed has nobody left who would want to know.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(told)
            # An error has this frame, and would keep what failed half open until it is collected.
            del told

        thread = threading.Thread(target=work, name=f"device-{self._name}", daemon=True)
        # Without a thread to be had, nothing is under way.
        thread.start()
        self._last = thread
        self._under_way.append(doing)
