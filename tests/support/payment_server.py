"""A payment gateway on 127.0.0.1 over HTTPS, which can be told to misbehave, request by request.

It checks and makes signatures by docs/payments.md alone and shares no code with the driver.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.support.devices import DEADLINE_S, Changes
from tests.support.payment_ledger import Ledger
from tests.support.pki import Authority

MAX_HEAD_BYTES = 8 * 1024
MAX_BODY_BYTES = 4 * 1024
KEY_ID = "till-001"
SECRET = bytes(range(32))


class Fault(StrEnum):
    """What happens to one request instead of a good answer."""

    # The request is not carried out.
    CLOSED_UNREAD = "closed_unread"
    CLOSED_BEFORE = "closed_before"
    SILENT_BEFORE = "silent_before"
    BAD_GATEWAY = "bad_gateway"
    REDIRECTED = "redirected"
    SIGNED_ERROR = "signed_error"
    # It lies in some buffer on the way and is carried out at `release`.
    HELD = "held"
    # It is carried out, and then the answer goes wrong.
    CLOSED_AFTER = "closed_after"
    SILENT_AFTER = "silent_after"
    LATE = "late"
    DRIPPING = "dripping"
    CUT_SHORT = "cut_short"
    NOT_HTTP = "not_http"
    NOT_TLS = "not_tls"
    NOT_JSON = "not_json"
    EXTRA_FIELD = "extra_field"
    FLOAT_AMOUNT = "float_amount"
    HUGE_BODY = "huge_body"
    HUGE_HEAD = "huge_head"
    UNSIGNED = "unsigned"
    WRONG_KEY = "wrong_key"
    ODD_SIGNATURE = "odd_signature"
    REPLAYED = "replayed"
    OTHER_INTENT = "other_intent"
    OTHER_AMOUNT = "other_amount"
    OTHER_CURRENCY = "other_currency"
    NO_AMOUNT = "no_amount"
    # A good answer, and then another copy of it.
    TWICE = "twice"


# The till's time-outs must pass before these are over.
SLOW = {Fault.SILENT_BEFORE, Fault.SILENT_AFTER, Fault.LATE, Fault.DRIPPING}
NOT_CARRIED_OUT = {
    Fault.CLOSED_UNREAD,
    Fault.CLOSED_BEFORE,
    Fault.SILENT_BEFORE,
    Fault.BAD_GATEWAY,
    Fault.REDIRECTED,
    Fault.SIGNED_ERROR,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def intent_id(self) -> str:
        if self.path == "/v1/payments":
            return json.loads(self.body)["intent_id"]
        return self.path.split("/")[3]


def _signature(*fields: str, body: bytes, secret: bytes = SECRET) -> str:
    text = "\n".join([*fields, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


class PaymentServer:
    """`faults` are used up one a request; `asked` is every request whose signature was right."""

    def __init__(self, authority: Authority, ledger: Ledger | None = None) -> None:
        self.ledger = ledger or Ledger()
        self.faults: deque[Fault | None] = deque()
        self.asked: list[Asked] = []
        self.connections = 0
        self.wrongly_signed = 0
        self.changes = Changes()
        self.port = 0
        self._held: list[Asked] = []
        self._nonces: set[str] = set()
        self._last = b""
        self._handlers: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        files = authority.broker()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(files.cert, files.key)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """At the same port as before, when there was one."""
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, ssl=self._tls, limit=MAX_HEAD_BYTES
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def until_idle(self) -> None:
        """Until every connection is over, also those that the till has given up."""
        await self.changes.until(lambda: not self._handlers)

    def release(self) -> None:
        """What was held on the way comes to the gateway now; nobody waits for its answers."""
        while self._held:
            self.release_one(0)

    def release_one(self, which: int) -> None:
        """One of the requests that are held comes to the gateway, whichever was sent first."""
        if self._held:
            self._carry_out(self._held.pop(which % len(self._held)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handler = asyncio.current_task()
        assert handler is not None
        self._handlers.add(handler)
        self.connections += 1
        try:
            await self._answer_one(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the till went away
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self._handlers.discard(handler)
            self.changes.tell()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fault = self.faults.popleft() if self.faults else None
        if fault is Fault.CLOSED_UNREAD:
            return
        asked = await _read_request(reader)
        if not self._rightly_signed(asked):
            self.wrongly_signed += 1
            writer.write(_response(401, b'{"error":"bad_signature"}'))
            await _finish(writer)
            return
        self.asked.append(asked)
        self.changes.tell()
        if fault is Fault.HELD:
            self._held.append(asked)
        elif fault in NOT_CARRIED_OUT:
            await self._refuse(fault, asked, reader, writer)
        else:
            answer = self._carry_out(asked)
            await self._answer(fault, asked, answer, reader, writer)

    async def _refuse(
        self,
        fault: Fault,
        asked: Asked,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        match fault:
            case Fault.SILENT_BEFORE:
                await reader.read()
            case Fault.BAD_GATEWAY:
                writer.write(_response(502, b"<html>Bad Gateway</html>"))
            case Fault.REDIRECTED:
                location = f"Location: {self.url}/v1/payments/elsewhere\r\n"
                writer.write(_response(307, b"", location))
            case Fault.SIGNED_ERROR:
                writer.write(self._signed(asked, {"error": "too_busy"}, status=503))
            case Fault.CLOSED_BEFORE:
                pass
        await _finish(writer)

    async def _answer(
        self,
        fault: Fault | None,
        asked: Asked,
        answer: dict[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        replayed = self._last
        good = self._last = self._signed(asked, answer)
        match fault:
            case None:
                writer.write(good)
            case Fault.TWICE:
                writer.write(good + good)
            case Fault.CLOSED_AFTER:
                return
            case Fault.SILENT_AFTER:
                await reader.read()
            case Fault.LATE:
                await reader.read()
                writer.write(good)
            case Fault.DRIPPING:
                await self._drip(good, reader, writer)
            case Fault.REPLAYED:
                writer.write(replayed or good[:-1])
            case Fault.NOT_TLS:
                _below_tls(writer).write(b"\x17\x03\x03\x00\x20" + bytes(32))
            case _:
                writer.write(self._wrong(fault, asked, answer, good))
        await _finish(writer)

    def _wrong(self, fault: Fault, asked: Asked, answer: dict[str, Any], good: bytes) -> bytes:
        head, _, body = good.partition(b"\r\n\r\n")
        wrong_key = _signature("edge-payments/1 answer", body=body)
        lies: dict[Fault, Callable[[], bytes]] = {
            Fault.CUT_SHORT: lambda: good[: len(good) - len(body) // 2],
            Fault.NOT_HTTP: lambda: b"\x00\xff GARBAGE\r\n\r\n",
            Fault.NOT_JSON: lambda: self._signed(asked, b"approved"),
            Fault.EXTRA_FIELD: lambda: self._signed(asked, answer | {"note": "x"}),
            Fault.FLOAT_AMOUNT: lambda: self._signed(asked, answer | {"amount_minor": 12.0}),
            Fault.HUGE_BODY: lambda: self._signed(asked, b" " * 10**6),
            Fault.HUGE_HEAD: lambda: b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10**6 + b"\r\n\r\n",
            Fault.UNSIGNED: lambda: _response(200, body),
            Fault.WRONG_KEY: lambda: _response(200, body, f"Edge-Signature: {wrong_key}\r\n"),
            Fault.ODD_SIGNATURE: lambda: _response(200, body, "Edge-Signature: \xe9\xff\r\n"),
            Fault.OTHER_INTENT: lambda: self._signed(asked, answer | {"intent_id": "other-1"}),
            Fault.OTHER_AMOUNT: lambda: self._signed(asked, answer | {"amount_minor": 1}),
            Fault.OTHER_CURRENCY: lambda: self._signed(asked, answer | {"currency": "XXX"}),
            Fault.NO_AMOUNT: lambda: self._signed(asked, answer | {"amount_minor": None}),
        }
        assert head
        return lies[fault]()

    async def _drip(
        self, good: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """A byte at a time, each sooner than any time-out for a single read, until given up."""
        gone = asyncio.ensure_future(reader.read())
        for byte in good:
            writer.write(bytes([byte]))
            await asyncio.wait([gone], timeout=0.02)
            if gone.done():
                return
        gone.cancel()

    def _carry_out(self, asked: Asked) -> dict[str, Any]:
        if asked.method == "GET":
            return self.ledger.query(asked.intent_id)
        if asked.path == "/v1/payments":
            return self.ledger.pay(json.loads(asked.body))
        action = asked.path.rpartition("/")[2]
        if action == "refunds":
            return self.ledger.refund(asked.intent_id, json.loads(asked.body))
        return {"close": self.ledger.close, "reverse": self.ledger.reverse}[action](asked.intent_id)

    def _rightly_signed(self, asked: Asked) -> bool:
        """By the key, and for the first time."""
        nonce = asked.headers["edge-nonce"]
        expected = _signature(
            "edge-payments/1 request",
            asked.method,
            asked.path,
            asked.headers["edge-key"],
            asked.headers["edge-timestamp"],
            nonce,
            body=asked.body,
        )
        fresh = nonce not in self._nonces
        self._nonces.add(nonce)
        return fresh and asked.headers["edge-signature"] == expected

    def _signed(self, asked: Asked, answer: dict[str, Any] | bytes, status: int = 200) -> bytes:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        signature = _signature(
            "edge-payments/1 answer",
            asked.method,
            asked.path,
            asked.headers["edge-key"],
            asked.headers["edge-nonce"],
            str(status),
            body=body,
        )
        return _response(status, body, f"Edge-Signature: {signature}\r\n")


async def _read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", "0"))
    assert length <= MAX_BODY_BYTES, length
    return Asked(method, path, headers, await reader.readexactly(length))


def _response(status: int, body: bytes, more: str = "") -> bytes:
    """No `Connection: close`: whether a connection is used again is the till's affair."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
    return f"{head}{more}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body


def _below_tls(writer: asyncio.StreamWriter) -> asyncio.WriteTransport:
    """The TCP transport under the TLS one, to send what is no TLS."""
    return writer.transport._ssl_protocol._transport


async def _finish(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def payment_server(
    authority: Authority, ledger: Ledger | None = None
) -> AsyncIterator[PaymentServer]:
    """Listening, for the length of the block."""
    server = PaymentServer(authority, ledger)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[int]:
    """A server without TLS; its port, and every connection is over when the block is."""
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        connections.add(connection)
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        async with asyncio.timeout(DEADLINE_S):
            await asyncio.gather(*connections)
