"""How each box said last that it is, and what of it somebody has to look at."""

from typing import TypedDict

from pydantic import ValidationError
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edge.hq.tables import CURSORS, DEVICE_HEALTH, DEVICE_STATES
from edge.wire.findings import findings, written
from edge.wire.messages import Health, health_reader

UNREADABLE = "what it said of itself can't be read"
IN_QUARANTINE = "in quarantine"


class BoxHealth(TypedDict):
    """A box. `health` is what it said, None when it never did or nobody can read it; `received_at`
    when, in UTC milliseconds, 0 for never; `findings` what is the matter, in words, with what
    headquarters itself knows in front.
    """

    device: str
    online: bool
    received_at: int
    findings: list[str]
    health: dict[str, object] | None


async def keep_health(
    connection: AsyncConnection, device: str, health: Health, received_at: int
) -> None:
    """The newest word replaces the one before."""
    values = {"said": health.model_dump_json(), "received_at": received_at}
    replace = update(DEVICE_HEALTH).where(DEVICE_HEALTH.c.device == device).values(**values)
    if (await connection.execute(replace)).rowcount:
        return
    try:
        async with connection.begin_nested():
            await connection.execute(insert(DEVICE_HEALTH).values(device=device, **values))
    except IntegrityError:  # another worker was quicker
        await connection.execute(replace)


async def fleet_health(engine: AsyncEngine) -> list[BoxHealth]:
    """Every box that ever said that it is there, by its name."""
    device = DEVICE_STATES.c.device
    said = (
        select(
            device,
            DEVICE_STATES.c.online,
            CURSORS.c.quarantined_at,
            DEVICE_HEALTH.c.said,
            DEVICE_HEALTH.c.received_at,
        )
        .outerjoin_from(DEVICE_STATES, DEVICE_HEALTH, device == DEVICE_HEALTH.c.device)
        .outerjoin(CURSORS, device == CURSORS.c.device)
    )
    async with engine.connect() as connection:
        rows = (await connection.execute(said.order_by(device))).all()
    return [_box(*row) for row in rows]


def _box(
    device: str,
    online: bool,
    quarantined_at: int | None,
    said: str | None,
    received_at: int | None,
) -> BoxHealth:
    known = [f"{IN_QUARANTINE} since {written(quarantined_at)}"] if quarantined_at else []
    box = BoxHealth(
        device=device, online=online, received_at=received_at or 0, findings=known, health=None
    )
    if said is None:
        return box
    try:
        health = health_reader().validate_json(said)
    except ValidationError:  # what another version took in
        return {**box, "findings": [*known, UNREADABLE]}
    found = [*known, *findings(health)]
    return {**box, "findings": found, "health": health.model_dump(mode="json")}
