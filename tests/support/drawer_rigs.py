"""Drawers with the means to see their pulses, to pull their plugs and to lay hands on them."""

import abc
import asyncio
import errno
from collections.abc import Callable

from gpiozero.pins.mock import MockFactory

from edge.checkout.inputs import DeviceState
from edge.checkout.shifts.drawer_inputs import DrawerChanged
from edge.drivers.drawers.drawer_gpio import GpioDrawer
from edge.drivers.drawers.drawer_gpio_settings import DrawerGpioSettings
from edge.drivers.drawers.gpio_chips import open_chip
from edge.drivers.drawers.gpio_lines import Lost, Pins
from edge.drivers.drawers.gpio_pins import GpiodFactory
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.printers.drawer_printer import DrawerPrinterSettings, PrinterDrawer
from edge.drivers.printers.printer_network import PrinterNetworkSettings
from edge.drivers.registry import build
from edge.drivers.simulated import DrawerSimulatedSettings, SimulatedDrawer
from edge.ports import Clock, Driver
from tests.support.devices import QUICK_REOPEN, Changes, FakePrinter, RecordingInbox, surroundings
from tests.support.gpio_chip import PATH, GpioBoard

LATCH, SWITCH = 17, 27


class Rig(abc.ABC):
    """A drawer under the counter; `watched` is the device whose state is told."""

    watched = "drawer"
    drawer: PrinterDrawer | SimulatedDrawer | GpioDrawer

    def __init__(self) -> None:
        self.inbox = RecordingInbox()

    @abc.abstractmethod
    def pulses(self) -> int: ...

    @abc.abstractmethod
    async def pulsed(self, count: int) -> None: ...

    @abc.abstractmethod
    async def plug(self) -> None: ...

    @abc.abstractmethod
    async def unplug(self) -> None: ...

    def drivers(self) -> tuple[Driver, ...]:
        return (self.drawer,)

    async def until(self, state: DeviceState) -> None:
        await self.inbox.until_state(self.watched, state)

    async def gone(self) -> None:
        await self.inbox.changes.until(
            lambda: self.inbox.states(self.watched)[-1] is not DeviceState.READY
        )


class SensedRig(Rig):
    """One with a switch: `stuck`, the latch opens nothing."""

    stuck = False

    @abc.abstractmethod
    def shut(self) -> None: ...

    @abc.abstractmethod
    def force(self) -> None: ...

    def told(self) -> list[tuple[bool | None, bool]]:
        """What the till heard of it: open, or out of sight; and whether it was found so."""
        return [(each.is_open, each.found) for each in self.inbox.of(DrawerChanged)]

    async def until_told(self, count: int) -> list[tuple[bool | None, bool]]:
        await self.inbox.until_count(DrawerChanged, count)
        return self.told()


class SimulatedRig(SensedRig):
    def __init__(self, *, sense: bool = False) -> None:
        super().__init__()
        settings = DrawerSimulatedSettings(
            driver="drawer_simulated", name="drawer", reopen=QUICK_REOPEN, sense=sense
        )
        self.drawer = SimulatedDrawer(settings, surroundings(self.inbox))

    def pulses(self) -> int:
        return self._simulated.pulses

    async def pulsed(self, count: int) -> None:
        assert self._simulated.pulses == count

    async def plug(self) -> None:
        self._simulated.replug()

    async def unplug(self) -> None:
        self._simulated.unplug()

    @property
    def _simulated(self) -> SimulatedDrawer:
        assert isinstance(self.drawer, SimulatedDrawer)
        self.drawer.stuck = self.stuck
        return self.drawer

    def drivers(self) -> tuple[Driver, ...]:
        return (self._simulated,)

    def shut(self) -> None:
        self._simulated.shut()

    def force(self) -> None:
        self._simulated.force()


class PrinterRig(Rig):
    watched = "printer"

    def __init__(self, device: FakePrinter, **settings: object) -> None:
        super().__init__()
        self.device = device
        base = surroundings(self.inbox)
        self.devices = build(
            [
                DrawerPrinterSettings(
                    driver="drawer_printer", name="drawer", printer="printer", timeout_ms=300
                ),
                _printer_settings(device.port, **settings),
            ],
            base.inbox,
            base.clock,
        )
        (drawer,) = self.devices.drawers
        assert isinstance(drawer, PrinterDrawer)
        self.drawer = drawer
        (self.printer,) = self.devices.printers

    def pulses(self) -> int:
        assert self.device.reader.complaints == []
        return len(self.device.reader.pulses)

    async def pulsed(self, count: int) -> None:
        await self.device.changes.until(lambda: self.pulses() >= count)

    async def plug(self) -> None:
        await self.device.plug()

    async def unplug(self) -> None:
        await self.device.unplug()

    def drivers(self) -> tuple[Driver, ...]:
        return self.devices.all


def _printer_settings(port: int, **settings: object) -> PrinterNetworkSettings:
    return PrinterNetworkSettings.model_validate(
        {
            "driver": "printer_network",
            "name": "printer",
            "host": "127.0.0.1",
            "port": port,
            "reopen": QUICK_REOPEN,
            "status_timeout_ms": 100,
            "stall_timeout_ms": 2_000,
            **settings,
        }
    )


def gpio_settings(
    *, sense: bool = False, switch: dict[str, object] | None = None, **settings: object
) -> DrawerGpioSettings:
    """With a switch as it says, or with the usual one."""
    if sense:
        switch = {"line": SWITCH, "open_within_ms": 100}
    return DrawerGpioSettings.model_validate(
        {
            "driver": "drawer_gpio",
            "name": "drawer",
            "chip": PATH,
            "line": LATCH,
            "pulse_ms": 10,
            "reopen": QUICK_REOPEN,
            "sense": switch,
            **settings,
        }
    )


class GpioRig(SensedRig):
    """On lines of a chip that gpiod would have opened. The drawer springs open at the pulse's
    beginning; its switch pulls to ground while it is shut.
    """

    def __init__(
        self,
        *,
        sense: bool = False,
        clock: Clock | None = None,
        overrun_ms: int = 60_000,
        **settings: object,
    ) -> None:
        super().__init__()
        around = surroundings(self.inbox, clock)
        self.renewals = around.renewals
        self.changes = Changes()
        self._loop = asyncio.get_running_loop()
        self.board = GpioBoard(
            {LATCH: "LATCH", SWITCH: "SWITCH"}, lambda: around.clock.now().mono_ms, self._changed
        )
        self.board.drive(SWITCH, 0)
        # A thread may end a pulse as well: the longest that a test takes is not its affair.
        self.drawer = GpioDrawer(
            gpio_settings(sense=sense, **settings), around, self._pins, overrun_ms
        )

    def _pins(self, chip: str, lost: Lost) -> Pins:
        opened = open_chip(chip, self.board.open)
        return Pins(GpiodFactory(opened, lost), opened.fd)

    def _changed(self) -> None:
        if self.board.wires[LATCH].out and not self.stuck:
            self.board.drive(SWITCH, None)
        self._loop.call_soon_threadsafe(self.changes.tell)

    def pulses(self) -> int:
        return len(self.board.pulses_ms(LATCH))

    async def pulsed(self, count: int) -> None:
        await self.changes.until(lambda: self.pulses() >= count)

    async def plug(self) -> None:
        self.board.plug()

    async def unplug(self) -> None:
        self.board.unplug()

    def shut(self) -> None:
        self.board.drive(SWITCH, 0)

    def force(self) -> None:
        self.board.drive(SWITCH, None)


class MockPinsRig(SensedRig):
    """On gpiozero's own mock pins: nothing of gpiod is below."""

    def __init__(self, *, sense: bool = False) -> None:
        super().__init__()
        self.drawer = GpioDrawer(
            gpio_settings(sense=sense), surroundings(self.inbox), self._pins, 60_000
        )
        self._factories: list[MockFactory] = []
        self._away = False
        self._lost: Callable[[OSError], None] = lambda _: None
        self._is_open = False

    def _pins(self, chip: str, lost: Lost) -> Pins:
        if self._away:
            raise DeviceAbsentError(f"{chip}: away")
        self._lost = lost
        factory = MockFactory()
        self._factories.append(factory)
        self._switch(factory)
        latch = factory.pin(LATCH)
        change = latch._change_state

        def pulled(value: object) -> bool:
            changed = change(value)
            if value and latch.function == "output" and not self.stuck:
                self.force()
            return changed

        latch._change_state = pulled
        return Pins(factory, None)

    def _switch(self, factory: MockFactory) -> None:
        pin = factory.pin(SWITCH)
        if self._is_open:
            pin.drive_high()
        else:
            # The pull-up, when the driver asks for it, loses against the switch.
            pin._set_pull = lambda value: setattr(pin, "_pull", value)
            pin.drive_low()

    def pulses(self) -> int:
        states = [each.state for made in self._factories for each in made.pin(LATCH).states]
        return sum(states)

    async def pulsed(self, count: int) -> None:
        assert self.pulses() == count

    async def plug(self) -> None:
        self._away = False

    async def unplug(self) -> None:
        self._away = True
        self._lost(OSError(errno.ENODEV, "No such device"))

    def shut(self) -> None:
        self._is_open = False
        self._factories[-1].pin(SWITCH).drive_low()

    def force(self) -> None:
        self._is_open = True
        self._factories[-1].pin(SWITCH).drive_high()
