"""A till on whose counter every plug is loose.

Serial lines, FIFOs, TCP, a framebuffer file: what the till opens are real descriptors. The USB's
printer stands below pyusb, the kernel's news behind a pair of sockets.
"""

import asyncio
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from edge.checkout.inputs import BarcodeScanned, Input, KeyPressed
from edge.compose import House
from edge.drivers.drawers.gpio_chips import open_chip
from edge.drivers.drawers.gpio_lines import Lost, Pins
from edge.drivers.drawers.gpio_pins import GpiodFactory
from edge.drivers.hotplug import USB_DEVICE, Message
from edge.settings import Settings, settings_from
from tests.support.devices import Changes, SerialLine
from tests.support.framebuffer import FileFramebuffer
from tests.support.gpio_chip import PATH as GPIO_CHIP
from tests.support.gpio_chip import GpioBoard
from tests.support.input_devices import Keyboard, packed, typed
from tests.support.kiosk import KioskPrinter, Tray
from tests.support.playbook import with_check_digit
from tests.support.printer_rigs import UsblpPrinter
from tests.support.scales import FarScale
from tests.support.usb_printer import PRODUCT, VENDOR, FakeUsb, UsbPrinter

SHELF = 3_000
LATCH = 17
# Of these the till's own end can be found among the open files.
WITH_PATHS = frozenset({"scanner", "gun", "keypad", "pole", "scale", "usb", "lp0"})
# The network's, the one that the till has from libusb, and the one that it leaves to the kernel.
PRINTERS = ("lan", "usb", "lp0")
PRICE_MINOR = 125
# Of the articles every twentieth is weighed, which takes the scale two questions.
WEIGHED = (20, 7)
GRAMS = 350
USB = {"vendor": f"{VENDOR:04x}", "product": f"{PRODUCT:04x}"}
QUICK = {"first_ms": 1, "cap_ms": 10, "open_timeout_ms": 2_000, "stable_ms": 0}
# asyncio's own pool for blocking calls grows as it likes and stays.
POOL = ("asyncio", "MainThread")


def code_of(number: int) -> str:
    """The barcode of an article of the shelf."""
    return with_check_digit(f"952{number:09}")


def unit_of(number: int) -> str:
    every, of_these = WEIGHED
    return "kg" if number % every == of_these else "each"


def settings_for(folder: Path, port: int, printer: str, drawer: str) -> Settings:
    """A till with every kind of plug; `port` is the network printer's, `printer` the one for
    receipts and `drawer` the driver of the drawer that sales open.
    """
    shelf = "".join(
        f"{number},{code_of(number)},Thing {number},,{PRICE_MINOR},A,{unit_of(number)}\n"
        for number in range(1, SHELF + 1)
    )
    header = "plu,barcodes,name_en,name_zh,price_minor,tax_code,unit\n"
    (folder / "shelf.csv").write_text(header + shelf, encoding="utf-8")
    devices = [
        {"driver": "scanner_serial", "name": "scanner", "path": str(folder / "scanner")},
        {"driver": "scanner_evdev", "name": "gun", "path": str(folder / "gun")},
        {"driver": "keypad_serial", "name": "keypad", "path": str(folder / "keypad")},
        {"driver": "display_serial", "name": "pole", "path": str(folder / "pole")},
        {
            "driver": "display_framebuffer",
            "name": "screen",
            "path": str(folder / "fb0"),
            "watch_ms": 10,
        },
        {"driver": "scale_serial", "name": "scale", "path": str(folder / "scale")},
    ]
    printers = [
        {"driver": "printer_network", "name": "lan", "host": "127.0.0.1", "port": port},
        {"driver": "printer_usb", "name": "usb", "usb": USB},
        {"driver": "printer_usblp", "name": "lp0", "path": str(folder / "lp0")},
    ]
    printers.sort(key=lambda each: each["name"] != printer)
    drawers = [
        {"driver": "drawer_printer", "name": "drawer", "printer": printer},
        {
            "driver": "drawer_gpio",
            "name": "latch",
            "chip": GPIO_CHIP,
            "line": LATCH,
            "pulse_ms": 10,
            "reopen": QUICK,
        },
    ]
    drawers.sort(key=lambda each: each["driver"] != drawer)
    tables = {
        "device": {"id": "till-07"},
        "shop": {
            "name": "Kiosk",
            "currency": "USD",
            "taxes": [{"code": "A", "rate_bp": 0}],
            "catalogue": "shelf.csv",
        },
        "store": {"path": "till.db"},
        "devices": [
            *({**device, "reopen": QUICK} for device in (*devices, *printers)),
            *drawers,
        ],
    }
    return settings_from(tables, folder / "edge.toml")


@dataclass
class Scan:
    """A code that was sent; `is_cut` when its scanner was unplugged before it had arrived."""

    code: str
    is_cut: bool = False
    has_arrived: bool = False


@dataclass
class Gun:
    """A scanner with its own share of the shelf, so that no code is scanned twice for a long time.
    `is_pulled` from when somebody reaches for its plug until it is in again.
    """

    plug: SerialLine | Keyboard
    numbers: Iterator[int]
    sent: list[Scan] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    is_pulled: bool = True
    _under_way: list[Scan] = field(default_factory=list)

    def scan(self) -> Scan:
        """The next article of its share."""
        scan = Scan(code_of(next(self.numbers)))
        self.sent.append(scan)
        self._under_way.append(scan)
        self.plug.send(self.encoded(scan.code))
        return scan

    def encoded(self, code: str) -> bytes:
        if isinstance(self.plug, Keyboard):
            return packed(typed(code))
        return code.encode() + b"\r"

    def arrives(self, code: str) -> None:
        """What was sent before it and is not here will not come."""
        while self._under_way:
            scan = self._under_way.pop(0)
            if scan.code == code:
                scan.has_arrived = True
                return
        self.strays.append(code)

    def cut(self) -> None:
        for scan in self._under_way:
            scan.is_cut = True

    @property
    def awaits(self) -> bool:
        """Whether a code is on its way that has to arrive."""
        return any(not scan.is_cut for scan in self._under_way)

    @property
    def lost(self) -> list[str]:
        """What was scanned and did not arrive though nobody cut it."""
        return [scan.code for scan in self.sent if not (scan.has_arrived or scan.is_cut)]


class News:
    """What the kernel says of plugs: a monitor as the till opens it."""

    def __init__(self) -> None:
        self._kernel, self._monitor = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._monitor.setblocking(False)
        self.heard = 0

    def open(self) -> "News":
        return self

    def say(self, action: str, name: str) -> None:
        """As loud as it gets: what the till has not read of it is dropped, as netlink does."""
        with suppress(BlockingIOError):
            self._kernel.send(f"{action} /devices/{name}".encode(), socket.MSG_DONTWAIT)

    def fileno(self) -> int:
        return self._monitor.fileno()

    def read(self) -> Message | None:
        try:
            action, path = self._monitor.recv(64).decode().split()
        except BlockingIOError:
            return None
        self.heard += 1
        return Message(action, path, USB_DEVICE, has_node=True)

    def close(self) -> None:
        """The till's stop: the sockets are the test's."""

    def gone(self) -> None:
        self._kernel.close()
        self._monitor.close()


class LooseCounter:
    """What stands on the counter, each with its plug; receipts are printed by `printer`."""

    def __init__(self, folder: Path, printer: str) -> None:
        self.changes = Changes()
        self.news = News()
        self.printer = printer
        self.lan, self.usb = KioskPrinter(), UsbPrinter()
        self.lp0 = UsblpPrinter(SerialLine(folder / "lp0"))
        self.bus = FakeUsb(self.usb)
        self.trays = {"lan": self.lan.tray, "usb": Tray(), "lp0": Tray()}
        for each, tray in ((self.usb, self.trays["usb"]), (self.lp0, self.trays["lp0"])):
            each.new_reader, each.reader = tray.new_reader, tray.new_reader()
        self.scale = FarScale(folder / "scale")
        self.scale.put(GRAMS)
        self.keypad = SerialLine(folder / "keypad")
        self.pole = SerialLine(folder / "pole")
        self.screen = FileFramebuffer(folder / "fb0")
        self.latch = GpioBoard({}, lambda: time.monotonic_ns() // 1_000_000)
        self.guns = {
            # The first article is one that is weighed, whatever the day brings.
            "scanner": Gun(SerialLine(folder / "scanner"), cycle(range(WEIGHED[1], SHELF, 2))),
            "gun": Gun(Keyboard(folder / "gun"), cycle(range(2, SHELF, 2))),
        }
        self.keys = 0
        self.awaits_key = False
        self.plugged: set[str] = set()
        for each in (self.lan, self.usb, self.lp0, self.lp0.line, self.keypad, self.pole):
            each.changes = self.changes
        self.scale.line.changes = self.changes

    @property
    def names(self) -> list[str]:
        return [*self.guns, "keypad", "pole", "screen", "latch", "scale", *PRINTERS]

    @property
    def tray(self) -> Tray:
        """What the printer for receipts made."""
        return self.trays[self.printer]

    @property
    def pulses(self) -> int:
        """Those of all drawers."""
        of_printers = sum(tray.pulses for tray in self.trays.values())
        return of_printers + len(self.latch.pulses_ms(LATCH))

    def pins(self, chip: str, lost: Lost) -> Pins:
        """What the till opens for the kernel's chip."""
        opened = open_chip(chip, self.latch.open)
        return Pins(GpiodFactory(opened, lost), opened.fd)

    def watch(self, house: House) -> None:
        """See what the till hears, and let whoever waits look again at each of it."""
        offer, answer = house.inbox.offer, house.inbox.answer

        def seen_offer(item: Input) -> bool:
            is_taken = offer(item)
            if isinstance(item, BarcodeScanned):
                number = int(item.code[3:12])
                self.guns["scanner" if number % 2 else "gun"].arrives(item.code)
            self.keys += isinstance(item, KeyPressed)
            self.changes.tell()
            return is_taken

        def seen_answer(item: Input) -> None:
            answer(item)
            self.changes.tell()

        # The same inbox, with somebody who listens.
        vars(house.inbox).update(offer=seen_offer, answer=seen_answer)

    async def push(self, name: str) -> None:
        self.plugged.add(name)
        self.screen.gone = "screen" not in self.plugged
        if name in PRINTERS:
            await self._plug_of(name).plug()
        else:
            self._plug_of(name).plug()
        if name in self.guns:
            self.guns[name].is_pulled = False
        self.news.say("add", name)
        self.changes.tell()

    async def pull(self, name: str) -> None:
        self.plugged.discard(name)
        self.screen.gone = "screen" not in self.plugged
        if name in self.guns:
            self.guns[name].cut()
        if name in PRINTERS:
            # With its power: what it had not printed is gone.
            await self._plug_of(name).unplug()
        else:
            self._plug_of(name).unplug()
        self.news.say("remove", name)
        self.changes.tell()

    def _plug_of(self, name: str) -> Any:
        if name in self.guns:
            return self.guns[name].plug
        return self.scale.line if name == "scale" else getattr(self, name)

    def is_open(self, name: str) -> bool:
        """Whether the till has the device's own end open, and not one that was pulled before."""
        if name not in self.plugged:
            return False
        if name == "usb":
            return self.usb.is_held
        plug = self._plug_of(name)
        file = (plug.line if name == "lp0" else plug).path.stat()
        same = (file.st_dev, file.st_ino, file.st_rdev)
        mine = [each for each in _open_files() if (each.st_dev, each.st_ino, each.st_rdev) == same]
        # The other one is the far end's own.
        return len(mine) == 2


def _open_files() -> Iterator[os.stat_result]:
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - a thousand times, and only names
        try:
            yield os.fstat(int(name))
        except OSError:
            continue


def belongings() -> tuple[Counter[str], int, set[str]]:
    """What the process holds: descriptors by what they are, tasks, and threads by name."""
    kinds: Counter[str] = Counter()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:  # the one that lists them
            continue
        kinds[target.partition(":")[0] if ":" in target else target] += 1
    # Numbers of terminals change with each plug.
    terminals = [kind for kind in kinds if kind.startswith("/dev/pts/")]
    kinds["/dev/pts"] = sum(kinds.pop(kind) for kind in terminals)
    names = {each.name for each in threading.enumerate() if not each.name.startswith(POOL)}
    return kinds, len(asyncio.all_tasks()), names
