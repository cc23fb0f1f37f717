"""One connection's life: say who is there, empty the outbox, hear how far headquarters is."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Never, TypeAlias

from pydantic import ValidationError

from edge.ports import Clock, OutboxStore
from edge.uplink.outbox import hash_in_journal, wire_record
from edge.uplink.settings import UplinkSettings
from edge.uplink.window import Flight, Place, SendWindow
from edge.wire.batches import pack_batch
from edge.wire.codec import Payload, decode, encode
from edge.wire.connection import Connection, Inbound
from edge.wire.errors import LinkError, WireError
from edge.wire.messages import (
    MAX_BATCH_RECORDS,
    Ack,
    Birth,
    Health,
    JournalBatch,
    Nack,
    Quarantine,
    Will,
    answer_reader,
)
from edge.wire.topics import Channel, parse_topic, topic_of

HealthReport: TypeAlias = Callable[[], Awaitable[Health]]


class Refusal(StrEnum):
    """Why something that came in was ignored."""

    UNREADABLE = "unreadable"
    OTHER_TOPIC = "other_topic"
    PAST_HEAD = "past_head"
    ANOTHER_JOURNAL = "another_journal"


@dataclass(frozen=True, slots=True)
class Box:
    """Who it is that connects, and what it tells of itself."""

    device: str
    versions: dict[str, str]
    health: HealthReport | None


class Session:
    """Serves one connection until it is lost. `changed` is set by whoever has news for it;
    `tell_fork` hears where headquarters sees a fork, and None when it takes records again.
    """

    def __init__(
        self,
        settings: UplinkSettings,
        box: Box,
        *,
        store: OutboxStore,
        clock: Clock,
        log: Any,
        changed: asyncio.Event,
        refusals: Counter[Refusal],
        tell_fork: Callable[[Place | None], None],
    ) -> None:
        self._settings = settings
        self._box = box
        self._device = box.device
        self._store = store
        self._clock = clock
        self._log = log
        self._changed = changed
        self._refusals = refusals
        self._tell_fork = tell_fork
        self._logged: set[Refusal] = set()
        self._answers = answer_reader()
        self._window = SendWindow(settings.window_batches, Place(0, 0))
        self._quarantined = False
        self._asked_ms = 0
        self._unsendable_behind: Place | None = None
        self._progress_ms = 0
        self._nacked_ms: int | None = None
        self._ack_timeout_ms = settings.ack_timeout_ms

    async def serve(self, connection: Connection, opened: Callable[[], None]) -> Never:
        """Calls `opened` once the box is announced. Raises LinkError or StoreError; says goodbye
        when cancelled.
        """
        try:
            await self._open(connection)
            opened()
            await self._read_and_send(connection)
        except asyncio.CancelledError:
            await self._say_goodbye(connection)
            raise

    async def _read_and_send(self, connection: Connection) -> Never:
        """No task group: up to Python 3.12, one that fails while it is cancelled raises its errors
        alone, and the order to stop is lost.
        """
        tasks: tuple[asyncio.Task[Never], ...] = (
            asyncio.create_task(self._read(connection)),
            asyncio.create_task(self._send(connection)),
        )
        if self._box.health is not None:
            tasks += (asyncio.create_task(self._tell_health(connection, self._box.health)),)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            ended = [task.exception() for task in tasks if not task.cancelled()]
        errors = [error for error in ended if error is not None]
        # A lost connection matters least: a new one heals it.
        errors.sort(key=lambda error: isinstance(error, LinkError))
        assert errors, "reading and sending only end in errors"
        raise errors[0]

    async def _open(self, connection: Connection) -> None:
        head = await self._store.journal_head()
        self._window.rewind(Place(head.acked_epoch, head.acked_through))
        await connection.subscribe(topic_of(self._device, Channel.ACK))
        await self._announce(connection)

    async def _announce(self, connection: Connection) -> None:
        head = await self._store.journal_head()
        now = self._clock.now()
        birth = Birth(
            boot=now.boot,
            epoch=head.epoch,
            last_seq=head.last_seq,
            acked_epoch=head.acked_epoch,
            acked_through=head.acked_through,
            versions=self._box.versions,
            clock=now.quality.value,
        )
        await connection.publish(topic_of(self._device, Channel.STATE), encode(birth), retain=True)

    async def _say_goodbye(self, connection: Connection) -> None:
        """Better than the will, which takes its time; and no matter when it fails."""
        words = Will(boot=self._clock.now().boot, reason="stopped")
        with suppress(LinkError, TimeoutError):
            async with asyncio.timeout(self._settings.farewell_timeout_s):
                await connection.publish(
                    topic_of(self._device, Channel.STATE), encode(words), retain=True
                )

    async def _send(self, connection: Connection) -> Never:
        while True:
            self._changed.clear()
            if self._may_send() and await self._send_batch(connection):
                continue
            if not await self._changed_within(self._patience_ms()):
                await self._lose_patience(connection)

    async def _tell_health(self, connection: Connection, report: HealthReport) -> Never:
        """At once, and then now and then; one that is lost is followed by the next."""
        topic = topic_of(self._device, Channel.HEALTH)
        while True:
            payload = encode(await report())
            await connection.publish(topic, payload, expires_s=self._settings.health_expires_s)
            await self._clock.sleep_ms(self._settings.health_every_ms)

    def _may_send(self) -> bool:
        if self._quarantined or self._window.sent == self._unsendable_behind:
            return False
        return self._window.room

    async def _send_batch(self, connection: Connection) -> bool:
        """False when there is nothing to send, or nothing that can be."""
        behind = self._window.sent
        records = await self._store.journal_after(behind.epoch, behind.seq, MAX_BATCH_RECORDS)
        if not records or behind != self._window.sent:  # an answer came meanwhile
            return bool(records)
        try:
            batch, payload = pack_batch([wire_record(record) for record in records])
        except (WireError, ValidationError) as error:
            self._unsendable_behind = behind
            place = f"{records[0].epoch}/{records[0].seq}"
            self._log.error("record_unsendable", place=place, reason=str(error).splitlines()[0])
            return False
        self._window.add(self._flight(batch))
        await self._publish(connection, payload)
        return True

    def _flight(self, batch: JournalBatch) -> Flight:
        last = Place(batch.epoch, batch.last)
        return Flight(last, batch.records[-1].hash, self._clock.now().mono_ms)

    async def _publish(self, connection: Connection, payload: Payload) -> None:
        await connection.publish(topic_of(self._device, Channel.JOURNAL), payload)

    def _patience_ms(self) -> int | None:
        """How long to wait for headquarters; None when it owes nothing."""
        sent_ms = self._window.oldest_sent_ms
        if self._quarantined:
            due_ms = self._asked_ms + self._settings.ack_timeout_cap_ms
        elif sent_ms is not None:
            due_ms = max(sent_ms, self._progress_ms) + self._ack_timeout_ms
        else:
            return None
        return max(0, due_ms - self._clock.now().mono_ms)

    async def _lose_patience(self, connection: Connection) -> None:
        """No answer: in quarantine ask again, otherwise send again, and wait longer for it."""
        if self._quarantined:
            self._asked_ms = self._clock.now().mono_ms
            await self._announce(connection)
            return
        self._window.rewind()
        self._ack_timeout_ms = min(2 * self._ack_timeout_ms, self._settings.ack_timeout_cap_ms)

    async def _changed_within(self, duration_ms: int | None) -> bool:
        """False when the time ran out."""
        if duration_ms is None:
            return await self._changed.wait()
        waiting = asyncio.ensure_future(self._changed.wait())
        sleeping = asyncio.ensure_future(self._clock.sleep_ms(duration_ms))
        try:
            await asyncio.wait((waiting, sleeping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            sleeping.cancel()
        return self._changed.is_set()

    async def _read(self, connection: Connection) -> Never:
        async for inbound in connection.messages():
            await self._hear(inbound)
        raise AssertionError("messages end in an error alone")

    async def _hear(self, inbound: Inbound) -> None:
        try:
            if parse_topic(inbound.topic) != (self._device, Channel.ACK):
                self._refuse(Refusal.OTHER_TOPIC, inbound.topic[:128])
                return
            answer = decode(self._answers, inbound.payload)
        except WireError as error:
            self._refuse(Refusal.UNREADABLE, str(error))
            return
        if isinstance(answer, Quarantine):
            self._enter_quarantine(answer)
        elif await self._is_about_us(answer):
            await self._follow(answer)

    async def _is_about_us(self, answer: Ack | Nack) -> bool:
        """Whether the record that headquarters speaks of is in this journal."""
        place = Place(answer.epoch, answer.through)
        known = self._window.hash_at(place) or await hash_in_journal(self._store, place)
        if known is None:
            self._refuse(Refusal.PAST_HEAD, f"{place.epoch}/{place.seq}")
        elif known != answer.hash:
            self._refuse(Refusal.ANOTHER_JOURNAL, f"{place.epoch}/{place.seq}")
        return known == answer.hash

    async def _follow(self, answer: Ack | Nack) -> None:
        place = Place(answer.epoch, answer.through)
        now_ms = self._clock.now().mono_ms
        if self._window.confirm(place):
            await self._store.acknowledge(place.epoch, place.seq)
            self._progress_ms = now_ms
            self._ack_timeout_ms = self._settings.ack_timeout_ms
        if isinstance(answer, Nack) and self._is_first_nack(now_ms):
            self._window.rewind(place)
            self._ack_timeout_ms = self._settings.ack_timeout_ms
        if self._quarantined:
            self._quarantined = False
            self._window.rewind(place)
        self._tell_fork(None)
        self._changed.set()

    def _is_first_nack(self, now_ms: int) -> bool:
        """Headquarters complains about every batch behind a lost one; hear it once."""
        quiet_ms = self._settings.nack_quiet_ms
        if self._nacked_ms is not None and now_ms - self._nacked_ms < quiet_ms:
            return False
        self._nacked_ms = now_ms
        return True

    def _enter_quarantine(self, notice: Quarantine) -> None:
        if not self._quarantined:
            self._asked_ms = self._clock.now().mono_ms
        self._quarantined = True
        self._tell_fork(Place(notice.fork_epoch, notice.fork_seq))
        self._window.rewind()
        self._changed.set()

    def _refuse(self, refusal: Refusal, detail: str) -> None:
        """Count each; log the first of its kind on this connection."""
        self._refusals[refusal] += 1
        if refusal not in self._logged:
            self._logged.add(refusal)
            self._log.warning("message_refused", refusal=refusal.value, detail=detail)
