"""A till on whose counter every plug is loose, and a cashier who goes on selling.

Serial lines, FIFOs, TCP, a framebuffer file: what the till opens are real descriptors.
"""

import asyncio
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from edge.checkout.inputs import BarcodeScanned, DeviceState, Input, Key, KeyPressed
from edge.checkout.session import Session, State
from edge.checkout.words.texts import Word
from edge.compose import House
from edge.drivers.drawers.drawer_gpio import Lost, Pins
from edge.drivers.drawers.gpio_chips import open_chip
from edge.drivers.drawers.gpio_pins import GpiodFactory
from edge.drivers.keys.keypad_serial import default_keymap
from edge.settings import Settings, settings_from
from tests.support.devices import Changes, SerialLine
from tests.support.framebuffer import FileFramebuffer
from tests.support.gpio_chip import PATH as GPIO_CHIP
from tests.support.gpio_chip import GpioBoard
from tests.support.input_devices import Keyboard, packed, typed
from tests.support.kiosk import KioskPrinter
from tests.support.playbook import with_check_digit

SHELF = 3_000
LATCH = 17
# Of these the till's own end can be found among the open files.
WITH_PATHS = frozenset({"scanner", "gun", "keypad", "pole"})
# When more papers wait, the cashier does so too: the till offers the last twenty again.
PATIENT = 6
PRICE_MINOR = 125
QUICK = {"first_ms": 1, "cap_ms": 10, "open_timeout_ms": 2_000, "stable_ms": 0}
BYTE_OF = {key: character.encode() for character, key in default_keymap().items()}
# asyncio's own pool for blocking calls grows as it likes and stays.
POOL = ("asyncio", "MainThread")


def code_of(number: int) -> str:
    """The barcode of an article of the shelf."""
    return with_check_digit(f"952{number:09}")


def settings_for(folder: Path, port: int, drawer: str) -> Settings:
    """A till with every kind of plug; `port` is the printer's, `drawer` the driver of the drawer
    that sales open.
    """
    shelf = "".join(
        f"{number},{code_of(number)},Thing {number},,{PRICE_MINOR},A,each\n"
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
        {"driver": "printer_network", "name": "printer", "host": "127.0.0.1", "port": port},
    ]
    drawers = [
        {"driver": "drawer_printer", "name": "drawer", "printer": "printer"},
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
            *({**device, "reopen": QUICK} for device in devices),
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


class LooseCounter:
    """What stands on the counter, each with its plug."""

    def __init__(self, folder: Path) -> None:
        self.changes = Changes()
        self.printer = KioskPrinter()
        self.keypad = SerialLine(folder / "keypad")
        self.pole = SerialLine(folder / "pole")
        self.screen = FileFramebuffer(folder / "fb0")
        self.latch = GpioBoard({}, lambda: time.monotonic_ns() // 1_000_000)
        self.guns = {
            "scanner": Gun(SerialLine(folder / "scanner"), cycle(range(1, SHELF, 2))),
            "gun": Gun(Keyboard(folder / "gun"), cycle(range(2, SHELF, 2))),
        }
        self.keys = 0
        self.awaits_key = False
        self.plugged: set[str] = set()
        for each in (self.printer, self.keypad, self.pole):
            each.changes = self.changes

    @property
    def names(self) -> list[str]:
        return [*self.guns, "keypad", "pole", "screen", "latch", "printer"]

    @property
    def pulses(self) -> int:
        """Those of both drawers."""
        return self.printer.pulses + len(self.latch.pulses_ms(LATCH))

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
        if name == "printer":
            await self.printer.plug()
        else:
            self._plug_of(name).plug()
        if name in self.guns:
            self.guns[name].is_pulled = False
        self.changes.tell()

    async def pull(self, name: str) -> None:
        self.plugged.discard(name)
        self.screen.gone = "screen" not in self.plugged
        if name in self.guns:
            self.guns[name].cut()
        if name == "printer":
            await self._accept_no_more()
            await self.printer.pull()
        else:
            self._plug_of(name).unplug()
        self.changes.tell()

    async def _accept_no_more(self) -> None:
        """A connection that a server has accepted as it is closed is lost, and never closed."""
        server = self.printer._server
        assert server is not None, "a printer is pulled once"
        for listening in server.sockets:
            asyncio.get_running_loop().remove_reader(listening.fileno())
        await asyncio.sleep(0)

    def _plug_of(self, name: str) -> Any:
        if name in self.guns:
            return self.guns[name].plug
        return getattr(self, name)

    def is_open(self, name: str) -> bool:
        """Whether the till has the device's own end open, and not one that was pulled before."""
        if name not in self.plugged:
            return False
        file = self._plug_of(name).path.stat()
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


class Cashier:
    """Sells, whatever comes off: looks at the till and does what comes next."""

    def __init__(self, house: House, counter: LooseCounter, dice: Random) -> None:
        self._house = house
        self._counter = counter
        self._dice = dice
        self.is_to_stop = False

    @property
    def session(self) -> Session:
        return self._house.till.session

    def state(self, name: str) -> DeviceState:
        (driver,) = [each for each in self._house.devices.all if each.name == name]
        return driver.state  # type: ignore[attr-defined] # every driver of this counter has one

    def is_ready(self, name: str) -> bool:
        is_there = name in self._counter.plugged and self.state(name) is DeviceState.READY
        return is_there and (name not in WITH_PATHS or self._counter.is_open(name))

    @property
    def is_behind(self) -> bool:
        """Whether too many papers wait for another sale."""
        return len(self.session.printing) + len(self.session.unprinted) > PATIENT

    async def until(self, condition: Callable[[], object]) -> None:
        """Looked at whenever something happens, once the till has made of it what it makes."""
        while True:
            await self._counter.changes.until(condition)
            while self._house.inbox.waiting:  # noqa: ASYNC110 - the till takes it at its next turn
                await asyncio.sleep(0)
            if condition():
                return

    async def works(self) -> None:
        while not (self.is_to_stop and self._has_finished()):
            await self._next()

    async def sells(self) -> None:
        """One sale through each of the scanners, to its paper."""
        papers = len(self._counter.printer.whole)
        for name in self._counter.guns:
            await self._scan_with(name)
        await self.press(Key.CASH)
        await self.until(lambda: len(self._counter.printer.whole) > papers)
        # A latch that was asked for too often is an alarm to be read.
        going_on, self.is_to_stop = self.is_to_stop, True
        await self.works()
        self.is_to_stop = going_on

    def _has_finished(self) -> bool:
        session = self.session
        is_quiet = not (session.unprinted or session.printing or session.alarm)
        return is_quiet and session.state is State.IDLE and session.basket is None

    async def _next(self) -> None:
        session = self.session
        if session.alarm is not None:
            # Any key takes it away; CLEAR would decline an offer that comes at this very moment.
            await self.press(Key.DIGIT_1)
        elif session.entry:
            await self.press(Key.CLEAR)
        elif session.printing and self.is_behind:
            await self.until(lambda: not self.session.printing)
        elif session.state is State.IDLE and session.unprinted:
            await self._take_offer()
        elif session.state is State.SELLING and self._dice.random() < 0.4:
            await self.press(Key.CASH)
        elif session.state is State.IDLE and self.is_to_stop:
            await self.until(lambda: self._has_finished() or self.session is not session)
        elif session.state in {State.IDLE, State.SELLING}:
            await self.scan()
        else:
            await self.until(lambda: self.session.state in {State.IDLE, State.SELLING})

    async def _take_offer(self) -> None:
        """A copy of what is not on paper, once there is a printer; or a sale meanwhile, if few
        papers wait. Where another notice stands, a digit and CLEAR bring the offer back: CLEAR
        alone might decline it.
        """
        notice = self.session.notice
        if notice is None or notice.word is not Word.RECEIPT_PENDING:
            await self.press(Key.DIGIT_1)
        elif self.is_ready("printer"):
            await self.press(Key.ENTER)
        elif self.is_to_stop or self.is_behind:
            await self.until(lambda: self.is_ready("printer"))
        else:
            await self.scan()

    async def press(self, key: Key) -> None:
        await self.until(lambda: self.is_ready("keypad"))
        keys = self._counter.keys
        self._counter.keypad.send(BYTE_OF[key])
        self._counter.awaits_key = True
        await self.until(lambda: self._counter.keys > keys or not self.is_ready("keypad"))
        self._counter.awaits_key = False

    async def scan(self) -> None:
        """The next code of whichever scanner is ready; until it has arrived or was cut."""
        await self.until(self._guns_at_hand)
        await self._scan_with(self._dice.choice(self._guns_at_hand()))

    def _guns_at_hand(self) -> list[str]:
        """The scanners that work, and that nobody is about to unplug."""
        guns = self._counter.guns
        return [name for name in guns if self.is_ready(name) and not guns[name].is_pulled]

    async def _scan_with(self, name: str) -> None:
        gun = self._counter.guns[name]
        gun.scan()
        await self.until(lambda: not gun.awaits)
