"""How long a thread made somebody wait, without what the machine made the thread wait."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path


def denied_ns() -> int:
    """How long this thread was ready to run and another one ran, since it began (schedstat of
    proc(5), the second number).
    """
    own = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
    return int(own.read_text().split()[1]) if own.exists() else 0


@dataclass(frozen=True, slots=True)
class Since:
    """A moment on the loop's thread."""

    at_ns: int
    denied_ns: int

    @classmethod
    def now(cls) -> "Since":
        return cls(time.monotonic_ns(), denied_ns())

    def late_ms(self) -> float:
        """The time since then in which the thread ran, or waited for something that it chose to
        wait for: what a busy machine took from it is not counted.
        """
        wall_ns = time.monotonic_ns() - self.at_ns
        return max(0, wall_ns - (denied_ns() - self.denied_ns)) / 1e6
