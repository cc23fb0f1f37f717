"""Displays of the cashier on a bench: shown screens, and read back as the cashier would see it."""

import abc
from dataclasses import replace
from pathlib import Path

from edge.checkout.inputs import DeviceState
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenRow
from edge.clock import SystemClock
from edge.drivers.displays.display_framebuffer import DisplayFramebufferSettings, FramebufferDisplay
from edge.drivers.displays.display_lines import DisplayLinesSettings, LinesDisplay
from edge.drivers.displays.screen_picture import draw_screen
from edge.drivers.simulated import CashierDisplaySimulatedSettings, SimulatedCashierDisplay
from tests.support.devices import (
    QUICK_REOPEN,
    RecordingInbox,
    SerialLine,
    SteppedClock,
    surroundings,
)
from tests.support.framebuffer import FileFramebuffer, greatest_difference, turned

RGB565_STEP = (5, 3, 5)
EMPTY = CashierScreen("", (), "", "", "", "", NoticeTone.INFO, ())


def screen(total: str) -> CashierScreen:
    return replace(EMPTY, title="Sale", total_label="TOTAL", total=total)


SALE = replace(
    screen("37.50"),
    rows=(ScreenRow("Soap", "1 × 10.00", "10.00"), ScreenRow("Cola", "3 × 12.50", "37.50", True)),
)


class LinesGlass:
    """A 20x4 display: what stands on it after these bytes, and how often its light went out."""

    def __init__(self) -> None:
        self.cells = [[" "] * 20 for _ in range(4)]
        self.blinks = 0
        self._at = [0, 0]

    def show(self, data: bytes) -> list[str]:
        rest = data
        while rest:
            rest = self._step(rest)
        return ["".join(row) for row in self.cells]

    def _step(self, rest: bytes) -> bytes:
        if rest[0] != 0xFE:
            assert 0x20 <= rest[0] < 0x7E, rest[:1]
            assert rest[0] not in b"\\", "a yen sign on the display"
            column, row = self._at
            self.cells[row][column] = chr(rest[0])
            self._at[0] += 1
            return rest[1:]
        command, length = rest[1:2], {b"G": 4, b"B": 3}.get(rest[1:2], 2)
        if len(rest) < length:
            return b""  # the rest is still on its way
        if command == b"G":
            self._at = [rest[2] - 1, rest[3] - 1]
        elif command == b"F":
            self.blinks += 1
        else:
            assert command in {b"D", b"R", b"K", b"T", b"B"}, command
        return rest[length:]


class Rig(abc.ABC):
    inbox: RecordingInbox
    driver: FramebufferDisplay | LinesDisplay | SimulatedCashierDisplay

    @abc.abstractmethod
    async def shows(self, wanted: CashierScreen) -> None:
        """Return when that stands on the display."""

    @abc.abstractmethod
    def unplug(self) -> None: ...

    @abc.abstractmethod
    def replug(self) -> None: ...

    async def ready(self) -> None:
        await self.inbox.until_state("screen", DeviceState.READY)

    async def gone(self) -> None:
        await self.inbox.changes.until(
            lambda: self.inbox.states("screen")[-1] is not DeviceState.READY
        )


class SimulatedRig(Rig):
    driver: SimulatedCashierDisplay

    def __init__(self) -> None:
        self.inbox = RecordingInbox()
        settings = CashierDisplaySimulatedSettings(
            driver="cashier_display_simulated", name="screen", reopen=QUICK_REOPEN
        )
        self.driver = SimulatedCashierDisplay(settings, surroundings(self.inbox))

    async def shows(self, wanted: CashierScreen) -> None:
        assert self.driver.screen == wanted

    def unplug(self) -> None:
        self.driver.unplug()

    def replug(self) -> None:
        self.driver.replug()


class FramebufferRig(Rig):
    driver: FramebufferDisplay

    def __init__(
        self,
        path: Path,
        clock: SteppedClock | SystemClock,
        kernel: type[FileFramebuffer] = FileFramebuffer,
        **settings: object,
    ) -> None:
        self.inbox = RecordingInbox()
        self.kernel = kernel(path)
        self.driver = FramebufferDisplay(
            DisplayFramebufferSettings(
                driver="display_framebuffer",
                name="screen",
                path=str(path),
                reopen=QUICK_REOPEN,
                watch_ms=10,
                **settings,
            ),
            surroundings(self.inbox, clock),
            self.kernel.ioctl,
        )

    async def shows(self, wanted: CashierScreen) -> None:
        picture = draw_screen(wanted, (self.kernel.shape.width, self.kernel.shape.height))
        memory = b""

        def is_there() -> bool:
            nonlocal memory
            if memory == (memory := self.kernel.path.read_bytes()):
                return False
            found = greatest_difference(self.kernel.picture(), picture)
            return all(a <= b for a, b in zip(found, RGB565_STEP, strict=True))

        await turned(is_there)

    def unplug(self) -> None:
        self.kernel.unplug()

    def replug(self) -> None:
        self.kernel.plug()


class LinesRig(Rig):
    driver: LinesDisplay

    def __init__(self, path: Path, clock: SteppedClock | SystemClock, **settings: object) -> None:
        self.inbox = RecordingInbox()
        self.line = SerialLine(path)
        self.driver = LinesDisplay(
            DisplayLinesSettings(
                driver="display_lines",
                name="screen",
                path=str(path),
                reopen=QUICK_REOPEN,
                stall_timeout_ms=100,
                **settings,
            ),
            surroundings(self.inbox, clock),
        )

    async def shows(self, wanted: CashierScreen) -> None:
        """By what matters of the screen: sum, article in hand, notice."""
        words = [wanted.total_label, wanted.total, wanted.notice]
        words += [row.left for row in wanted.rows if row.selected]
        await self.line.changes.until(lambda: all(word in " ".join(self.glass()) for word in words))

    def glass(self) -> list[str]:
        return LinesGlass().show(bytes(self.line.received))

    def unplug(self) -> None:
        self.line.unplug()
        self.line.received.clear()

    def replug(self) -> None:
        self.line.plug()
