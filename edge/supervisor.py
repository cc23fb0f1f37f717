"""Speaking to systemd: ready, stopping, still alive. sd_notify(3), without its library."""

import os
import socket
from contextlib import suppress

from edge.ports import Clock

US_PER_MS = 1000
# A start that is asked after as often says so thrice before systemd loses patience.
START_STEP_MS = 20_000
# The initials of a catalogue may take five minutes, the check of a store two; twice that.
LONGEST_START_MS = 15 * 60_000


class Supervisor:
    """Sends states to the socket that systemd names; without one it stays silent."""

    def __init__(self, address: str | None, watchdog_us: int | None) -> None:
        self._address = address
        self._watchdog_us = watchdog_us

    @classmethod
    def from_environment(cls) -> "Supervisor":
        """As `NOTIFY_SOCKET` and `WATCHDOG_USEC` say."""
        watchdog = os.environ.get("WATCHDOG_USEC")
        return cls(os.environ.get("NOTIFY_SOCKET"), int(watchdog) if watchdog else None)

    async def keep_starting(self, clock: Clock) -> None:
        """Ask for more time while the till starts, as files are read that are large or many; no
        longer than `LONGEST_START_MS`, behind which something hangs.
        """
        for _ in range(LONGEST_START_MS // START_STEP_MS):
            self._send(f"EXTEND_TIMEOUT_USEC={3 * START_STEP_MS * US_PER_MS}")
            await clock.sleep_ms(START_STEP_MS)

    def ready(self, status: str) -> None:
        self._send(f"READY=1\nSTATUS={status}")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    async def keep_alive(self, clock: Clock) -> None:
        """Answer the watchdog twice in each of its periods, for as long as the event loop turns."""
        if self._watchdog_us is None:
            return
        while True:
            self._send("WATCHDOG=1")
            await clock.sleep_ms(self._watchdog_us // US_PER_MS // 2)

    def _send(self, state: str) -> None:
        if self._address is None:
            return
        # A leading @ stands for the null byte of an abstract socket.
        address = self._address.replace("@", "\0", 1) if self._address[0] == "@" else self._address
        kind = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
        # A supervisor that is away or does not listen must not hold up a sale.
        with suppress(OSError), socket.socket(socket.AF_UNIX, kind) as sender:
            sender.sendto(state.encode(), address)
