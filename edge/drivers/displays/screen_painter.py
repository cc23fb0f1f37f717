"""The cashier's screen on a framebuffer: only what has changed is drawn and written."""

import fcntl
from collections.abc import Iterator
from dataclasses import dataclass

from edge.checkout.screens import CashierScreen
from edge.drivers.displays.framebuffer import Framebuffer, FramebufferMode, Ioctl, Packed
from edge.drivers.displays.screen_layout import Block, grid_of, lay_out_screen
from edge.drivers.displays.screen_picture import Canvas, qr_code
from edge.drivers.printers.receipt_picture import FontMissingError
from edge.ports import DeviceError


@dataclass(frozen=True, slots=True)
class _Shown:
    """A block that stands there, with its dots: all of them are what the visible memory has."""

    block: Block
    strips: tuple[Packed, ...]


class ScreenPainter:
    """An open framebuffer and what stands on it. Raises DeviceAbsentError and DeviceError."""

    def __init__(
        self, name: str, path: str, turn: int, *, qr_turned: bool, ioctl: Ioctl = fcntl.ioctl
    ) -> None:
        self._name = name
        self._qr_turned = qr_turned
        self._shown: dict[tuple[int, int], _Shown] = {}
        self._framebuffer = Framebuffer(name, path, turn, ioctl)
        try:
            self._begin()
        except DeviceError:
            self._framebuffer.close()
            raise

    def paint(self, screen: CashierScreen, *, flash: bool = False) -> Iterator[None]:
        """Put the screen where it differs from what stands there. Each step draws one strip, which
        takes half a millisecond; whoever has other work does it between them. It ends early when
        the mode changes.
        """
        shown = self._shown
        # Rows that scroll were drawn already: they stand a line below.
        drawn = {each.block.look: each.strips for each in shown.values()}
        for block in lay_out_screen(screen, self._grid, flash=flash, qr_turned=self._qr_turned):
            place = block.left, block.top
            if place in shown and shown[place].block == block:
                continue
            # What it may have covered partly is written anew when it comes back.
            for other in [each.block for each in shown.values() if _overlap(each.block, block)]:
                del shown[other.left, other.top]
            top, strips = block.top, []
            for strip in drawn.get(block.look) or self._drawn(block):
                self._framebuffer.write(block.left, top, strip)
                strips.append(strip)
                top += strip.height
                yield
                if self._shown is not shown:
                    return  # another mode meanwhile: what is left here is none of its blocks
            shown[place] = _Shown(block, tuple(strips))

    def _drawn(self, block: Block) -> Iterator[Packed]:
        return map(self._framebuffer.packed, self._canvas.strips(block))

    def prepare(self, qr_data: str) -> None:
        """Work a QR code out ahead of its drawing; it takes some milliseconds, on any thread."""
        qr_code(qr_data)

    def forget(self) -> None:
        """Take nothing for granted of what stands there: the next screen is drawn whole."""
        self._shown = {}

    def look(self) -> FramebufferMode:
        """How the kernel shows it now; on any thread, for a kernel may take its time."""
        return self._framebuffer.look()

    def take(self, mode: FramebufferMode) -> bool:
        """Draw for that mode from here on. Whether it is another, so that all is to be drawn."""
        if mode == self._framebuffer.mode:
            return False
        self._framebuffer.take(mode)
        self._begin()
        return True

    def close(self) -> None:
        self._framebuffer.close()

    def _begin(self) -> None:
        try:
            self._grid = grid_of(*self._framebuffer.size)
            self._canvas = Canvas(self._grid)
        except (ValueError, FontMissingError) as error:
            raise DeviceError(f"{self._name}: {error}") from error
        self.forget()


def _overlap(one: Block, other: Block) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )
