"""The printer of the tests itself: what is pulled is pulled, or a test waits for ever."""

import asyncio
import socket

import pytest

from tests.support.devices import DEADLINE_S, FakePrinter


@pytest.mark.parametrize("turns", range(6))
async def test_a_connection_that_comes_with_the_pull_is_reset(turns: int) -> None:
    """However far asyncio is with accepting it."""
    printer = FakePrinter()
    await printer.plug()
    till = socket.create_connection(("127.0.0.1", printer.port))
    till.setblocking(False)
    for _ in range(turns):
        await asyncio.sleep(0)
    await printer.pull()
    with till:
        async with asyncio.timeout(DEADLINE_S):
            with pytest.raises(ConnectionResetError):
                await asyncio.get_running_loop().sock_recv(till, 1)
