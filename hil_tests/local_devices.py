"""The far ends of a local till's cables, and how each is unplugged."""

import asyncio
from pathlib import Path
from typing import Protocol

from hil_tests.hands import POS_KEYS
from tests.support.devices import Changes
from tests.support.input_devices import Keyboard, pressed, typed
from tests.support.kiosk import KioskPrinter


class Pluggable(Protocol):
    def plug(self) -> None: ...

    def unplug(self) -> None: ...


class Plugged:
    """A plug of what can be pulled at once: path and stream are gone then."""

    def __init__(self, device: Pluggable) -> None:
        self._device = device

    async def pull(self) -> None:
        self._device.unplug()

    async def push(self) -> None:
        self._device.plug()


class PrinterPlug:
    def __init__(self, printer: KioskPrinter) -> None:
        self._printer = printer

    async def pull(self) -> None:
        await self._printer.unplug()

    async def push(self) -> None:
        await self._printer.plug()


class EvdevScanner:
    """A scanner that types on a US keyboard."""

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard

    def scan(self, code: str) -> None:
        self._keyboard.play(typed(code))


class EvdevKeypad:
    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard

    def press(self, key: str) -> None:
        self._keyboard.play(pressed(POS_KEYS[key]))


class KickEye:
    """Sees the pulses that the printer gives on its kick connector."""

    def __init__(self, printer: KioskPrinter) -> None:
        self._printer = printer

    @property
    def pulses_ms(self) -> list[int]:
        return self._printer.pulses_ms

    def shut(self) -> None:
        """Nobody watches a drawer at a printer."""


class DrawerPins:
    """The mock pins of the box, over a socket: see `local_box`. They outlive a power cut."""

    def __init__(self, path: Path, changes: Changes) -> None:
        self.pulses_ms: list[int] = []
        self.path = path
        self._changes = changes
        self._server: asyncio.Server | None = None
        self._box: asyncio.StreamWriter | None = None

    async def listen(self) -> None:
        self._server = await asyncio.start_unix_server(self._hear, self.path)

    async def close(self) -> None:
        if self._box is not None:
            self._box.close()
        if self._server is not None:
            self._server.close()

    def shut(self) -> None:
        assert self._box is not None, "the box is off"
        self._box.write(b".")

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._box = writer
        async for line in reader:
            self.pulses_ms.append(int(line))
            self._changes.tell()
        writer.close()
