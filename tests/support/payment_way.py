"""What lies between a till and its gateway."""

import asyncio

from tests.support.devices import Changes


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(4096):
        writer.write(data)
    writer.close()


async def lead_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gateway_port: int
) -> None:
    """A cable to the gateway."""
    behind = await asyncio.open_connection("127.0.0.1", gateway_port)
    await asyncio.gather(pipe(reader, behind[1]), pipe(behind[0], writer))


class HeldUp:
    """Connections hang in their handshakes until `let_go`, which cuts those off; what comes after
    that is led on.
    """

    def __init__(self, gateway_port: int) -> None:
        self.held = 0
        self.changes = Changes()
        self._gateway_port = gateway_port
        self._let_go = asyncio.Event()

    def let_go(self) -> None:
        self._let_go.set()

    async def until_held(self, count: int) -> None:
        await self.changes.until(lambda: self.held >= count)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._let_go.is_set():
            await lead_on(reader, writer, self._gateway_port)
            return
        self.held += 1
        self.changes.tell()
        await self._let_go.wait()
