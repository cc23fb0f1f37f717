"""What a printer needs of the wire that it hangs on, whichever that is."""

from typing import Final, Protocol

from edge.ports import DeviceError

# A receipt with a logo is 30 KB; more that waits means that nobody keeps the queue short.
MOST_QUEUED: Final = 256 * 1024


class Line(Protocol):
    """A stream of bytes to one device and back. Every fault is a DeviceError whose text starts with
    the device's name; after one the line stays broken.
    """

    async def read_within(self, timeout_ms: int) -> bytes:
        """The next bytes; empty when none came in that time. Raises DeviceError."""

    def write(self, data: bytes) -> None:
        """Queue the bytes. Never blocks; look at `unsent` to keep the queue short."""

    def unsent(self) -> int:
        """Bytes that the other side does not have yet. Raises DeviceError."""

    def broken(self, cause: str) -> DeviceError:
        """Give the line up for this cause, at once and without sending the rest. The first cause
        stays, for the reader too.
        """

    async def close(self) -> None:
        """Give everything back within a second, unsent bytes dropped. Never raises."""
