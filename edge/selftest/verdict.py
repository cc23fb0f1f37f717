"""What was found, and what to think of figures. Every limit here has its reason."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from edge.checkout.instant import ClockQuality
from edge.checkout.words.texts import Saying
from edge.selftest.plan import Check
from edge.selftest.words import SelftestWord as W

# A sale waits for one fsync: with a card that takes half a second, people notice at every sale.
SLOWEST_FSYNC_US: Final = 500_000
# A copy of the store takes as much again; below this selling stops within days.
LEAST_FREE_BYTES: Final = 256 * 1024 * 1024
# JEDEC eMMC 5.1, EXT_CSD 268 and 269: tenths of the life that are used, 0x0B is past its end.
WORN_TENTHS: Final = 9
# A certificate is renewed over weeks; a fortnight is enough to send somebody.
LEAST_DAYS: Final = 14
# A quartz drifts two seconds a day; a minute is a dead battery, or one that was never set.
MOST_DRIFT_S: Final = 60
# What a power cut would take the journal with.
VOLATILE: Final = frozenset({"tmpfs", "ramfs"})
UNSAFE_OPTIONS: Final = frozenset({"ro", "nobarrier", "barrier=0", "data=writeback"})


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    # There is nothing to find out: no battery clock, a card that does not tell its age.
    SKIPPED = "skipped"
    # Nobody was there to do it or to see it.
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check: a word and what goes into it, and figures with units in their names."""

    outcome: Outcome
    word: Saying
    detail: str = ""
    measured: Mapping[str, int] = field(default_factory=dict)


def passed(word: Saying, detail: str = "", **measured: int) -> Verdict:
    return Verdict(Outcome.PASSED, word, detail, measured)


def failed(word: Saying, detail: str = "", **measured: int) -> Verdict:
    return Verdict(Outcome.FAILED, word, detail, measured)


def skipped(word: Saying, detail: str = "") -> Verdict:
    return Verdict(Outcome.SKIPPED, word, detail)


NOT_ASKED: Final = Verdict(Outcome.NOT_ASKED, W.NEEDS_HANDS)


@dataclass(frozen=True, slots=True)
class Finding:
    check: Check
    verdict: Verdict


def judge_fsync(samples_us: Sequence[int]) -> Verdict:
    """Of one sample or more."""
    ordered = sorted(samples_us)
    p50_us, p99_us = (ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in (50, 99))
    detail = f"p50 {p50_us / 1000:.1f} ms, p99 {p99_us / 1000:.1f} ms"
    judge = passed if p99_us <= SLOWEST_FSYNC_US else failed
    word = W.SAYS if judge is passed else W.FSYNC_SLOW
    return judge(word, detail, p50_us=p50_us, p99_us=p99_us)


def judge_space(free_bytes: int) -> Verdict:
    judge = passed if free_bytes >= LEAST_FREE_BYTES else failed
    word = W.SPACE if judge is passed else W.SPACE_SHORT
    return judge(word, f"{free_bytes // 1024 // 1024} MiB", free_bytes=free_bytes)


def judge_mount(kind: str, options: frozenset[str]) -> Verdict:
    """By the file system's kind and its options in mountinfo."""
    if kind in VOLATILE:
        return failed(W.MOUNT_VOLATILE, kind)
    unsafe = sorted(options & UNSAFE_OPTIONS)
    if unsafe:
        return failed(W.MOUNT_UNSAFE, f"{kind} {','.join(unsafe)}")
    return passed(W.SAYS, f"{kind} {','.join(sorted(options))}")


def judge_life_time(text: str) -> Verdict:
    """Of /sys/block/*/device/life_time: `0x01 0x02`, the used tenths of both kinds of cells."""
    try:
        tenths = max(int(part, 16) for part in text.split())
    except ValueError:
        return skipped(W.WEAR_UNKNOWN)
    if tenths == 0:
        return skipped(W.WEAR_UNKNOWN)
    judge = passed if tenths < WORN_TENTHS else failed
    word = W.WEAR if judge is passed else W.WORN
    return judge(word, f"{tenths * 10} %", used_percent=tenths * 10)


def judge_smart(text: str) -> Verdict:
    """Of `smartctl --json --health --attributes`; skipped for anything that says nothing."""
    try:
        said = json.loads(text)
        health = said["smart_status"]["passed"]
        used = said.get("nvme_smart_health_information_log", {}).get("percentage_used", 0)
        used_percent = int(used)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return skipped(W.WEAR_UNKNOWN)
    if health is True and used_percent < WORN_TENTHS * 10:
        return passed(W.WEAR, f"{used_percent} %", used_percent=used_percent)
    return failed(W.WORN, f"{used_percent} %", used_percent=used_percent)


def judge_clock(quality: ClockQuality) -> Verdict:
    if quality is ClockQuality.UNSET:
        return failed(W.CLOCK_UNSET)
    return passed(W.CLOCK_SYNCED if quality is ClockQuality.SYNCED else W.CLOCK_FLOOR)


def judge_battery(drift_s: int | None, quality: ClockQuality) -> Verdict:
    """`drift_s` is how far the battery clock is ahead, None where the board has none."""
    if drift_s is None:
        return skipped(W.NO_BATTERY)
    if quality is not ClockQuality.SYNCED:
        return skipped(W.BATTERY_UNJUDGED)
    judge = passed if abs(drift_s) <= MOST_DRIFT_S else failed
    word = W.BATTERY if judge is passed else W.BATTERY_OFF
    return judge(word, f"{drift_s:+d} s", drift_s=drift_s)


def judge_certificate(name: str, device: str, days: int, quality: ClockQuality) -> Verdict:
    """`name` is the certificate's common name, `days` what is left of it."""
    if name != device:
        return failed(W.CERTIFICATE_OTHER, name[:40])
    if quality is ClockQuality.UNSET:
        return skipped(W.CERTIFICATE_UNJUDGED)
    judge = passed if days >= LEAST_DAYS else failed
    word = W.CERTIFICATE if judge is passed else W.CERTIFICATE_ENDS
    return judge(word, str(days), days=days)
