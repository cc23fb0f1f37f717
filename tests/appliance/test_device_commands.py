"""`edge devices`: what a technician reads, and what he can paste."""

import asyncio
import dataclasses
import os
import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from edge.settings import settings_from
from tests.support.udev_bed import Function, UdevBed, Usb, udev_bed

SHOP: dict[str, Any] = {
    "device": {"id": "till-07"},
    "shop": {"name": "Kiosk", "currency": "USD", "taxes": [{"code": "A", "rate_bp": 0}]},
    "store": {"path": "till.db"},
}
SHOP_TOML = """
[device]
id = "till-07"
[shop]
name = "Kiosk"
currency = "USD"
taxes = [{ code = "A", rate_bp = 0 }]
[store]
path = "till.db"
"""
SCANNER = Usb(
    "1-1",
    "0c2e",
    "0901",
    serial="A1",
    manufacturer="Honeywell",
    model="Voyager",
    functions=(Function("tty", "ttyACM0"),),
)
KEYBOARD = Usb(
    "1-2",
    "04d9",
    "1203",
    functions=(
        Function("input", "event3", interface=0, keys=tuple(range(1, 120))),
        Function("input", "event4", interface=1, keys=(113, 114, 115)),
    ),
)


def adapter(port: str, node: str, serial: str = "") -> Usb:
    return Usb(port, "067b", "2303", serial=serial, functions=(Function("tty", node),))


@pytest.fixture
async def bed() -> AsyncIterator[UdevBed]:
    async with udev_bed() as made:
        yield made


async def devices(bed: UdevBed, *options: str) -> tuple[int, str]:
    """The exit status of the command, and what it says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-W", "error", "-m", "edge", "devices", *options),
        env={**os.environ, **bed.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(30):
        said, _ = await process.communicate()
        return await process.wait(), said.decode()


def snippets(said: str) -> list[dict[str, Any]]:
    """What is there to paste, as settings take it."""
    found: list[dict[str, Any]] = tomllib.loads(said.rpartition("in all:")[0]).get("devices", [])
    if found:
        settings_from({**SHOP, "devices": found}, Path("edge.toml"))
    return found


async def test_nothing_plugged_in_is_nothing_to_list(bed: UdevBed) -> None:
    assert await devices(bed) == (0, "in all: 0 devices that a till can use\n")


async def test_a_device_is_described_and_named_by_its_serial_number(bed: UdevBed) -> None:
    await bed.plug(SCANNER)
    status, said = await devices(bed)
    assert status == 0
    assert said.splitlines()[0] == (
        "# /dev/ttyACM0, 0c2e:0901, port 1-1, interface 0, serial A1, Honeywell Voyager"
    )
    assert snippets(said) == [
        {
            "driver": "scanner_serial",
            "name": "device1",
            "usb": {"vendor": "0c2e", "product": "0901", "serial": "A1"},
        }
    ]


@pytest.mark.parametrize("serial", ["", "0000"])
async def test_two_that_are_alike_are_named_by_their_ports(bed: UdevBed, serial: str) -> None:
    await bed.plug(adapter("1-1", "ttyUSB0", serial))
    await bed.plug(adapter("1-2.3", "ttyUSB1", serial))
    pasted = snippets((await devices(bed))[1])
    both = {"vendor": "067b", "product": "2303"}
    assert [each["usb"] for each in pasted] == [
        {**both, "port": "1-1"},
        {**both, "port": "1-2.3"},
    ]


async def test_a_keyboard_is_one_device_and_can_be_two_things(bed: UdevBed) -> None:
    await bed.plug(KEYBOARD)
    said = (await devices(bed))[1]
    (pasted,) = snippets(said)
    assert pasted["usb"] == {"vendor": "04d9", "product": "1203"}
    assert "/dev/input/event3" in said
    assert "event4" not in said
    assert 'driver = "scanner_evdev"  # or keypad_evdev' in said


async def test_a_device_with_two_ports_is_named_by_its_interfaces(bed: UdevBed) -> None:
    ports = (Function("tty", "ttyACM0", interface=0), Function("tty", "ttyACM1", interface=2))
    await bed.plug(Usb("1-1", "0c2e", "0901", functions=ports))
    pasted = snippets((await devices(bed))[1])
    assert [each["usb"]["interface"] for each in pasted] == [0, 2]


async def test_of_the_boards_ports_those_are_listed_that_are_there(bed: UdevBed) -> None:
    await bed.solder("ttyS0", uart=4)
    await bed.solder("ttyS1", uart=0)
    said = (await devices(bed))[1]
    assert [each["path"] for each in snippets(said)] == ["/dev/ttyS0"]


async def test_printers_are_found_with_a_node_and_without(bed: UdevBed) -> None:
    with_node = Function("usbmisc", "lp0", usb_class="07")
    await bed.plug(Usb("1-1", "04b8", "0e15", serial="P1", functions=(with_node,)))
    await bed.plug(Usb("1-2", "0416", "5011", functions=(Function("", "", usb_class="07"),)))
    said = (await devices(bed))[1]
    assert [each["driver"] for each in snippets(said)] == ["printer_usb", "printer_usb"]
    assert "# /dev/usb/lp0, 04b8:0e15" in said
    assert 'driver = "printer_usb"  # or printer_usblp' in said
    assert "# no node of its own, 0416:5011" in said


async def test_the_settings_devices_are_named_and_the_missing_ones_too(
    bed: UdevBed, tmp_path: Path
) -> None:
    config = tmp_path / "edge.toml"
    config.write_text(
        SHOP_TOML
        + """
[[devices]]
driver = "scanner_serial"
name = "counter"
usb = { vendor = "0c2e", product = "0901" }
[[devices]]
driver = "display_serial"
name = "pole"
path = "/dev/ttyUSB0"
[[devices]]
driver = "keypad_serial"
name = "pad"
usb = { vendor = "04d9", product = "a02a" }
[[devices]]
driver = "printer_network"
name = "printer"
host = "192.0.2.1"
"""
    )
    await bed.plug(SCANNER)
    await bed.plug(adapter("1-2", "ttyUSB0"))
    status, said = await devices(bed, "--config", str(config))
    assert status == 1
    assert "# is counter of the settings" in said
    assert "# is pole of the settings" in said
    assert "pad: not plugged in\n" in said
    assert "printer: has no plug here\n" in said
    assert "[[devices]]" not in said


async def test_a_path_that_udev_does_not_know_is_there_all_the_same(
    bed: UdevBed, tmp_path: Path
) -> None:
    config, node = tmp_path / "edge.toml", tmp_path / "gun"
    gun = f'[[devices]]\ndriver = "scanner_serial"\nname = "gun"\npath = "{node}"\n'
    config.write_text(SHOP_TOML + gun)
    status, said = await devices(bed, "--config", str(config))
    assert (status, said.splitlines()[0]) == (1, f"gun: not plugged in: there is no {node}")
    node.touch()
    status, said = await devices(bed, "--config", str(config))
    assert (status, said.splitlines()[0]) == (0, f"gun: {node} is there, but udev does not know it")


async def test_what_a_device_says_of_itself_stays_a_comment(bed: UdevBed) -> None:
    model = "Voy\x1b[2Jager"
    await bed.plug(dataclasses.replace(SCANNER, serial='A"1', model=model))
    said = (await devices(bed))[1]
    assert said.splitlines()[0].endswith(', serial A"1, Honeywell Voy?[2Jager')
    (pasted,) = snippets(said)
    assert pasted["usb"]["serial"] == 'A"1'


async def test_a_device_that_is_pulled_while_it_is_looked_at_is_not_there(bed: UdevBed) -> None:
    await bed.plug(dataclasses.replace(SCANNER, vendor="", product="", serial=""))
    await bed.plug(KEYBOARD)
    status, said = await devices(bed)
    assert status == 0
    assert [each["usb"]["vendor"] for each in snippets(said)] == ["04d9"]


async def test_a_chip_on_usb_is_named_by_its_path_and_known_by_it(
    bed: UdevBed, tmp_path: Path
) -> None:
    await bed.plug(Usb("1-1", "0403", "6014", functions=(Function("gpio", "gpiochip5"),)))
    said = (await devices(bed))[1]
    assert snippets(said) == [
        {"driver": "drawer_gpio", "name": "device1", "chip": "/dev/gpiochip5", "line": 0}
    ]
    config = tmp_path / "edge.toml"
    config.write_text(SHOP_TOML + said[: said.index("in all:")])
    status, said = await devices(bed, "--config", str(config))
    assert status == 0
    assert "# is device1 of the settings" in said


async def test_a_drawers_chip_that_is_not_there_is_missing(bed: UdevBed, tmp_path: Path) -> None:
    config = tmp_path / "edge.toml"
    drawers = [
        f'[[devices]]\ndriver = "drawer_gpio"\nname = "{name}"\nchip = "{chip}"\nline = 17\n'
        for name, chip in (("left", "/dev/gpiochip9"), ("right", "pinctrl-x"))
    ]
    config.write_text(SHOP_TOML + "".join(drawers))
    status, said = await devices(bed, "--config", str(config))
    assert status == 1
    assert said.splitlines()[:2] == [
        "left: not plugged in: there is no /dev/gpiochip9",
        "right: no GPIO chip that you may ask has the label 'pinctrl-x'",
    ]


async def test_settings_that_can_not_be_read_are_refused(bed: UdevBed, tmp_path: Path) -> None:
    status, said = await devices(bed, "--config", str(tmp_path / "typo.toml"))
    assert (status, said) == (
        2,
        f"{tmp_path}/typo.toml: can't be read: No such file or directory\n",
    )
