"""Devices without hardware, for the demo, for replay and for tests; they keep the same contracts.

Each can be unplugged and plugged in again, and has a callback for whoever looks on.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal

from edge.checkout.effects import Tone
from edge.checkout.goods.scale import ScaleTrouble
from edge.checkout.inputs import Key, KeyPressed
from edge.checkout.paper.receipt import Receipt
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.screens import CashierScreen, CustomerScreen
from edge.drivers.drawers.drawer_sense import DrawerSense
from edge.drivers.keys.scans import ScanModel, Scans
from edge.drivers.lifecycle import DeviceAbsentError, together
from edge.drivers.living import LivingDevice
from edge.drivers.printers.printer_jobs import REMEMBERED_JOBS
from edge.drivers.settings import DeviceModel, Surroundings
from edge.ports import DeviceError, DrawerShutError, ScaleError

# What an onlooker scrolls back through; a day's replay must not pile up in memory.
KEPT = 100


class ScannerSimulatedSettings(DeviceModel):
    driver: Literal["scanner_simulated"]


class KeypadSimulatedSettings(DeviceModel):
    driver: Literal["keypad_simulated"]


class PrinterSimulatedSettings(DeviceModel):
    driver: Literal["printer_simulated"]


class DrawerSimulatedSettings(DeviceModel):
    """With `sense` it has a switch that says whether it is open."""

    driver: Literal["drawer_simulated"]
    sense: bool = False


class ScaleSimulatedSettings(DeviceModel):
    driver: Literal["scale_simulated"]


class CustomerDisplaySimulatedSettings(DeviceModel):
    driver: Literal["customer_display_simulated"]


class CashierDisplaySimulatedSettings(DeviceModel):
    driver: Literal["cashier_display_simulated"]


class _Plug:
    """A plug in its socket. It is its own connection."""

    def __init__(self) -> None:
        self.plugged = asyncio.Event()
        self.unplugged = asyncio.Event()
        self.plugged.set()

    def pull(self) -> None:
        self.plugged.clear()
        self.unplugged.set()

    def push(self) -> None:
        self.unplugged.clear()
        self.plugged.set()

    async def close(self) -> None:
        """Nothing to give back."""


class SimulatedDevice(LivingDevice[_Plug]):
    """What all of them are: a name, a plug and a life."""

    def __init__(self, settings: DeviceModel, around: Surroundings) -> None:
        super().__init__(settings, around)
        self._around = around
        self._plug = _Plug()

    def unplug(self) -> None:
        self._plug.pull()

    def replug(self) -> None:
        self._plug.push()

    async def _open(self) -> _Plug:
        if not self._plug.plugged.is_set():
            raise DeviceAbsentError(f"{self.name}: not plugged in")
        return self._plug

    async def _serve(self, plug: _Plug) -> None:
        await plug.unplugged.wait()
        raise DeviceError(f"{self.name}: unplugged")

    def _check_plugged(self) -> None:
        if not self._plug.plugged.is_set():
            raise DeviceError(f"{self.name}: not connected; check cable and power")


class SimulatedScanner(SimulatedDevice):
    def __init__(self, settings: ScannerSimulatedSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self._scans = Scans(ScanModel(), around.inbox, around.clock)

    def scan(self, code: str) -> bool:
        """True when the inbox took the code; an unplugged scanner scans nothing."""
        return self._plug.plugged.is_set() and self._scans.offer(code)


class SimulatedKeypad(SimulatedDevice):
    def press(self, key: Key) -> bool:
        """True when the inbox took the key; an unplugged keypad presses nothing."""
        pressed = KeyPressed(key=key, at=self._around.clock.now())
        return self._plug.plugged.is_set() and self._around.inbox.offer(pressed)


class SimulatedPrinter(SimulatedDevice):
    """Keeps the last receipts. With `trouble` set it refuses as a printer without paper does."""

    def __init__(self, settings: PrinterSimulatedSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.receipts: deque[Receipt] = deque(maxlen=KEPT)
        self.printed = 0
        self.trouble: str | None = None
        self.on_receipt: Callable[[Receipt], None] | None = None
        self._sent: deque[tuple[str, bool]] = deque(maxlen=REMEMBERED_JOBS)

    async def print_receipt(self, job_id: str, receipt: Receipt) -> None:
        self._check_plugged()
        if (job_id, receipt.copy) in self._sent:
            return
        if self.trouble is not None:
            raise DeviceError(f"{self.name}: {self.trouble}")
        self._sent.append((job_id, receipt.copy))
        self.receipts.append(receipt)
        self.printed += 1
        if self.on_receipt is not None:
            self.on_receipt(receipt)

    def paper(self, columns: int) -> list[str]:
        """The lines of the receipts that are kept, oldest first."""
        return [line for receipt in self.receipts for line in lay_out(receipt, columns)]


class SimulatedDrawer(SimulatedDevice):
    """Counts its pulses. A `stuck` one stays as it is; `shut` and `force` are hands on it."""

    def __init__(self, settings: DrawerSimulatedSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.pulses = 0
        self.stuck = False
        self.on_pulse: Callable[[], None] | None = None
        self._is_open = False
        self._sense = DrawerSense(around) if settings.sense else None

    @property
    def is_open(self) -> bool | None:
        """What the switch says; None without one."""
        return self._sense.is_open if self._sense is not None else None

    async def run(self) -> None:
        if self._sense is None:
            await super().run()
        else:
            await together(super().run(), self._sense.tell())

    async def open(self) -> None:
        self._check_plugged()
        self.pulses += 1
        if not self.stuck:
            self._move(is_open=True)
        if self.on_pulse is not None:
            self.on_pulse()
        if self._sense is not None and not self._is_open:
            raise DrawerShutError(f"{self.name}: did not open")

    def shut(self) -> None:
        self._move(is_open=False)

    def force(self) -> None:
        """Opened by somebody, not by a pulse."""
        self._move(is_open=True)

    def _move(self, *, is_open: bool) -> None:
        self._is_open = is_open
        if self._sense is not None and self._sense.is_open is not None:
            self._sense.look(is_open)

    async def _serve(self, plug: _Plug) -> None:
        if self._sense is not None:
            self._sense.look(self._is_open)
        try:
            await super()._serve(plug)
        finally:
            if self._sense is not None:
                self._sense.lose()


class SimulatedScale(SimulatedDevice):
    """Weighs what was put on it; with `trouble` set it says that instead."""

    def __init__(self, settings: ScaleSimulatedSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.grams = 0
        self.trouble: ScaleTrouble | None = None

    async def weigh(self) -> int:
        self._check_plugged()
        if self.trouble is not None:
            raise ScaleError(self.trouble, self.name)
        return self.grams


class SimulatedCustomerDisplay(SimulatedDevice):
    """Holds the latest screen."""

    def __init__(self, settings: CustomerDisplaySimulatedSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.screen = CustomerScreen(upper="", lower="")
        self.on_show: Callable[[CustomerScreen], None] | None = None

    def show(self, screen: CustomerScreen) -> None:
        self.screen = screen
        if self.on_show is not None:
            self.on_show(screen)


class SimulatedCashierDisplay(SimulatedDevice):
    """Holds the latest screen, None before the first, and the last tones."""

    def __init__(self, settings: CashierDisplaySimulatedSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self.screen: CashierScreen | None = None
        self.tones: deque[Tone] = deque(maxlen=KEPT)
        self.on_show: Callable[[CashierScreen], None] | None = None
        self.on_beep: Callable[[Tone], None] | None = None

    def show(self, screen: CashierScreen) -> None:
        self.screen = screen
        if self.on_show is not None:
            self.on_show(screen)

    def beep(self, tone: Tone) -> None:
        self.tones.append(tone)
        if self.on_beep is not None:
            self.on_beep(tone)
