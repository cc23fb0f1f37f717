"""A stream of bytes to a device, over a serial port or TCP, with an end to every wait."""

import asyncio
import contextlib
import errno
import fcntl
import logging
import os
import socket
import struct
import termios
from collections.abc import AsyncIterator, Callable
from functools import partial

from edge.drivers.device_thread import BEING_OPENED, DeviceThread
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.lines.marked_bytes import MarkedBytes, as_they_are
from edge.drivers.plugs import check_opened, find_node, shown
from edge.drivers.settings import SerialModel
from edge.ports import Clock, DeviceError

# One wake-up reads at most this much; a stream buffer pauses reading at twice of it.
READ_LIMIT = 4096
# Above this, a writer waits: the first bytes leave early and a stall shows soon.
WRITE_HIGH_WATER = 4096
# Closing hands the descriptor to the kernel; what takes longer is finished in the background.
CLOSE_TIMEOUT_S = 1.0
# How often the kernel's send queue is looked at while it empties: far below a line's print time.
SENT_POLL_MS = 5
# A dead host is noticed after 10 + 3 * 5 s without traffic, before the next customer pays.
KEEPALIVE_IDLE_S, KEEPALIVE_INTERVAL_S, KEEPALIVE_PROBES = 10, 5, 3
BEING_LOOKED_UP = "its host's name is still being looked up; check network and name server"

_PARITY_LETTERS = {"none": "N", "even": "E", "odd": "O"}


class ByteLine:
    """Reads, writes and the kernel's send queue of one connection. Every fault is a DeviceError
    whose text starts with the device's name; after one the line stays broken.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        descriptor: int,
        drop_unsent: Callable[[], None],
        plain: Callable[[bytes], bytes] = as_they_are,
    ) -> None:
        self.name = name
        self._clock = clock
        self._reader = reader
        self._writer = writer
        self._descriptor = descriptor
        self._drop_unsent = drop_unsent
        self._plain = plain
        self._fault: str | None = None
        writer.transport.set_write_buffer_limits(high=WRITE_HIGH_WATER)

    async def read(self) -> bytes:
        """The next bytes, at least one. Raises DeviceError when the line is gone."""
        while True:
            try:
                data = await self._reader.read(READ_LIMIT)
            except OSError as error:
                raise self.broken(f"the connection broke ({error})") from error
            if not data:
                raise self.broken("the connection was closed; check cable and power")
            if plain := self._plain(data):
                return plain

    async def read_within(self, timeout_ms: int) -> bytes:
        """As `read`, but empty when nothing came in that time."""
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                return await self.read()
        except TimeoutError:
            return b""

    def write(self, data: bytes) -> None:
        """Queue the bytes. Never blocks; use `room` and `sent` to keep the queue short."""
        if self._fault is not None:
            raise self.broken(self._fault)
        try:
            self._writer.write(data)
        except OSError as error:
            raise self.broken(f"the connection broke ({error})") from error

    async def room(self, stall_ms: int) -> None:
        """Until the queue is short again. A device that takes no byte for `stall_ms` breaks the
        line.
        """
        await self._while_it_takes(lambda: self._queued() <= WRITE_HIGH_WATER, stall_ms)

    async def sent(self, stall_ms: int) -> None:
        """Until every byte has left: over the wire for a port, acknowledged for TCP. A device
        that takes no byte for `stall_ms` breaks the line.
        """
        await self._while_it_takes(lambda: self.unsent() == 0, stall_ms)

    def unsent(self) -> int:
        """Bytes that the other side does not have yet."""
        if self._writer.transport.is_closing():
            raise self.broken("the connection was closed; check cable and power")
        try:
            return self._queued() + self._in_kernel()
        except OSError as error:
            raise self.broken(f"the connection broke ({error})") from error

    def broken(self, cause: str) -> DeviceError:
        """Give the line up for this cause, at once and without sending the rest. The first cause
        stays, for the reader too.
        """
        if self._fault is None:
            self._fault = cause
            if not self._writer.transport.is_closing():
                self._abort()
        return DeviceError(f"{self.name}: {self._fault}")

    async def close(self) -> None:
        self.broken("closed")
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._writer.wait_closed()

    def _abort(self) -> None:
        # Without this, closing a stalled port waits for its last bytes, and a stalled printer
        # would print them after it was given up.
        with contextlib.suppress(OSError, termios.error):
            if self._queued() + self._in_kernel() > 0:
                self._drop_unsent()
        self._writer.transport.abort()

    def _queued(self) -> int:
        return self._writer.transport.get_write_buffer_size()

    def _in_kernel(self) -> int:
        """The send queue of a port (ioctl_tty(2)) or of TCP, unacknowledged included (tcp(7))."""
        waiting = fcntl.ioctl(self._descriptor, termios.TIOCOUTQ, b"\0\0\0\0")
        return int(struct.unpack("=i", waiting)[0])

    async def _while_it_takes(self, enough: Callable[[], bool], stall_ms: int) -> None:
        left, idle_since_ms = self.unsent(), self._clock.now().mono_ms
        while not enough():
            await self._clock.sleep_ms(SENT_POLL_MS)
            now_left, now_ms = self.unsent(), self._clock.now().mono_ms
            if now_left < left:
                left, idle_since_ms = now_left, now_ms
            elif now_ms - idle_since_ms >= stall_ms:
                raise self.broken(f"took no byte for {stall_ms} ms; switch it off and on")


async def open_serial(settings: SerialModel, clock: Clock, thread: DeviceThread) -> ByteLine:
    """The port of the settings, ours alone. With a parity, SPOILER is read for a byte that comes
    without it. Raises DeviceAbsentError or DeviceError.
    """
    line = None
    try:
        async with _held_open(settings, thread) as held:
            line = await _over_serialx(settings, held, clock)
            if settings.parity != "none":
                await thread.call(BEING_OPENED, partial(_mark_bad_bytes, settings, held))
    except BaseException:
        if line is not None:
            await line.close()
        raise
    return line


@contextlib.asynccontextmanager
async def _held_open(settings: SerialModel, thread: DeviceThread) -> AsyncIterator[int]:
    held = await thread.call(BEING_OPENED, partial(_held, settings), _let_go)
    try:
        yield held
    finally:
        thread.finish(partial(_let_go, held))
        await thread.ended(CLOSE_TIMEOUT_S)


async def _over_serialx(settings: SerialModel, held: int, clock: Clock) -> ByteLine:
    # Here, because it costs 80 ms that a box without serial devices need not spend at start.
    import serialx  # noqa: PLC0415

    # serialx logs every byte at DEBUG, and codes must not reach a log.
    logging.getLogger("serialx").setLevel(logging.INFO)
    try:
        reader, writer = await serialx.open_serial_connection(
            # What we hold, by a path that no other device can come to.
            f"/proc/self/fd/{held}",
            baudrate=settings.baud,
            byte_size=settings.data_bits,
            parity=serialx.Parity(_PARITY_LETTERS[settings.parity]),
            stopbits=serialx.StopBits(settings.stop_bits),
            rtscts=settings.flow_control == "rts_cts",
            xonxoff=settings.flow_control == "xon_xoff",
        )
    except (OSError, termios.error, serialx.SerialException) as error:
        cause = "another program has it" if _is_busy(error) else error
        raise DeviceError(f"{settings.name}: can't open {_shown(settings)} ({cause})") from error
    port = writer.transport.serial
    plain = as_they_are if settings.parity == "none" else MarkedBytes().plain
    drop_unsent = port.reset_write_buffer
    return ByteLine(settings.name, clock, reader, writer, port.fileno(), drop_unsent, plain)


def _mark_bad_bytes(settings: SerialModel, descriptor: int) -> None:
    """Have the kernel check the parity, which serialx only sends: every digit is another one but
    for a single bit, and a code with that one another article's.
    """
    try:
        attributes = termios.tcgetattr(descriptor)
        attributes[0] |= termios.INPCK | termios.PARMRK
        termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
    except termios.error as error:
        why = f"can't check the parity at {_shown(settings)} ({error})"
        raise DeviceError(f"{settings.name}: {why}") from error


def _held(settings: SerialModel) -> int:
    """The port, opened once before serialx does it: that uses threads which are everybody's, and
    only the first opening reaches the device and may hang.
    """
    path = find_node(settings, "tty")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise DeviceAbsentError(f"{settings.name}: nothing at {path}") from error
    except OSError as error:
        raise DeviceError(f"{settings.name}: can't open {path} ({error})") from error
    try:
        check_opened(settings, "tty", descriptor)
    except DeviceError:
        _let_go(descriptor)
        raise
    return descriptor


def _let_go(descriptor: int) -> None:
    # What a port says that is gone, is known.
    with contextlib.suppress(OSError):
        os.close(descriptor)


def _is_busy(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno == errno.EBUSY


def _shown(settings: SerialModel) -> str:
    return settings.path if settings.usb is None else shown(settings.usb)


async def open_tcp(name: str, host: str, port: int, clock: Clock, thread: DeviceThread) -> ByteLine:
    """A connection to the device. Raises DeviceAbsentError or DeviceError."""
    try:
        reader, writer = await _connected(host, port, thread)
    except UnicodeError as error:  # the resolver's word for a host that is none
        raise DeviceAbsentError(f"{name}: {host!r} is no host's name") from error
    except OSError as error:
        raise DeviceAbsentError(f"{name}: no answer from {host}:{port} ({error})") from error
    opened: socket.socket = writer.get_extra_info("socket")
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_IDLE_S)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, KEEPALIVE_PROBES)

    def reset_on_close() -> None:
        """SO_LINGER of 0 makes closing drop what is unsent (socket(7), tcp(7))."""
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return ByteLine(name, clock, reader, writer, opened.fileno(), reset_on_close)


async def _connected(
    host: str, port: int, thread: DeviceThread
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """To the first of the host's addresses that answers. Raises the last one's OSError."""
    # Not left to asyncio, whose threads are everybody's: a name server that does not answer keeps
    # one for 40 s.
    looking = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    *others, last = [str(found[-1][0]) for found in await thread.call(BEING_LOOKED_UP, looking)]
    for address in others:
        with contextlib.suppress(OSError):
            return await asyncio.open_connection(address, port, limit=READ_LIMIT)
    return await asyncio.open_connection(last, port, limit=READ_LIMIT)
