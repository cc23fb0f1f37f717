"""The daemon's local socket: copies of the store for those who may have them."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.inputs import StoreFailure
from edge.control import (
    HEALTH,
    MAX_REQUEST_BYTES,
    REQUEST,
    ControlRefused,
    copy_of,
    socket_path,
    told,
)
from edge.ports import StoreError
from edge.store.tools import VerifyReport, verify
from tests.support.house import Counter, counter, simulated_settings


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter(simulated_settings(tmp_path)) as running:
        await running.sell("Pencil")
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


async def verified(store: Path) -> VerifyReport:
    """As a command-line tool asks and reads, in a thread of its own."""

    def tool() -> VerifyReport:
        with copy_of(store) as copy:
            return verify(copy)

    return await asyncio.to_thread(tool)


def copies_of(store: Path) -> dict[Path, int]:
    """Each with its mode."""
    copies = store.parent.glob("till.db.copy-*")
    return {copy: stat.S_IMODE(copy.stat().st_mode) for copy in copies}


async def answer_to(store: Path, request: bytes) -> dict[str, str]:
    reader, writer = await asyncio.open_unix_connection(socket_path(store))
    writer.write(request)
    async with asyncio.timeout(10):
        line = await reader.readline()
    writer.close()
    return json.loads(line)


async def test_a_live_store_is_copied_whole(till: Counter, store: Path) -> None:
    report = await verified(store)
    assert (report.problems, report.receipts) == ((), 1)
    await till.sell("Tea")
    assert (await verified(store)).receipts == 2


async def test_the_copy_lies_beside_the_store_for_its_owner_until_the_tool_hangs_up(
    till: Counter, store: Path
) -> None:
    """The daemon's service may write nowhere else, and its /tmp is not the tool's."""
    reader, writer = await asyncio.open_unix_connection(socket_path(store))
    writer.write(REQUEST)
    copy = Path(json.loads(await reader.readline())["copied"])
    assert copies_of(store) == {copy: 0o600}
    await till.sell("Tea")
    assert verify(copy).receipts == 1
    writer.write_eof()
    async with asyncio.timeout(10):
        assert await reader.read() == b""
    assert copies_of(store) == {}
    writer.close()


async def test_a_stop_takes_the_copy_with_it_and_a_start_what_a_killed_daemon_left(
    tmp_path: Path, store: Path
) -> None:
    left = store.with_name("till.db.copy-7.part")
    left.touch()
    async with counter(simulated_settings(tmp_path)) as till:
        await till.sell("Pencil")
        assert not left.exists()
        reader, writer = await asyncio.open_unix_connection(socket_path(store))
        writer.write(REQUEST)
        assert "copied" in json.loads(await reader.readline())
        assert len(copies_of(store)) == 1
    assert copies_of(store) == {}
    writer.close()


async def test_two_tools_at_once_get_a_copy_each(till: Counter, store: Path) -> None:
    del till
    reports = await asyncio.gather(*(verified(store) for _ in range(5)))
    assert [report.receipts for report in reports] == [1] * 5


async def test_a_copy_that_can_not_be_made_is_refused_and_selling_goes_on(
    till: Counter, store: Path
) -> None:
    taken = store.with_name("till.db.copy-1")
    taken.touch()
    with pytest.raises(ControlRefused) as caught:
        await verified(store)
    assert str(caught.value) == f"{taken}: exists"
    await till.sell("Tea")
    assert till.printer.printed == 2


async def test_a_store_that_takes_no_more_says_so(
    till: Counter, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: Path) -> None:
        raise StoreError(StoreFailure.IO_ERROR, "no answer from the disk")

    (control,) = [
        source for source in till.house.appliance._parts.sources if source.name == "control"
    ]
    monkeypatch.setattr(control, "_copy", broken)
    with pytest.raises(ControlRefused, match="no answer from the disk"):
        await verified(store)


@pytest.mark.parametrize(
    "request_line",
    [
        b"what is this\n",
        b"{}\n",
        b"[]\n",
        b"[" * 4_000 + b"\n",
        b'{"copy_to": "/tmp/a\\u0000b"}\n',
        b'"\\ud800"\n',
        b"\xff\xfe\n",
        b"\n",
        b"x" * MAX_REQUEST_BYTES * 3 + b"\n",
    ],
    ids=["words", "empty", "list", "deep", "nul", "surrogate", "bytes", "nothing", "too long"],
)
async def test_a_request_that_is_none_is_refused_and_selling_goes_on(
    till: Counter, store: Path, request_line: bytes
) -> None:
    assert await answer_to(store, request_line) == {"error": "the request is not known"}
    await till.sell("Tea")


@pytest.mark.parametrize("said", [REQUEST[:2], REQUEST])
async def test_a_tool_that_hangs_up_is_forgotten(till: Counter, store: Path, said: bytes) -> None:
    _, writer = await asyncio.open_unix_connection(socket_path(store))
    writer.write(said)
    writer.close()
    assert (await verified(store)).ok
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
    with pytest.raises(ControlRefused, match="no daemon listens there; start it"):
        await verified(store)


async def test_where_there_can_be_no_socket_the_till_sells_without_one(tmp_path: Path) -> None:
    """A Unix socket's path has at most 107 bytes (unix(7))."""
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    with capture_logs() as logs:
        async with counter(simulated_settings(deep)) as till:
            await till.sell("Pencil")
    assert till.printer.printed == 1
    assert [line["event"] for line in logs if "control" in line["event"]] == ["control_unavailable"]


async def test_a_word_is_answered_with_what_is_known(till: Counter, store: Path) -> None:
    answer = await asyncio.to_thread(told, store, HEALTH)
    names = {device.name for device in till.house.devices.all}
    assert {each["name"] for each in answer["devices"]} == names


async def test_what_can_not_be_answered_is_refused_and_selling_goes_on(
    till: Counter, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> object:
        raise StoreError(StoreFailure.IO_ERROR, "no answer from the disk")

    (control,) = [
        source for source in till.house.appliance._parts.sources if source.name == "control"
    ]
    monkeypatch.setattr(control, "_answers", {HEALTH: broken})
    with pytest.raises(ControlRefused, match="no answer from the disk"):
        await asyncio.to_thread(told, store, HEALTH)
    await till.sell("Tea")
