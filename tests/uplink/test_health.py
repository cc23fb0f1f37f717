"""How a box is, from the box to headquarters: now and then, and the newest one counts."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiomqtt
import pytest

from edge.hq.database import open_database
from edge.hq.device_health import fleet_health, keep_health
from edge.uplink.outbox import wire_record
from edge.wire.batches import pack_batch
from edge.wire.codec import decode, encode
from edge.wire.connection import Connection
from edge.wire.messages import Birth, DeviceHealth, Health, StoreHealth, health_reader
from edge.wire.topics import Channel, topic_of
from tests.support.broker import Broker, plain_broker
from tests.support.fleet import Till, alarms, headquarters, raw, running, somebody
from tests.support.outbox import MemoryOutbox

GIB = 1024**3


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    async with plain_broker(tmp_path) as broker:
        yield broker


def health_at(at: int, trouble: str = "") -> Health:
    return Health(
        at=at,
        boot="boot",
        clock="synced",
        uptime_s=at,
        memory_bytes=100,
        online=True,
        lost_inputs=0,
        unprinted=0,
        store=StoreHealth(path="/till.db", epoch=1, last_seq=7, unsent=2, free_bytes=GIB),
        devices=(
            DeviceHealth(name="epson", kind="printer", state="ready", since=1, trouble=trouble),
        ),
    )


class Reports:
    """A box that is better each time it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def report(self) -> Health:
        self.asked += 1
        return health_at(self.asked)


def till_with(broker: Broker, reports: Reports, every_ms: int) -> Till:
    outbox = MemoryOutbox("till-1")
    return Till(broker.port, "till-1", outbox, health=reports.report, health_every_ms=every_ms)


async def healths(listener: Connection, count: int) -> list[Health]:
    """The next that are told, at once rather than kept for whoever comes later."""
    told = []
    async for inbound in listener.messages():
        assert not inbound.retained
        told.append(decode(health_reader(), inbound.payload))
        if len(told) == count:
            break
    return told


async def test_a_box_tells_at_once_and_then_now_and_then(broker: Broker) -> None:
    reports = Reports()
    async with somebody(broker.port) as listener:
        await listener.subscribe(topic_of("till-1", Channel.HEALTH))
        async with running(till_with(broker, reports, 1_000)):
            assert await healths(listener, 2) == [health_at(1), health_at(2)]


async def test_a_new_connection_is_told_anew(broker: Broker) -> None:
    reports = Reports()
    async with somebody(broker.port) as listener:
        await listener.subscribe(topic_of("till-1", Channel.HEALTH))
        for number in (1, 2):
            async with running(till_with(broker, reports, 3_600_000)):
                assert await healths(listener, 1) == [health_at(number)]


async def test_it_is_sent_at_most_once_and_is_worth_nothing_when_it_is_old(broker: Broker) -> None:
    """What the broker keeps for a client that is away is gone when it comes late."""
    client = aiomqtt.Client("127.0.0.1", broker.port, protocol=aiomqtt.ProtocolVersion.V5)
    async with client as listener:
        await listener.subscribe(topic_of("till-1", Channel.HEALTH), qos=1)
        async with running(till_with(broker, Reports(), 3_600_000)), asyncio.timeout(100):
            message = await anext(aiter(listener.messages))
    assert message.qos == 0
    assert message.properties is not None
    assert 0 < message.properties.MessageExpiryInterval <= 300


async def test_headquarters_keeps_the_last_of_each_box(broker: Broker, tmp_path: Path) -> None:
    outbox = MemoryOutbox("till-1")
    database = tmp_path / "hq.db"
    birth = Birth(
        boot="b",
        epoch=1,
        last_seq=1,
        acked_epoch=0,
        acked_through=0,
        versions={"edge": "0.1.0"},
        clock="synced",
    )
    async with (
        headquarters(broker.port, database) as (hq, engine),
        somebody(broker.port, "till-1") as box,
    ):
        await box.publish(topic_of("till-1", Channel.STATE), encode(birth), retain=True)
        for told in (health_at(1), health_at(2, trouble="paper_out")):
            await box.publish(topic_of("till-1", Channel.HEALTH), encode(told), expires_s=300)
        await box.publish(topic_of("till-1", Channel.HEALTH), raw(b"{}"))
        # What is sent behind it is taken in behind it.
        _, batch = pack_batch([wire_record(record) for record in outbox.records])
        await box.publish(topic_of("till-1", Channel.JOURNAL), batch)
        await hq.wait_for("till-1", 1, 1)
        (kept,) = await fleet_health(engine)
        assert await alarms(engine) == {("till-1", "unreadable_message"): 1}
    assert kept["online"]
    assert kept["findings"] == ["epson: paper_out"]
    assert kept["health"] is not None
    assert kept["health"]["at"] == 2


async def keep(database: Path, device: str, *healths: Health) -> None:
    async with open_database(f"sqlite:///{database}") as engine:
        for received_at, health in enumerate(healths, 1):
            async with engine.begin() as transaction:
                await keep_health(transaction, device, health, received_at)


async def test_a_box_that_never_said_that_it_is_there_is_in_no_fleet(tmp_path: Path) -> None:
    await keep(tmp_path / "hq.db", "till-1", health_at(1))
    async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine:
        assert await fleet_health(engine) == []
