"""The cashier's screen on a framebuffer of the kernel.

It is drawn in the event loop, a strip at a time with the loop's other work in between: a strip
takes half a millisecond, and so a scan waits no longer. See docs/decisions/0044. Whatever else is
asked of the kernel, which locks consoles and framebuffers while a monitor makes up its mind, is
asked on the display's own thread.
"""

import asyncio
import fcntl
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from edge.drivers.device_thread import (
    BEING_DRAWN,
    BEING_LOOKED_AT,
    BEING_OPENED,
    DeviceThread,
)
from edge.drivers.displays.cashier_display import CashierDisplay
from edge.drivers.displays.console import Console
from edge.drivers.displays.tones import BeeperModel, Tones
from edge.drivers.lifecycle import together
from edge.drivers.plugs import find_node
from edge.drivers.settings import NodeModel, NodePath, Surroundings

if TYPE_CHECKING:
    from edge.drivers.displays.screen_painter import ScreenPainter

# A kernel that takes longer is left behind; what it still opens or holds is closed when it is over.
KERNEL_ENDS_S = 0.5


class DisplayFramebufferSettings(NodeModel, BeeperModel):
    """`turn` is how far the picture is turned clockwise, for a panel that is not mounted upright;
    `qr_turned` shows codes to the customer opposite. `tty` is the console to be kept silent, empty
    for none.
    """

    driver: Literal["display_framebuffer"]
    turn: Literal[0, 90, 180, 270] = 0
    qr_turned: bool = False
    tty: NodePath = ""
    watch_ms: int = Field(
        default=2_000, ge=10, le=60_000, description="a monitor that is plugged in is waited for"
    )


class PaintedScreen:
    """An open framebuffer with the console under it."""

    def __init__(self, painter: "ScreenPainter", console: Console, thread: DeviceThread) -> None:
        self.painter = painter
        self._console = console
        self._thread = thread

    async def close(self) -> None:
        self._thread.finish(self.give_back)
        await self._thread.ended(KERNEL_ENDS_S)

    def give_back(self) -> None:
        """On the thread."""
        self.painter.close()
        self._console.give_back()


class FramebufferDisplay(CashierDisplay[PaintedScreen]):
    """Shows the latest screen and, when the framebuffer is back, draws all of it again. A refusal
    flashes, and sounds where there is a beeper.
    """

    def __init__(
        self,
        settings: DisplayFramebufferSettings,
        around: Surroundings,
        ioctl: Callable[[int, int, Any], object] = fcntl.ioctl,
    ) -> None:
        super().__init__(settings, around, Tones(settings, around.clock))
        self._settings = settings
        self._thread = DeviceThread(settings.name)
        self._codes = DeviceThread(settings.name)
        self._clock = around.clock
        self._ioctl = ioctl
        self._flash = False

    async def _open(self) -> PaintedScreen:
        opening = partial(_opened, self._settings, self._ioctl, self._thread)
        return await self._thread.call(
            BEING_OPENED, opening, PaintedScreen.give_back, ends_s=KERNEL_ENDS_S
        )

    async def _serve(self, opened: PaintedScreen) -> None:
        self._show_flash(False)
        await together(
            self._draw(opened.painter),
            self._watch(opened.painter),
            self._tones.flash(self._show_flash),
        )

    async def _draw(self, painter: "ScreenPainter") -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            screen = self._screen
            if screen.qr is not None:
                prepare = partial(painter.prepare, screen.qr.data)
                await self._codes.call(BEING_DRAWN, prepare, ends_s=KERNEL_ENDS_S)
            for _ in painter.paint(screen, flash=self._flash):
                await asyncio.sleep(0)

    async def _watch(self, painter: "ScreenPainter") -> None:
        """Notice that the framebuffer is gone, or shows another mode."""
        while True:
            await self._clock.sleep_ms(self._settings.watch_ms)
            if painter.take(await self._thread.call(BEING_LOOKED_AT, painter.look)):
                self._changed.set()

    def _show_flash(self, is_on: bool) -> None:
        self._flash = is_on
        self._changed.set()


def _opened(
    settings: DisplayFramebufferSettings,
    ioctl: Callable[[int, int, Any], object],
    thread: DeviceThread,
) -> PaintedScreen:
    """On the thread. Raises DeviceAbsentError or DeviceError."""
    # Here, because Pillow takes a while to come in, and only boxes with a screen need it.
    from edge.drivers.displays.screen_painter import ScreenPainter  # noqa: PLC0415

    painter = ScreenPainter(
        settings.name,
        find_node(settings, "graphics"),
        settings.turn,
        qr_turned=settings.qr_turned,
        ioctl=ioctl,
    )
    return PaintedScreen(painter, Console(settings.name, settings.tty, ioctl), thread)
