"""What the kernel tells of an input device, from bytes to keys. Pure; memory is bounded.

The source is Linux: include/uapi/linux/input.h for the bytes, input-event-codes.h for the numbers,
Documentation/input/event-codes.rst for what SYN_DROPPED asks of a reader.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

# struct input_event: two words of time, type, code, value. Native, as the kernel's own is: 24 bytes
# on a 64-bit box, 16 on a 32-bit one.
EVENT = struct.Struct("@llHHi")

EV_SYN, EV_KEY = 0x00, 0x01
SYN_REPORT, SYN_DROPPED = 0, 3


class Motion(IntEnum):
    """What a key did, by the value of its event."""

    UP = 0
    DOWN = 1
    REPEAT = 2


@dataclass(frozen=True, slots=True)
class KeyMoved:
    """A key, by its number, what it did, and when by the kernel's wall clock."""

    code: int
    motion: Motion
    at_us: int


@dataclass(frozen=True, slots=True)
class EventsLost:
    """The till was too slow and the kernel threw events away: presses, releases, anything."""


KeyEvent: TypeAlias = KeyMoved | EventsLost

_MOTIONS = {motion.value: motion for motion in Motion}


class EventParser:
    """Key events out of a device's bytes, however they are cut. Everything else that devices tell
    (scan codes, lights, wheels, what no kernel sends) is passed over. What follows a loss up to the
    end of its report is half a report, and belongs to the loss.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._lost = False

    def feed(self, data: bytes) -> Iterator[KeyEvent]:
        """The keys that these bytes tell of; they must be taken before feeding more."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        for seconds, micros, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == EV_SYN:
                yield from self._synchronise(code)
            elif kind == EV_KEY and value in _MOTIONS and not self._lost:
                yield KeyMoved(code, _MOTIONS[value], seconds * 1_000_000 + micros)

    def _synchronise(self, code: int) -> Iterator[EventsLost]:
        if code == SYN_DROPPED:
            self._lost = True
        elif code == SYN_REPORT and self._lost:
            self._lost = False
            yield EventsLost()
