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

import structlog

from edge.ports import StoreError

# A path and a verb: far more than either needs.
MAX_REQUEST_BYTES = 8_192
# A tool asks as soon as it is connected; one that is stuck is not waited for.
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
        # One copy at a time: they take the store from the till while they last.
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Serve until cancelled; the socket file goes with it. Where there can be none, tools are
        not answered and selling goes on.
        """
        try:
            listener = self._bound()
        except OSError as error:
            structlog.get_logger("edge.control").warning("control_unavailable", reason=str(error))
            return
        async with asyncio.TaskGroup() as tasks:
            server = await asyncio.start_unix_server(
                lambda *streams: tasks.create_task(self._serve(*streams)),
                sock=listener,
                limit=MAX_REQUEST_BYTES,
            )
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                server.close()
                self._path.unlink(missing_ok=True)

    def _bound(self) -> socket.socket:
        # A daemon that was killed left its socket file; the store's lock says that it is gone.
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(str(self._path))
            # Before anybody can connect.
            self._path.chmod(0o600)
        except OSError:
            listener.close()
            raise
        return listener

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(REQUEST_TIMEOUT_S):
                    line = await _line_of(reader)
                answer = await self._answer(line)
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            target = Path(json.loads(line)["copy_to"])
        except (ValueError, KeyError, TypeError):
            return {"error": 'the request is not {"copy_to": "PATH"}'}
        try:
            async with self._turn:
                await self._copy(target)
        except OSError as error:
            return {"error": f"{target}: {error.strerror or error}"}
        except StoreError as error:
            return {"error": str(error)}
        return {"copied": str(target)}


async def _line_of(reader: asyncio.StreamReader) -> bytes:
    """The request's line; what is longer than any request is none."""
    try:
        return await reader.readline()
    except ValueError:
        return b""


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
