"""What only a scanner that is a keyboard can do."""

import asyncio
import errno
import os
import random
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import evdev
import pytest
from evdev import ecodes

from edge.checkout.inputs import BarcodeScanned, DeviceState
from edge.drivers.device_thread import DeviceThread
from edge.drivers.keys import input_node
from edge.drivers.keys.input_events import EVENT
from edge.drivers.keys.input_node import _grab, open_input
from edge.drivers.keys.scanner_evdev import ScannerEvdevSettings
from edge.drivers.keys.scans import UNREADABLE_CODE
from edge.ports import DeviceError
from tests.support.devices import DEADLINE_S, running
from tests.support.input_devices import (
    DOWN,
    DROPPED,
    REPORT,
    UP,
    EventNode,
    EventNodes,
    moved,
    packed,
    plugged_in,
    pressed,
    typed,
)
from tests.support.scanner_rigs import EvdevRig

CODES = [f"59012341234{number:02}" for number in range(10)]


@pytest.fixture
def nodes(monkeypatch: pytest.MonkeyPatch) -> EventNodes:
    nodes = EventNodes()
    monkeypatch.setattr("evdev.InputDevice", nodes.open)
    return nodes


@pytest.fixture
async def scanner(tmp_path: Path, nodes: EventNodes) -> AsyncIterator[EvdevRig]:
    del nodes
    rig = EvdevRig(tmp_path / "scanner", prefix="F", max_code_length=32)
    with plugged_in(rig.keyboard):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            yield rig


async def away(rig: EvdevRig) -> None:
    await rig.inbox.changes.until(lambda: rig.inbox.states("scanner")[-1] is not DeviceState.READY)


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def lost_reason(said: str) -> str:
    """The reason of the one `device_lost` in what was logged."""
    (line,) = [line for line in said.splitlines() if "device_lost" in line]
    return line.partition("reason=")[2]


async def test_events_that_come_a_byte_at_a_time_are_one_scan(scanner: EvdevRig) -> None:
    for byte in packed(typed("]E04006381333931")):
        scanner.keyboard.send(bytes([byte]))
    assert await scanner.scanned(1) == ["4006381333931"]


async def test_a_burst_of_scans_in_one_write_is_all_of_them(scanner: EvdevRig) -> None:
    scanner.keyboard.play(event for code in CODES for event in typed(f"F{code}"))
    assert await scanner.scanned(10) == CODES


async def test_a_gs1_code_comes_with_its_separators_read(scanner: EvdevRig) -> None:
    scanner.keyboard.play(typed("]d2010952041701001610AB\x1d21C"))
    (scan,) = await scanner.inbox.until_count(BarcodeScanned, 1)
    assert scan.code == "010952041701001610AB\x1d21C"
    assert scan.gs1 is not None


async def test_lost_events_reach_the_cashier_as_an_unreadable_code_and_spoil_no_other(
    scanner: EvdevRig,
) -> None:
    scanner.keyboard.play([*pressed("KEY_4"), DROPPED, *moved("KEY_LEFTSHIFT", UP)])
    scanner.keyboard.play([*typed("31"), *typed("1" * 33), *typed("5901234123457")])
    assert await scanner.scanned(3) == [UNREADABLE_CODE, UNREADABLE_CODE, "5901234123457"]
    assert scanner.device.garbled == 2


async def test_a_shift_that_was_never_let_go_shifts_no_other_code(scanner: EvdevRig) -> None:
    scanner.keyboard.play([*moved("KEY_LEFTSHIFT", DOWN), *typed("a"), *typed("4006381333931")])
    assert await scanner.scanned(2) == ["A", "4006381333931"]


async def test_what_was_half_typed_or_held_when_it_was_unplugged_is_gone(
    scanner: EvdevRig,
) -> None:
    scanner.keyboard.send(packed([*pressed("KEY_4"), *moved("KEY_LEFTSHIFT", DOWN)])[:-7])
    scanner.unplug()
    await away(scanner)
    scanner.replug()
    await scanner.until(DeviceState.READY)
    scanner.scan("4006381333931")
    assert await scanner.scanned(1) == ["4006381333931"]


async def test_half_a_code_that_was_typed_as_the_scanner_was_opened_is_misread(
    scanner: EvdevRig,
) -> None:
    scanner.keyboard.send(packed(typed("333931"), at_us=time.time_ns() // 1_000 - 3_600_000_000))
    scanner.keyboard.play(typed("4006381333931"))
    assert await scanner.scanned(2) == [UNREADABLE_CODE, "4006381333931"]


async def test_what_no_kernel_sends_ends_no_scanner(scanner: EvdevRig) -> None:
    noise = random.Random(5)
    for _ in range(50):
        scanner.keyboard.send(noise.randbytes(EVENT.size))
    scanner.keyboard.play([(ecodes.EV_KEY, 0xFFFF, 1), (0xFFFF, 30, 1), REPORT])
    scanner.keyboard.play([*typed("1"), *typed("4006381333931")])
    await scanner.inbox.changes.until(
        lambda: (
            scanner.inbox.of(BarcodeScanned)[-1:]
            and scanner.inbox.of(BarcodeScanned)[-1].code == "4006381333931"
        )
    )
    assert scanner.device.state is DeviceState.READY


class Wire(EventNode):
    """A node that can fail as a USB device's does when it is pulled: with an error, not an end."""

    def __init__(self, nodes: EventNodes, path: str) -> None:
        near, self.far = socket.socketpair()
        self.path = path
        self._nodes = nodes
        near.setblocking(False)
        self.fd = near.detach()

    def pull(self) -> None:
        # A stream that is closed with something unread in it is reset.
        os.write(self.fd, b"unread")
        self.far.close()


async def test_an_error_of_the_node_is_one_loss_and_it_is_opened_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes, wires = EventNodes(), list[Wire]()

    def opened(path: str) -> Wire:
        wires.append(Wire(nodes, path))
        return wires[-1]

    monkeypatch.setattr("evdev.InputDevice", opened)
    # A socket has no path at which to look again.
    monkeypatch.setattr(input_node, "check_opened", lambda *_: None)
    rig = EvdevRig(tmp_path / "scanner")
    async with running(rig.driver):
        await rig.until(DeviceState.READY)
        wires[0].far.send(packed(typed("1")))
        await rig.scanned(1)
        wires[0].pull()
        await away(rig)
        await rig.until(DeviceState.READY)
        wires[1].far.send(packed(typed("2")))
        assert await rig.scanned(2) == ["1", "2"]
    assert rig.inbox.states("scanner") == [
        DeviceState.READY,
        DeviceState.FAULTED,
        DeviceState.READY,
    ]
    wires[1].far.close()


async def test_it_is_grabbed_whenever_it_is_opened(tmp_path: Path, nodes: EventNodes) -> None:
    rig = EvdevRig(tmp_path / "scanner")
    with plugged_in(rig.keyboard):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            rig.unplug()
            await away(rig)
            rig.replug()
            await rig.until(DeviceState.READY)
    assert nodes.grabbed == [str(rig.keyboard.path)] * 2


async def test_a_node_that_somebody_else_has_grabbed_says_so_until_it_is_let_go(
    tmp_path: Path, nodes: EventNodes, capsys: pytest.CaptureFixture[str]
) -> None:
    rig = EvdevRig(tmp_path / "scanner")
    nodes.grabbed_elsewhere.add(str(rig.keyboard.path))
    with plugged_in(rig.keyboard):
        before = descriptors()
        async with running(rig.driver):
            await rig.until(DeviceState.FAULTED)
        assert descriptors() == before
        async with running(rig.driver):
            reason = lost_reason(capsys.readouterr().out)
            assert "grabbed by another program" in reason
            nodes.grabbed_elsewhere.clear()
            await rig.until(DeviceState.READY)
            rig.scan("1")
            assert await rig.scanned(1) == ["1"]


async def test_a_node_that_may_not_be_read_says_which_group_to_be_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(path: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr("evdev.InputDevice", refused)
    rig = EvdevRig(tmp_path / "scanner")
    async with running(rig.driver):
        await rig.until(DeviceState.FAULTED)
    assert "group input" in lost_reason(capsys.readouterr().out)


async def test_a_path_of_something_else_is_no_input_device(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With evdev itself, which asks the node what it is."""
    rig = EvdevRig(tmp_path / "scanner")
    with plugged_in(rig.keyboard):
        async with running(rig.driver):
            await rig.until(DeviceState.FAULTED)
    assert "is no input device" in lost_reason(capsys.readouterr().out)


async def test_a_box_without_evdev_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "evdev", None)
    rig = EvdevRig(tmp_path / "scanner")
    async with running(rig.driver):
        await rig.until(DeviceState.FAULTED)
    assert "python3-evdev" in lost_reason(capsys.readouterr().out)


def test_evdev_has_the_calls_and_numbers_that_are_made_of_it() -> None:
    for call in ("grab", "leds", "close", "fileno"):
        assert callable(getattr(evdev.InputDevice, call))
    assert ecodes.LED_CAPSL == 1
    with pytest.raises(FileNotFoundError):
        _grab("/nothing/here")


async def test_several_scanners_keep_their_codes_apart(tmp_path: Path, nodes: EventNodes) -> None:
    del nodes
    left, right = EvdevRig(tmp_path / "left"), EvdevRig(tmp_path / "right", layout="de")
    with plugged_in(left.keyboard, right.keyboard):
        async with running(left.driver, right.driver):
            await left.until(DeviceState.READY)
            await right.until(DeviceState.READY)
            halves = [packed(typed("zY12")), packed(typed("34yZ", "de"))]
            for place in range(0, max(map(len, halves)), EVENT.size):
                for rig, events in zip((left, right), halves, strict=True):
                    rig.keyboard.send(events[place : place + EVENT.size])
            assert await left.scanned(1) == ["zY12"]
            assert await right.scanned(1) == ["34yZ"]


async def test_a_hundred_replugs_leak_nothing_and_lose_nothing(scanner: EvdevRig) -> None:
    before = descriptors(), len(asyncio.all_tasks())
    for count in range(1, 101):
        scanner.unplug()
        await away(scanner)
        scanner.replug()
        await scanner.until(DeviceState.READY)
        scanner.scan(f"{count:013}")
        assert (await scanner.scanned(count))[-1] == f"{count:013}"
    assert (descriptors(), len(asyncio.all_tasks())) == before


async def test_stopping_at_any_moment_of_opening_leaves_nothing_open(
    tmp_path: Path, nodes: EventNodes
) -> None:
    del nodes
    rig = EvdevRig(tmp_path / "scanner")
    with plugged_in(rig.keyboard):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
        before = descriptors()
        for steps in range(40):
            async with running(rig.driver):
                for _ in range(steps):
                    await asyncio.sleep(0)
            assert descriptors() == before


async def test_a_keyboard_gone_mad_is_read_a_piece_at_a_time(
    tmp_path: Path, nodes: EventNodes
) -> None:
    """Between two pieces the other devices have their turns."""
    del nodes
    rig = EvdevRig(tmp_path / "scanner")
    settings = ScannerEvdevSettings(
        driver="scanner_evdev", name="scanner", path=str(rig.keyboard.path)
    )
    with plugged_in(rig.keyboard):
        node = await open_input(settings, DeviceThread("scanner"))
        rig.keyboard.send(bytes(200 * EVENT.size))
        pieces = list[int]()

        def take(data: bytes) -> None:
            pieces.append(len(data) // EVENT.size)
            if sum(pieces) == 200:
                raise DeviceError("all is read")

        with pytest.raises(DeviceError, match="all is read"):
            await node.each(take)
        await node.close()
    assert pieces == [64, 64, 64, 8]


async def test_a_keyboard_that_became_another_one_while_it_was_opened_is_given_back(
    tmp_path: Path, nodes: EventNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = EvdevRig(tmp_path / "scanner")
    settings = ScannerEvdevSettings(
        driver="scanner_evdev", name="scanner", path=str(rig.keyboard.path)
    )

    def numbered_anew(*_: object) -> None:
        raise DeviceError("scanner: became another device")

    monkeypatch.setattr(input_node, "check_opened", numbered_anew)
    with plugged_in(rig.keyboard):
        before = descriptors()
        with pytest.raises(DeviceError, match="scanner: became another device"):
            await open_input(settings, DeviceThread("scanner"))
        assert nodes.grabbed == [str(rig.keyboard.path)]
        assert descriptors() == before


async def test_an_opening_that_hangs_has_one_thread_and_is_closed_when_it_is_over(
    tmp_path: Path, nodes: EventNodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, opened = threading.Event(), list[EventNode]()

    def open_slowly(path: str) -> EventNode:
        assert slow.wait(DEADLINE_S)
        opened.append(nodes.open(path))
        return opened[-1]

    monkeypatch.setattr("evdev.InputDevice", open_slowly)
    rig = EvdevRig(tmp_path / "scanner")
    with plugged_in(rig.keyboard):
        settings = ScannerEvdevSettings(
            driver="scanner_evdev", name="scanner", path=str(rig.keyboard.path)
        )
        thread = DeviceThread("scanner")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await open_input(settings, thread)
        for _ in range(20):
            with pytest.raises(DeviceError, match="scanner: is still being opened"):
                await open_input(settings, thread)
        names = [each.name for each in threading.enumerate()]
        assert names.count("device-scanner") == 1
        assert not any(name.startswith("asyncio_") for name in names)
        assert opened == []
        slow.set()
        await thread.ended(DEADLINE_S)
        assert [each.fd for each in opened] == [-1]
        await (await open_input(settings, thread)).close()
