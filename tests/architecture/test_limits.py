"""docs/limits.md says what the settings are."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from edge.checkout.payments.paying import MAX_REFERENCE
from edge.checkout.session import MAX_ENTRY
from edge.checkout.shifts.shift import MAX_PIECES, MAX_REPORTS
from edge.drivers.displays.display_framebuffer import DisplayFramebufferSettings
from edge.drivers.displays.display_lines import DisplayLinesSettings
from edge.drivers.displays.display_serial import DisplaySerialSettings
from edge.drivers.drawers.drawer_gpio_settings import DrawerGpioSettings, SenseSettings
from edge.drivers.keys.scanner_evdev import ScannerEvdevSettings
from edge.drivers.keys.scanner_serial import ScannerSerialSettings
from edge.drivers.printers.drawer_printer import DrawerPrinterSettings
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.scales.scale_serial import ScaleSerialSettings
from edge.drivers.settings import ReopenSettings
from edge.payment_settings import PaymentSettings
from edge.price.base import MOST_NAMES, MOST_PARTS, MOST_PROMOTIONS, MOST_SLOTS, MOST_UNITS
from edge.price.reading import LARGEST_FILE_BYTES, LISTED_ERRORS
from edge.settings import DrawerSettings, LimitSettings, ShiftSettings, StoreSettings
from edge.uplink.settings import UplinkSettings

LIMITS = Path(__file__).parents[2] / "docs" / "limits.md"
MODELS: dict[str, type[BaseModel]] = {
    "limits": LimitSettings,
    "shift": ShiftSettings,
    "drawer": DrawerSettings,
    "store": StoreSettings,
    "payments": PaymentSettings,
    "uplink": UplinkSettings,
    "reopen": ReopenSettings,
    "scanner_serial": ScannerSerialSettings,
    "scanner_evdev": ScannerEvdevSettings,
    "scale_serial": ScaleSerialSettings,
    "printer": PrinterModel,
    "drawer_printer": DrawerPrinterSettings,
    "drawer_gpio": DrawerGpioSettings,
    "drawer_sense": SenseSettings,
    "display_serial": DisplaySerialSettings,
    "display_framebuffer": DisplayFramebufferSettings,
    "display_lines": DisplayLinesSettings,
}
# Numbers that are choices, not limits.
NO_LIMITS = {"port", "baud", "data_bits", "stop_bits", "pin", "turn"}


def documented() -> dict[str, str]:
    rows = re.findall(r"^\| `(\w+\.\w+)` \| (\S+) \|", LIMITS.read_text(), re.MULTILINE)
    return dict(rows)


def in_the_settings() -> dict[str, str]:
    return {
        f"{table}.{name}": str(field.default)
        for table, model in MODELS.items()
        for name, field in model.model_fields.items()
        if isinstance(field.default, int | float)
        and not isinstance(field.default, bool)
        and name not in NO_LIMITS
    }


@pytest.mark.parametrize("setting", sorted(in_the_settings()))
def test_every_numeric_setting_is_documented_with_its_default(setting: str) -> None:
    assert documented().get(setting) == in_the_settings()[setting]


def test_no_limit_is_documented_that_is_no_setting() -> None:
    assert documented().keys() == in_the_settings().keys()


@pytest.mark.parametrize(
    ("where", "limits"),
    [
        ("a keyed entry", [MAX_ENTRY]),
        ("a card payment's reference", [MAX_REFERENCE]),
        ("a count of the drawer", [MAX_PIECES]),
        ("X reports towards one Z", [MAX_REPORTS]),
        (
            "promotions in force, or in a request of `edge price`",
            [MOST_PROMOTIONS, LARGEST_FILE_BYTES >> 20, LISTED_ERRORS],
        ),
        ("a promotion", [MOST_PARTS, MOST_NAMES, MOST_UNITS, MOST_SLOTS]),
    ],
)
def test_what_is_built_into_the_checkout_is_as_documented(where: str, limits: list[int]) -> None:
    [row] = re.findall(rf"^\| {where} \| (.*?) \|", LIMITS.read_text(), re.MULTILINE)
    assert [int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", row)] == limits
