"""The daemon's local socket: command-line tools ask it for a copy of the store that it has open.

One JSON line asks, one JSON line answers. Who may open the socket may read the store.
"""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

# A path and a verb: far more than either needs.
MAX_REQUEST_BYTES = 8_192
# A technician's tool is one connection at a time; a stuck one must not hold the next.
REQUEST_TIMEOUT_S = 5
# A copy of a year's journal takes a few seconds on an SD card.
COPY_TIMEOUT_S = 120

Copy = Callable[[Path], Awaitable[None]]


class ControlRefused(Exception):  # noqa: N818 - a refusal, which the technician reads
    """The daemon did not do what it was asked; the text says why."""


def socket_path(store: Path) -> Path:
    return store.with_name(store.name + ".sock")


class ControlSocket:
    """Listens beside the store; a source of the appliance."""

    name = "control"

    def __init__(self, store: Path, copy: Copy) -> None:
        self._path = socket_path(store)
        self._copy = copy

    async def run(self) -> None:
        """Serve until cancelled; the socket file goes with it."""
        # A daemon that was killed left its socket file; the store's lock says that it is gone.
        self._path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, self._path, limit=MAX_REQUEST_BYTES)
        self._path.chmod(0o600)
        try:
            async with server:
                await server.serve_forever()
        finally:
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(REQUEST_TIMEOUT_S):
                line = await reader.readline()
            answer = await self._answer(line)
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            target = Path(json.loads(line)["copy_to"])
        except (ValueError, KeyError, TypeError):
            return {"error": 'the request is not {"copy_to": "PATH"}'}
        try:
            await self._copy(target)
        except OSError as error:
            return {"error": f"{target}: {error.strerror or error}"}
        return {"copied": str(target)}


def ask_for_copy(store: Path, target: Path) -> None:
    """Have the daemon that owns `store` copy it to `target`. Raises ControlRefused."""
    path = socket_path(store)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(COPY_TIMEOUT_S)
        try:
            client.connect(str(path))
            client.sendall(json.dumps({"copy_to": str(target.resolve())}).encode() + b"\n")
            answer = json.loads(client.makefile("rb").readline() or b"{}")
        except OSError as error:
            raise ControlRefused(f"{path}: the daemon does not answer: {error}") from error
    if "copied" not in answer:
        raise ControlRefused(answer.get("error", f"{path}: the daemon closed the connection"))
