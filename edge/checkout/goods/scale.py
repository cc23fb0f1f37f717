"""Why a scale gives no weight."""

from enum import StrEnum


class ScaleTrouble(StrEnum):
    """What stands between the goods and their weight."""

    NOT_STILL = "not_still"
    OVERLOADED = "overloaded"
    UNDER_ZERO = "under_zero"
    ZERO_LOST = "zero_lost"
    WRONG_UNIT = "wrong_unit"
    NO_ANSWER = "no_answer"
