"""Wrong PINs in a row and who is clocked in, worked out from the journal."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from edge.checkout.people.duty import DutyKept, Presence
from edge.checkout.records import EntryKind

Body: TypeAlias = Mapping[str, Any]

# Each of them needed a good PIN, of the person whom the body names here.
_RIGHT_PINS: Final[Mapping[str, str]] = {
    EntryKind.STAFF_SIGNED_ON: "staff",
    EntryKind.STAFF_CLOCKED_IN: "staff",
    EntryKind.STAFF_CLOCKED_OUT: "staff",
    EntryKind.STAFF_BREAK_BEGAN: "staff",
    EntryKind.STAFF_BREAK_ENDED: "staff",
    EntryKind.STAFF_UNLOCKED: "by",
    EntryKind.PERMISSION_LIFTED: "by",
}


def project_wrong_pin(conn: sqlite3.Connection, _position: int, _kind: str, body: Body) -> None:
    conn.execute(
        "INSERT INTO pin_try VALUES (?, 1) ON CONFLICT (staff) DO UPDATE SET wrong = wrong + 1",
        (body["staff"],),
    )


def project_right_pin(conn: sqlite3.Connection, position: int, kind: str, body: Body) -> None:
    """A good PIN ends the row of wrong ones, unlocking another's; the clock moves with its kinds.
    Asserts that who goes was in, and who ends a break had begun one.
    """
    forgotten = {body[_RIGHT_PINS[kind]]}
    if kind == EntryKind.STAFF_UNLOCKED:
        forgotten.add(body["staff"])
    conn.executemany("DELETE FROM pin_try WHERE staff = ?", [(staff,) for staff in forgotten])
    statement = _CLOCK.get(kind)
    if statement is not None:
        row = {"staff": body["staff"], "position": position}
        changed = conn.execute(statement, row).rowcount
        assert changed == 1, f"{kind} does not follow on what was before"


_AT: Final = "(SELECT at FROM journal WHERE position = :position)"
_CLOCK: Final[Mapping[str, str]] = {
    EntryKind.STAFF_CLOCKED_IN: f"INSERT INTO attendance VALUES (:staff, {_AT}, NULL)",  # noqa: S608 - ours
    EntryKind.STAFF_CLOCKED_OUT: "DELETE FROM attendance WHERE staff = :staff",
    EntryKind.STAFF_BREAK_BEGAN: f"UPDATE attendance SET break_since = {_AT}"  # noqa: S608 - ours
    " WHERE staff = :staff AND break_since IS NULL",
    EntryKind.STAFF_BREAK_ENDED: "UPDATE attendance SET break_since = NULL"
    " WHERE staff = :staff AND break_since IS NOT NULL",
}

STAFF_PROJECTIONS: Final = {
    EntryKind.STAFF_REFUSED: project_wrong_pin,
    **dict.fromkeys(_RIGHT_PINS, project_right_pin),
}


def load_duty(conn: sqlite3.Connection) -> DutyKept:
    """Who is in, and wrong PINs in a row."""
    rows = conn.execute("SELECT staff, since, break_since FROM attendance ORDER BY staff")
    return DutyKept(
        present={staff: Presence(since, break_since) for staff, since, break_since in rows},
        wrong=dict(conn.execute("SELECT staff, wrong FROM pin_try").fetchall()),
    )
