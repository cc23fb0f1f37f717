"""Codes that sell nothing: unknown, truncated, garbled, or a card's number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.effects import Beep, ShowScreens, Tone
from edge.checkout.goods.barcode import luhn_holds
from edge.checkout.session import State
from tests.support.playbook import COLA_EAN13, SHOP, Till, with_check_digit

UNKNOWN = "Unknown code - rescan, or key PLU"
MISREAD = "Misread code - scan again"
CARD = "Card number - use the terminal"
DIGITS = "0123456789"


@pytest.mark.parametrize(
    ("code", "notice"),
    [
        (with_check_digit("952000009999"), UNKNOWN),
        ("9999", UNKNOWN),
        ("SKU-77", UNKNOWN),
        (COLA_EAN13[:-1], MISREAD),
        (COLA_EAN13[:-2], UNKNOWN),
        (COLA_EAN13[1:], MISREAD),
        (COLA_EAN13[:-1] + "1", MISREAD),
        (COLA_EAN13 + COLA_EAN13, UNKNOWN),
        (COLA_EAN13 * 3, MISREAD),
        ("95200\x1f0010010", MISREAD),
        ("952000001001\ufffd", UNKNOWN),
        ("", MISREAD),
        ("4111111111111111", CARD),
        ("%B4111111111111111^DOE/JOHN^2912101?", CARD),
        (";378282246310005=29121011?", CARD),
        ("ET1:till-1:1", UNKNOWN),
    ],
)
def test_a_code_that_sells_nothing_says_why_and_changes_nothing(code: str, notice: str) -> None:
    till = Till().scan("1001")
    before = till.session

    till.scan(code)

    assert till.notice == notice
    assert till.state is State.SELLING
    assert till.session.basket is before.basket
    assert till.of(Beep) == [Beep(Tone.REFUSED)]
    assert till.done == []


def everything_shown(till: Till) -> str:
    return repr([effect for effect in till.all_effects if isinstance(effect, ShowScreens)])


@given(
    st.sampled_from("3456"),
    st.text(DIGITS, min_size=12, max_size=17),
    st.sampled_from(["{}", "%B{}^A/B^2912?", ";{}=2912?", "ET1:{}:1"]),
    st.sampled_from(["", "MENU 11", "MENU 31", "MENU 12"]),
)
def test_no_card_number_is_ever_on_a_screen(first: str, rest: str, written: str, keys: str) -> None:
    number = next(first + rest + digit for digit in DIGITS if luhn_holds(first + rest + digit))
    till = Till().press(keys).scan(written.format(number))
    assert till.notice != ""
    assert till.session.basket is None or not till.session.basket.lines
    assert number not in everything_shown(till)


def test_a_keyed_card_number_is_forgotten_at_once() -> None:
    till = Till().press("30569309025904 ENTER")
    assert till.notice == CARD
    assert till.screen.entry == ""


def test_a_card_number_is_no_approval_code() -> None:
    till = Till().scan("1001").press("CARD 3056930902590 ENTER")
    assert till.notice == CARD
    assert till.screen.entry == ""
    assert till.state is State.CARD_APPROVAL
    assert till.press("123456789012 ENTER").stored().sale.tenders[0].reference == "123456789012"


@given(st.integers(0, 12), st.sampled_from(DIGITS), st.integers(1, 13))
def test_a_misread_article_is_never_sold(place: int, digit: str, length: int) -> None:
    wrong = COLA_EAN13[:place] + digit + COLA_EAN13[place + 1 :]
    for code in (wrong, COLA_EAN13[:length], COLA_EAN13[-length:]):
        till = Till().scan(code)
        assert (till.state is State.SELLING) == (code == COLA_EAN13)


def test_labels_are_the_shop_s_own() -> None:
    assert {label.prefix for label in SHOP.labels} == {"21", "22"}
