"""A drawer that is being counted, face by face."""

from dataclasses import dataclass, replace

from edge.checkout.shifts.shift import CashCount, ShiftState, count_pieces


@dataclass(frozen=True, slots=True)
class Counting:
    """A drawer that is being counted: pieces by face, None where nobody looked yet, or the sum that
    was keyed instead. It ends a shift, unless there is an `opening` that it begins.
    """

    faces: tuple[int, ...]
    pieces: tuple[int | None, ...]
    keyed_minor: int | None = None
    opening: ShiftState | None = None

    @property
    def count(self) -> CashCount:
        if self.keyed_minor is not None:
            return CashCount(self.keyed_minor)
        return count_pieces(self.faces, self.pieces)

    def with_pieces(self, place: int, pieces: int | None) -> "Counting":
        """With so many of that face, in the place of a keyed sum."""
        known = (*self.pieces[:place], pieces, *self.pieces[place + 1 :])
        return replace(self, pieces=known, keyed_minor=None)

    def counted_by(self, row: int) -> int | None:
        """The counted face at that row, else the next one above it, else the last one below; None
        where none is counted.
        """
        counted = [place for place, pieces in enumerate(self.pieces) if pieces is not None]
        above = [place for place in counted if place <= row]
        return max(above or counted, default=None)
