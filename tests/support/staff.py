"""A shop's people for playbooks, and a till that they sign on to. The hash of a PIN is readable
here, so that the playbook can check it; the real one is tested where it is made.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from edge.checkout.effects import CheckPin
from edge.checkout.inputs import Input, PinChecked, Started
from edge.checkout.people.duty import NOBODY_KEPT, DutyKept
from edge.checkout.people.staff import (
    CASHIER,
    MANAGER,
    SUPERVISOR,
    TRAINEE,
    Role,
    Staff,
    StaffMember,
)
from edge.checkout.records import Entry
from edge.checkout.shop import Language
from edge.store import projections
from edge.store.migrate import migrate, migrations
from edge.store.staff_rows import load_duty
from tests.support.playbook import NOON_MS, Till


def person(number: str, name: str, role: Role, pin: str, **more: Any) -> StaffMember:
    return StaffMember(number, name, role, f"hash of {pin}", **more)


ANNA = person("12", "Anna", CASHIER, "1234")
BEN = person("7", "Ben", SUPERVISOR, "70707")
CHEN = person("3", "陈", MANAGER, "33333333", language=Language.CHINESE)
DORA = person("9", "Dora", TRAINEE, "9999")
ELLA = person("5", "Ella", MANAGER, "5555", active=False)
STAFF = Staff("1", {each.number: each for each in (ANNA, BEN, CHEN, DORA, ELLA)})


class StaffTill(Till):
    """A till with staff; nobody is signed on."""

    def __init__(self, *args: Any, duty: DutyKept = NOBODY_KEPT, **options: Any) -> None:
        self._duty = duty
        options.setdefault("staff", STAFF)
        super().__init__(*args, **options)
        self.world[CheckPin] = self._check_pin

    def feed(self, cause: Input) -> "StaffTill":
        if isinstance(cause, Started):
            cause = replace(cause, duty=self._duty)
        super().feed(cause)
        return self

    def _check_pin(self, asked: CheckPin) -> Input:
        return PinChecked(self.now(), asked.staff, asked.pin_hash == f"hash of {asked.pin}")

    def pin(self, pin: str) -> "StaffTill":
        """PIN and ENTER; it is checked, and what follows is stored."""
        self.press(f"{pin} ENTER")
        if self.waits_for_disk:
            self.answered()
        if self.waits_for_disk:
            self.stored()
        return self

    def sign_on(self, number: str = "12", pin: str = "1234") -> "StaffTill":
        self.press(f"{number} ENTER")
        return self.pin(pin)

    def lifted(self, number: str = "7", pin: str = "70707") -> "StaffTill":
        """A supervisor answers the question for one."""
        self.press(f"{number} ENTER")
        return self.pin(pin)

    def restarted(self) -> "StaffTill":
        """With what the journal says of the people."""
        till = super().restarted()
        assert isinstance(till, StaffTill)
        at = till.now()
        till._duty = kept(self.journal)
        draft, held = till.draft, till.held
        till.session = replace(till.session, state=type(till.state).STARTING, basket=None)
        till.feed(Started(at, till.session.next_receipt_no, draft, (), held))
        return till

    @property
    def bodies(self) -> list[tuple[str, dict[str, Any]]]:
        """The journal's entries, as kind and body."""
        return [(entry.kind.value, entry.body) for entry in self.journal]


def on_duty(number: str = "12", pin: str = "1234", **options: Any) -> StaffTill:
    """A till with somebody signed on, whose journal begins behind that."""
    till = StaffTill(**options).sign_on(number, pin)
    till.journal.clear()
    return till


def kept(entries: Sequence[Entry]) -> DutyKept:
    """What the store would make of the journal."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        migrate(conn, migrations(), 0)
        for position, entry in enumerate(entries, start=1):
            conn.execute(
                "INSERT INTO journal (position, epoch, seq, at, kind, hash, boot, mono_ms, clock,"
                " prev, body) VALUES (?, 1, ?, ?, ?, ?, '', 0, '', '', '')",
                (position, position, NOON_MS, entry.kind.value, f"{position:064d}"),
            )
            if entry.kind.value.startswith(("staff.", "permission.")):
                projections.project(conn, position, entry.kind, entry.body)
        return load_duty(conn)
