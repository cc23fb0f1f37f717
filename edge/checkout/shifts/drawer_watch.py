"""What a till knows of its cash drawer by the switch in it, and how patient it is with it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DrawerRules:
    """`warn_after_ms`: taking cash and giving change takes 10 to 20 s; a drawer that stands open
    longer is nobody's. 0 warns of none.
    """

    warn_after_ms: int = 30_000


USUAL_DRAWER: Final = DrawerRules()


@dataclass(frozen=True, slots=True)
class DrawerWatch:
    """`opened_ms` is since when it stands open, None while it is shut or nobody sees it; `warnings`
    how often that was said. `pulses` are those that were ordered and that nobody has heard the end
    of. While there is one, and up to `expected_until_ms`, an opening is the till's own doing. A
    reminder is on its way when `is_reminded`. In the minute from `minute_ms` on there were so many
    records, `recorded`, of openings by somebody else and of the switch's losses; openings that are
    still to be are `unrecorded`. Times are of the monotonic clock.
    """

    opened_ms: int | None = None
    warnings: int = 0
    pulses: frozenset[int] = frozenset()
    expected_until_ms: int = -1
    is_reminded: bool = False
    minute_ms: int = 0
    recorded: int = 0
    unrecorded: int = 0

    @property
    def is_open(self) -> bool:
        return self.opened_ms is not None

    def open_for_ms(self, now_ms: int) -> int:
        """How long it has stood open, 0 for one that is shut."""
        return now_ms - self.opened_ms if self.opened_ms is not None else 0


UNSEEN: Final = DrawerWatch()
