"""What each box said of itself when it last came or went."""

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from edge.hq.tables import DEVICE_STATES
from edge.wire.messages import Birth, Will


async def keep_state(
    connection: AsyncConnection, device: str, state: Birth | Will, received_at: int
) -> None:
    """The newest word replaces the one before."""
    values = {
        "online": isinstance(state, Birth),
        "boot": state.boot,
        "said": state.model_dump_json(),
        "received_at": received_at,
    }
    replace = update(DEVICE_STATES).where(DEVICE_STATES.c.device == device).values(**values)
    if (await connection.execute(replace)).rowcount:
        return
    try:
        async with connection.begin_nested():
            await connection.execute(insert(DEVICE_STATES).values(device=device, **values))
    except IntegrityError:  # another worker was quicker
        await connection.execute(replace)
