"""The daemon with a trap: at one hop of a sale it is killed, or its disk breaks.

`python -m tests.support.hop_daemon PORT.METHOD before|after NTH kill|FAULT --config FILE` is
`edge run` until right before or after the port's method is called for the nth time. After a method
that waits means after it has answered.
"""

import inspect
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from edge.daemon import run_daemon
from edge.effect_runner import World
from edge.log import configure_logging
from edge.settings import read_settings
from edge.store.till_store import TillStore
from tests.support.faults import Fault, break_disk


@dataclass(slots=True)
class Trap:
    """Where, on which side of the nth call, and what happens then."""

    port: str
    method: str
    side: str
    nth: int
    spring: Callable[[], None]
    calls: int = 0

    def begun(self) -> int:
        """Another call; its number."""
        self.calls += 1
        self.passed("before", self.calls)
        return self.calls

    def passed(self, side: str, call: int) -> None:
        if call == self.nth and side == self.side:
            self.spring()

    def around(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method with the trap on both of its sides."""

        async def waited_for(*args: Any, **kwargs: Any) -> Any:
            call = self.begun()
            answer = await method(*args, **kwargs)
            self.passed("after", call)
            return answer

        def at_once(*args: Any, **kwargs: Any) -> Any:
            call = self.begun()
            answer = method(*args, **kwargs)
            self.passed("after", call)
            return answer

        return waited_for if inspect.iscoroutinefunction(method) else at_once

    def wrap(self, world: World) -> World:
        """The world with the trap between the effect runner and that port."""
        if self.port == "outbox":
            # The uplink has the store for itself, so its outbox is trapped in place.
            store = world.store
            assert isinstance(store, TillStore)
            setattr(store, self.method, self.around(getattr(store, self.method)))
            return world
        return replace(world, **{self.port: Trapped(getattr(world, self.port), self)})


class Trapped:
    """A port that is as it was but for the method with the trap."""

    def __init__(self, port: Any, trap: Trap) -> None:
        self._port = port
        self._method = trap.method
        self._trapped = trap.around(getattr(port, trap.method))

    def __getattr__(self, name: str) -> Any:
        return self._trapped if name == self._method else getattr(self._port, name)


def springing(what: str) -> Callable[[], None]:
    if what == "kill":
        return lambda: os.kill(os.getpid(), signal.SIGKILL)
    return lambda: break_disk(Fault[what])


if __name__ == "__main__":
    place, side, nth, what, _, file = sys.argv[1:]
    port, _, method = place.partition(".")
    configure_logging()
    trap = Trap(port, method, side, int(nth), springing(what))
    sys.exit(run_daemon(read_settings(Path(file)), trap.wrap))
