"""The bench for a real box, held against the local one: its cables end in the local till's ports.

So what `board` sends and sees is checked before anybody has soldered anything.
"""

import asyncio
import os
import pty
import shlex
import sys
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hil_tests.bench import Bench
from hil_tests.board import BoardRig, read_bench
from hil_tests.board_cables import ALL_UP, DrawerTable, DrawerWire, HidGadget
from hil_tests.hands import HidScanner
from hil_tests.local import SerialRig
from hil_tests.ports import Gear, NotWiredError
from tests.support.devices import Changes
from tests.support.kiosk import CounterLine

ROOT = Path(__file__).parents[1]
MS = 1_000_000


class NullModem:
    """A crossed cable from the bench's port, at `path`, to a local till's line."""

    def __init__(self, path: Path, line: CounterLine) -> None:
        self._line = line
        self._near, far = pty.openpty()
        tty.setraw(far)
        os.set_blocking(self._near, False)
        path.symlink_to(os.ttyname(far))
        self._far = far

    def join(self) -> None:
        asyncio.get_running_loop().add_reader(self._near, self._to_the_till)
        self._line.on_bytes = lambda data: os.write(self._near, data)

    def cut(self) -> None:
        asyncio.get_running_loop().remove_reader(self._near)
        for end in (self._near, self._far):
            os.close(end)

    def _to_the_till(self) -> None:
        self._line.send(os.read(self._near, 4096))


@contextmanager
def joined(folder: Path, local: SerialRig) -> Iterator[None]:
    cables = {
        gear: NullModem(folder / f"bench-{gear}", local.lines[gear])
        for gear in (Gear.SCANNER, Gear.KEYPAD, Gear.DISPLAY)
    }
    for cable in cables.values():
        cable.join()
    try:
        yield
    finally:
        for cable in cables.values():
            cable.cut()


def bench_file(folder: Path, port: int) -> Path:
    """As a person writes it; the commands of the box are this machine's own."""
    edge = f"PYTHONPATH={ROOT} {shlex.quote(sys.executable)} -m edge"
    pid = folder / "pid"
    commands = {
        "on": f"{edge} run --config {folder}/edge.toml >{folder}/log 2>&1 & echo $! > {pid}",
        "cut": f"kill -KILL $(cat {pid})",
        "stop": f"kill -TERM $(cat {pid}); tail --pid=$(cat {pid}) -f /dev/null",
    }
    box = "".join(f"{name} = ['sh', '-c', '''{text}''']\n" for name, text in commands.items())
    file = folder / "bench.toml"
    file.write_text(
        f"""[box]
{box}edge = ['sh', '-c', '''{edge} "$@"''', 'edge']
settings = "{folder}/edge.toml"
store = "{folder}/till.db"
[scanner]
cable = "{folder}/bench-scanner"
[keypad]
cable = "{folder}/bench-keypad"
[display]
cable = "{folder}/bench-display"
[printer]
listen = "127.0.0.1"
port = {port}
""",
        encoding="utf-8",
    )
    return file


@pytest.fixture
async def board(tmp_path: Path) -> AsyncIterator[Bench]:
    """A local till whose printer is unplugged, for the board's is in its place."""
    async with SerialRig(tmp_path) as local:
        await local.printer.unplug()
        with joined(tmp_path, local):
            async with BoardRig(read_bench(bench_file(tmp_path, local.printer.port))) as rig:
                yield Bench(rig)


async def test_a_till_sells_over_the_cables_of_a_bench_file(board: Bench) -> None:
    await board.power_on()
    receipt = await board.sell("Green tea")
    assert (receipt.receipt_no, receipt.total_minor) == (1, 499)
    await board.until_shown("TOTAL", "$4.99")
    await board.put_in_basket("Umbrella")
    await board.until_kept()
    await board.power_cut()
    await board.power_on()
    await board.until_shown("Umbrella")
    assert await board.stop() == 0
    assert (await board.kinds()).count("sale") == 1


async def test_what_is_not_wired_is_named(board: Bench) -> None:
    with pytest.raises(NotWiredError, match=r"\[drawer\] is not in the bench's file"):
        _ = board.pulses_ms
    with pytest.raises(NotWiredError, match=r"\[plugs.scanner\] is not in the bench's file"):
        await board.unplug(Gear.SCANNER)


def test_the_example_is_a_bench_file() -> None:
    file = read_bench(ROOT / "hil_tests/bench.example.toml")
    assert file.drawer is not None
    assert set(file.plugs) == {Gear.SCANNER}


def test_a_mistake_in_a_bench_file_is_named(tmp_path: Path) -> None:
    file = bench_file(tmp_path, 9100)
    file.write_text(file.read_text() + "[plugs.scaner]\npull = ['a']\npush = ['b']\n")
    with pytest.raises(ValueError, match=r"plugs\.scaner"):
        read_bench(file)


async def test_a_gadget_types_reports_that_go_up_again(tmp_path: Path) -> None:
    node = tmp_path / "hidg0"
    os.mkfifo(node)
    box = os.open(node, os.O_RDONLY | os.O_NONBLOCK)
    gadget = HidGadget(str(node))
    await gadget.open()
    try:
        HidScanner(gadget).scan("A7")
        sent = os.read(box, 4096)
    finally:
        await gadget.close()
        os.close(box)
    # Usages 0x04 with left shift, 0x24, 0x28: HID usage tables, page 7.
    downs = [b"\x02\0\x04" + bytes(5), b"\0\0\x24" + bytes(5), b"\0\0\x28" + bytes(5)]
    assert sent == b"".join(down + ALL_UP for down in downs)


def test_a_pulse_is_as_long_as_the_kernel_saw_it() -> None:
    wire = DrawerWire(DrawerTable(chip="/dev/gpiochip0", line=17), Changes())
    for rising, at_ms in ((True, 1_000), (False, 1_102), (True, 5_000), (False, 5_099)):
        wire.edge(rising=rising, at_ns=at_ms * MS)
    assert wire.pulses_ms == [102, 99]
