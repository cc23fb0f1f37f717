"""From exec to READY=1 with a hundred thousand products, against a process that only imports."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from shop import settings, tables
from table import Figure

from edge.clock import SystemClock
from edge.hq.local_broker import free_port
from edge.store.catalogue_cache import Article
from edge.store.till_store import open_store

ROUNDS = 5
READY_LIMIT_S = 30
AIM_READY_S = 3.0
AIM_MB = 140

# What the daemon has imported once it is wired, but nothing of ours.
LIST_IMPORTS = """
import sys, edge.__main__, edge.daemon, edge.log, edge.uplink.uplink
print(*(name for name in sys.modules if name.partition(".")[0] not in ("edge", "__main__")))
"""
IMPORT_ALONE = """
import importlib, os, socket, sys
for name in sys.argv[1].split():
    try:
        importlib.import_module(name)
    except ImportError:
        pass  # a name that its library puts there itself
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
    sender.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"].replace("@", "\\0"))
sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class Start:
    """A process that is ready: after how long, and its memory in megabytes."""

    ready_s: float
    rss_mb: float
    pss_mb: float


def fill(store: Path, articles: Sequence[Article]) -> None:
    """A store with the catalogue in it, as a till has it from yesterday."""

    async def work() -> None:
        clock = SystemClock(0)
        device = settings(store).device.id
        async with open_store(store, clock=clock, device=device, currency="GBP") as till:
            await till.replace_catalogue(articles, "benchmark", clock.now())

    asyncio.run(work())


def measure(directory: Path, store: Path) -> list[Figure]:
    config = directory / "edge.toml"
    config.write_text(_toml(tables(store, free_port())))
    listed = subprocess.run(
        (sys.executable, "-c", LIST_IMPORTS), capture_output=True, text=True, check=True
    ).stdout
    daemon = (sys.executable, "-m", "edge", "run", "--config", str(config))
    floor = (sys.executable, "-c", IMPORT_ALONE, listed)
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_start(daemon, directory))
        bare.append(_start(floor, directory))
    ready, ready_floor = (median(each.ready_s for each in some) for some in (ours, bare))
    rss, rss_floor = (median(each.rss_mb for each in some) for some in (ours, bare))
    pss, pss_floor = (median(each.pss_mb for each in some) for some in (ours, bare))
    return [
        Figure(
            "process start to ready, 100,000 products",
            f"{ready:.2f} s",
            f"bare imports {ready_floor:.2f} s",
            ready / ready_floor,
            "< 3 s",
            ready < AIM_READY_S,
        ),
        Figure(
            "memory at that point, RSS",
            f"{rss:.0f} MB",
            f"bare imports {rss_floor:.0f} MB",
            rss / rss_floor,
            "< 140 MB",
            rss < AIM_MB,
        ),
        Figure(
            "  the same, PSS",
            f"{pss:.0f} MB",
            f"bare imports {pss_floor:.0f} MB",
            pss / pss_floor,
        ),
    ]


def _start(command: Sequence[str], directory: Path) -> Start:
    # A path of its own, short enough for a socket's address wherever the repository lies.
    address = f"\0edge-bench-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(address)
        listener.settimeout(READY_LIMIT_S)
        environment = {**os.environ, "NOTIFY_SOCKET": address.replace("\0", "@")}
        begun = time.perf_counter()
        with (directory / "child.log").open("ab") as log:
            child = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        try:
            while b"READY=1" not in listener.recv(4096):
                pass
            ready_s = time.perf_counter() - begun
            return Start(ready_s, *_memory_mb(child.pid))
        finally:
            assert child.stdin is not None
            child.stdin.close()
            child.terminate()
            child.wait()


def _memory_mb(pid: int) -> tuple[float, float]:
    """RSS and PSS, in megabytes of a million bytes (the kernel says kibibytes)."""
    fields = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value, *_ = line.split()
        fields[name] = int(value) * 1024 / 1e6
    return fields["Rss:"], fields["Pss:"]


def _toml(found: dict[str, object]) -> str:
    """The settings as TOML: tables of strings, numbers, and lists of such tables."""
    lines = []
    for name, value in found.items():
        for table in value if isinstance(value, list) else [value]:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            assert isinstance(table, dict)
            lines += [f"{key} = {_value(each)}" for key, each in table.items()]
    return "\n".join(lines)


def _value(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {_value(each)}' for key, each in value.items())}}}"
    return f'"{value}"' if isinstance(value, str) else str(value)
