"""The text console under the screen: silent and without its cursor while the till draws there.

Requests as in Linux' include/uapi/linux/kd.h.
"""

import fcntl
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeAlias

import structlog

# The seam: fcntl.ioctl, or what stands in for the kernel in a test.
ConsoleIoctl: TypeAlias = Callable[[int, int, int], object]

KDSETMODE: Final = 0x4B3A
KD_TEXT, KD_GRAPHICS = 0, 1


class Console:
    """The tty of the settings in graphics mode: the kernel writes and blinks nothing there, and
    does not blank it. Without a path, or where the kernel refuses, the console stays as it is.
    """

    def __init__(self, name: str, path: str, ioctl: ConsoleIoctl = fcntl.ioctl) -> None:
        self._ioctl = ioctl
        self._tty: int | None = None
        if not path:
            return
        try:
            self._tty = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
            self._ioctl(self._tty, KDSETMODE, KD_GRAPHICS)
        except OSError as error:
            # The screen is drawn all the same; a cursor may blink through it.
            log = structlog.get_logger("edge.drivers.displays.console")
            log.warning("console_not_taken", device=name, path=path, reason=str(error))
            self._close()

    def give_back(self) -> None:
        """Text again, whatever it was before: a till that was killed left it in graphics mode."""
        if self._tty is None:
            return
        with suppress(OSError):
            self._ioctl(self._tty, KDSETMODE, KD_TEXT)
        self._close()

    def _close(self) -> None:
        if self._tty is not None:
            os.close(self._tty)
        self._tty = None
