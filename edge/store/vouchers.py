"""The vouchers that were taken at this till. Another till's are in another journal."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from edge.checkout.records import TenderKind


def project(conn: sqlite3.Connection, body: Mapping[str, Any], sign: int) -> None:
    """Carry a sale's vouchers into the table, or with a sign of -1 a refund's."""
    conn.executemany(
        "INSERT INTO voucher VALUES (?, ?) ON CONFLICT (number)"
        " DO UPDATE SET taken_minor = taken_minor + excluded.taken_minor",
        [
            (tender["reference"], sign * tender["amount_minor"])
            for tender in body["tenders"]
            if tender["kind"] == TenderKind.VOUCHER and tender["reference"]
        ],
    )


def is_taken(conn: sqlite3.Connection, number: str) -> bool:
    """Whether it paid here, and not all of that went back to it."""
    row = conn.execute("SELECT taken_minor FROM voucher WHERE number = ?", (number,)).fetchone()
    return row is not None and row[0] > 0
