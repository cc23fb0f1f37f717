"""What a port with a parity reads, from the kernel's marks to bytes. Pure; memory is bounded.

With INPCK and PARMRK a byte x that came with a wrong parity or a framing error is read as FF 00 x,
a break as FF 00 00, and a byte FF as FF FF (termios(3)).
"""

import re
from typing import Final

# What stands for a byte that is not what was sent: one that no text has, no key and no answer, so
# that it spoils whatever it is a part of.
SPOILER: Final = b"\xff"
# The last alternative is a mark of which the rest is still to come.
_MARK: Final = re.compile(rb"\xff(?:\xff|\x00.|(\x00?\Z))", re.DOTALL)


class MarkedBytes:
    """The bytes of one connection."""

    def __init__(self) -> None:
        self._begun = b""

    def plain(self, data: bytes) -> bytes:
        """These bytes without their marks, SPOILER for each bad one; may be empty."""
        data, self._begun = self._begun + data, b""
        return _MARK.sub(self._meant, data)

    def _meant(self, mark: re.Match[bytes]) -> bytes:
        if mark[1] is None:
            return SPOILER
        self._begun = mark[0]
        return b""


def as_they_are(data: bytes) -> bytes:
    """The bytes of a connection whose kernel marks none."""
    return data
