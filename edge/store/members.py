"""The members' side of the store, as the till sees it."""

import secrets
import sqlite3
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from edge.checkout.balances.account_records import movement_entry
from edge.checkout.balances.accounts import Account, expire, grant
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.loyalty.member_numbers import COUPON_SALTS
from edge.checkout.loyalty.members import (
    ByNumber,
    ByToken,
    Member,
    MemberAnswer,
    MemberQuery,
    MemberRefusal,
    MemberRefused,
)
from edge.checkout.records import Entry, EntryKind, JsonObject
from edge.ports import CouponSeed, ReceiptLoyalty
from edge.store import accounts, journal, member_file, member_rows
from edge.store.lease_file import LeasesRefused, check_leases
from edge.store.member_file import ImportedMember
from edge.store.member_labels import MemberLabels, labels_in_store
from edge.store.recording import record
from edge.store.writer import Writer
from edge.wire.leases import Lease
from edge.wire.member_codes import CodeReader, MemberCode

# A till meets some 2,000 members a day, and their codes are good for minutes: days' worth. When it
# is full all the same, the codes that expire first are forgotten.
KEPT_NONCES: Final = 20_000

# Accounts written off in one transaction: some 100 ms, so that a sale never waits long.
EXPIRED_AT_ONCE: Final = 500


class MemberDesk:
    """Implements MemberStore of edge.ports over the store's one writer. `till` is the till's number
    among the shop's, 0 to 999: members' cards and coupons begin with it.
    """

    def __init__(self, writer: Writer, codes: CodeReader, till: int) -> None:
        self._writer = writer
        self._codes = codes
        self._till = till

    async def find_member(self, query: MemberQuery, at: Instant) -> MemberAnswer:
        if not isinstance(query, ByToken):
            return await self._writer.submit(partial(member_rows.find, query=query))
        code = self._codes.member(query.text, at)
        if isinstance(code, MemberRefusal):
            return MemberRefused(code)
        return await self._writer.submit(lambda conn: _show(conn, code, at))

    async def member(self, number: str) -> Member | None:
        return await self._writer.submit(partial(member_rows.load, number=number))

    async def account(self, account_id: str) -> Account | None:
        return await self._writer.submit(partial(accounts.load, account_id=account_id))

    async def accounts(self, account_ids: Sequence[str]) -> tuple[Account, ...]:
        def load(conn: sqlite3.Connection) -> tuple[Account, ...]:
            found = (accounts.load(conn, each) for each in account_ids)
            return tuple(account for account in found if account is not None)

        return await self._writer.submit(load)

    def coupon_name(self, text: str, at: Instant) -> str | MemberRefusal:
        ticket = self._codes.coupon(text, at)
        return ticket if isinstance(ticket, MemberRefusal) else ticket.name

    async def receipt_loyalty(self, receipt_no: int) -> ReceiptLoyalty:
        return await self._writer.submit(lambda conn: _loyalty_of(conn, receipt_no))

    async def next_card(self) -> int:
        return await self._writer.submit(partial(member_rows.next_card, till=self._till))

    async def next_coupon(self) -> CouponSeed:
        counter = await self._writer.submit(partial(member_rows.next_coupon, till=self._till))
        return CouponSeed(counter, secrets.randbelow(COUPON_SALTS))

    async def expire(self, today: date, at: Instant) -> int:
        """Write off what is past its last day; returns the number of accounts, at most
        EXPIRED_AT_ONCE: ask again until it is 0. `today` comes from a trusted clock.
        """
        return await self._writer.submit(lambda conn: _expire(conn, today, at))

    async def take_leases(
        self, path: Path, leases: Sequence[tuple[int, Lease]], device: str, at: Instant
    ) -> int:
        """Put the leases of a file (`lease_file.read_leases`) on record; those that were granted
        already are skipped. Returns how many were new.

        Raises LeasesRefused with none of them taken.
        """
        return await self._writer.submit(lambda conn: _take(conn, path, leases, device, at))

    async def load_members(
        self, members: Sequence[ImportedMember], version: str, at: Instant
    ) -> None:
        """Put headquarters' members in place of those before, and on them what this till changed
        since: of each member the higher revision holds.
        """

        def work(conn: sqlite3.Connection) -> None:
            body: JsonObject = {"version": version, "members": len(members)}
            record(conn, at, [Entry(EntryKind.MEMBERS_LOADED, body)])
            member_file.write(conn, members)
            conn.execute("INSERT OR REPLACE INTO member_list VALUES (1, ?)", (version,))

        await self._writer.submit(work)

    async def labels(self) -> MemberLabels:
        """The tiers and segments of all members."""
        return await self._writer.submit(labels_in_store)

    async def members_version(self) -> str:
        """The version of headquarters' members that is in force, empty where none ever was."""
        return await self._writer.submit(_members_version)


def _show(conn: sqlite3.Connection, code: MemberCode, at: Instant) -> MemberAnswer:
    """The member of a signed code, which is good once."""
    if at.quality is not ClockQuality.UNSET:
        conn.execute("DELETE FROM shown_code WHERE expires_s * 1000 <= ?", (at.utc_ms,))
    is_new = conn.execute(
        "INSERT OR IGNORE INTO shown_code VALUES (?, ?)",
        (f"{code.number}.{code.nonce}", code.expires_s),
    ).rowcount
    if not is_new:
        return MemberRefused(MemberRefusal.REPLAYED, code.number)
    conn.execute(
        "DELETE FROM shown_code WHERE nonce IN (SELECT nonce FROM shown_code"
        " ORDER BY expires_s DESC LIMIT -1 OFFSET ?)",
        (KEPT_NONCES,),
    )
    return member_rows.find(conn, ByNumber(code.number))


def _members_version(conn: sqlite3.Connection) -> str:
    row = conn.execute("SELECT version FROM member_list").fetchone()
    return str(row[0]) if row is not None else ""


def _loyalty_of(conn: sqlite3.Connection, receipt_no: int) -> ReceiptLoyalty:
    movements = accounts.of_receipt(conn, receipt_no)
    ids = dict.fromkeys(movement.ref.id for movement in movements)
    found = (accounts.load(conn, account_id) for account_id in ids)
    return ReceiptLoyalty(
        member=member_rows.member_of_receipt(conn, receipt_no),
        movements=movements,
        accounts=tuple(account for account in found if account is not None),
        expired=accounts.expired_of(conn, tuple(ids)),
    )


def _expire(conn: sqlite3.Connection, today: date, at: Instant) -> int:
    past = accounts.past_their_day(conn, today, EXPIRED_AT_ONCE)
    movements = [movement for account in past if (movement := expire(account, today)) is not None]
    if movements:
        record(conn, at, [movement_entry(movement) for movement in movements])
    return len(movements)


def _take(
    conn: sqlite3.Connection,
    path: Path,
    leases: Sequence[tuple[int, Lease]],
    device: str,
    at: Instant,
) -> int:
    known = accounts.known_leases(conn, [lease.lease for _, lease in leases])
    new = [(row, lease) for row, lease in leases if lease.lease not in known]
    errors = check_leases(conn, new, device, journal.head(conn).epoch)
    if errors:
        raise LeasesRefused("\n".join(f"{path}: {error}" for error in errors))
    for _, lease in new:
        account = accounts.load(conn, lease.ref.id) or Account(lease.ref)
        movement = grant(account, lease.lease, lease.amount, lease.expires_on)
        record(conn, at, [movement_entry(movement)])
    return len(new)
