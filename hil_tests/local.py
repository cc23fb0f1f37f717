"""The bench that every machine has: the real daemon as a process, and for each cable a
pseudo-terminal, a FIFO, a file or a TCP port of the loopback.

There are two: a till whose scanner and keypad are serial, with the drawer at its printer; and one
of USB keyboards, with a framebuffer and with the drawer at a GPIO line.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hil_tests.hands import SerialKeypad, SerialScanner
from hil_tests.local_box import SCREEN
from hil_tests.local_devices import (
    DrawerPins,
    EvdevKeypad,
    EvdevScanner,
    KickEye,
    Plugged,
    PrinterPlug,
)
from hil_tests.local_power import Child
from hil_tests.ports import DrawerEye, Gear, KeypadHand, Plug, ScannerHand
from hil_tests.shop import write_shop
from tests.support.devices import Changes
from tests.support.framebuffer import FileFramebuffer
from tests.support.gpio_chip import PATH as CHIP
from tests.support.input_devices import Keyboard
from tests.support.kiosk import CounterLine, KioskPrinter

COMMON: Final = """\
[[devices]]
driver = "display_serial"
name = "display"
path = "{display}"

[[devices]]
driver = "printer_network"
name = "printer"
host = "127.0.0.1"
port = {port}
# A busy machine answers late; a printer that says nothing is not what this is about.
status_timeout_ms = 5000

"""
SERIAL: Final = """\
[[devices]]
driver = "scanner_serial"
name = "scanner"
path = "{scanner}"

[[devices]]
driver = "keypad_serial"
name = "keypad"
path = "{keypad}"

[[devices]]
driver = "drawer_printer"
name = "drawer"
printer = "printer"
"""
USB: Final = """\
[[devices]]
driver = "scanner_evdev"
name = "scanner"
path = "{scanner}"

[[devices]]
driver = "keypad_evdev"
name = "keypad"
path = "{keypad}"
keymap = "pos"

[[devices]]
driver = "display_framebuffer"
name = "screen"
path = "{screen}"

[[devices]]
driver = "drawer_gpio"
name = "drawer"
chip = "{chip}"
line = "DRAWER"
sense = {{ line = "DRAWER_OPEN", open_within_ms = 10000 }}
"""


class LocalRig:
    """A folder holds all of it: the store, the settings, the devices' nodes."""

    settings: str
    scanner: ScannerHand
    keypad: KeypadHand
    drawer: DrawerEye
    plugs: Mapping[Gear, Plug]

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.changes = Changes()
        self.settings, self.store = str(folder / "edge.toml"), str(folder / "till.db")
        self.printer = KioskPrinter()
        self.display = CounterLine(folder / Gear.DISPLAY)
        self.printer.changes = self.display.changes = self.changes
        self.power = Child(self.settings, self.changes)

    async def __aenter__(self) -> "LocalRig":
        for plug in self.plugs.values():
            await plug.push()
        paths = {gear.value: self._folder / gear for gear in Gear}
        devices = (COMMON + self._devices()).format(
            **paths, port=self.printer.port, screen=self._folder / "fb0", chip=CHIP
        )
        write_shop(self._folder, devices)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.power.close()
        for plug in self.plugs.values():
            await plug.pull()

    def _devices(self) -> str:
        raise NotImplementedError


class SerialRig(LocalRig):
    """Bytes on serial lines; the drawer hangs on the printer."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.lines = {gear: CounterLine(folder / gear) for gear in (Gear.SCANNER, Gear.KEYPAD)} | {
            Gear.DISPLAY: self.display
        }
        self.scanner = SerialScanner(self.lines[Gear.SCANNER])
        self.keypad = SerialKeypad(self.lines[Gear.KEYPAD])
        self.drawer = KickEye(self.printer)
        self.plugs = {
            **{gear: Plugged(line) for gear, line in self.lines.items()},
            Gear.PRINTER: PrinterPlug(self.printer),
        }

    def _devices(self) -> str:
        return SERIAL


class UsbRig(LocalRig):
    """Keyboards as the kernel shows them, a framebuffer, and a drawer at mock pins."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._scanner, self._keypad = (
            Keyboard(folder / Gear.SCANNER),
            Keyboard(folder / Gear.KEYPAD),
        )
        self._pins = DrawerPins(folder / "pins", self.changes)
        self.framebuffer = FileFramebuffer(folder / "fb0", SCREEN)
        self.scanner, self.keypad = EvdevScanner(self._scanner), EvdevKeypad(self._keypad)
        self.drawer = self._pins
        self.plugs = {
            Gear.SCANNER: Plugged(self._scanner),
            Gear.KEYPAD: Plugged(self._keypad),
            Gear.DISPLAY: Plugged(self.display),
            Gear.PRINTER: PrinterPlug(self.printer),
        }
        kernel = {"HIL_BOX": str(self._pins.path), "HIL_SCREEN": str(folder / "fb0")}
        program = ("hil_tests.local_box",)
        self.power = Child(self.settings, self.changes, program, kernel)

    async def __aenter__(self) -> LocalRig:
        await self._pins.listen()
        self.framebuffer.plug()
        return await super().__aenter__()

    async def __aexit__(self, *error: object) -> None:
        await super().__aexit__(*error)
        await self._pins.close()

    def _devices(self) -> str:
        return USB
