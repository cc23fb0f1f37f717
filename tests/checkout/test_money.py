"""Amounts and quantities: integers in, integers out, and nothing lost in between."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.money import (
    CURRENCIES,
    MAX_AMOUNT_MINOR,
    Rounding,
    divide,
    read_amount,
    round_to_step,
    runs,
    share,
    take_runs,
    write_amount,
)
from edge.checkout.quantity import amount_of, read_quantity, whole_units, write_quantity
from edge.checkout.records import Unit

CNY, JPY, KWD = CURRENCIES["CNY"], CURRENCIES["JPY"], CURRENCIES["KWD"]
AMOUNTS = st.integers(0, MAX_AMOUNT_MINOR)


@pytest.mark.parametrize(
    ("numerator", "half_up", "half_even", "down"),
    [(5, 1, 0, 0), (15, 2, 2, 1), (25, 3, 2, 2), (14, 1, 1, 1), (16, 2, 2, 1), (20, 2, 2, 2)],
)
def test_each_rounding_by_tens(numerator: int, half_up: int, half_even: int, down: int) -> None:
    expected = {Rounding.HALF_UP: half_up, Rounding.HALF_EVEN: half_even, Rounding.DOWN: down}
    for rounding, quotient in expected.items():
        assert divide(numerator, 10, rounding) == quotient
        assert divide(-numerator, 10, rounding) == -quotient


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**6))
def test_half_even_is_the_language_s_own_rounding(numerator: int, denominator: int) -> None:
    assert divide(numerator, denominator, Rounding.HALF_EVEN) == round(
        Fraction(numerator, denominator)
    )


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [(1000, 1000), (1001, 1000), (1002, 1000), (1003, 1005), (1007, 1005), (1008, 1010)],
)
def test_cash_is_rounded_to_the_nearest_five(amount: int, rounded: int) -> None:
    assert round_to_step(amount, 5) == rounded


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=50),
)
def test_shares_sum_exactly_and_each_lies_within_one_unit_of_its_ideal(
    amount: int, weights: list[int]
) -> None:
    parts = share(amount, weights)
    assert sum(parts) == amount
    ideal_weights = weights if sum(weights) else [1] * len(weights)
    total = sum(ideal_weights)
    for part, weight in zip(parts, ideal_weights, strict=True):
        assert abs(part * total - amount * weight) < total


def test_the_largest_remainders_win_and_earlier_parts_win_ties() -> None:
    assert share(100, [1, 1, 1]) == (34, 33, 33)
    assert share(101, [1, 1, 1]) == (34, 34, 33)
    assert share(10, [1, 2, 4]) == (1, 3, 6)
    assert share(-100, [1, 1, 1]) == (-34, -33, -33)
    assert share(5, [0, 0]) == (3, 2)
    assert share(5, [0, 1]) == (0, 5)


@given(AMOUNTS, st.integers(1, 10_000))
def test_runs_hold_the_whole_amount_at_two_prices_a_unit_apart(amount: int, units: int) -> None:
    paid = runs(amount, units)
    assert sum(count for count, _ in paid) == units
    assert sum(count * minor for count, minor in paid) == amount
    assert len(paid) <= 2
    if len(paid) == 2:
        assert paid[0][1] - paid[1][1] == 1


@given(AMOUNTS, st.lists(st.integers(1, 20), min_size=1, max_size=10))
def test_the_runs_of_every_partition_sum_to_the_amount(amount: int, partition: list[int]) -> None:
    paid = runs(amount, sum(partition))
    gone = 0
    given_back = 0
    for units in partition:
        taken = take_runs(paid, gone, units)
        assert sum(count for count, _ in taken) == units
        given_back += sum(count * minor for count, minor in taken)
        gone += units
    assert given_back == amount


def test_more_units_than_were_paid_are_a_bug() -> None:
    with pytest.raises(AssertionError):
        take_runs(((2, 100),), 1, 2)


def test_nothing_is_shared_over_nobody() -> None:
    for wrong in ([], [1, -1]):
        with pytest.raises(AssertionError):
            share(100, wrong)
    with pytest.raises(AssertionError):
        runs(100, 0)
    with pytest.raises(AssertionError):
        divide(1, 0, Rounding.DOWN)


def test_each_currency_has_the_minor_digits_of_iso_4217() -> None:
    digits = {code: currency.digits for code, currency in CURRENCIES.items()}
    assert {code for code, count in digits.items() if count != 2} == {"JPY", "KWD"}
    assert (digits["JPY"], digits["KWD"]) == (0, 3)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (0, CNY, "0.00"),
        (5, CNY, "0.05"),
        (1250, CNY, "12.50"),
        (-1250, CNY, "-12.50"),
        (1250, JPY, "1250"),
        (-7, JPY, "-7"),
        (1250, KWD, "1.250"),
    ],
)
def test_amounts_are_written_as_the_currency_has_it(
    amount: int, currency: object, text: str
) -> None:
    assert write_amount(amount, currency) == text


@pytest.mark.parametrize(
    ("keyed", "minor_first", "major_first"),
    [
        ("1250", 1250, 125000),
        ("12.5", 1250, 1250),
        ("12.50", 1250, 1250),
        (".5", 50, 50),
        ("12.", 1200, 1200),
        ("12.505", None, None),
        (".", None, None),
        ("", None, None),
        ("12-50", None, None),
        ("99999999999", 99_999_999_999, None),
        ("100000000000", None, None),
        ("999999999.99", 99_999_999_999, 99_999_999_999),
        ("1000000000.00", None, None),
    ],
)
def test_keyed_amounts_are_minor_or_major_units_as_the_shop_has_it(
    keyed: str, minor_first: int | None, major_first: int | None
) -> None:
    assert read_amount(keyed, CNY, minor_first=True) == minor_first
    assert read_amount(keyed, CNY, minor_first=False) == major_first


def test_a_currency_without_minor_units_takes_no_point() -> None:
    assert read_amount("120", JPY, minor_first=False) == 120
    assert read_amount("1.5", JPY, minor_first=True) is None


@given(AMOUNTS, st.sampled_from(sorted(CURRENCIES)), st.booleans())
def test_what_is_written_is_read_back(amount: int, code: str, minor_first: bool) -> None:
    currency = CURRENCIES[code]
    written = write_amount(amount, currency)
    assert read_amount(written, currency, minor_first=minor_first) == amount
    assert all(key == currency.code for key, currency in CURRENCIES.items())


@pytest.mark.parametrize(
    ("keyed", "milli"),
    [
        ("3", 3000),
        ("0.350", 350),
        (".35", 350),
        ("1.", 1000),
        ("0", None),
        ("0.000", None),
        ("", None),
        (".", None),
        ("0.0005", None),
    ],
)
def test_keyed_quantities_are_thousandths(keyed: str, milli: int | None) -> None:
    assert read_quantity(keyed) == milli


@given(st.integers(1, 10**9))
def test_a_written_quantity_is_read_back(milli: int) -> None:
    assert read_quantity(write_quantity(milli)) == milli
    assert write_quantity(-milli) == "-" + write_quantity(milli)
    assert write_quantity(0) == "0"


def test_what_a_quantity_costs_is_rounded_once_halves_up() -> None:
    assert amount_of(1280, 350) == 448
    assert amount_of(999, 500) == 500
    assert amount_of(1, 499) == 0


def test_a_weighed_quantity_is_given_back_whole() -> None:
    assert whole_units(3000, Unit.EACH) == 3
    assert whole_units(3500, Unit.KG) == 1
