import asyncio
import os
import socket
from pathlib import Path

import pytest

from edge.hq.local_broker import (
    BrokerFailedError,
    BrokerMissingError,
    BrokerProcess,
    local_broker,
)
from tests.support.fleet import LOOPBACK, raw, somebody


async def test_a_broker_of_ones_own_takes_messages_and_is_gone_afterwards() -> None:
    async with asyncio.timeout(100):
        async with local_broker() as port, somebody(port) as connection:
            await connection.publish("a", raw(b"x"))
        with pytest.raises(OSError, match="refused"), socket.create_connection((LOOPBACK, port)):
            pass


async def test_two_brokers_stand_side_by_side() -> None:
    async with asyncio.timeout(100), local_broker() as one, local_broker() as two:
        assert one != two


async def test_it_is_ended_when_the_block_fails() -> None:
    async with asyncio.timeout(100):
        with pytest.raises(ZeroDivisionError):
            async with local_broker() as port:
                raise ZeroDivisionError
        with pytest.raises(OSError, match="refused"), socket.create_connection((LOOPBACK, port)):
            pass


async def test_where_there_is_no_mosquitto_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.setattr("edge.hq.local_broker.SYSTEM_PLACES", ())
    with pytest.raises(BrokerMissingError, match="not installed"):
        async with local_broker():
            pass


async def test_a_broker_that_does_not_start_gives_its_reason(tmp_path: Path) -> None:
    config = tmp_path / "mosquitto.conf"
    config.write_text("no_such_option true\n")
    with pytest.raises(BrokerFailedError, match="no_such_option"):
        await BrokerProcess.start(config)
