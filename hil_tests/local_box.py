"""`python -m hil_tests.local_box ...` is `edge ...` on a box whose kernel this machine lacks: input
nodes that are FIFOs, a framebuffer that is a file, a chip of mock pins with a drawer at it.

Only the questions to the kernel (ioctls, the lines of a chip) are answered here; every byte between
driver and device takes its own way. HIL_BOX names the socket of the bench, which hears of pulses
and pushes the drawer in.
"""

import fcntl
import os
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.support.framebuffer import FileFramebuffer, Shape

LATCH, SENSE = 17, 27
SHUT, OPEN = 0, 1
SCREEN: Final = Shape(800, 480, 16, ((11, 5), (5, 6), (0, 5), (0, 0)))
NS_PER_MS: Final = 1_000_000


class Drawer:
    """A drawer at a chip of mock pins: a pulse throws it out, a hand pushes it in."""

    def __init__(self, bench: socket.socket) -> None:
        from tests.support.gpio_chip import GpioBoard  # noqa: PLC0415 - gpiod, where it is needed

        self._bench = bench
        self._told = 0
        self._board = GpioBoard(
            {LATCH: "DRAWER", SENSE: "DRAWER_OPEN"},
            lambda: time.monotonic_ns() // NS_PER_MS,
            self._driven,
        )
        self._board.drive(SENSE, SHUT)
        self.open = self._board.open

    def _driven(self) -> None:
        if self._board.level(LATCH):
            self._board.drive(SENSE, OPEN)
        pulses = self._board.pulses_ms(LATCH)
        for pulse_ms in pulses[self._told :]:
            self._bench.sendall(b"%d\n" % pulse_ms)
        self._told = len(pulses)

    def obey(self) -> None:
        """Each byte of the bench pushes the drawer in."""
        while self._bench.recv(1):
            self._board.drive(SENSE, SHUT)


def answer_for_the_kernel(bench: socket.socket, screen: Path) -> None:
    """Before any driver is loaded."""
    _give_a_framebuffer(FileFramebuffer(screen, SCREEN))
    drawer = Drawer(bench)
    threading.Thread(target=drawer.obey, daemon=True).start()
    _give_nodes_and_pins(drawer)


def _give_a_framebuffer(framebuffer: FileFramebuffer) -> None:
    real = fcntl.ioctl

    def ioctl(descriptor: int, request: int, argument: Any = 0, *more: Any) -> Any:
        if request in {0x4600, 0x4602, 0x4605}:  # FBIOGET_VSCREENINFO and its like
            return framebuffer.ioctl(descriptor, request, argument)
        return real(descriptor, request, argument, *more)

    fcntl.ioctl = ioctl  # type: ignore[assignment]  # one signature for two


def _give_nodes_and_pins(drawer: Drawer) -> None:
    from edge.drivers.drawers import gpio_chips  # noqa: PLC0415 - behind the framebuffer's ioctl
    from edge.drivers.keys import input_node  # noqa: PLC0415 - behind the framebuffer's ioctl
    from tests.support.input_devices import EventNodes  # noqa: PLC0415 - likewise

    nodes = EventNodes()
    input_node._grab = lambda path: input_node._Grabbed(
        nodes.open(path), caps_lock=False, opened_us=0
    )
    gpio_chips.open_chip = partial(gpio_chips.open_chip, open_node=drawer.open)


def main() -> int:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as bench:
        bench.connect(os.environ["HIL_BOX"])
        answer_for_the_kernel(bench, Path(os.environ["HIL_SCREEN"]))
        from edge.__main__ import main as edge  # noqa: PLC0415 - behind the kernel's answers

        return edge()


if __name__ == "__main__":
    sys.exit(main())
