"""The ordered stop: what was begun is finished, within a limit, and the store is closed whole."""

import asyncio
import socket
import sqlite3
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.appliance import DRAIN_LIMIT_S
from edge.checkout.inputs import Key
from edge.clock import VirtualClock
from edge.control import REQUEST_TIMEOUT_S, socket_path
from edge.ports import StoreError
from edge.settings import Settings
from edge.uplink.settings import UplinkSettings
from edge.wire.codec import decode
from edge.wire.messages import Birth, state_reader
from tests.support.broker import plain_broker
from tests.support.fleet import somebody
from tests.support.house import SHELF, counter, simulated_settings
from tests.support.left_behind import left_behind

# paho's, for each address that it tries (paho-mqtt 2.1, Client.connect_timeout).
CONNECT_LIMIT_S = 5

PENCIL, TEA = (code for code, _ in SHELF.values())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return simulated_settings(tmp_path)


async def test_what_is_in_the_inbox_is_finished(settings: Settings) -> None:
    async with counter(settings) as till:
        till.scan("Pencil")
        till.scan("Tea")
        till.press(Key.CASH)
        till.stop.stop()
    left = left_behind(settings.store.path)
    assert left.totals == {1: 619}
    assert {each.state for each in left.effects} == {"done"}
    assert (till.drawer.pulses, till.printer.printed) == (1, 1)
    assert not settings.store.path.with_name("till.db-wal").exists()


async def test_a_sale_that_is_being_stored_is_stored_and_printed(settings: Settings) -> None:
    async with counter(settings) as till:
        answered = till.watch.hold("store.commit")
        till.scan("Pencil")
        till.press(Key.CASH)
        await till.until_event("store.commit begins")
        till.stop.stop()
        answered.set()
    left = left_behind(settings.store.path)
    assert (left.totals, left.draft) == ({1: 120}, None)
    assert {each.state for each in left.effects} == {"done"}


async def test_the_open_basket_is_kept_to_its_last_scan(settings: Settings) -> None:
    async with counter(settings, clock=VirtualClock(1_800_000_000_000)) as till:
        till.scan("Pencil")
        await till.until_event("store.save_draft ends")
        till.scan("Tea")
        till.stop.stop()
    assert left_behind(settings.store.path).draft == (PENCIL, TEA)


async def test_a_printer_that_hangs_is_not_waited_for_beyond_the_limit(settings: Settings) -> None:
    async with counter(settings) as till:
        till.house.appliance._drain_limit_s = 0.05
        till.watch.hold("printer.print_receipt")
        till.scan("Pencil")
        till.press(Key.CASH)
        await till.until_event("printer.print_receipt begins")
    left = left_behind(settings.store.path)
    assert left.pending == {1}
    async with counter(settings) as till:
        await till.until(lambda: till.notice.startswith("Reprint 1?"))


async def test_the_uplink_says_goodbye_beside_the_receipt_that_is_being_printed(
    tmp_path: Path,
) -> None:
    """It has no part in a sale, and a connect under way must not come on top of the printer's."""
    async with plain_broker(tmp_path) as broker, somebody(broker.port) as listener:
        await listener.subscribe("v1/d/till-07/state")
        heard = (decode(state_reader(), each.payload) async for each in listener.messages())
        settings = simulated_settings(tmp_path, uplink={"host": "127.0.0.1", "port": broker.port})
        async with counter(settings) as till, asyncio.timeout(30):
            assert isinstance(await anext(heard), Birth)
            printed = till.watch.hold("printer.print_receipt")
            till.scan("Pencil")
            till.press(Key.CASH)
            await till.until_event("printer.print_receipt begins")
            till.stop.stop()
            assert (await anext(heard)).reason == "stopped"
            printed.set()
    left = left_behind(settings.store.path)
    assert (left.totals, left.pending) == ({1: 120}, set())


async def test_a_commit_that_hangs_is_finished_by_the_store_itself(settings: Settings) -> None:
    """Whoever waits for it is gone by then: nothing is printed, so a copy is offered."""
    async with counter(settings) as till:
        till.scan("Pencil")
        till.press(Key.CASH)
        till.house.appliance._drain_limit_s = 0.0
        await till.until_event("store.commit begins")
        till.stop.stop()
    left = left_behind(settings.store.path)
    assert left.totals == {1: 120}
    assert left.pending in ({1}, set())
    assert left.problems == ()


async def test_a_tool_that_hangs_on_the_socket_holds_up_no_stop(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX) as tool:
        tool.setblocking(False)
        async with counter(settings) as till:
            await loop.sock_connect(tool, str(socket_path(settings.store.path)))
            await till.sell("Pencil")
            began_s = loop.time()
        assert loop.time() - began_s < REQUEST_TIMEOUT_S / 2


def test_the_limits_add_up_to_less_than_systemd_waits() -> None:
    unit = (Path(__file__).parents[2] / "systemd/edge.service").read_text(encoding="utf-8")
    (patience_s,) = [
        int(line.removeprefix("TimeoutStopSec="))
        for line in unit.splitlines()
        if line.startswith("TimeoutStopSec=")
    ]
    # Closing the sources and the sinks takes a few seconds more.
    assert patience_s - 5 > DRAIN_LIMIT_S
    uplink = UplinkSettings(host="broker", port=1883)
    assert patience_s > CONNECT_LIMIT_S + uplink.reply_timeout_s + uplink.farewell_timeout_s


def fill(conn: sqlite3.Connection) -> None:
    conn.execute("PRAGMA max_page_count=1").fetchall()
    conn.execute("CREATE TABLE big AS SELECT zeroblob(1000000)")


async def test_a_bug_in_a_driver_ends_the_daemon(settings: Settings) -> None:
    def explode(_: object) -> None:
        raise AssertionError("a bug")

    async def scan() -> None:
        async with counter(settings) as till:
            till.screen.on_show = explode
            till.scan("Pencil")
            await till.until(lambda: False)

    with pytest.raises(ExceptionGroup) as caught:
        await scan()
    assert caught.group_contains(AssertionError, match="a bug")


async def test_a_bug_in_the_stores_writer_ends_an_idle_daemon(settings: Settings) -> None:
    """The one who met it may be anybody; the till itself asks the store for nothing here."""

    async def idle() -> None:
        async with counter(settings) as till:
            writer = till.house.store._writer
            with pytest.raises(AssertionError, match="a bug ended the store's writer"):
                await writer.submit(lambda conn: conn.execute("COMMIT"))
            await till.until(lambda: False)

    with capture_logs() as logs, pytest.raises(AssertionError, match="a job ended the transaction"):
        await idle()
    assert "store_failed" not in [line["event"] for line in logs]


async def test_a_failed_disk_ends_no_daemon(settings: Settings) -> None:
    async with counter(settings) as till:
        writer = till.house.store._writer
        with pytest.raises(StoreError, match="disk_full"):
            await writer.submit(fill)
        till.scan("Pencil")
        await till.until(lambda: till.notice.startswith("Disk is full"))
