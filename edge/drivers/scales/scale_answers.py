"""What a scale with the 8217 protocol answers to W. Pure; memory is bounded.

The frames and bits are those of Mettler-Toledo's host interface "8217": `STX WW.WWW CR` in
kilograms, `STX WW.WW CR` or `STX WWW.WW CR` in pounds, an N behind a net weight, and `STX ? status
CR` instead of a weight that may not be sold.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from edge.checkout.goods.scale import ScaleTrouble
from edge.drivers.keys.frames import Garbled

ASK_WEIGHT: Final = b"W"
_STX, _CR = 0x02, 0x0D
# The longest answer, a net weight, and no more.
MAX_ANSWER: Final = len("WW.WWWN")
# Some scales leave the point out; five digits then have three decimals.
_KILOGRAMS: Final = re.compile(rb"([0-9]{2})\.?([0-9]{3})N?")
_POUNDS: Final = re.compile(rb"[0-9]{2,3}\.[0-9]{2}N?")
_STATUS: Final = re.compile(rb"\?([\x20-\x7f])", re.DOTALL)
_MOVING: Final = 0x01
# By the bit of the status byte, the worst first.
_TROUBLES: Final = (
    (0x02, ScaleTrouble.OVERLOADED),
    (0x04, ScaleTrouble.UNDER_ZERO),
    (0x08, ScaleTrouble.ZERO_LOST),
)


@dataclass(frozen=True, slots=True)
class Weight:
    """What lies on the scale, in thousandths of a kilogram."""

    milli: int


@dataclass(frozen=True, slots=True)
class NoWeight:
    """Why there is none; while the goods are `moving` it may still change."""

    trouble: ScaleTrouble
    moving: bool = False


ScaleAnswer: TypeAlias = Weight | NoWeight | Garbled


class AnswerParser:
    """Answers between STX and CR; what stands outside of them is noise."""

    def __init__(self) -> None:
        self._frame: bytearray | None = None

    def feed(self, data: bytes) -> Iterator[ScaleAnswer]:
        """The answers that these bytes complete; they must be taken before feeding more."""
        for byte in data:
            if byte == _STX:
                self._frame = bytearray()
            elif self._frame is not None:
                if byte == _CR:
                    frame, self._frame = bytes(self._frame), None
                    yield _read(frame)
                elif len(self._frame) <= MAX_ANSWER:
                    self._frame.append(byte)


def _read(frame: bytes) -> ScaleAnswer:
    if weighed := _KILOGRAMS.fullmatch(frame):
        return Weight(int(weighed[1] + weighed[2]))
    if _POUNDS.fullmatch(frame):
        return NoWeight(ScaleTrouble.WRONG_UNIT)
    if said := _STATUS.fullmatch(frame):
        return _status(said[1][0])
    return Garbled()


def _status(byte: int) -> NoWeight:
    moving = bool(byte & _MOVING)
    for bit, trouble in _TROUBLES:
        if byte & bit:
            return NoWeight(trouble, moving)
    return NoWeight(ScaleTrouble.NOT_STILL, moving=True)
