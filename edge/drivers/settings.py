"""What every driver's settings share, and what a driver is given beside them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from os.path import normpath
from typing import Annotated, Final, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from edge.drivers.renewals import Renewals
from edge.ports import Clock, Inbox

# No path of Linux has a NUL in it (path_resolution(7)); PATH_MAX is far more than a node's.
NodePath = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=255)]
DeviceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]


class SettingsModel(BaseModel):
    """Settings are checked once, at the border, and never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class ReopenSettings(SettingsModel):
    """How a device that is away is tried again: full jitter under a doubling limit."""

    first_ms: int = Field(
        default=100, ge=1, le=60_000, description="longer than a plug bounces in its socket"
    )
    cap_ms: int = Field(
        default=5_000, ge=1, le=600_000, description="who plugs a device in waits no longer"
    )
    open_timeout_ms: int = Field(
        default=5_000, ge=1, le=60_000, description="a host that is down answers no connect"
    )
    stable_ms: int = Field(
        default=10_000,
        ge=0,
        le=600_000,
        description="ready for this long, a device is trusted again and the limit starts anew",
    )


class DeviceModel(SettingsModel):
    """What the settings of every device have."""

    name: DeviceName
    reopen: ReopenSettings = ReopenSettings()

    @property
    def at(self) -> str:
        """The node that it is behind, by its path, or the GPIO chip, by path or label; or empty."""
        return ""

    @property
    def places(self) -> tuple[str, ...]:
        """What the settings say that it has for itself alone: a node, an address, a line."""
        return ()


UsbId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{4}$")]


class UsbIdentity(SettingsModel):
    """Which USB device it is. Two of one make are told apart by their serial numbers, or, where
    they have none, by the port they are in: its name in /sys/bus/usb/devices, such as `1-1.2`.
    """

    vendor: UsbId
    product: UsbId
    serial: str = Field(default="", max_length=126, description="a USB string has no more")
    port: str = Field(default="", pattern=r"^([0-9]+-[0-9]+(\.[0-9]+)*)?$", max_length=32)
    interface: int | None = Field(
        default=None, ge=0, le=255, description="of a device that is several: bInterfaceNumber"
    )

    def may_be(self, other: "UsbIdentity") -> bool:
        """Whether one device can fit both."""
        return (self.vendor, self.product) == (other.vendor, other.product) and all(
            mine in ("", None, theirs) or theirs in ("", None)
            for mine, theirs in (
                (self.serial, other.serial),
                (self.port, other.port),
                (self.interface, other.interface),
            )
        )


def alike(devices: Sequence[DeviceModel]) -> tuple[str, str] | None:
    """The names of two devices that one USB device can be, whichever comes first: it would change
    with each plug. None when there are none.
    """
    for one, other in combinations(devices, 2):
        mine, theirs = (getattr(each, "usb", None) for each in (one, other))
        if mine is not None and theirs is not None and mine.may_be(theirs):
            return one.name, other.name
    return None


def shared_place(devices: Sequence[DeviceModel]) -> tuple[str, str, str] | None:
    """A place that two devices would have for themselves, and the names of both: whichever opened
    it first would lock the other out. None when there is none.
    """
    for one, other in combinations(devices, 2):
        for place in one.places:
            if place in other.places:
                return place, one.name, other.name
    return None


class NodeModel(DeviceModel):
    """A device behind a node of the kernel: named by `path`, best one that stays with the device
    when nodes are numbered anew, or by what it is on the USB, and found again wherever it is.
    """

    path: NodePath = ""
    usb: UsbIdentity | None = None

    @property
    def at(self) -> str:
        return self.path

    @property
    def places(self) -> tuple[str, ...]:
        return (normpath(self.path),) if self.path else ()

    @model_validator(mode="after")
    def _named_one_way(self) -> Self:
        if self.path and self.usb is not None:
            raise ValueError("has both path and usb: leave one out")
        if not self.path and self.usb is None:
            raise ValueError("path or usb is missing: where it is, or what it is")
        return self


class SerialModel(NodeModel):
    """A device at a serial port; among the paths that stay are /dev/serial/by-id and by-path."""

    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    data_bits: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1
    flow_control: Literal["none", "rts_cts", "xon_xoff"] = "none"


class Plugs(Protocol):
    """Who knows that something was plugged in."""

    @property
    def moves(self) -> int:
        """How often, so far; what comes together counts once."""

    async def moved_since(self, moves: int) -> None:
        """Until it was more often than that."""


class NobodyWatches:
    """Plugs that nobody tells of: a device that is away is tried again after its backoff."""

    moves = 0

    async def moved_since(self, moves: int) -> None:
        del moves
        await asyncio.get_running_loop().create_future()


NOBODY_WATCHES: Final = NobodyWatches()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a driver needs of its house. `find` gives the device of that name that was built
    before, None if there is none; `random` is uniform over [0, 1). `reasons` says by name why a
    device is not there now, empty when it is: also what no log line said.
    """

    inbox: Inbox
    clock: Clock
    find: Callable[[str], object | None]
    random: Callable[[], float]
    plugs: Plugs = NOBODY_WATCHES
    reasons: dict[str, str] = field(default_factory=dict)
    renewals: Renewals = field(default_factory=Renewals)
