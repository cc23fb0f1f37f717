"""What aiomqtt 2.5 does on a real broker, and why edge.wire.connection is as it is.

When one of these fails after an upgrade, a reason has gone: look at what was built on it.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from tests.support.broker import Broker, plain_broker

LOOPBACK = "127.0.0.1"


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    """Everything is allowed but writing to `closed`."""
    access = tmp_path / "acl"
    access.write_text("topic readwrite open/#\ntopic read closed/#\n")
    async with asyncio.timeout(100), plain_broker(tmp_path, f"acl_file {access}\n") as broker:
        yield broker


def client(broker: Broker, name: str, **settings: Any) -> aiomqtt.Client:
    settings = {"protocol": aiomqtt.ProtocolVersion.V5, "timeout": 20, **settings}
    return aiomqtt.Client(LOOPBACK, broker.port, identifier=name, **settings)


def resumable(broker: Broker, name: str, **settings: Any) -> aiomqtt.Client:
    """A client whose session the broker keeps."""
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 60
    return client(broker, name, clean_start=False, properties=properties, **settings)


async def next_payload(subscriber: aiomqtt.Client) -> bytes:
    message = await anext(aiter(subscriber.messages))
    assert isinstance(message.payload, bytes)
    return message.payload


async def test_a_publish_that_the_broker_refuses_returns_as_if_all_were_well(
    broker: Broker,
) -> None:
    """So only headquarters' own answer makes a record delivered."""
    async with client(broker, "writer") as writer, client(broker, "reader") as reader:
        await reader.subscribe("#", qos=1)
        await writer.publish("closed/a", b"refused", qos=1)
        await writer.publish("open/a", b"taken", qos=1)
        assert await next_payload(reader) == b"taken"


async def test_a_publish_on_a_dying_socket_hangs_until_its_timeout(broker: Broker) -> None:
    """So whoever publishes is cancelled by whoever reads, who learns of the loss at once."""
    async with asyncio.TaskGroup() as tasks:
        writer = client(broker, "writer", timeout=5)
        await writer.__aenter__()
        broker.freeze()
        publish = tasks.create_task(_outcome(writer.publish("open/a", b"late", qos=1)))
        await asyncio.sleep(0)  # the publish is on its way
        await broker.kill()
        assert "Disconnected" in await _outcome(next_payload(writer))
        assert not publish.done()
        assert await publish == "Operation timed out"


async def test_a_publish_that_timed_out_is_sent_again_by_the_same_client(broker: Broker) -> None:
    """So every connection has a client of its own: an old batch can't come back to life."""
    writer = client(broker, "writer")
    async with client(broker, "reader") as reader:
        await reader.subscribe("open/#")
    await writer.__aenter__()
    broker.freeze()
    publish = writer.publish("open/a", b"late", qos=1, timeout=0.3)
    assert await _outcome(publish) == "Operation timed out"
    await broker.kill()
    assert "Disconnected" in await _outcome(next_payload(writer))
    await writer.__aexit__(None, None, None)
    await broker.start()
    async with client(broker, "reader") as reader:
        await reader.subscribe("open/#", qos=1)
        async with writer:
            assert await next_payload(reader) == b"late"


async def test_a_cancelled_connect_leaves_the_client_unusable() -> None:
    """So a connect is never cancelled half way: edge.wire.connection waits for its end."""
    with socket.socket() as silent:
        silent.bind((LOOPBACK, 0))
        silent.listen()
        silent.setblocking(False)
        port = silent.getsockname()[1]
        half = aiomqtt.Client(LOOPBACK, port, protocol=aiomqtt.ProtocolVersion.V5, timeout=5)
        connecting = asyncio.ensure_future(half.__aenter__())
        async with asyncio.timeout(10):
            taken, _address = await asyncio.get_running_loop().sock_accept(silent)
        connecting.cancel()
        with taken, pytest.raises(asyncio.CancelledError):
            await connecting
        with pytest.raises(aiomqtt.MqttReentrantError):
            await half.__aenter__()
        half._client._sock_close()


async def test_a_connect_that_the_server_hangs_up_on_waits_for_its_time_out() -> None:
    """So edge.wire.client ends it: under TLS 1.3 it is how a certificate is refused."""

    def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(hang_up, LOOPBACK, 0) as server:
        port = server.sockets[0].getsockname()[1]
        version = aiomqtt.ProtocolVersion.V5
        half = aiomqtt.Client(LOOPBACK, port, protocol=version, timeout=0.3)
        assert await _outcome(half.__aenter__()) == "Operation timed out"


async def test_a_full_inbound_queue_drops_what_was_acknowledged(broker: Broker) -> None:
    """So what is missing is found by sequence numbers and sent again, not by the broker."""
    reader = resumable(broker, "reader", max_queued_incoming_messages=2)
    async with reader:
        await reader.subscribe("open/#", qos=1)
        async with client(broker, "writer") as writer:
            for number in range(5):
                await writer.publish("open/a", b"%d" % number, qos=1)
            await reader.subscribe("open/other")  # answered after all that came before
            assert [await next_payload(reader) for _ in range(2)] == [b"0", b"1"]
            await writer.publish("open/a", b"5", qos=1)
            assert await next_payload(reader) == b"5"
    async with resumable(broker, "reader") as reader, client(broker, "writer") as writer:
        await writer.publish("open/a", b"6", qos=1)
        assert await next_payload(reader) == b"6"


async def test_a_message_is_acknowledged_before_anybody_has_read_it(broker: Broker) -> None:
    """So a PUBACK means nothing: headquarters answers once it has committed."""
    async with resumable(broker, "reader") as reader, client(broker, "writer") as writer:
        await reader.subscribe("open/#", qos=1)
        await writer.publish("open/a", b"lost", qos=1)
        await reader.subscribe("open/other")  # answered after all that came before
    async with resumable(broker, "reader") as reader, client(broker, "writer") as writer:
        await writer.publish("open/a", b"next", qos=1)
        assert await next_payload(reader) == b"next"


async def test_a_session_ends_with_its_connection_unless_told_otherwise(broker: Broker) -> None:
    """So edge.wire.connection always says which of the two it wants."""
    async with client(broker, "reader") as reader:
        await reader.subscribe("open/#", qos=1)
    async with client(broker, "writer") as writer:
        await writer.publish("open/a", b"missed", qos=1)
        async with client(broker, "reader") as reader:
            await reader.subscribe("open/#", qos=1)
            await writer.publish("open/a", b"heard", qos=1)
            assert await next_payload(reader) == b"heard"


async def _outcome(work: Any) -> str:
    """What it failed with."""
    try:
        await work
    except aiomqtt.MqttError as error:
        return str(error)
    return "nothing"
