"""The cable carries, is cut, refuses, and carries again on the same port."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from edge.demo.cable import LOOPBACK, Cable, plugged_in

# What the reader of a connection sees when the other side is gone.
ENDED = (asyncio.IncompleteReadError, ConnectionResetError)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionResetError):
        while data := await reader.read(100):
            writer.write(data)
    writer.close()


@pytest.fixture
async def cable() -> AsyncIterator[Cable]:
    server = await asyncio.start_server(echo, LOOPBACK, 0)
    async with server, plugged_in(server.sockets[0].getsockname()[1]) as cable:
        yield cable


async def echoes(cable: Cable, word: bytes) -> bool:
    reader, writer = await asyncio.open_connection(LOOPBACK, cable.port)
    try:
        writer.write(word)
        async with asyncio.timeout(60):
            return await reader.readexactly(len(word)) == word
    finally:
        writer.close()


async def test_it_carries_both_ways(cable: Cable) -> None:
    assert await echoes(cable, b"hello")


async def test_a_cut_ends_what_is_connected_and_refuses_what_comes(cable: Cable) -> None:
    reader, writer = await asyncio.open_connection(LOOPBACK, cable.port)
    writer.write(b"x")
    async with asyncio.timeout(60):
        await reader.readexactly(1)
        cable.cut()
        with pytest.raises(ENDED):
            await reader.readexactly(1)
    assert cable.is_cut
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(LOOPBACK, cable.port)
    writer.close()


async def test_mended_it_carries_again(cable: Cable) -> None:
    port = cable.port
    for _ in range(3):
        cable.cut()
        cable.cut()
        await cable.mend()
        await cable.mend()
        assert await echoes(cable, b"again")
    assert cable.port == port


async def test_it_gives_up_a_connection_whose_broker_is_gone() -> None:
    server = await asyncio.start_server(echo, LOOPBACK, 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with plugged_in(port) as cable, asyncio.timeout(60):
        reader, writer = await asyncio.open_connection(LOOPBACK, cable.port)
        with pytest.raises(ENDED):
            await reader.readexactly(1)
        writer.close()
