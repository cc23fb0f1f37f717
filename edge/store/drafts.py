"""The open basket on disk, for a power cut, and the sales that were set aside."""

import json
import sqlite3

import structlog

from edge.checkout.canonical import canonical_json
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.draft import basket_body, basket_from
from edge.checkout.sale.holding import HeldSale
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
    return None if row is None else _read(row[0])


def hold(conn: sqlite3.Connection, held: HeldSale) -> None:
    """Set a sale aside. Asserts that its number is free."""
    at = held.held_at
    conn.execute(
        "INSERT INTO held_sale VALUES (?, ?, ?, ?)",
        (
            held.number,
            at.utc_ms,
            at.quality.value,
            canonical_json(basket_body(held.basket)).decode(),
        ),
    )


def recall(conn: sqlite3.Connection, held: HeldSale, at_ms: int) -> None:
    """Make the sale that was held the open basket's draft again."""
    conn.execute("DELETE FROM held_sale WHERE number = ?", (held.number,))
    save(conn, held.basket, at_ms)


def held_sales(conn: sqlite3.Connection) -> tuple[HeldSale, ...]:
    """What is set aside, in the order in which that was done; another version's are left out."""
    rows = conn.execute("SELECT number, at, clock, basket FROM held_sale ORDER BY rowid").fetchall()
    return tuple(
        HeldSale(number, basket, Instant(at_ms, "", 0, ClockQuality(clock)))
        for number, at_ms, clock, body in rows
        if (basket := _read(body)) is not None
    )


def _read(body: str) -> Basket | None:
    try:
        return basket_from(json.loads(body))
    except (KeyError, TypeError, ValueError) as error:
        # Another version's draft: scanning anew is better than a till that doesn't start.
        structlog.get_logger().warning("draft_unreadable", error=type(error).__name__)
        return None
