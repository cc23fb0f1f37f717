"""Hears from the kernel that something was plugged in, and wakes the devices that are away.

libudev's monitor (netlink): where udevd runs, its word comes once a node has its owner and group;
elsewhere, as in a container, the kernel's own.
"""

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias

import structlog

from edge.ports import Clock

Source: TypeAlias = Literal["udev", "kernel"]

# udevd listens there for as long as it runs.
UDEVD: Final = Path("/run/udev/control")
# What a device of a till may have its node in; disks and networks come and go without it.
SUBSYSTEMS: Final = ("tty", "input", "usb", "usbmisc", "hidraw", "graphics", "gpio")
# A plug makes some ten messages, a few milliseconds apart; the node is there behind the last one.
SETTLE_MS: Final = 20
# A plug that bounces, or a hub that fails, talks without end: it wakes nobody more often than this.
FLOOD_MS: Final = 200
# What one turn of the event loop reads; the rest is there at the next one.
MOST_AT_ONCE: Final = 64
# A monitor that broke is made anew; until then devices are tried again after their backoff.
REOPEN_MS: Final = 60_000


# The kernel's name for a USB device as such, whatever is in it.
USB_DEVICE: Final = "usb_device"
# Where usblp's nodes are, below the interface that they are of.
USBLP: Final = "/usbmisc/"


@dataclass(frozen=True, slots=True)
class Message:
    """What the kernel says of a device: `path` is its own in sysfs."""

    action: str
    path: str
    device_type: str = ""
    has_node: bool = False


class Monitor(Protocol):
    """A source of messages about devices."""

    def fileno(self) -> int: ...

    def read(self) -> Message | None:
        """Take one message; None when there is none now. Raises OSError: ENOBUFS when the kernel
        dropped some.
        """

    def close(self) -> None: ...


class Arrivals:
    """Which messages mean that something was plugged in: a USB device, or a node. Not those of a
    driver that is bound, nor usblp's node when a printer that stays is given back to it: the till
    itself makes them with each try to open one, and would wake itself, and everybody, by trying.
    """

    def __init__(self) -> None:
        # The interfaces that usblp was taken from, of devices that are plugged in.
        self._taken: set[str] = set()

    def take(self, message: Message) -> bool:
        """Whether this one does."""
        if message.action not in {"add", "remove"}:
            return False
        if message.device_type == USB_DEVICE:
            gone = f"{message.path}/"
            self._taken = {each for each in self._taken if not each.startswith(gone)}
            return message.action == "add"
        interface, is_usblp, _ = message.path.partition(USBLP)
        if message.action == "remove":
            if is_usblp:
                self._taken.add(interface)
            return False
        return message.has_node and not (is_usblp and interface in self._taken)


class HotPlug:
    """Counts arrivals: a burst of messages is one of them, once it is over or FLOOD_MS old. Never
    blocks the loop; without libudev it says so once, and devices have their backoff alone.
    """

    name = "hot plug"

    def __init__(self, clock: Clock, open_monitor: Callable[[], Monitor]) -> None:
        self._clock = clock
        self._open_monitor = open_monitor
        self._arrivals = Arrivals()
        self._heard = 0
        self._news = asyncio.Event()
        self._moved = asyncio.Condition()
        self._broken: OSError | None = None
        self._log = structlog.get_logger("edge.hotplug")
        self.moves = 0
        self.overruns = 0

    async def moved_since(self, moves: int) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self.moves > moves)

    async def run(self) -> None:
        """Until cancelled."""
        is_told = False
        while True:
            try:
                await self._watch()
            except (OSError, ImportError) as error:
                if not is_told:
                    self._log.warning("hot_plug_unavailable", reason=str(error))
                    is_told = True
            await self._clock.sleep_ms(REOPEN_MS)

    async def _watch(self) -> None:
        """Raises ImportError without libudev, OSError when there is no monitor or it broke."""
        # On a thread: pyudev takes 25 ms to come in.
        monitor = await asyncio.to_thread(self._open_monitor)
        loop = asyncio.get_running_loop()
        self._broken = None
        loop.add_reader(monitor.fileno(), self._read, monitor)
        try:
            # What was plugged in before anybody listened.
            await self._tell()
            while True:
                await self._news.wait()
                await self._settle()
                await self._tell()
                if self._broken is not None:
                    raise self._broken
        finally:
            loop.remove_reader(monitor.fileno())
            monitor.close()

    def _read(self, monitor: Monitor) -> None:
        for _ in range(MOST_AT_ONCE):
            try:
                message = monitor.read()
                if message is None:
                    return
                if not self._arrivals.take(message):
                    continue
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    self._broken = error
                    asyncio.get_running_loop().remove_reader(monitor.fileno())
                else:
                    # Nobody knows what was dropped, so it may have been anything.
                    self.overruns += 1
            self._heard += 1
            self._news.set()
            if self._broken is not None:
                return

    async def _settle(self) -> None:
        """Until it has been quiet for SETTLE_MS, or has not for FLOOD_MS."""
        for _ in range(FLOOD_MS // SETTLE_MS):
            heard = self._heard
            await self._clock.sleep_ms(SETTLE_MS)
            if self._heard == heard or self._broken is not None:
                break

    async def _tell(self) -> None:
        self._news.clear()
        self.moves += 1
        async with self._moved:
            self._moved.notify_all()


class UdevMonitor:
    """That of libudev. Raises ImportError without it, OSError where there is no netlink."""

    def __init__(self, source: Source) -> None:
        from edge.drivers.plugs import udev  # noqa: PLC0415 - a box without it needs no libudev

        pyudev, context = udev()
        self._monitor = pyudev.Monitor.from_netlink(context, source)
        for subsystem in SUBSYSTEMS:
            self._monitor.filter_by(subsystem)
        self._monitor.start()

    def fileno(self) -> int:
        return int(self._monitor.fileno())

    def read(self) -> Message | None:
        device = self._monitor.poll(timeout=0)
        if device is None:
            return None
        return Message(
            action=device.action or "",
            path=device.device_path,
            device_type=device.device_type or "",
            has_node=device.device_node is not None,
        )

    def close(self) -> None:
        """The descriptor is closed with the monitor's memory."""
        del self._monitor


def udev_monitor() -> UdevMonitor:
    """As it is on this box: from udevd where it runs, else from the kernel."""
    return UdevMonitor("udev" if UDEVD.exists() else "kernel")
