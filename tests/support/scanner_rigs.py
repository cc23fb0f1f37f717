"""A scanner of each kind in a cashier's hand, for the contract that all of them keep."""

import abc
from pathlib import Path

from edge.checkout.inputs import BarcodeScanned, DeviceState
from edge.drivers.keys.scanner_evdev import EvdevScanner, ScannerEvdevSettings
from edge.drivers.keys.scanner_serial import ScannerSerialSettings, SerialScanner
from edge.drivers.simulated import ScannerSimulatedSettings, SimulatedScanner
from edge.ports import Driver
from tests.support.devices import QUICK_REOPEN, RecordingInbox, SerialLine, surroundings
from tests.support.input_devices import Keyboard, typed


class Rig(abc.ABC):
    """A scanner in a cashier's hand, and the inbox that it reports to."""

    driver: Driver
    inbox: RecordingInbox

    @abc.abstractmethod
    def scan(self, code: str) -> None: ...

    @abc.abstractmethod
    def unplug(self) -> None: ...

    @abc.abstractmethod
    def replug(self) -> None: ...

    async def until(self, state: DeviceState) -> None:
        await self.inbox.until_state("scanner", state)

    async def scanned(self, count: int) -> list[str]:
        return [scan.code for scan in await self.inbox.until_count(BarcodeScanned, count)]


class SimulatedRig(Rig):
    def __init__(self) -> None:
        self.inbox = RecordingInbox()
        settings = ScannerSimulatedSettings(
            driver="scanner_simulated", name="scanner", reopen=QUICK_REOPEN
        )
        self.driver = self.device = SimulatedScanner(settings, surroundings(self.inbox))

    def scan(self, code: str) -> None:
        assert self.device.scan(code)

    def unplug(self) -> None:
        self.device.unplug()

    def replug(self) -> None:
        self.device.replug()


class SerialRig(Rig):
    def __init__(self, path: Path, **settings: object) -> None:
        self.inbox = RecordingInbox()
        self.line = SerialLine(path)
        self.driver = self.device = SerialScanner(
            ScannerSerialSettings(
                driver="scanner_serial",
                name="scanner",
                path=str(path),
                reopen=QUICK_REOPEN,
                **settings,
            ),
            surroundings(self.inbox),
        )

    def scan(self, code: str) -> None:
        self.line.send(code.encode() + b"\r")

    def unplug(self) -> None:
        self.line.unplug()

    def replug(self) -> None:
        self.line.plug()


class EvdevRig(Rig):
    """Its node is opened by whatever stands for evdev's `InputDevice`."""

    def __init__(self, path: Path, **settings: object) -> None:
        self.inbox = RecordingInbox()
        self.keyboard = Keyboard(path)
        self.driver = self.device = EvdevScanner(
            ScannerEvdevSettings(
                driver="scanner_evdev",
                name="scanner",
                path=str(path),
                reopen=QUICK_REOPEN,
                **settings,
            ),
            surroundings(self.inbox),
        )

    def scan(self, code: str) -> None:
        self.keyboard.play(typed(code))

    def unplug(self) -> None:
        self.keyboard.unplug()

    def replug(self) -> None:
        self.keyboard.plug()
