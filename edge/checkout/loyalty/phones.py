"""Telephone numbers as people key them, and the one form in which they are kept (ITU-T E.164)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from edge.checkout.goods.barcode import is_ascii_digits

# E.164, section 6: at most 15 digits; nothing with fewer than 7 is a subscriber's whole number.
E164_DIGITS: Final = range(7, 16)
TAIL_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class PhonePlan:
    """A country's mobile numbers: its code, the digits a national number may have, what it may
    begin with, and the trunk prefix that people key in front at home.
    """

    country: str
    lengths: tuple[int, ...]
    first: tuple[str, ...] = ("",)
    trunk: str = ""


# National numbering plans as ITU-T publishes them (Operational Bulletin, national numbering plans).
PHONE_PLANS: Final[Mapping[str, PhonePlan]] = {
    "CN": PhonePlan("86", (11,), ("13", "14", "15", "16", "17", "18", "19")),
    "HK": PhonePlan("852", (8,), ("4", "5", "6", "7", "9")),
    "TW": PhonePlan("886", (9,), ("9",), "0"),
    "SG": PhonePlan("65", (8,), ("8", "9")),
    "GB": PhonePlan("44", (10,), ("7",), "0"),
    "DE": PhonePlan("49", (10, 11), ("15", "16", "17"), "0"),
    "US": PhonePlan("1", (10,), tuple("23456789"), "1"),
}


def read_phone(text: str, plan: PhonePlan) -> str | None:
    """`+` and digits; None for what can't be a mobile number here. `+` or `00` in front says that
    the country's code follows, and then other countries' numbers are taken by their length.
    """
    digits = text.strip().translate(str.maketrans("", "", " -()."))
    for mark in ("+", "00"):
        if digits.startswith(mark):
            return _international(digits.removeprefix(mark), plan)
    return _national(digits, plan) or _national(digits.removeprefix(plan.trunk), plan)


def _international(digits: str, plan: PhonePlan) -> str | None:
    if not is_ascii_digits(digits) or digits[0] == "0":
        return None
    if digits.startswith(plan.country):
        return _national(digits.removeprefix(plan.country), plan)
    return f"+{digits}" if len(digits) in E164_DIGITS else None


def _national(digits: str, plan: PhonePlan) -> str | None:
    fits = is_ascii_digits(digits) and len(digits) in plan.lengths
    return f"+{plan.country}{digits}" if fits and digits.startswith(plan.first) else None
