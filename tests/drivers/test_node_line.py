"""The kernel's node of a USB printer, as its driver usblp behaves: a socket pair or a
pseudo-terminal stands for it.
"""

import asyncio
import errno
import os
import pty
import socket
import tty
from collections.abc import Iterator

import pytest

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lines import node_line
from edge.drivers.lines.heard import MOST_UNREAD
from edge.drivers.lines.line import MOST_QUEUED
from edge.drivers.lines.node_line import CHUNK, NodeLine
from edge.ports import DeviceError
from tests.support.devices import Changes


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, int]]:
    """The printer's end, and the descriptor that the line owns."""
    printer, till = socket.socketpair()
    till.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2_304)
    till.setblocking(False)
    printer.setblocking(False)
    yield printer, till.detach()
    printer.close()


class NoWayBack:
    """usblp reads nothing of a printer that is unidirectional."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reads = 0
        self.changes = Changes()
        monkeypatch.setattr(node_line.os, "read", self.refuse)

    def refuse(self, _: int, __: int) -> bytes:
        self.reads += 1
        self.changes.tell()
        raise OSError(errno.EINVAL, "Invalid argument")


async def heard(printer: socket.socket, count: int) -> bytes:
    loop, data = asyncio.get_running_loop(), b""
    async with asyncio.timeout(20):
        while len(data) < count:
            data += await loop.sock_recv(printer, 65_536)
    return data


async def test_bytes_go_both_ways_and_what_has_left_is_known(
    ends: tuple[socket.socket, int],
) -> None:
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    data = bytes(range(256)) * 100
    line.write(data)
    assert line.unsent() > len(data) // 2
    assert await heard(printer, len(data)) == data
    assert line.unsent() == 0
    printer.send(b"\x12")
    assert await line.read_within(20_000) == b"\x12"
    assert await line.read_within(1) == b""
    await line.close()


async def test_a_piece_that_has_not_arrived_is_not_sent(ends: tuple[socket.socket, int]) -> None:
    """usblp takes a piece before the printer has it, and is writable again when it has."""
    _, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    line.write(bytes(50_000))
    stuck = line.unsent()
    assert stuck > 0
    assert line.unsent() == stuck
    await line.close()
    with pytest.raises(DeviceError, match="printer: closed"):
        line.unsent()


async def test_the_last_piece_counts_when_the_printer_has_it(
    ends: tuple[socket.socket, int],
) -> None:
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    line.write(bytes(CHUNK))
    assert line.unsent() == CHUNK
    assert line.unsent() == CHUNK
    assert await heard(printer, CHUNK) == bytes(CHUNK)
    assert line.unsent() == 0
    await line.close()


async def test_a_piece_in_flight_at_a_cable_that_is_pulled_has_not_arrived(
    ends: tuple[socket.socket, int],
) -> None:
    """usblp says that it is writable then as well: POLLOUT beside POLLHUP."""
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    line.write(bytes(CHUNK))
    printer.close()
    with pytest.raises(DeviceError, match="printer: was unplugged or switched off"):
        line.unsent()
    await line.close()


async def test_nothing_is_sent_to_a_printer_that_is_gone(
    ends: tuple[socket.socket, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    written: list[bytes] = []
    monkeypatch.setattr(node_line.os, "write", lambda _, data: written.append(data) or len(data))
    printer.close()
    line.write(b"hello")
    with pytest.raises(DeviceError, match="was unplugged or switched off"):
        line.unsent()
    assert written == []
    await line.close()


async def test_closing_drops_what_the_printer_has_not_taken(
    ends: tuple[socket.socket, int],
) -> None:
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    line.write(bytes(50_000))
    await line.close()
    data = b""
    while chunk := printer.recv(65_536):
        data += chunk
    assert len(data) < 50_000


async def test_a_printer_that_is_unplugged_ends_reader_and_writer(
    ends: tuple[socket.socket, int],
) -> None:
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    printer.close()
    with pytest.raises(DeviceError, match="printer: was unplugged or switched off"):
        await line.read_within(20_000)
    for use in (line.unsent, lambda: line.write(b"x")):
        with pytest.raises(DeviceError, match="printer: was unplugged"):
            use()
    await line.close()


async def test_a_write_that_fails_is_the_lines_end(
    ends: tuple[socket.socket, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = NodeLine("printer", ends[1], DeviceThread("printer"))

    def unplugged(*_: object) -> int:
        raise OSError(errno.ENODEV, "No such device")

    with monkeypatch.context() as kernel:
        kernel.setattr(node_line.os, "write", unplugged)
        line.write(b"x")
    with pytest.raises(DeviceError, match="was unplugged or switched off"):
        line.unsent()
    await line.close()


async def test_a_kernel_that_is_still_busy_is_asked_again(
    ends: tuple[socket.socket, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))

    def busy(*_: object) -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    with monkeypatch.context() as kernel:
        kernel.setattr(node_line.os, "write", busy)
        line.write(b"hello")
        assert line.unsent() == 5
    assert await heard(printer, 5) == b"hello"
    await line.close()


async def test_empty_packets_are_heard_now_and_then_and_mean_nothing() -> None:
    """Some printers send them all the time: the node reads as empty and is no more at its end."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    os.set_blocking(slave, False)
    line = NodeLine("printer", slave, DeviceThread("printer"))
    reads = 0
    real_read = os.read

    def empty_first(descriptor: int, count: int) -> bytes:
        nonlocal reads
        reads += 1
        return real_read(descriptor, count) if reads > 2 else b""

    node_line.os.read, before = empty_first, node_line.os.read
    try:
        os.write(master, b"\x12")
        assert await line.read_within(20_000) == b"\x12"
    finally:
        node_line.os.read = before
    assert reads == 3
    await line.close()
    os.close(master)


async def test_a_printer_without_a_way_back_has_nothing_to_say(
    ends: tuple[socket.socket, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    NoWayBack(monkeypatch)
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    printer.send(b"x")
    assert await line.read_within(20) == b""
    line.write(b"hello")
    assert await heard(printer, 5) == b"hello"
    await line.close()


async def test_a_printer_without_a_way_back_is_missed_when_it_goes(
    ends: tuple[socket.socket, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    node = NoWayBack(monkeypatch)
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    printer.send(b"x")
    # At the start, and for the byte.
    await node.changes.until(lambda: node.reads == 2)
    printer.close()
    with pytest.raises(DeviceError, match="was unplugged or switched off"):
        await line.read_within(20_000)
    await line.close()


async def test_a_line_that_is_closed_is_not_listened_to_later(
    ends: tuple[socket.socket, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its descriptor may be another device's by then."""
    node = NoWayBack(monkeypatch)
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    printer.send(b"x")
    await node.changes.until(lambda: node.reads == 2)
    later = line._listens_later
    assert later is not None
    assert not later.cancelled()
    await line.close()
    assert later.cancelled()


async def test_what_was_said_to_somebody_else_is_dropped(
    ends: tuple[socket.socket, int],
) -> None:
    printer, descriptor = ends
    printer.send(b"old")
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    printer.send(b"new")
    assert await line.read_within(20_000) == b"new"
    await line.close()


async def test_what_nobody_reads_and_what_nobody_takes_is_bounded(
    ends: tuple[socket.socket, int],
) -> None:
    printer, descriptor = ends
    line = NodeLine("printer", descriptor, DeviceThread("printer"))
    loop = asyncio.get_running_loop()
    for _ in range(10):
        await loop.sock_sendall(printer, bytes(2_000))
    assert len(await line.read_within(20_000)) <= MOST_UNREAD
    with pytest.raises(DeviceError, match="bytes wait already"):
        line.write(bytes(MOST_QUEUED + 1))
    await line.close()
