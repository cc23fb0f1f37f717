"""What a line of bytes promises of every wire, and what is assumed of serialx."""

import asyncio
import logging
import os
import socket
import termios
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest

from edge.clock import SystemClock
from edge.drivers.device_thread import DeviceThread
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.lines import byte_line
from edge.drivers.lines.byte_line import ByteLine, open_serial, open_tcp
from edge.drivers.settings import SerialModel
from edge.ports import DeviceError
from tests.support.devices import DEADLINE_S, FakePrinter, SerialLine, plugged

FLOOD = b"#" * 1_000_000


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def settings(path: Path) -> SerialModel:
    return SerialModel(name="port", path=str(path))


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[SerialLine]:
    with plugged(SerialLine(tmp_path / "port")) as plugged_line:
        yield plugged_line


async def opened(line: SerialLine) -> ByteLine:
    return await open_serial(settings(line.path), SystemClock(0), DeviceThread("printer"))


async def test_a_port_that_is_not_there_is_absent(tmp_path: Path) -> None:
    with pytest.raises(DeviceAbsentError, match="port: nothing at"):
        await open_serial(settings(tmp_path / "none"), SystemClock(0), DeviceThread("printer"))


async def test_what_is_no_port_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no terminal")
    with pytest.raises(DeviceError, match="port: can't open") as caught:
        await open_serial(settings(tmp_path / "file"), SystemClock(0), DeviceThread("printer"))
    assert not isinstance(caught.value, DeviceAbsentError)


async def test_a_port_is_ours_alone(line: SerialLine) -> None:
    first = await opened(line)
    with pytest.raises(DeviceError, match=r"port: can't open .*/port \(another program has it\)"):
        await opened(line)
    await first.close()
    second = await opened(line)
    await second.close()


@pytest.mark.parametrize("parity", ["none", "even", "odd"])
async def test_the_kernel_checks_a_parity_that_is_set(line: SerialLine, parity: str) -> None:
    port = await open_serial(
        SerialModel(name="port", path=str(line.path), parity=parity),
        SystemClock(0),
        DeviceThread("printer"),
    )
    checks = termios.INPCK | termios.PARMRK
    assert line.input_modes & checks == (checks if parity != "none" else 0)
    # The kernel doubles what its marks begin with.
    line.send(b"\xff\x001")
    read = b""
    async with asyncio.timeout(DEADLINE_S):
        while len(read) < 3:
            read += await port.read()
    assert read == b"\xff\x001"
    await port.close()


async def test_half_a_mark_is_nothing_yet(line: SerialLine) -> None:
    port = await open_serial(
        SerialModel(name="port", path=str(line.path), parity="even"),
        SystemClock(0),
        DeviceThread("printer"),
    )
    # As the kernel would give it; a pseudo-terminal has no parity to be wrong.
    port._reader.feed_data(b"\xff\x00")
    reading = asyncio.create_task(port.read())
    for _ in range(3):
        await asyncio.sleep(0)
    assert not reading.done()
    port._reader.feed_data(b"42")
    assert await reading == b"\xff2"
    await port.close()


async def test_a_port_whose_parity_can_t_be_checked_is_closed_and_says_so(
    line: SerialLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kernel:
        """Forgets the port, as when it is pulled in this moment."""

        def __getattr__(self, name: str) -> object:
            return getattr(termios, name)

        def tcsetattr(self, *_: object) -> None:
            raise termios.error(5, "Input/output error")

    monkeypatch.setattr(byte_line, "termios", Kernel())
    with_parity = SerialModel(name="port", path=str(line.path), parity="even")
    before = open_descriptors()
    with pytest.raises(DeviceError, match=r"^port: can't check the parity at .*Input/output"):
        await open_serial(with_parity, SystemClock(0), DeviceThread("printer"))
    assert open_descriptors() == before


async def test_a_host_that_refuses_is_absent() -> None:
    printer = FakePrinter()
    await printer.plug()
    await printer.unplug()
    with pytest.raises(DeviceAbsentError, match=f"port: no answer from 127.0.0.1:{printer.port}"):
        await open_tcp("port", "127.0.0.1", printer.port, SystemClock(0), DeviceThread("port"))


async def test_a_host_that_is_none_is_absent() -> None:
    with pytest.raises(DeviceAbsentError, match=r"port: '192\.168\.1\.\.50' is no host's name"):
        await open_tcp("port", "192.168.1..50", 9100, SystemClock(0), DeviceThread("port"))


class NobodysThreads(ThreadPoolExecutor):
    """Those that everybody shares, and that a device is to leave alone."""

    def submit(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError("a thread that is everybody's was asked for")


async def test_a_name_server_that_does_not_answer_takes_no_thread_from_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asyncio.get_running_loop().set_default_executor(NobodysThreads())
    answers, asked = threading.Event(), []
    real = socket.getaddrinfo

    def looked_up(host: str, *rest: object, **how: int) -> object:
        asked.append(threading.current_thread().name)
        assert answers.wait(DEADLINE_S)
        assert host == "printer.shop.example"
        return real("127.0.0.1", *rest, **how)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    printer, thread = FakePrinter(), DeviceThread("port")
    await printer.plug()
    there = ("port", "printer.shop.example", printer.port, SystemClock(0), thread)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await open_tcp(*there)
    for _ in range(10):
        with pytest.raises(DeviceError, match="port: its host's name is still being looked up"):
            await open_tcp(*there)
    assert asked == ["device-port"]
    answers.set()
    await thread.ended(DEADLINE_S)
    await (await open_tcp(*there)).close()
    await printer.unplug()


async def test_a_host_is_tried_at_each_of_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    printer = FakePrinter()
    await printer.plug()
    real = socket.getaddrinfo

    def looked_up(_: str, *rest: object, **how: int) -> object:
        refuses, answers = real("127.0.0.2", *rest, **how), real("127.0.0.1", *rest, **how)
        return [*refuses, *answers, *refuses]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    thread = DeviceThread("port")
    connection = await open_tcp("port", "printer.lan", printer.port, SystemClock(0), thread)
    await printer.changes.until(lambda: printer.connections)
    await connection.close()
    await printer.unplug()


async def test_a_port_that_hangs_while_it_is_opened_is_asked_once_on_the_devices_thread(
    line: SerialLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, asked = threading.Event(), []
    real = os.open

    def hangs(path: str, flags: int, *rest: object, **how: object) -> int:
        if path == str(line.path):
            asked.append(threading.current_thread().name)
            assert answers.wait(DEADLINE_S)
        return real(path, flags, *rest, **how)

    monkeypatch.setattr(os, "open", hangs)
    thread = DeviceThread("port")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await open_serial(settings(line.path), SystemClock(0), thread)
    for _ in range(10):
        with pytest.raises(DeviceError, match="port: is still being opened"):
            await open_serial(settings(line.path), SystemClock(0), thread)
    assert asked == ["device-port"]
    answers.set()
    await thread.ended(DEADLINE_S)
    port = await open_serial(settings(line.path), SystemClock(0), thread)
    await port.close()
    assert asked == ["device-port"] * 2


async def test_bytes_go_both_ways(line: SerialLine) -> None:
    port = await opened(line)
    line.send(b"\x00\r\n\xff\x11\x13")
    assert await port.read() == b"\x00\r\n\xff\x11\x13"
    port.write(b"\x00\r\n\xff\x11\x13")
    await port.sent(1_000)
    await line.changes.until(lambda: line.received == b"\x00\r\n\xff\x11\x13")
    assert await port.read_within(1) == b""
    await port.close()


async def test_closing_a_stalled_port_is_quick_and_its_bytes_are_dropped(line: SerialLine) -> None:
    port = await opened(line)
    line.stall()
    port.write(FLOOD)
    before = asyncio.get_running_loop().time()
    await port.close()
    assert asyncio.get_running_loop().time() - before < 1
    line.resume()
    again = await opened(line)
    again.write(b"!")
    await line.changes.until(lambda: line.received.endswith(b"!"))
    assert len(line.received) < 100_000
    await again.close()


async def test_a_stall_breaks_the_line_for_everybody(line: SerialLine) -> None:
    port = await opened(line)
    line.stall()
    port.write(FLOOD)
    with pytest.raises(DeviceError, match="port: took no byte for 50 ms"):
        await port.sent(50)
    for attempt in (port.room(50), port.sent(50), port.read()):
        with pytest.raises(DeviceError, match="port: took no byte for 50 ms"):
            await attempt
    with pytest.raises(DeviceError, match="port: took no byte for 50 ms"):
        port.write(b"more")
    await port.close()


async def test_slow_is_not_stalled(line: SerialLine) -> None:
    port = await opened(line)
    line.stall()
    data = b"#" * 60_000
    port.write(data)
    sending = asyncio.create_task(port.sent(2_000))
    line.resume()
    await sending
    await line.changes.until(lambda: len(line.received) == len(data))
    await port.close()


async def test_an_unplugged_port_ends_its_reader_and_its_writer(line: SerialLine) -> None:
    port = await opened(line)
    reading = asyncio.create_task(port.read())
    await asyncio.sleep(0)
    line.unplug()
    with pytest.raises(DeviceError, match="port: the connection"):
        await reading
    with pytest.raises(DeviceError, match="port: the connection"):
        port.write(b"x")
    with pytest.raises(DeviceError, match="port: the connection"):
        await port.sent(50)
    await port.close()


async def test_a_connection_that_the_other_side_ends_is_a_fault() -> None:
    printer = FakePrinter()
    await printer.plug()
    connection = await open_tcp(
        "port", "127.0.0.1", printer.port, SystemClock(0), DeviceThread("port")
    )
    await printer.changes.until(lambda: printer.connections)
    reading = asyncio.create_task(connection.read())
    await printer.unplug()
    with pytest.raises(DeviceError, match="port: the connection"):
        await reading
    await connection.close()


async def test_a_host_that_was_given_up_gets_nothing_of_what_it_had_not_taken() -> None:
    """A stalled printer would print it later. What is reset has no end that it could wait for."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        connection = await open_tcp(
            "port", "127.0.0.1", server.getsockname()[1], SystemClock(0), DeviceThread("port")
        )
        printer, _ = server.accept()
    with printer:
        connection.write(FLOOD)
        await connection.close()
        with pytest.raises(ConnectionResetError):
            taken_to_the_end(printer)


def taken_to_the_end(printer: socket.socket) -> int:
    taken = 0
    while data := printer.recv(65_536):
        taken += len(data)
    return taken


async def test_closing_gives_the_descriptor_back(line: SerialLine) -> None:
    await (await opened(line)).close()
    before = open_descriptors()
    for _ in range(5):
        await (await opened(line)).close()
    assert open_descriptors() == before


async def test_no_byte_of_a_device_reaches_a_log(
    line: SerialLine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    port = await opened(line)
    line.send(b"4006381333931\r")
    await port.read()
    await port.close()
    assert "4006381333931" not in caplog.text


async def test_serialx_never_ends_the_wait_for_closing_a_stalled_port_without_abort(
    line: SerialLine,
) -> None:
    """The reason why a ByteLine aborts; when this fails, an ordinary close would do."""
    import serialx  # noqa: PLC0415 - the library itself is looked at here only

    _, writer = await serialx.open_serial_connection(
        str(line.path), baudrate=9600, close_timeout=None
    )
    line.stall()
    writer.write(FLOOD)
    writer.close()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await writer.wait_closed()
    writer.transport.abort()
    await writer.transport.wait_closed()
