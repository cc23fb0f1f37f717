"""Wherever keys lead a till with people: nobody does what he may not, and no PIN is to be seen."""

from random import Random

import pytest

from edge.checkout.effects import ShowScreens, StoreEntries
from edge.checkout.inputs import Input
from edge.checkout.people.lifting import AT_REST
from edge.checkout.people.staff import Permission
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from tests.support.staff import STAFF, StaffTill
from tests.support.walk import ACTIONS, Walk, WatchedTill

# Records that stand right behind the leave they needed.
AT_ONCE = {
    EntryKind.DRAWER_NO_SALE: Permission.NO_SALE,
    EntryKind.CASH_PAID_IN: Permission.PAID_IN_OUT,
    EntryKind.CASH_PAID_OUT: Permission.PAID_IN_OUT,
    EntryKind.STAFF_UNLOCKED: Permission.STAFF_UNLOCK,
}
PEOPLE_ACTIONS = (
    *("12 ENTER", "9 ENTER", "7 ENTER", "1234 ENTER", "9999 ENTER", "70707 ENTER", "0000 ENTER"),
    *("CLEAR 12 ENTER 1234 ENTER", "CLEAR 9 ENTER 9999 ENTER", "CLEAR 7 ENTER 70707 ENTER"),
    *("MENU 61", "MENU 62"),
    *("12 MENU 63", "12 MENU 64", "12 MENU 65", "MENU 66", "7 MENU 61", "!answer", "!answer"),
)
EVERYTHING = [each for each in ACTIONS if each != "!disk_fails"] + [*PEOPLE_ACTIONS] * 3
ANSWER_SHARE = 0.3
SECRETS = ("1234", "70707", "9999", "0000")


class WatchedPeople(StaffTill, WatchedTill):
    """A till with staff whose every step is checked."""

    def feed(self, cause: Input) -> "WatchedPeople":
        super().feed(cause)
        assert self.session.lifted == () or self.state in {State.STORING, State.FINDING}
        on = self.session.duty.signed_on
        assert on or self.state not in AT_REST
        for effect in self.effects:
            if isinstance(effect, ShowScreens) and self.session.asking:
                secret = self.session.asking.prompt.secret
                assert not secret or not set(effect.cashier.entry) - {"•"}
            if isinstance(effect, StoreEntries):
                self._check_leave(effect, on)
        return self

    def _check_leave(self, stored: StoreEntries, on: str) -> None:
        for entry in stored.entries:
            needed = AT_ONCE.get(entry.kind)
            if needed is not None and not STAFF.may(on, needed):
                leave = self.journal[-1]
                assert leave.kind is EntryKind.PERMISSION_LIFTED
                assert leave.body["permission"] == needed
                assert STAFF.may(str(leave.body["by"]), needed)
            if entry.kind in {EntryKind.SALE, EntryKind.REFUND}:
                assert entry.body["staff"] == on
                assert on
            # An approval code is keyed by people as well, and may look like anything.
            if _is_flat(entry.body) and entry.kind is not EntryKind.PAYMENT_VOIDED:
                assert not set(entry.body.values()) & set(SECRETS)


def _is_flat(body: dict[str, object]) -> bool:
    return all(isinstance(value, str | int) for value in body.values())


@pytest.mark.parametrize("seed", range(12))
def test_nobody_does_what_he_may_not(seed: int) -> None:
    dice = Random(seed)
    walk = Walk(till=WatchedPeople())
    for _ in range(400):
        walk.act("!answer" if dice.random() < ANSWER_SHARE else dice.choice(EVERYTHING))
    kinds = {entry.kind for entry in walk.till.journal}
    assert EntryKind.STAFF_SIGNED_ON in kinds
