"""An ESC/POS printer behind any line of bytes: jobs one after the other, its status, its drawer."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from pydantic import Field

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Receipt
from edge.drivers.byte_line import ByteLine
from edge.drivers.lifecycle import LifeCycle
from edge.drivers.printer_escpos import PaperSettings, drawer_pulse, encode
from edge.drivers.printer_status import PrinterStatus, StatusReader
from edge.drivers.settings import DeviceModel, Surroundings
from edge.ports import DeviceError

# An effect log hands out jobs one by one; more waiting ones mean that somebody is looping.
MAX_WAITING_JOBS = 8
# Retries come within a day's last receipts; an id with its flag takes about 100 bytes.
REMEMBERED_JOBS = 1_000
STOPPED_ANSWERING = "stopped answering; check its power and cable"


class PrinterModel(DeviceModel):
    """What network and serial printers share."""

    paper: PaperSettings = PaperSettings()
    status_timeout_ms: int = Field(
        default=500, ge=10, le=10_000, description="a printer answers DLE EOT within 100 ms"
    )
    status_poll_ms: int = Field(
        default=20_000, ge=100, le=600_000, description="printers drop idle connections after 90 s"
    )
    stall_timeout_ms: int = Field(
        default=5_000, ge=50, le=60_000, description="a cut, the longest pause of a printer, is 1 s"
    )
    job_timeout_ms: int = Field(
        default=60_000, ge=100, le=600_000, description="a metre of paper at 9600 baud takes 30 s"
    )


class EscposPrinter:
    """Prints each job once: an id that was wholly sent is not sent again. A copy, which the
    cashier asks for, is a job of its own beside the original's.
    """

    def __init__(
        self,
        settings: PrinterModel,
        around: Surroundings,
        open_line: Callable[[], Awaitable[ByteLine]],
    ) -> None:
        self.name = settings.name
        self._settings = settings
        self._life = LifeCycle(settings.name, settings.reopen, around, open_line, self._serve)
        self._line: ByteLine | None = None
        self._reader = StatusReader()
        self._answered = asyncio.Event()
        self._silent = False
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._sent: OrderedDict[tuple[str, bool], None] = OrderedDict()

    @property
    def state(self) -> DeviceState:
        return self._life.state

    @property
    def status(self) -> PrinterStatus | None:
        """What the printer last said, None while that is unknown."""
        return self._reader.status

    async def run(self) -> None:
        await self._life.run()

    async def print_receipt(self, job_id: str, receipt: Receipt) -> None:
        job = (job_id, receipt.copy)
        async with self._my_turn(self._settings.job_timeout_ms):
            if job in self._sent:
                return
            line = self._connected()
            try:
                async with asyncio.timeout(self._settings.job_timeout_ms / 1000):
                    await self._refuse_in_trouble(line, self._settings.status_timeout_ms)
                    await self._send(line, receipt)
                    self._remember(job)
                    # While it still prints, a printer may answer late.
                    await self._refuse_in_trouble(line, self._settings.stall_timeout_ms)
            except TimeoutError:
                took = f"the receipt took longer than {self._settings.job_timeout_ms} ms"
                raise line.broken(took) from None
            except asyncio.CancelledError:
                # Half a receipt may be out; the next one must not continue its line.
                line.broken("a receipt was given up")
                raise

    async def kick_drawer(self, pin: int, pulse_ms: int, timeout_ms: int) -> None:
        """One pulse on the drawer connector, between jobs. Raises DeviceError when the printer is
        away, in trouble, silent though it has answered before, or busy for `timeout_ms`; the pulse
        is then not sent later.
        """
        async with self._my_turn(timeout_ms):
            line = self._connected()
            await self._refuse_in_trouble(line, self._settings.status_timeout_ms)
            line.write(drawer_pulse(pin, pulse_ms))
            await line.sent(timeout_ms)

    async def _serve(self, line: ByteLine) -> None:
        self._reader = StatusReader()
        self._silent = False
        self._line = line
        try:
            self._ask(line)
            while True:
                data = await line.read_within(self._settings.status_poll_ms)
                self._reader.feed(data)
                if self._reader.answered:
                    self._answered.set()
                if not data and not self._turn.locked():
                    self._poll(line)
        finally:
            self._line = None

    def _poll(self, line: ByteLine) -> None:
        """Ask without waiting; who answered before and has not since the last poll is gone."""
        if self._reader.status is not None and not self._reader.answered:
            raise line.broken(STOPPED_ANSWERING)
        # A printer that never reads gets no more questions than its buffers hold.
        if line.unsent() == 0:
            self._ask(line)

    def _ask(self, line: ByteLine) -> None:
        self._answered.clear()
        line.write(self._reader.ask())

    async def _answers_within(self, timeout_ms: int) -> bool:
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                await self._answered.wait()
        except TimeoutError:
            return False
        return True

    async def _refuse_in_trouble(self, line: ByteLine, timeout_ms: int) -> None:
        """Ask, and raise DeviceError when the answer says that it can't print, or when a printer
        that has answered before stays silent. One that never did is waited for once a connection.
        """
        if self._reader.status is None and not self._silent:
            # The question of the moment it was connected; its answer may be out of date already.
            self._silent = not await self._answers_within(timeout_ms)
        self._ask(line)
        if self._reader.status is not None and not await self._answers_within(timeout_ms):
            raise line.broken(STOPPED_ANSWERING)
        status = self._reader.status
        if status is not None and status.trouble is not None:
            raise DeviceError(f"{self.name}: {status.trouble}")

    async def _send(self, line: ByteLine, receipt: Receipt) -> None:
        for chunk in encode(receipt, self._settings.paper):
            line.write(chunk)
            # A long receipt lets a scan in between its lines.
            await asyncio.sleep(0)
            await line.room(self._settings.stall_timeout_ms)
        await line.sent(self._settings.stall_timeout_ms)

    def _remember(self, job: tuple[str, bool]) -> None:
        self._sent[job] = None
        if len(self._sent) > REMEMBERED_JOBS:
            self._sent.popitem(last=False)

    def _connected(self) -> ByteLine:
        if self._line is None:
            raise DeviceError(f"{self.name}: not connected; check cable and power")
        return self._line

    @asynccontextmanager
    async def _my_turn(self, timeout_ms: int) -> AsyncIterator[None]:
        """Alone with the printer. Raises DeviceError when that takes too long."""
        if self._waiting >= MAX_WAITING_JOBS:
            raise DeviceError(f"{self.name}: {MAX_WAITING_JOBS} jobs wait already")
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                await self._turn.acquire()
        except TimeoutError:
            raise DeviceError(f"{self.name}: busy for {timeout_ms} ms") from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()
