"""What serial scanners and keypads send, from bytes to codes and keys. Pure; memory is bounded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from edge.checkout.inputs import Key

_TERMINATORS = frozenset(b"\r\n")
# NUL pads, STX and ETX enclose a frame in some scanners' factory settings.
_IGNORED = frozenset(b"\x00\x02\x03")
_PRINTABLE = range(0x20, 0x7F)
# FNC1 between the element strings of a GS1 code: GS1 General Specifications, section 7.8.
_GS = 0x1D
# An AIM symbology identifier is a bracket, a letter and a modifier (ISO/IEC 15424).
_AIM_LENGTH = 3


@dataclass(frozen=True, slots=True)
class Garbled:
    """A frame that can't be what was sent: too long, or with bytes that no text has."""


class FrameParser:
    """Frames of printable ASCII and GS, ended by CR, LF or both, never by a pause. Empty frames are
    no frames. What is garbled is dropped to the next terminator.
    """

    def __init__(self, max_length: int) -> None:
        self._max_length = max_length
        self._frame = bytearray()
        self._spoiled = False

    def feed(self, data: bytes) -> Iterator[str | Garbled]:
        """The frames that these bytes complete; they must be taken before feeding more."""
        for byte in data:
            if byte in _TERMINATORS:
                yield from self._end()
            elif (byte in _PRINTABLE or byte == _GS) and not self._spoiled:
                self._frame.append(byte)
                self._spoiled = len(self._frame) > self._max_length
            elif byte not in _IGNORED:
                self._spoiled = True

    def _end(self) -> Iterator[str | Garbled]:
        frame, spoiled = self._frame.decode("ascii"), self._spoiled
        self._frame.clear()
        self._spoiled = False
        if spoiled:
            yield Garbled()
        elif frame:
            yield frame


def strip_aim_id(code: str) -> str:
    """Without the AIM identifier before it, if there is one."""
    return code[_AIM_LENGTH:] if code[:1] == "]" and code[1:2].isalpha() else code


class KeyParser:
    """One byte a key; bytes without a key are dropped and counted."""

    def __init__(self, keymap: Mapping[str, Key]) -> None:
        self._keys = {ord(character): key for character, key in keymap.items()}
        self.garbled = 0

    def feed(self, data: bytes) -> Iterator[Key]:
        """The keys that these bytes are; they must be taken before feeding more."""
        for byte in data:
            key = self._keys.get(byte)
            if key is None:
                self.garbled += 1
            else:
                yield key


class KeyLineParser:
    """A key's name a line; other lines are dropped and counted."""

    # Longer than every key's name.
    MAX_NAME = 16

    def __init__(self) -> None:
        self._frames = FrameParser(self.MAX_NAME)
        self._keys: dict[str | Garbled, Key] = {key.value: key for key in Key}
        self.garbled = 0

    def feed(self, data: bytes) -> Iterator[Key]:
        """The keys that these bytes complete; they must be taken before feeding more."""
        for frame in self._frames.feed(data):
            key = self._keys.get(frame)
            if key is None:
                self.garbled += 1
            else:
                yield key
