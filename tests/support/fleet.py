"""Tills and headquarters around a real broker, each a task that can be stopped."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.checkout.inputs import Input, UplinkChanged
from edge.checkout.troubles import UplinkTrouble
from edge.clock import SystemClock
from edge.hq.database import open_database
from edge.hq.ingest_service import HqIngest
from edge.hq.settings import IngestSettings
from edge.hq.tables import ALARMS, RECORDS
from edge.ports import OutboxStore
from edge.uplink.session import HealthReport
from edge.uplink.settings import UplinkSettings
from edge.uplink.uplink import MqttUplink
from edge.wire.codec import Payload
from edge.wire.connection import Connection, Endpoint, Terms, TlsFiles, connected

LOOPBACK = "127.0.0.1"
# Impatient, so that a test of lost messages takes a second.
IMPATIENT = {
    "reconnect_base_ms": 20,
    "reconnect_cap_ms": 100,
    "ack_timeout_ms": 300,
    "ack_timeout_cap_ms": 600,
    "nack_quiet_ms": 50,
}


class UplinkInbox:
    """The till's inbox as the uplink sees it; `room` False is a full one."""

    def __init__(self) -> None:
        self.offered: list[Input] = []
        self.room = True

    def offer(self, item: Input) -> bool:
        if not self.room:
            return False
        self.offered.append(item)
        return True

    @property
    def troubles(self) -> tuple[UplinkTrouble, ...]:
        """The till's last word on why headquarters gets nothing."""
        changes = [item for item in self.offered if isinstance(item, UplinkChanged)]
        return changes[-1].troubles if changes else ()

    @property
    def quarantined(self) -> bool:
        """Whether the till's last word is that headquarters takes nothing."""
        return UplinkTrouble.QUARANTINED in self.troubles

    @property
    def said(self) -> list[bool]:
        """Each change of the uplink, in order."""
        return [item.online for item in self.offered if isinstance(item, UplinkChanged)]


class CountedClock(SystemClock):
    """The system's clock, which can be asked to report pauses."""

    def __init__(self) -> None:
        super().__init__(0)
        self._slept = 0
        self._moved = asyncio.Condition()

    async def sleep_ms(self, duration_ms: int) -> None:
        await super().sleep_ms(duration_ms)
        async with self._moved:
            self._slept += 1
            self._moved.notify_all()

    async def slept(self, times: int) -> None:
        """Return when so many more pauses are over."""
        goal = self._slept + times
        async with self._moved:
            await self._moved.wait_for(lambda: self._slept >= goal)


class Till:
    """A box's uplink over some outbox."""

    def __init__(
        self,
        port: int,
        device: str,
        outbox: OutboxStore,
        tls: TlsFiles | None = None,
        health: HealthReport | None = None,
        clock: CountedClock | None = None,
        **settings: Any,
    ) -> None:
        self.outbox = outbox
        self.inbox = UplinkInbox()
        self.clock = clock or CountedClock()
        self.boot = self.clock.now().boot
        self.uplink = MqttUplink(
            UplinkSettings(host=LOOPBACK, port=port, tls=tls, **{**IMPATIENT, **settings}),
            device,
            store=outbox,
            clock=self.clock,
            inbox=self.inbox,
            versions={"edge": "0.1.0"},
            health=health,
            random=Random(7),
        )


@asynccontextmanager
async def running(part: Till | HqIngest) -> AsyncIterator[None]:
    """The part runs for as long as the block; when it fails, so does the block."""
    work = part.uplink.run() if isinstance(part, Till) else part.run()
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(work)
        try:
            yield
        finally:
            task.cancel()


@asynccontextmanager
async def headquarters(
    port: int, database: Path, tls: TlsFiles | None = None, name: str = "hq"
) -> AsyncIterator[tuple[HqIngest, AsyncEngine]]:
    """Ingest over a database file of its own, connected."""
    async with open_database(f"sqlite:///{database}") as engine:
        settings = IngestSettings(
            host=LOOPBACK,
            port=port,
            tls=tls,
            name=name,
            reconnect_base_ms=20,
            reconnect_cap_ms=100,
        )
        hq = HqIngest(settings, engine, random=Random(7))
        async with running(hq):
            await hq.wait_ready()
            yield hq, engine


@asynccontextmanager
async def somebody(
    port: int, name: str = "somebody", tls: TlsFiles | None = None, reply_timeout_s: float = 10
) -> AsyncIterator[Connection]:
    """A client without manners."""
    endpoint = Endpoint(host=LOOPBACK, port=port, tls=tls, reply_timeout_s=reply_timeout_s)
    async with connected(endpoint, Terms(name, 0, 64)) as connection:
        yield connection


async def stored(engine: AsyncEngine, device: str) -> list[tuple[int, int, str]]:
    """What headquarters has of a device: epoch, seq and hash, in order."""
    columns = (RECORDS.c.epoch, RECORDS.c.seq, RECORDS.c.hash)
    query = select(*columns).where(RECORDS.c.device == device).order_by(*columns[:2])
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def alarms(engine: AsyncEngine) -> dict[tuple[str, str], int]:
    """How often each kind of trouble was seen, by device and kind."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(ALARMS.c.device, ALARMS.c.kind, ALARMS.c.times))
        return {(row.device, row.kind): row.times for row in rows}


@contextmanager
def logged() -> Iterator[list[Any]]:
    """What is logged meanwhile, as dictionaries."""
    with structlog.testing.capture_logs() as lines:
        yield lines


def raw(body: bytes, content_type: str = "application/json") -> Payload:
    return Payload(body, content_type)
