"""A till whose drawer has a switch, on a clock that the test moves."""

from edge.checkout.effects import Beep, OpenDrawer, RemindDrawer, Tone
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.records import EntryKind
from edge.checkout.shifts.drawer import MINUTE_MS
from edge.checkout.shifts.drawer_inputs import DrawerChanged, DrawerReminded
from edge.checkout.words.texts_drawer import DrawerWord
from tests.support.playbook import NOON_MS, Till

WARN_MS = 30_000
FORCED, LEFT_OPEN, CLOSED_LATE, UNSEEN = (
    EntryKind.DRAWER_FORCED,
    EntryKind.DRAWER_LEFT_OPEN,
    EntryKind.DRAWER_CLOSED_LATE,
    EntryKind.DRAWER_UNSEEN,
)


class DrawerTill(Till):
    """A till with a switch in its drawer. `at_ms` is now, after the last key; a reminder comes when
    its time has.
    """

    at_ms = 0
    reminder_ms: int | None = None

    def now(self) -> Instant:
        self.at_ms += 1
        return Instant(NOON_MS + self.at_ms, "boot", self.at_ms, ClockQuality.SYNCED)

    def feed(self, cause: object) -> "DrawerTill":
        super().feed(cause)
        for effect in self.of(RemindDrawer):
            assert self.reminder_ms is None, "one reminder at a time"
            assert 0 < effect.after_ms <= MINUTE_MS
            self.reminder_ms = self.at_ms + effect.after_ms
        return self

    def pass_ms(self, time_ms: int) -> "DrawerTill":
        """Time, with the reminders that are due in it."""
        end_ms = self.at_ms + time_ms
        while self.reminder_ms is not None and self.reminder_ms <= end_ms:
            self.at_ms, self.reminder_ms = self.reminder_ms - 1, None
            self.feed(DrawerReminded(self.now()))
        self.at_ms = max(self.at_ms, end_ms)
        return self

    def opens(self, *, found: bool = False) -> "DrawerTill":
        return self.feed(DrawerChanged(self.now(), is_open=True, found=found))

    def shuts(self) -> "DrawerTill":
        return self.feed(DrawerChanged(self.now(), is_open=False))

    def out_of_sight(self) -> "DrawerTill":
        """The switch is lost."""
        return self.feed(DrawerChanged(self.now(), is_open=None))

    def ordered(self) -> "DrawerTill":
        """The till orders a pulse, on record."""
        self.press("MENU 21").stored()
        assert self.of(OpenDrawer)
        return self

    def no_sale(self) -> "DrawerTill":
        """The till opens it, on record."""
        return self.ordered().pulsed().opens()

    @property
    def drawer_records(self) -> list[tuple[EntryKind, dict[str, object]]]:
        kinds = {FORCED, LEFT_OPEN, CLOSED_LATE, UNSEEN}
        return [(entry.kind, entry.body) for entry in self.journal if entry.kind in kinds]

    @property
    def shows_open(self) -> bool:
        return DrawerWord.IS_OPEN.english in self.screen.status


def beeps(till: Till) -> bool:
    return Beep(Tone.REFUSED) in till.effects


HOUR_MS = 60 * MINUTE_MS
