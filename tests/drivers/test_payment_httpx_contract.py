"""What httpx does that the gateway's driver is built around; when this fails, look again."""

import asyncio

import httpx
import pytest

from edge.clock import SystemClock
from edge.drivers.payments.payment_http import GatewayHttp, HttpTimeouts, tls_context
from tests.support.payment_server import serving

URL = "http://127.0.0.1:{}"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
TIMEOUTS = HttpTimeouts(5_000, 5_000, 5_000, 5_000, 5_000)


class TwiceServer:
    """Answers its first request twice and then numbers its answers."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while await reader.readuntil(b"\r\n\r\n"):
            self.requests += 1
            answer = HEAD + b"no. %d" % self.requests
            writer.write(answer * 2 if self.requests == 1 else answer)


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A byte each 20 ms."""
    await reader.readuntil(b"\r\n\r\n")
    for byte in HEAD + b"slow!":
        writer.write(bytes([byte]))
        await asyncio.sleep(0.02)


async def test_a_second_answer_on_a_kept_connection_is_given_to_the_next_request() -> None:
    twice = TwiceServer()
    async with serving(twice.serve) as port, httpx.AsyncClient(trust_env=False) as client:
        answers = [(await client.get(URL.format(port))).text for _ in range(2)]
    assert answers == ["no. 1", "no. 1"]
    assert twice.connections == 1


async def test_the_driver_uses_each_connection_once_so_that_it_gets_its_own_answer() -> None:
    twice = TwiceServer()
    async with serving(twice.serve) as port:
        http = GatewayHttp(URL.format(port), tls_context(None), TIMEOUTS)
        answers = [(await http.exchange("GET", "/", {}, b"")).body for _ in range(2)]
        await http.close()
    assert answers == [b"no. 1", b"no. 2"]
    assert twice.connections == 2


async def test_an_answer_that_drips_takes_longer_than_the_time_out_and_httpx_does_not_mind() -> (
    None
):
    clock = SystemClock(0)
    timeout = httpx.Timeout(0.5)
    async with serving(drip) as port, httpx.AsyncClient(trust_env=False, timeout=timeout) as client:
        began_ms = clock.now().mono_ms
        assert (await client.get(URL.format(port))).text == "slow!"
    assert clock.now().mono_ms - began_ms > 500


async def test_a_client_that_is_closed_takes_a_request_for_a_bug_and_says_that_it_is_closed() -> (
    None
):
    client = httpx.AsyncClient(trust_env=False)
    assert not client.is_closed
    await client.aclose()
    assert client.is_closed
    with pytest.raises(RuntimeError, match="closed"):
        await client.get(URL.format(9))
