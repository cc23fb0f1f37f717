"""A disk that fails under the real daemon: selling stops and says so, and comes back with it."""

import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.broker import plain_broker
from tests.support.daemon import CASH, CODES, ENTER, Box, box
from tests.support.left_behind import left_behind
from tests.support.witness import Witness

# sysexits.h EX_TEMPFAIL: systemd starts the daemon anew.
RESTART = 75
BREAKS_AT_SECOND_SALE = ("-m", "tests.support.hop_daemon", "store.commit", "before", "2")


async def sell_one_and_fail(till: Box, witness: Witness) -> None:
    """The second sale does not get to the disk: no paper, no pulse, a dark customer display."""
    await till.sell("Pencil")
    await witness.scan("Umbrella")
    till.press(CASH)
    await till.until(lambda: till.daemon.events("store_failed"))
    await till.until(lambda: till.pole.shown == ("", ""))


@pytest.mark.parametrize(
    ("fault", "failure"),
    [("DISK_IS_FULL", "disk_full"), ("WRITE_FAILS", "io_error"), ("SYNC_FAILS", "io_error")],
)
async def test_a_failed_write_stops_selling_until_a_restart(
    tmp_path: Path, fault: str, failure: str
) -> None:
    async with box(tmp_path) as till:
        witness = Witness(till)
        process = await till.up((*BREAKS_AT_SECOND_SALE, fault))
        await sell_one_and_fail(till, witness)
        assert {line["failure"] for line in process.events("store_failed")} == {failure}
        till.scan(CODES["Notebook"])
        till.press(f"{CASH}{ENTER}")
        assert await process.gone() == RESTART
        assert process.said == []
        assert (till.printer.pulses, [paper.receipt_no for paper in till.printer.whole]) == (1, [1])
        left = witness.look()
        await till.up()
        await witness.catch_up(left)
        await witness.scan("Notebook")
        await witness.pay()
        assert await till.stop() == 0
        assert witness.look().pending == set()


async def test_a_bug_in_the_store_is_no_failed_disk_and_ends_the_daemon(tmp_path: Path) -> None:
    async with box(tmp_path) as till:
        process = await till.up(("-m", "tests.support.bug_daemon"))
        await till.put_in_basket("Pencil")
        till.press(CASH)
        assert await process.gone() not in {0, RESTART}
        assert "Traceback (most recent call last):" in "\n".join(process.said)
        assert any("a job ended the transaction" in line for line in process.said)
        assert process.events("store_failed") == []
        assert (till.printer.pulses, till.printer.whole) == (0, [])
        await till.up()
        await till.until_shown("Pencil")
        assert await till.stop() == 0


async def test_the_devices_go_on_while_the_disk_does_not(tmp_path: Path) -> None:
    async with plain_broker(tmp_path) as broker, box(tmp_path, uplink_port=broker.port) as till:
        process = await till.up((*BREAKS_AT_SECOND_SALE, "DISK_IS_FULL"))
        await till.until(lambda: process.events("uplink_connected"))
        await sell_one_and_fail(till, Witness(till))
        connections = till.printer.connections
        till.printer.drop()
        await till.until(lambda: till.printer.connections > connections)
        till.line_of_display.unplug()
        await till.until(
            lambda: [line["device"] for line in process.events("device_lost")][-1:] == ["display"]
        )
        till.line_of_display.plug()
        await till.until(lambda: till.pole.shown == ("", ""))
        assert await till.stop() == 0


async def test_a_file_that_may_not_grow_is_a_failed_disk_until_it_may(tmp_path: Path) -> None:
    async with box(tmp_path) as till:
        witness = Witness(till)
        process = await till.up()
        await witness.scan("Pencil")
        await witness.pay()
        size = till.store.with_name("till.db-wal").stat().st_size
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        # Its draft is the first write that does not fit.
        till.scan(CODES["Umbrella"])
        await till.until(lambda: process.events("store_failed"))
        await till.until(lambda: till.pole.shown == ("", ""))
        till.press(CASH)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        till.press(ENTER)
        assert await process.gone() == RESTART
        left = witness.look()
        await till.up()
        await witness.catch_up(left)
        await till.sell("Notebook")
        assert await till.stop() == 0
        assert [each.receipt_no for each in till.printer.whole if not each.copy] == [1, 2]


def corrupt(store: Path) -> None:
    """What a worn card does to the middle of a file."""
    content = bytearray(store.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8192] = b"\xa5" * 8192
    store.write_bytes(content)


def no_database(store: Path) -> None:
    store.write_bytes(b"these are not the sales that you are looking for\n" * 200)


def empty(store: Path) -> None:
    store.write_bytes(b"")


def of_newer_software(store: Path) -> None:
    with closing(sqlite3.connect(store)) as conn:
        conn.execute("PRAGMA user_version=99")


def forged(store: Path) -> None:
    with closing(sqlite3.connect(store)) as conn:
        conn.execute("DROP TRIGGER journal_is_never_changed")
        conn.execute("UPDATE journal SET body = replace(body, '120', '100') WHERE kind = 'sale'")
        conn.commit()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (corrupt, "corrupt"),
        (no_database, "not a database"),
        (empty, "empty file"),
        (of_newer_software, "made by newer software"),
        (forged, "hash does not fit"),
    ],
)
async def test_a_store_that_is_none_is_refused_in_one_line(
    tmp_path: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    async with box(tmp_path) as till:
        await till.up()
        await till.sell("Pencil")
        assert await till.stop() == 0
        spoil(till.store)
        spoiled = till.store.read_bytes()
        process = await till.start()
        assert await process.gone() == 1
        (line,) = process.log
        assert line["event"] == "store_unusable"
        assert reason in line["reason"]
        assert line["reason"].startswith(str(till.store))
        assert process.said == []
        assert "READY=1" not in till.states
        assert till.store.read_bytes() == spoiled


async def test_a_lost_store_begins_anew_and_a_kept_one_goes_on(tmp_path: Path) -> None:
    async with box(tmp_path) as till:
        await till.up()
        await till.sell("Pencil")
        await till.stop()
        await till.up()
        assert (await till.sell("Pencil")).receipt_no == 2
        await till.stop()
        assert left_behind(till.store).totals == {1: 120, 2: 120}
