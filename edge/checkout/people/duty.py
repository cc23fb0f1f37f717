"""Who is signed on, who is clocked in, and how many wrong PINs in a row: what the till knows of its
people beyond the staff file. All but the sign-on is worked out from the journal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from edge.checkout.instant import Instant
from edge.checkout.records import Entry, EntryKind, Json

MS_PER_MINUTE = 60_000

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class PinRule:
    """After `most_wrong` wrong PINs in a row a person is locked: for `wait_minutes` of the box's
    own time, 0 for good, or until somebody who may unlocks. Five tries find one PIN of four digits
    in 2,000; with ten minutes before each further one, half of all PINs take a month.
    """

    most_wrong: int = 5
    wait_minutes: int = 10


USUAL_RULE = PinRule()


@dataclass(frozen=True, slots=True)
class PinTries:
    """Wrong PINs in a row, and the monotonic time of the last one, or of the start after it."""

    wrong: int
    since_mono_ms: int


@dataclass(frozen=True, slots=True)
class Presence:
    """Clocked in since, and on break since; UTC milliseconds."""

    since_ms: int
    break_since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class DutyKept:
    """What the journal says: who is in, and wrong PINs in a row, by staff number."""

    present: Mapping[str, Presence] = field(default_factory=dict)
    wrong: Mapping[str, int] = field(default_factory=dict)


NOBODY_KEPT = DutyKept()


@dataclass(frozen=True, slots=True)
class Duty:
    """`signed_on` is empty where nobody is."""

    signed_on: str = ""
    present: Mapping[str, Presence] = field(default_factory=dict)
    tries: Mapping[str, PinTries] = field(default_factory=dict)

    def is_locked(self, number: str, at: Instant, rule: PinRule) -> bool:
        """Whether no PIN is taken for that person now. After the wait each wrong PIN locks anew."""
        tries = self.tries.get(number)
        if tries is None or tries.wrong < rule.most_wrong:
            return False
        waited_ms = at.mono_ms - tries.since_mono_ms
        return not rule.wait_minutes or waited_ms < rule.wait_minutes * MS_PER_MINUTE

    def locked(self, at: Instant, rule: PinRule) -> tuple[str, ...]:
        """Who is locked now, by number."""
        return tuple(number for number in sorted(self.tries) if self.is_locked(number, at, rule))

    def after_wrong(self, number: str, at: Instant) -> "Duty":
        """One more wrong PIN in a row; the wait begins now."""
        before = self.tries.get(number)
        tries = PinTries((before.wrong if before else 0) + 1, at.mono_ms)
        return replace(self, tries={**self.tries, number: tries})

    def after_right(self, number: str) -> "Duty":
        """The wrong PINs before it are forgotten."""
        if number not in self.tries:
            return self
        return replace(self, tries=_without(self.tries, number))

    def clocked_in(self, number: str, at: Instant) -> "Duty":
        return replace(self, present={**self.present, number: Presence(at.utc_ms)})

    def clocked_out(self, number: str) -> "Duty":
        return replace(self, present=_without(self.present, number))

    def on_break(self, number: str, at: Instant) -> "Duty":
        began = replace(self.present[number], break_since_ms=at.utc_ms)
        return replace(self, present={**self.present, number: began})

    def back_from_break(self, number: str) -> "Duty":
        back = replace(self.present[number], break_since_ms=None)
        return replace(self, present={**self.present, number: back})


NOBODY = Duty()


def duty_from(kept: DutyKept, at: Instant) -> Duty:
    """At a start: nobody is signed on, and who was locked waits anew, for nobody knows how long the
    box was off.
    """
    tries = {number: PinTries(wrong, at.mono_ms) for number, wrong in kept.wrong.items()}
    return Duty("", dict(kept.present), tries)


def staff_entry(kind: EntryKind, number: str, **more: Json) -> Entry:
    """What goes on record of a person: the number, never the name, never a PIN."""
    return Entry(kind, {"staff": number, **more})


def lifted_entry(permission: str, by: str, for_: str, action: str) -> Entry:
    """`by` let `for_` do one thing for which the permission is missing."""
    body: dict[str, Json] = {"permission": permission, "by": by, "for": for_, "action": action}
    return Entry(EntryKind.PERMISSION_LIFTED, body)


def _without(mapping: Mapping[str, Value], number: str) -> Mapping[str, Value]:
    return {key: value for key, value in mapping.items() if key != number}
