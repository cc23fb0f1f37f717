"""HTTPS to a payment gateway, a connection a request; imported late, for httpx comes with it."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from edge.drivers.payments.payment_answers import AnswerRefusedError, LostError, NotSentError, Reply

MS_PER_S = 1000
# An answer is 300 bytes; this leaves room for any sane one and bounds a mad one.
MAX_BODY_BYTES = 16 * 1024
# The customer at the till, two old intents being resolved, one reversal.
MAX_CONNECTIONS = 4
# The first packet to a gateway is lost now and then; a second try costs nobody a charge, because
# nothing has been sent.
CONNECT_TRIES = 2
SIGNATURE = "Edge-Signature"
HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # what is unpacked is not bounded by what was received
    "Connection": "close",
    "User-Agent": "edge-till",
}


@dataclass(frozen=True, slots=True)
class HttpTimeouts:
    """Finite, each: one step of connecting, sending and receiving, and all of it together."""

    connect_ms: int
    write_ms: int
    read_ms: int
    pool_ms: int
    total_ms: int


class GatewayHttp:
    """One client of httpx: no redirects, no proxies of the environment, no connection used twice.

    A second answer on a kept connection would be taken for the answer to the next request
    (tests/drivers/test_payment_httpx_contract.py).
    """

    def __init__(self, url: str, tls: ssl.SSLContext, timeouts: HttpTimeouts) -> None:
        self._total_ms = timeouts.total_ms
        self._client = httpx.AsyncClient(
            base_url=url,
            verify=tls,
            headers=HEADERS,
            timeout=httpx.Timeout(
                connect=timeouts.connect_ms / MS_PER_S,
                write=timeouts.write_ms / MS_PER_S,
                read=timeouts.read_ms / MS_PER_S,
                pool=timeouts.pool_ms / MS_PER_S,
            ),
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=0),
            http1=True,
            http2=False,
            follow_redirects=False,
            trust_env=False,
        )

    async def exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        """What came back, unchecked. Raises NotSentError, LostError or AnswerRefusedError, also
        when this is closed meanwhile.
        """
        try:
            async with asyncio.timeout(self._total_ms / MS_PER_S):
                return await self._exchange(method, path, headers, body)
        except (TimeoutError, httpx.TimeoutException):
            raise LostError("no_answer") from None
        # Once the handshake is over, httpcore lets errors of TLS through as they are.
        except (httpx.TransportError, OSError):
            raise LostError("connection_lost") from None

    async def close(self) -> None:
        await self._client.aclose()

    async def _exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        request = self._client.build_request(method, path, headers=headers, content=body)
        response = await self._sent(request)
        try:
            return Reply(
                status=response.status_code,
                signature=response.headers.get(SIGNATURE, ""),
                body=await _bounded_body(response),
            )
        finally:
            await response.aclose()

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        """The response, its body not yet read; only a connection that failed is tried again."""
        for tries_left in reversed(range(CONNECT_TRIES)):
            try:
                return await self._client.send(request, stream=True)
            except httpx.PoolTimeout as error:
                raise NotSentError("busy", repr(error)) from None
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                # The device may have been closed meanwhile; a closed client is asked nothing more.
                if not tries_left or self._client.is_closed:
                    raise NotSentError("not_sent", str(error) or repr(error)) from None
        raise AssertionError("unreachable")


async def _bounded_body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise AnswerRefusedError("too_large")
    return bytes(body)


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Trusts the file's authorities, or those of the system. Raises OSError."""
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
