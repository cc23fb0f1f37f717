"""One connection to the broker: aiomqtt, kept to what it does reliably.

A connection is never used twice: after any failure a new one is made, with a client of its own.
What aiomqtt 2.5 does that makes this necessary is shown by tests/wire/test_aiomqtt_contract.py.
"""

import asyncio
import math
import socket
import ssl
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiomqtt
import structlog
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from pydantic import BaseModel, ConfigDict, Field

from edge.host import Host, is_address
from edge.wire.client import Client
from edge.wire.codec import JSON, Payload
from edge.wire.errors import LinkError

# Four times the largest message that is allowed: what is a little too large still arrives and is
# named in the log, what is far too large stays at the broker.
MAX_PACKET_BYTES = 256 * 1024
AT_MOST_ONCE, AT_LEAST_ONCE = 0, 1
# Messages of one read of the socket, before they are taken over into a queue of our own.
UNTAKEN_LIMIT = 1024

T = TypeVar("T")


class TlsFiles(BaseModel):
    """PEM files: who is trusted, and who we are."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # a path comes in as text

    ca: Path
    cert: Path
    key: Path


class Endpoint(BaseModel):
    """Where the broker is and how long it may take."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    host: Host
    port: int = Field(default=8883, ge=1, le=65535)
    tls: TlsFiles | None = None
    # A dead mobile line is noticed within two of these; shorter ones cost data by the day.
    keepalive_s: int = Field(default=30, ge=5, le=1200)
    # A satellite's or a crowded cell's round trip takes two seconds at worst.
    reply_timeout_s: float = Field(default=10, gt=0, le=60)


@dataclass(frozen=True, slots=True)
class LastWords:
    """What the broker publishes, retained, when the connection is lost and stays so."""

    topic: str
    payload: Payload
    delay_s: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How a client presents itself. `session_expiry_s` above 0 resumes the broker's session."""

    client_id: str
    session_expiry_s: int
    inbound_limit: int
    will: LastWords | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message as it came; nothing of it is checked yet."""

    topic: str
    payload: Payload
    retained: bool


class Connection:
    """Publish and subscribe, until the first failure."""

    def __init__(self, client: Client, reply_timeout_s: float, inbound_limit: int) -> None:
        self._client = client
        self._reply_timeout_s = reply_timeout_s
        self._inbound_limit = inbound_limit
        self._inbound: asyncio.Queue[Inbound | None] = asyncio.Queue()
        self._lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._log = structlog.get_logger()
        self.dropped = 0

    async def publish(
        self, topic: str, payload: Payload, *, retain: bool = False, expires_s: int | None = None
    ) -> None:
        """Return when the broker answered; whether it refused can't be told. What expires is sent
        at most once (QoS 0) and not answered. Raises LinkError.
        """
        properties = _properties(PacketTypes.PUBLISH)
        properties.ContentType = payload.content_type
        if expires_s is not None:
            properties.MessageExpiryInterval = expires_s
        publishing = self._client.publish(
            topic,
            payload.body,
            qos=AT_LEAST_ONCE if expires_s is None else AT_MOST_ONCE,
            retain=retain,
            properties=properties,
            timeout=math.inf,
        )
        await self._answered(publishing, f"publish to {topic}")

    async def subscribe(self, topic: str) -> None:
        """Raises LinkError, also when the broker refuses."""
        subscribing = self._client.subscribe(topic, qos=AT_LEAST_ONCE, timeout=math.inf)
        for code in await self._answered(subscribing, f"subscribe to {topic}"):
            if isinstance(code, ReasonCode) and code.is_failure:
                raise LinkError(f"subscribe to {topic}: {code}")

    async def messages(self) -> AsyncIterator[Inbound]:
        """What comes in, until the connection is lost: then raises LinkError."""
        while (inbound := await self._inbound.get()) is not None:
            yield inbound
        self._inbound.put_nowait(None)
        raise self._client.error(f"connection lost: {self._lost.result()}")

    async def listen(self) -> None:
        """Take in what comes, and notice the end of the connection."""
        try:
            async for message in self._client.messages:
                content_type = getattr(message.properties, "ContentType", JSON)
                payload = Payload(message.payload, content_type)
                self._take(Inbound(message.topic.value, payload, retained=bool(message.retain)))
        except aiomqtt.MqttError as error:
            self._lost.set_result(self._client.end if self._client.has_ended else str(error))
        finally:
            if not self._lost.done():
                self._lost.set_result("nobody listens any more")
            self._inbound.put_nowait(None)

    def _take(self, inbound: Inbound) -> None:
        """What finds no room is lost: the broker was told already that we have it."""
        if self._inbound.qsize() < self._inbound_limit:
            self._inbound.put_nowait(inbound)
            return
        self.dropped += 1
        if self.dropped == 1:
            self._log.warning("inbound_full", limit=self._inbound_limit, topic=inbound.topic)

    async def _answered(self, call: Coroutine[Any, Any, T], what: str) -> T:
        """The answer, or a LinkError as soon as the connection is lost.

        aiomqtt alone would wait for its time-out, and by `asyncio.wait_for`, which up to Python
        3.11 swallows a cancellation that comes together with the answer.
        """
        asking = asyncio.ensure_future(call)
        try:
            async with asyncio.timeout(self._reply_timeout_s):
                await asyncio.wait((asking, self._lost), return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return asking.result()
        except TimeoutError as error:
            raise LinkError(f"{what}: no answer in {self._reply_timeout_s:g} s") from error
        except aiomqtt.MqttError as error:
            raise self._client.error(f"{what}: {error}") from error
        finally:
            asking.cancel()
        raise self._client.error(f"{what}: connection lost: {self._lost.result()}")


@asynccontextmanager
async def connected(endpoint: Endpoint, terms: Terms) -> AsyncIterator[Connection]:
    """A connection that ends with the block. Raises LinkError when there is none to be had."""
    tls = await asyncio.to_thread(_tls_context, endpoint.tls) if endpoint.tls else None
    client = _client(endpoint, terms, tls)
    try:
        await _look_up(endpoint)
        await _to_its_end(client.__aenter__(), undo=client)
    except UnicodeError as error:  # the resolver's word for a host that is none
        raise LinkError(f"connect: {endpoint.host!r} is no host's name") from error
    except aiomqtt.MqttError as error:
        raise client.error(f"connect: {error}", error.__context__) from error
    if client.has_ended:
        raise client.error(f"connect: {client.end}")
    connection = Connection(client, endpoint.reply_timeout_s, terms.inbound_limit)
    listening = asyncio.ensure_future(connection.listen())
    try:
        yield connection
    finally:
        listening.cancel()
        with suppress(aiomqtt.MqttError):
            await _to_its_end(client.__aexit__(None, None, None))
        if listening.done() and not listening.cancelled():
            listening.result()


async def _look_up(endpoint: Endpoint) -> None:
    """As aiomqtt does itself, within a connect that can't be left: a name server that does not
    answer would hold up the stop for 40 s. Behind this one it is quick. Raises LinkError and
    UnicodeError.
    """
    if is_address(endpoint.host):
        return
    looking = asyncio.get_running_loop().getaddrinfo(
        endpoint.host, endpoint.port, type=socket.SOCK_STREAM
    )
    try:
        async with asyncio.timeout(endpoint.reply_timeout_s):
            await looking
    except TimeoutError as error:
        late = f"no name server answered in {endpoint.reply_timeout_s:g} s"
        raise LinkError(f"connect: {endpoint.host}: {late}") from error
    except OSError as error:
        raise LinkError(f"connect: {endpoint.host}: {error}") from error


async def _to_its_end(work: Coroutine[Any, Any, object], undo: Client | None = None) -> None:
    """Do the work even when cancelled, undo it then, and only then be cancelled.

    A connect that is left half way goes on in its thread, and would stay connected under our client
    id with nobody to close it. Its own time-outs bound it.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        if task.exception() is None and undo is not None:
            with suppress(aiomqtt.MqttError):
                await undo.__aexit__(None, None, None)
        raise


def _client(endpoint: Endpoint, terms: Terms, tls: ssl.SSLContext | None) -> Client:
    properties = _properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = terms.session_expiry_s
    properties.MaximumPacketSize = MAX_PACKET_BYTES
    return Client(
        endpoint.host,
        endpoint.port,
        tls,
        identifier=terms.client_id,
        protocol=aiomqtt.ProtocolVersion.V5,
        will=_will(terms.will) if terms.will else None,
        timeout=endpoint.reply_timeout_s,
        keepalive=endpoint.keepalive_s,
        clean_start=terms.session_expiry_s == 0,
        max_queued_incoming_messages=UNTAKEN_LIMIT,
        properties=properties,
        # Small messages at once: waiting to fill a packet halves what goes through.
        socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
    )


def _properties(packet: int) -> Properties:
    return Properties(packet)  # type: ignore[no-untyped-call]  # paho leaves it untyped


def _will(words: LastWords) -> aiomqtt.Will:
    properties = _properties(PacketTypes.WILLMESSAGE)
    properties.WillDelayInterval = words.delay_s
    properties.ContentType = words.payload.content_type
    return aiomqtt.Will(
        words.topic, words.payload.body, qos=AT_LEAST_ONCE, retain=True, properties=properties
    )


def _tls_context(files: TlsFiles) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=files.ca)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(files.cert, files.key)
    except OSError as error:
        raise LinkError(f"certificates {files.ca}, {files.cert}, {files.key}: {error}") from error
    return context
