"""edge.wire.connection over a real broker."""

import asyncio
import gc
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.wire.connection import Connection, Endpoint, LastWords, Terms, TlsFiles, connected
from edge.wire.errors import LinkError, TakenOverError
from tests.support.broker import Broker, plain_broker, tls_broker
from tests.support.fleet import LOOPBACK, raw, somebody
from tests.support.pki import make_authority


async def test_a_message_comes_with_topic_content_type_and_retained_flag(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(100),
        plain_broker(tmp_path) as broker,
        somebody(broker.port, "writer") as writer,
        somebody(broker.port, "reader") as reader,
    ):
        await writer.publish("a/b", raw(b"kept", "text/x"), retain=True)
        await reader.subscribe("a/b")
        messages = reader.messages()
        kept = await anext(messages)
        await writer.publish("a/b", raw(b"live", "text/y"))
        live = await anext(messages)
        await messages.aclose()
    assert (kept.topic, kept.payload, kept.retained) == ("a/b", raw(b"kept", "text/x"), True)
    assert (live.topic, live.payload, live.retained) == ("a/b", raw(b"live", "text/y"), False)


async def test_a_lost_connection_ends_the_messages(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(100),
        plain_broker(tmp_path) as broker,
        somebody(broker.port) as connection,
    ):
        await broker.kill()
        with pytest.raises(LinkError, match="connection lost"):
            await anext(connection.messages())
        with pytest.raises(LinkError, match="publish to a/b"):
            await connection.publish("a/b", raw(b"x"))


async def test_a_cancellation_that_comes_with_the_answer_is_not_lost(tmp_path: Path) -> None:
    """`asyncio.wait_for` of Python 3.11 would swallow it, and with it the order to stop."""
    async with (
        asyncio.timeout(100),
        plain_broker(tmp_path) as broker,
        somebody(broker.port) as connection,
    ):
        publishing = asyncio.ensure_future(connection.publish("a/b", raw(b"x")))
        paho = connection._client._client
        answered = paho.on_publish

        def answered_and_cancelled(*args: object) -> None:
            answered(*args)
            publishing.cancel()

        paho.on_publish = answered_and_cancelled
        with pytest.raises(asyncio.CancelledError):
            await publishing


@pytest.fixture
async def complaints() -> AsyncIterator[Callable[[], list[str]]]:
    """What asyncio has to say of errors that nobody has read."""
    said: list[str] = []

    def heard() -> list[str]:
        gc.collect()
        return said

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: said.append(context["message"]))
    yield heard
    loop.set_exception_handler(None)


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[int]:
    """A broker that says this to whoever connects, and hangs up."""

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(answered, LOOPBACK, 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_a_broker_that_hangs_up_before_its_answer_is_a_link_error_at_once() -> None:
    """aiomqtt alone would wait for its time-out."""
    async with answering(b"") as port:
        with pytest.raises(LinkError, match="connect: the broker hung up before it answered"):
            async with somebody(port):
                pass


async def test_who_is_thrown_out_right_behind_the_answer_learns_of_it(
    complaints: Callable[[], list[str]],
) -> None:
    """aiomqtt alone would take itself for connected, and leave an error behind that nobody reads:
    it comes while the connect is on its way back.
    """
    accepted, taken_over = bytes((0x20, 3, 0, 0, 0)), bytes((0xE0, 2, 0x8E, 0))
    async with asyncio.timeout(100), answering(accepted + taken_over) as port:
        with pytest.raises(TakenOverError, match="Session taken over"):
            async with somebody(port) as connection:
                await anext(connection.messages())
    assert complaints() == []


async def test_who_leaves_while_the_connection_is_lost_leaves_no_complaint_behind(
    tmp_path: Path, complaints: Callable[[], list[str]]
) -> None:
    async def lose_and_leave(broker: Broker) -> None:
        connected: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()

        async def stay() -> None:
            async with somebody(broker.port) as connection:
                connected.set_result(connection)
                await anext(connection.messages())

        staying = asyncio.ensure_future(stay())
        paho = (await connected)._client._client
        lost = paho.on_disconnect

        def lost_and_cancelled(*args: object) -> None:
            lost(*args)
            staying.cancel()

        paho.on_disconnect = lost_and_cancelled
        await broker.kill()
        await asyncio.wait((staying,))
        assert staying.cancelled()

    async with asyncio.timeout(100), plain_broker(tmp_path) as broker:
        await lose_and_leave(broker)
    assert complaints() == []


async def test_nobody_there_is_a_link_error() -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))  # bound and not listening: refuses
        endpoint = Endpoint(host=LOOPBACK, port=taken.getsockname()[1])
        with pytest.raises(LinkError, match="connect: "):
            async with connected(endpoint, Terms("me", 0, 16)):
                pass


async def test_a_host_that_is_none_is_a_link_error() -> None:
    endpoint = Endpoint(host=LOOPBACK).model_copy(update={"host": "broker..example"})
    with pytest.raises(LinkError, match=r"connect: 'broker\.\.example' is no host's name"):
        async with connected(endpoint, Terms("me", 0, 16)):
            pass


class NameServer:
    """Answers once it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = threading.Semaphore(0)
        self.go_on = threading.Event()
        monkeypatch.setattr(socket, "getaddrinfo", self._looked_up)

    def _looked_up(self, host: str, *_: object, **__: object) -> list[object]:
        assert host == "broker.example"
        self.asked.release()
        assert self.go_on.wait(20)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


async def test_a_name_server_that_never_answers_is_a_link_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = NameServer(monkeypatch)
    endpoint = Endpoint(host="broker.example", reply_timeout_s=0.01)
    with pytest.raises(LinkError, match=r"connect: broker\.example: no name server answered in"):
        async with connected(endpoint, Terms("me", 0, 16)):
            pass
    server.go_on.set()
    with pytest.raises(LinkError, match=r"connect: broker\.example: .*Temporary failure"):
        async with connected(Endpoint(host="broker.example"), Terms("me", 0, 16)):
            pass


async def test_a_stop_waits_for_no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    server = NameServer(monkeypatch)

    async def connect() -> None:
        async with connected(Endpoint(host="broker.example"), Terms("me", 0, 16)):
            pass

    connecting = asyncio.ensure_future(connect())
    await asyncio.to_thread(server.asked.acquire)
    connecting.cancel()
    await asyncio.wait((connecting,))
    assert connecting.cancelled()
    assert not server.go_on.is_set()
    server.go_on.set()


async def test_a_broker_is_found_by_its_name(tmp_path: Path) -> None:
    async with (
        asyncio.timeout(100),
        plain_broker(tmp_path) as broker,
        connected(Endpoint(host="localhost", port=broker.port), Terms("me", 0, 16)) as connection,
    ):
        await connection.publish("a/b", raw(b"x"))


async def test_a_server_that_never_answers_is_a_link_error() -> None:
    with socket.socket() as silent:
        silent.bind((LOOPBACK, 0))
        silent.listen()
        endpoint = Endpoint(host=LOOPBACK, port=silent.getsockname()[1], reply_timeout_s=0.2)
        with pytest.raises(LinkError, match="timed out"):
            async with connected(endpoint, Terms("me", 0, 16)):
                pass


async def test_a_cancelled_connect_leaves_nobody_behind(tmp_path: Path) -> None:
    """The broker says the will of a client that is lost, not of one that leaves: were the
    connection forgotten half way, it would still be there when the broker is asked.
    """
    async with asyncio.timeout(100), plain_broker(tmp_path) as broker:
        endpoint = Endpoint(host=LOOPBACK, port=broker.port)
        terms = Terms("me", 0, 16, will=LastWords("wills/me", raw(b"lost"), 0))
        entered = asyncio.Event()

        async def connect() -> None:
            async with connected(endpoint, terms):
                entered.set()

        async with somebody(broker.port, "reader") as reader:
            await reader.subscribe("wills/#")
            for turns in range(12):
                connecting = asyncio.ensure_future(connect())
                for _ in range(turns):
                    await asyncio.sleep(0)
                connecting.cancel()
                await asyncio.wait((connecting,))
                assert connecting.cancelled()
            # Whoever still held the id would be thrown out now, and his will said.
            async with somebody(broker.port, "me") as me:
                await me.publish("wills/nobody", raw(b"nobody"))
                heard = await anext(reader.messages())
    assert heard.payload.body == b"nobody"


async def test_tls_needs_a_broker_that_our_authority_knows(tmp_path: Path) -> None:
    ours = make_authority(tmp_path, "ours")
    theirs = make_authority(tmp_path, "theirs")
    async with asyncio.timeout(100), tls_broker(tmp_path, theirs.broker()) as broker:
        with pytest.raises(LinkError, match="CERTIFICATE_VERIFY_FAILED"):
            async with somebody(broker.port, tls=ours.client("till-1")):
                pass


async def test_a_missing_certificate_is_a_link_error_that_names_the_files(tmp_path: Path) -> None:
    files = make_authority(tmp_path).client("till-1")
    files.key.unlink()
    with pytest.raises(LinkError, match=r"authority-till-1\.key"):
        async with somebody(1, tls=files):
            pass


def test_a_certificate_path_is_text_in_a_settings_file() -> None:
    endpoint = Endpoint.model_validate(
        {"host": "hq.example", "tls": {"ca": "a.pem", "cert": "b.pem", "key": "c.pem"}}
    )
    assert endpoint.tls == TlsFiles(ca=Path("a.pem"), cert=Path("b.pem"), key=Path("c.pem"))
    assert endpoint.port == 8883
