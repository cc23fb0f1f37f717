"""A Mosquitto of one's own on loopback, for demonstrations, replays and tests."""

import asyncio
import os
import shutil
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

# Debian puts it where only root's PATH looks.
SYSTEM_PLACES = ("/usr/sbin", "/usr/local/sbin")
# It takes a tenth of a second; a loaded machine takes longer.
START_SECONDS = 10.0
# Mosquitto 2.0 forgets a SIGTERM that comes before its main loop runs: ask again.
STOP_ASK_SECONDS = 0.3
STOP_TRIES = 15
# The port is free when it is picked; another process may be quicker.
START_TRIES = 3
LAST_LINES = 20


class BrokerMissingError(Exception):
    """Mosquitto is not installed."""


class BrokerFailedError(Exception):
    """Mosquitto did not start; the text holds its last lines."""


def find_mosquitto() -> str:
    """The program's path. Raises BrokerMissingError."""
    places = os.pathsep.join((os.environ.get("PATH", os.defpath), *SYSTEM_PLACES))
    found = shutil.which("mosquitto", path=places)
    if found is None:
        raise BrokerMissingError("mosquitto is not installed (Debian: apt-get install mosquitto)")
    return found


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def own_user_line() -> str:
    """Started by root it would become `mosquitto`, who may not read our directories."""
    return "user root\n" if os.geteuid() == 0 else ""


class BrokerProcess:
    """One run of Mosquitto with one configuration file that logs to standard error."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._started: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, config: Path) -> "BrokerProcess":
        """Return when it accepts connections. Raises BrokerMissingError or BrokerFailedError."""
        process = await asyncio.create_subprocess_exec(
            find_mosquitto(),
            "-c",
            str(config),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for us; we then stop it in our own order
        )
        broker = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                running = await broker._started
        except TimeoutError:
            running = False
        except BaseException:
            await broker.stop()
            raise
        if not running:
            await broker.stop()
            raise BrokerFailedError(" | ".join(broker._last_lines) or "no word from it")
        return broker

    @property
    def pid(self) -> int:
        return self._process.pid

    async def stop(self) -> None:
        """End it as a service manager would; harmless when it is gone."""
        tries_left = STOP_TRIES
        while self._process.returncode is None and tries_left > 0:
            tries_left -= 1
            self._process.terminate()
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_ASK_SECONDS):
                    await self._process.wait()
        await self.kill()

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process.returncode is None:
            self._process.kill()
        await self._gone()

    async def _gone(self) -> None:
        await self._process.wait()
        await self._reader

    async def _read(self) -> None:
        """Keep its last lines, and notice the one that it writes once its listeners are open."""
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            text = line.decode(errors="replace").strip()
            self._last_lines.append(text)
            if text.endswith(" running"):
                self._say_started(running=True)
        self._say_started(running=False)

    def _say_started(self, *, running: bool) -> None:
        if not self._started.done():
            self._started.set_result(running)


@asynccontextmanager
async def local_broker() -> AsyncIterator[int]:
    """The port of a plain broker on 127.0.0.1, for as long as the block runs.

    Raises BrokerMissingError when Mosquitto is not installed, BrokerFailedError when it does not
    start.
    """
    find_mosquitto()
    with TemporaryDirectory(prefix="edge-broker-") as directory:
        broker, port = await _start_somewhere(Path(directory))
        try:
            yield port
        finally:
            await broker.stop()


async def _start_somewhere(directory: Path) -> tuple[BrokerProcess, int]:
    config = directory / "mosquitto.conf"
    tries_left = START_TRIES
    while True:
        port = free_port()
        config.write_text(
            f"{own_user_line()}listener {port} 127.0.0.1\nallow_anonymous true\n"
            "persistence false\nset_tcp_nodelay true\nlog_dest stderr\nlog_timestamp false\n"
        )
        try:
            return await BrokerProcess.start(config), port
        except BrokerFailedError:
            tries_left -= 1
            if tries_left == 0:
                raise
