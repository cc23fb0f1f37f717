"""The real daemon in a box whose USB umockdev makes: what is plugged in works at once, whatever
node it gets, and takes nobody else's place.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.daemon import CODES, Box, box
from tests.support.kiosk import CounterLine
from tests.support.udev_bed import Function, UdevBed, Usb, udev_bed

# A device that is away is tried again after a minute or more: only who hears of a plug is quicker.
PATIENT = "reopen = { first_ms = 60_000, cap_ms = 600_000 }"
ADAPTER = {"vendor": "067b", "product": "2303"}


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Box]:
    async with box(tmp_path) as made:
        yield made


@pytest.fixture
async def bed() -> AsyncIterator[UdevBed]:
    async with udev_bed() as made:
        yield made


class UsbScanner:
    """A scanner on USB: a terminal that has a node while it is plugged in."""

    def __init__(self, folder: Path, bed: UdevBed, port: str) -> None:
        self.line = CounterLine(folder / f"end-{port}")
        self._bed = bed
        self._port = port
        self._usb: Usb | None = None

    async def plug(self, node: str) -> None:
        self.line.plug()
        self._usb = Usb(self._port, **ADAPTER, functions=(Function("tty", node),))
        await self._bed.plug(self._usb, {node: str(self.line.path.readlink())})

    async def unplug(self) -> None:
        assert self._usb is not None
        self.line.unplug()
        await self._bed.unplug(self._usb)

    def scan(self, name: str) -> None:
        self.line.send(CODES[name].encode() + b"\r")


def name_scanners(till: Box, *ports: str) -> None:
    """Scanners by their USB ports in the place of the box's own."""
    text = till.config.read_text(encoding="utf-8")
    own = (
        f'[[devices]]\ndriver = "scanner_serial"\nname = "scanner"\npath = "{till.scanner.path}"\n'
    )
    assert own in text
    named = "".join(
        f'[[devices]]\ndriver = "scanner_serial"\nname = "scanner-{port}"\n{PATIENT}\n'
        f'usb = {{ vendor = "067b", product = "2303", port = "{port}" }}\n'
        for port in ports
    )
    till.config.write_text(text.replace(own, named), encoding="utf-8")


def times(till: Box, event: str, device: str) -> int:
    return sum(line["device"] == device for line in till.daemon.events(event))


async def test_one_node_under_two_names_is_said_at_the_start(till: Box, tmp_path: Path) -> None:
    link = tmp_path / "by-id"
    link.symlink_to(till.scanner.path)
    till.write_settings(
        more=f'[[devices]]\ndriver = "scanner_serial"\nname = "twin"\npath = "{link}"\n'
    )
    await till.start()
    # Not until all are there: whichever of the two is first locks the other out.
    await till.until(lambda: "READY=1" in till.states)
    (said,) = till.daemon.events("devices_on_one_node")
    assert said["reason"].startswith("devices: scanner and twin are all at /dev/pts/")
    assert await till.stop() == 0


async def test_a_scanner_is_there_as_soon_as_it_is_plugged_in_whatever_node_it_gets(
    till: Box, bed: UdevBed, tmp_path: Path
) -> None:
    name_scanners(till, "1-1")
    scanner = UsbScanner(tmp_path, bed, "1-1")
    await started(till, bed, "scanner-1-1")
    for number in range(4):
        await scanner.plug(f"ttyUSB{number}")
        await till.until(lambda n=number: times(till, "device_ready", "scanner-1-1") == n + 1)
        scanner.scan("Green tea")
        await till.until_shown("Green tea")
        scanner.scan("Pencil")
        await till.until_shown("Pencil")
        await scanner.unplug()
        await till.until(lambda n=number: times(till, "device_lost", "scanner-1-1") == n + 2)
    assert await till.stop() == 0


async def started(till: Box, bed: UdevBed, *away: str) -> None:
    """The daemon in the bed's box, with its other devices."""
    words = [f"{name}={value}" for name, value in bed.environment.items()]
    await till.start(wrapper=["env", *words])
    await till.until(lambda: till.daemon.ready_devices >= {"keypad", "display", "printer"})
    for scanner in away:
        await till.until(lambda name=scanner: times(till, "device_lost", name) == 1)


async def test_two_like_scanners_never_swap(till: Box, bed: UdevBed, tmp_path: Path) -> None:
    name_scanners(till, "1-1", "1-2")
    left, right = (UsbScanner(tmp_path, bed, port) for port in ("1-1", "1-2"))
    await started(till, bed, "scanner-1-1", "scanner-1-2")
    await right.plug("ttyUSB0")
    await till.until(lambda: times(till, "device_ready", "scanner-1-2") == 1)
    await left.plug("ttyUSB1")
    await till.until(lambda: times(till, "device_ready", "scanner-1-1") == 1)
    await right.unplug()
    await till.until(lambda: times(till, "device_lost", "scanner-1-2") == 2)
    left.scan("Green tea")
    await till.until_shown("Green tea")
    await left.unplug()
    await till.until(lambda: times(till, "device_lost", "scanner-1-1") == 2)
    # The other way round.
    await left.plug("ttyUSB0")
    await till.until(lambda: times(till, "device_ready", "scanner-1-1") == 2)
    left.scan("Pencil")
    await till.until_shown("Pencil")
    assert times(till, "device_ready", "scanner-1-2") == 1
    await left.unplug()
    assert await till.stop() == 0
