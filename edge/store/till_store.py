"""The store as the till and the uplink see it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.inputs import SaleFound
from edge.checkout.instant import Instant
from edge.checkout.records import Entry, EntryKind, TenderKind, sale_from, tenders_from
from edge.checkout.sale.basket import Basket
from edge.checkout.sale.holding import HeldSale
from edge.checkout.shifts.shift import ShiftState
from edge.ports import Clock, Committed, JournalHead, JournalRecord, StoreState
from edge.store import (
    catalogue_cache,
    copying,
    drafts,
    effect_log,
    journal,
    opening,
    outbox,
    payments,
    shifts,
    vouchers,
)
from edge.store.catalogue_cache import Article
from edge.store.connection import OneHopConnection
from edge.store.members import MemberDesk
from edge.store.opening import Identity, Opened
from edge.store.promotion_desk import PromotionDesk, opened_promotions
from edge.store.recording import record
from edge.store.staff_desk import StaffDesk
from edge.store.writer import Writer, WriterLimits
from edge.wire.member_codes import CodeReader


class TillStore:
    """Implements SaleStore, ShiftStore, VoucherStore and OutboxStore of edge.ports over one Writer,
    which `serving` runs.
    """

    def __init__(
        self,
        writer: Writer,
        serving: asyncio.Task[None],
        identity: Identity,
        opened: Opened,
        promotions: PromotionDesk,
    ) -> None:
        self._writer = writer
        self._serving = serving
        self._identity = identity
        self._state = opened.state
        self._catalogue = opened.catalogue
        self._stock = opened.stock
        self._people = StaffDesk(writer, opened.staff)
        self._promotions = promotions

    def state(self) -> StoreState:
        """What the store held when it was opened."""
        return self._state

    async def sound(self) -> None:
        """Wait for as long as the store is open. Raises the bug that ended its writer, at once; a
        disk that failed is no bug: that, each caller hears.
        """
        await asyncio.shield(self._serving)

    def catalogue(self) -> Catalogue:
        return self._catalogue

    def stock(self) -> Mapping[str, int]:
        """Thousandths by PLU, as of the last commit."""
        return self._stock

    def promotions(self) -> PromotionDesk:
        """The promotions' side of the store: what is in force, and what was used."""
        return self._promotions

    def people(self) -> StaffDesk:
        """The people's side of the store: who is in force."""
        return self._people

    def members(self, codes: CodeReader, till: int) -> MemberDesk:
        """The members' side of the store, which implements MemberStore."""
        return MemberDesk(self._writer, codes, till)

    async def commit(
        self,
        at: Instant,
        entries: Sequence[Entry],
        *,
        ends_basket: bool,
        opens_drawer: bool,
        prints_receipt: bool,
        holds: HeldSale | None = None,
        recalls: HeldSale | None = None,
    ) -> Committed:
        def work(conn: sqlite3.Connection) -> Committed:
            end = record(conn, at, entries)
            self._promotions.count(entries, at)
            self._stock.record(entries)
            if ends_basket:
                drafts.clear(conn)
            if holds is not None:
                drafts.hold(conn, holds)
            if recalls is not None:
                drafts.recall(conn, recalls, at.utc_ms)
            return Committed(
                epoch=end.epoch,
                seq=end.seq,
                drawer_effect=effect_log.log_drawer(conn) if opens_drawer else None,
                receipt_effect=effect_log.log_receipt(conn, entries) if prints_receipt else None,
            )

        return await self._writer.submit(work)

    async def save_draft(self, basket: Basket, at: Instant) -> None:
        await self._writer.submit(lambda conn: drafts.save(conn, basket, at.utc_ms))

    async def settle_effect(self, effect_id: int, *, done: bool) -> None:
        await self._writer.submit(lambda conn: effect_log.settle(conn, effect_id, done=done))

    async def find_sale(self, receipt_no: int, at: Instant) -> SaleFound | None:
        return await self._writer.submit(lambda conn: find_sale(conn, receipt_no, at))

    async def shift_state(self) -> ShiftState:
        return await self._writer.submit(shifts.state)

    async def is_voucher_taken(self, number: str) -> bool:
        return await self._writer.submit(lambda conn: vouchers.is_taken(conn, number))

    async def journal_head(self) -> JournalHead:
        return await self._writer.submit(outbox.journal_head)

    async def unsent_records(self) -> int:
        return await self._writer.submit(outbox.unsent_records)

    async def journal_after(self, epoch: int, seq: int, limit: int) -> tuple[JournalRecord, ...]:
        return await self._writer.submit(lambda conn: outbox.journal_after(conn, epoch, seq, limit))

    async def acknowledge(self, epoch: int, through: int) -> None:
        await self._writer.submit(lambda conn: outbox.acknowledge(conn, epoch, through))

    async def replace_catalogue(
        self, articles: Sequence[Article], version: str, at: Instant
    ) -> Catalogue:
        """Put a whole catalogue in force, on record, on disk and in memory; returns it.

        Raises CatalogueRefused with the old one still in force.
        """
        # A thread of its own: the till goes on selling while the snapshot is made.
        catalogue = await asyncio.to_thread(catalogue_cache.catalogue_of, version, articles)

        def work(conn: sqlite3.Connection) -> None:
            record(conn, at, [catalogue_cache.loaded_entry(version, articles)])
            catalogue_cache.write(conn, version, articles)
            # Here, so that a caller who was cancelled leaves memory and disk alike.
            self._catalogue = catalogue

        await self._writer.submit(work)
        return catalogue

    async def open_new_epoch(
        self, at: Instant, next_receipt_no: int | None = None, next_z_no: int | None = None
    ) -> None:
        """Begin another epoch: what a store restored from a copy does before its first sale, for
        the numbers that it would give out next are used already.
        """
        await self._writer.submit(
            lambda conn: opening.open_epoch(conn, self._identity, at, next_receipt_no, next_z_no)
        )

    async def copy_to(self, target: Path) -> None:
        """Make a consistent copy of the live store. Commits wait while it is written (some 5 ms a
        megabyte, or as long as a slow card takes to read and write), not while it is synced.

        Raises OSError when it can't be written, FileExistsError when it is there.
        """
        await self._writer.submit(partial(copying.write, target=target), alone=True)
        await asyncio.to_thread(copying.publish, target)


@asynccontextmanager
async def open_store(
    path: Path,
    *,
    clock: Clock,
    device: str,
    currency: str,
    utc_offset_minutes: int = 0,
    limits: WriterLimits | None = None,
) -> AsyncIterator[TillStore]:
    """The store at `path`, made when there is none; drained, checkpointed and closed on leaving.

    Raises StoreRefused (StoreLive when somebody has it open), or StoreError when the disk fails.
    """
    identity = Identity(device, currency)
    at = clock.now()
    connector = partial(opening.connect_or_create, path, identity, at)
    async with OneHopConnection(connector) as connection:
        opened = await connection.run(lambda conn: opening.take(conn, path, identity, at))
        now_ms = max(at.utc_ms, opened.state.newest_utc_ms)
        promotions = await connection.run(
            lambda conn: opened_promotions(conn, now_ms, utc_offset_minutes)
        )
        writer = Writer(connection, limits or WriterLimits())
        desk = PromotionDesk(writer, promotions, utc_offset_minutes)
        # No TaskGroup: it would wrap whatever the body raises. This task ends here, in any case.
        serving = asyncio.create_task(writer.run(), name="store-writer")
        try:
            yield TillStore(writer, serving, identity, opened, desk)
        finally:
            writer.close()
            await _ended(serving)


async def _ended(task: asyncio.Task[None]) -> None:
    """Wait for the task's end. Who is cancelled meanwhile, however often, is cancelled after it:
    what was handed in is written first.
    """
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled


def find_sale(conn: sqlite3.Connection, receipt_no: int, at: Instant) -> SaleFound | None:
    """A past sale or refund, what was given back of each of its lines, and how."""
    row = conn.execute("SELECT position FROM sale WHERE receipt_no = ?", (receipt_no,)).fetchone()
    if row is None:
        return None
    found = journal.record_at(conn, row[0])
    refunded = conn.execute(
        "SELECT line, quantity_milli FROM refunded WHERE receipt_no = ?", (receipt_no,)
    )
    refunds = conn.execute(
        "SELECT position FROM refund_of JOIN sale ON sale.receipt_no = refund_no"
        " WHERE refund_of.receipt_no = ? ORDER BY refund_no",
        (receipt_no,),
    ).fetchall()
    sale = sale_from(EntryKind(found.kind), found.body)
    by_code = (each.reference for each in sale.tenders if each.kind is TenderKind.MOBILE)
    return SaleFound(
        at=at,
        sale=sale,
        sold_at=journal.instant_of(found),
        refunded_milli=dict(refunded.fetchall()),
        paid_back=tuple(
            tender
            for (position,) in refunds
            for tender in tenders_from(journal.record_at(conn, position).body["tenders"])
        ),
        terminals=payments.terminals_of(conn, by_code),
    )
