"""How each box said last that it is, and what of it somebody has to look at."""

from typing import TypedDict

from pydantic import ValidationError
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from edge.hq.tables import DEVICE_HEALTH, DEVICE_STATES
from edge.wire.findings import findings
from edge.wire.messages import Health, health_reader

UNREADABLE = "what it said of itself can't be read"


class BoxHealth(TypedDict):
    """A box. `health` is what it said, None when it never did or nobody can read it; `received_at`
    when, in UTC milliseconds, 0 for never; `findings` what is the matter, in words.
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
    said = select(
        DEVICE_STATES.c.device,
        DEVICE_STATES.c.online,
        DEVICE_HEALTH.c.said,
        DEVICE_HEALTH.c.received_at,
    ).outerjoin_from(DEVICE_STATES, DEVICE_HEALTH, DEVICE_STATES.c.device == DEVICE_HEALTH.c.device)
    async with engine.connect() as connection:
        rows = (await connection.execute(said.order_by(DEVICE_STATES.c.device))).all()
    return [_box(*row) for row in rows]


def _box(device: str, online: bool, said: str | None, received_at: int | None) -> BoxHealth:
    box = BoxHealth(
        device=device, online=online, received_at=received_at or 0, findings=[], health=None
    )
    if said is None:
        return box
    try:
        health = health_reader().validate_json(said)
    except ValidationError:  # what another version took in
        return {**box, "findings": [UNREADABLE]}
    return {**box, "findings": findings(health), "health": health.model_dump(mode="json")}
