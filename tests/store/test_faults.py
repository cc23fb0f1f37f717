"""The store on disks that fail and in processes that die: real files, real kernels' answers."""

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from edge.ports import StoreState
from edge.store import tools
from tests.support.store import SteppedClock, basket, sale, sell, till

ROOT = Path(__file__).parents[2]
CHILD = [sys.executable, "-W", "error", "-m", "tests.support.store_child"]
QUIET = {**os.environ, "PYTHONPATH": str(ROOT)}

# A disk of its own for one process: 2 MB of memory in a private mount namespace.
SMALL_DISK = [
    *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"),
    'mount -t tmpfs -o size=2m none "$0" && exec "$@"',
]
# A file can't grow beyond 2 MB (in blocks of 512 bytes); the kernel answers EFBIG.
SMALL_FILES = ["sh", "-c", 'ulimit -f 4096 && exec "$@"']


def run(command: list[str]) -> list[str]:
    """What a child said, once it ended well."""
    done = subprocess.run(
        command, cwd=ROOT, env=QUIET, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return [line for line in done.stdout.splitlines() if "store_failed" not in line]


def reopened(path: Path) -> StoreState:
    async def look() -> StoreState:
        async with till(path) as store:
            return store.state()

    return asyncio.run(look())


@pytest.mark.parametrize(
    ("fault", "failure"), [("DISK_IS_FULL", "disk_full"), ("WRITE_FAILS", "io_error")]
)
def test_a_write_that_fails_stops_the_store_and_loses_nothing(
    tmp_path: Path, fault: str, failure: str
) -> None:
    path = tmp_path / "till.db"
    assert run([*CHILD, "broken", str(path), fault, "3"]) == [
        *("stored 1", "stored 2", "stored 3"),
        *(f"refused {failure}",) * 4,
        "closed",
    ]
    report = tools.verify(path)
    assert (report.problems, report.receipts) == ((), 3)
    assert reopened(path).draft == basket(4)


def test_a_sync_that_fails_stops_the_store_and_leaves_the_sale_or_its_basket(
    tmp_path: Path,
) -> None:
    path = tmp_path / "till.db"
    assert run([*CHILD, "broken", str(path), "SYNC_FAILS", "3"]) == [
        *("stored 1", "stored 2", "stored 3"),
        *("refused io_error",) * 4,
        "closed",
    ]
    report = tools.verify(path)
    state = reopened(path)
    assert report.ok
    numbers = [pending.number for pending in state.pending_receipts]
    # Nobody knows what a disk holds that did not answer; but it is whole, one way or the other.
    assert (report.receipts, numbers, state.draft) in (
        (3, [1, 2, 3], basket(4)),
        (4, [1, 2, 3, 4], None),
    )


def test_a_sync_that_fails_while_closing_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    assert run([*CHILD, "closing", str(path)]) == ["closing refused io_error"]
    report = tools.verify(path)
    assert (report.problems, report.receipts) == ((), 1)


def small_disks() -> list[tuple[list[str], str]]:
    """The small disks to be had here, and what the store calls their end. Containers often forbid
    to mount one.
    """
    limited = [(SMALL_FILES, "io_error")]
    if shutil.which("unshare") is None:
        return limited
    probe = subprocess.run([*SMALL_DISK, "/mnt", "true"], capture_output=True, check=False)
    return limited if probe.returncode else [*limited, (SMALL_DISK, "disk_full")]


@pytest.mark.parametrize(("disk", "failure"), small_disks())
def test_a_disk_that_fills_up_is_sold_from_again_once_there_is_room(
    tmp_path: Path, disk: list[str], failure: str
) -> None:
    child = [*CHILD, "full", str(tmp_path / "till.db")]
    assert run([*disk, str(tmp_path), *child]) == [
        f"refused {failure}",
        "problems (), lost 0",
        "sells on, enough for a test: True",
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_till_may_be_killed_at_any_instant(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "till.db"
    assert run([*CHILD, "killed", str(path), "40", str(seed)]) == ["survived 40"]


async def test_what_a_crash_left_in_the_log_is_read_by_the_tools(tmp_path: Path) -> None:
    path, left = tmp_path / "till.db", tmp_path / "left.db"
    clock = SteppedClock()
    async with till(path, clock=clock) as store:
        await sell(store, clock, sale(1))
        # As the files stand now, so they would stand after a power cut.
        # By another process: closing the file in this one would give its lock away.
        for suffix in ("", "-wal"):
            copy = ["cp", f"{path}{suffix}", f"{left}{suffix}"]
            await asyncio.to_thread(subprocess.run, copy, check=True)
    report = tools.verify(left)
    assert (report.problems, report.receipts) == ((), 1)
