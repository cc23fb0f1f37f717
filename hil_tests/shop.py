"""The shop that a till on a bench belongs to: few articles, and a drawer that is watched."""

import sys
from pathlib import Path
from typing import Final

# Name on the display -> code and price; ASCII, so that every display shows the same.
SHELF: Final = {
    "Pencil": ("5901234123457", 120),
    "Green tea": ("4006381333931", 499),
    "Umbrella": ("9520417010016", 1_990),
    "Notebook": ("9520417010023", 350),
}
CODES: Final = {name: code for name, (code, _) in SHELF.items()}
PRICES: Final = {name: price_minor for name, (_, price_minor) in SHELF.items()}
DEVICE: Final = "till-07"


def shelf_csv() -> str:
    """The catalogue file of the shop."""
    header = "plu,barcodes,name_en,name_zh,price_minor,tax_code,unit\n"
    return header + "".join(
        f"{1000 + number},{code},{name},,{price_minor},A,each\n"
        for number, (name, (code, price_minor)) in enumerate(SHELF.items())
    )


def edge_toml(devices: str) -> str:
    """The settings of the shop, with these `[[devices]]` tables."""
    return f"""\
[device]
id = "{DEVICE}"

[shop]
name = "Kiosk"
currency = "USD"
taxes = [{{ code = "A", rate_bp = 0 }}]
catalogue = "shelf.csv"

[store]
path = "till.db"

{devices}"""


def write_shop(folder: Path, devices: str) -> None:
    """`edge.toml` and `shelf.csv`, into the folder."""
    (folder / "edge.toml").write_text(edge_toml(devices), encoding="utf-8")
    (folder / "shelf.csv").write_text(shelf_csv(), encoding="utf-8")


# What a box on a bench has; the paths are the box's own.
BOARD_DEVICES: Final = """\
[[devices]]
driver = "scanner_serial"
name = "scanner"
path = "/dev/serial/by-id/usb-box-a"

[[devices]]
driver = "keypad_serial"
name = "keypad"
path = "/dev/serial/by-id/usb-box-b"

[[devices]]
driver = "display_serial"
name = "display"
path = "/dev/serial/by-id/usb-box-c"

[[devices]]
driver = "printer_network"
name = "printer"
host = "192.0.2.10"

[[devices]]
driver = "drawer_gpio"
name = "drawer"
chip = "/dev/gpiochip0"
line = 17
"""

if __name__ == "__main__":
    write_shop(Path(sys.argv[1]), BOARD_DEVICES)
