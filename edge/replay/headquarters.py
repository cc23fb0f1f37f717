"""An own headquarters behind an own broker, for as long as a replay takes."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from edge.hq.database import open_database
from edge.hq.ingest_service import HqIngest
from edge.hq.reports import NO_FIGURES, DeviceFigures, sales_report
from edge.hq.settings import IngestSettings
from edge.ports import JournalHead, OutboxStore
from edge.replay.refused import ReplayRefused
from edge.replay.shop import DEVICE

NAME = "replay-hq"
# A broker on loopback answers in a millisecond; a loaded machine takes its time.
CONNECT_LIMIT_S = 10
# A broker that is started again takes a second or two; a minute without a word is a loss.
STALLED_AFTER_S = 60
LOOK_EVERY_S = 0.1


def broker_address(text: str) -> tuple[str, int]:
    """`HOST:PORT` as both. Raises ReplayRefused."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ReplayRefused(f"--uplink {text}: is not HOST:PORT")
    return host.strip("[]"), int(port)


class Headquarters:
    """What it has of the replayed till."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def figures(self) -> DeviceFigures:
        """What its own report says of the till."""
        return (await sales_report(self._engine))["devices"].get(DEVICE, NO_FIGURES)


@asynccontextmanager
async def own_headquarters(broker: tuple[str, int], directory: Path) -> AsyncIterator[Headquarters]:
    """Takes journals in from the broker into a database in `directory`. Raises ReplayRefused when
    the broker can't be reached.
    """
    host, port = broker
    await _check_reachable(host, port)
    settings = IngestSettings(
        host=host, port=port, name=NAME, reconnect_base_ms=50, reconnect_cap_ms=1_000
    )
    async with open_database(f"sqlite:///{directory / 'hq.db'}") as engine:
        ingest = HqIngest(settings, engine)
        serving = asyncio.create_task(ingest.run(), name="headquarters")
        try:
            await _ready(ingest, serving, f"{host}:{port}")
            yield Headquarters(engine)
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


async def delivered(store: OutboxStore, progress: Callable[[int, int], None]) -> None:
    """Return when headquarters acknowledged all of the journal; `progress` gets records of records.
    Raises ReplayRefused when nothing more comes for a minute.
    """
    head = await store.journal_head()
    while (head.acked_epoch, head.acked_through) != (head.epoch, head.last_seq):
        head = await _moved(store, head)
        progress(head.acked_through, head.last_seq)


async def _moved(store: OutboxStore, before: JournalHead) -> JournalHead:
    head = before
    try:
        async with asyncio.timeout(STALLED_AFTER_S):
            while head == before:
                await asyncio.sleep(LOOK_EVERY_S)
                head = await store.journal_head()
    except TimeoutError:
        raise ReplayRefused(
            f"headquarters has {before.acked_through} of {before.last_seq} records, and nothing"
            f" more came in {STALLED_AFTER_S} seconds"
        ) from None
    return head


async def _check_reachable(host: str, port: int) -> None:
    try:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            _, writer = await asyncio.open_connection(host, port)
    except UnicodeError:
        raise ReplayRefused(f"no broker at {host}:{port}: not a host's name") from None
    except OSError as error:  # a timeout is one of them
        raise ReplayRefused(f"no broker at {host}:{port}: {_reason(error)}") from None
    writer.close()


def _reason(error: OSError) -> str:
    """In few words: asyncio's own repeat the address. A resolver's numbers are below 0."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error) or "no answer"


async def _ready(ingest: HqIngest, serving: asyncio.Task[None], broker: str) -> None:
    ready = asyncio.create_task(ingest.wait_ready())
    await asyncio.wait(
        (ready, serving), timeout=CONNECT_LIMIT_S, return_when=asyncio.FIRST_COMPLETED
    )
    if serving.done():
        ready.cancel()
        await serving
    if not ready.done():
        ready.cancel()
        raise ReplayRefused(f"{broker}: listens, but not as an MQTT 5 broker")
