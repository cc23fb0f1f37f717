"""One contract for every scanner, and what only bytes can do."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.checkout.goods.gs1 import Gs1
from edge.checkout.inputs import BarcodeScanned, DeviceState
from edge.checkout.records import Pack
from edge.drivers.keys.scans import UNREADABLE_CODE
from tests.support.devices import plugged, running
from tests.support.input_devices import EventNodes, plugged_in
from tests.support.scanner_rigs import EvdevRig, Rig, SerialRig, SimulatedRig

CODES = [f"59012341234{number:02}" for number in range(10)]


@pytest.fixture(params=["simulated", "serial", "evdev"])
async def rig(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Rig]:
    if request.param == "simulated":
        yield SimulatedRig()
    elif request.param == "serial":
        serial = SerialRig(tmp_path / "scanner")
        with plugged(serial.line):
            yield serial
    else:
        monkeypatch.setattr("evdev.InputDevice", EventNodes().open)
        evdev = EvdevRig(tmp_path / "scanner")
        with plugged_in(evdev.keyboard):
            yield evdev


@pytest.fixture
async def serial(tmp_path: Path) -> AsyncIterator[SerialRig]:
    rig = SerialRig(tmp_path / "scanner", prefix="F", max_code_length=32)
    with plugged(rig.line):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            yield rig


async def test_a_scan_is_offered_with_its_time(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.until(DeviceState.READY)
        rig.scan("4006381333931")
        (scan,) = await rig.inbox.until_count(BarcodeScanned, 1)
    assert scan.code == "4006381333931"
    assert scan.at.mono_ms > 0


async def test_a_long_code_is_offered_with_what_it_says(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.until(DeviceState.READY)
        rig.scan("]d2010400638133393117261120310300125010B7\x1d21S1")
        rig.scan("https://id.gs1.org/01/04006381333931?10=B7")
        scans = await rig.inbox.until_count(BarcodeScanned, 2)
    assert [scan.gs1 for scan in scans] == [
        Gs1("04006381333931", 1250, pack=Pack("B7", "S1", "2026-11-20")),
        Gs1("04006381333931", pack=Pack("B7")),
    ]


async def test_ten_scans_at_once_lose_none_and_keep_their_order(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.until(DeviceState.READY)
        for code in CODES:
            rig.scan(code)
        assert await rig.scanned(10) == CODES


async def test_unplugging_and_plugging_in_needs_no_restart(rig: Rig) -> None:
    async with running(rig.driver):
        for code in CODES[:3]:
            await rig.until(DeviceState.READY)
            rig.scan(code)
            await rig.scanned(CODES.index(code) + 1)
            rig.unplug()
            await rig.inbox.changes.until(
                lambda: rig.inbox.states("scanner")[-1] is not DeviceState.READY
            )
            rig.replug()
        await rig.until(DeviceState.READY)
    assert await rig.scanned(3) == CODES[:3]


async def test_a_scanner_that_is_not_there_at_the_start_is_found_when_it_comes(rig: Rig) -> None:
    rig.unplug()
    async with running(rig.driver):
        await rig.until(DeviceState.ABSENT)
        rig.replug()
        await rig.until(DeviceState.READY)
        rig.scan(CODES[0])
        assert await rig.scanned(1) == CODES[:1]


async def test_a_full_inbox_ends_no_scanner(tmp_path: Path) -> None:
    rig = SerialRig(tmp_path / "scanner")
    with plugged(rig.line):
        async with running(rig.driver):
            await rig.until(DeviceState.READY)
            rig.inbox.full = True
            rig.scan(CODES[0])
            await rig.inbox.changes.until(lambda: rig.inbox.refused)
            rig.inbox.full = False
            rig.scan(CODES[1])
            assert await rig.scanned(1) == CODES[1:2]


async def test_a_scan_that_comes_a_byte_at_a_time_is_one_scan(serial: SerialRig) -> None:
    for byte in b"]E04006381333931\r\n":
        serial.line.send(bytes([byte]))
    serial.scan("end")
    assert await serial.scanned(2) == ["4006381333931", "end"]


async def test_a_burst_of_scans_in_one_write_is_all_of_them(serial: SerialRig) -> None:
    serial.line.send(b"".join(b"F" + code.encode() + b"\r\n" for code in CODES))
    assert await serial.scanned(10) == CODES


async def test_a_garbled_scan_reaches_the_cashier_as_unreadable_and_spoils_no_other(
    serial: SerialRig,
) -> None:
    serial.line.send(b"59\xff01\r" + b"1" * 33 + b"\r" + b"5901234123457\r")
    assert await serial.scanned(3) == [UNREADABLE_CODE, UNREADABLE_CODE, "5901234123457"]
    assert serial.device.garbled == 2


async def test_half_a_scan_before_unplugging_is_not_glued_to_the_next(serial: SerialRig) -> None:
    serial.line.send(b"590123")
    serial.unplug()
    await serial.inbox.changes.until(
        lambda: serial.inbox.states("scanner")[-1] is not DeviceState.READY
    )
    serial.replug()
    await serial.until(DeviceState.READY)
    serial.scan("4006381333931")
    assert await serial.scanned(1) == ["4006381333931"]
