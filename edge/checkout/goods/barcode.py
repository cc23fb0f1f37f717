"""What a scanned code is: a trade item, a label with a price or weight in it, or nothing to sell.

Check digits and UPC-E expansion follow the GS1 General Specifications, sections 7.9 and 5.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

EAN8, UPC_A, EAN13, GTIN14 = 8, 12, 13, 14
GTIN_LENGTHS = frozenset({EAN8, UPC_A, EAN13, GTIN14})

# ISO/IEC 7812-1 allows 8 to 19 digits; those that schemes issue today have 14 or more, and start
# with 3 to 6 or, with 16 digits, lie between 2221 and 2720. Mobile payment codes start with 1 to 3
# and are told apart by the Luhn digit.
PAN_LENGTHS = range(14, 20)
PAN_FIRST_DIGITS = frozenset("3456")
PAN_2_SERIES, PAN_2_SERIES_LENGTH = range(2221, 2721), 16
# ISO/IEC 7813: a track starts with %B or ;, and a sign follows the number.
TRACK_MARKS = "%;^=?"
# The longest code that a shop may give an article itself.
MAX_SHOP_CODE = 32


class CodeFault(StrEnum):
    """Why a code can't be sold."""

    EMPTY = "empty"
    MISREAD = "misread"
    CARD_NUMBER = "card_number"


class EmbeddedKind(StrEnum):
    """What the figures inside an in-store label are."""

    PRICE = "price"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class LabelLayout:
    """How the shop's scales write an in-store EAN-13: a two-digit prefix from 20 to 29, then one
    letter a digit: `I` item, `V` value, `P` the value's own check digit (not checked), `C` check
    digit. A price is in minor units, a weight in thousandths (grams).
    """

    layout: str
    kind: EmbeddedKind

    @property
    def prefix(self) -> str:
        return self.layout[:2]

    def is_item(self, code: str) -> bool:
        """Whether a catalogue's code is one that these labels name: prefix and item digits."""
        return code.startswith(self.prefix) and len(code) == 2 + self.layout.count("I")


@dataclass(frozen=True, slots=True)
class ItemCode:
    """A code that names an article: try the candidates in order."""

    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmbeddedCode:
    """A label's article (prefix and item digits) with the price or weight printed on it."""

    item: str
    kind: EmbeddedKind
    value: int


Barcode: TypeAlias = ItemCode | EmbeddedCode | CodeFault


def check_digit(digits: str) -> int:
    """The GS1 check digit for the digits before it: weights 3 and 1 from the right."""
    weighted = 3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))
    return -weighted % 10


def check_digit_holds(code: str) -> bool:
    return int(code[-1]) == check_digit(code[:-1])


def expand_upc_e(code: str) -> str | None:
    """The UPC-A behind an 8-digit UPC-E with number system and check digit, None if it is none."""
    system, body, check = code[0], code[1:7], code[7]
    if system not in "01":
        return None
    last = body[5]
    if last in "012":
        item = f"{body[:2]}{last}0000{body[2:5]}"
    elif last == "3":
        item = f"{body[:3]}00000{body[3:5]}"
    elif last == "4":
        item = f"{body[:4]}00000{body[4]}"
    else:
        item = f"{body[:5]}0000{last}"
    expanded = f"{system}{item}{check}"
    return expanded if check_digit_holds(expanded) else None


def canonical(code: str) -> str:
    """The form under which a catalogue keeps a code: an UPC-A with good check digit, and a GTIN-14
    that begins with 0, becomes the EAN-13 that it is; everything else stays.
    """
    if len(code) in (UPC_A, GTIN14) and is_ascii_digits(code) and check_digit_holds(code):
        return code.zfill(GTIN14).removeprefix("0")
    return code


def is_ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def luhn_holds(digits: str) -> bool:
    """The check of a card number, ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)  # noqa: PLR2004 - the digit sum of a two-digit number
    return total % 10 == 0


def is_card_number(code: str) -> bool:
    """Whether a code looks like a payment card's number or the track that carries it."""
    text = code.replace(" ", "").replace("-", "")
    if any(mark in text for mark in TRACK_MARKS):
        text = text.upper().lstrip("%B;").partition("^")[0].partition("=")[0].rstrip("?")
    if not is_ascii_digits(text) or len(text) not in PAN_LENGTHS or not luhn_holds(text):
        return False
    in_2_series = len(text) == PAN_2_SERIES_LENGTH and int(text[:4]) in PAN_2_SERIES
    return text[0] in PAN_FIRST_DIGITS or in_2_series


def is_miskeyed(code: str, layouts: Sequence[LabelLayout]) -> bool:
    """Whether a catalogue's code has the digits of a GTIN and not its check digit. What stands on
    the labels of the shop's scales is no GTIN.
    """
    if len(code) not in GTIN_LENGTHS or not is_ascii_digits(code) or check_digit_holds(code):
        return False
    on_a_label = any(layout.is_item(code) for layout in layouts)
    return not on_a_label and _trade_item(code) is CodeFault.MISREAD


def parse(code: str, layouts: Sequence[LabelLayout]) -> Barcode:
    """What the scanned text is. Digits of a GTIN's length must have a GTIN's check digit; other
    printable texts are the shop's own codes, as they stand.
    """
    if not code:
        return CodeFault.EMPTY
    if is_card_number(code) and not (len(code) == GTIN14 and check_digit_holds(code)):
        return CodeFault.CARD_NUMBER
    if not code.isprintable() or len(code) > MAX_SHOP_CODE:
        return CodeFault.MISREAD
    if not is_ascii_digits(code) or len(code) not in GTIN_LENGTHS:
        return ItemCode((code,))
    if len(code) == EAN13:
        for layout in layouts:
            if code.startswith(layout.prefix) and check_digit_holds(code):
                return _embedded(code, layout)
    return _trade_item(code)


def _embedded(code: str, layout: LabelLayout) -> EmbeddedCode:
    def digits(letter: str) -> str:
        pairs = zip(code[2:], layout.layout[2:], strict=True)
        return "".join(digit for digit, place in pairs if place == letter)

    return EmbeddedCode(layout.prefix + digits("I"), layout.kind, int(digits("V")))


def _trade_item(code: str) -> Barcode:
    candidates: dict[str, None] = {}
    if check_digit_holds(code):
        # An EAN-8 may stand behind zeros in a catalogue; all else is the same with them.
        candidates = dict.fromkeys((canonical(code), canonical(code.zfill(GTIN14))))
    if len(code) == EAN8:
        expanded = expand_upc_e(code)
        if expanded is not None:
            candidates[canonical(expanded)] = None
    return ItemCode(tuple(candidates)) if candidates else CodeFault.MISREAD
