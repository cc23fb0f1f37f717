"""How a printer's node is opened and given back, also by a kernel that takes its time."""

import asyncio
import errno
import os
import pty
import threading
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.drivers.device_thread import DeviceThread
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.lines import node_line
from edge.drivers.lines.node_line import take_node
from edge.drivers.settings import NodeModel
from edge.ports import DeviceError


@dataclass(frozen=True)
class Node:
    path: str
    printer: int


@pytest.fixture
def node() -> Iterator[Node]:
    """A pseudo-terminal's name, and the printer's end of it."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield Node(os.ttyname(slave), master)
    os.close(slave)
    os.close(master)


def at(path: str) -> NodeModel:
    return NodeModel(name="printer", path=path)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (errno.ENOENT, DeviceAbsentError, "printer: nothing at /dev/usb/lp0"),
        (errno.ENODEV, DeviceAbsentError, "printer: nothing at /dev/usb/lp0"),
        (errno.EBUSY, DeviceError, "printer: another program has /dev/usb/lp0"),
        (errno.EACCES, DeviceError, "may not be used; the service's user needs the group lp"),
        (errno.EIO, DeviceError, "printer: can't open /dev/usb/lp0"),
    ],
)
async def test_a_node_that_can_not_be_opened_says_why(
    error: int, kind: type[DeviceError], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(node_line.os, "open", refuse)
    with pytest.raises(DeviceError, match=says) as refused:
        await take_node(at("/dev/usb/lp0"), DeviceThread("printer"))
    assert type(refused.value) is kind


async def test_the_node_is_ours_by_its_path(node: Node) -> None:
    line = await take_node(at(node.path), DeviceThread("printer"))
    line.write(b"\x1b@")
    assert os.read(node.printer, 10) == b"\x1b@"
    await line.close()


class Kernel:
    """Opens and closes nodes, and takes its time for it until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened: list[int] = []
        self.closed: list[int] = []
        self.threads: set[str] = set()
        self.go_on = threading.Event()
        self.is_asked = threading.Event()
        self.has_closed = threading.Event()
        self._open, self._close = os.open, os.close
        monkeypatch.setattr(node_line.os, "open", self.open)
        monkeypatch.setattr(node_line.os, "close", self.close)

    def open(self, path: str, flags: int) -> int:
        self._take_its_time()
        self.opened.append(self._open(path, flags))
        return self.opened[-1]

    def close(self, descriptor: int) -> None:
        if descriptor in self.opened:
            self._take_its_time()
            self.closed.append(descriptor)
        self._close(descriptor)
        if descriptor in self.closed:
            self.has_closed.set()

    def _take_its_time(self) -> None:
        self.is_asked.set()
        if threading.current_thread() is threading.main_thread():
            return  # it would wait for itself; `threads` tells
        self.threads.add(threading.current_thread().name)
        assert self.go_on.wait(20)


async def test_a_kernel_that_takes_its_time_to_open_and_close_holds_nobody_up(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = Kernel(monkeypatch)
    opening = asyncio.create_task(take_node(at(node.path), DeviceThread("printer")))
    await asyncio.to_thread(kernel.is_asked.wait, 20)
    assert not opening.done()
    kernel.go_on.set()
    line = await opening
    kernel.go_on.clear()
    kernel.is_asked.clear()
    closing = asyncio.create_task(line.close())
    await asyncio.to_thread(kernel.is_asked.wait, 20)
    assert not closing.done()
    assert kernel.closed == []
    kernel.go_on.set()
    await closing
    assert kernel.closed == kernel.opened
    assert threading.main_thread().name not in kernel.threads


@pytest.mark.parametrize("ends_s", [0.0, 20.0])
async def test_a_node_that_nobody_waits_for_any_more_is_closed_when_it_opens(
    node: Node, monkeypatch: pytest.MonkeyPatch, ends_s: float
) -> None:
    monkeypatch.setattr(node_line, "KERNEL_ENDS_S", ends_s)
    kernel = Kernel(monkeypatch)
    opening = asyncio.create_task(take_node(at(node.path), DeviceThread("printer")))
    await asyncio.to_thread(kernel.is_asked.wait, 20)
    opening.cancel()
    if ends_s:
        await asyncio.sleep(0)
        kernel.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await opening
    if ends_s:
        assert kernel.has_closed.is_set()
    kernel.go_on.set()
    await asyncio.to_thread(kernel.has_closed.wait, 20)
    assert kernel.closed == kernel.opened


async def test_an_opening_that_fails_when_nobody_waits_any_more_is_nobodys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kernel = Kernel(monkeypatch)
    opening = asyncio.create_task(take_node(at("/dev/null/lp0"), DeviceThread("printer")))
    await asyncio.to_thread(kernel.is_asked.wait, 20)
    opening.cancel()
    await asyncio.sleep(0)
    kernel.go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert kernel.opened == []


async def test_a_node_that_became_another_device_meanwhile_is_given_back(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = Kernel(monkeypatch)
    name = tmp_path / "lp7"
    name.symlink_to(node.path)
    opening = asyncio.create_task(take_node(at(str(name)), DeviceThread("printer")))
    await asyncio.to_thread(kernel.is_asked.wait, 20)
    real_open = kernel._open

    def renumbered(path: str, flags: int) -> int:
        descriptor = real_open(path, flags)
        name.unlink()
        name.symlink_to("/dev/null")
        return descriptor

    kernel._open = renumbered
    kernel.go_on.set()
    with pytest.raises(DeviceError, match="became another device while it was being opened"):
        await opening
    assert kernel.closed == kernel.opened != []


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_file_that_stands_in_the_nodes_place_is_a_fault_and_given_back(
    tmp_path: Path,
) -> None:
    file = tmp_path / "lp0"
    file.touch()
    before = open_descriptors()
    for path in (str(file), "/dev/null"):
        with pytest.raises(DeviceError, match=f"printer: {path} is no printer's node"):
            await take_node(at(path), DeviceThread("printer"))
    assert open_descriptors() == before
