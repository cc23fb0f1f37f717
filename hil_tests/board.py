"""A till on a real box, with a second computer for hands and eyes: README.md has the wiring.

The bench's own file says which cable goes where, and by which commands the box is switched.
"""

import asyncio
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from hil_tests.board_cables import (
    DrawerTable,
    DrawerWire,
    HidGadget,
    ListeningPrinter,
    Model,
    SerialCable,
)
from hil_tests.hands import HidKeypad, HidScanner, SerialKeypad, SerialScanner
from hil_tests.ports import DrawerEye, Gear, KeypadHand, NotWiredError, Plug, ScannerHand
from tests.support.devices import Changes

# A box on a slow network, or one that boots, may take this long for a command.
COMMAND_LIMIT_S: Final = 120.0

Command = Annotated[list[str], Field(min_length=1, strict=False)]


class BoxTable(Model):
    """The box as a shell reaches it. `edge` is followed by the arguments of its command line;
    `settings` and `store` are paths over there.
    """

    on: Command
    cut: Command
    stop: Command
    edge: Command
    settings: str = "/etc/edge/edge.toml"
    store: str = "/var/lib/edge/till.db"


class TypedTable(Model):
    """A scanner or keypad: at the far end of a serial cable, or typed by a USB gadget."""

    cable: str = ""
    baud: int = 9600
    gadget: str = ""


class CableTable(Model):
    cable: str
    baud: int = 9600


class PrinterTable(Model):
    """Where the box's network printer is: an address of the bench computer."""

    listen: str = "0.0.0.0"
    port: int = 9100


class PlugTable(Model):
    """What pulls a plug: a USB hub that switches its ports, a relay."""

    pull: Command
    push: Command


class BenchFile(Model):
    box: BoxTable
    scanner: TypedTable
    keypad: TypedTable
    display: CableTable
    printer: PrinterTable = PrinterTable()
    drawer: DrawerTable | None = None
    plugs: dict[Annotated[Gear, Field(strict=False)], PlugTable] = Field(default_factory=dict)


def read_bench(path: Path) -> BenchFile:
    """Raises ValueError that says what is wrong with the file."""
    return BenchFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


async def run_command(*command: str) -> tuple[int, str]:
    """Its exit status, and all that it said. Raises TimeoutError."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(COMMAND_LIMIT_S):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return process.returncode, said.decode("utf-8", "replace")


async def must_run(command: list[str]) -> None:
    status, said = await run_command(*command)
    if status:
        raise RuntimeError(f"{' '.join(command)}: exit status {status}: {said.strip()}")


class BoardPower:
    """The box's plug and shell, by the commands of the bench's file."""

    # Nobody on the bench sees a daemon end; what is waited for does not come, and that says it.
    ended = ""

    def __init__(self, box: BoxTable) -> None:
        self._box = box

    async def on(self) -> None:
        await must_run(self._box.on)

    async def cut(self) -> None:
        await must_run(self._box.cut)

    async def stop(self) -> int:
        status, _ = await run_command(*self._box.stop)
        return status

    async def edge(self, *arguments: str) -> tuple[int, str]:
        return await run_command(*self._box.edge, *arguments)


class SwitchedPlug:
    def __init__(self, table: PlugTable) -> None:
        self._table = table

    async def pull(self) -> None:
        await must_run(self._table.pull)

    async def push(self) -> None:
        await must_run(self._table.push)


class PersonsPlug:
    """A plug that nothing on this bench can reach."""

    def __init__(self, gear: Gear) -> None:
        self._gear = gear

    async def pull(self) -> None:
        raise NotWiredError(f"[plugs.{self._gear}] is not in the bench's file")

    async def push(self) -> None:
        raise NotWiredError(f"[plugs.{self._gear}] is not in the bench's file")


class NoWire:
    """A bench that does not see the drawer."""

    @property
    def pulses_ms(self) -> list[int]:
        raise NotWiredError("[drawer] is not in the bench's file")

    def shut(self) -> None:
        raise NotWiredError("[drawer] is not in the bench's file")


class BoardRig:
    """The cables of a bench's file, open from entering to leaving."""

    def __init__(self, file: BenchFile) -> None:
        self.changes = Changes()
        self.settings, self.store = file.box.settings, file.box.store
        self.power = BoardPower(file.box)
        self.printer = ListeningPrinter(file.printer.listen, file.printer.port)
        self.printer.changes = self.changes
        self.display = SerialCable(file.display.cable, file.display.baud, self.changes)
        self._typed = {
            gear: self._typing(table)
            for gear, table in ((Gear.SCANNER, file.scanner), (Gear.KEYPAD, file.keypad))
        }
        self.scanner = self._scanner()
        self.keypad = self._keypad()
        wire = file.drawer
        self._wire = DrawerWire(wire, self.changes) if wire else None
        self.drawer: DrawerEye = self._wire or NoWire()
        self.plugs: Mapping[Gear, Plug] = {
            gear: SwitchedPlug(file.plugs[gear]) if gear in file.plugs else PersonsPlug(gear)
            for gear in Gear
        }

    async def __aenter__(self) -> "BoardRig":
        for part in self._parts():
            await part.open()
        await self.printer.plug()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.printer.unplug()
        for part in self._parts():
            await part.close()

    def _parts(self) -> list[SerialCable | HidGadget | DrawerWire]:
        return [*self._typed.values(), self.display, *((self._wire,) if self._wire else ())]

    def _typing(self, table: TypedTable) -> SerialCable | HidGadget:
        if table.gadget:
            return HidGadget(table.gadget)
        return SerialCable(table.cable, table.baud, self.changes)

    def _scanner(self) -> ScannerHand:
        typed = self._typed[Gear.SCANNER]
        return SerialScanner(typed) if isinstance(typed, SerialCable) else HidScanner(typed)

    def _keypad(self) -> KeypadHand:
        typed = self._typed[Gear.KEYPAD]
        return SerialKeypad(typed) if isinstance(typed, SerialCable) else HidKeypad(typed)
