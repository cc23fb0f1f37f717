"""What a till says of how it is, also when its store or its disk says nothing any more."""

import asyncio
import os
import resource
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from edge import health
from edge.checkout.devices import Kind, TillDevice
from edge.checkout.inputs import DeviceState, StoreFailure
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.session import DeviceSeen, Session, start
from edge.checkout.troubles import Trouble
from edge.clock import VirtualClock
from edge.health import TillHealth, free_bytes, resident_bytes
from edge.ports import JournalHead, StoreError
from edge.wire.messages import DeviceHealth
from tests.support.playbook import SHOP

SEEN_AT = Instant(1_700_000_000_000, "boot", 1, ClockQuality.SYNCED)
DEVICES = (
    TillDevice("gun", Kind.SCANNER),
    TillDevice("epson", Kind.PRINTER),
    TillDevice("cash", Kind.DRAWER, on="epson"),
)


class Journal:
    """A store of seven records, of which headquarters has five; or one that is broken."""

    def __init__(self) -> None:
        self.error: StoreError | None = None

    async def journal_head(self) -> JournalHead:
        if self.error is not None:
            raise self.error
        return JournalHead(2, 7, 2, 5)

    async def unsent_records(self) -> int:
        return 2


class Till:
    """A till's health, and all that it is made of."""

    def __init__(self, folder: Path) -> None:
        self.clock = VirtualClock(1_799_999_940_000)
        # The box ran a minute before its daemon did.
        self.clock.advance_ms(60_000)
        self.journal = Journal()
        self.session: Session = start(SHOP)
        self.lost = 0
        self.reasons: dict[str, str] = {}
        self.health = TillHealth(
            DEVICES,
            folder / "till.db",
            clock=self.clock,
            journal=self.journal,
            session=lambda: self.session,
            lost_inputs=lambda: self.lost,
            reasons=self.reasons,
        )

    def sees(self, *devices: DeviceSeen) -> None:
        self.session = replace(self.session, devices=devices)

    async def devices(self) -> list[DeviceHealth]:
        return list((await self.health.report()).devices)


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return Till(tmp_path)


async def test_a_till_tells_its_time_its_store_and_what_it_lost(till: Till, tmp_path: Path) -> None:
    till.clock.advance_ms(90_500)
    till.lost = 3
    till.session = replace(till.session, online=True)
    told = await till.health.report()
    assert (told.uptime_s, told.at, told.clock) == (90, 1_800_000_090_500, "synced")
    assert (told.online, told.lost_inputs, told.unprinted) == (True, 3, 0)
    store = told.store
    assert (store.path, store.epoch, store.last_seq) == (str(tmp_path / "till.db"), 2, 7)
    assert (store.unsent, store.failure) == (2, "")
    assert store.free_bytes > 0
    assert told.memory_bytes > 10_000_000


async def test_each_device_is_told_and_what_hangs_on_another_is_as_that_one_is(till: Till) -> None:
    assert {each.state for each in await till.devices()} == {"opening"}
    till.sees(
        DeviceSeen("epson", DeviceState.READY, SEEN_AT, Trouble.PAPER_OUT),
        DeviceSeen("gun", DeviceState.ABSENT, SEEN_AT),
    )
    gun, epson, cash = await till.devices()
    assert (gun.kind, gun.state, gun.since, gun.trouble) == (
        "scanner",
        "absent",
        SEEN_AT.utc_ms,
        "",
    )
    assert (epson.state, epson.trouble) == ("ready", "paper_out")
    assert (cash.kind, cash.state, cash.trouble) == ("drawer", "ready", "paper_out")


async def test_little_paper_is_told_of_the_printer_and_is_no_matter_for_the_drawer(
    till: Till,
) -> None:
    till.sees(DeviceSeen("epson", DeviceState.READY, SEEN_AT, Trouble.PAPER_LOW))
    _, epson, cash = await till.devices()
    assert (epson.state, epson.trouble) == ("ready", "paper_low")
    assert (cash.state, cash.trouble) == ("ready", "")


async def test_why_a_device_is_not_there_is_told_in_its_driver_s_words(till: Till) -> None:
    till.sees(DeviceSeen("epson", DeviceState.FAULTED, SEEN_AT))
    till.reasons |= {"gun": "gun: nothing at\x00/dev/gun", "epson": "epson: " + "a" * 300}
    gun, epson, cash = await till.devices()
    assert (gun.state, gun.reason) == ("opening", "nothing at /dev/gun")
    assert epson.reason == cash.reason == "a" * 200
    till.reasons["epson"] = ""
    assert [each.reason for each in await till.devices()] == [gun.reason, "", ""]


async def test_a_store_that_takes_no_more_is_told_with_what_was_known_of_it(till: Till) -> None:
    before = (await till.health.report()).store
    till.journal.error = StoreError(StoreFailure.DISK_FULL, "no space")
    after = (await till.health.report()).store
    assert after == before.model_copy(update={"failure": "disk_full"})
    till.journal.error = None
    assert (await till.health.report()).store.failure == ""


async def test_of_a_long_path_the_end_is_told(tmp_path: Path) -> None:
    folder = tmp_path / ("a" * 200) / ("b" * 200) / ("c" * 200)
    told = (await Till(folder).health.report()).store
    assert told.path == str(folder / "till.db")[-512:]


async def test_a_disk_that_hangs_is_told_and_looked_at_once_until_it_answers(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, looks = threading.Event(), list[Path]()

    def hang(folder: Path) -> int:
        looks.append(folder)
        assert answers.wait(20)
        return 5

    monkeypatch.setattr(health, "DISK_ANSWERS_S", 20)
    before = (await till.health.report()).store
    monkeypatch.setattr(health, "free_bytes", hang)
    with monkeypatch.context() as brief:
        brief.setattr(health, "DISK_ANSWERS_S", 0.01)
        for _ in range(3):
            told = await till.health.report()
            assert told.store == before.model_copy(update={"failure": "the disk does not answer"})
        both = await asyncio.gather(till.health.report(), till.health.report())
        assert {each.store.failure for each in both} == {"the disk does not answer"}
    answers.set()
    now = await till.health.report()
    assert (now.store.failure, now.store.free_bytes, len(looks)) == ("", 5, 1)
    await till.health.report()
    assert len(looks) == 2


async def test_a_store_that_does_not_come_back_is_asked_once(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "DISK_ANSWERS_S", 0.01)
    heads, asked = asyncio.get_running_loop().create_future(), list[int]()

    async def journal_head() -> JournalHead:
        asked.append(1)
        return await heads

    till.journal.journal_head = journal_head
    failures = [(await till.health.report()).store.failure for _ in range(3)]
    assert (failures, len(asked)) == (["the disk does not answer"] * 3, 1)


async def test_a_disk_that_is_gone_is_told(tmp_path: Path) -> None:
    told = await Till(tmp_path / "gone").health.report()
    assert told.store.failure == "No such file or directory"


def test_memory_is_the_pages_that_are_resident(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(health, "STATM", tmp_path / "statm")
    (tmp_path / "statm").write_text("9000 25 7 1 0 8 0\n")
    assert resident_bytes() == 25 * resource.getpagesize()


def test_free_is_what_somebody_who_is_not_root_may_write(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    disk = SimpleNamespace(f_bsize=65_536, f_frsize=4_096, f_blocks=100, f_bfree=30, f_bavail=20)
    monkeypatch.setattr(os, "statvfs", lambda _folder: disk)
    assert free_bytes(tmp_path) == 20 * 4_096


def test_where_the_kernel_does_not_say_how_much_memory_there_is_it_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(health, "STATM", tmp_path / "statm")
    assert resident_bytes() == 0
