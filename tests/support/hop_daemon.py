"""The daemon with a trap: it kills itself at one hop of a sale.

`python -m tests.support.hop_daemon PORT.METHOD before|after NTH --config FILE` is `edge run`, but
the process ends with SIGKILL right before or after the port's method is called for the nth time.
After a method that waits means after it has answered.
"""

import asyncio
import inspect
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from edge.appliance import StopRequest
from edge.compose import build_house
from edge.effect_runner import World
from edge.log import configure_logging
from edge.settings import read_settings


@dataclass(slots=True)
class Trap:
    """Where to die: on that side of the nth call of the method."""

    port: str
    method: str
    side: str
    nth: int
    calls: int = 0

    def begun(self) -> int:
        """Another call; its number."""
        self.calls += 1
        self.passed("before", self.calls)
        return self.calls

    def passed(self, side: str, call: int) -> None:
        if call == self.nth and side == self.side:
            os.kill(os.getpid(), signal.SIGKILL)

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


class Trapped:
    """A port that is as it was but for the method with the trap."""

    def __init__(self, port: Any, trap: Trap) -> None:
        self._port = port
        self._method = trap.method
        self._trapped = trap.around(getattr(port, trap.method))

    def __getattr__(self, name: str) -> Any:
        return self._trapped if name == self._method else getattr(self._port, name)


def in_world(trap: Trap) -> Callable[[World], World]:
    """What puts the trap between the effect runner and its ports."""

    def wrap(world: World) -> World:
        return replace(world, **{trap.port: Trapped(getattr(world, trap.port), trap)})

    return wrap


async def run(config: Path, trap: Trap) -> None:
    configure_logging()
    stop = StopRequest()
    # The uplink has the store for itself, so its outbox is trapped in place.
    outbox = trap.port == "outbox"
    wrap = (lambda world: world) if outbox else in_world(trap)
    async with build_house(read_settings(config), stop=stop, wrap=wrap) as house:
        if outbox:
            setattr(house.store, trap.method, trap.around(getattr(house.store, trap.method)))
        await house.appliance.run()


if __name__ == "__main__":
    place, side, nth, _, file = sys.argv[1:]
    port, _, method = place.partition(".")
    asyncio.run(run(Path(file), Trap(port, method, side, int(nth))))
