"""The network between a client and a broker, to be cut or to fall silent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LOOPBACK = "127.0.0.1"
CHUNK_BYTES = 64 * 1024
# DISCONNECT of MQTT 5 (3.14) with reason code 0x8E: another client has connected with the same id.
# Mosquitto says it from 2.0.15 on; an older one only hangs up.
SESSION_TAKEN_OVER = bytes((0xE0, 2, 0x8E, 0))


class Line:
    """Forwards TCP connections to a port of this machine."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._writers: set[asyncio.StreamWriter] = set()
        self._clients: set[asyncio.StreamWriter] = set()
        self._silent: set[asyncio.StreamWriter] = set()
        self.port = 0

    def cut(self) -> None:
        """Both ends of every connection see it break; new ones are taken."""
        for writer in self._writers:
            writer.transport.abort()

    def take_over(self) -> None:
        """What a broker does with all clients when others come under their names."""
        for writer in self._clients:
            writer.write(SESSION_TAKEN_OVER)

    def fall_silent(self) -> None:
        """What is sent on today's connections vanishes, and nobody is told; new ones work."""
        self._silent |= self._writers

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(LOOPBACK, self._to_port)
        self._writers |= {writer, back}
        self._clients |= {writer}
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._forward(reader, back))
                tasks.create_task(self._forward(there, writer))
        except* OSError:
            pass
        finally:
            self._writers -= {writer, back}
            self._clients -= {writer}
            writer.transport.abort()
            back.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK_BYTES):
            if writer not in self._silent:
                writer.write(chunk)
                await writer.drain()
        raise ConnectionResetError


@asynccontextmanager
async def line_to(port: int) -> AsyncIterator[Line]:
    line = Line(port)
    serving: set[asyncio.Task[None]] = set()

    def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(line.serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(taken, LOOPBACK, 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        line.cut()
        if serving:
            await asyncio.wait(set(serving))
