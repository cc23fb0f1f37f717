"""A device that a test plugs, and its life on a clock that a test moves."""

import asyncio
import time
from collections import deque
from dataclasses import replace

from edge.checkout.inputs import DeviceState
from edge.drivers.lifecycle import LifeCycle
from edge.drivers.settings import NOBODY_WATCHES, Plugs, ReopenSettings
from tests.support.devices import (
    Changes,
    RecordingInbox,
    SteppedClock,
    obeying_nobody,
    surroundings,
)

REOPEN = ReopenSettings(first_ms=100, cap_ms=1_000, open_timeout_ms=50, stable_ms=10_000)


class Socket:
    """A device in a test's hands: what the next openings do, and how serving ends."""

    def __init__(self) -> None:
        self.openings: deque[Exception | str] = deque()
        self.failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.changes = Changes()
        self.open = 0
        self.closed = 0

    async def connect(self) -> "Socket":
        what = self.openings.popleft() if self.openings else "plugged"
        if isinstance(what, Exception):
            raise what
        if what == "hangs":
            await asyncio.get_running_loop().create_future()
        if what == "obeys nobody":
            await obeying_nobody(self.answer)
        if what == "at the last moment":
            self.open += 1
            return await at_the_last_moment(self)
        self.open += 1
        self.failure = asyncio.get_running_loop().create_future()
        return self

    async def serve(self, _: "Socket") -> None:
        await self.failure

    async def close(self) -> None:
        self.closed += 1
        self.changes.tell()

    def fail(self, error: Exception) -> None:
        self.failure.set_exception(error)


class Plugging:
    """Somebody at the plugs: `plug_in` is one that goes in."""

    def __init__(self) -> None:
        self.moves = 0
        self._moved = asyncio.Event()

    def plug_in(self) -> None:
        self.moves += 1
        self._moved.set()

    async def moved_since(self, moves: int) -> None:
        while self.moves <= moves:
            self._moved.clear()
            await self._moved.wait()


class Life:
    def __init__(self, reopen: ReopenSettings = REOPEN, plugs: Plugs = NOBODY_WATCHES) -> None:
        self.inbox = RecordingInbox()
        self.clock = SteppedClock()
        self.socket = Socket()
        around = replace(surroundings(self.inbox, self.clock), plugs=plugs)
        self.reasons, self.renewals = around.reasons, around.renewals
        self.cycle = LifeCycle(
            "lamp",
            reopen,
            around,
            self.socket.connect,
            self.socket.serve,
        )

    async def until(self, state: DeviceState) -> None:
        await self.inbox.until_state("lamp", state)


def at_the_last_moment(opened: Socket) -> "asyncio.Future[Socket]":
    """What comes in the very turn of the loop in which a millisecond is over: the loop is kept from
    looking until then.
    """
    loop = asyncio.get_running_loop()
    answer = loop.create_future()
    loop.call_later(0.000_5, answer.set_result, opened)
    loop.call_soon(time.sleep, 0.01)
    return answer
