"""The people's side of the store: who is in force."""

import sqlite3

from edge.checkout.instant import Instant
from edge.checkout.people.staff import Staff
from edge.store import staff_list
from edge.store.recording import record
from edge.store.staff_file import StaffFile
from edge.store.writer import Writer


class StaffDesk:
    """The shop's people in memory, over the store's one writer."""

    def __init__(self, writer: Writer, opened: Staff) -> None:
        self._writer = writer
        self._staff = opened

    def staff(self) -> Staff:
        """The people in force."""
        return self._staff

    async def replace(self, people: StaffFile, version: str, at: Instant) -> Staff:
        """Put the people of a file in force, on record, on disk and in memory; returns them."""
        staff = people.staff(version)

        def work(conn: sqlite3.Connection) -> None:
            record(conn, at, [staff_list.loaded_entry(version, people)])
            staff_list.write(conn, version, people)
            # Here, so that a caller who was cancelled leaves memory and disk alike.
            self._staff = staff

        await self._writer.submit(work)
        return staff
