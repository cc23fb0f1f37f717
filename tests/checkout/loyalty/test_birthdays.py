from dataclasses import replace
from datetime import date

import pytest

from edge.checkout.loyalty.birthdays import (
    BIRTHDAY_DAY,
    BIRTHDAY_MONTH,
    BIRTHDAY_WEEK,
    FIRST_PURCHASE,
    birthday_in,
    read_birthday,
    segments,
)
from edge.checkout.loyalty.members import MemberTrade
from tests.support.loyalty import TODAY, enrolled_member

ALL_THREE = {BIRTHDAY_DAY, BIRTHDAY_WEEK, BIRTHDAY_MONTH}
OFTEN = MemberTrade(purchases=3)


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("0229", "02-29"),
        ("12-31", "12-31"),
        ("19900228", "1990-02-28"),
        ("2000.02.29", "2000-02-29"),
        ("20231114", "2023-11-14"),
    ],
)
def test_a_birthday_is_keyed_with_or_without_its_year(text: str, birthday: str) -> None:
    assert read_birthday(text, TODAY) == birthday
    assert read_birthday(birthday, None) == birthday


@pytest.mark.parametrize(
    "text", ["", "1331", "0230", "0000", "19900229", "18991231", "20231115", "123", "٠٢٢٩", "ab-cd"]
)
def test_a_day_that_nobody_was_born_on_is_refused(text: str) -> None:
    assert read_birthday(text, TODAY) is None


def test_without_a_trusted_day_a_birthday_to_come_can_not_be_told() -> None:
    assert read_birthday("20991231", None) == "2099-12-31"


def test_a_leap_day_is_kept_on_the_last_of_february_in_other_years() -> None:
    assert birthday_in("02-29", 2024) == date(2024, 2, 29)
    assert birthday_in("2000-02-29", 2023) == date(2023, 2, 28)
    assert birthday_in("03-01", 2023) == date(2023, 3, 1)


@pytest.mark.parametrize(
    ("birthday", "today", "found"),
    [
        ("11-14", date(2023, 11, 14), ALL_THREE),
        # Monday the 13th to Sunday the 19th.
        ("11-14", date(2023, 11, 13), {BIRTHDAY_WEEK, BIRTHDAY_MONTH}),
        ("11-14", date(2023, 11, 19), {BIRTHDAY_WEEK, BIRTHDAY_MONTH}),
        ("11-14", date(2023, 11, 20), {BIRTHDAY_MONTH}),
        ("11-14", date(2023, 12, 1), set()),
        ("1990-02-29", date(2023, 2, 28), ALL_THREE),
        ("1990-02-29", date(2024, 2, 28), {BIRTHDAY_WEEK, BIRTHDAY_MONTH}),
        # The week of Monday the 28th of December 2026 ends on the 3rd of January.
        ("12-31", date(2027, 1, 1), {BIRTHDAY_WEEK}),
        ("01-02", date(2026, 12, 29), {BIRTHDAY_WEEK}),
        ("01-01", date(2027, 1, 1), ALL_THREE),
        ("", date(2023, 11, 14), set()),
    ],
)
def test_a_birthday_has_a_day_a_week_and_a_month(
    birthday: str, today: date, found: set[str]
) -> None:
    member = replace(enrolled_member(1).member, birthday=birthday)
    assert segments(member, OFTEN, today) == found


def test_without_a_trusted_day_nobody_has_a_birthday() -> None:
    member = replace(enrolled_member(1).member, birthday="11-14", segments=("vip",))
    assert segments(member, OFTEN, None) == {"vip"}


def test_who_has_bought_nothing_yet_is_there_for_the_first_time() -> None:
    assert FIRST_PURCHASE in segments(enrolled_member(1).member, MemberTrade(), TODAY)
