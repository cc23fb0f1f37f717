"""What a self-test looks at, in its order: worked out from what the box has, before any of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.checkout.devices import TillDevice


class Part(StrEnum):
    """What is looked at: a kind of device, or a piece of the box itself."""

    SCANNER = "scanner"
    KEYPAD = "keypad"
    PRINTER = "printer"
    DRAWER = "drawer"
    CUSTOMER_DISPLAY = "customer_display"
    CASHIER_DISPLAY = "cashier_display"
    PAYMENT = "payment"
    SCALE = "scale"
    CLOCK = "clock"
    DISK = "disk"
    BROKER = "broker"


class Aspect(StrEnum):
    """What about it."""

    CONNECTED = "connected"
    LOOK = "look"
    KEYS = "keys"
    SCAN = "scan"
    STATUS = "status"
    PAGE = "page"
    READABLE = "readable"
    WEIGHT = "weight"
    SENSE = "sense"
    KICK = "kick"
    QUALITY = "quality"
    BATTERY = "battery"
    FSYNC = "fsync"
    MOUNT = "mount"
    WEAR = "wear"
    SPACE = "space"
    JOURNAL = "journal"
    CERTIFICATE = "certificate"
    SESSION = "session"


ASPECTS: Final[Mapping[Part, tuple[Aspect, ...]]] = {
    Part.CLOCK: (Aspect.QUALITY, Aspect.BATTERY),
    Part.DISK: (Aspect.FSYNC, Aspect.MOUNT, Aspect.WEAR, Aspect.SPACE),
    Part.BROKER: (Aspect.CERTIFICATE, Aspect.SESSION),
    Part.CASHIER_DISPLAY: (Aspect.CONNECTED, Aspect.LOOK),
    Part.KEYPAD: (Aspect.CONNECTED, Aspect.KEYS),
    Part.CUSTOMER_DISPLAY: (Aspect.CONNECTED, Aspect.LOOK),
    Part.SCANNER: (Aspect.CONNECTED, Aspect.SCAN),
    Part.PRINTER: (Aspect.CONNECTED, Aspect.STATUS, Aspect.PAGE, Aspect.READABLE),
    Part.DRAWER: (Aspect.CONNECTED, Aspect.SENSE, Aspect.KICK),
    Part.PAYMENT: (Aspect.CONNECTED,),
    Part.SCALE: (Aspect.CONNECTED, Aspect.WEIGHT),
}
# What nobody but a person can do or see; a drawer that springs open must be shut again.
NEED_HANDS: Final = frozenset({Aspect.LOOK, Aspect.KEYS, Aspect.SCAN, Aspect.READABLE, Aspect.KICK})
# Under one box there is one of each.
HOUSE: Final = (Part.CLOCK, Part.DISK)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to find out. `device` is empty for what is the box itself."""

    part: Part
    aspect: Aspect
    device: str = ""

    @property
    def name(self) -> str:
        """`receipts.page`, `disk.fsync`: each once in a plan."""
        return f"{self.device or self.part}.{self.aspect}"

    @property
    def needs_hands(self) -> bool:
        return self.aspect in NEED_HANDS


def plan(devices: Sequence[TillDevice], *, has_uplink: bool) -> tuple[Check, ...]:
    """The box first, for which nobody waits; then what the technician answers with, the screen and
    the keypad; then the rest.
    """
    house = (*HOUSE, Part.BROKER) if has_uplink else HOUSE
    order = list(ASPECTS)
    return (
        *(Check(part, aspect) for part in house for aspect in ASPECTS[part]),
        *(
            Check(Part(device.kind), aspect, device.name)
            for device in sorted(devices, key=lambda each: order.index(Part(each.kind)))
            for aspect in ASPECTS[Part(device.kind)]
        ),
    )
