"""What a device said and nobody has read yet."""

import asyncio
from contextlib import suppress
from typing import Final

# Somebody reads as long as the line is in use; a device that babbles meets this.
MOST_UNREAD: Final = 4096


class Heard:
    """On the loop. What is more than `MOST_UNREAD` bytes is lost."""

    def __init__(self) -> None:
        self._unread = bytearray()
        self._news = asyncio.Event()
        self._is_over = False

    def hear(self, data: bytes) -> None:
        self._unread += data[: MOST_UNREAD - len(self._unread)]
        self._news.set()

    def end(self) -> None:
        """Nothing more will come, and nobody waits for it."""
        self._is_over = True
        self._news.set()

    async def within(self, timeout_ms: int) -> None:
        """Until there is something, or it has ended, or that time is over."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_ms / 1000):
                while not (self._unread or self._is_over):
                    self._news.clear()
                    await self._news.wait()

    def taken(self) -> bytes:
        """All that there is, which is gone from here."""
        data = bytes(self._unread)
        self._unread.clear()
        return data
