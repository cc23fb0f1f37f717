"""A barcode scanner on USB that types like a keyboard (HID), through evdev."""

from typing import Literal

from edge.drivers.device_thread import DeviceThread
from edge.drivers.keys.input_events import EventParser
from edge.drivers.keys.input_node import InputNode, open_input
from edge.drivers.keys.keyboard_layouts import LayoutName
from edge.drivers.keys.scans import ScanModel, Scans
from edge.drivers.keys.typed_text import EndKey, GsKey, TypedText
from edge.drivers.living import LivingDevice
from edge.drivers.settings import NodeModel, Surroundings


class ScannerEvdevSettings(NodeModel, ScanModel):
    """`layout` is the country that the scanner is set to, `ends_with` the key that it presses
    behind each code, `gs` what it presses for GS (0x1D).
    """

    driver: Literal["scanner_evdev"]
    layout: LayoutName = "us"
    ends_with: EndKey = "enter"
    gs: GsKey = "ctrl_]"


class EvdevScanner(LivingDevice[InputNode]):
    """Offers BarcodeScanned for each frame, at the moment of its terminator."""

    def __init__(self, settings: ScannerEvdevSettings, around: Surroundings) -> None:
        super().__init__(settings, around)
        self._settings = settings
        self._thread = DeviceThread(settings.name)
        self._scans = Scans(settings, around.inbox, around.clock)

    @property
    def garbled(self) -> int:
        return self._scans.garbled

    async def _open(self) -> InputNode:
        await self._scans.ready()
        return await open_input(self._settings, self._thread)

    async def _serve(self, node: InputNode) -> None:
        settings = self._settings
        events, frames = EventParser(), self._scans.frames()
        text = TypedText(
            settings.layout,
            settings.ends_with,
            settings.gs,
            caps_lock=node.caps_lock,
            opened_us=node.opened_us,
        )

        def take(data: bytes) -> None:
            for event in events.feed(data):
                for frame in frames.feed(text.take(event)):
                    self._scans.offer(frame)

        await node.each(take)
