"""From a path to a store in use: made, claimed, checked, brought up to date."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.instant import Instant
from edge.checkout.people.staff import Staff
from edge.checkout.records import Entry, EntryKind
from edge.ports import StoreRefused, StoreState
from edge.store import catalogue_cache, drafts, effect_log, journal, payments, projections, shifts
from edge.store.connection import (
    APPLICATION_ID,
    claim,
    connect,
    explained,
    make_durable,
)
from edge.store.copying import sync
from edge.store.migrate import migrate, migrations
from edge.store.staff_list import load_staff
from edge.store.staff_rows import load_duty
from edge.store.stock import StockLevels, load_stock

# The records whose hashes are checked at every start: the last hour of a busy till. The whole
# chain is `edge journal verify`'s, which takes a second for every 20,000.
CHECKED_TAIL: Final = 100


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose store it is."""

    device: str
    currency: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a store held when it was opened."""

    state: StoreState
    catalogue: Catalogue
    staff: Staff
    stock: StockLevels


def connect_or_create(path: Path, identity: Identity, at: Instant) -> sqlite3.Connection:
    """A connection to the store at `path`, which is made first when there is none.

    Raises StoreRefused or StoreError.
    """
    try:
        if not path.exists():
            _create(path, identity, at)
        return connect(path)
    except sqlite3.Error as error:
        raise explained(path, error) from error


def take(conn: sqlite3.Connection, path: Path, identity: Identity, at: Instant) -> Opened:
    """Claim the store, check it, and settle what a crash left open. Raises StoreRefused or
    StoreError.
    """
    steps = migrations()
    version = claim(conn, path, newest=len(steps))
    try:
        _check(conn, path, identity, version)
        make_durable(conn, path)
        migrate(conn, steps, at.utc_ms)
        conn.execute("BEGIN IMMEDIATE")
        shifts.catch_up(conn)
        effect_log.abandon_pulses(conn)
        effect_log.abandon_old_receipts(conn)
        effect_log.forget_settled(conn)
        conn.execute("COMMIT")
        return Opened(_state(conn), catalogue_cache.load(conn), load_staff(conn), load_stock(conn))
    except sqlite3.Error as error:
        raise explained(path, error) from error


def open_epoch(
    conn: sqlite3.Connection,
    identity: Identity,
    at: Instant,
    next_receipt_no: int | None,
    next_z_no: int | None = None,
) -> journal.Head:
    """Begin the next epoch, with a store id of its own; returns its first record's place.

    `next_receipt_no` and `next_z_no` skip the numbers that the lost part of a restored store may
    have used.
    """
    last = journal.head(conn)
    body_no = projections.next_receipt_no(conn) if next_receipt_no is None else next_receipt_no
    entry = Entry(
        EntryKind.EPOCH_OPENED,
        {
            "device": identity.device,
            "currency": identity.currency,
            "store_id": uuid4().hex,
            "of_epoch": last.epoch,
            "of_seq": last.seq,
            "next_receipt_no": body_no,
            **({} if next_z_no is None else {"next_z_no": next_z_no}),
        },
    )
    opened = journal.append_epoch(conn, last, at, entry)
    projections.project(conn, opened.position, entry.kind, entry.body)
    return opened


def _create(path: Path, identity: Identity, at: Instant) -> None:
    """A new store, beside `path` until it is whole: a file at `path` always has its first record,
    so an empty one is a loss and not a beginning.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        # SQLite would carry it into the new store.
        raise StoreRefused(path, f"the file is missing, but not its write-ahead log {log.name}")
    unborn = path.with_name(f"{path.name}.new")
    conn = connect(unborn, mode="rwc")
    try:
        conn.execute("PRAGMA locking_mode=EXCLUSIVE")
        # Before the WAL: the mark stands in the file itself from its first page on.
        conn.execute(f"PRAGMA application_id={APPLICATION_ID:d}")
        make_durable(conn, unborn)
        migrate(conn, migrations(), at.utc_ms)
        # A process that died here left the record already.
        if journal.head(conn) == journal.EMPTY:
            conn.execute("BEGIN IMMEDIATE")
            open_epoch(conn, identity, at, None)
            conn.execute("COMMIT")
    finally:
        conn.close()
    unborn.rename(path)
    sync(path.parent)


def _state(conn: sqlite3.Connection) -> StoreState:
    (newest_utc_ms,) = conn.execute(
        "SELECT at FROM journal ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return StoreState(
        next_receipt_no=projections.next_receipt_no(conn),
        draft=drafts.load(conn),
        pending_receipts=effect_log.pending_receipts(conn),
        newest_utc_ms=newest_utc_ms,
        duty=load_duty(conn),
        held=drafts.held_sales(conn),
        payments=payments.load(conn),
        shift_no=shifts.open_shift_no(conn),
    )


def _check(conn: sqlite3.Connection, path: Path, identity: Identity, version: int) -> None:
    """Before anything is changed, so this reads the store as any older schema left it."""
    if version == 0:
        raise StoreRefused(path, "a store without a journal")
    last = journal.head(conn)
    if last == journal.EMPTY:
        raise StoreRefused(path, "a store without its first record")
    device, currency = conn.execute(
        "SELECT device, currency FROM epoch ORDER BY epoch DESC LIMIT 1"
    ).fetchone()
    if device != identity.device:
        raise StoreRefused(path, f"store of {device}, not of {identity.device}")
    if currency != identity.currency:
        raise StoreRefused(path, f"store in {currency}, not in {identity.currency}")
    start = journal.head_at(conn, max(0, last.position - CHECKED_TAIL))
    _, fault = journal.sound_end(conn, start)
    if fault is not None:
        raise StoreRefused(path, f"corrupt: {fault}")
