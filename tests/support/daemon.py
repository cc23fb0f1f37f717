"""The real daemon as a child process, in a box whose devices are bytes: serial lines and TCP.

Nothing in here knows how the till works: keys and codes go in as a keypad and a scanner send them,
and what comes out is read from the paper, the drawer's pulses, the pole display and the log.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.devices import Changes
from tests.support.kiosk import DEVICE, CounterLine, KioskPrinter, Pole, Printed

ROOT = Path(__file__).parents[2]
EDGE = ("-m", "edge", "run")
# Name on the display -> code and price; ASCII, so that the pole display reads the same everywhere.
SHELF = {
    "Pencil": ("5901234123457", 120),
    "Green tea": ("4006381333931", 499),
    "Umbrella": ("9520417010016", 1_990),
    "Notebook": ("9520417010023", 350),
}
CODES = {name: code for name, (code, _) in SHELF.items()}
NAMES = {code: name for name, code in CODES.items()}
PRICES = dict(SHELF.values())
# Keys as the serial keypad's default keymap has them.
CASH, CARD, ENTER, CLEAR, VOID, SUBTOTAL, MENU = "CKELVSM"
NO_SALE = f"{MENU}21"


class DaemonEndedError(Exception):
    """The daemon ended while something was expected of it; its last words."""


class Process:
    """One run of the daemon."""

    def __init__(self, process: asyncio.subprocess.Process, changes: Changes) -> None:
        self._process = process
        self._changes = changes
        self.log: list[dict[str, Any]] = []
        self.said: list[str] = []
        # On the event loop's clock; 0 as long as nobody did it.
        self.killed_at_s = 0.0
        self._reading = asyncio.create_task(self._read())
        self._reading.add_done_callback(lambda _: changes.tell())

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._reading.done()

    @property
    def ready_devices(self) -> set[str]:
        """The devices that were ready at some time."""
        return {line["device"] for line in self.log if line["event"] == "device_ready"}

    def events(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.log if line["event"] == name]

    def kill(self) -> None:
        """As a power cut ends it; harmless when it is gone."""
        self.killed_at_s = self.killed_at_s or asyncio.get_running_loop().time()
        with suppress(ProcessLookupError):
            self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    def interrupt(self) -> None:
        self._process.send_signal(signal.SIGINT)

    async def gone(self) -> int:
        """Its exit status once it has ended and all that it said is here."""
        async with asyncio.timeout(30):
            await self._reading
            return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for raw in self._process.stderr:
            line = raw.decode().rstrip("\n")
            try:
                self.log.append(json.loads(line))
            except ValueError:
                self.said.append(line)
            self._changes.tell()
        await self._process.wait()


class _Notified(asyncio.DatagramProtocol):
    def __init__(self, states: list[str], changes: Changes) -> None:
        self._states = states
        self._changes = changes

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's
        self._states += data.decode().split("\n")
        self._changes.tell()


class Box:
    """What stands on the counter, and the daemon in it, started and killed at will."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.store = directory / "till.db"
        self.config = directory / "edge.toml"
        self.scanner = CounterLine(directory / "scanner")
        self.keypad = CounterLine(directory / "keypad")
        self.line_of_display = CounterLine(directory / "display")
        self.printer = KioskPrinter()
        self.pole = Pole(self.line_of_display)
        self.states: list[str] = []
        self.changes = Changes()
        for device in (self.scanner, self.keypad, self.line_of_display, self.printer):
            device.changes = self.changes
        self._process: Process | None = None
        self._environment = {
            **os.environ,
            "NOTIFY_SOCKET": str(directory / "notify"),
            "PYTHONPATH": str(ROOT),
        }

    @property
    def daemon(self) -> Process:
        assert self._process is not None, "no daemon was started"
        return self._process

    def write_settings(self, *, uplink_port: int | None = None, more: str = "") -> None:
        """Real drivers alone; `more` is TOML that goes to the end."""
        shelf = "".join(
            f"{1000 + number},{code},{name},,{price_minor},A,each\n"
            for number, (name, (code, price_minor)) in enumerate(SHELF.items())
        )
        header = "plu,barcodes,name_en,name_zh,price_minor,tax_code,unit\n"
        (self.directory / "shelf.csv").write_text(header + shelf, encoding="utf-8")
        uplink = "" if uplink_port is None else UPLINK.format(port=uplink_port)
        self.config.write_text(
            SETTINGS.format(
                device=DEVICE,
                scanner=self.scanner.path,
                keypad=self.keypad.path,
                display=self.line_of_display.path,
                port=self.printer.port,
            )
            + uplink
            + more,
            encoding="utf-8",
        )

    async def start(self, program: Sequence[str] = EDGE, wrapper: Sequence[str] = ()) -> Process:
        """Start the daemon; what was typed or shown before it is forgotten."""
        assert self._process is None or self._process.ended, "one daemon a box"
        for line in (self.scanner, self.keypad, self.line_of_display):
            line.forget()
        self.states.clear()
        self._process = await self.another(program, wrapper)
        return self._process

    async def another(self, program: Sequence[str] = EDGE, wrapper: Sequence[str] = ()) -> Process:
        """A daemon of the same settings, beside the one in the box if there is one."""
        command = [*wrapper, sys.executable, "-W", "error", *program, "--config", str(self.config)]
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env=self._environment,
            stderr=asyncio.subprocess.PIPE,
            stdin=asyncio.subprocess.DEVNULL,
        )
        return Process(process, self.changes)

    async def up(self, program: Sequence[str] = EDGE, wrapper: Sequence[str] = ()) -> Process:
        """The daemon, ready and with all its devices."""
        process = await self.start(program, wrapper)
        await self.until_up()
        return process

    async def until_up(self) -> None:
        devices = {"scanner", "keypad", "display", "printer"}
        await self.until(lambda: "READY=1" in self.states)
        await self.until(lambda: self.daemon.ready_devices >= devices)

    async def until(self, condition: Callable[[], object]) -> None:
        """Until it is true. DaemonEndedError when the daemon ended before that."""
        await self.changes.until(lambda: condition() or self.daemon.ended)
        if not condition():
            raise DaemonEndedError(self.daemon.log[-3:], self.daemon.said[-20:])

    def scan(self, code: str) -> None:
        self.scanner.send(code.encode() + b"\r")

    def press(self, keys: str) -> None:
        self.keypad.send(keys.encode())

    async def until_shown(self, *parts: str) -> None:
        """Until the pole display shows all of these."""
        await self.until(lambda: all(part in "\n".join(self.pole.shown) for part in parts))

    async def until_printed(self, count: int) -> list[Printed]:
        """Until so many whole papers came out of the printer since it was plugged in."""
        await self.until(lambda: len(self.printer.whole) >= count)
        return self.printer.whole

    async def put_in_basket(self, *names: str) -> None:
        """Scan, each after the one before it is shown."""
        for name in names:
            self.scan(CODES[name])
            await self.until_shown(name)

    async def until_printer_is_free(self) -> None:
        """Until no till is connected to it."""
        await self.changes.until(lambda: not self.printer._open)

    async def sell(self, *names: str, keys: str = CASH) -> Printed:
        """A whole sale: its receipt."""
        papers = len(self.printer.whole)
        await self.put_in_basket(*names)
        self.press(keys)
        return (await self.until_printed(papers + 1))[-1]

    async def stop(self) -> int:
        """SIGTERM, and the exit status."""
        self.daemon.terminate()
        return await self.daemon.gone()

    async def kill(self) -> None:
        self.daemon.kill()
        assert await self.daemon.gone() == -signal.SIGKILL


@asynccontextmanager
async def box(directory: Path, *, uplink_port: int | None = None) -> AsyncIterator[Box]:
    """A box with everything plugged in and no daemon yet; none is left behind."""
    till = Box(directory)
    loop = asyncio.get_running_loop()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listening.bind(str(directory / "notify"))
    notified, _ = await loop.create_datagram_endpoint(
        lambda: _Notified(till.states, till.changes), sock=listening
    )
    lines = (till.scanner, till.keypad, till.line_of_display)
    await till.printer.plug()
    for line in lines:
        line.plug()
    till.write_settings(uplink_port=uplink_port)
    try:
        yield till
    finally:
        if till._process is not None:
            till._process.kill()
            await till._process.gone()
        for line in lines:
            line.unplug()
        await till.printer.unplug()
        notified.close()


SETTINGS = """
[device]
id = "{device}"
[shop]
name = "Kiosk"
currency = "USD"
taxes = [{{ code = "A", rate_bp = 0 }}]
catalogue = "shelf.csv"
[store]
path = "till.db"
[[devices]]
driver = "scanner_serial"
name = "scanner"
path = "{scanner}"
[[devices]]
driver = "keypad_serial"
name = "keypad"
path = "{keypad}"
[[devices]]
driver = "display_serial"
name = "display"
path = "{display}"
[[devices]]
driver = "printer_network"
name = "printer"
host = "127.0.0.1"
port = {port}
# A busy machine answers late; a printer that says nothing is not what these tests are about.
status_timeout_ms = 5000
[[devices]]
driver = "drawer_printer"
name = "drawer"
printer = "printer"
"""
# Impatient, so that a test of lost connections takes a second.
UPLINK = """
[uplink]
host = "127.0.0.1"
port = {port}
reconnect_base_ms = 20
reconnect_cap_ms = 200
ack_timeout_ms = 500
ack_timeout_cap_ms = 1000
nack_quiet_ms = 50
"""
