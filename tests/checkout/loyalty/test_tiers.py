from dataclasses import replace
from datetime import date

import pytest

from edge.checkout.balances.accounts import NEVER, Account, Cause, Lot
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.loyalty.members import MemberTrade
from edge.checkout.loyalty.tiers import NO_TIER, NextTier, Tier, Told, next_tier, tier_of, told
from tests.support.loyalty import TODAY, enrolled_member

SILVER = Tier("silver", "Silver", "银卡", 100_000, 12_000)
GOLD = Tier("gold", "Gold", "金卡", 500_000, 15_000, 500, "gold-prices")
TIERS = (SILVER, GOLD)
WANG = enrolled_member(1).member


@pytest.mark.parametrize(
    ("given", "spent_minor", "tier", "above"),
    [
        ("", 0, NO_TIER, NextTier(SILVER, 100_000)),
        ("", 99_999, NO_TIER, NextTier(SILVER, 1)),
        ("", 100_000, SILVER, NextTier(GOLD, 400_000)),
        ("", 500_000, GOLD, None),
        ("silver", 0, SILVER, NextTier(GOLD, 500_000)),
        ("gold", 0, GOLD, None),
        ("silver", 600_000, GOLD, None),
        ("bronze", 0, NO_TIER, NextTier(SILVER, 100_000)),
    ],
)
def test_a_tier_is_given_or_reached(
    given: str, spent_minor: int, tier: Tier, above: NextTier | None
) -> None:
    member, trade = replace(WANG, tier=given), MemberTrade(1, spent_minor)
    assert tier_of(TIERS, member, trade) == tier
    assert next_tier(TIERS, member, trade) == above


def test_a_shop_without_tiers() -> None:
    assert tier_of((), WANG, MemberTrade()) == NO_TIER
    assert next_tier((), WANG, MemberTrade()) is None


def test_the_customer_is_told_what_was_earned_what_is_there_and_what_comes_next() -> None:
    soon = date(2023, 12, 1)
    accounts = (Account(WANG.points, (Lot(soon, 40), Lot(NEVER, 100))),)
    ledger = open_ledger(accounts, TODAY).redeem(WANG.points, 30, Cause("money", 9), 300)
    assert isinstance(ledger, Ledger)
    ledger = ledger.credit(WANG.points, 12, NEVER, Cause("sale", 9))
    assert told(ledger, WANG, MemberTrade(4, 40_000), TIERS, TODAY) == Told(
        earned=12,
        redeemed=30,
        returned=0,
        taken_back=0,
        here=122,
        debt=0,
        expiring=(Lot(soon, 10),),
        next_tier=NextTier(SILVER, 60_000),
    )
