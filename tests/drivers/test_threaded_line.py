"""A line whose library blocks: what waits is bounded, and what goes wrong on its thread is said."""

import asyncio
import threading

import pytest

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lines.heard import MOST_UNREAD
from edge.drivers.lines.line import MOST_QUEUED
from edge.drivers.lines.threaded_line import ThreadedLine
from edge.ports import DeviceError
from tests.support.devices import DEADLINE_S

FOR_EVER_MS = 3_600_000


class Babbler:
    """A port that says more than anybody reads, or breaks."""

    def __init__(self, *, breaks: Exception | None = None) -> None:
        self.breaks = breaks
        self.said = threading.Semaphore(0)
        self.closed = False

    def write(self, data: bytes, timeout_ms: int) -> int:
        del data, timeout_ms
        return 0

    def read(self, timeout_ms: int) -> bytes:
        del timeout_ms
        if self.breaks is not None:
            raise self.breaks
        self.said.release()
        return b"x" * 512

    def close(self) -> None:
        self.closed = True


async def line_over(port: Babbler) -> ThreadedLine:
    line = ThreadedLine("printer", lambda: port, DeviceThread("printer"))
    await line.open()
    return line


async def test_what_nobody_reads_takes_bounded_memory() -> None:
    port = Babbler()
    thread = DeviceThread("printer")
    line = ThreadedLine("printer", lambda: port, thread)
    await line.open()
    for _ in range(50):
        await asyncio.to_thread(port.said.acquire)
    assert 0 < len(await line.read_within(1_000)) <= MOST_UNREAD
    await line.close()
    assert port.closed
    assert thread.is_idle


async def test_what_nobody_takes_is_bounded_too() -> None:
    line = await line_over(Babbler())
    line.write(bytes(MOST_QUEUED))
    assert line.unsent() == MOST_QUEUED
    with pytest.raises(DeviceError, match="bytes wait already"):
        line.write(b"x")
    for use in (line.unsent, lambda: line.write(b"x")):
        with pytest.raises(DeviceError, match="bytes wait already"):
            use()
    await line.close()


async def test_a_fault_on_the_thread_is_the_readers_at_once() -> None:
    port = Babbler(breaks=DeviceError("printer: it burns"))
    line = await line_over(port)
    async with asyncio.timeout(DEADLINE_S):
        with pytest.raises(DeviceError, match=r"^printer: it burns$"):
            await line.read_within(FOR_EVER_MS)
    await line.close()
    assert port.closed


async def test_a_bug_on_the_thread_is_the_readers_at_once() -> None:
    port = Babbler(breaks=ZeroDivisionError("a bug"))
    line = await line_over(port)
    async with asyncio.timeout(DEADLINE_S):
        with pytest.raises(ZeroDivisionError):
            await line.read_within(FOR_EVER_MS)
    await line.close()
    assert port.closed


async def test_a_bug_in_opening_is_not_swallowed() -> None:
    def open_port() -> Babbler:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ThreadedLine("printer", open_port, DeviceThread("printer")).open()
