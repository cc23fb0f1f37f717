"""How late a drawer's pulse comes at a printer with 9600 baud, where a millisecond is a byte."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Picture, Receipt, Text
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_serial import PrinterSerialSettings
from edge.ports import DeviceError
from tests.support.devices import Changes, RecordingInbox, SteppedClock, running, surroundings
from tests.support.escpos_reader import EscposReader

# As long as real time may get on a busy machine: what is measured is the wire's own time.
PATIENT_MS = 10_000
LINES = 200
LONG = Receipt(1, copy=False, elements=tuple(Text(f"Line {line:03}") for line in range(LINES)))
LOGO = Receipt(1, copy=False, elements=(Picture(576, 240, bytes(72 * 240)), *LONG.elements))


class SlowLine:
    """The wire to a printer, and the printer at its end. A byte takes a millisecond."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.printer = EscposReader()
        self.changes = Changes()
        self.pulsed_at_ms: list[int] = []
        self._queue = bytearray()
        self._answers = asyncio.Queue[bytes]()

    async def carry(self) -> None:
        while True:
            self.clock.advance(1)
            if self._queue:
                self._arrive(bytes([self._queue.pop(0)]))
                self.changes.tell()
            await asyncio.sleep(0)

    def _arrive(self, byte: bytes) -> None:
        answer = self.printer.feed(byte)
        if answer:
            self._answers.put_nowait(answer)
        if len(self.printer.pulses) > len(self.pulsed_at_ms):
            self.pulsed_at_ms.append(self.clock.mono_ms)

    async def read_within(self, timeout_ms: int) -> bytes:
        """Nobody waits in vain here."""
        assert timeout_ms
        return await self._answers.get()

    def write(self, data: bytes) -> None:
        self._queue += data

    def unsent(self) -> int:
        return len(self._queue)

    def broken(self, cause: str) -> DeviceError:
        return DeviceError(f"printer: {cause}")

    async def close(self) -> None:
        """Nothing to give back."""


@pytest.fixture
async def wire() -> AsyncIterator[SlowLine]:
    wire = SlowLine()
    carrying = asyncio.create_task(wire.carry())
    yield wire
    carrying.cancel()


def settings(baud: int) -> PrinterSerialSettings:
    return PrinterSerialSettings(
        driver="printer_serial",
        name="printer",
        path="/dev/ttyS0",
        baud=baud,
        status_timeout_ms=PATIENT_MS,
    )


@pytest.fixture
async def printer(wire: SlowLine) -> AsyncIterator[EscposPrinter]:
    inbox = RecordingInbox()

    async def open_line() -> SlowLine:
        return wire

    driver = EscposPrinter(settings(9600), surroundings(inbox, wire.clock), open_line)
    async with running(driver):
        await inbox.until_state("printer", DeviceState.READY)
        # It has what greeted it.
        await wire.changes.until(lambda: driver.status is not None and not wire.unsent())
        yield driver


async def test_the_pulse_of_a_sale_is_ahead_of_its_receipt(
    printer: EscposPrinter, wire: SlowLine
) -> None:
    began_ms = wire.clock.mono_ms
    async with asyncio.TaskGroup() as sale:
        sale.create_task(printer.kick_drawer(2, 100, PATIENT_MS))
        sale.create_task(printer.print_receipt("1", LONG))
    assert wire.pulsed_at_ms[0] - began_ms < 50
    assert [len(paper.text) for paper in wire.printer.papers] == [LINES]


# A strip of a picture is one command of 1,736 bytes.
@pytest.mark.parametrize(("receipt", "latest_ms"), [(LONG, 350), (LOGO, 2_100)])
async def test_a_pulse_while_a_receipt_is_sent_comes_in_the_midst_of_it(
    printer: EscposPrinter, wire: SlowLine, receipt: Receipt, latest_ms: int
) -> None:
    printing = asyncio.create_task(printer.print_receipt("1", receipt))
    await wire.changes.until(lambda: wire.printer.unfinished.marks)
    asked_ms = wire.clock.mono_ms
    await printer.kick_drawer(2, 100, PATIENT_MS)
    assert wire.pulsed_at_ms[0] - asked_ms < latest_ms
    assert not printing.done()
    await printing
    (paper,) = wire.printer.papers
    assert paper.text == [f"Line {line:03}" for line in range(LINES)]
    assert wire.printer.complaints == []
    assert len(wire.printer.pulses) == 1


@pytest.mark.parametrize(("baud", "ahead"), [(1_200, 30), (9_600, 240), (115_200, 2_880)])
def test_a_receipt_is_a_quarter_of_a_second_ahead_of_the_wire(baud: int, ahead: int) -> None:
    assert settings(baud).most_ahead == ahead
