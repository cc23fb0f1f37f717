"""The open basket on disk, for a power cut."""

import json
import sqlite3

import structlog

from edge.checkout.basket import Basket, basket_body, basket_from
from edge.checkout.canonical import canonical_json
from edge.store.projections import next_receipt_no


def save(conn: sqlite3.Connection, basket: Basket, at_ms: int) -> None:
    """Keep the basket in place of the one before it.

    A basket whose receipt number is not the next one is dropped without a word: it waited in the
    queue behind the commit that ended it, and must neither come back nor displace its successor.
    """
    if basket.receipt_no != next_receipt_no(conn):
        return
    conn.execute(
        "INSERT OR REPLACE INTO draft VALUES (1, ?, ?, ?)",
        (basket.receipt_no, at_ms, canonical_json(basket_body(basket)).decode()),
    )


def clear(conn: sqlite3.Connection) -> None:
    conn.execute("DELETE FROM draft")


def load(conn: sqlite3.Connection) -> Basket | None:
    """The basket that was open, or None; one that is not next, or unreadable, is no basket."""
    row = conn.execute(
        "SELECT basket FROM draft WHERE receipt_no = ?", (next_receipt_no(conn),)
    ).fetchone()
    if row is None:
        return None
    try:
        return basket_from(json.loads(row[0]))
    except (KeyError, TypeError, ValueError) as error:
        # Another version's draft: scanning anew is better than a till that doesn't start.
        structlog.get_logger().warning("draft_unreadable", error=type(error).__name__)
        return None
