"""The bench computer's ends of the cables to a real box."""

import asyncio
import os
import socket
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from hil_tests.ports import NotWiredError
from tests.support.devices import Changes
from tests.support.kiosk import KioskPrinter

NS_PER_MS: Final = 1_000_000
# USB HID boot keyboard, HID 1.11 appendix B.1: modifiers, a reserved byte, six keys.
REPORT: Final = 8
ALL_UP: Final = bytes(REPORT)


class Model(BaseModel):
    """A table of the bench's file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class DrawerTable(Model):
    """The bench's own input that the drawer's line is wired to. `switch` is an output in the place
    of the drawer's switch: high is open.
    """

    chip: str
    line: int
    active: Literal["high", "low"] = "high"
    switch: int | None = None


class SerialCable(asyncio.Protocol):
    """A port of the bench computer, crossed over to one of the box."""

    def __init__(self, path: str, baud: int, changes: Changes) -> None:
        self.received = bytearray()
        self._path = path
        self._baud = baud
        self._changes = changes
        self._transport: Any = None

    async def open(self) -> None:
        # Here, because only a bench with cables has it to open.
        import serialx  # noqa: PLC0415

        loop = asyncio.get_running_loop()
        self._transport, _ = await serialx.create_serial_connection(
            loop, lambda: self, self._path, self._baud
        )

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def send(self, data: bytes) -> None:
        self._transport.write(data)

    def forget(self) -> None:
        self.received.clear()

    def data_received(self, data: bytes) -> None:
        self.received += data
        self._changes.tell()


class HidGadget:
    """A USB port of the bench computer that plays a keyboard: Linux' usb/gadget_hid.rst."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = -1

    async def open(self) -> None:
        self._file = os.open(self._path, os.O_WRONLY | os.O_CLOEXEC)

    async def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)

    def type(self, usage: int, modifiers: int = 0) -> None:
        """A key goes down and up: a usage of the HID usage tables, page 7."""
        for report in (bytes([modifiers, 0, usage]) + bytes(5), ALL_UP):
            written = os.write(self._file, report)
            assert written == REPORT, "the box takes no keys"


class DrawerWire:
    """An input of the bench computer at the drawer's line, behind a level shifter; and, if it has
    one, an output in the place of the drawer's switch.
    """

    def __init__(self, table: DrawerTable, changes: Changes) -> None:
        self.pulses_ms: list[int] = []
        self._table = table
        self._changes = changes
        self._requests: list[Any] = []
        self._began_ns = 0

    async def open(self) -> None:
        # Here, because only a bench with such a wire has it to open.
        import gpiod  # noqa: PLC0415
        from gpiod.line import Direction, Edge  # noqa: PLC0415

        table, active_low = self._table, self._table.active == "low"
        watched = gpiod.LineSettings(edge_detection=Edge.BOTH, active_low=active_low)
        self._requests.append(self._ask(gpiod, table.line, watched))
        asyncio.get_running_loop().add_reader(self._requests[0].fd, self._take)
        if table.switch is not None:
            driven = gpiod.LineSettings(direction=Direction.OUTPUT)
            self._requests.append(self._ask(gpiod, table.switch, driven))

    async def close(self) -> None:
        if self._requests:
            asyncio.get_running_loop().remove_reader(self._requests[0].fd)
        for request in self._requests:
            request.release()

    def shut(self) -> None:
        self._switch(is_open=False)

    def edge(self, *, rising: bool, at_ns: int) -> None:
        """The kernel's own time of each edge, so that a busy bench measures as well as an idle."""
        if rising:
            self._began_ns = at_ns
            if self._table.switch is not None:
                self._switch(is_open=True)
            return
        self.pulses_ms.append(round((at_ns - self._began_ns) / NS_PER_MS))
        self._changes.tell()

    def _ask(self, gpiod: Any, line: int, settings: Any) -> Any:
        return gpiod.request_lines(
            self._table.chip, config={line: settings}, consumer="edge-till bench"
        )

    def _switch(self, *, is_open: bool) -> None:
        from gpiod.line import Value  # noqa: PLC0415 - as in `open`

        if self._table.switch is None:
            raise NotWiredError("[drawer] switch is not in the bench's file")
        value = Value.ACTIVE if is_open else Value.INACTIVE
        self._requests[1].set_value(self._table.switch, value)

    def _take(self) -> None:
        for event in self._requests[0].read_edge_events():
            self.edge(rising=event.event_type is event.Type.RISING_EDGE, at_ns=event.timestamp_ns)


class ListeningPrinter(KioskPrinter):
    """The bench computer as the box's network printer."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self.port = port
        self._host = host

    async def plug(self) -> None:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((self._host, self.port))
        self.port = listening.getsockname()[1]
        await self.listen(listening)
