"""A real Mosquitto for tests: on a loopback port, killed and started again at will."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from edge.hq.local_broker import BrokerProcess, free_port, own_user_line
from edge.wire.connection import TlsFiles

ACL = Path(__file__).parents[2] / "edge/hq/broker/acl"
COMMON = "set_tcp_nodelay true\nlog_dest stderr\nlog_timestamp false\n"


class Broker:
    """A broker that keeps its port, its configuration and its disk over restarts."""

    def __init__(self, directory: Path, config: str, port: int) -> None:
        self._config = directory / "mosquitto.conf"
        self._config.write_text(config)
        self._process: BrokerProcess | None = None
        self.port = port

    async def start(self) -> None:
        assert self._process is None
        self._process = await BrokerProcess.start(self._config)

    async def kill(self) -> None:
        """As a power cut would."""
        assert self._process is not None
        await self._process.kill()
        self._process = None

    def freeze(self) -> None:
        """It holds its connections and says nothing."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop()
            self._process = None


@asynccontextmanager
async def plain_broker(directory: Path, extra: str = "") -> AsyncIterator[Broker]:
    """Anybody may say and hear anything. It has a disk of its own."""
    port = free_port()
    directory = directory / f"broker-{port}"
    directory.mkdir()
    config = (
        f"{own_user_line()}listener {port} 127.0.0.1\nallow_anonymous true\n"
        f"persistence true\npersistence_location {directory}/\n{COMMON}{extra}"
    )
    async with _running(Broker(directory, config, port)) as broker:
        yield broker


@asynccontextmanager
async def tls_broker(
    directory: Path, files: TlsFiles, revoked: Path | None = None
) -> AsyncIterator[Broker]:
    """As in production: client certificates, and the very access list that is shipped."""
    port = free_port()
    directory = directory / f"broker-{port}"
    directory.mkdir()
    shipped = (ACL.parent / "mosquitto.conf.example").read_text(encoding="utf-8")
    replaced = {
        "listener 8883": f"listener {port} 127.0.0.1",
        "/etc/mosquitto/certs/ca.pem": str(files.ca),
        "/etc/mosquitto/certs/broker.pem": str(files.cert),
        "/etc/mosquitto/certs/broker.key": str(files.key),
        "/etc/mosquitto/acl": str(ACL),
        "/var/lib/mosquitto/": f"{directory}/",
    }
    if revoked is not None:
        replaced["#crlfile /etc/mosquitto/certs/revoked.pem"] = f"crlfile {revoked}"
    for shipped_value, value in replaced.items():
        assert shipped.count(shipped_value) == 1
        shipped = shipped.replace(shipped_value, value)
    async with _running(Broker(directory, own_user_line() + shipped, port)) as broker:
        yield broker


@asynccontextmanager
async def _running(broker: Broker) -> AsyncIterator[Broker]:
    await broker.start()
    try:
        yield broker
    finally:
        await broker.stop()
