"""The daemon's local socket: copies of the store for those who may have them."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.inputs import StoreFailure
from edge.control import MAX_REQUEST_BYTES, ControlRefused, ask_for_copy, socket_path
from edge.ports import StoreError
from edge.store.tools import verify
from tests.support.house import Counter, counter, simulated_settings


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter(simulated_settings(tmp_path)) as running:
        await running.sell("Pencil")
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


async def copied(store: Path, target: Path) -> None:
    """As a command-line tool asks, in a thread of its own."""
    await asyncio.to_thread(ask_for_copy, store, target)


async def answer_to(store: Path, request: bytes) -> dict[str, str]:
    reader, writer = await asyncio.open_unix_connection(socket_path(store))
    writer.write(request)
    async with asyncio.timeout(10):
        line = await reader.readline()
    writer.close()
    return json.loads(line)


async def test_a_live_store_is_copied_whole(till: Counter, store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    await copied(store, copy)
    report = verify(copy)
    assert (report.problems, report.receipts) == ((), 1)
    await till.sell("Tea")
    assert verify(copy).receipts == 1


async def test_two_tools_at_once_get_a_copy_each(
    till: Counter, store: Path, tmp_path: Path
) -> None:
    del till
    copies = [tmp_path / f"copy-{number}.db" for number in range(5)]
    await asyncio.gather(*(copied(store, copy) for copy in copies))
    assert [verify(copy).receipts for copy in copies] == [1] * 5


@pytest.mark.parametrize(
    ("target", "reason"), [("till.db", "exists"), ("nowhere/copy.db", "unable to open")]
)
async def test_a_copy_that_can_not_be_made_is_refused_and_selling_goes_on(
    till: Counter, store: Path, tmp_path: Path, target: str, reason: str
) -> None:
    with pytest.raises(ControlRefused, match=reason):
        await copied(store, tmp_path / target)
    await till.sell("Tea")
    assert till.printer.printed == 2


async def test_a_store_that_takes_no_more_says_so(
    till: Counter, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Path) -> None:
        raise StoreError(StoreFailure.IO_ERROR, "no answer from the disk")

    (control,) = [
        source for source in till.house.appliance._parts.sources if source.name == "control"
    ]
    monkeypatch.setattr(control, "_copy", broken)
    with pytest.raises(ControlRefused, match="no answer from the disk"):
        await copied(store, tmp_path / "copy.db")


@pytest.mark.parametrize(
    "request_line",
    [
        b"what is this\n",
        b"{}\n",
        b"[]\n",
        b'{"copy_to": 7}\n',
        b"\xff\xfe\n",
        b"\n",
        b'{"copy_to": "' + b"x" * MAX_REQUEST_BYTES * 3 + b'"}\n',
    ],
    ids=["words", "empty", "list", "number", "bytes", "nothing", "too long"],
)
async def test_a_request_that_is_none_is_refused(
    till: Counter, store: Path, request_line: bytes
) -> None:
    del till
    assert "the request is not" in (await answer_to(store, request_line))["error"]


async def test_a_tool_that_hangs_up_is_forgotten(
    till: Counter, store: Path, tmp_path: Path
) -> None:
    _, writer = await asyncio.open_unix_connection(socket_path(store))
    writer.write(b'{"copy_to": ')
    writer.close()
    await copied(store, tmp_path / "copy.db")
    await till.sell("Tea")


async def test_only_the_owner_may_ask_and_the_socket_goes_with_the_daemon(
    tmp_path: Path, store: Path
) -> None:
    path = socket_path(store)
    path.touch()
    async with counter(simulated_settings(tmp_path)) as till:
        await till.sell("Pencil")
        mode = path.stat().st_mode
        assert (stat.S_ISSOCK(mode), stat.S_IMODE(mode)) == (True, 0o600)
    assert not path.exists()
    with pytest.raises(ControlRefused, match="does not answer"):
        ask_for_copy(store, tmp_path / "copy.db")


async def test_where_there_can_be_no_socket_the_till_sells_without_one(tmp_path: Path) -> None:
    """A Unix socket's path has at most 107 bytes (unix(7))."""
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    with capture_logs() as logs:
        async with counter(simulated_settings(deep)) as till:
            await till.sell("Pencil")
    assert till.printer.printed == 1
    assert [line["event"] for line in logs if "control" in line["event"]] == ["control_unavailable"]
