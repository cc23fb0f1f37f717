"""What a bench is made of: hands at the till's devices, eyes on them, and a hand at its power."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from tests.support.devices import Changes
from tests.support.kiosk import KioskPrinter


class Gear(StrEnum):
    """What is plugged into a till; the value is the device's name in the shop's settings."""

    SCANNER = "scanner"
    KEYPAD = "keypad"
    DISPLAY = "display"
    PRINTER = "printer"


class NotWiredError(Exception):
    """This bench has no cable, or no command, for what a scenario asks of it."""


class Cable(Protocol):
    """The far end of a serial device's cable. `received` is all that the till has sent into it."""

    received: bytearray

    def send(self, data: bytes) -> None: ...

    def forget(self) -> None:
        """Drop what was sent, either way, while nobody listened."""


class Plug(Protocol):
    """A device's plug. Either way raises NotWiredError where only a person can."""

    async def pull(self) -> None: ...

    async def push(self) -> None: ...


class ScannerHand(Protocol):
    def scan(self, code: str) -> None: ...


class KeypadHand(Protocol):
    def press(self, key: str) -> None:
        """A key by its name in the documents, such as `7` or `CASH`."""


class DrawerEye(Protocol):
    """How long the drawer's solenoid was driven, each time. Raises NotWiredError when unseen."""

    @property
    def pulses_ms(self) -> list[int]: ...

    def shut(self) -> None:
        """Push the drawer in."""


class Power(Protocol):
    """The box itself: its plug and its shell."""

    async def on(self) -> None:
        """The till is started; it may still be coming up."""

    async def cut(self) -> None:
        """As a power cut ends it."""

    async def stop(self) -> int:
        """In order; the exit status."""

    async def edge(self, *arguments: str) -> tuple[int, str]:
        """The box's own command line: exit status and what it printed."""

    @property
    def ended(self) -> str:
        """Why the till is not running though nobody stopped it; empty while it is."""


class Rig(Protocol):
    """All of it. `settings` and `store` are paths as the box itself knows them."""

    scanner: ScannerHand
    keypad: KeypadHand
    display: Cable
    printer: KioskPrinter
    drawer: DrawerEye
    power: Power
    plugs: Mapping[Gear, Plug]
    changes: Changes
    settings: str
    store: str

    async def __aenter__(self) -> "Rig":
        """Everything plugged in, and no till running yet."""

    async def __aexit__(self, *_: object) -> None: ...
