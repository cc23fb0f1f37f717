"""A cashier's hands, as the bytes that scanners and keypads send: the tables of docs/devices.md."""

from typing import Final, Protocol

from hil_tests.ports import Cable

# A serial keypad's factory table, framing "byte".
KEY_BYTES: Final = {
    **{digit: digit for digit in "0123456789."},
    "00": "Z",
    "X": "X",
    "ENTER": "E",
    "CLEAR": "L",
    "VOID": "V",
    "SUBTOTAL": "S",
    "CASH": "C",
    "CARD": "K",
    "MOBILE": "P",
    "MEMBER": "I",
    "MENU": "M",
    "UP": "U",
    "DOWN": "D",
}

# Keys of the keymap `pos`, as docs/devices.md has them.
POS_KEYS: Final = {
    **{digit: f"KEY_{digit}" for digit in "0123456789"},
    ".": "KEY_DOT",
    "00": "KEY_Z",
    "X": "KEY_X",
    "ENTER": "KEY_ENTER",
    "CLEAR": "KEY_ESC",
    "VOID": "KEY_V",
    "SUBTOTAL": "KEY_T",
    "CASH": "KEY_C",
    "CARD": "KEY_D",
    "MOBILE": "KEY_O",
    "MEMBER": "KEY_B",
    "MENU": "KEY_M",
    "UP": "KEY_UP",
    "DOWN": "KEY_DOWN",
}


class SerialScanner:
    """A scanner on RS-232, or on USB as a serial port, that ends each code with CR."""

    def __init__(self, cable: Cable) -> None:
        self._cable = cable

    def scan(self, code: str) -> None:
        self._cable.send(code.encode("ascii") + b"\r")


class SerialKeypad:
    """A programmable keypad at a serial port, a byte a key."""

    def __init__(self, cable: Cable) -> None:
        self._cable = cable

    def press(self, key: str) -> None:
        self._cable.send(KEY_BYTES[key].encode("ascii"))


# --- a USB gadget that types

# HID usage tables, page 7 (keyboard): the keys that a US layout types with and without shift.
SHIFT: Final = 0x02
ENTER_USAGE: Final = 0x28
USAGES: Final = {
    **{letter: (4 + place, 0) for place, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
    **{letter: (4 + place, SHIFT) for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")},
    **{digit: (0x1E + place, 0) for place, digit in enumerate("1234567890")},
    "-": (0x2D, 0),
    ".": (0x37, 0),
    "/": (0x38, 0),
    ":": (0x33, SHIFT),
}


class Typist(Protocol):
    def type(self, usage: int, modifiers: int = 0) -> None: ...


class HidScanner:
    """A scanner that types what it reads on a US keyboard, and ENTER."""

    def __init__(self, typist: Typist) -> None:
        self._typist = typist

    def scan(self, code: str) -> None:
        for character in code:
            usage, modifiers = USAGES[character]
            self._typist.type(usage, modifiers)
        self._typist.type(ENTER_USAGE)


class HidKeypad:
    """A keyboard for the keymap `pos`."""

    OTHERS: Final = {"ENTER": 0x28, "ESC": 0x29, "DOT": 0x37, "DOWN": 0x51, "UP": 0x52}

    def __init__(self, typist: Typist) -> None:
        self._typist = typist

    def press(self, key: str) -> None:
        name = POS_KEYS[key].removeprefix("KEY_")
        usage = self.OTHERS[name] if name in self.OTHERS else USAGES[name.lower()][0]
        self._typist.type(usage)
