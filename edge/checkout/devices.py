"""The devices at a till, as its settings name them."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a device is to the till."""

    SCANNER = "scanner"
    KEYPAD = "keypad"
    PRINTER = "printer"
    DRAWER = "drawer"
    CUSTOMER_DISPLAY = "customer_display"
    CASHIER_DISPLAY = "cashier_display"
    PAYMENT = "payment"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class TillDevice:
    """A device of the settings. One that hangs `on` another, as a drawer on its printer, has no
    life of its own.
    """

    name: str
    kind: Kind
    on: str = ""
