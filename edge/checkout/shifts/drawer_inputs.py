"""What can happen to a cash drawer, as values: its pulses, its switch, the time it stands open."""

from dataclasses import dataclass
from enum import StrEnum

from edge.checkout.instant import Instant


class Pulse(StrEnum):
    """What became of a pulse. One that was given is never given again, whatever it did."""

    # Given; open, as far as anybody sees: a drawer without a switch is believed.
    OPENED = "opened"
    # Given; the switch has not seen the drawer open.
    UNOPENED = "unopened"
    # Not given, or nobody can say.
    NOT_GIVEN = "not_given"


@dataclass(frozen=True, slots=True)
class DrawerPulsed:
    """The one answer to an `OpenDrawer`, once the pulse and what follows from it are over."""

    at: Instant
    effect_id: int
    pulse: Pulse


@dataclass(frozen=True, slots=True)
class DrawerChanged:
    """What the drawer's switch says; `found` when it says so first, and nobody saw it change.
    `is_open` is None when the switch is lost, and nobody sees any more.
    """

    at: Instant
    is_open: bool | None
    found: bool = False


@dataclass(frozen=True, slots=True)
class DrawerReminded:
    """Time has passed in which the drawer may have stood open."""

    at: Instant
