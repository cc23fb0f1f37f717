"""A barcode scanner at a serial port, or at USB as a CDC-ACM port."""

from typing import Literal

from edge.drivers.device_thread import DeviceThread
from edge.drivers.keys.scans import ScanModel, Scans
from edge.drivers.lines.byte_line import ByteLine, open_serial
from edge.drivers.living import LivingDevice
from edge.drivers.settings import SerialModel, Surroundings


class ScannerSerialSettings(SerialModel, ScanModel):
    driver: Literal["scanner_serial"]


class SerialScanner(LivingDevice[ByteLine]):
    """Offers BarcodeScanned for each frame, at the moment of its terminator."""

    def __init__(self, settings: ScannerSerialSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self._settings = settings
        self._around = around
        self._thread = DeviceThread(settings.name)
        self._scans = Scans(settings, around.inbox, around.clock)

    @property
    def garbled(self) -> int:
        return self._scans.garbled

    async def _open(self) -> ByteLine:
        await self._scans.ready()
        return await open_serial(self._settings, self._around.clock, self._thread)

    async def _serve(self, line: ByteLine) -> None:
        frames = self._scans.frames()
        while True:
            for frame in frames.feed(await line.read()):
                self._scans.offer(frame)
