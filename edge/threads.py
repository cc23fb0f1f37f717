"""The threads that everybody shares: those that asyncio, and libraries over it, block instead of
the event loop.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# A name server that does not answer keeps a thread for 40 s, and the next try at the broker or the
# gateway takes another. So many are a dozen of each, and well below what the service may have.
MOST_AT_ONCE: Final = 48
# What was begun gets this long when the till stops, which has 20 s for all of it.
ENDS_S: Final = 3.0


class SharedThreads(ThreadPoolExecutor):
    """A thread a call, up to `at_once`. What hangs keeps nobody else waiting, as it would in a pool
    that has few threads, and neither the loop nor the process waits for it longer than `ends_s`.

    A ThreadPoolExecutor, because asyncio takes nothing else; of that it uses nothing.
    """

    def __init__(self, at_once: int = MOST_AT_ONCE, ends_s: float = ENDS_S) -> None:
        super().__init__(max_workers=at_once)
        self._at_once = at_once
        self._ends_s = ends_s
        self._turn = threading.Condition()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._running = 0
        self._is_over = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Raises RuntimeError when it is over, or when there is no thread to be had."""
        future: Future[T] = Future()
        with self._turn:
            if self._is_over:
                raise RuntimeError("no call is taken any more")
            if self._running < self._at_once:
                threading.Thread(target=self._work, name="shared", daemon=True).start()
                self._running += 1
            self._waiting.append((future, partial(fn, *args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """No call is taken any more; with `wait`, those that were have their time to end."""
        with self._turn:
            self._is_over = True
            if cancel_futures:
                for future, _ in self._waiting:
                    future.cancel()
            if wait:
                self._turn.wait_for(lambda: not self._running, self._ends_s)

    def _work(self) -> None:
        while self._did_one():
            pass

    def _did_one(self) -> bool:
        """False when there was none, and this thread leaves."""
        with self._turn:
            if not self._waiting:
                self._running -= 1
                self._turn.notify_all()
                return False
            future, call = self._waiting.popleft()
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(call())
            except BaseException as error:  # noqa: BLE001 - whoever waits is told, of bugs as well
                future.set_exception(error)
                # An error has this frame, and would keep itself alive.
                del future
        return True
