"""An input device of the kernel, grabbed, so that what is typed on it reaches the till alone."""

import asyncio
import errno
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from edge.drivers.device_thread import BEING_CLOSED, BEING_OPENED, DeviceThread
from edge.drivers.keys.input_events import EVENT
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.plugs import Node, check_opened, find_node, is_keyboard
from edge.drivers.settings import NodeModel
from edge.ports import DeviceError

if TYPE_CHECKING:
    from evdev import InputDevice

# What one turn of the event loop reads: more than a scanner types in a millisecond, and little
# enough that a device gone mad leaves the other devices their turns.
EVENTS_AT_ONCE = 64
# How long a stop waits for an opening or a closing that is under way: usbhid drains a device for
# 50 ms. What takes longer is closed when it is over.
KERNEL_ENDS_S = 0.5
NEEDS_EVDEV = "needs the package python3-evdev"

_WHY = {
    errno.EACCES: "may not be read; the service's user must be in the group input",
    errno.EPERM: "may not be read; the service's user must be in the group input",
    errno.ENOTTY: "is no input device",
    errno.EINVAL: "is no input device",
    errno.EBUSY: "is grabbed by another program; only one can have its keys",
    errno.ENODEV: "went while it was being opened",
}


@dataclass(frozen=True, slots=True)
class _Grabbed:
    """A device as the kernel hands it out: `caps_lock` is its light, `opened_us` when it was opened
    by the wall clock, which its events have too.
    """

    device: "InputDevice[str]"
    caps_lock: bool
    opened_us: int


class InputNode:
    """The bytes of one device. After a fault it stays broken."""

    def __init__(self, name: str, grabbed: _Grabbed, thread: DeviceThread) -> None:
        self.name = name
        self.caps_lock = grabbed.caps_lock
        self.opened_us = grabbed.opened_us
        self._grabbed = grabbed
        self._device = grabbed.device
        self._thread = thread

    async def each(self, take: Callable[[bytes], None]) -> None:
        """Hand over all that is typed, until the device is gone, which raises DeviceError. What
        `take` raises comes out here.
        """
        loop = asyncio.get_running_loop()
        over = loop.create_future()

        def readable() -> None:
            try:
                take(self._read())
            except Exception as error:  # noqa: BLE001 - for whoever awaits it, a bug like a fault
                loop.remove_reader(self._device.fd)
                if not over.done():
                    over.set_exception(error)

        loop.add_reader(self._device.fd, readable)
        try:
            await over
        finally:
            loop.remove_reader(self._device.fd)

    async def close(self) -> None:
        # On a thread: giving a grab back waits for the kernel's readers, some 20 ms.
        self._thread.start(BEING_CLOSED, partial(_give_back, self._grabbed))
        await self._thread.ended(KERNEL_ENDS_S)

    def _read(self) -> bytes:
        try:
            data = os.read(self._device.fd, EVENTS_AT_ONCE * EVENT.size)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise DeviceError(f"{self.name}: went away ({error.strerror})") from error
        if not data:
            raise DeviceError(f"{self.name}: went away")
        return data


async def open_input(settings: NodeModel, thread: DeviceThread) -> InputNode:
    """The keyboard of the settings, ours alone. Raises DeviceAbsentError or DeviceError."""
    # On a thread: the kernel talks to the device, and a slow one would stop the till.
    opening = partial(_opened, settings)
    grabbed = await thread.call(BEING_OPENED, opening, _give_back, ends_s=KERNEL_ENDS_S)
    return InputNode(settings.name, grabbed, thread)


def _has_keys(node: Node) -> bool:
    # A mouse's and a joystick's nodes beside it speak another language.
    return node.path.startswith("/dev/input/event") and is_keyboard(node)


def _opened(settings: NodeModel) -> _Grabbed:
    """As `open_input`; on the thread."""
    name, path = settings.name, find_node(settings, "input", _has_keys)
    try:
        grabbed = _grab(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DeviceAbsentError(f"{name}: nothing at {path}") from error
    except OSError as error:
        why = _WHY.get(error.errno or 0, f"can't be opened ({error.strerror})")
        raise DeviceError(f"{name}: {path} {why}") from error
    except ImportError as error:
        raise DeviceError(f"{name}: {NEEDS_EVDEV} ({error})") from error
    try:
        check_opened(settings, "input", grabbed.device.fd, _has_keys)
    except DeviceError:
        _give_back(grabbed)
        raise
    return grabbed


def _grab(path: str) -> _Grabbed:
    """The seam: all that is asked of the kernel beside reading. Runs on a thread."""
    # Here, because a box whose scanner and keypad are serial need not have it.
    from evdev import InputDevice, ecodes  # noqa: PLC0415

    device = InputDevice(path)
    opened_us = time.time_ns() // 1_000
    try:
        device.grab()
        caps_lock = ecodes.LED_CAPSL in device.leds()
        return _Grabbed(device, caps_lock=caps_lock, opened_us=opened_us)
    except BaseException:
        device.close()
        raise


def _give_back(grabbed: _Grabbed) -> None:
    with suppress(OSError):
        grabbed.device.close()
