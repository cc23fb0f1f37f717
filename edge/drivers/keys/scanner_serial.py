"""A barcode scanner at a serial port, or at USB as a CDC-ACM port."""

from typing import Literal

from edge.checkout.inputs import DeviceState
from edge.drivers.device_thread import DeviceThread
from edge.drivers.keys.scans import ScanModel, Scans
from edge.drivers.lifecycle import LifeCycle
from edge.drivers.lines.byte_line import ByteLine, open_serial
from edge.drivers.settings import SerialModel, Surroundings


class ScannerSerialSettings(SerialModel, ScanModel):
    driver: Literal["scanner_serial"]


class SerialScanner:
    """Offers BarcodeScanned for each frame, at the moment of its terminator."""

    def __init__(self, settings: ScannerSerialSettings, around: Surroundings) -> None:
        self.name = settings.name
        self._settings = settings
        self._around = around
        self._thread = DeviceThread(settings.name)
        self._scans = Scans(settings, around.inbox, around.clock)
        self._life = LifeCycle(settings.name, settings.reopen, around, self._open, self._serve)

    @property
    def state(self) -> DeviceState:
        return self._life.state

    @property
    def garbled(self) -> int:
        return self._scans.garbled

    async def run(self) -> None:
        await self._life.run()

    async def _open(self) -> ByteLine:
        await self._scans.ready()
        return await open_serial(self._settings, self._around.clock, self._thread)

    async def _serve(self, line: ByteLine) -> None:
        frames = self._scans.frames()
        while True:
            for frame in frames.feed(await line.read()):
                self._scans.offer(frame)
