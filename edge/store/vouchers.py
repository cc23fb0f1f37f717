"""The vouchers that were taken at this till. Another till's are in another journal."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from edge.checkout.records import TenderKind


def project(conn: sqlite3.Connection, body: Mapping[str, Any]) -> None:
    """Carry the numbers that paid a sale into the table, for good: what a refund gives back of one
    is handed out as another voucher.
    """
    conn.executemany(
        "INSERT OR IGNORE INTO voucher VALUES (?)",
        [
            (tender["reference"],)
            for tender in body["tenders"]
            if tender["kind"] == TenderKind.VOUCHER and tender["reference"]
        ],
    )


def is_taken(conn: sqlite3.Connection, number: str) -> bool:
    """Whether it paid here, also when all of it was given back since."""
    return conn.execute("SELECT 1 FROM voucher WHERE number = ?", (number,)).fetchone() is not None
