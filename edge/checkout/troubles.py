"""What is the matter with a device that is there: whoever stands before it can put it right."""

from enum import StrEnum


class Trouble(StrEnum):
    """The worst one of a device. With any but PAPER_LOW it does not work."""

    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    ERROR = "error"
    OFFLINE = "offline"
    NO_ANSWER = "no_answer"
