import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.goods.barcode import GTIN_LENGTHS, is_card_number
from edge.checkout.loyalty.member_numbers import (
    CARDS_A_TILL,
    COUPONS_A_TILL,
    CardCode,
    CouponCode,
    CouponToken,
    MemberToken,
    card_counter,
    card_number,
    check_digit,
    coupon_counter,
    coupon_number,
    holds,
    is_card,
    loyalty_code,
)

TILLS = st.integers(0, 999)


def test_the_check_digit_is_damm_s() -> None:
    # The example in his thesis, and of everybody after him.
    assert check_digit("572") == "4"
    assert holds("5724")


@given(st.integers(0, 10**9 - 1), st.integers(0, 9), st.integers(1, 9))
def test_no_single_wrong_digit_goes_unnoticed(digits: int, place: int, off: int) -> None:
    number = f"{digits:09d}"
    number += check_digit(number)
    wrong = str((int(number[place]) + off) % 10)
    assert holds(number)
    assert not holds(number[:place] + wrong + number[place + 1 :])


@given(st.integers(0, 10**9 - 1), st.integers(0, 8))
def test_no_two_swapped_neighbours_go_unnoticed(digits: int, place: int) -> None:
    number = f"{digits:09d}"
    number += check_digit(number)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert holds(swapped) == (swapped == number)


@given(TILLS, st.integers(1, CARDS_A_TILL))
def test_a_card_s_number_says_which_card_of_which_till_it_is(till: int, counter: int) -> None:
    number = card_number(till, counter)
    assert (len(number), number[0], number[1:4]) == (10, "9", f"{till:03d}")
    assert card_counter(number) == counter
    assert is_card(number)
    assert loyalty_code(number) == CardCode(number)


@given(TILLS, st.integers(1, COUPONS_A_TILL), st.integers(0, 99_999))
def test_a_coupon_s_number_can_not_be_foreseen_from_another(
    till: int, counter: int, salt: int
) -> None:
    number = coupon_number(till, counter, salt)
    assert coupon_counter(number) == counter
    assert loyalty_code(number) == CouponCode(number)
    assert number != coupon_number(till, counter, (salt + 1) % 100_000)


@given(TILLS, st.integers(1, CARDS_A_TILL), st.integers(0, 99_999))
def test_neither_is_like_an_article_s_code_or_a_payment_card(
    till: int, counter: int, salt: int
) -> None:
    for number in (card_number(till, counter), coupon_number(till, counter, salt)):
        assert len(number) not in GTIN_LENGTHS
        assert not is_card_number(number)


def test_signed_codes_are_known_by_their_mark() -> None:
    assert loyalty_code("EM1:x") == MemberToken("EM1:x")
    assert loyalty_code("EC1:x") == CouponToken("EC1:x")


@pytest.mark.parametrize(
    "text", ["", "9007000013", "900700001", "8007000012", "9520000010010", "９００7000012", "em1:x"]
)
def test_everything_else_is_left_to_the_catalogue(text: str) -> None:
    assert loyalty_code(text) is None


@pytest.mark.parametrize(("till", "counter"), [(1000, 1), (-1, 1), (7, 0), (7, 100_000)])
def test_numbers_that_a_till_does_not_have_are_a_bug(till: int, counter: int) -> None:
    with pytest.raises(AssertionError):
        card_number(till, counter)
