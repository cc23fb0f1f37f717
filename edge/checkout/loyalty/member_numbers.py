"""Numbers that a till gives out itself: members' cards and coupons, and how a scan of one is told
from an article's code.

Neither has a GTIN's length, and no payment card's number starts with their first digits (ISO/IEC
7812-1: schemes that a shop takes issue 2 to 6).
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from edge.checkout.goods.barcode import is_ascii_digits

CARD_DIGITS: Final = 10
CARD_FIRST: Final = "9"
CARDS_A_TILL: Final = 99_999
COUPON_DIGITS: Final = 17
COUPON_FIRST: Final = "8"
COUPONS_A_TILL: Final = 9_999_999
# Five digits that nobody can foresee: a coupon's number can't be worked out from another's.
COUPON_SALTS: Final = 100_000
TILLS: Final = 1_000

MEMBER_MARK: Final = "EM1:"
COUPON_MARK: Final = "EC1:"

# The totally anti-symmetric quasigroup of order 10 in H. M. Damm, Total anti-symmetrische
# Quasigruppen (Marburg, 2004), page 111.
_DAMM: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


@dataclass(frozen=True, slots=True)
class CardCode:
    """A member's or a gift card's number."""

    number: str


@dataclass(frozen=True, slots=True)
class MemberToken:
    """A member's signed QR code, not verified yet."""

    text: str


@dataclass(frozen=True, slots=True)
class CouponCode:
    """A coupon's number."""

    number: str


@dataclass(frozen=True, slots=True)
class CouponToken:
    """A coupon signed by headquarters, not verified yet."""

    text: str


LoyaltyCode: TypeAlias = CardCode | MemberToken | CouponCode | CouponToken


def check_digit(digits: str) -> str:
    """The digit that makes a number hold: no single wrong digit and no two neighbours swapped
    leave it holding (Damm 2004).
    """
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return str(interim)


def holds(number: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    return check_digit(number[:-1]) == number[-1]


def card_number(till: int, counter: int) -> str:
    """The `counter`th card of a till, from 1: `9`, three digits, five digits, check digit."""
    assert 0 <= till < TILLS, till
    assert 0 < counter <= CARDS_A_TILL, counter
    digits = f"{CARD_FIRST}{till:03d}{counter:05d}"
    return digits + check_digit(digits)


def card_counter(number: str) -> int:
    """Which card of its till a number is."""
    return int(number[4:9])


def coupon_number(till: int, counter: int, salt: int) -> str:
    """The `counter`th coupon of a till: `8`, three digits, seven digits, five unforeseeable ones,
    check digit.
    """
    assert 0 <= till < TILLS, till
    assert 0 < counter <= COUPONS_A_TILL, counter
    assert 0 <= salt < COUPON_SALTS, salt
    digits = f"{COUPON_FIRST}{till:03d}{counter:07d}{salt:05d}"
    return digits + check_digit(digits)


def coupon_counter(number: str) -> int:
    """Which coupon of its till a number is."""
    return int(number[4:11])


def is_card(text: str) -> bool:
    return _is_number(text, CARD_FIRST, CARD_DIGITS)


def is_coupon(text: str) -> bool:
    return _is_number(text, COUPON_FIRST, COUPON_DIGITS)


def _is_number(text: str, first: str, digits: int) -> bool:
    return len(text) == digits and text.startswith(first) and is_ascii_digits(text) and holds(text)


def loyalty_code(text: str) -> LoyaltyCode | None:
    """What a scanned text is here; None leaves it to the catalogue. Ask before `barcode.parse`,
    which takes card numbers for articles and signed codes for misread ones.
    """
    if text.startswith(MEMBER_MARK):
        return MemberToken(text)
    if text.startswith(COUPON_MARK):
        return CouponToken(text)
    if is_card(text):
        return CardCode(text)
    return CouponCode(text) if is_coupon(text) else None
