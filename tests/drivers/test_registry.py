"""Settings become devices: every driver, by name, and nothing that the settings did not ask for."""

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from edge.checkout.devices import Kind
from edge.clock import SystemClock
from edge.drivers.printers.drawer_printer import PrinterDrawer
from edge.drivers.registry import REGISTRY, Devices, DeviceSettings, build
from tests.support.devices import RecordingInbox

DEVICES: TypeAdapter[DeviceSettings] = TypeAdapter(DeviceSettings)
PORT = {"path": "port-of-it"}
EVERY_DRIVER: list[dict[str, Any]] = [
    {"driver": "drawer_printer", "name": "drawer", "printer": "printer"},
    {"driver": "scanner_serial", "name": "scanner", **PORT},
    {"driver": "scanner_simulated", "name": "scanner2"},
    {"driver": "keypad_serial", "name": "keypad", **PORT},
    {"driver": "keypad_simulated", "name": "keypad2"},
    {"driver": "printer_network", "name": "printer", "host": "printer.shop"},
    {"driver": "printer_serial", "name": "printer2", **PORT},
    {"driver": "printer_simulated", "name": "printer3"},
    {"driver": "printer_usb", "name": "printer4", "usb": {"vendor": "04b8", "product": "0202"}},
    {"driver": "printer_usblp", "name": "printer5", "path": "/dev/usb/lp0"},
    {"driver": "drawer_simulated", "name": "drawer2"},
    {"driver": "drawer_gpio", "name": "drawer3", "chip": "/dev/gpiochip0", "line": 17},
    {"driver": "display_serial", "name": "display", **PORT},
    {"driver": "customer_display_simulated", "name": "display2"},
    {"driver": "cashier_display_simulated", "name": "screen"},
    {"driver": "display_framebuffer", "name": "screen2", "path": "/dev/fb0"},
    {"driver": "display_lines", "name": "screen3", **PORT},
    {
        "driver": "payment_gateway",
        "name": "mobile",
        "url": "https://pay.example",
        "merchant": "shop-1",
        "device": "till-001",
        "key_id": "till-001",
        "key_file": "/etc/edge/payment.key",
    },
    {"driver": "payment_simulated", "name": "mobile2"},
    {"driver": "payment_manual", "name": "mobile3"},
    {"driver": "scale_serial", "name": "scale", **PORT},
    {"driver": "scale_simulated", "name": "scale2"},
    {"driver": "scanner_evdev", "name": "scanner3", **PORT},
    {"driver": "keypad_evdev", "name": "keypad3", **PORT},
]


def built(*devices: dict[str, Any]) -> Devices:
    settings = [DEVICES.validate_python(device) for device in devices]
    return build(settings, RecordingInbox(), SystemClock(0))


def names(drivers: tuple) -> list[str]:
    return [driver.name for driver in drivers]


def test_every_driver_is_built_from_its_settings_and_stands_under_its_kind() -> None:
    devices = built(*EVERY_DRIVER)
    assert names(devices.scanners) == ["scanner", "scanner2", "scanner3"]
    assert names(devices.keypads) == ["keypad", "keypad2", "keypad3"]
    assert names(devices.printers) == [f"printer{number}" for number in ("", 2, 3, 4, 5)]
    assert names(devices.drawers) == ["drawer", "drawer2", "drawer3"]
    assert names(devices.customer_displays) == ["display", "display2"]
    assert names(devices.cashier_displays) == ["screen", "screen2", "screen3"]
    assert names(devices.payment_terminals) == ["mobile", "mobile2", "mobile3"]
    assert names(devices.scales) == ["scale", "scale2"]
    assert sorted(names(devices.all)) == sorted(device["name"] for device in EVERY_DRIVER)


def test_the_union_and_the_tables_hold_the_same_drivers() -> None:
    union = get_args(get_args(DeviceSettings)[0])
    tables = [maker.settings for makers in REGISTRY.values() for maker in makers]
    assert set(tables) == set(union)
    assert len(tables) == len(union) == len(EVERY_DRIVER)
    assert set(REGISTRY) == set(Kind)


def test_a_drawer_is_given_the_printer_that_it_names_wherever_that_stands() -> None:
    (drawer,) = built(EVERY_DRIVER[0], EVERY_DRIVER[5]).drawers
    assert isinstance(drawer, PrinterDrawer)
    assert drawer._printer.name == "printer"


@pytest.mark.parametrize("other", [[], [EVERY_DRIVER[1] | {"name": "printer"}], [EVERY_DRIVER[7]]])
def test_a_drawer_whose_printer_is_none_is_refused(other: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="drawer: no ESC/POS printer is called 'printer'"):
        built(EVERY_DRIVER[0], *other)


def test_two_devices_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="scanner: two devices have this name"):
        built(EVERY_DRIVER[1], EVERY_DRIVER[1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"driver": "scanner_psychic", "name": "scanner"},
        {"driver": "scanner_serial", "name": "scanner"},
        {"driver": "scanner_serial", "name": "Scanner One", **PORT},
        {"driver": "scanner_serial", "name": "scanner", "baud": 9601, **PORT},
        {"driver": "scanner_serial", "name": "scanner", "bauds": 9600, **PORT},
        {"driver": "scanner_serial", "name": "scanner", "max_code_length": 10**6, **PORT},
        {"driver": "printer_network", "name": "printer", "host": "h", "port": "9100"},
        {"driver": "printer_network", "name": "printer", "host": "h", "job_timeout_ms": 0},
        {"driver": "printer_network", "name": "printer", "host": "h", "reopen": {"cap_ms": 0}},
    ],
)
def test_settings_that_no_device_can_have_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DEVICES.validate_python(wrong)
