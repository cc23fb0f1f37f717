"""`edge hq`: what its commands say of a database, and that only ingest makes one."""

import asyncio
import json
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from edge.__main__ import _parser, main
from edge.hq.alarms import OPEN_FOR_MS, AlarmKind, raise_alarm
from edge.hq.cursors import lock_cursor, quarantine, read_cursor
from edge.hq.database import open_database
from edge.hq.device_health import keep_health
from edge.hq.device_states import keep_state
from edge.hq.ingest import ingest_batch
from edge.hq_commands import _ingest_settings
from edge.wire.findings import findings
from edge.wire.messages import LAST_MOMENT_MS, Birth, DeviceHealth, Health, StoreHealth, Will
from tests.support.broker import plain_broker
from tests.support.outbox import MemoryOutbox, sale_of
from tests.support.records import batch_of

COMMANDS = (["report", "sales"], ["fleet"], ["alarms"], ["release", "till-1"])


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A till's one sale, taken in."""

    async def fill() -> None:
        till = MemoryOutbox("till-1")
        till.append(sale_of(1, 250))
        async with open_database(f"sqlite:///{path}") as engine:
            await ingest_batch(engine, "till-1", batch_of(*till.records), received_at=1)

    path = tmp_path / "hq.db"
    asyncio.run(fill())
    return path


def hq(command: list[str], database: Path) -> int:
    return main(["hq", *command, "--database", f"sqlite:///{database}"])


def refusal(command: list[str], database: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which the database is refused."""
    assert hq(command, database) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_is_not_there_is_refused_and_not_made(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refusal(command, tmp_path / "typo.db", capsys)
    assert line.startswith(f"{tmp_path}/typo.db: there is no such file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("schema", ["0000", "9999", None])
def test_a_database_of_another_schema_is_refused_and_not_changed(
    command: list[str], schema: str | None, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as conn:
        if schema is None:
            conn.execute("DROP TABLE alembic_version")
        else:
            conn.execute("UPDATE alembic_version SET version_num = ?", (schema,))
    before = database.read_bytes()
    assert f"schema {schema or 'none'}, this software reads 0003" in refusal(
        command, database, capsys
    )
    assert database.read_bytes() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_database_is_refused_in_one_line(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"a letter to the editor, long enough to be read" * 100)
    assert "not a database" in refusal(command, letter, capsys)


def test_the_figures_of_a_database(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hq(["report", "sales"], database) == 0
    assert capsys.readouterr().out.splitlines() == [
        "till-1: 1 sale of 2.50 GBP, 0 refunds of 0.00 GBP: turnover 2.50 GBP",
        "in all: 1 sale of 2.50 GBP, 0 refunds of 0.00 GBP: turnover 2.50 GBP",
    ]
    assert hq(["report", "sales", "--currency", "USD"], database) == 0
    said = capsys.readouterr().out
    assert said == "in all: 0 sales of 0.00 USD, 0 refunds of 0.00 USD: turnover 0.00 USD\n"
    assert hq(["report", "sales", "--json"], database) == 0
    assert json.loads(capsys.readouterr().out)["sales_minor"] == 250


# --- alarms and quarantine


async def fork(path: Path) -> None:
    """Another store that says it is till-1."""
    till = MemoryOutbox("till-1")
    till.append(sale_of(1, 999))
    async with open_database(f"sqlite:///{path}") as engine:
        await ingest_batch(engine, "till-1", batch_of(*till.records), received_at=60_000)


async def quarantined(path: Path) -> bool:
    async with open_database(f"sqlite:///{path}") as engine, engine.connect() as connection:
        return (await read_cursor(connection, "till-1")).fork is not None


def test_no_alarms(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hq(["alarms"], database) == 0
    assert capsys.readouterr().out == "in all: 0 alarms, 0 open\n"
    assert hq(["alarms", "--json"], database) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_fork_is_shown_and_its_device_released_once(
    database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(fork(database))
    assert hq(["alarms"], database) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("till-1 (in quarantine): fork, 1 time, last 1970-01-01 00:01:00: ")
    assert last == "in all: 1 alarm, 1 open"
    assert hq(["alarms", "--json"], database) == 1
    assert json.loads(capsys.readouterr().out)[0]["open"] is True

    assert hq(["release", "till-1"], database) == 0
    assert capsys.readouterr().out == "till-1: released; what it sends is taken in again\n"
    assert not asyncio.run(quarantined(database))

    assert hq(["alarms", "--json"], database) == 0
    (alarm,) = json.loads(capsys.readouterr().out)
    assert (alarm["device"], alarm["kind"], alarm["times"]) == ("till-1", "fork", 1)
    assert (alarm["last_at"], alarm["quarantined"], alarm["open"]) == (60_000, False, False)

    assert hq(["release", "till-1"], database) == 1
    assert capsys.readouterr().err == "till-1: is not in quarantine\n"


@pytest.mark.parametrize(("ago_ms", "status"), [(0, 1), (OPEN_FOR_MS + 60_000, 0)])
def test_what_nobody_can_end_is_open_until_it_has_not_come_again_for_long(
    ago_ms: int, status: int, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def refuse() -> None:
        async with open_database(f"sqlite:///{database}") as engine, engine.begin() as transaction:
            at = time.time_ns() // 1_000_000 - ago_ms
            await raise_alarm(transaction, "till-1", AlarmKind.BROKEN_BATCH, "why", at)

    asyncio.run(refuse())
    assert hq(["alarms"], database) == status
    assert capsys.readouterr().out.endswith(f"in all: 1 alarm, {status} open\n")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--broker", "h:99999"], "--broker h:99999: Input should be less than or equal to 65535"),
        (["--broker", "h"], "--broker h: is not HOST:PORT"),
        (["--name", "a/b"], "--name a/b: String should match pattern"),
        (["--tls-ca", "ca.pem"], "--tls-ca, --tls-cert and --tls-key go together"),
    ],
)
def test_an_option_of_ingest_that_can_not_be_used_is_refused_in_one_line(
    arguments: list[str], reason: str, database: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(["ingest", *arguments], database, capsys).startswith(reason)


async def test_ingest_is_stopped_in_order_by_its_supervisor(tmp_path: Path) -> None:
    async with plain_broker(tmp_path) as broker:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "edge", "hq", "ingest", "--broker", f"127.0.0.1:{broker.port}"),
            *("--database", f"sqlite:///{tmp_path}/hq.db"),
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        async with asyncio.timeout(100):
            while b"broker_connected" not in await process.stderr.readline():
                continue
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
        assert await process.stderr.read() == b""


def test_an_ipv6_broker_is_named_as_in_a_url() -> None:
    options = _parser().parse_args(["hq", "ingest", "--broker", "[::1]:1883"])
    settings = _ingest_settings(options)
    assert (settings.host, settings.port) == ("::1", 1883)


def fleet_of(path: Path, trouble: str, *statements: str) -> None:
    """A box that is well and one that may have trouble, and one that never told how it is; then
    somebody changes the database.
    """

    async def fill() -> None:
        async with open_database(f"sqlite:///{path}") as engine, engine.begin() as transaction:
            for device, told in (("till-3", None), ("till-2", trouble), ("till-1", "")):
                state = Will(boot="b", reason="stopped") if device == "till-2" else BIRTH
                await keep_state(transaction, device, state, 1)
                if told is not None:
                    await keep_health(transaction, device, health_of(told), 2)
            for statement in statements:
                await transaction.exec_driver_sql(statement)

    asyncio.run(fill())


def health_of(trouble: str) -> Health:
    store = StoreHealth(path="/till.db", epoch=1, last_seq=7, unsent=2, free_bytes=1024**3)
    printer = DeviceHealth(name="epson", kind="printer", state="ready", since=1, trouble=trouble)
    return Health(
        at=1,
        boot="b",
        clock="synced",
        uptime_s=1,
        memory_bytes=1,
        online=True,
        lost_inputs=0,
        unprinted=0,
        store=store,
        devices=(printer,),
    )


BIRTH = Birth(
    boot="b", epoch=0, last_seq=0, acked_epoch=0, acked_through=0, versions={}, clock="synced"
)


def test_the_fleet_is_listed_with_what_somebody_has_to_look_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet_of(tmp_path / "hq.db", "paper_out")
    assert hq(["fleet"], tmp_path / "hq.db") == 1
    assert capsys.readouterr().out.splitlines() == [
        "till-1: online: last said 1970-01-01 00:00:00 UTC: well",
        "till-2: offline: last said 1970-01-01 00:00:00 UTC: epson: paper_out",
        "till-3: online: has not told how it is",
        "in all: 3 boxes",
    ]
    assert hq(["fleet", "--json"], tmp_path / "hq.db") == 1
    boxes = json.loads(capsys.readouterr().out)
    assert [box["received_at"] for box in boxes] == [2, 2, 0]


def test_a_fleet_that_is_well_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fleet_of(tmp_path / "hq.db", "")
    assert hq(["fleet"], tmp_path / "hq.db") == 0
    assert "till-2: offline: last said 1970-01-01 00:00:00 UTC: well\n" in capsys.readouterr().out


def test_a_till_in_quarantine_is_not_well_whatever_it_says_of_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet_of(tmp_path / "hq.db", "")

    async def split() -> None:
        async with open_database(f"sqlite:///{tmp_path}/hq.db") as engine, engine.begin() as last:
            for device in ("till-1", "till-3"):
                await lock_cursor(last, device)
                await quarantine(last, device, (1, 5), 61_000)

    asyncio.run(split())
    assert hq(["fleet"], tmp_path / "hq.db") == 1
    since = "in quarantine since 1970-01-01 00:01:01 UTC"
    assert capsys.readouterr().out.splitlines()[:3] == [
        f"till-1: online: last said 1970-01-01 00:00:00 UTC: {since}",
        "till-2: offline: last said 1970-01-01 00:00:00 UTC: well",
        f"till-3: online: has not told how it is, {since}",
    ]
    assert hq(["fleet", "--json"], tmp_path / "hq.db") == 1
    boxes = json.loads(capsys.readouterr().out)
    assert [box["findings"] for box in boxes] == [[since], [], [since]]


def test_a_box_that_nobody_can_read_takes_no_other_from_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    since = f"json_set(said, '$.devices[0].since', {LAST_MOMENT_MS + 1})"
    statement = f"UPDATE device_health SET said = {since} WHERE device = 'till-1'"
    fleet_of(tmp_path / "hq.db", "paper_out", statement)
    assert hq(["fleet"], tmp_path / "hq.db") == 1
    said = "last said 1970-01-01 00:00:00 UTC"
    assert capsys.readouterr().out.splitlines() == [
        f"till-1: online: {said}: what it said of itself can't be read",
        f"till-2: offline: {said}: epson: paper_out",
        "till-3: online: has not told how it is",
        "in all: 3 boxes",
    ]
    assert hq(["fleet", "--json"], tmp_path / "hq.db") == 1
    assert [box["health"] is None for box in json.loads(capsys.readouterr().out)] == [
        True,
        False,
        True,
    ]


def test_a_box_writes_no_line_but_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet_of(tmp_path / "hq.db", "\x1b[2J\ntill-1: online: well\x9b1A")
    assert hq(["fleet"], tmp_path / "hq.db") == 1
    _, line, *_ = capsys.readouterr().out.splitlines()
    assert line.endswith("epson: ?[2J?till-1: online: well?1A")


def test_a_moment_that_nobody_can_write_is_refused_where_it_comes_in() -> None:
    told = health_of("").model_dump()
    last = told["devices"][0] | {"state": "absent", "since": LAST_MOMENT_MS}
    report = Health(**told | {"at": LAST_MOMENT_MS, "devices": (DeviceHealth(**last),)})
    assert findings(report) == ["epson is absent since 9999-12-31 23:59:59 UTC"]
    assert timedelta(seconds=LAST_MOMENT_MS // 1000)
    for beyond in ({"at": LAST_MOMENT_MS + 1}, {"uptime_s": LAST_MOMENT_MS // 1000 + 1}):
        with pytest.raises(ValidationError):
            Health(**told | beyond)
    with pytest.raises(ValidationError):
        DeviceHealth(**last | {"since": LAST_MOMENT_MS + 1})
