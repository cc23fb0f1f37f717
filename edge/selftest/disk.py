"""The disk under the store: how long a sync takes, how it is mounted, how worn and how full it is.

`root` is where /proc and /sys are looked for. All of it blocks and belongs on a thread.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.selftest.verdict import (
    Verdict,
    failed,
    judge_fsync,
    judge_life_time,
    judge_mount,
    judge_smart,
    judge_space,
    skipped,
)
from edge.selftest.words import SelftestWord as W

# Enough for a 99th percentile that is not the worst one, and 4 KiB as a commit's frame.
SAMPLES: Final = 128
FRAME: Final = b"\0" * 4096
# A card that is dying must not hold the technician up.
LONGEST_NS: Final = 10_000_000_000
SMARTCTL_TIMEOUT_S: Final = 10
NS_PER_US: Final = 1000
# proc_pid_mountinfo(5): the fields before the hyphen, and that octal escapes stand for blanks and
# ends of lines; every other byte of a path is as it is.
MOUNT_FIELDS: Final = 6
MOUNT_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def fsync(
    folder: Path,
    sync: Callable[[int], None] = os.fsync,
    ticks_ns: Callable[[], int] = time.monotonic_ns,
) -> Verdict:
    """By a file of its own in the store's folder, which is gone afterwards."""
    path = folder / f".selftest-{os.getpid()}"
    samples_us: list[int] = []
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            began_ns = ticks_ns()
            while len(samples_us) < SAMPLES and ticks_ns() - began_ns < LONGEST_NS:
                before_ns = ticks_ns()
                os.write(descriptor, FRAME)
                sync(descriptor)
                samples_us.append((ticks_ns() - before_ns) // NS_PER_US)
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)
    except OSError as error:
        return failed(W.FSYNC_FAILED, error.strerror or str(error))
    return judge_fsync(samples_us)


def is_read_only(path: Path) -> bool:
    """Whether the folder is there, and it or the file in it is not to be written."""
    folder = path.parent
    mine = (folder, path) if path.exists() else (folder,)
    return folder.is_dir() and not all(os.access(each, os.W_OK) for each in mine)


def space(folder: Path) -> Verdict:
    return judge_space(shutil.disk_usage(folder).free)


@dataclass(frozen=True, slots=True)
class Mount:
    point: str
    device: str
    kind: str
    options: frozenset[str]


def mount_of(mountinfo: str, path: str) -> Mount | None:
    """The mount that holds the path, by the text of /proc/self/mountinfo; the last of those that
    lie over each other. Lines that are none are passed over.
    """
    found = None
    for line in mountinfo.split("\n"):
        before, hyphen, behind = line.partition(" - ")
        fields, kinds = before.split(" "), behind.split(" ")
        if not hyphen or len(fields) < MOUNT_FIELDS or not kinds[0]:
            continue
        point = MOUNT_ESCAPE.sub(lambda escape: chr(int(escape[1], 8)), fields[4])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and (found is None or len(point) >= len(found.point)):
            options = {*fields[5].split(","), *kinds[-1].split(",")}
            found = Mount(point, fields[2], kinds[0], frozenset(options))
    return found


def mount(folder: Path, root: Path) -> Verdict:
    found = _mount(folder, root)
    return judge_mount(found.kind, found.options) if found else skipped(W.MOUNT_UNKNOWN)


def wear(folder: Path, root: Path) -> Verdict:
    """An eMMC's own word; else that of smartctl, where it is installed and may ask."""
    found = _mount(folder, root)
    disk = _disk(found.device, root) if found else None
    if disk is None:
        return skipped(W.WEAR_UNKNOWN)
    try:
        return judge_life_time((disk / "device" / "life_time").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return _smart(disk.name)


def _mount(folder: Path, root: Path) -> Mount | None:
    try:
        mounts = (root / "proc/self/mountinfo").read_bytes()
    except OSError:
        return None
    path = os.fsencode(folder.resolve())
    return mount_of(mounts.decode("utf-8", "replace"), path.decode("utf-8", "replace"))


def _disk(device: str, root: Path) -> Path | None:
    """The whole disk in /sys behind `major:minor`; None for what is no block device."""
    link = root / "sys/dev/block" / device
    if not link.exists():
        return None
    block = link.resolve()
    return block.parent if (block / "partition").exists() else block


def _smart(disk: str) -> Verdict:
    tool = shutil.which("smartctl")
    if tool is None:
        return skipped(W.WEAR_UNKNOWN)
    try:
        done = subprocess.run(  # noqa: S603 - a disk's name as the kernel has it
            (tool, "--json", "--health", "--attributes", f"/dev/{disk}"),
            capture_output=True,
            timeout=SMARTCTL_TIMEOUT_S,
            check=False,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired):
        return skipped(W.WEAR_UNKNOWN)
    return judge_smart(done.stdout)
