"""When something happened, as the clock port saw it."""

from dataclasses import dataclass
from enum import StrEnum


class ClockQuality(StrEnum):
    """How far the wall time can be trusted."""

    SYNCED = "synced"
    FLOOR = "floor"
    UNSET = "unset"


@dataclass(frozen=True, slots=True)
class Instant:
    """UTC milliseconds, with the boot and its monotonic milliseconds.

    Wall time is for people; order is `(epoch, seq)` of the journal, never this.
    """

    utc_ms: int
    boot: str
    mono_ms: int
    quality: ClockQuality
