"""Trouble that somebody at headquarters has to know of: one log line and one row each."""

from enum import StrEnum

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from edge.hq.tables import ALARMS

# Device ids come from certificates of our own, so only a flood of forged ones reaches this.
MAX_ALARMS = 10_000
MAX_DETAIL = 400


class AlarmKind(StrEnum):
    """The closed list of troubles."""

    UNREADABLE = "unreadable_message"
    BROKEN_BATCH = "broken_batch"
    FOREIGN_BATCH = "foreign_batch"
    FORK = "fork"
    UNREADABLE_SALE = "unreadable_sale"


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
