"""Papers that are no receipt: a record of the journal that is printed, by its kind and number."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from edge.checkout.records import EntryKind, JsonObject
from edge.checkout.shifts.shift import write_x_no

# The kinds of record that a slip can be printed of, and the key that holds its number.
SLIP_NUMBERS: Final[Mapping[EntryKind, str]] = {
    EntryKind.SHIFT_REPORTED: "x_no",
    EntryKind.SHIFT_CLOSED: "z_no",
    EntryKind.MEMBER_CARD_PRINTED: "number",
    EntryKind.COUPON_PRINTED: "number",
}


# What people call such a paper.
SLIP_NAMES: Final[Mapping[EntryKind, str]] = {
    EntryKind.SHIFT_REPORTED: "X",
    EntryKind.SHIFT_CLOSED: "Z",
    EntryKind.MEMBER_CARD_PRINTED: "M",
    EntryKind.COUPON_PRINTED: "C",
}
# Nothing but their offer brings these onto paper again.
ONLY_OFFERED: Final = frozenset({EntryKind.SHIFT_CLOSED, EntryKind.COUPON_PRINTED})
# How its number is written, where that is not as it is.
WRITTEN_NUMBERS: Final[Mapping[EntryKind, Callable[[int], str]]] = {
    EntryKind.SHIFT_REPORTED: write_x_no,
}


@dataclass(frozen=True, slots=True)
class Slip:
    """A record that goes on paper, or went. Its kind and number name it for good."""

    kind: EntryKind
    body: JsonObject

    @property
    def copied(self) -> JsonObject:
        """What a copy of it says on record."""
        return {"slip": self.kind.value, "number": self.number}

    @property
    def label(self) -> str:
        """What people call it by."""
        written = WRITTEN_NUMBERS.get(self.kind, str)
        return f"{SLIP_NAMES[self.kind]} {written(self.number)}"

    @property
    def number(self) -> int:
        number = self.body[SLIP_NUMBERS[self.kind]]
        assert isinstance(number, int), number
        return number
