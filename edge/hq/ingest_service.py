"""Headquarters' side of the broker: batches in, answers out."""

import asyncio
import time
from collections.abc import Callable
from random import Random

import structlog
from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.hq.alarms import AlarmKind, raise_alarm
from edge.hq.chain import BrokenBatchError, ForeignBatchError
from edge.hq.cursors import ack, nack, quarantine_notice, read_cursor
from edge.hq.database import open_database
from edge.hq.device_health import keep_health
from edge.hq.device_states import keep_state
from edge.hq.ingest import ingest_batch
from edge.hq.settings import IngestSettings
from edge.wire.codec import decode, encode
from edge.wire.connection import Connection, Inbound, Terms, connected
from edge.wire.errors import LinkError, WireError
from edge.wire.messages import (
    Ack,
    Birth,
    Health,
    JournalBatch,
    Nack,
    Quarantine,
    Will,
    batch_reader,
    health_reader,
    state_reader,
)
from edge.wire.topics import (
    ALL_STATES,
    INGEST_HEALTH,
    INGEST_JOURNALS,
    Channel,
    parse_topic,
    topic_of,
)

# The device of an alarm about a message on a topic that names none.
NOBODY = "?"


def utc_ms_now() -> int:
    return time.time_ns() // 1_000_000


def mono_ms_now() -> int:
    return time.monotonic_ns() // 1_000_000


async def run_ingest(settings: IngestSettings, database_url: str) -> None:
    """`edge hq ingest`: until cancelled. Raises DatabaseError when there is no database to use, and
    the database's own error when a write fails: the supervisor starts it anew, and the tills send
    again what was not acknowledged.
    """
    async with open_database(database_url) as engine:
        await HqIngest(settings, engine).run()


class HqIngest:
    """Takes every till's batches in, one transaction each, and acknowledges what is committed."""

    def __init__(
        self,
        settings: IngestSettings,
        engine: AsyncEngine,
        *,
        utc_ms: Callable[[], int] = utc_ms_now,
        mono_ms: Callable[[], int] = mono_ms_now,
        random: Random | None = None,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._utc_ms = utc_ms
        self._mono_ms = mono_ms
        self._random = random or Random()
        self._log = structlog.get_logger().bind(room="hq")
        self._batches: TypeAdapter[JournalBatch] = batch_reader()
        self._states: TypeAdapter[Birth | Will] = state_reader()
        self._healths: TypeAdapter[Health] = health_reader()
        self._places: dict[str, tuple[int, int]] = {}
        self._moved = asyncio.Condition()
        self._ready = asyncio.Event()

    async def run(self) -> None:
        """Connect, serve, connect again, until cancelled. Raises database errors."""
        failures = 0
        while True:
            began_ms = self._mono_ms()
            try:
                async with connected(self._settings, self._terms()) as connection:
                    await connection.subscribe(INGEST_JOURNALS)
                    await connection.subscribe(ALL_STATES)
                    await connection.subscribe(INGEST_HEALTH)
                    self._log.info("broker_connected", host=self._settings.host)
                    self._ready.set()
                    await self._serve(connection)
            except LinkError as error:
                if failures == 0 or self._ready.is_set():
                    self._log.warning("broker_lost", reason=str(error))
                self._ready.clear()
            if self._mono_ms() - began_ms >= self._settings.stable_after_ms:
                failures = 0
            await self._back_off(failures)
            failures += 1

    async def wait_ready(self) -> None:
        """Return when batches are being taken in."""
        await self._ready.wait()

    async def wait_for(self, device: str, epoch: int, through: int) -> None:
        """Return when everything of the device up to here is committed and acknowledged, as seen
        since this object was made.
        """
        async with self._moved:
            await self._moved.wait_for(lambda: self._places.get(device, (0, 0)) >= (epoch, through))

    def _terms(self) -> Terms:
        """No session at the broker: whatever is missed while away is sent again by the tills."""
        return Terms(
            client_id=self._settings.name,
            session_expiry_s=0,
            inbound_limit=self._settings.inbound_limit,
        )

    async def _serve(self, connection: Connection) -> None:
        async for inbound in connection.messages():
            device = NOBODY
            try:
                device, channel = parse_topic(inbound.topic)
                await self._handle(connection, device, channel, inbound)
            except WireError as error:
                await self._refuse(device, AlarmKind.UNREADABLE, str(error))
            except BrokenBatchError as error:
                await self._refuse(device, AlarmKind.BROKEN_BATCH, str(error))
            except ForeignBatchError as error:
                await self._refuse(device, AlarmKind.FOREIGN_BATCH, str(error))

    async def _handle(
        self, connection: Connection, device: str, channel: Channel, inbound: Inbound
    ) -> None:
        match channel:
            case Channel.JOURNAL:
                await self._take_batch(connection, device, decode(self._batches, inbound.payload))
            case Channel.STATE:
                state = decode(self._states, inbound.payload)
                await self._take_state(connection, device, state, retained=inbound.retained)
            case Channel.HEALTH:
                health = decode(self._healths, inbound.payload)
                async with self._engine.begin() as transaction:
                    await keep_health(transaction, device, health, self._utc_ms())
            case Channel.ACK:
                raise WireError("an answer, which only headquarters gives")

    async def _take_batch(self, connection: Connection, device: str, batch: JournalBatch) -> None:
        """Commit, and only then answer."""
        taken = await ingest_batch(self._engine, device, batch, self._utc_ms())
        match taken.answer:
            case Quarantine() as notice:
                self._log.error(
                    "device_quarantined",
                    device=device,
                    fork=f"{notice.fork_epoch}/{notice.fork_seq}",
                )
            case Nack() as gap:
                self._log.warning(
                    "gap",
                    device=device,
                    have=f"{gap.epoch}/{gap.through}",
                    came=f"{batch.epoch}/{batch.first}",
                )
            case Ack():
                pass
        await self._answer(connection, device, taken.answer)
        async with self._moved:
            self._places[device] = (taken.answer.epoch, taken.answer.through)
            self._moved.notify_all()

    async def _take_state(
        self, connection: Connection, device: str, state: Birth | Will, *, retained: bool
    ) -> None:
        """Tell a box that came how far its journal is here.

        A retained birth means that it is we who came: boxes that sent in vain meanwhile wait longer
        and longer between two tries, so ask them to send now.
        """
        async with self._engine.begin() as transaction:
            await keep_state(transaction, device, state, self._utc_ms())
            cursor = await read_cursor(transaction, device)
        if isinstance(state, Will):
            return
        if cursor.fork is not None:
            await self._answer(connection, device, quarantine_notice(cursor, cursor.fork))
        elif retained or cursor.place < (state.acked_epoch, state.acked_through):
            await self._answer(connection, device, nack(cursor))
        else:
            await self._answer(connection, device, ack(cursor))

    async def _answer(
        self, connection: Connection, device: str, answer: Ack | Nack | Quarantine
    ) -> None:
        await connection.publish(topic_of(device, Channel.ACK), encode(answer), retain=True)

    async def _refuse(self, device: str, kind: AlarmKind, detail: str) -> None:
        self._log.warning("message_refused", device=device, kind=kind.value, detail=detail)
        async with self._engine.begin() as transaction:
            await raise_alarm(transaction, device, kind, detail, self._utc_ms())

    async def _back_off(self, failures: int) -> None:
        """Full jitter, so that the workers of a fleet don't come back in step."""
        settings = self._settings
        limit_ms = min(
            settings.reconnect_cap_ms, settings.reconnect_base_ms * 2 ** min(failures, 16)
        )
        await asyncio.sleep(self._random.uniform(0, limit_ms) / 1000)
