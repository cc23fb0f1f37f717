"""Accounts as the journal leaves them: what this till holds, lot by lot, and what moved it."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from edge.checkout.balances.account_records import movement_from
from edge.checkout.balances.accounts import Account, AccountKind, AccountRef, Lot, Movement, moved
from edge.checkout.records import EntryKind
from edge.store import journal

# What stands on a screen of a member's accounts, several times over: coupons come in numbers.
LISTED_ACCOUNTS: Final = 64

_TOTALS: Final[Mapping[EntryKind, str]] = {
    EntryKind.LEASE_GRANTED: "granted",
    EntryKind.LEASE_RELEASED: "released",
    EntryKind.ACCOUNT_CREDITED: "credited",
    EntryKind.ACCOUNT_REDEEMED: "redeemed",
    EntryKind.ACCOUNT_REVERSED: "reversed",
    EntryKind.ACCOUNT_TAKEN_BACK: "taken_back",
    EntryKind.ACCOUNT_EXPIRED: "expired",
}

# What undoes what: no more of it than there was, receipt by receipt.
_UNDOES: Final[Mapping[EntryKind, EntryKind]] = {
    EntryKind.ACCOUNT_REVERSED: EntryKind.ACCOUNT_REDEEMED,
    EntryKind.ACCOUNT_TAKEN_BACK: EntryKind.ACCOUNT_CREDITED,
}


def load(conn: sqlite3.Connection, account_id: str) -> Account | None:
    """What this till holds of an account; None for one that it never had anything of."""
    row = conn.execute(
        "SELECT kind, holder, owner, terms, debt FROM account WHERE account = ?", (account_id,)
    ).fetchone()
    if row is None:
        return None
    kind, holder, owner, terms, debt = row
    lots = conn.execute(
        "SELECT expires_on, amount FROM account_lot WHERE account = ? ORDER BY expires_on",
        (account_id,),
    ).fetchall()
    return Account(
        AccountRef(AccountKind(kind), holder, owner, terms),
        tuple(Lot(date.fromisoformat(day), amount) for day, amount in lots),
        debt,
    )


def of_owner(conn: sqlite3.Connection, owner: str) -> tuple[Account, ...]:
    """A member's accounts that hold or owe something, points and stored value first; at most
    LISTED_ACCOUNTS.
    """
    ids = conn.execute(
        "SELECT account FROM account WHERE owner = ? AND owner <> ''"
        " AND (debt > 0 OR account IN (SELECT account FROM account_lot))"
        " ORDER BY kind NOT IN ('points', 'stored_value'), account LIMIT ?",
        (owner, LISTED_ACCOUNTS),
    ).fetchall()
    return tuple(account for (each,) in ids if (account := load(conn, each)) is not None)


def of_receipt(conn: sqlite3.Connection, receipt_no: int) -> tuple[Movement, ...]:
    """All movements of a sale and of its refunds, in order."""
    positions = conn.execute(
        "SELECT position FROM account_movement WHERE for_receipt_no = ? AND for_receipt_no > 0"
        " ORDER BY position",
        (receipt_no,),
    ).fetchall()
    records = [journal.record_at(conn, position) for (position,) in positions]
    return tuple(movement_from(EntryKind(record.kind), record.body) for record in records)


def expired_of(conn: sqlite3.Connection, account_ids: Sequence[str]) -> frozenset[str]:
    """Those of the accounts of which something was written off at its end."""
    found = (
        conn.execute(
            "SELECT account FROM account WHERE account = ? AND expired > 0", (each,)
        ).fetchone()
        for each in account_ids
    )
    return frozenset(row[0] for row in found if row is not None)


def past_their_day(conn: sqlite3.Connection, today: date, limit: int) -> tuple[Account, ...]:
    """At most `limit` accounts with something that has expired."""
    ids = conn.execute(
        "SELECT DISTINCT account FROM account_lot WHERE expires_on < ? LIMIT ?",
        (today.isoformat(), limit),
    ).fetchall()
    return tuple(account for (each,) in ids if (account := load(conn, each)) is not None)


def known_leases(conn: sqlite3.Connection, leases: Sequence[str]) -> frozenset[str]:
    """Those of the leases that were granted already."""
    found = (
        conn.execute("SELECT lease FROM lease WHERE lease = ?", (lease,)).fetchone()
        for lease in leases
    )
    return frozenset(row[0] for row in found if row is not None)


def project_movement(
    conn: sqlite3.Connection, position: int, kind: str, body: Mapping[str, Any]
) -> None:
    """Carry a movement into the tables. Asserts what `moved` does, that its receipt is there, and
    that no receipt gives back more than it took.
    """
    movement = movement_from(EntryKind(kind), body)
    ref, cause = movement.ref, movement.cause
    assert cause.receipt_no <= _newest_receipt(conn), "a movement of a receipt that is not there"
    before = load(conn, ref.id)
    if before is None:
        before = Account(ref)
        conn.execute(
            "INSERT INTO account (account, kind, holder, owner, terms) VALUES (?, ?, ?, ?, ?)",
            (ref.id, ref.kind.value, ref.holder, ref.owner, ref.terms),
        )
    after = moved(before, movement)
    total = _TOTALS[movement.kind]
    conn.execute(
        f"UPDATE account SET {total} = {total} + ?, debt = ? WHERE account = ?",  # noqa: S608 - ours
        (movement.amount, after.debt, ref.id),
    )
    _write_lots(conn, after, movement)
    for_receipt_no = cause.of_receipt_no or cause.receipt_no
    conn.execute(
        "INSERT INTO account_movement VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(position, ref.id, movement.kind.value, cause.reason, movement.amount),
            *(cause.receipt_no, for_receipt_no),
        ),
    )
    if movement.kind in _UNDOES and cause.of_receipt_no:
        _check_undone(conn, ref.id, movement.kind, cause.of_receipt_no)
    _write_lease(conn, movement)


def lapse(conn: sqlite3.Connection) -> None:
    """Nothing is left to redeem: a new epoch begins with the leases that are granted for it. What
    the lost part of a restored journal redeemed can't be redeemed again.
    """
    conn.execute(
        "UPDATE account SET lapsed = lapsed + (SELECT coalesce(sum(amount), 0)"
        " FROM account_lot WHERE account_lot.account = account.account)"
    )
    conn.execute("DELETE FROM account_lot")


def _newest_receipt(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT coalesce(max(receipt_no), 0) FROM sale").fetchone()[0])


def _write_lots(conn: sqlite3.Connection, after: Account, movement: Movement) -> None:
    left = {lot.expires_on: lot.amount for lot in after.lots}
    for lot in movement.lots:
        day, amount = lot.expires_on.isoformat(), left.get(lot.expires_on, 0)
        if amount:
            conn.execute(
                "INSERT INTO account_lot VALUES (?, ?, ?)"
                " ON CONFLICT (account, expires_on) DO UPDATE SET amount = excluded.amount",
                (after.ref.id, day, amount),
            )
        else:
            conn.execute(
                "DELETE FROM account_lot WHERE account = ? AND expires_on = ?", (after.ref.id, day)
            )


def _check_undone(
    conn: sqlite3.Connection, account_id: str, kind: EntryKind, receipt_no: int
) -> None:
    sums = dict(
        conn.execute(
            "SELECT kind, sum(amount) FROM account_movement"
            " WHERE for_receipt_no = ? AND for_receipt_no > 0 AND account = ? GROUP BY kind",
            (receipt_no, account_id),
        ).fetchall()
    )
    assert sums[kind.value] <= sums.get(_UNDOES[kind].value, 0), "more undone than was done"


def _write_lease(conn: sqlite3.Connection, movement: Movement) -> None:
    if movement.kind is EntryKind.LEASE_GRANTED:
        conn.execute(
            "INSERT INTO lease VALUES (?, ?, ?, 0)",
            (movement.lease, movement.ref.id, movement.amount),
        )
    elif movement.kind is EntryKind.LEASE_RELEASED:
        changed = conn.execute(
            "UPDATE lease SET released = released + ? WHERE lease = ? AND account = ?",
            (movement.amount, movement.lease, movement.ref.id),
        ).rowcount
        assert changed == 1, "a release of no lease of this account"
