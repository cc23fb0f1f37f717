"""Codes that headquarters signs, checked offline."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.instant import ClockQuality
from edge.checkout.loyalty.member_numbers import CouponToken, MemberToken, loyalty_code
from edge.checkout.loyalty.members import MemberRefusal
from edge.wire.member_codes import (
    LONGEST_CODE,
    CodeReader,
    CouponTicket,
    MemberCode,
    coupon_code,
    member_code,
)
from tests.support.loyalty import FORGERS_KEY, HQ_KEY, PUBLIC_KEY, SOON_S, at, signed

NUMBER = "9007000012"
READER = CodeReader([PUBLIC_KEY])
TEXT = signed(NUMBER)


def test_a_member_s_code_is_read_with_headquarters_public_key() -> None:
    assert READER.member(TEXT, at()) == MemberCode(NUMBER, SOON_S, "nonce-01")
    assert loyalty_code(TEXT) == MemberToken(TEXT)


def test_the_longest_code_is_no_longer_than_a_scanner_hands_over() -> None:
    assert len(TEXT) <= LONGEST_CODE
    assert len(coupon_code(HQ_KEY, "8" * 17, SOON_S)) <= LONGEST_CODE


def test_while_keys_change_both_hold() -> None:
    next_key = Ed25519PrivateKey.from_private_bytes(b"n" * 32)
    both = CodeReader([next_key.public_key().public_bytes_raw(), PUBLIC_KEY])
    assert isinstance(both.member(TEXT, at()), MemberCode)
    fresh = member_code(next_key, NUMBER, SOON_S, "nonce-02")
    assert isinstance(both.member(fresh, at()), MemberCode)
    assert READER.member(fresh, at()) is MemberRefusal.FORGED


def test_a_forged_code_is_refused() -> None:
    forged = member_code(FORGERS_KEY, NUMBER, SOON_S, "nonce-01")
    assert READER.member(forged, at()) is MemberRefusal.FORGED
    other = TEXT.replace(NUMBER, "9007000020")
    assert READER.member(other, at()) is MemberRefusal.FORGED
    later = TEXT.replace(str(SOON_S), str(SOON_S + 1))
    assert READER.member(later, at()) is MemberRefusal.FORGED


@given(st.integers(0, len(TEXT) - 1), st.characters(codec="ascii"))
def test_no_changed_letter_makes_another_code(place: int, letter: str) -> None:
    changed = TEXT[:place] + letter + TEXT[place + 1 :]
    assert changed == TEXT or isinstance(READER.member(changed, at()), MemberRefusal)


def test_an_expired_code_is_refused_when_the_clock_can_tell() -> None:
    on_time, late = at(SOON_S * 1000 - 1), SOON_S * 1000
    assert isinstance(READER.member(TEXT, on_time), MemberCode)
    assert READER.member(TEXT, at(late)) is MemberRefusal.EXPIRED
    assert READER.member(TEXT, at(late, ClockQuality.FLOOR)) is MemberRefusal.EXPIRED
    assert isinstance(READER.member(TEXT, at(late, ClockQuality.UNSET)), MemberCode)


@pytest.mark.parametrize(
    "text",
    [
        "EM1:",
        TEXT[:-1],
        TEXT + "A",
        TEXT + " ",
        TEXT.lower(),
        signed("9007000013"),
        signed(NUMBER, nonce="n"),
        signed(NUMBER, expires_s=5),
        "EM1:" + "9" * 1000,
        coupon_code(HQ_KEY, "hello", SOON_S),
    ],
)
def test_what_is_no_member_s_code_is_misread(text: str) -> None:
    assert READER.member(text, at()) is MemberRefusal.MISREAD


def test_a_till_without_a_key_says_so() -> None:
    assert CodeReader([]).member(TEXT, at()) is MemberRefusal.NO_KEY


@pytest.mark.parametrize("keys", [[b"short"], [PUBLIC_KEY] * 5])
def test_keys_that_are_none_are_refused(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="public key"):
        CodeReader(keys)


@pytest.mark.parametrize("name", ["hello", "80070000001123450"])
def test_a_coupon_s_code_names_its_campaign_or_its_number(name: str) -> None:
    text = coupon_code(HQ_KEY, name, SOON_S)
    assert loyalty_code(text) == CouponToken(text)
    assert READER.coupon(text, at()) == CouponTicket(name, SOON_S)
    assert READER.coupon(text, at(SOON_S * 1000)) is MemberRefusal.EXPIRED
    assert READER.coupon(coupon_code(FORGERS_KEY, name, SOON_S), at()) is MemberRefusal.FORGED
    assert READER.coupon(text[:-1], at()) is MemberRefusal.MISREAD
    assert READER.coupon("EC1:" + "x" * 200, at()) is MemberRefusal.MISREAD


def test_one_kind_of_code_is_never_taken_for_the_other() -> None:
    assert READER.coupon(TEXT, at()) is MemberRefusal.MISREAD
    swapped = "EC1:" + TEXT.removeprefix("EM1:")
    assert READER.coupon(swapped, at()) is MemberRefusal.MISREAD
