"""What the till says of a device that is there and can't work, or soon can't."""

from collections.abc import Mapping
from enum import unique
from typing import Final

from edge.checkout.troubles import Trouble
from edge.checkout.words.texts import Saying


@unique
class DeviceWord(Saying):
    """What is the matter, with the device's name."""

    PAPER_LOW = ("{}: little paper", "{}：纸快用完")
    PAPER_OUT = ("{}: out of paper", "{}：缺纸")
    COVER_OPEN = ("{}: cover open", "{}：盖未关")
    CUTTER = ("{}: cutter jammed", "{}：切刀卡住")
    ERROR = ("{}: error, switch off and on", "{}：故障，请关机重开")
    OFFLINE = ("{}: offline, press its button", "{}：脱机，请按其按钮")
    NO_ANSWER = ("{}: no answer", "{}：无应答")


TROUBLE_WORDS: Final[Mapping[Trouble, DeviceWord]] = {
    Trouble.PAPER_LOW: DeviceWord.PAPER_LOW,
    Trouble.PAPER_OUT: DeviceWord.PAPER_OUT,
    Trouble.COVER_OPEN: DeviceWord.COVER_OPEN,
    Trouble.CUTTER: DeviceWord.CUTTER,
    Trouble.ERROR: DeviceWord.ERROR,
    Trouble.OFFLINE: DeviceWord.OFFLINE,
    Trouble.NO_ANSWER: DeviceWord.NO_ANSWER,
}
