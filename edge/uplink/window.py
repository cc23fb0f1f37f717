"""What is on its way to headquarters, as a value: no clock, no broker, no store."""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """A record's place in the journal; `(0, 0)` is before the first."""

    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class Flight:
    """A batch that headquarters has not acknowledged; `hash` is its last record's."""

    last: Place
    hash: str
    sent_ms: int


class SendWindow:
    """At most `size` batches ahead of what is confirmed; everything is sent in journal order."""

    def __init__(self, size: int, confirmed: Place) -> None:
        self._size = size
        self._flights: deque[Flight] = deque()
        self.confirmed = confirmed
        self.sent = confirmed

    @property
    def room(self) -> bool:
        return len(self._flights) < self._size

    @property
    def oldest_sent_ms(self) -> int | None:
        """None when nothing is on its way."""
        return self._flights[0].sent_ms if self._flights else None

    def hash_at(self, place: Place) -> str | None:
        """The hash of a batch's last record while the batch is on its way."""
        return next((flight.hash for flight in self._flights if flight.last == place), None)

    def add(self, flight: Flight) -> None:
        """A batch left, or is about to."""
        assert self.room
        assert flight.last > self.sent
        self._flights.append(flight)
        self.sent = flight.last

    def confirm(self, place: Place) -> bool:
        """Headquarters has everything up to here. False when that is nothing new."""
        if place <= self.confirmed:
            return False
        self.confirmed = place
        while self._flights and self._flights[0].last <= place:
            self._flights.popleft()
        self.sent = max(self.sent, place)
        return True

    def rewind(self, place: Place | None = None) -> None:
        """Send again from here, or from what is confirmed."""
        self.confirmed = self.confirmed if place is None else place
        self.sent = self.confirmed
        self._flights.clear()
