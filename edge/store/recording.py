"""How entries get on record: at the journal's end and into the projections, in one transaction."""

import sqlite3
from collections.abc import Sequence

from edge.checkout.instant import Instant
from edge.checkout.records import Entry, EntryKind
from edge.store import journal, projections


def record(conn: sqlite3.Connection, at: Instant, entries: Sequence[Entry]) -> journal.Head:
    """Put entries at the end of the journal and into the projections; returns the new end."""
    assert entries, "nothing to put on record"
    end = journal.head(conn)
    for entry in entries:
        assert entry.kind != EntryKind.EPOCH_OPENED, "an epoch is opened by open_new_epoch"
        end = journal.append(conn, end, at, entry)
        projections.project(conn, end.position, entry.kind, entry.body)
    return end
