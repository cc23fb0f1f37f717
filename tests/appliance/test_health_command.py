"""`edge health`: how the till is, and what somebody has to look at."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import edge
from edge.__main__ import main
from edge.checkout.inputs import DeviceState
from edge.control import socket_path
from edge.device_commands import _lines
from edge.health import BoxHealth
from edge.uplink.settings import UplinkSettings
from edge.wire.findings import LOW_DISK_BYTES, OPENED_WITHIN_S, findings
from edge.wire.messages import DeviceHealth, Health, StoreHealth
from tests.support.house import counter, simulated_settings
from tests.support.pki import make_authority


async def health(
    folder: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, str]:
    command = ["health", "--store", str(folder / "till.db"), *options]
    status = await asyncio.to_thread(main, command)
    return status, capsys.readouterr().out


async def test_a_till_that_is_well_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with counter(simulated_settings(tmp_path)) as till:
        await till.sell("Pencil")
        status, said = await health(tmp_path, capsys)
    assert status == 0
    assert "printer printer: ready since " in said
    assert "journal: 1/" in said
    assert said.endswith("well\n")


async def test_what_is_away_is_named_and_the_status_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with counter(simulated_settings(tmp_path)) as till:
        till.scanner.unplug()
        await till.until(lambda: till.house.till.session.lost_devices == ("scanner",))
        status, said = await health(tmp_path, capsys)
        assert status == 1
        (named,) = [line for line in said.splitlines() if line.startswith("scanner scanner: ")]
        assert named.endswith((": unplugged", ": not plugged in"))
        (found,) = [line for line in said.splitlines() if line.startswith("! scanner is ")]
        assert found.endswith((": unplugged", ": not plugged in"))
        status, said = await health(tmp_path, capsys, "--json")
    assert status == 1
    told = {each["name"]: each["state"] for each in json.loads(said)["devices"]}
    reasons = {each["name"]: each["reason"] for each in json.loads(said)["devices"]}
    assert reasons.pop("scanner") in {"unplugged", "not plugged in"}
    assert set(reasons.values()) == {""}
    assert told.pop("scanner") in {"faulted", "absent"}
    assert set(told.values()) == {"ready"}


@pytest.mark.parametrize(
    ("has_uplink", "online", "said"),
    [
        (False, False, "network: none in the settings"),
        (True, False, "network: offline"),
        (True, True, "network: online"),
    ],
)
def test_a_shop_without_a_headquarters_is_not_called_offline(
    has_uplink: bool, online: bool, said: str
) -> None:
    told = BoxHealth(**dict(WELL) | {"online": online}, edge="1.2.3", has_uplink=has_uplink)
    assert said in _lines(told)


async def test_the_version_is_that_of_the_daemon_that_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the tools beside it are newer already."""
    newer = BoxHealth(**dict(WELL), edge="1.2.3", has_uplink=True)
    assert _lines(newer)[0] == "software: edge-till 1.2.3"
    async with counter(simulated_settings(tmp_path)):
        _, said = await health(tmp_path, capsys)
    assert f"software: edge-till {edge.__version__}" in said.splitlines()


async def test_why_headquarters_hears_nothing_is_told_at_the_box(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = simulated_settings(tmp_path)
    files = make_authority(tmp_path).client("till-99")
    uplink = UplinkSettings(host="127.0.0.1", port=1, tls=files)
    reason = f"certificate {files.cert} is for till-99, device.id is {settings.device.id}"
    async with counter(settings.model_copy(update={"uplink": uplink})) as till:
        await till.sell("Pencil")
        status, said = await health(tmp_path, capsys)
        async with asyncio.timeout(10):
            while reason not in said:
                status, said = await health(tmp_path, capsys)
        assert (status, said.splitlines()[-2:]) == (1, [f"! {reason}", "look at these"])
        status, said = await health(tmp_path, capsys, "--json")
    assert (status, json.loads(said)["uplink_trouble"]) == (1, reason)


async def test_without_a_till_there_is_nobody_to_ask(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["health", "--store", str(tmp_path / "till.db")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(
        f"{tmp_path}/till.db.sock: no daemon listens there; start it: `edge run "
    )


@pytest.mark.parametrize(
    "answer",
    [
        b'{"answer": {"v"',
        b"[]\n",
        b"hello\n",
        b"\xff\n",
        b"[" * 4_000 + b"\n",
        b'{"answer": null}\n',
    ],
    ids=["cut", "list", "words", "bytes", "deep", "nothing"],
)
async def test_an_answer_that_can_not_be_read_is_no_finding(
    answer: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def odd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    store = tmp_path / "till.db"
    async with await asyncio.start_unix_server(odd, socket_path(store)):
        assert await asyncio.to_thread(main, ("health", "--store", str(store))) == 2
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.endswith((": the daemon's answer can't be read", "another version of the software"))


WELL = Health(
    at=1,
    boot="b",
    clock="synced",
    uptime_s=1,
    memory_bytes=1,
    online=True,
    lost_inputs=0,
    unprinted=0,
    store=StoreHealth(path="/till.db", epoch=1, last_seq=1, unsent=0, free_bytes=LOW_DISK_BYTES),
    devices=(DeviceHealth(name="epson", kind="printer", state="ready", since=1),),
)
MOMENT = "1970-01-01 00:00:00 UTC"
AWAY = DeviceHealth(
    name="epson", kind="printer", state="absent", since=1, reason="nothing at /dev/usb/lp0"
)
SILENT = DeviceHealth(name="epson", kind="printer", state="opening", since=0)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, []),
        ({"clock": "unset"}, ["its clock is not set"]),
        ({"clock": "floor"}, []),
        ({"unprinted": 2}, ["2 papers are not printed"]),
        ({"unprinted": 1}, ["1 paper is not printed"]),
        (
            {"store": WELL.store.model_copy(update={"failure": "disk_full", "free_bytes": 0})},
            ["the store takes no more: disk_full", "0 MiB of disk left"],
        ),
        *(
            (
                {"devices": (WELL.devices[0].model_copy(update={"state": state.value}),)},
                [f"epson is {state.value} since {MOMENT}"]
                if state in {"absent", "faulted"}
                else [],
            )
            for state in DeviceState
        ),
        ({"devices": (SILENT,), "uptime_s": OPENED_WITHIN_S}, []),
        (
            {"devices": (SILENT,), "uptime_s": OPENED_WITHIN_S + 1},
            ["epson was not heard of since the start"],
        ),
        (
            {"devices": (AWAY,)},
            [f"epson is absent since {MOMENT}: nothing at /dev/usb/lp0"],
        ),
        (
            {"devices": (WELL.devices[0].model_copy(update={"trouble": "paper_out"}),)},
            ["epson: paper_out"],
        ),
    ],
)
def test_what_somebody_has_to_look_at(change: dict[str, Any], found: list[str]) -> None:
    assert findings(WELL.model_copy(update=change)) == found
