"""What `edge devices` finds: the lines that it writes, and which device of the settings it is."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.drawers.drawer_gpio_settings import DrawerGpioSettings
from edge.drivers.drawers.gpio_chips import label_of
from edge.drivers.keys.scanner_serial import ScannerSerialSettings
from edge.drivers.plugs import Node, UsbPlug
from edge.drivers.printers.printer_network import PrinterNetworkSettings
from edge.drivers.settings import DeviceModel, UsbIdentity
from edge.drivers.survey import SERIAL_DRIVERS, Found, chip_label, snippet
from edge.ports import DeviceError
from tests.support.gpio_chip import PATH, GpioBoard

# Whatever sysfs' UTF-8 may hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=126)
GPIO = ("drawer_gpio",)


def pasted(found: Found) -> dict[str, object]:
    (device,) = tomllib.loads(snippet(found, "device1"))["devices"]
    return device


def drawer(chip: str) -> DrawerGpioSettings:
    return DrawerGpioSettings(driver="drawer_gpio", name="drawer", chip=chip, line=17)


def scanner(path: str) -> ScannerSerialSettings:
    return ScannerSerialSettings(driver="scanner_serial", name="gun", path=path)


# --- lines to paste


@given(TEXTS)
def test_whatever_a_serial_number_is_made_of_reads_back_as_it_is(serial: str) -> None:
    usb = UsbIdentity(vendor="0c2e", product="0901", serial=serial, interface=2)
    plug = UsbPlug("0c2e", "0901", serial, "1-1", "")
    said = pasted(Found(Node("/dev/ttyACM0", plug, 2), SERIAL_DRIVERS, usb))
    named = {"vendor": "0c2e", "product": "0901", "interface": 2}
    assert said["usb"] == (named | {"serial": serial} if serial else named)


@given(TEXTS, TEXTS)
def test_whatever_a_path_or_a_label_is_made_of_reads_back_too(path: str, label: str) -> None:
    assert pasted(Found(Node(path, None, None), SERIAL_DRIVERS, None))["path"] == path
    assert pasted(Found(Node(path, None, None, label=label), GPIO, None)) == {
        "driver": "drawer_gpio",
        "name": "device1",
        "chip": path,
        "line": 0,
    }


def test_a_chip_is_named_by_its_path_and_its_label_stands_beside_it() -> None:
    chip = snippet(Found(Node(PATH, None, None, label="pinctrl-x"), GPIO, None), "device1")
    assert 'chip = "/dev/gpiochip0"  # or "pinctrl-x"\n' in chip
    without = snippet(Found(Node(PATH, None, None), GPIO, None), "device1")
    assert 'chip = "/dev/gpiochip0"\n' in without


# --- which of the settings' it is


@pytest.mark.parametrize(
    ("chip", "is_it"),
    [
        ("/dev/gpiochip0", True),
        ("/dev/../dev/gpiochip0", True),
        ("pinctrl-x", True),
        ("/dev/gpiochip1", False),
        ("pinctrl", False),
    ],
)
def test_a_drawer_s_chip_is_known_by_path_and_by_label(chip: str, is_it: bool) -> None:
    found = Found(Node(PATH, None, None, label="pinctrl-x"), GPIO, None)
    assert found.is_of(drawer(chip)) is is_it


def test_a_node_is_known_by_any_path_to_it(tmp_path: Path) -> None:
    node, link = tmp_path / "ttyUSB0", tmp_path / "by-id"
    node.touch()
    link.symlink_to(node)
    found = Found(Node(str(node), None, None), SERIAL_DRIVERS, None)
    assert found.is_of(scanner(str(link)))
    assert not found.is_of(scanner(str(tmp_path / "ttyUSB1")))


@pytest.mark.parametrize(("interface", "is_it"), [(None, True), (2, True), (0, False)])
def test_of_a_device_that_is_several_it_is_the_interface_of_the_settings(
    interface: int | None, is_it: bool
) -> None:
    plug = UsbPlug("0c2e", "0901", "A1", "1-1", "")
    usb = UsbIdentity(vendor="0c2e", product="0901", interface=interface)
    gun = ScannerSerialSettings(driver="scanner_serial", name="gun", usb=usb)
    assert Found(Node("/dev/ttyACM1", plug, 2), SERIAL_DRIVERS, None).is_of(gun) is is_it


def test_what_has_no_node_is_nobody_s_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither is the folder that the command runs in."""
    monkeypatch.chdir(tmp_path)
    network: DeviceModel = PrinterNetworkSettings(
        driver="printer_network", name="kitchen", host="192.0.2.1"
    )
    found = Found(Node(str(tmp_path), None, None), SERIAL_DRIVERS, None)
    assert not found.is_of(network)
    nowhere = Found(Node("", None, None), ("printer_usb",), None)
    assert not nowhere.is_of(scanner(str(tmp_path)))
    assert not nowhere.is_of(network)


# --- the label of a chip


def test_a_chip_says_its_label_and_is_let_go() -> None:
    board = GpioBoard({}, now_ms=lambda: 0, label="pinctrl-x")
    assert label_of(PATH, board.open) == "pinctrl-x"
    assert board.open_descriptors == 0


def test_a_chip_that_goes_while_it_is_asked_is_let_go_too() -> None:
    board = GpioBoard({}, now_ms=lambda: 0)

    def opened_too_late(node: str) -> object:
        chip = board.open(node)
        board.unplug()
        return chip

    with pytest.raises(DeviceError, match="no GPIO chip is there"):
        label_of(PATH, opened_too_late)
    assert board.open_descriptors == 0


def test_what_can_not_be_asked_has_no_label(tmp_path: Path) -> None:
    assert chip_label(str(tmp_path / "gpiochip0")) == ""
    assert chip_label("/dev/null") == ""
