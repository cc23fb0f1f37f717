"""What a self-test plans, and what it thinks of what it finds."""

import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import edge
from edge.checkout.canonical import canonical_json
from edge.checkout.devices import Kind, TillDevice
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.shop import Language
from edge.selftest import disk
from edge.selftest.box import battery
from edge.selftest.paper import page, report_paper
from edge.selftest.plan import ASPECTS, Aspect, Check, Part, plan
from edge.selftest.report import Report, as_json, entry, explained, line, summary
from edge.selftest.verdict import (
    NOT_ASKED,
    Finding,
    Outcome,
    Verdict,
    failed,
    judge_battery,
    judge_certificate,
    judge_clock,
    judge_fsync,
    judge_life_time,
    judge_mount,
    judge_smart,
    judge_space,
    passed,
)
from edge.selftest.words import SelftestWord as W

NOW = Instant(1_700_000_000_000, "boot", 0, ClockQuality.SYNCED)
EVERYTHING = tuple(TillDevice(f"the-{kind}", kind) for kind in Kind)


def test_every_kind_of_device_is_in_the_plan_and_every_check_has_a_name_of_its_own() -> None:
    checks = plan(EVERYTHING, has_uplink=True)
    assert {check.part for check in checks} == set(Part) == set(ASPECTS)
    # Whether it is on record is known once everything was looked at.
    assert {check.aspect for check in checks} == set(Aspect) - {Aspect.JOURNAL}
    names = [check.name for check in checks]
    assert len(set(names)) == len(names)


def test_a_box_without_an_uplink_has_no_broker_to_look_for() -> None:
    assert Part.BROKER not in {check.part for check in plan(EVERYTHING, has_uplink=False)}


def test_what_the_technician_answers_with_is_looked_at_first() -> None:
    devices = [check.device for check in plan(EVERYTHING, has_uplink=True) if check.device]
    assert devices[0] == "the-cashier_display"
    assert devices[2] == "the-keypad"


@pytest.mark.parametrize(
    ("verdict", "outcome", "detail"),
    [
        (judge_fsync([1_000] * 99 + [400_000]), "passed", "p50 1.0 ms, p99 400.0 ms"),
        (judge_fsync([1_000] * 98 + [600_000] * 2), "failed", "p99 600.0 ms"),
        (judge_fsync([7]), "passed", "p50 0.0 ms"),
        (judge_fsync([500_000]), "passed", "p99 500.0 ms"),
        (judge_fsync([500_001]), "failed", "p99 500.0 ms"),
        (judge_space(10 * 1024**3), "passed", "10240 MiB"),
        (judge_space(256 * 1024**2), "passed", "256 MiB"),
        (judge_space(256 * 1024**2 - 1), "failed", "only 255 MiB"),
        (judge_space(1024**2), "failed", "only 1 MiB"),
        (judge_mount("ext4", frozenset({"rw", "noatime"})), "passed", "ext4 noatime,rw"),
        (judge_mount("tmpfs", frozenset({"rw"})), "failed", "gone at a power cut"),
        (judge_mount("ext4", frozenset({"rw", "nobarrier"})), "failed", "nobarrier"),
        (judge_mount("ext4", frozenset({"ro"})), "failed", "ext4 ro"),
        (judge_life_time("0x01 0x02\n"), "passed", "20 %"),
        (judge_life_time("0x01 0x08\n"), "passed", "80 %"),
        (judge_life_time("0x09 0x01\n"), "failed", "90 % used: replace it"),
        (judge_life_time("0x0b 0x01\n"), "failed", "110 % used: replace it"),
        (judge_life_time("0x00 0x00\n"), "skipped", "does not say"),
        (judge_life_time("worn"), "skipped", "does not say"),
        (judge_life_time(""), "skipped", "does not say"),
        (judge_smart('{"smart_status": {"passed": true}}'), "passed", "0 %"),
        (judge_smart('{"smart_status": {"passed": false}}'), "failed", "replace it"),
        (
            judge_smart(
                '{"smart_status": {"passed": true},'
                ' "nvme_smart_health_information_log": {"percentage_used": 97}}'
            ),
            "failed",
            "97 %",
        ),
        (judge_smart("[1]"), "skipped", "does not say"),
        (judge_smart(""), "skipped", "does not say"),
        (judge_clock(ClockQuality.SYNCED), "passed", "set by the network"),
        (judge_clock(ClockQuality.FLOOR), "passed", "no network"),
        (judge_clock(ClockQuality.UNSET), "failed", "connect a network"),
        (judge_battery(None, ClockQuality.SYNCED), "skipped", "no battery clock"),
        (judge_battery(-3, ClockQuality.SYNCED), "passed", "-3 s"),
        (judge_battery(-60, ClockQuality.SYNCED), "passed", "-60 s"),
        (judge_battery(61, ClockQuality.SYNCED), "failed", "+61 s"),
        (judge_battery(-61, ClockQuality.SYNCED), "failed", "-61 s"),
        (judge_battery(86_400, ClockQuality.SYNCED), "failed", "change the battery"),
        (judge_battery(86_400, ClockQuality.FLOOR), "skipped", "nobody knows"),
        (judge_certificate("till-07", "till-07", 400, ClockQuality.SYNCED), "passed", "400 days"),
        (judge_certificate("till-07", "till-07", 14, ClockQuality.SYNCED), "passed", "14 days"),
        (judge_certificate("till-07", "till-07", 13, ClockQuality.SYNCED), "failed", "13 days"),
        (judge_certificate("till-07", "till-07", -1, ClockQuality.SYNCED), "failed", "-1 days"),
        (judge_certificate("till-08", "till-07", 400, ClockQuality.SYNCED), "failed", "till-08"),
        (judge_certificate("till-07", "till-07", -9, ClockQuality.UNSET), "skipped", "clock"),
    ],
)
def test_each_figure_has_its_verdict(verdict: Verdict, outcome: str, detail: str) -> None:
    assert verdict.outcome == outcome
    assert detail in explained(Finding(Check(Part.DISK, Aspect.FSYNC), verdict), Language.ENGLISH)


@given(st.text(max_size=200))
def test_what_a_disk_says_of_itself_breaks_nothing(text: str) -> None:
    for verdict in (judge_life_time(text), judge_smart(text)):
        judged = {Outcome.PASSED, Outcome.FAILED} if verdict.measured else {Outcome.SKIPPED}
        assert verdict.outcome in judged
    assert disk.mount_of(text, "/var/lib/edge") is None or "/" in text


MOUNTINFO = r"""22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
23 22 0:21 / /tmp rw - tmpfs tmpfs rw
24 22 179:3 / /var/lib/my\040till rw,relatime shared:7 - f2fs /dev/mmcblk0p3 rw,nobarrier
garbage
"""


def test_the_mount_of_a_path_is_the_innermost_one_with_both_kinds_of_options() -> None:
    root = disk.mount_of(MOUNTINFO, "/var/lib/edge")
    assert (root.point, root.device, root.kind) == ("/", "179:2", "ext4")
    own = disk.mount_of(MOUNTINFO, "/var/lib/my till/x")
    assert (own.kind, own.options) == ("f2fs", {"rw", "relatime", "nobarrier"})
    assert disk.mount_of(MOUNTINFO, "/var/lib/my tiller").kind == "ext4"
    assert disk.mount_of("", "/") is None


# The kernel escapes blanks, tabs, ends of lines and backslashes, and nothing else.
ODD_NAMES = (
    "收银",
    "caf\u00e9",
    "\u2028",
    "\x85",
    "\r",
    "\udcff",
    "x\\134u4e00",
    "\U0001f9fe\\040",
)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_the_disk_under_a_path_of_any_characters_is_judged(name: str, tmp_path: Path) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    line = f"25 22 8:17 / /mnt/{name} ro - vfat /dev/sdb1 ro\n"
    (tmp_path / "proc/self/mountinfo").write_bytes(os.fsencode(MOUNTINFO + line))
    plain = name.replace("\\134", "\\").replace("\\040", " ")
    assert disk.mount(Path(f"/mnt/{plain}/store"), tmp_path).outcome is Outcome.FAILED
    assert disk.mount(Path(f"/mnt/{plain}2/store"), tmp_path).outcome is Outcome.PASSED


def test_of_mounts_over_each_other_the_last_one_is_seen() -> None:
    over = MOUNTINFO + "25 22 0:30 / / rw - overlay overlay rw\n"
    assert disk.mount_of(over, "/var/lib/edge").kind == "overlay"
    assert disk.mount_of(over, "/tmp/edge").kind == "tmpfs"


def box_with_an_emmc(root: Path, folder: Path, life_time: str) -> None:
    """/proc and /sys as the kernel lays them out."""
    (root / "proc/self").mkdir(parents=True)
    text = f"22 1 179:2 / {folder} rw - ext4 /dev/mmcblk0p2 rw\n"
    (root / "proc/self/mountinfo").write_text(text)
    part = root / "sys/devices/mmc0/block/mmcblk0/mmcblk0p2"
    part.mkdir(parents=True)
    (part / "partition").write_text("2\n")
    device = part.parent / "device"
    device.mkdir()
    (device / "life_time").write_text(life_time)
    (root / "sys/dev/block").mkdir(parents=True)
    (root / "sys/dev/block/179:2").symlink_to(part)


def test_an_emmc_tells_its_age(tmp_path: Path) -> None:
    folder = tmp_path.resolve() / "store"
    folder.mkdir()
    box_with_an_emmc(tmp_path, folder, "0x03 0x0A\n")
    assert disk.wear(folder, tmp_path).measured == {"used_percent": 100}
    assert disk.wear(folder, tmp_path).outcome is Outcome.FAILED
    assert disk.mount(folder, tmp_path).detail == "ext4 rw"


def test_a_box_that_says_nothing_is_not_judged(tmp_path: Path) -> None:
    assert disk.wear(tmp_path, tmp_path).outcome is Outcome.SKIPPED
    assert disk.mount(tmp_path, tmp_path).outcome is Outcome.SKIPPED
    assert battery(NOW, tmp_path).outcome is Outcome.SKIPPED


def test_a_battery_clock_is_compared_with_the_system_s(tmp_path: Path) -> None:
    (tmp_path / "sys/class/rtc/rtc0").mkdir(parents=True)
    (tmp_path / "sys/class/rtc/rtc0/since_epoch").write_text("1000\n")
    verdict = battery(NOW, tmp_path)
    assert verdict.outcome is Outcome.FAILED
    assert verdict.measured["drift_s"] < -1_000_000


class Disk:
    """A disk whose syncs take as long as they are told."""

    def __init__(self, takes_ns: int) -> None:
        self.takes_ns = takes_ns
        self.now_ns = 0
        self.syncs = 0

    def sync(self, descriptor: int) -> None:
        os.fsync(descriptor)
        self.syncs += 1
        self.now_ns += self.takes_ns


def test_a_slow_disk_has_failed_and_holds_nobody_up(tmp_path: Path) -> None:
    slow = Disk(takes_ns=900_000_000)
    verdict = disk.fsync(tmp_path, slow.sync, lambda: slow.now_ns)
    assert (verdict.outcome, verdict.measured["p99_us"]) == (Outcome.FAILED, 900_000)
    assert slow.syncs == 12
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_takes_no_write_has_failed_with_its_reason(tmp_path: Path) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    verdict = disk.fsync(tmp_path, full)
    assert (verdict.outcome, verdict.detail) == (Outcome.FAILED, "No space left on device")
    assert list(tmp_path.iterdir()) == []


# --- the report


def report(*verdicts: Verdict, attended: bool = False) -> Report:
    check = Check(Part.PRINTER, Aspect.PAGE, "receipts")
    findings = tuple(Finding(check, verdict) for verdict in verdicts)
    return Report("till-07", NOW, attended, findings)


def test_a_failure_is_a_failure_whatever_else_is_well() -> None:
    assert report(passed(W.CONNECTED), NOT_ASKED).is_well
    assert summary(report(passed(W.CONNECTED)), Language.ENGLISH) == "All is well"
    mixed = report(passed(W.CONNECTED), failed(W.SAYS, "out of paper"), NOT_ASKED)
    assert not mixed.is_well
    assert summary(mixed, Language.ENGLISH) == "Failed: 1, Not asked: 1"
    assert summary(mixed, Language.CHINESE) == "故障 1 项, 未询问 1 项"
    assert line(mixed.findings[1], Language.ENGLISH) == "FAILED     receipts.page: out of paper"


def test_the_json_has_a_version_the_counts_and_the_figures() -> None:
    made = report(judge_fsync([2_000]), failed(W.SAYS, "out of paper"), attended=True)
    said = json.loads(json.dumps(as_json(made, recorded=True, printed=False)))
    assert (said["version"], said["device"], said["attended"]) == (1, "till-07", True)
    assert said["edge"] == edge.__version__
    assert (said["passed"], said["failed"], said["skipped"], said["not_asked"]) == (1, 1, 0, 0)
    assert said["checks"][0]["measured"] == {"p50_us": 2_000, "p99_us": 2_000}
    assert said["checks"][1] == {
        "name": "receipts.page",
        "kind": "printer",
        "outcome": "failed",
        "detail": "out of paper",
        "measured": {},
    }


@given(st.text(max_size=300))
def test_whatever_a_device_says_the_record_is_canonical_small_and_on_one_line(said: str) -> None:
    made = report(*[failed(W.SAYS, said)] * 99)
    assert len(canonical_json(entry(made).body)) < 64 * 1024
    assert line(made.findings[0], Language.ENGLISH).isprintable()
    for columns in (32, 48):
        assert lay_out(report_paper(made, "2026-01-01 12:00", Language.CHINESE), columns)


def test_the_page_has_every_character_set_and_fits_both_papers() -> None:
    for columns in (32, 48):
        text = "\n".join(lay_out(page("till-07", None), columns))
        for sample in ("Łódź", "Спасибо", "Ευχαριστώ", "Teşekkür", "收款机自检", "€", "░▒▓"):
            assert sample in text
