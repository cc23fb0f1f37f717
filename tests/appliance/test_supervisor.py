"""What systemd hears, on a real datagram socket."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.supervisor import LONGEST_START_MS, START_STEP_MS, Supervisor
from tests.support.devices import SteppedClock
from tests.support.house import counter, simulated_settings

WATCHDOG_US = 30_000_000


class Systemd:
    """A notification socket."""

    def __init__(self, address: str | bytes) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind(address)

    async def heard(self) -> str:
        async with asyncio.timeout(10):
            loop = asyncio.get_running_loop()
            return (await loop.sock_recv(self.socket, 4096)).decode()

    def has_heard(self) -> list[str]:
        """All that was said and not heard yet."""
        states = []
        while True:
            try:
                states.append(self.socket.recv(4096).decode())
            except BlockingIOError:
                return states


@pytest.fixture
async def systemd(tmp_path: Path) -> AsyncIterator[Systemd]:
    hearing = Systemd(str(tmp_path / "notify"))
    yield hearing
    hearing.socket.close()


@pytest.fixture
def supervisor(systemd: Systemd, tmp_path: Path) -> Supervisor:
    del systemd
    return Supervisor(str(tmp_path / "notify"), WATCHDOG_US)


async def test_ready_comes_with_a_status_and_stopping_after_it(
    systemd: Systemd, supervisor: Supervisor
) -> None:
    supervisor.ready("selling")
    supervisor.stopping()
    assert await systemd.heard() == "READY=1\nSTATUS=selling"
    assert await systemd.heard() == "STOPPING=1"


async def test_the_watchdog_is_answered_twice_in_each_of_its_periods(
    systemd: Systemd, supervisor: Supervisor
) -> None:
    clock = SteppedClock()
    answering = asyncio.create_task(supervisor.keep_alive(clock))
    await clock.until_asleep(1)
    assert systemd.has_heard() == ["WATCHDOG=1"]
    clock.advance(14_999)
    await asyncio.sleep(0)
    assert systemd.has_heard() == []
    clock.advance(1)
    await clock.until_asleep(2)
    assert systemd.has_heard() == ["WATCHDOG=1"]
    answering.cancel()


async def test_a_start_that_takes_its_time_asks_for_more_and_not_for_ever(
    systemd: Systemd, supervisor: Supervisor
) -> None:
    clock = SteppedClock()
    starting = asyncio.create_task(supervisor.keep_starting(clock))
    for times in range(1, LONGEST_START_MS // START_STEP_MS + 1):
        await clock.until_asleep(times)
        assert systemd.has_heard() == ["EXTEND_TIMEOUT_USEC=60000000"]
        clock.advance(START_STEP_MS)
    await starting
    assert systemd.has_heard() == []


async def test_without_a_watchdog_nothing_is_answered(systemd: Systemd, tmp_path: Path) -> None:
    await Supervisor(str(tmp_path / "notify"), None).keep_alive(SystemClock(0))
    assert systemd.has_heard() == []


async def test_an_abstract_address_is_understood(tmp_path: Path) -> None:
    name = f"edge-{tmp_path.name}-{id(tmp_path)}"
    hearing = Systemd(b"\0" + name.encode())
    Supervisor(f"@{name}", None).ready("selling")
    assert (await hearing.heard()).startswith("READY=1")
    hearing.socket.close()


def test_a_supervisor_that_is_away_holds_nobody_up(tmp_path: Path) -> None:
    Supervisor(None, None).ready("selling")
    Supervisor(str(tmp_path / "nobody"), None).ready("selling")
    left = tmp_path / "left"
    hearing = Systemd(str(left))
    hearing.socket.close()
    Supervisor(str(left), None).ready("selling")


def test_a_supervisor_that_does_not_listen_holds_nobody_up(
    systemd: Systemd, supervisor: Supervisor
) -> None:
    for _ in range(1_000):
        supervisor.ready("selling")
    assert 0 < len(systemd.has_heard()) < 1_000


def test_the_environment_says_where_and_how_often(
    systemd: Systemd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", str(WATCHDOG_US))
    Supervisor.from_environment().ready("selling")
    assert systemd.has_heard() == ["READY=1\nSTATUS=selling"]
    monkeypatch.delenv("NOTIFY_SOCKET")
    Supervisor.from_environment().ready("selling")
    assert systemd.has_heard() == []


async def test_the_appliance_says_ready_answers_the_watchdog_and_says_stopping(
    systemd: Systemd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    heard: list[str] = []
    async with counter(simulated_settings(tmp_path)):
        while heard.count("WATCHDOG=1") < 3:
            heard.append(await systemd.heard())
    heard += systemd.has_heard()
    assert "READY=1\nSTATUS=selling" in heard
    assert "STOPPING=1" in heard
