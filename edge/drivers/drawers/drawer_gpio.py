"""A cash drawer whose latch hangs on a GPIO line, through a transistor; with a switch, or without.

docs/devices.md has the wiring.
"""

import asyncio
from functools import partial
from typing import Final

from edge.drivers.device_thread import BEING_OPENED, DeviceThread
from edge.drivers.drawers.drawer_gpio_settings import DrawerGpioSettings
from edge.drivers.drawers.drawer_sense import DrawerSense
from edge.drivers.drawers.gpio_lines import ANSWERS_S, GpioLines, PinSource, kernel_pins
from edge.drivers.lifecycle import together
from edge.drivers.living import LivingDevice
from edge.drivers.settings import Surroundings
from edge.ports import DeviceError, DrawerShutError

# So much later than the loop should have done it, the thread ends the pulse.
OVERRUN_MS: Final = 50
# Makers of drawers ask for a duty cycle of 20 % at most: four times the pulse is rest.
REST_PULSES: Final = 4


class GpioDrawer(LivingDevice[GpioLines]):
    """`open` is one pulse, or none and DeviceError; with a switch, DrawerShutError for a drawer
    that it has not seen open.
    """

    def __init__(
        self,
        settings: DrawerGpioSettings,
        around: Surroundings,
        pins: PinSource = kernel_pins,
        overrun_ms: int = OVERRUN_MS,
    ) -> None:
        super().__init__(settings, around)
        self._settings = settings
        self._clock = around.clock
        self._pins = pins
        self._overrun_ms = overrun_ms
        self._sense = DrawerSense(around)
        self._thread = DeviceThread(settings.name)
        self._lines: GpioLines | None = None
        self._turn = asyncio.Lock()
        # When the last command that was let in will have rested; when the latch really has.
        self._free_ms = 0
        self._rested_ms = 0

    @property
    def is_open(self) -> bool | None:
        """What the switch says; None without one."""
        return self._sense.is_open

    async def run(self) -> None:
        await together(super().run(), self._sense.tell())

    async def open(self) -> None:
        self._connected()
        self._admit()
        async with self._turn:
            wait_ms = self._rested_ms - self._clock.now().mono_ms
            if wait_ms > 0:
                await self._clock.sleep_ms(wait_ms)
            lines = self._connected()
            openings = self._sense.openings
            try:
                await lines.pulse(self._settings.pulse_ms)
            finally:
                self._rested_ms = self._clock.now().mono_ms + self._rest_ms
        sense = self._settings.sense
        if sense is not None and not await self._sense.opens(openings, sense.open_within_ms):
            raise DrawerShutError(
                f"{self.name}: did not open within {sense.open_within_ms} ms of the pulse; is it"
                " locked, stuck or without its 24 V?"
            )

    @property
    def _rest_ms(self) -> int:
        return self._settings.pulse_ms * REST_PULSES

    def _admit(self) -> None:
        """Take a place in the queue, which is as long as a command may wait. Raises DeviceError."""
        settings, now_ms = self._settings, self._clock.now().mono_ms
        begins_ms = max(now_ms, self._free_ms)
        if begins_ms - now_ms > settings.timeout_ms:
            raise DeviceError(
                f"{self.name}: asked for too often; the latch rests {self._rest_ms} ms a pulse"
            )
        self._free_ms = begins_ms + settings.pulse_ms + self._rest_ms

    def _connected(self) -> GpioLines:
        if self._lines is None or self._lines.fault is not None:
            raise DeviceError(f"{self.name}: not connected; check cable and power")
        return self._lines

    async def _open(self) -> GpioLines:
        lines = GpioLines(self._settings, self._clock, self._thread, self._sense, self._overrun_ms)
        claim = partial(lines.claim, self._settings, self._pins)
        found = await self._thread.call(
            BEING_OPENED, claim, lambda _: lines.release(), ends_s=ANSWERS_S
        )
        lines.attend(found)
        return lines

    async def _serve(self, lines: GpioLines) -> None:
        self._lines = lines
        try:
            await lines.lost.wait()
        finally:
            self._lines = None
            self._sense.lose()
        raise DeviceError(lines.fault or f"{self.name}: lost")
