"""Which node a USB device has: found by what it is, never the wrong one of two like ones.

The real libudev looks, in a box that umockdev makes.
"""

import os
import pty
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from edge.clock import SystemClock
from edge.drivers import plugs
from edge.drivers.device_thread import DeviceThread
from edge.drivers.keys.scanner_serial import ScannerSerialSettings
from edge.drivers.lifecycle import DeviceAbsentError
from edge.drivers.lines import byte_line
from edge.drivers.plugs import DIGIT_PAD, DIGIT_ROW, check_opened, find_node, on_one_node
from edge.drivers.settings import NodeModel, UsbIdentity, alike
from edge.ports import DeviceError
from tests.support.devices import SerialLine, plugged
from tests.support.udev_bed import Function, UdevBed, Usb, udev_bed

TTY, INPUT = "tty", "input"
ADAPTER = {"vendor": "067b", "product": "2303"}


@pytest.fixture
async def bed() -> AsyncIterator[UdevBed]:
    async with udev_bed() as made:
        yield made


def adapter(port: str, node: str, serial: str = "") -> Usb:
    """A serial adapter, the cheap kind of which all are alike."""
    return Usb(port, **ADAPTER, serial=serial, functions=(Function(TTY, node),))


async def test_a_device_is_found_by_what_it_is_among_others(bed: UdevBed) -> None:
    await bed.plug(Usb("1-2", "0c2e", "0901", functions=(Function(TTY, "ttyACM0"),)))
    await bed.plug(adapter("1-1", "ttyUSB0"))
    assert await bed.find(TTY, ADAPTER) == "/dev/ttyUSB0"


async def test_a_device_that_is_away_is_absent(bed: UdevBed) -> None:
    absent = "DeviceAbsentError: lamp: no 067b:2303 is plugged in"
    assert await bed.find(TTY, ADAPTER) == absent
    there = adapter("1-1", "ttyUSB0")
    await bed.plug(there)
    assert await bed.find(TTY, ADAPTER) == "/dev/ttyUSB0"
    await bed.unplug(there)
    assert await bed.find(TTY, ADAPTER) == absent


async def test_like_devices_are_told_apart_by_their_ports_however_nodes_are_numbered(
    bed: UdevBed,
) -> None:
    left, right = adapter("1-1.1", "ttyUSB0"), adapter("1-1.2", "ttyUSB1")
    await bed.plug(left)
    await bed.plug(right)
    await bed.unplug(left)
    await bed.unplug(right)
    # The right one comes first now, and gets the first number.
    await bed.plug(adapter("1-1.2", "ttyUSB0"))
    absent = "DeviceAbsentError: lamp: no 067b:2303 port 1-1.1 is plugged in"
    assert await bed.find(TTY, {**ADAPTER, "port": "1-1.1"}) == absent
    await bed.plug(adapter("1-1.1", "ttyUSB1"))
    assert await bed.find(TTY, {**ADAPTER, "port": "1-1.1"}) == "/dev/ttyUSB1"
    assert await bed.find(TTY, {**ADAPTER, "port": "1-1.2"}) == "/dev/ttyUSB0"


async def test_like_devices_are_told_apart_by_their_serial_numbers_in_any_port(
    bed: UdevBed,
) -> None:
    await bed.plug(adapter("1-1", "ttyUSB0", serial="B"))
    await bed.plug(adapter("1-2", "ttyUSB1", serial="A"))
    assert await bed.find(TTY, {**ADAPTER, "serial": "A"}) == "/dev/ttyUSB1"
    assert await bed.find(TTY, {**ADAPTER, "serial": "B"}) == "/dev/ttyUSB0"


@pytest.mark.parametrize(
    ("serials", "to_name"),
    [(("", ""), "port"), (("A", "A"), "port"), (("A", "B"), "serial number")],
)
async def test_which_of_two_like_devices_is_not_guessed(
    bed: UdevBed, serials: tuple[str, str], to_name: str
) -> None:
    await bed.plug(adapter("1-1", "ttyUSB0", serials[0]))
    await bed.plug(adapter("1-2", "ttyUSB1", serials[1]))
    assert await bed.find(TTY, ADAPTER) == (
        "DeviceError: lamp: /dev/ttyUSB0 (port 1-1) and /dev/ttyUSB1 (port 1-2) are both "
        f"067b:2303; name the {to_name}"
    )


async def test_of_a_device_with_several_ports_one_interface_is_named(bed: UdevBed) -> None:
    both = (Function(TTY, "ttyACM0", interface=0), Function(TTY, "ttyACM1", interface=2))
    await bed.plug(Usb("1-1", "0c2e", "0901", functions=both))
    combined = {"vendor": "0c2e", "product": "0901"}
    assert await bed.find(TTY, combined) == (
        "DeviceError: lamp: 0c2e:0901 is /dev/ttyACM0 (interface 0) and /dev/ttyACM1 (interface 2);"
        " name the interface"
    )
    assert await bed.find(TTY, {**combined, "interface": 2}) == "/dev/ttyACM1"


async def test_of_a_keyboards_nodes_the_one_that_types_is_found(bed: UdevBed) -> None:
    volume, power = (113, 114, 115), (116, 142)
    nodes = (
        Function(INPUT, "event3", interface=0, keys=tuple(range(1, 128))),
        Function(INPUT, "event4", interface=1, keys=volume),
        Function(INPUT, "event5", interface=1, keys=power),
    )
    await bed.plug(Usb("1-1", "04d9", "1203", functions=nodes))
    keyboard = {"vendor": "04d9", "product": "1203"}
    assert await bed.find(INPUT, keyboard, "is_keyboard") == "/dev/input/event3"
    assert (await bed.find(INPUT, keyboard)).startswith("DeviceError: lamp: 04d9:1203 is ")


@pytest.mark.parametrize("digits", [DIGIT_ROW, DIGIT_PAD])
async def test_a_pad_that_has_digits_alone_types_as_well(
    bed: UdevBed, digits: frozenset[int]
) -> None:
    pad = Function(INPUT, "event0", keys=(*digits, 240))
    await bed.plug(Usb("1-1", "04d9", "a02a", functions=(pad,)))
    found = await bed.find(INPUT, {"vendor": "04d9", "product": "a02a"}, "is_keyboard")
    assert found == "/dev/input/event0"


async def test_a_hub_is_not_taken_for_what_hangs_on_it(bed: UdevBed) -> None:
    await bed.plug(Usb("1-1", "05e3", "0608"))
    await bed.plug(adapter("1-1.4", "ttyUSB0"))
    assert await bed.find(TTY, {"vendor": "05e3", "product": "0608"}) == (
        "DeviceAbsentError: lamp: no 05e3:0608 is plugged in"
    )
    assert await bed.find(TTY, {**ADAPTER, "port": "1-1.4"}) == "/dev/ttyUSB0"


# --- settings that could mean one device twice


def named(name: str, **usb: object) -> NodeModel:
    return NodeModel(name=name, usb=UsbIdentity(vendor="067b", product="2303", **usb))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({}, {"port": "1-1"}),
        ({"serial": "A"}, {"port": "1-1"}),
        ({"serial": "A"}, {"serial": "A"}),
        ({"port": "1-1"}, {"port": "1-1", "interface": 0}),
    ],
)
def test_settings_that_one_device_can_fit_twice_are_found(
    one: dict[str, object], other: dict[str, object]
) -> None:
    devices = [named("one", **one), NodeModel(name="path", path="/dev/x"), named("two", **other)]
    assert alike(devices) == alike(devices[::-1])[::-1] == ("one", "two")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"port": "1-1"}, {"port": "1-2"}),
        ({"serial": "A"}, {"serial": "B"}),
        ({"interface": 0}, {"interface": 2}),
        ({"serial": "A", "port": "1-1"}, {"serial": "A", "port": "1-2"}),
    ],
)
def test_settings_that_tell_devices_apart_are_left_alone(
    one: dict[str, object], other: dict[str, object]
) -> None:
    assert alike([named("one", **one), named("two", **other)]) is None
    another = NodeModel(name="two", usb=UsbIdentity(vendor="067b", product="0000"))
    assert alike([named("one"), another]) is None


def test_without_libudev_a_path_does_and_an_identity_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> None:
        raise ImportError("No library named udev")

    monkeypatch.setattr(plugs, "udev", missing)
    assert find_node(NodeModel(name="lamp", path="/dev/ttyS0"), TTY) == "/dev/ttyS0"
    with pytest.raises(DeviceError, match=r"No library named udev.*name a path"):
        find_node(named("lamp"), TTY)


# --- one node under several names


def test_two_names_of_one_node_are_noticed_where_it_is(tmp_path: Path) -> None:
    node, link = tmp_path / "ttyUSB0", tmp_path / "by-id"
    link.symlink_to(node.name)
    away = NodeModel(name="pole", path=str(tmp_path / "ttyUSB1"))
    devices = [
        NodeModel(name="gun", path=str(link)),
        away,
        NodeModel(name="pad", path=str(node)),
        named("lamp"),
        named("lamp2"),
    ]
    assert on_one_node(devices) == [f"devices: gun and pad are all at {node}"]
    link.unlink()
    link.symlink_to("ttyUSB2")
    assert on_one_node(devices) == []


# --- what was opened


@pytest.fixture
def port(tmp_path: Path) -> Iterator[SerialLine]:
    line = SerialLine(tmp_path / "port")
    pair = pty.openpty()
    line.path.symlink_to(os.ttyname(pair[1]))
    yield line
    for end in pair:
        os.close(end)


def test_what_was_opened_is_looked_at_again(port: SerialLine) -> None:
    """A hub that starts again numbers its devices anew, and opening one takes a while."""
    device = NodeModel(name="lamp", path=str(port.path))
    opened = os.open(port.path, os.O_RDWR | os.O_NOCTTY)
    other, end = pty.openpty()
    try:
        check_opened(device, TTY, opened)
        with pytest.raises(DeviceError, match="became another device while it was being opened"):
            check_opened(device, TTY, end)
        port.path.unlink()
        with pytest.raises(DeviceAbsentError, match="went while it was being opened"):
            check_opened(device, TTY, opened)
        port.path.symlink_to(port.path)
        with pytest.raises(DeviceError, match="can't look at"):
            check_opened(device, TTY, opened)
    finally:
        for descriptor in (opened, other, end):
            os.close(descriptor)


async def test_a_port_that_became_another_ones_while_it_was_opened_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, right = SerialLine(tmp_path / "left"), SerialLine(tmp_path / "right")
    settings = ScannerSerialSettings(driver="scanner_serial", name="left", path=str(left.path))
    with plugged(left), plugged(right):
        before = descriptors()
        real = byte_line.check_opened

        def numbered_anew(*asked: object) -> None:
            left.path.unlink()
            left.path.symlink_to(right.path.readlink())
            real(*asked)

        monkeypatch.setattr(byte_line, "check_opened", numbered_anew)
        with pytest.raises(DeviceError, match="became another device"):
            await byte_line.open_serial(settings, SystemClock(0), DeviceThread("lamp"))
        assert descriptors() == before


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
