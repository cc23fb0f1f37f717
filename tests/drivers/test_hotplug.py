"""Who is told when something is plugged in, how soon and how often: on a clock that the test moves,
with a pair of sockets for the kernel's netlink.
"""

import asyncio
import errno
import os
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.inputs import DeviceState
from edge.drivers.hotplug import (
    FLOOD_MS,
    MOST_AT_ONCE,
    REOPEN_MS,
    SETTLE_MS,
    SUBSYSTEMS,
    Arrivals,
    HotPlug,
    Message,
    udev_monitor,
)
from edge.drivers.lifecycle import DeviceAbsentError, LifeCycle
from edge.drivers.settings import ReopenSettings, Surroundings
from edge.ports import DeviceError
from tests.support.devices import Changes, RecordingInbox, SteppedClock, running
from tests.support.udev_bed import Function, Usb, udev_bed


class Wire:
    """A kernel that talks, of things with a node, and the monitor that hears it: an action and a
    path. A message of `!` and a number is that error.
    """

    def __init__(self) -> None:
        self._kernel, self._monitor = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._monitor.setblocking(False)
        self.changes = Changes()
        self.opened = 0
        self.closed = 0
        self.said = 0
        self.reads = 0
        self.heard = 0

    def open(self) -> "Wire":
        self.opened += 1
        self.opened_on = threading.current_thread()
        return self

    def say(self, message: str = "add /bus/lamp") -> None:
        self._kernel.send(message.encode())
        self.said += 1

    def fail(self, number: int) -> None:
        self.say(f"!{number}")

    def fileno(self) -> int:
        return self._monitor.fileno()

    def read(self) -> Message | None:
        self.reads += 1
        try:
            message = self._monitor.recv(64).decode()
        except BlockingIOError:
            return None
        self.heard += 1
        self.changes.tell()
        if message.startswith("!"):
            number = int(message[1:])
            raise OSError(number, os.strerror(number))
        action, _, path = message.partition(" ")
        return Message(action, path, has_node=True)

    def close(self) -> None:
        self.closed += 1

    def gone(self) -> None:
        self._kernel.close()
        self._monitor.close()


class Plugs:
    """A hot plug that runs, its wire and its clock."""

    def __init__(self) -> None:
        self.wire = Wire()
        self.clock = SteppedClock()
        self.watch = HotPlug(self.clock, self.wire.open)

    async def moved(self, moves: int) -> None:
        async with asyncio.timeout(10):
            await self.watch.moved_since(moves - 1)
        assert self.watch.moves == moves

    async def sleeping(self, sleeps: int) -> None:
        """Until it has heard all that was said and sleeps for that time since the start."""
        await self.wire.changes.until(lambda: self.wire.heard == self.wire.said)
        await self.clock.until_asleep(sleeps)

    async def settled(self, sleeps: int) -> None:
        await self.sleeping(sleeps)
        self.clock.advance(SETTLE_MS)


@asynccontextmanager
async def plugs() -> AsyncIterator[Plugs]:
    """Listening; what was there before counts as the first move."""
    made = Plugs()
    try:
        async with running(made.watch):
            await made.moved(1)
            yield made
        assert made.wire.closed == made.wire.opened
    finally:
        made.wire.gone()


async def test_libudev_comes_in_beside_the_loop() -> None:
    async with plugs() as box:
        assert box.wire.opened_on is not threading.main_thread()


async def test_a_plug_is_told_once_it_has_been_quiet_for_a_moment() -> None:
    async with plugs() as box:
        box.wire.say()
        await box.settled(1)
        await box.moved(2)


async def test_the_messages_of_one_plug_are_one_move() -> None:
    async with plugs() as box:
        box.wire.say()
        for sleeps in (1, 2, 3):
            await box.clock.until_asleep(sleeps)
            box.wire.say()
            await box.settled(sleeps)
        await box.settled(4)
        await box.moved(2)


async def test_a_flood_wakes_nobody_more_often_than_the_limit() -> None:
    async with plugs() as box:
        sleeps = 0
        for moves in (2, 3, 4):
            begun_ms = box.clock.mono_ms
            box.wire.say()
            while box.clock.mono_ms < begun_ms + FLOOD_MS:
                assert box.watch.moves == moves - 1
                sleeps += 1
                await box.clock.until_asleep(sleeps)
                for _ in range(3 * MOST_AT_ONCE // 2):
                    box.wire.say()
                await box.settled(sleeps)
            await box.moved(moves)


async def test_one_turn_of_the_loop_reads_no_more_than_the_limit() -> None:
    async with plugs() as box:
        for _ in range(MOST_AT_ONCE + 10):
            box.wire.say()
        box.wire.reads = 0
        box.watch._read(box.wire)
        assert box.wire.reads == MOST_AT_ONCE
        box.watch._read(box.wire)
        assert box.wire.reads == MOST_AT_ONCE + 11


async def test_messages_that_the_kernel_dropped_may_have_been_anything() -> None:
    async with plugs() as box:
        box.wire.fail(errno.ENOBUFS)
        await box.settled(1)
        await box.moved(2)
        assert box.watch.overruns == 1
        box.wire.say()
        await box.settled(2)
        await box.moved(3)


async def test_a_monitor_that_breaks_is_made_anew_and_said_once() -> None:
    with capture_logs() as logs:
        async with plugs() as box:
            for opened, (sleeps, moves) in enumerate([(2, 3), (4, 5)], 1):
                box.wire.fail(errno.EIO)
                await box.settled(sleeps - 1)
                await box.sleeping(sleeps)
                assert box.clock.sleeps_ms[-1] == REOPEN_MS
                assert box.wire.closed == opened
                box.clock.advance(REOPEN_MS)
                await box.moved(moves)
    assert [(log["event"], log["reason"]) for log in logs] == [
        ("hot_plug_unavailable", "[Errno 5] Input/output error")
    ]


@pytest.mark.parametrize("error", [ImportError("No library named udev"), PermissionError(1, "no")])
async def test_without_a_monitor_the_till_says_so_once_and_goes_on(error: Exception) -> None:
    clock = SteppedClock()

    def refuse() -> Wire:
        raise error

    with capture_logs() as logs:
        async with running(HotPlug(clock, refuse)):
            for sleeps in (1, 2, 3):
                await clock.until_asleep(sleeps)
                clock.advance(REOPEN_MS)
    assert [(log["event"], log["reason"]) for log in logs] == [("hot_plug_unavailable", str(error))]


async def test_the_kernels_own_monitor_opens_here_and_is_closed_again() -> None:
    before = descriptors()
    monitor = udev_monitor()
    assert monitor.read() is None
    monitor.close()
    assert descriptors() == before
    assert {"tty", "input", "usb"} <= set(SUBSYSTEMS)


# --- what is no plug

PORT = "/devices/usb1/1-1"
LP = f"{PORT}/1-1:1.0/usbmisc/lp0"
IN, OUT = Message("add", LP, has_node=True), Message("remove", LP, has_node=True)
PLUGGED = Message("add", PORT, "usb_device", has_node=True)
UNPLUGGED = Message("remove", PORT, "usb_device", has_node=True)


@pytest.mark.parametrize(
    ("messages", "arrived"),
    [
        ([PLUGGED], [True]),
        ([Message("add", f"{PORT}/tty/ttyUSB0", has_node=True)], [True]),
        ([Message("add", "/devices/gpiochip0", has_node=True)], [True]),
        # Nobody finds his device because something went, and drivers come and go by themselves.
        ([Message("remove", f"{PORT}/tty/ttyUSB0", has_node=True)], [False]),
        ([Message("add", f"{PORT}/1-1:1.0", "usb_interface")], [False]),
        ([Message("bind", PORT, "usb_device", has_node=True)], [False]),
        ([Message("change", LP, has_node=True)], [False]),
        # usblp's node comes with its printer, and comes back when the till has let go of it.
        ([PLUGGED, IN, OUT, IN, OUT, IN], [True, True, False, False, False, False]),
        ([IN, OUT, UNPLUGGED, PLUGGED, IN], [True, False, False, True, True]),
        # A device in port 1 is not the one in port 10.
        ([OUT, Message("remove", f"{PORT}0", "usb_device"), IN], [False, False, False]),
    ],
)
def test_an_arrival_is_what_was_plugged_in(messages: list[Message], arrived: list[bool]) -> None:
    arrivals = Arrivals()
    assert [arrivals.take(each) for each in messages] == arrived


async def test_the_kernels_own_words_for_a_plug_and_for_a_claim_are_told_apart() -> None:
    """With libudev."""
    printer = Usb("1-1", "04b8", "0e15", functions=(Function("usbmisc", "lp0", usb_class="07"),))
    async with udev_bed() as bed:
        assert await bed.arrivals() == []
        for _ in range(2):
            await bed.plug(printer)
            assert any(await bed.arrivals())
            for _ in range(3):
                await bed.claim(printer)
                assert await bed.arrivals() == [False] * 4
            await bed.unplug(printer)
            gone = await bed.arrivals()
            assert gone
            assert not any(gone)


async def test_what_is_no_plug_wakes_nobody() -> None:
    async with plugs() as box:
        box.wire.say("change /bus/lamp")
        box.wire.say("remove /bus/lamp")
        await box.wire.changes.until(lambda: box.wire.heard == 2)
        box.wire.say()
        await box.settled(1)
        await box.moved(2)
    assert box.clock.sleeps_ms == [SETTLE_MS]


def descriptors() -> set[str]:
    return {each.name for each in Path("/proc/self/fd").iterdir()}


# --- what it wakes


class Lamp:
    """A device that is away until somebody plugs it in."""

    def __init__(self, watch: HotPlug, clock: SteppedClock) -> None:
        self.inbox = RecordingInbox()
        self.tries = 0
        self.is_there = False
        self.on_try = lambda: None
        around = Surroundings(
            self.inbox, clock, find=lambda _: None, random=lambda: 0.999, plugs=watch
        )
        slow = ReopenSettings(first_ms=60_000, cap_ms=60_000)
        self.life = LifeCycle("lamp", slow, around, self._open, self._serve)

    async def _open(self) -> "Lamp":
        self.tries += 1
        self.on_try()
        if not self.is_there:
            raise DeviceAbsentError("lamp: not there")
        return self

    async def _serve(self, _: "Lamp") -> None:
        await asyncio.get_running_loop().create_future()

    async def close(self) -> None:
        """Nothing to give back."""


async def test_a_device_that_is_plugged_in_is_opened_at_once_and_not_after_the_backoff() -> None:
    async with plugs() as box:
        lamp = Lamp(box.watch, box.clock)
        async with running(lamp.life):
            await lamp.inbox.until_state("lamp", DeviceState.ABSENT)
            await box.sleeping(1)
            lamp.is_there = True
            box.wire.say()
            await box.settled(2)
            await lamp.inbox.until_state("lamp", DeviceState.READY)
    assert (lamp.tries, box.clock.mono_ms) == (2, SETTLE_MS)


async def test_a_plug_while_the_device_is_being_looked_for_is_not_missed() -> None:
    async with plugs() as box:
        lamp = Lamp(box.watch, box.clock)

        def plugged_behind_its_back() -> None:
            lamp.on_try = lambda: None
            lamp.is_there = lamp.tries > 1
            box.watch.moves += 1

        lamp.on_try = plugged_behind_its_back
        async with running(lamp.life):
            await box.clock.changes.until(lambda: lamp.tries >= 2)
    assert lamp.tries == 2


async def test_a_printer_that_fails_wakes_itself_by_no_try() -> None:
    """Claiming it and giving it back takes its node away and brings it again."""
    async with plugs() as box:
        lamp = Lamp(box.watch, box.clock)

        def claim_in_vain() -> None:
            box.wire.say(f"remove {LP}")
            box.wire.say(f"add {LP}")
            raise DeviceError("lamp: another program has it")

        lamp.on_try = claim_in_vain
        async with running(lamp.life):
            for tries in range(1, 4):
                await box.sleeping(tries)
                box.clock.advance(60_000)
            await box.clock.changes.until(lambda: lamp.tries == 4)
    assert (box.watch.moves, box.clock.sleeps_ms[:3]) == (1, [59_940] * 3)
