"""The network between the till and the broker, as a cable that somebody can pull."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

LOOPBACK = "127.0.0.1"
# What is carried at once; no message on the wire is larger.
CHUNK_BYTES = 64 * 1024


class Cable:
    """Carries every connection from a port of its own to the broker's, until it is cut. A cut
    ends what is connected, and refuses whoever tries meanwhile.
    """

    def __init__(self, broker_port: int) -> None:
        self._broker_port = broker_port
        self._ends: set[asyncio.StreamWriter] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._reserved = _reserve(0)
        self.port: int = self._reserved.getsockname()[1]

    @property
    def is_cut(self) -> bool:
        return self._server is None

    async def mend(self) -> None:
        """Return when it carries again."""
        if self._server is None:
            self._reserved.close()
            self._server = await asyncio.start_server(self._accept, LOOPBACK, self.port)

    def cut(self) -> None:
        if self._server is None:
            return
        self._server.close()
        self._server = None
        self._reserved = _reserve(self.port)
        for end in self._ends:
            end.transport.abort()

    async def throw_away(self) -> None:
        """Cut it for good; return when nothing is under way any more."""
        self.cut()
        self._reserved.close()
        if self._carrying:
            await asyncio.wait(self._carrying)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._carry(reader, writer))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it or the cable is cut."""
        ends = [writer]
        self._ends.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._broker_port)
            ends.append(far_writer)
            self._ends.add(far_writer)
            if not self.is_cut:
                await _both(_pump(reader, far_writer), _pump(far_reader, writer))
        except OSError:
            pass  # the broker is gone; the till notices by itself
        finally:
            for end in ends:
                self._ends.discard(end)
                end.transport.abort()


@asynccontextmanager
async def plugged_in(broker_port: int) -> AsyncIterator[Cable]:
    """A cable to the broker's port on loopback; `port` is its near end."""
    cable = Cable(broker_port)
    try:
        await cable.mend()
        yield cable
    finally:
        await cable.throw_away()


def _reserve(port: int) -> socket.socket:
    """A socket that holds the port (0: any) and refuses to be connected to."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((LOOPBACK, port))
    return holder


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
