"""What comes in on `down/ack` and should not: counted, logged once, ignored."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import zstandard

from edge.checkout.inputs import StoreFailure
from edge.checkout.records import Entry, EntryKind
from edge.ports import StoreError
from edge.uplink.session import Refusal
from edge.wire.codec import JSON, MAX_WIRE_BYTES, ZSTD_JSON, Payload, encode
from edge.wire.connection import Connection
from edge.wire.messages import Ack, Nack, Quarantine
from tests.support.broker import Broker, plain_broker
from tests.support.fleet import Till, headquarters, logged, raw, running, somebody, stored
from tests.support.outbox import MemoryOutbox

TOPIC = "v1/d/till-1/down/ack"
ACK = {"v": 1, "status": "ack", "epoch": 1, "through": 3, "hash": "a" * 64}


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    async with plain_broker(tmp_path) as broker:
        yield broker


@pytest.fixture
async def hq(broker: Broker) -> AsyncIterator[Connection]:
    """Headquarters' place, with nobody of good faith in it."""
    async with somebody(broker.port, "hq") as connection:
        await connection.subscribe("v1/d/till-1/up/journal")
        yield connection


@pytest.fixture
def outbox() -> MemoryOutbox:
    outbox = MemoryOutbox("till-1")
    outbox.sell(9)
    return outbox


def as_json(**changes: Any) -> Payload:
    return raw(json.dumps({**ACK, **changes}).encode())


async def first_batch(hq: Connection) -> None:
    """Return when the till has sent something: it hears by then."""
    messages = hq.messages()
    await anext(messages)
    await messages.aclose()


def ack_of(outbox: MemoryOutbox, position: int) -> Payload:
    record = outbox.records[position - 1]
    return encode(Ack(epoch=record.epoch, through=record.seq, hash=record.hash))


BAD: dict[str, tuple[Payload, Refusal]] = {
    "noise": (raw(b"\xff\x00garbage"), Refusal.UNREADABLE),
    "empty": (raw(b""), Refusal.UNREADABLE),
    "cut short": (raw(b'{"v":1,"status":"ack"'), Refusal.UNREADABLE),
    "no answer": (raw(b'{"v":1,"status":"online"}'), Refusal.UNREADABLE),
    "a later version": (as_json(v=2), Refusal.UNREADABLE),
    "a later version with more": (as_json(v=2, only="sales"), Refusal.UNREADABLE),
    "a float": (as_json(through=3.0), Refusal.UNREADABLE),
    "below zero": (as_json(through=-1), Refusal.UNREADABLE),
    "beyond all": (as_json(through=2**70), Refusal.UNREADABLE),
    "oversized": (raw(b" " * (MAX_WIRE_BYTES + 1)), Refusal.UNREADABLE),
    "a bomb": (Payload(zstandard.compress(b" " * 9_000_000), ZSTD_JSON), Refusal.UNREADABLE),
    "another content type": (Payload(json.dumps(ACK).encode(), "text/xml"), Refusal.UNREADABLE),
    "past the head": (as_json(through=11), Refusal.PAST_HEAD),
    "far past the head": (as_json(through=2**53 - 1), Refusal.PAST_HEAD),
    "an epoch that is not there": (as_json(epoch=2, through=1), Refusal.PAST_HEAD),
    "a place before the first": (as_json(epoch=1, through=0), Refusal.PAST_HEAD),
    "nothing at all, with a hash": (as_json(epoch=0, through=0), Refusal.ANOTHER_JOURNAL),
    "a record of another journal": (as_json(through=3), Refusal.ANOTHER_JOURNAL),
    "a gap in another journal": (as_json(status="nack", through=3), Refusal.ANOTHER_JOURNAL),
}


@pytest.mark.parametrize("name", sorted(BAD))
async def test_it_is_counted_logged_once_and_ignored(
    broker: Broker, hq: Connection, outbox: MemoryOutbox, name: str
) -> None:
    payload, refusal = BAD[name]
    till = Till(broker.port, "till-1", outbox)
    with logged() as lines:
        async with running(till):
            await first_batch(hq)
            for _ in range(3):
                await hq.publish(TOPIC, payload)
            await hq.publish(TOPIC, ack_of(outbox, 10))
            await outbox.wait_acked()
    assert dict(till.uplink.refusals) == {refusal: 3}
    refused = [line for line in lines if line["event"] == "message_refused"]
    assert [line["refusal"] for line in refused] == [refusal.value]
    assert outbox.acknowledged == [(1, 10)]
    assert till.inbox.said == [True]


async def test_a_newer_headquarters_is_followed_by_an_older_box(
    broker: Broker, hq: Connection, outbox: MemoryOutbox
) -> None:
    """Fleets are updated in parts: what the box does not know of an answer, it does without."""
    last = outbox.records[-1]
    more = {"epoch": last.epoch, "through": last.seq, "hash": last.hash, "shard": {"no": 3}}
    till = Till(broker.port, "till-1", outbox)
    async with running(till):
        await first_batch(hq)
        await hq.publish(TOPIC, as_json(**more))
        await outbox.wait_acked()
    assert dict(till.uplink.refusals) == {}
    assert outbox.acknowledged == [(last.epoch, last.seq)]


async def test_a_retained_bad_message_does_not_stop_a_till_from_starting(
    broker: Broker, hq: Connection, outbox: MemoryOutbox
) -> None:
    await hq.publish(TOPIC, raw(b"nonsense"), retain=True)
    till = Till(broker.port, "till-1", outbox)
    async with running(till):
        await first_batch(hq)
        await hq.publish(TOPIC, ack_of(outbox, 10))
        await outbox.wait_acked()
    assert dict(till.uplink.refusals) == {Refusal.UNREADABLE: 1}


async def test_an_acknowledgement_from_the_past_changes_nothing(
    broker: Broker, hq: Connection, outbox: MemoryOutbox
) -> None:
    async with running(Till(broker.port, "till-1", outbox)):
        await first_batch(hq)
        for position in (6, 3, 6, 10):
            await hq.publish(TOPIC, ack_of(outbox, position))
        await outbox.wait_acked()
    assert outbox.acknowledged == [(1, 6), (1, 10)]


async def test_a_gap_is_sent_again_at_once_and_only_once(
    broker: Broker, hq: Connection, outbox: MemoryOutbox
) -> None:
    """Headquarters complains about every batch behind a lost one."""
    outbox.sell(400)
    patient = {"ack_timeout_ms": 20_000, "ack_timeout_cap_ms": 20_000, "nack_quiet_ms": 20_000}
    till = Till(broker.port, "till-1", outbox, **patient)
    third = outbox.records[2]
    gap = encode(Nack(epoch=1, through=3, hash=third.hash))
    messages = hq.messages()
    async with running(till):
        before = [await _first_of(messages) for _ in range(4)]
        for _ in range(3):
            await hq.publish(TOPIC, gap)
        after = [await _first_of(messages) for _ in range(4)]
        await hq.publish(TOPIC, ack_of(outbox, 403))
        last = await _first_of(messages)
    await messages.aclose()
    assert before == [1, 101, 201, 301]
    assert after == [4, 104, 204, 304]
    assert last == 404
    assert outbox.acknowledged == [(1, 3), (1, 403)]


async def test_in_quarantine_nothing_is_sent_until_headquarters_lifts_it(
    broker: Broker, hq: Connection, outbox: MemoryOutbox
) -> None:
    notice = Quarantine(epoch=0, through=0, hash="", fork_epoch=1, fork_seq=5)
    await hq.publish(TOPIC, encode(notice), retain=True)
    await hq.subscribe("v1/d/till-1/state")
    till = Till(broker.port, "till-1", outbox)
    messages = hq.messages()
    with logged() as lines:
        async with running(till):
            came = [(await anext(messages)).topic.rpartition("/")[2] for _ in range(3)]
            while came[-3:] != ["state", "state", "state"]:  # it asks again, and sends nothing
                came.append((await anext(messages)).topic.rpartition("/")[2])
            await hq.publish(TOPIC, encode(Nack(epoch=0, through=0, hash="")), retain=True)
            while (await anext(messages)).topic != "v1/d/till-1/up/journal":
                pass
    await messages.aclose()
    events = [line["event"] for line in lines]
    assert events.count("quarantined") == events.count("quarantine_over") == 1
    # What was on its way when the notice came, at most.
    assert came.count("journal") <= 1


async def test_a_quarantine_is_told_until_headquarters_lifts_it_also_without_a_network(
    broker: Broker, outbox: MemoryOutbox
) -> None:
    notice = Quarantine(epoch=0, through=0, hash="", fork_epoch=1, fork_seq=5)
    till = Till(broker.port, "till-1", outbox)
    with logged() as lines:
        async with running(till):
            async with somebody(broker.port, "hq") as hq:
                await hq.publish(TOPIC, encode(notice), retain=True)
                while not till.inbox.quarantined:
                    await till.clock.slept(1)
            await broker.kill()
            while till.inbox.said[-1]:
                await till.clock.slept(1)
            assert till.inbox.quarantined
            assert "from record 1/5" in till.uplink.trouble
            await broker.start()
            async with somebody(broker.port, "hq") as hq:
                await hq.publish(TOPIC, encode(Nack(epoch=0, through=0, hash="")), retain=True)
                while till.inbox.quarantined:
                    await till.clock.slept(1)
            assert till.uplink.trouble == ""
    events = [line["event"] for line in lines]
    assert events.count("quarantined") == events.count("quarantine_over") == 1


async def test_a_record_that_can_not_be_sent_is_named_once_and_those_before_it_go_out(
    broker: Broker, tmp_path: Path, outbox: MemoryOutbox, unsendable: Callable[[], None]
) -> None:
    before = outbox.head
    unsendable()
    outbox.sell(3)
    with logged() as lines:
        async with (
            headquarters(broker.port, tmp_path / "hq.db", name="real-hq") as (hq, engine),
            running(Till(broker.port, "till-1", outbox)),
        ):
            await hq.wait_for("till-1", *before)
            assert len(await stored(engine, "till-1")) == before[1]
    named = [line["place"] for line in lines if line["event"] == "record_unsendable"]
    assert named == [f"1/{before[1] + 1}"]


@pytest.fixture
def unsendable(outbox: MemoryOutbox) -> Callable[[], None]:
    """Appends a record of more than the wire takes, which the shop's limits would never allow."""

    def append() -> None:
        random = Random(1)
        noise = "".join(chr(random.randrange(0x4E00, 0x9FA5)) for _ in range(60_000))
        outbox.append(Entry(EntryKind.SALE, {"noise": noise}))

    return append


class FailingOutbox(MemoryOutbox):
    """Its disk is full."""

    async def acknowledge(self, epoch: int, through: int) -> None:
        raise StoreError(StoreFailure.DISK_FULL, f"{epoch}/{through}")


async def test_a_store_that_takes_no_more_ends_the_uplink_and_not_the_daemon(
    broker: Broker, tmp_path: Path
) -> None:
    outbox = FailingOutbox("till-1")
    outbox.sell(3)
    till = Till(broker.port, "till-1", outbox)
    with logged() as lines:
        async with headquarters(broker.port, tmp_path / "hq.db", name="real-hq"):
            async with asyncio.timeout(100):
                await till.uplink.run()
    assert [line["event"] for line in lines if line["room"] == "uplink"] == [
        "uplink_connected",
        "uplink_lost",
        "uplink_stopped",
    ]
    assert till.inbox.said == [True, False]


async def _first_of(messages: AsyncIterator[Any]) -> int:
    """Where the next batch begins."""
    payload = (await anext(messages)).payload
    body = payload.body
    if payload.content_type != JSON:
        body = zstandard.ZstdDecompressor().decompress(body)
    return json.loads(body)["from"]
