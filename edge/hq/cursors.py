"""How far headquarters has each device's journal, and which devices are in quarantine."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edge.hq.tables import CURSORS
from edge.wire.messages import Ack, Nack, Quarantine


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last record that is here; `(0, 0, "")` is none. `fork` is the place of contention of a
    device in quarantine.
    """

    epoch: int
    through: int
    hash: str
    fork: tuple[int, int] | None

    @property
    def place(self) -> tuple[int, int]:
        return self.epoch, self.through


EMPTY = Cursor(0, 0, "", None)


async def lock_cursor(connection: AsyncConnection, device: str) -> Cursor:
    """The device's cursor, which nobody else moves until the transaction ends.

    The lock is an update that changes nothing: it takes the row in PostgreSQL and the database in
    SQLite, which has no SELECT FOR UPDATE, before anything is read.
    """
    lock = update(CURSORS).where(CURSORS.c.device == device).values(device=device)
    if not (await connection.execute(lock)).rowcount:
        try:
            async with connection.begin_nested():
                await connection.execute(
                    insert(CURSORS).values(device=device, epoch=0, through=0, hash="")
                )
        except IntegrityError:  # another worker was quicker; wait for it
            await connection.execute(lock)
    return await read_cursor(connection, device)


async def read_cursor(connection: AsyncConnection, device: str) -> Cursor:
    """EMPTY for a device that never sent anything."""
    found = await connection.execute(select(CURSORS).where(CURSORS.c.device == device))
    row = found.one_or_none()
    if row is None:
        return EMPTY
    fork = (row.fork_epoch, row.fork_seq) if row.quarantined_at is not None else None
    return Cursor(row.epoch, row.through, row.hash, fork)


async def move_cursor(
    connection: AsyncConnection, device: str, epoch: int, through: int, record_hash: str
) -> None:
    await connection.execute(
        update(CURSORS)
        .where(CURSORS.c.device == device)
        .values(epoch=epoch, through=through, hash=record_hash)
    )


async def quarantine(
    connection: AsyncConnection, device: str, fork: tuple[int, int], at: int
) -> None:
    epoch, seq = fork
    await connection.execute(
        update(CURSORS)
        .where(CURSORS.c.device == device)
        .values(quarantined_at=at, fork_epoch=epoch, fork_seq=seq)
    )


async def release_device(engine: AsyncEngine, device: str) -> bool:
    """Take the device's batches again; the box asks for it every few minutes. True when it was in
    quarantine.
    """
    async with engine.begin() as connection:
        released = await connection.execute(
            update(CURSORS)
            .where(CURSORS.c.device == device, CURSORS.c.quarantined_at.is_not(None))
            .values(quarantined_at=None, fork_epoch=None, fork_seq=None)
        )
        return released.rowcount > 0


def ack(cursor: Cursor) -> Ack:
    return Ack(epoch=cursor.epoch, through=cursor.through, hash=cursor.hash)


def nack(cursor: Cursor) -> Nack:
    return Nack(epoch=cursor.epoch, through=cursor.through, hash=cursor.hash)


def quarantine_notice(cursor: Cursor, fork: tuple[int, int]) -> Quarantine:
    epoch, seq = fork
    return Quarantine(
        epoch=cursor.epoch,
        through=cursor.through,
        hash=cursor.hash,
        fork_epoch=epoch,
        fork_seq=seq,
    )
