"""The shop's people on disk, swapped whole: the till knows them when the staff file is gone."""

import sqlite3

import structlog
from pydantic import ValidationError

from edge.checkout.people.staff import NO_STAFF, Staff
from edge.checkout.records import Entry, EntryKind
from edge.store.staff_file import StaffFile


def loaded_entry(version: str, people: StaffFile) -> Entry:
    """What goes on record when people come into force: how many, and nothing of them."""
    return Entry(
        EntryKind.STAFF_LOADED,
        {"version": version, "people": len(people.people), "roles": len(people.roles)},
    )


def write(conn: sqlite3.Connection, version: str, people: StaffFile) -> None:
    """Put the people in place of all that were there."""
    conn.execute(
        "INSERT OR REPLACE INTO staff_list VALUES (1, ?, ?)", (version, people.model_dump_json())
    )


def load_staff(conn: sqlite3.Connection) -> Staff:
    """The people in force, NO_STAFF where there never were any, and with an error in the log where
    this software can't read them: then only a staff file opens the till, for better none than one
    that asks nobody who he is.
    """
    row = conn.execute("SELECT version, body FROM staff_list").fetchone()
    if row is None:
        return NO_STAFF
    version, body = row
    try:
        return StaffFile.model_validate_json(body).staff(version)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        log = structlog.get_logger("edge.store")
        log.error("staff_unreadable", reason=first["msg"])  # noqa: TRY400 - no bug, no traceback
        return NO_STAFF
