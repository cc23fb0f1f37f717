"""`make hil BENCH=...` names the bench; without a name it is the one that every machine has."""

import os
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest

from hil_tests.bench import Bench
from hil_tests.board import BoardRig, read_bench
from hil_tests.local import SerialRig, UsbRig
from hil_tests.ports import NotWiredError, Rig

BENCH = os.environ.get("BENCH", "local")
# A till of serial devices and one of USB keyboards are on every machine; a board is one or other.
RIGS = ("serial", "usb") if BENCH == "local" else (BENCH,)


def open_rig(name: str, folder: Path) -> Rig:
    """The bench of that name. Raises ValueError for one that is not there or not described."""
    if name == "serial":
        return SerialRig(folder)
    if name == "usb":
        return UsbRig(folder)
    if name == "board":
        file = os.environ.get("BENCH_FILE", "")
        if not file:
            raise ValueError("BENCH=board needs BENCH_FILE=bench.toml: see hil_tests/README.md")
        return BoardRig(read_bench(Path(file)))
    raise ValueError(f"BENCH={name}: is neither local nor board")


@pytest.fixture(params=RIGS)
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """Everything plugged in, and the till off."""
    async with open_rig(request.param, tmp_path) as rig:
        yield Bench(rig)


@pytest.fixture
async def till(bench: Bench) -> Bench:
    """Ready for the first customer."""
    await bench.power_on()
    await bench.until_shown("Kiosk")
    return bench


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """What this bench has no cable for is skipped, and says so; on the local one nothing is."""
    try:
        return (yield)
    except NotWiredError as missing:
        if BENCH == "local":
            raise
        pytest.skip(f"not wired: {missing}")
