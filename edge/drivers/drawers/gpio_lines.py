"""A drawer's lines on a GPIO chip: the latch, and the switch where there is one.

The chip is spoken to on the drawer's own thread: an adapter on USB takes its time. A pulse is timed
by the loop, and ended by that thread when the loop is late: a solenoid burns on long ones.
"""

import asyncio
import errno
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

import structlog

from edge.drivers.device_thread import DeviceThread
from edge.drivers.drawers.drawer_gpio_settings import DrawerGpioSettings, SenseSettings
from edge.drivers.drawers.drawer_sense import DrawerSense
from edge.ports import Clock, DeviceError

GONE: Final = frozenset({errno.ENODEV, errno.ENXIO})
# A chip on USB answers in some milliseconds; one that takes longer than this has failed.
ANSWERS_S: Final = 1.0
BEING_PULLED: Final = "its latch is still being pulled"
MS_PER_S: Final = 1000

Lost: TypeAlias = Callable[[OSError], None]


@dataclass(frozen=True, slots=True)
class Pins:
    """A gpiozero pin factory, and the descriptor that hangs up when its chip goes; None without."""

    factory: Any
    fd: int | None


PinSource: TypeAlias = Callable[[str, Lost], Pins]


def kernel_pins(chip: str, lost: Lost) -> Pins:
    """The lines of the kernel's chip. Raises DeviceError."""
    # Here, because a box without such a drawer pays for neither gpiozero nor gpiod.
    from edge.drivers.drawers import gpio_chips, gpio_pins  # noqa: PLC0415

    opened = gpio_chips.open_chip(chip)
    return Pins(gpio_pins.GpiodFactory(opened, lost), opened.fd)


class GpioLines:
    """The latch, low from the first moment on, and the switch."""

    def __init__(
        self,
        settings: DrawerGpioSettings,
        clock: Clock,
        thread: DeviceThread,
        sense: DrawerSense,
        overrun_ms: int,
    ) -> None:
        self.lost = asyncio.Event()
        self.fault: str | None = None
        self._name = settings.name
        self._clock = clock
        self._thread = thread
        self._sense = sense
        self._overrun_ms = overrun_ms
        self._loop = asyncio.get_running_loop()
        self._log = structlog.get_logger().bind(device=settings.name)
        self._attends = False
        # What the switch's edges said last.
        self._last: bool | None = None
        # Ends the pulse that is under way, before its time.
        self._ends = threading.Event()
        self._pins: Pins | None = None
        self._latch: Any = None
        self._switch: Any = None

    # --- on the thread

    def claim(self, settings: DrawerGpioSettings, pins: PinSource) -> bool | None:
        """Have the lines; whether the drawer is open, None without a switch. Raises DeviceError,
        and has nothing then.
        """
        self._pins = pins(settings.chip, self._lost_in_a_thread)
        try:
            return self._claim(settings, self._pins.factory)
        except DeviceError:
            self.release()
            raise

    def _claim(self, settings: DrawerGpioSettings, factory: Any) -> bool | None:
        # Here for the same reason as in `kernel_pins`.
        from gpiozero import (  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types
            DigitalOutputDevice,
            GPIOZeroError,
        )

        try:
            self._latch = DigitalOutputDevice(
                settings.line, active_high=settings.active == "high", pin_factory=factory
            )
            return None if settings.sense is None else self._watch(settings.sense, factory)
        except GPIOZeroError as error:
            raise DeviceError(f"{self._name}: {error}") from error
        except OSError as error:
            raise DeviceError(f"{self._name}: {error.strerror or error}") from error

    def _watch(self, sense: SenseSettings, factory: Any) -> bool:
        from gpiozero import DigitalInputDevice  # noqa: PLC0415 - as in `_claim`

        pull_up = {"up": True, "down": False, "none": None}[sense.pull]
        switch = self._switch = DigitalInputDevice(
            sense.line,
            pull_up=pull_up,
            active_state=True if pull_up is None else None,
            bounce_time=sense.debounce_ms / MS_PER_S,
            pin_factory=factory,
        )
        # gpiozero calls a line active that is not as its pull leaves it.
        open_is_active = (sense.open_level == "high") is (sense.pull != "up")
        switch.when_activated = lambda: self._told_in_a_thread(is_open=open_is_active)
        switch.when_deactivated = lambda: self._told_in_a_thread(is_open=not open_is_active)
        return bool(switch.value) is open_is_active

    def _told_in_a_thread(self, *, is_open: bool) -> None:
        self._loop.call_soon_threadsafe(self._told, is_open)

    def _lost_in_a_thread(self, error: OSError) -> None:
        self._loop.call_soon_threadsafe(self._lose, error)

    def _pull(self, pulled: "asyncio.Future[None]", ends: threading.Event, cap_ms: int) -> bool:
        """The latch is pulled until `ends`, and no longer than that; whether it had to be ended so.
        Raises OSError when the line does not do it.
        """
        began_s = time.monotonic()
        try:
            self._latch.on()
            self._loop.call_soon_threadsafe(_done, pulled)
            ended = ends.wait(max(0, cap_ms / MS_PER_S - (time.monotonic() - began_s)))
        finally:
            self._latch.off()
        return not ended

    def release(self) -> None:
        """The latch goes low, its line and the switch's are released."""
        if self._latch is not None:
            # A chip that has gone drives nothing any more.
            with suppress(OSError):
                self._latch.off()
        for device in (self._latch, self._switch):
            if device is not None:
                device.close()
        if self._pins is not None:
            self._pins.factory.close()

    # --- on the loop

    def attend(self, found: bool | None) -> None:
        """From now on the switch is believed; it said `found`, and its edges may have said more."""
        self._attends = True
        is_open = found if self._last is None else self._last
        if is_open is not None:
            self._sense.look(is_open)
        if self._pins is not None and self._pins.fd is not None:
            # A chip that goes hangs up, also while nobody asks it for anything.
            self._loop.add_reader(self._pins.fd, self._hung_up)

    def _told(self, is_open: bool) -> None:
        self._last = is_open
        if self._attends:
            self._sense.look(is_open)

    def _hung_up(self) -> None:
        self._unwatch_chip()
        self._lose(None)

    def _lose(self, error: OSError | None) -> None:
        if self.fault is None:
            has_gone = error is None or error.errno in GONE
            reason = "the GPIO chip has gone" if has_gone else f"the line failed: {error}"
            self.fault = f"{self._name}: {reason}"
            self.lost.set()

    async def pulse(self, pulse_ms: int) -> None:
        """The latch is pulled for that long, and low again whatever happens meanwhile. Raises
        DeviceError when the line does not do it, or when `close` cut it short.
        """
        pulled, ends = self._loop.create_future(), threading.Event()
        self._ends = ends
        pull = partial(self._pull, pulled, ends, pulse_ms + self._overrun_ms)
        try:
            pulling = self._thread.start(BEING_PULLED, pull)
        except RuntimeError as error:
            raise DeviceError(f"{self._name}: no thread to end the pulse; not begun") from error
        try:
            await asyncio.wait(
                (pulling, pulled), timeout=ANSWERS_S, return_when=asyncio.FIRST_COMPLETED
            )
            if pulled.done():
                await self._clock.sleep_ms(pulse_ms)
        finally:
            was_cut = ends.is_set()
            ends.set()
            await asyncio.wait((pulling,), timeout=ANSWERS_S)
            self._learn(pulling)
        if self.fault is not None:
            raise DeviceError(self.fault)
        if was_cut:
            raise DeviceError(f"{self._name}: its pulse was cut short; was it reconnected?")

    def _learn(self, pulling: "asyncio.Future[bool]") -> None:
        """How a pulse went."""
        if not pulling.done():
            pulling.cancel()
            self._lose(TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)))
            return
        error = pulling.exception()
        if isinstance(error, OSError):
            self._lose(error)
        elif pulling.result():
            self._log.warning("drawer_pulse_capped", over_ms=self._overrun_ms)

    async def close(self) -> None:
        """As `release`, a pulse that is under way ended first; in the background when the chip does
        not answer.
        """
        self._attends = False
        self._unwatch_chip()
        self._ends.set()
        self._thread.finish(self.release)
        await self._thread.ended(ANSWERS_S)

    def _unwatch_chip(self) -> None:
        if self._pins is not None and self._pins.fd is not None:
            self._loop.remove_reader(self._pins.fd)


def _done(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
