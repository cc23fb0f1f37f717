from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.balances.accounts import NEVER
from edge.checkout.balances.points import (
    AfterDays,
    Bonus,
    Earned,
    EarnRule,
    EndOfMonth,
    EndOfYear,
    ExpiryRule,
    MoneyRule,
    Never,
    PaidLine,
    PointsQuote,
    PointsRefusal,
    PointsRefused,
    Reward,
    earn,
    last_day,
    quote_money,
    quote_reward,
)

# A point for each whole unit of money.
RULE = EarnRule(minor_per_point=100)
LINES = (PaidLine(1, 1050), PaidLine(2, 550), PaidLine(3, 9999, earns=False))
# A hundred points are worth 1.00.
MONEY = MoneyRule(step_points=100, step_minor=100)


def test_points_are_earned_on_what_was_paid_rounded_down_once_over_the_sale() -> None:
    assert earn(LINES, RULE) == (Earned("sale", 16, ((1, 11), (2, 5))),)


def test_each_addition_is_an_entry_of_its_own_and_none_multiplies_another() -> None:
    found = earn(
        LINES,
        RULE,
        tier_rate_bp=15_000,
        bonuses=[Bonus("double-tea", 5, (2,)), Bonus("member-day", 16, (1, 2))],
    )
    assert [(earned.reason, earned.points) for earned in found] == [
        ("sale", 16),
        ("tier", 8),
        ("promotion:double-tea", 5),
        ("promotion:member-day", 16),
    ]
    assert found[2].by_line == ((2, 5),)


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ((), RULE),
        ((PaidLine(1, 99),), RULE),
        ((PaidLine(1, 0),), RULE),
        ((PaidLine(1, 5000, earns=False),), RULE),
        ((PaidLine(1, 5000),), EarnRule(0)),
        ((PaidLine(1, 4999),), EarnRule(100, least_minor=5000)),
    ],
)
def test_what_earns_nothing(lines: tuple[PaidLine, ...], rule: EarnRule) -> None:
    assert earn(lines, rule) == ()


def test_a_bonus_for_lines_that_earn_nothing_is_none() -> None:
    found = earn(LINES, RULE, bonuses=[Bonus("spirits", 99, (3,))])
    assert [earned.reason for earned in found] == ["sale"]


def test_a_tier_that_takes_points_away_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        earn(LINES, RULE, tier_rate_bp=9_999)


@given(
    st.lists(st.integers(0, 99_999), min_size=1, max_size=20),
    st.integers(1, 1000),
    st.integers(10_000, 30_000),
)
def test_the_lines_points_sum_to_the_sale_s(
    paid: list[int], minor_per_point: int, tier_rate_bp: int
) -> None:
    lines = [PaidLine(number, minor) for number, minor in enumerate(paid, start=1)]
    for earned in earn(lines, EarnRule(minor_per_point), tier_rate_bp=tier_rate_bp):
        assert sum(points for _, points in earned.by_line) == earned.points > 0


@pytest.mark.parametrize(
    ("available", "due_minor", "asked", "quote"),
    [
        (1000, 2500, None, PointsQuote(1000, 1000)),
        (1050, 2500, None, PointsQuote(1000, 1000)),
        (1000, 450, None, PointsQuote(400, 400)),
        (1000, 2500, 350, PointsQuote(300, 300)),
        (1000, 2500, 1000, PointsQuote(1000, 1000)),
        (1000, 2500, 1001, PointsRefused(PointsRefusal.NOT_ENOUGH, 1000)),
        (1000, 450, 500, PointsRefused(PointsRefusal.TOO_MANY, 400)),
        (1000, 450, 99, PointsRefused(PointsRefusal.BELOW_LEAST, 400)),
        (99, 2500, None, PointsRefused(PointsRefusal.NOT_ENOUGH, 0)),
        (0, 2500, None, PointsRefused(PointsRefusal.NOT_ENOUGH, 0)),
        (1000, 99, None, PointsRefused(PointsRefusal.NOTHING_DUE, 0)),
        (1000, 0, None, PointsRefused(PointsRefusal.NOTHING_DUE, 0)),
    ],
)
def test_points_pay_in_whole_steps_never_more_than_is_held_or_due(
    available: int, due_minor: int, asked: int | None, quote: object
) -> None:
    assert quote_money(MONEY, available, due_minor, asked) == quote


def test_a_shop_may_ask_for_a_least_number_and_for_money_beside() -> None:
    half = MoneyRule(100, 100, least_points=500, most_bp=5_000)
    assert quote_money(half, 2000, 3000) == PointsQuote(1500, 1500)
    assert quote_money(half, 2000, 900) == PointsRefused(PointsRefusal.BELOW_LEAST, 0)
    assert quote_money(half, 400, 3000) == PointsRefused(PointsRefusal.NOT_ENOUGH, 0)
    assert quote_money(half, 2000, 3000, 400) == PointsRefused(PointsRefusal.BELOW_LEAST, 1500)


@given(
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.one_of(st.none(), st.integers(0, 6000)),
    st.builds(
        MoneyRule,
        st.integers(1, 300),
        st.integers(1, 300),
        st.integers(0, 900),
        st.integers(0, 10_000),
    ),
)
def test_no_quote_is_beyond_what_is_held_due_or_asked_for(
    available: int, due_minor: int, asked: int | None, rule: MoneyRule
) -> None:
    quote = quote_money(rule, available, due_minor, asked)
    if isinstance(quote, PointsRefused):
        # What is offered instead is taken when it is asked for.
        offered = quote.most_points
        assert not offered or quote_money(rule, available, due_minor, offered) == PointsQuote(
            offered, offered // rule.step_points * rule.step_minor
        )
        return
    assert rule.least_points <= quote.points <= available
    assert 0 < quote.worth_minor <= due_minor * rule.most_bp // 10_000
    assert quote.points % rule.step_points == 0
    assert asked is None or asked - rule.step_points < quote.points <= asked


def test_points_are_redeemed_for_goods_and_for_coupons() -> None:
    mug = Reward("mug", 800, plu="4711")
    assert quote_reward(mug, 800, unit_minor=1290) == PointsQuote(800, 1290)
    assert quote_reward(mug, 799, unit_minor=1290) == PointsRefused(PointsRefusal.NOT_ENOUGH, 799)
    assert quote_reward(Reward("five-off", 500, campaign="five"), 500) == PointsQuote(500, 0)


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        (Never(), NEVER),
        (AfterDays(30), date(2024, 3, 1)),
        (EndOfMonth(0), date(2024, 1, 31)),
        (EndOfMonth(1), date(2024, 2, 29)),
        (EndOfMonth(12), date(2025, 1, 31)),
        (EndOfYear(1), date(2025, 12, 31)),
    ],
)
def test_points_expire_by_rule(rule: ExpiryRule, last: date) -> None:
    assert last_day(rule, date(2024, 1, 31)) == last
    # The shop's clock is not the customer's fault.
    assert last_day(rule, None) == NEVER
