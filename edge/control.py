"""The daemon's local socket: command-line tools ask it how it is, and for a copy of the store that
it has open.

A word asks, one JSON line answers. The daemon chooses the copy's place, beside the store, for its
service may write nowhere else and sees a /tmp of its own; the copy is there until the tool hangs
up. Who may open the socket may read the store.
"""

import asyncio
import glob
import itertools
import json
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import structlog
from pydantic import TypeAdapter, ValidationError

from edge.ports import StoreError

REQUEST = b"copy\n"
HEALTH = b"health\n"
# A word: more than any needs.
MAX_REQUEST_BYTES = 64
# A tool asks as soon as it is connected; one that is stuck is not waited for.
REQUEST_TIMEOUT_S = 5
# A copy of a year's journal takes a few seconds on an SD card.
COPY_TIMEOUT_S = 120

# What is known at once is answered at once, by a daemon that is not stuck.
ANSWER_TIMEOUT_S = 10

NOBODY: Final = (
    "no daemon listens there; start it: `edge run --config EDGE.TOML`, or `systemctl start edge`"
)

Copy = Callable[[Path], Awaitable[None]]
# What answers a word: a value that is JSON. It raises StoreError or OSError at most.
Answer = Callable[[], Awaitable[object]]
NO_ANSWERS: Final[Mapping[bytes, Answer]] = {}


class ControlRefused(Exception):  # noqa: N818 - a refusal, which the technician reads
    """The daemon did not do what it was asked; the text says why."""


def socket_path(store: Path) -> Path:
    return store.with_name(store.name + ".sock")


class ControlSocket:
    """Listens beside the store; a source of the appliance."""

    name = "control"

    def __init__(
        self, store: Path, copy: Copy, answers: Mapping[bytes, Answer] = NO_ANSWERS
    ) -> None:
        self._store = store.absolute()
        self._path = socket_path(store)
        self._copy = copy
        self._answers = answers
        self._numbers = itertools.count(1)
        # One copy at a time: they take the store from the till while they last.
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Serve until cancelled; the socket file goes with it. Where there can be none, tools are
        not answered and selling goes on.
        """
        try:
            self._remove_copies()
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

    def _remove_copies(self) -> None:
        """What a daemon that was killed left behind."""
        for copy in self._store.parent.glob(f"{glob.escape(self._store.name)}.copy-*"):
            copy.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(REQUEST_TIMEOUT_S):
                    line = await _line_of(reader)
                if line == REQUEST:
                    await self._lend(reader, writer)
                elif line in self._answers:
                    await self._tell(writer, self._answers[line])
                else:
                    await _answer(writer, error="the request is not known")
        finally:
            writer.close()

    async def _tell(self, writer: asyncio.StreamWriter, answer: Answer) -> None:
        try:
            await _answer(writer, answer=await answer())
        except (OSError, StoreError) as error:
            await _answer(writer, error=str(error))

    async def _lend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer with a copy, which is there for as long as the tool stays connected."""
        target = self._store.with_name(f"{self._store.name}.copy-{next(self._numbers)}")
        try:
            async with self._turn:
                await self._copy(target)
            await _answer(writer, copied=str(target))
            while await reader.read(MAX_REQUEST_BYTES):
                """Nothing more is asked; the end of it is that the tool has hung up."""
        except OSError as error:
            await _answer(writer, error=_reason(error, target))
        except StoreError as error:
            await _answer(writer, error=str(error))
        finally:
            target.unlink(missing_ok=True)


def _reason(error: OSError, target: Path) -> str:
    """What failed, with the path once, whether the error names it or not."""
    return f"{target}: {error.strerror}" if error.strerror else str(error)


async def _answer(writer: asyncio.StreamWriter, **answer: object) -> None:
    writer.write(json.dumps(answer).encode() + b"\n")
    await writer.drain()


async def _line_of(reader: asyncio.StreamReader) -> bytes:
    """The request's line; what is longer than any request is none."""
    try:
        return await reader.readline()
    except ValueError:
        return b""


@contextmanager
def copy_of(store: Path) -> Iterator[Path]:
    """A copy of `store`, made by the daemon that has it open and removed by it after the block.
    Raises ControlRefused.
    """
    with _asked(store, REQUEST, COPY_TIMEOUT_S) as answer:
        if "copied" not in answer:
            raise _refused(store, answer)
        yield Path(answer["copied"])


def told(store: Path, word: bytes) -> Any:
    """What the daemon that has `store` open answers to a word. Raises ControlRefused."""
    with _asked(store, word, ANSWER_TIMEOUT_S) as answer:
        if "answer" not in answer:
            raise _refused(store, answer)
        return answer["answer"]


@contextmanager
def _asked(store: Path, word: bytes, timeout_s: int) -> Iterator[dict[str, Any]]:
    """The line that answers, and a connection that lasts as long as the block."""
    path = socket_path(store)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(timeout_s)
        try:
            client.connect(str(path))
            client.sendall(word)
            with client.makefile("rb") as answers:
                line = answers.readline()
        except OSError as error:
            raise ControlRefused(f"{path}: {_why(error)}") from error
        yield _read(path, line or b"{}")


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return NOBODY
    return f"the daemon does not answer: {error.strerror or error}"


def _read(path: Path, line: bytes) -> dict[str, Any]:
    try:
        return TypeAdapter(dict[str, Any]).validate_json(line)
    except ValidationError as error:
        raise ControlRefused(f"{path}: the daemon's answer can't be read") from error


def _refused(store: Path, answer: Mapping[str, Any]) -> ControlRefused:
    closed = f"{socket_path(store)}: the daemon closed the connection"
    return ControlRefused(answer.get("error", closed))
