"""A shop's promotions on disk, swapped whole."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from edge.checkout.records import Entry, EntryKind
from edge.price.promotions import Promotion


@dataclass(frozen=True, slots=True)
class Listed:
    """One version of the promotions that headquarters or a file gave."""

    version: str = ""
    promotions: tuple[Promotion, ...] = ()


def loaded_entry(listed: Listed) -> Entry:
    """What goes on record when promotions come into force."""
    return Entry(
        EntryKind.PROMOTIONS_LOADED,
        {"version": listed.version, "promotions": len(listed.promotions)},
    )


def write(conn: sqlite3.Connection, listed: Listed) -> None:
    """Put the promotions in place of all that were there."""
    conn.execute("DELETE FROM promotion")
    conn.execute("INSERT OR REPLACE INTO promotion_list VALUES (1, ?)", (listed.version,))
    conn.executemany(
        "INSERT INTO promotion VALUES (?, ?)",
        (
            (each.id, each.model_dump_json(by_alias=True, exclude_defaults=True))
            for each in sorted(listed.promotions, key=lambda each: each.id)
        ),
    )


def load(conn: sqlite3.Connection) -> Listed:
    """The promotions in force, none where there never were any. Where there is one that this
    software can't read, none either, with an error in the log: the shop's file brings them anew,
    and a till that sells at its usual prices is better than none.
    """
    row = conn.execute("SELECT version FROM promotion_list").fetchone()
    if row is None:
        return Listed()
    bodies: Sequence[tuple[str, str]] = conn.execute("SELECT id, body FROM promotion").fetchall()
    promotions = []
    for promotion, body in bodies:
        try:
            promotions.append(Promotion.model_validate_json(body))
        except ValidationError as error:
            reason = error.errors(include_url=False, include_context=False)[0]["msg"]
            log = structlog.get_logger("edge.store")
            log.error("promotions_unreadable", promotion=promotion, reason=reason)  # noqa: TRY400 - no bug
            return Listed()
    return Listed(row[0], tuple(promotions))
