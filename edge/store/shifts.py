"""Shifts and Z reports: what the next Z says so far, kept up to date record by record."""

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from edge.checkout.records import EntryKind
from edge.checkout.shifts.shift import JournalPlace, Shift, ShiftState, closed_from
from edge.checkout.shifts.shift_totals import (
    Figure,
    ShiftTotals,
    Tally,
    counts_of,
    first_totals,
)
from edge.store import journal

_ADD: Final = (
    "INSERT INTO shift_total VALUES (?, ?, ?, ?) ON CONFLICT (figure, name) DO UPDATE SET"
    " times = times + excluded.times, amount_minor = amount_minor + excluded.amount_minor"
)


def project(conn: sqlite3.Connection, position: int, kind: str, body: Mapping[str, Any]) -> None:
    """Carry the record at `position` into the tables. Asserts what the core promises: Z reports
    without a gap, each with the sums of all that it covers.
    """
    counts = counts_of(kind, body)
    if counts:
        conn.executemany(
            _ADD,
            [(figure.value, name, times, minor) for figure, name, times, minor in counts],
        )
    if kind == EntryKind.EPOCH_OPENED:
        _begin_epoch(conn, body.get("next_z_no"))
    elif kind == EntryKind.SHIFT_OPENED:
        _open(conn, position, body)
    elif kind == EntryKind.SHIFT_CLOSED:
        _close(conn, position, body)


def open_shift_no(conn: sqlite3.Connection) -> int:
    """The number of the shift that is open, 0 for none."""
    row = conn.execute(
        "SELECT z_no FROM shift WHERE closed_position IS NULL AND opened_position IS NOT NULL"
    ).fetchone()
    return int(row[0]) if row else 0


def state(conn: sqlite3.Connection) -> ShiftState:
    """How it stands at the journal's end, by the sums that are kept: no sale is read again."""
    z_no, after_receipt_no, opened_position = conn.execute(
        "SELECT z_no, after_receipt_no, opened_position FROM shift WHERE closed_position IS NULL"
    ).fetchone()
    first, last = conn.execute(
        "SELECT (SELECT min(receipt_no) FROM sale WHERE receipt_no > ?1),"
        " (SELECT max(receipt_no) FROM sale WHERE receipt_no > ?1)",
        (after_receipt_no,),
    ).fetchone()
    head = journal.head(conn)
    return ShiftState(
        z_no=z_no,
        shift=_shift(conn, z_no, opened_position),
        totals=_totals(conn),
        first_receipt_no=first or 0,
        last_receipt_no=last or 0,
        head=JournalPlace(head.epoch, head.seq, head.hash),
    )


def closed_position(conn: sqlite3.Connection, z_no: int) -> int | None:
    """Where a Z stands in the journal; None for one that there is not (yet)."""
    row = conn.execute("SELECT closed_position FROM shift WHERE z_no = ?", (z_no,)).fetchone()
    return row[0] if row else None


def catch_up(conn: sqlite3.Connection) -> None:
    """Work the sums out of a journal that is older than these tables; once, inside the caller's
    transaction.
    """
    if conn.execute("SELECT 1 FROM shift").fetchone() is not None:
        return
    for position, record in enumerate(journal.records_behind(conn, 0, -1), 1):
        project(conn, position, record.kind, record.body)


def _begin_epoch(conn: sqlite3.Connection, next_z_no: int | None) -> None:
    """The journal's first record begins the first period. A later epoch goes on with the one that
    it found, under a higher number where one is named.
    """
    conn.execute(
        "INSERT INTO shift SELECT 1, 0, 0, NULL, NULL WHERE NOT EXISTS (SELECT 1 FROM shift)"
    )
    if next_z_no is not None:
        raised = conn.execute(
            "UPDATE shift SET z_no = ?1 WHERE closed_position IS NULL AND z_no <= ?1",
            (next_z_no,),
        )
        assert raised.rowcount == 1, "Z numbers can't go back"


def _open(conn: sqlite3.Connection, position: int, body: Mapping[str, Any]) -> None:
    opened = conn.execute(
        "UPDATE shift SET opened_position = ? WHERE z_no = ? AND opened_position IS NULL"
        " AND closed_position IS NULL",
        (position, body["shift"]),
    )
    assert opened.rowcount == 1, f"shift {body['shift']} can't be opened now"


def _close(conn: sqlite3.Connection, position: int, body: Mapping[str, Any]) -> None:
    closed = closed_from(body)
    report = closed.report.state
    place = report.head
    z_no, after_position = conn.execute(
        "SELECT z_no, after_position FROM shift WHERE closed_position IS NULL"
    ).fetchone()
    assert closed.z_no == z_no, f"Z {closed.z_no} where {z_no} comes next"
    assert report.totals == _totals(conn), f"Z {z_no} is not what it covers"
    assert body["expected_minor"] == report.expected_minor, f"Z {z_no} expects another sum"
    assert body["over_short_minor"] == closed.over_short_minor, f"Z {z_no} is over by another sum"
    through = journal.head_at(conn, journal.position_of(conn, place.epoch, place.seq))
    assert through.hash == place.hash, f"Z {z_no} names another record than {place}"
    assert after_position <= through.position < position, f"Z {z_no} covers nothing up to {place}"
    conn.execute("UPDATE shift SET closed_position = ? WHERE z_no = ?", (position, z_no))
    conn.execute(
        "INSERT INTO shift VALUES (?, ?, (SELECT coalesce(max(receipt_no), 0) FROM sale),"
        " NULL, NULL)",
        (z_no + 1, through.position),
    )
    conn.execute("DELETE FROM shift_total")
    left = first_totals(closed.left_minor).tallies.items()
    conn.executemany(
        _ADD,
        [(figure.value, name, tally.times, tally.amount_minor) for (figure, name), tally in left],
    )


def _shift(conn: sqlite3.Connection, z_no: int, opened_position: int | None) -> Shift | None:
    if opened_position is None:
        return None
    opened = journal.record_at(conn, opened_position)
    body: Mapping[str, Any] = opened.body
    return Shift(z_no, body.get("staff", ""), opened.at, body["float_minor"])


def _totals(conn: sqlite3.Connection) -> ShiftTotals:
    rows = conn.execute("SELECT figure, name, times, amount_minor FROM shift_total").fetchall()
    return ShiftTotals(
        {(Figure(figure), name): Tally(times, minor) for figure, name, times, minor in rows}
    )
