"""A line to a device node that is read, written and polled without blocking: the kernel's usblp."""

import asyncio
import errno
import os
import select
from contextlib import suppress
from functools import partial

from edge.drivers.device_thread import BEING_CLOSED, BEING_OPENED, DeviceThread
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.lines.heard import Heard
from edge.drivers.lines.line import MOST_QUEUED
from edge.drivers.plugs import check_opened, find_node
from edge.drivers.settings import NodeModel
from edge.ports import DeviceError

# The kernel presumes that a piece will arrive and takes the next when it has: what may be lost
# with a cable, and what is not known to be taken, is one piece.
CHUNK = 1024
READ_LIMIT = 4096
# Some printers say nothing again and again, in empty packets: they are heard this often.
EMPTY_PAUSE_S = 0.05
# How long a stop waits for an opening or a closing that is under way: usblp waits for the printer
# at both. What takes longer ends by itself.
KERNEL_ENDS_S = 1.0
# What was said to whoever had the printer before is no answer to us.
MOST_STALE_READS = 16

_LATER = frozenset({errno.EAGAIN, errno.EINTR, errno.ENOSPC})
_GONE = frozenset({errno.ENODEV, errno.ENXIO, errno.ESHUTDOWN})
_HUNG_UP = select.POLLHUP | select.POLLERR
NODES = "usbmisc"
UNPLUGGED = "was unplugged or switched off"


class NodeLine:
    """Owns the descriptor. `poll` says that it is writable when the last piece has arrived, as
    usblp does, and when the printer is gone, with POLLHUP beside it. Every fault is a DeviceError;
    after one the line stays broken.
    """

    def __init__(self, name: str, descriptor: int, thread: DeviceThread) -> None:
        self._name = name
        self._thread = thread
        self._descriptor = descriptor
        self._loop = asyncio.get_running_loop()
        self._queue = bytearray()
        self._in_flight = 0
        self._heard = Heard()
        self._fault: str | None = None
        self._writes_later = False
        self._listens_later: asyncio.TimerHandle | None = None
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)
        self._drop_stale()
        self._loop.add_reader(descriptor, self._listen)

    async def read_within(self, timeout_ms: int) -> bytes:
        await self._heard.within(timeout_ms)
        self._check()
        return self._heard.taken()

    def write(self, data: bytes) -> None:
        self._check()
        if len(self._queue) + len(data) > MOST_QUEUED:
            raise self.broken(f"{MOST_QUEUED} bytes wait already")
        self._queue += data
        self._send()

    def unsent(self) -> int:
        self._check()
        if self._in_flight and self._has_arrived():
            self._in_flight = 0
        self._check()
        return len(self._queue) + self._in_flight

    def broken(self, cause: str) -> DeviceError:
        if self._fault is None:
            self._fault = cause
            self._queue.clear()
            self._loop.remove_reader(self._descriptor)
            self._loop.remove_writer(self._descriptor)
            if self._listens_later is not None:
                self._listens_later.cancel()
            # Closing takes back what the printer has not taken. On a thread: the kernel may wait
            # for the printer meanwhile.
            self._thread.start(BEING_CLOSED, partial(_close, self._descriptor))
            self._heard.end()
        return DeviceError(f"{self._name}: {self._fault}")

    async def close(self) -> None:
        self.broken("closed")
        await self._thread.ended(KERNEL_ENDS_S)

    def _check(self) -> None:
        """Raises DeviceError when it is broken."""
        if self._fault is not None:
            raise self.broken(self._fault)

    def _has_arrived(self) -> bool:
        """False as well when the printer is gone, which breaks the line."""
        happened = self._happened()
        if happened & _HUNG_UP:
            self.broken(UNPLUGGED)
            return False
        return bool(happened & select.POLLOUT)

    def _happened(self) -> int:
        return next((events for _, events in self._poll.poll(0)), 0)

    def _send(self) -> None:
        while self._queue and self._has_arrived():
            try:
                taken = os.write(self._descriptor, self._queue[:CHUNK])
            except OSError as error:
                if error.errno not in _LATER:
                    self.broken(_cause(error))
                    return
                break
            del self._queue[:taken]
            self._in_flight = taken
        if self._fault is None:
            self._write_later(wanted=bool(self._queue))

    def _write_later(self, *, wanted: bool) -> None:
        if wanted and not self._writes_later:
            self._loop.add_writer(self._descriptor, self._send)
        elif not wanted and self._writes_later:
            self._loop.remove_writer(self._descriptor)
        self._writes_later = wanted

    def _drop_stale(self) -> None:
        for _ in range(MOST_STALE_READS):
            try:
                if not os.read(self._descriptor, READ_LIMIT):
                    return
            except OSError:
                # Nothing there, or what the first real read will say as well.
                return

    def _listen(self) -> None:
        data = b""
        try:
            data = os.read(self._descriptor, READ_LIMIT)
        except OSError as error:
            # EINVAL is usblp's word for a printer that has no way back.
            if error.errno not in _LATER | {errno.EINVAL}:
                self.broken(_cause(error))
                return
        if data:
            self._heard.hear(data)
        elif self._happened() & _HUNG_UP:
            self.broken(UNPLUGGED)
        else:
            self._loop.remove_reader(self._descriptor)
            self._listens_later = self._loop.call_later(EMPTY_PAUSE_S, self._listen_again)

    def _listen_again(self) -> None:
        self._loop.add_reader(self._descriptor, self._listen)


async def take_node(settings: NodeModel, thread: DeviceThread) -> NodeLine:
    """The node of the settings, which the kernel opens for one alone. Raises DeviceAbsentError or
    DeviceError.
    """
    # On a thread: the kernel asks the printer, and one that does not answer would stop the till.
    opening = partial(_opened, settings)
    descriptor = await thread.call(BEING_OPENED, opening, _close, ends_s=KERNEL_ENDS_S)
    try:
        return NodeLine(settings.name, descriptor, thread)
    except OSError as error:  # a file that somebody wrote in its place can't be waited for
        await thread.call(BEING_CLOSED, partial(_close, descriptor))
        raise DeviceError(f"{settings.name}: {settings.path} is no printer's node") from error


def _opened(settings: NodeModel) -> int:
    """As `take_node`; on the thread."""
    descriptor = _open(settings.name, find_node(settings, NODES))
    try:
        check_opened(settings, NODES, descriptor)
    except DeviceError:
        _close(descriptor)
        raise
    return descriptor


def _open(name: str, path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENODEV, errno.ENXIO}:
            raise DeviceAbsentError(f"{name}: nothing at {path}") from error
        if error.errno == errno.EBUSY:
            raise DeviceError(f"{name}: another program has {path}") from error
        if error.errno in {errno.EACCES, errno.EPERM}:
            group = "the service's user needs the group lp"
            raise DeviceError(f"{name}: {path} may not be used; {group}") from error
        raise DeviceError(f"{name}: can't open {path} ({error})") from error


def _close(descriptor: int) -> None:
    # What it says of bytes that never arrived is known.
    with suppress(OSError):
        os.close(descriptor)


def _cause(error: OSError) -> str:
    if error.errno in _GONE:
        return UNPLUGGED
    return f"the connection broke ({error})"
