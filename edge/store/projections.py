"""Everything that can be worked out from the journal: sales, stock, the drawer, refunds, epochs."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from edge.checkout.balances.accounts import MOVES
from edge.checkout.paper.slip import SLIP_NUMBERS, Slip
from edge.checkout.records import EntryKind
from edge.checkout.shifts.shift_totals import cash_minor
from edge.store import accounts, member_rows, payments, promotion_uses, shifts, stock, vouchers
from edge.store.staff_rows import STAFF_PROJECTIONS

# The tables that hold nothing else than what the journal says, with the key they are read by.
TABLES: Final[Mapping[str, str]] = {
    "epoch": "epoch",
    "slip": "kind, number",
    "sale": "receipt_no",
    "stock": "plu",
    "drawer": "cause",
    "refunded": "receipt_no, line",
    "refund_of": "refund_no",
    "account": "account",
    "account_lot": "account, expires_on",
    "account_movement": "position",
    "lease": "lease",
    "member_change": "number",
    "issued_card": "card",
    "member_receipt": "receipt_no",
    "member_trade": "number",
    "promotion_use": "promotion",
    "promotion_receipt": "receipt_no, promotion",
    "pin_try": "staff",
    "attendance": "staff",
    "shift": "z_no",
    "shift_total": "figure, name",
    "payment": "intent",
    "payment_refund": "refund",
    "voucher": "number",
}

Body: TypeAlias = Mapping[str, Any]
Projection: TypeAlias = Callable[[sqlite3.Connection, int, str, Body], None]


def project(conn: sqlite3.Connection, position: int, kind: str, body: Body) -> None:
    """Carry the record at `position` into the tables. Asserts what the core promises: receipt
    numbers without a gap, refunds of lines that were sold, Z reports of all that they cover.
    """
    if kind in SLIP_NUMBERS:
        number = Slip(EntryKind(kind), dict(body)).number
        # A card may be printed again. What is made once, its own table sees to.
        conn.execute("INSERT OR REPLACE INTO slip VALUES (?, ?, ?)", (kind, number, position))
    projection = _PROJECTIONS.get(kind)
    if projection is not None:
        projection(conn, position, kind, body)
    shifts.project(conn, position, kind, body)


def next_receipt_no(conn: sqlite3.Connection) -> int:
    """The number of the next sale or refund."""
    row = conn.execute(
        "SELECT max((SELECT coalesce(max(receipt_no), 0) + 1 FROM sale),"
        " (SELECT coalesce(max(next_receipt_no), 1) FROM epoch))"
    ).fetchone()
    return int(row[0])


def _open_epoch(conn: sqlite3.Connection, position: int, _kind: str, body: Body) -> None:
    assert body["next_receipt_no"] >= next_receipt_no(conn), "receipt numbers can't go back"
    conn.execute(
        "INSERT INTO epoch SELECT epoch, position, ?, ?, ?, ? FROM journal WHERE position = ?",
        (body["device"], body["currency"], body["store_id"], body["next_receipt_no"], position),
    )
    accounts.lapse(conn)
    payments.lapse(conn)


def _sell(conn: sqlite3.Connection, position: int, kind: str, body: Body) -> None:
    _number(conn, position, kind, body)
    stock.project(conn, position, kind, body)
    _move_cash(conn, kind, cash_minor(body))
    promotion_uses.project_uses(conn, position, body)
    payments.use(conn, body)
    vouchers.project(conn, body)


def _refund(conn: sqlite3.Connection, position: int, kind: str, body: Body) -> None:
    _number(conn, position, kind, body)
    stock.project(conn, position, kind, body)
    _move_cash(conn, kind, -cash_minor(body))
    of_receipt_no = body["of_receipt_no"]
    if of_receipt_no:
        conn.execute("INSERT INTO refund_of VALUES (?, ?)", (body["receipt_no"], of_receipt_no))
        conn.executemany(
            "INSERT INTO refunded VALUES (?, ?, ?) ON CONFLICT (receipt_no, line)"
            " DO UPDATE SET quantity_milli = quantity_milli + excluded.quantity_milli",
            [
                (of_receipt_no, line["of_line"], line["quantity_milli"])
                for line in body["lines"]
                if line["of_line"]
            ],
        )


def _number(conn: sqlite3.Connection, position: int, kind: str, body: Body) -> None:
    expected = next_receipt_no(conn)
    receipt_no = body["receipt_no"]
    assert receipt_no == expected, f"receipt {receipt_no} where {expected} comes next"
    conn.execute(
        "INSERT INTO sale VALUES (?, ?, ?, ?, ?)",
        (receipt_no, position, kind, body["total_minor"], body["rounding_minor"]),
    )


def _move_cash(conn: sqlite3.Connection, cause: str, amount_minor: int) -> None:
    if amount_minor == 0:
        return
    conn.execute(
        "INSERT INTO drawer VALUES (?, 1, ?) ON CONFLICT (cause) DO UPDATE"
        " SET movements = movements + 1, amount_minor = amount_minor + excluded.amount_minor",
        (cause, amount_minor),
    )


def _pay_in(conn: sqlite3.Connection, _position: int, kind: str, body: Body) -> None:
    _move_cash(conn, kind, body["amount_minor"])


def _pay_out(conn: sqlite3.Connection, _position: int, kind: str, body: Body) -> None:
    _move_cash(conn, kind, -body["amount_minor"])


_PROJECTIONS: Final[Mapping[str, Projection]] = {
    EntryKind.EPOCH_OPENED: _open_epoch,
    EntryKind.SALE: _sell,
    EntryKind.REFUND: _refund,
    EntryKind.STOCK_ADJUSTED: stock.project,
    EntryKind.STOCK_COUNTED: stock.project,
    EntryKind.CASH_PAID_IN: _pay_in,
    EntryKind.CASH_PAID_OUT: _pay_out,
    **dict.fromkeys(MOVES, accounts.project_movement),
    **STAFF_PROJECTIONS,
    **payments.PROJECTIONS,
    EntryKind.MEMBER_ENROLLED: member_rows.project_member,
    EntryKind.MEMBER_UPDATED: member_rows.project_member,
    EntryKind.MEMBER_BLOCKED: member_rows.project_member,
    EntryKind.MEMBER_CARD_REPLACED: member_rows.project_member,
    EntryKind.MEMBER_BOUGHT: member_rows.project_bought,
    EntryKind.MEMBER_RETURNED: member_rows.project_returned,
}
