"""Printers with the means to look at their paper and to pull their plugs: one rig for each kind."""

import abc
from dataclasses import replace
from pathlib import Path

from edge.checkout.inputs import DeviceState
from edge.checkout.paper.receipt import Columns, Receipt, Text
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_network import PrinterNetworkSettings, network_printer
from edge.drivers.printers.printer_serial import PrinterSerialSettings, serial_printer
from edge.drivers.printers.printer_usb import PrinterUsbSettings, usb_printer
from edge.drivers.printers.printer_usblp import PrinterUsblpSettings, usblp_printer
from edge.drivers.renewals import Renewals
from edge.drivers.settings import Surroundings
from edge.drivers.simulated import PrinterSimulatedSettings, SimulatedPrinter
from edge.ports import Clock
from tests.support.devices import (
    QUICK_REOPEN,
    FakePrinter,
    RecordingInbox,
    SerialLine,
    SerialPrinter,
    surroundings,
)
from tests.support.usb_printer import PRODUCT, VENDOR, FakeUsb, UsbPrinter

QUICK = {
    "name": "printer",
    "reopen": QUICK_REOPEN,
    "status_timeout_ms": 2_000,
    "stall_timeout_ms": 200,
    "status_poll_ms": 60_000,
    "trouble_timeout_ms": 20_000,
}
PAPER_OUT = {1: 0x1A, 2: 0x32, 3: 0x12, 4: 0x72}


def receipt(number: int, *, copy: bool = False, lines: int = 1) -> Receipt:
    filling = tuple(Columns(f"农夫山泉 {line}", "¥2.00") for line in range(lines - 1))
    return Receipt(number, copy=copy, elements=(Text(f"Receipt {number} 谢谢！"), *filling))


def title(number: int) -> str:
    return f"Receipt {number} 谢谢！"


class Rig(abc.ABC):
    """A printer with the means to look at its paper and to pull its plug."""

    def __init__(self) -> None:
        self.inbox = RecordingInbox()
        self.clock: Clock | None = None
        self.renewals = Renewals()
        self.driver = self.build()

    @property
    def around(self) -> Surroundings:
        return replace(surroundings(self.inbox, self.clock), renewals=self.renewals)

    @abc.abstractmethod
    def build(self) -> EscposPrinter | SimulatedPrinter: ...

    @abc.abstractmethod
    async def plug(self) -> None: ...

    @abc.abstractmethod
    async def unplug(self) -> None: ...

    @abc.abstractmethod
    def papers(self) -> list[str]:
        """The first line of every receipt since it was last plugged in."""

    @abc.abstractmethod
    def run_out_of_paper(self) -> None: ...

    @abc.abstractmethod
    def load_paper(self) -> None: ...

    async def ready(self) -> None:
        await self.inbox.until_state("printer", DeviceState.READY)

    async def gone(self) -> None:
        await self.inbox.changes.until(
            lambda: self.inbox.states("printer")[-1] is not DeviceState.READY
        )


class SimulatedRig(Rig):
    driver: SimulatedPrinter

    def build(self) -> SimulatedPrinter:
        settings = PrinterSimulatedSettings(
            driver="printer_simulated", name="printer", reopen=QUICK_REOPEN
        )
        return SimulatedPrinter(settings, self.around)

    async def plug(self) -> None:
        self.driver.replug()

    async def unplug(self) -> None:
        self.driver.unplug()

    def papers(self) -> list[str]:
        return [line.strip() for line in self.driver.paper(48)]

    def run_out_of_paper(self) -> None:
        self.driver.trouble = "out of paper: put a new roll in"

    def load_paper(self) -> None:
        self.driver.trouble = None


class WiredRig(Rig):
    """`device` is the printer at the other end of the wire."""

    driver: EscposPrinter
    device: FakePrinter | SerialPrinter | UsbPrinter

    async def plug(self) -> None:
        await self.device.plug()

    async def unplug(self) -> None:
        await self.device.unplug()

    async def ready(self) -> None:
        """Until it has heard all that it is greeted with; the last of it is how it is. One that
        answers is greeted once more.
        """
        await self.connected()
        if self.device.answers:
            await self.device.changes.until(lambda: self.device.reader.asked > 1)

    async def connected(self) -> None:
        """Until it has heard what finds out whether it answers."""
        await super().ready()
        await self.device.changes.until(lambda: self.device.reader.asked)

    def papers(self) -> list[str]:
        assert self.device.reader.complaints == []
        # What is cut off before a receipt, when the one before it broke off, has no title.
        return [paper.text[0] for paper in self.device.reader.papers if any(paper.text)]

    async def printed(self, count: int) -> list[str]:
        await self.device.changes.until(lambda: len(self.device.reader.papers) >= count)
        return self.papers()

    def run_out_of_paper(self) -> None:
        self.device.reader.status.update(PAPER_OUT)

    def load_paper(self) -> None:
        self.device.reader.status.update(dict.fromkeys(PAPER_OUT, 0x12))

    @abc.abstractmethod
    def with_settings(self, **settings: object) -> EscposPrinter: ...

    def build(self) -> EscposPrinter:
        return self.with_settings()


class NetworkRig(WiredRig):
    def __init__(self, port: int) -> None:
        self.device = FakePrinter(port)
        super().__init__()

    def with_settings(self, **settings: object) -> EscposPrinter:
        model = PrinterNetworkSettings.model_validate(
            {
                "driver": "printer_network",
                "host": "127.0.0.1",
                "port": self.device.port,
                **QUICK,
                **settings,
            }
        )
        return network_printer(model, self.around)


class SerialRig(WiredRig):
    def __init__(self, path: Path) -> None:
        self.device = SerialPrinter(SerialLine(path))
        super().__init__()

    def with_settings(self, **settings: object) -> EscposPrinter:
        model = PrinterSerialSettings.model_validate(
            {
                "driver": "printer_serial",
                "path": str(self.device.line.path),
                "baud": 115200,
                **QUICK,
                **settings,
            }
        )
        return serial_printer(model, self.around)


class UsblpPrinter(SerialPrinter):
    """A printer behind a node of the kernel's, for which a pseudo-terminal stands: without its
    cable or its power, the node is gone.
    """

    async def pull(self) -> None:
        self.deaf = True
        self.line.unplug()

    async def push(self) -> None:
        self.line.plug()
        self.deaf = False

    async def power_off(self) -> None:
        await self.pull()
        self.reader.lose_power()


class UsblpRig(WiredRig):
    def __init__(self, path: Path) -> None:
        self.device = UsblpPrinter(SerialLine(path))
        super().__init__()

    def with_settings(self, **settings: object) -> EscposPrinter:
        path = str(self.device.line.path)
        model = PrinterUsblpSettings.model_validate(
            {"driver": "printer_usblp", "path": path, **QUICK, **settings}
        )
        return usblp_printer(model, self.around)


class UsbRig(WiredRig):
    def __init__(self, *others: UsbPrinter, **identity: str) -> None:
        self.device = UsbPrinter()
        self.bus = FakeUsb(self.device, *others)
        self.identity = {"vendor": f"{VENDOR:04x}", "product": f"{PRODUCT:04x}", **identity}
        super().__init__()

    def with_settings(self, **settings: object) -> EscposPrinter:
        model = PrinterUsbSettings.model_validate(
            {"driver": "printer_usb", "usb": self.identity, **QUICK, **settings}
        )
        return usb_printer(model, self.around, self.bus)


async def network_rig() -> NetworkRig:
    """A port that is free now; the printer takes it when it is plugged in."""
    probe = FakePrinter()
    await probe.plug()
    await probe.unplug()
    return NetworkRig(probe.port)


WIRES = ("network", "serial", "usb", "usblp")


async def wired_rig(wire: str, folder: Path) -> WiredRig:
    """A printer at that wire, not plugged in yet."""
    match wire:
        case "network":
            return await network_rig()
        case "serial":
            return SerialRig(folder / "printer")
        case "usb":
            return UsbRig()
        case _:
            return UsblpRig(folder / "lp0")
