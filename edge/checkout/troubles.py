"""What is the matter with a device that is there, or between the till and headquarters."""

from enum import StrEnum


class Trouble(StrEnum):
    """The worst one of a device, which whoever stands before it can put right. With any but
    PAPER_LOW it does not work.
    """

    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    ERROR = "error"
    OFFLINE = "offline"
    NO_ANSWER = "no_answer"


class UplinkTrouble(StrEnum):
    """Why headquarters gets nothing until somebody acts."""

    FOREIGN_CERTIFICATE = "foreign_certificate"  # another till's: this one does not connect
    NOT_LET_IN = "not_let_in"  # the broker refuses its certificate
    SHARED_NAME = "shared_name"  # another box connects as this till, and the two take turns
    QUARANTINED = "quarantined"  # headquarters takes no records of this store
