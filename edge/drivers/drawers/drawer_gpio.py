"""A cash drawer whose latch hangs on a GPIO line, through a transistor; with a switch, or without.

docs/devices.md has the wiring. The pulse is timed by the loop, and ended by a thread when the loop
is late: a solenoid burns on long ones.
"""

import asyncio
import errno
import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from os.path import normpath
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

import structlog
from pydantic import Field, model_validator

from edge.checkout.inputs import DeviceState
from edge.drivers.drawers.drawer_sense import DrawerSense
from edge.drivers.lifecycle import LifeCycle, together
from edge.drivers.settings import DeviceModel, NodePath, SettingsModel, Surroundings
from edge.ports import Clock, DeviceError, DrawerShutError

MAX_PULSE_MS: Final = 250
# So much later than the loop should have done it, a thread ends the pulse.
OVERRUN_MS: Final = 50
# Makers of drawers ask for a duty cycle of 20 % at most: four times the pulse is rest.
REST_PULSES: Final = 4
GONE: Final = frozenset({errno.ENODEV, errno.ENXIO})
MS_PER_S: Final = 1000

# A line's number on its chip, or the name that the board's device tree gives it.
Line: TypeAlias = (
    Annotated[int, Field(ge=0, le=1023)] | Annotated[str, Field(min_length=1, max_length=32)]
)
Lost: TypeAlias = Callable[[OSError], None]


class SenseSettings(SettingsModel):
    """The switch that says whether the drawer is open."""

    line: Line
    pull: Literal["up", "down", "none"] = "up"
    open_level: Literal["high", "low"] = Field(
        default="high", description="a wire that has come off reads as an open drawer"
    )
    debounce_ms: int = Field(default=50, ge=1, le=1_000, description="a drawer bounces when shut")
    open_within_ms: int = Field(
        default=1_000, ge=100, le=10_000, description="the spring throws it out in 300 ms"
    )


class DrawerGpioSettings(DeviceModel):
    """`chip` is the path of a GPIO chip, or its label, which stays when chips are renumbered."""

    driver: Literal["drawer_gpio"]
    chip: NodePath = Field(min_length=1)
    line: Line
    active: Literal["high", "low"] = "high"
    pulse_ms: int = Field(
        default=100,
        ge=10,
        le=MAX_PULSE_MS,
        description="a latch needs 50 ms; a solenoid burns on long ones",
    )
    timeout_ms: int = Field(
        default=2_000, ge=50, le=10_000, description="later, the cashier has opened it with the key"
    )
    sense: SenseSettings | None = None

    @property
    def at(self) -> str:
        return self.chip

    @property
    def places(self) -> tuple[str, ...]:
        lines = [self.line] if self.sense is None else [self.line, self.sense.line]
        return tuple(f"{normpath(self.chip)} line {line}" for line in lines)

    @model_validator(mode="after")
    def _two_lines(self) -> Self:
        if self.sense is not None and self.sense.line == self.line:
            raise ValueError(f"{self.name}: latch and switch can't be the same line")
        return self


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


class GpioDrawer:
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
        self.name = settings.name
        self._settings = settings
        self._clock = around.clock
        self._pins = pins
        self._overrun_ms = overrun_ms
        self._life = LifeCycle(settings.name, settings.reopen, around, self._open, self._serve)
        self._sense = DrawerSense(around)
        self._lines: _Lines | None = None
        self._turn = asyncio.Lock()
        # When the last command that was let in will have rested; when the latch really has.
        self._free_ms = 0
        self._rested_ms = 0

    @property
    def state(self) -> DeviceState:
        return self._life.state

    @property
    def is_open(self) -> bool | None:
        """What the switch says; None without one."""
        return self._sense.is_open

    async def run(self) -> None:
        await together(self._life.run(), self._sense.tell())

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

    def _connected(self) -> "_Lines":
        if self._lines is None or self._lines.fault is not None:
            raise DeviceError(f"{self.name}: not connected; check cable and power")
        return self._lines

    async def _open(self) -> "_Lines":
        # gpiozero and gpiod take a tenth of a second, once.
        await asyncio.to_thread(importlib.import_module, "edge.drivers.drawers.gpio_pins")
        return _Lines(self._settings, self._clock, self._pins, self._sense, self._overrun_ms)

    async def _serve(self, lines: "_Lines") -> None:
        self._lines = lines
        try:
            await lines.lost.wait()
        finally:
            self._lines = None
            self._sense.lose()
        raise DeviceError(lines.fault or f"{self.name}: lost")


class _Lines:
    """The latch, low from the first moment on, and the switch. Raises DeviceError when they can't
    be had.
    """

    def __init__(
        self,
        settings: DrawerGpioSettings,
        clock: Clock,
        pins: PinSource,
        sense: DrawerSense,
        overrun_ms: int,
    ) -> None:
        self.lost = asyncio.Event()
        self.fault: str | None = None
        self._name = settings.name
        self._clock = clock
        self._sense = sense
        self._overrun_ms = overrun_ms
        self._loop = asyncio.get_running_loop()
        self._log = structlog.get_logger().bind(device=settings.name)
        self._closed = False
        self._capped = False
        self._pins = pins(settings.chip, self._lost_in_a_thread)
        self._latch: Any = None
        self._switch: Any = None
        try:
            self._claim(settings)
        except DeviceError:
            self._release()
            raise

    def _claim(self, settings: DrawerGpioSettings) -> None:
        # Here for the same reason as in `kernel_pins`; loaded by now.
        from gpiozero import (  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types
            DigitalOutputDevice,
            GPIOZeroError,
        )

        factory = self._pins.factory
        try:
            self._latch = DigitalOutputDevice(
                settings.line, active_high=settings.active == "high", pin_factory=factory
            )
            if settings.sense is not None:
                self._watch(settings.sense, factory)
        except GPIOZeroError as error:
            raise DeviceError(f"{self._name}: {error}") from error
        except OSError as error:
            raise DeviceError(f"{self._name}: {error.strerror or error}") from error
        if self._pins.fd is not None:
            # A chip that goes hangs up, also while nobody asks it for anything.
            self._loop.add_reader(self._pins.fd, self._hung_up)

    def _watch(self, sense: SenseSettings, factory: Any) -> None:
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
        self._sense.look(bool(switch.value) is open_is_active)

    def _told_in_a_thread(self, *, is_open: bool) -> None:
        self._loop.call_soon_threadsafe(self._told, is_open)

    def _told(self, is_open: bool) -> None:
        if not self._closed:
            self._sense.look(is_open)

    def _lost_in_a_thread(self, error: OSError) -> None:
        self._loop.call_soon_threadsafe(self._lose, error)

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
        DeviceError when the line does not do it.
        """
        cap_ms = pulse_ms + self._overrun_ms
        cap = threading.Timer(cap_ms / MS_PER_S, self._cap)
        cap.name, cap.daemon, self._capped = f"{self._name}-cap", True, False
        try:
            cap.start()
        except RuntimeError as error:
            raise DeviceError(f"{self._name}: no thread to end the pulse; not begun") from error
        try:
            self._latch.on()
            await self._clock.sleep_ms(pulse_ms)
        except OSError as error:
            self._lose(error)
        finally:
            cap.cancel()
            self._low()
            cap.join()
        if self._capped:
            self._log.warning("drawer_pulse_capped", cap_ms=cap_ms)
        if self.fault is not None:
            raise DeviceError(self.fault)

    def _cap(self) -> None:
        from gpiozero import GPIOZeroError  # noqa: PLC0415 - as in `_claim`

        self._capped = True
        try:
            self._latch.off()
        except (OSError, GPIOZeroError):
            # The loop hears of a fault as soon as it tries the same; a chip that went while the
            # loop was late has been closed, and drives nothing any more.
            return

    def _low(self) -> None:
        if self._closed:
            return
        try:
            self._latch.off()
        except OSError as error:
            self._lose(error)

    async def close(self) -> None:
        """The latch goes low, its line and the switch's are released."""
        self._low()
        self._release()

    def _release(self) -> None:
        self._closed = True
        self._unwatch_chip()
        for device in (self._latch, self._switch):
            if device is not None:
                device.close()
        self._pins.factory.close()

    def _unwatch_chip(self) -> None:
        if self._pins.fd is not None:
            self._loop.remove_reader(self._pins.fd)
