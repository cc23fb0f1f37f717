"""The network between the till and the broker, as a cable that somebody can pull."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

LOOPBACK = "127.0.0.1"
# What is carried at once; no message on the wire is larger.
CHUNK_BYTES = 64 * 1024


class Cable:
    """Carries every connection to the broker's port on, until it is cut. A cut resets what is
    connected and whoever tries to connect meanwhile.
    """

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._ends: set[asyncio.StreamWriter] = set()
        self.is_cut = False
        self.port = 0

    def cut(self) -> None:
        self.is_cut = True
        for end in self._ends:
            end.transport.abort()

    def mend(self) -> None:
        self.is_cut = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it or the cable is cut."""
        ends = [writer]
        self._ends.add(writer)
        try:
            if self.is_cut:
                return
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._broker_port)
            ends.append(far_writer)
            self._ends.add(far_writer)
            if not self.is_cut:
                await _both(_pump(reader, far_writer), _pump(far_reader, writer))
        except OSError:
            pass  # the broker is gone, or the cable is: the till notices by itself
        finally:
            for end in ends:
                self._ends.discard(end)
                end.transport.abort()


@asynccontextmanager
async def plugged_in(broker_port: int) -> AsyncIterator[Cable]:
    """A cable to the broker's port on loopback; `port` is the near end."""
    cable = Cable(broker_port)
    carrying: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(cable.carry(reader, writer))
        carrying.add(task)
        task.add_done_callback(carrying.discard)

    server = await asyncio.start_server(accept, LOOPBACK, 0)
    cable.port = server.sockets[0].getsockname()[1]
    try:
        yield cable
    finally:
        server.close()
        cable.cut()
        if carrying:
            await asyncio.wait(carrying)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            await writer.drain()


async def _both(one: Coroutine[Any, Any, None], other: Coroutine[Any, Any, None]) -> None:
    """Run two directions until the first of them ends."""
    tasks = [asyncio.ensure_future(one), asyncio.ensure_future(other)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
