"""What comes in at headquarters and should not: one log line, one alarm, and on it goes."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from edge.hq.ingest_service import HqIngest
from edge.hq.tables import DEVICE_STATES
from edge.wire.codec import JSON, MAX_WIRE_BYTES, ZSTD_JSON, Payload, decode, encode
from edge.wire.connection import Connection
from edge.wire.messages import Ack, Birth, Nack, Quarantine, Will, answer_reader
from tests.support.broker import Broker, plain_broker
from tests.support.fleet import alarms, headquarters, logged, raw, somebody, stored
from tests.support.outbox import MemoryOutbox, forged
from tests.support.records import batch_of

JOURNAL = "v1/d/till-1/up/journal"
STATE = "v1/d/till-1/state"


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    async with plain_broker(tmp_path) as broker:
        yield broker


@pytest.fixture
async def box(broker: Broker) -> AsyncIterator[Connection]:
    """A client in a till's place that hears what headquarters answers."""
    async with somebody(broker.port, "box") as connection:
        await connection.subscribe("v1/d/till-1/down/ack")
        yield connection


@pytest.fixture
async def hq(broker: Broker, tmp_path: Path) -> AsyncIterator[tuple[HqIngest, AsyncEngine]]:
    async with headquarters(broker.port, tmp_path / "hq.db") as hq:
        yield hq


@pytest.fixture
def till() -> MemoryOutbox:
    till = MemoryOutbox("till-1")
    till.sell(9)
    return till


def batch_payload(till: MemoryOutbox, **changes: Any) -> Payload:
    batch = json.loads(batch_of(*till.records).model_dump_json(by_alias=True))
    return raw(json.dumps({**batch, **changes}).encode())


def birth(**changes: Any) -> Payload:
    said = {
        "boot": "boot-1",
        "epoch": 1,
        "last_seq": 10,
        "acked_epoch": 0,
        "acked_through": 0,
        "versions": {},
        "clock": "synced",
    }
    return encode(Birth(**{**said, **changes}))


async def answer_to(box: Connection) -> Ack | Nack | Quarantine:
    messages = box.messages()
    answer = decode(answer_reader(), (await anext(messages)).payload)
    await messages.aclose()
    return answer


def bad_messages() -> dict[str, tuple[str, Payload, str, str]]:
    """Topic, payload, and the alarm's device and kind."""
    till = MemoryOutbox("till-1")
    till.sell(9)
    broken = batch_of(*till.records).model_copy(
        update={"records": batch_of(*till.records).records[::-1]}
    )
    other = MemoryOutbox("till-2")
    unreadable = "unreadable_message"
    return {
        "noise": (JOURNAL, raw(b"\xff\x00garbage"), "till-1", unreadable),
        "empty": (JOURNAL, raw(b""), "till-1", unreadable),
        "nesting": (JOURNAL, raw(b"[" * 60_000), "till-1", unreadable),
        "oversized": (JOURNAL, raw(b" " * (MAX_WIRE_BYTES + 1)), "till-1", unreadable),
        "a bomb": (
            JOURNAL,
            Payload(zstandard.compress(b" " * 9_000_000), ZSTD_JSON),
            "till-1",
            unreadable,
        ),
        "no zstd": (JOURNAL, Payload(b"{}", ZSTD_JSON), "till-1", unreadable),
        "another type": (JOURNAL, Payload(b"<a/>", "text/xml"), "till-1", unreadable),
        "a later version": (JOURNAL, batch_payload(till, v=2), "till-1", unreadable),
        "a hole": (JOURNAL, batch_payload(till, to=11), "till-1", unreadable),
        "out of order": (JOURNAL, encode(broken), "till-1", unreadable),
        "a state that is none": (STATE, raw(b'{"status":"asleep"}'), "till-1", unreadable),
        "a batch as a state": (STATE, batch_payload(till), "till-1", unreadable),
        "a device without a name": ("v1/d//state", birth(), "?", unreadable),
        "a device with a wrong name": ("v1/d/a b/up/journal", birth(), "?", unreadable),
        "a forged record": (
            JOURNAL,
            batch_payload(
                till,
                records=[
                    {**record.model_dump(), "at": 1} for record in batch_of(*till.records).records
                ],
            ),
            "till-1",
            "broken_batch",
        ),
        "another device's journal": (
            JOURNAL,
            encode(batch_of(*other.records)),
            "till-1",
            "foreign_batch",
        ),
    }


@pytest.mark.parametrize("name", sorted(bad_messages()))
async def test_it_is_an_alarm_and_the_next_batch_is_taken(
    hq: tuple[HqIngest, AsyncEngine], box: Connection, till: MemoryOutbox, name: str
) -> None:
    _service, engine = hq
    topic, payload, device, kind = bad_messages()[name]
    with logged() as lines:
        await box.publish(topic, payload)
        await box.publish(topic, payload)
        await box.publish(JOURNAL, encode(batch_of(*till.records)))
        assert await answer_to(box) == Ack(epoch=1, through=10, hash=till.records[-1].hash)
    assert await alarms(engine) == {(device, kind): 2}
    assert [(line["event"], line["device"], line["kind"]) for line in lines] == [
        ("message_refused", device, kind)
    ] * 2
    assert len(await stored(engine, "till-1")) == 10
    assert await stored(engine, "till-2") == []


@pytest.mark.usefixtures("hq")
async def test_what_a_message_says_is_in_no_log_and_no_alarm(box: Connection) -> None:
    with logged() as lines:
        await box.publish(STATE, raw(b'{"status":"online","boot":4111111111111111}'))
        await box.publish(STATE, birth())
        await answer_to(box)
    assert lines
    assert "4111" not in str(lines)


@pytest.mark.usefixtures("hq")
class TestAnswersToBirths:
    """Headquarters tells whoever comes how far his journal is there."""

    async def test_a_box_that_it_does_not_know(self, box: Connection) -> None:
        await box.publish(STATE, birth())
        assert await answer_to(box) == Ack(epoch=0, through=0, hash="")

    async def test_a_box_that_does_not_know_what_is_there(
        self, box: Connection, till: MemoryOutbox
    ) -> None:
        await box.publish(JOURNAL, encode(batch_of(*till.records)))
        there = await answer_to(box)
        await box.publish(STATE, birth())
        assert await answer_to(box) == there

    async def test_a_box_that_believes_more_than_there_is(
        self, box: Connection, till: MemoryOutbox
    ) -> None:
        await box.publish(JOURNAL, encode(batch_of(*till.records[:4])))
        await answer_to(box)
        await box.publish(STATE, birth(acked_epoch=1, acked_through=9))
        assert await answer_to(box) == Nack(epoch=1, through=4, hash=till.records[3].hash)

    async def test_a_box_in_quarantine(self, box: Connection, till: MemoryOutbox) -> None:
        await box.publish(JOURNAL, encode(batch_of(*till.records)))
        await answer_to(box)
        await box.publish(JOURNAL, encode(batch_of(forged(till.records[4], mono_ms=0))))
        notice = await answer_to(box)
        assert isinstance(notice, Quarantine)
        await box.publish(STATE, birth())
        assert await answer_to(box) == notice

    async def test_the_newest_word_of_a_box_is_kept(
        self, hq: tuple[HqIngest, AsyncEngine], box: Connection
    ) -> None:
        _service, engine = hq
        await box.publish(STATE, birth(versions={"edge": "0.1.0"}))
        await answer_to(box)
        assert await self.state(engine) == (True, {"edge": "0.1.0"})
        await box.publish(STATE, encode(Will(boot="boot-1", reason="stopped")))
        await box.publish(JOURNAL, encode(batch_of(*MemoryOutbox("till-1").records)))
        await answer_to(box)
        assert await self.state(engine) == (False, None)

    async def test_a_box_that_says_more_than_is_known_here(
        self, hq: tuple[HqIngest, AsyncEngine], box: Connection
    ) -> None:
        """A newer box: it is there, and it is answered."""
        _service, engine = hq
        said = json.loads(birth(versions={"edge": "9.0.0"}).body)
        await box.publish(STATE, raw(json.dumps({**said, "mood": "well"}).encode()))
        assert await answer_to(box) == Ack(epoch=0, through=0, hash="")
        assert await self.state(engine) == (True, {"edge": "9.0.0"})
        assert await alarms(engine) == {}

    async def state(self, engine: AsyncEngine) -> tuple[bool, object]:
        async with engine.connect() as connection:
            [row] = await connection.execute(select(DEVICE_STATES))
        return row.online, json.loads(row.said).get("versions")


def test_every_content_type_of_the_wire_is_tried() -> None:
    tried = {payload.content_type for _topic, payload, _device, _kind in bad_messages().values()}
    assert {JSON, ZSTD_JSON} < tried
