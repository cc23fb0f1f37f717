"""The far side of each device: a pseudo-terminal with a plug, an ESC/POS printer, and an inbox.

All of it runs in the test's event loop, whether the till does so too or is another process.
"""

import asyncio
import contextlib
import os
import pty
import socket
import struct
import termios
import tty
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

from edge.checkout.inputs import DeviceChanged, DeviceState, Input
from edge.checkout.instant import ClockQuality, Instant
from edge.clock import SystemClock
from edge.drivers.settings import ReopenSettings, Surroundings
from edge.ports import Clock, Driver
from tests.support.escpos_reader import EscposReader

# What a test waits for comes within this, also on a busy machine.
DEADLINE_S = 20.0
# Devices come back at once, so that tests are quick.
QUICK_REOPEN = ReopenSettings(first_ms=1, cap_ms=10, open_timeout_ms=2_000, stable_ms=0)

T = TypeVar("T")


class Changes:
    """Lets a test wait for a condition, which is looked at whenever something happens."""

    def __init__(self) -> None:
        self._happened = asyncio.Event()

    def tell(self) -> None:
        self._happened.set()

    async def until(self, condition: Callable[[], T]) -> T:
        """The first true value of the condition; TimeoutError after DEADLINE_S."""
        async with asyncio.timeout(DEADLINE_S):
            while not (value := condition()):
                self._happened.clear()
                await self._happened.wait()
            return value


class RecordingInbox:
    """Keeps what was offered; refuses while `full`."""

    def __init__(self) -> None:
        self.items: list[Input] = []
        self.full = False
        self.refused = 0
        self.changes = Changes()

    def offer(self, item: Input) -> bool:
        if self.full:
            self.refused += 1
            self.changes.tell()
            return False
        self.items.append(item)
        self.changes.tell()
        return True

    def of(self, kind: type[T]) -> list[T]:
        return [item for item in self.items if isinstance(item, kind)]

    def states(self, device: str) -> list[DeviceState]:
        return [change.state for change in self.of(DeviceChanged) if change.device == device]

    async def until_count(self, kind: type[T], count: int) -> list[T]:
        await self.changes.until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)

    async def until_state(self, device: str, state: DeviceState) -> None:
        """Until that is the last thing that was told of the device."""
        await self.changes.until(lambda: self.states(device)[-1:] == [state])


class SteppedClock:
    """Stands still until it is moved; sleepers wake in order."""

    def __init__(self) -> None:
        self.mono_ms = 0
        self.sleeps_ms: list[int] = []
        self.changes = Changes()
        self._sleepers: list[tuple[int, asyncio.Future[None]]] = []

    def now(self) -> Instant:
        return Instant(1_700_000_000_000 + self.mono_ms, "boot", self.mono_ms, ClockQuality.SYNCED)

    async def sleep_ms(self, duration_ms: int) -> None:
        self.sleeps_ms.append(duration_ms)
        sleeper = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.mono_ms + duration_ms, sleeper))
        self.changes.tell()
        await sleeper

    async def until_asleep(self, sleeps: int) -> None:
        """Until there were that many sleeps since the start."""
        await self.changes.until(lambda: len(self.sleeps_ms) >= sleeps)

    def advance(self, duration_ms: int) -> None:
        self.mono_ms += duration_ms
        due = [sleeper for at, sleeper in self._sleepers if at <= self.mono_ms]
        self._sleepers = [(at, sleeper) for at, sleeper in self._sleepers if at > self.mono_ms]
        for sleeper in due:
            if not sleeper.done():
                sleeper.set_result(None)


async def turning_until(condition: Callable[[], object]) -> None:
    """Turn the loop until it is so, for what tells nobody."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0)


def surroundings(inbox: RecordingInbox, clock: Clock | None = None) -> Surroundings:
    """What a driver is given when nothing is built beside it; jitter is at its longest."""
    return Surroundings(
        inbox=inbox, clock=clock or SystemClock(0), find=lambda _: None, random=lambda: 0.999
    )


async def obeying_nobody(answer: "asyncio.Future[T]") -> T:
    """What comes, however often whoever waits is told to stop."""
    while not answer.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait((answer,))
    return answer.result()


@contextlib.asynccontextmanager
async def running(*drivers: Driver) -> AsyncIterator[None]:
    """The drivers' lives, for the length of the block; a bug in one fails the test."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(driver.run()) for driver in drivers]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


class SerialLine:
    """A serial device behind `path`: what the till writes is `received`, `send` is the device.

    Unplugging takes path and terminal away, as the kernel does with a USB port.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.received = bytearray()
        self.changes = Changes()
        self.on_bytes: Callable[[bytes], None] | None = None
        self._ends: tuple[int, int] | None = None
        self._reading = False

    def plug(self) -> None:
        device, till = pty.openpty()
        tty.setraw(till)
        os.set_blocking(device, False)
        self._ends = device, till
        self.path.symlink_to(os.ttyname(till))
        self.resume()

    def unplug(self) -> None:
        if self._ends is None:
            return
        self.stall()
        self.path.unlink()
        for end in self._ends:
            os.close(end)
        self._ends = None

    @property
    def input_modes(self) -> int:
        """Those of termios(3) that the till has set."""
        assert self._ends is not None
        return int(termios.tcgetattr(self._ends[0])[0])

    def send(self, data: bytes) -> None:
        assert self._ends is not None, "an unplugged device sends nothing"
        assert os.write(self._ends[0], data) == len(data)

    def stall(self) -> None:
        """Take no more bytes; the till's buffers fill."""
        if self._ends is not None and self._reading:
            asyncio.get_running_loop().remove_reader(self._ends[0])
        self._reading = False

    def resume(self) -> None:
        if self._ends is not None and not self._reading:
            asyncio.get_running_loop().add_reader(self._ends[0], self._take)
            self._reading = True

    def _take(self) -> None:
        assert self._ends is not None
        data = os.read(self._ends[0], 4096)
        self.received += data
        if self.on_bytes is not None:
            self.on_bytes(data)
        self.changes.tell()


@contextlib.contextmanager
def plugged(line: SerialLine):  # noqa: ANN201 - a context manager
    line.plug()
    try:
        yield line
    finally:
        line.unplug()


class PrinterBody:
    """What printers have in common, whatever they hang on. `reader` holds papers and pulses;
    `answers = False` makes it silent; `stall` stops it taking bytes, at once or after that many of
    them; a `deaf` one has lost what is on its way, as with a cable that is pulled, at most up to
    and with `deaf_until`. Without power it forgets all, and has a `new_reader`.
    """

    def __init__(
        self, changes: Changes, new_reader: Callable[[], EscposReader] = EscposReader
    ) -> None:
        self.new_reader = new_reader
        self.reader = new_reader()
        self.changes = changes
        self.answers = True
        self.deaf = False
        self.deaf_until = b""
        self.unheard = bytearray()
        self.stall_after: int | None = None

    def hear(self, data: bytes) -> bytes:
        """Byte by byte, for what happens at one of them; the answers, which are on their way."""
        answers = b""
        for place in range(len(data)):
            byte = data[place : place + 1]
            if self.deaf:
                self.unheard += byte
                self.deaf = not (self.deaf_until and self.unheard.endswith(self.deaf_until))
            else:
                answers += self.reader.feed(byte)
        return answers if self.answers else b""

    @property
    def is_full(self) -> bool:
        stalls = self.stall_after is not None and self.reader.bytes_fed >= self.stall_after
        return stalls or self.reader.is_full


class SerialPrinter(PrinterBody):
    """An ESC/POS printer at a serial line."""

    def __init__(self, line: SerialLine) -> None:
        super().__init__(line.changes)
        self.line = line
        line.on_bytes = self._take

    def _take(self, data: bytes) -> None:
        if answer := self.hear(data):
            self.line.send(answer)
        if self.is_full:
            self.line.stall()

    async def pull(self) -> None:
        """The cable between port and printer: nobody is told."""
        self.deaf = True

    async def push(self) -> None:
        self.deaf = False

    async def power_off(self) -> None:
        self.deaf = True
        self.reader.lose_power()

    def go_on(self) -> None:
        """What stopped it from printing is over."""
        if answer := self.reader.go_on():
            self.line.send(answer)
        self.line.resume()
        self.changes.tell()

    async def plug(self) -> None:
        self.line.plug()

    async def unplug(self) -> None:
        self.line.unplug()
        self.reader = self.new_reader()

    def stall(self) -> None:
        self.line.stall()

    def resume(self) -> None:
        self.stall_after = None
        self.line.resume()


class FakePrinter(PrinterBody):
    """An ESC/POS printer on 127.0.0.1. `port` stays the same when it is unplugged and back."""

    # Small, so that a stalled printer shows after a few kilobytes, as a real one's does.
    RECEIVE_BUFFER = 2048

    def __init__(
        self, port: int = 0, new_reader: Callable[[], EscposReader] = EscposReader
    ) -> None:
        super().__init__(Changes(), new_reader)
        self.port = port
        self.connections = 0
        self._stalled = False
        self._open: set[asyncio.Transport] = set()
        self._server: asyncio.Server | None = None

    async def plug(self) -> None:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.RECEIVE_BUFFER)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        await self.listen(listening)

    async def listen(self, listening: socket.socket) -> None:
        """Be a printer at this socket, which is bound."""
        self.deaf = False
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _PrinterProtocol(self), sock=listening)

    async def unplug(self) -> None:
        """Away at once: connections are reset and new ones refused; its memory is lost."""
        await self.pull()
        self.reader = self.new_reader()

    async def pull(self) -> None:
        """The network alone: it knows what it knows."""
        self.deaf = True
        if self._server is not None:
            server, self._server = self._server, None
            # A connection that asyncio has accepted and that has no protocol yet would be nobody's
            # to close: no more are accepted, and the last one gets here in two turns of the loop.
            for listening in server.sockets:
                asyncio.get_running_loop().remove_reader(listening.fileno())
            for _ in range(2):
                await asyncio.sleep(0)
            server.close()
        self.drop()
        await self.changes.until(lambda: not self._open)

    async def push(self) -> None:
        await self.plug()

    async def power_off(self) -> None:
        await self.pull()
        self.reader.lose_power()

    def go_on(self) -> None:
        """What stopped it from printing is over."""
        answer = self.reader.go_on()
        for transport in self._open:
            transport.write(answer)
        self.resume()
        self.changes.tell()

    def drop(self) -> None:
        """Reset the open connections, as a printer does that is switched off and on."""
        for transport in tuple(self._open):
            connected: socket.socket = transport.get_extra_info("socket")
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()

    def stall(self) -> None:
        self._stalled = True
        for transport in self._open:
            transport.pause_reading()

    def resume(self) -> None:
        self._stalled, self.stall_after = False, None
        for transport in self._open:
            transport.resume_reading()

    def connected(self, transport: asyncio.Transport) -> None:
        self._open.add(transport)
        self.connections += 1
        if self._stalled:
            # Not at once: Python 3.11.2 begins to read right behind this call all the same.
            asyncio.get_running_loop().call_soon(transport.pause_reading)
        self.changes.tell()

    def disconnected(self, transport: asyncio.Transport) -> None:
        self._open.discard(transport)
        self.changes.tell()

    def take(self, transport: asyncio.Transport, data: bytes) -> None:
        if answer := self.hear(data):
            transport.write(answer)
        if self.is_full:
            self.stall()
        self.changes.tell()


class _PrinterProtocol(asyncio.Protocol):
    def __init__(self, printer: FakePrinter) -> None:
        self._printer = printer
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._printer.connected(transport)

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._printer.take(self._transport, data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        assert self._transport is not None
        self._printer.disconnected(self._transport)
