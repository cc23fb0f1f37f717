"""Trouble that somebody at headquarters has to know of: one log line and one row each."""

from enum import StrEnum
from typing import TypedDict

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edge.hq.tables import ALARMS, CURSORS

# Device ids come from certificates of our own, so only a flood of forged ones reaches this.
MAX_ALARMS = 10_000
MAX_DETAIL = 400
# What nobody can end is open for a day and a half: whoever looks once a day sees it, and a box that
# goes on with it, as with a batch that does not fit, raises it again every few minutes.
OPEN_FOR_MS = 36 * 60 * 60 * 1000


class AlarmKind(StrEnum):
    """The closed list of troubles."""

    UNREADABLE = "unreadable_message"
    BROKEN_BATCH = "broken_batch"
    FOREIGN_BATCH = "foreign_batch"
    FORK = "fork"
    UNREADABLE_SALE = "unreadable_sale"


class Alarm(TypedDict):
    """A row; times in UTC milliseconds. `quarantined` is how its device stands now, `open` whether
    somebody still has to look: at a fork until its device is released, at others for OPEN_FOR_MS.
    """

    device: str
    kind: str
    times: int
    first_at: int
    last_at: int
    detail: str
    quarantined: bool
    open: bool


async def list_alarms(engine: AsyncEngine, now: int) -> list[Alarm]:
    """Every alarm that was ever raised, by device and kind: at most MAX_ALARMS."""
    query = (
        select(ALARMS, CURSORS.c.quarantined_at.is_not(None).label("quarantined"))
        .outerjoin(CURSORS, CURSORS.c.device == ALARMS.c.device)
        .order_by(ALARMS.c.device, ALARMS.c.kind)
    )
    async with engine.connect() as connection:
        rows = (await connection.execute(query)).all()
    return [
        Alarm(
            device=row.device,
            kind=row.kind,
            times=row.times,
            first_at=row.first_at,
            last_at=row.last_at,
            detail=row.detail,
            quarantined=bool(row.quarantined),
            open=_is_open(row.kind, bool(row.quarantined), row.last_at, now),
        )
        for row in rows
    ]


def _is_open(kind: str, quarantined: bool, last_at: int, now: int) -> bool:
    if kind == AlarmKind.FORK:
        return quarantined
    return now - last_at < OPEN_FOR_MS


async def raise_alarm(
    connection: AsyncConnection, device: str, kind: AlarmKind, detail: str, at: int
) -> None:
    """Count the trouble in its row, within the caller's transaction."""
    detail = detail[:MAX_DETAIL]
    again = (
        update(ALARMS)
        .where(ALARMS.c.device == device, ALARMS.c.kind == kind.value)
        .values(times=ALARMS.c.times + 1, last_at=at, detail=detail)
    )
    if (await connection.execute(again)).rowcount:
        return
    if (await connection.scalar(select(func.count()).select_from(ALARMS)) or 0) >= MAX_ALARMS:
        return
    try:
        async with connection.begin_nested():
            await connection.execute(
                insert(ALARMS).values(
                    device=device,
                    kind=kind.value,
                    times=1,
                    first_at=at,
                    last_at=at,
                    detail=detail,
                )
            )
    except IntegrityError:  # another worker was quicker
        await connection.execute(again)
