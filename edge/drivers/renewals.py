"""Wishes that a device is begun anew."""

import asyncio


class Renewals:
    """Whoever has another device in its place says so; the life of each waits for that."""

    def __init__(self) -> None:
        self._wished: dict[str, asyncio.Event] = {}

    def begin_anew(self, device: str) -> None:
        """Have that one closed, what was learned of it forgotten, and it opened again. Never
        blocks; once is enough, however often it is said before that.
        """
        self.of(device).set()

    def of(self, device: str) -> asyncio.Event:
        """Set while it is wished; whoever begins it anew clears it."""
        return self._wished.setdefault(device, asyncio.Event())
