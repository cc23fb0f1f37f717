"""The shop's rules for members, as its settings say. A shop without members has none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from edge.checkout.balances.coupons import CouponTerms
from edge.checkout.balances.points import EarnRule, ExpiryRule, MoneyRule, Never, Reward
from edge.checkout.balances.stored_value import CountPlan, TopUpRule
from edge.checkout.loyalty.phones import PHONE_PLANS, PhonePlan
from edge.checkout.loyalty.tiers import NO_TIER, Tier
from edge.checkout.records import Sale

NOTHING_EARNED: Final = EarnRule(0)
POINTS_STAY: Final = Never()
ANY_TOP_UP: Final = TopUpRule()
# What a top-up is sold as.
TOP_UP_PLU: Final = "TOP-UP"


@dataclass(frozen=True, slots=True)
class Loyalty:
    """`till` is the till's number among the shop's, the first digits of what it gives out. Where
    `money` is None, points are not taken as money; `tiers` are in rising order.
    """

    till: int
    phones: PhonePlan = PHONE_PLANS["CN"]
    earn: EarnRule = NOTHING_EARNED
    expiry: ExpiryRule = POINTS_STAY
    money: MoneyRule | None = None
    tiers: tuple[Tier, ...] = ()
    rewards: tuple[Reward, ...] = ()
    top_up: TopUpRule = ANY_TOP_UP
    plans: tuple[CountPlan, ...] = ()
    campaigns: Mapping[str, CouponTerms] = field(default_factory=dict)

    def tier(self, tier_id: str) -> Tier:
        """The tier of that name, none where there is no such tier."""
        return next((tier for tier in self.tiers if tier.id == tier_id), NO_TIER)

    def traded_minor(self, sale: Sale) -> int:
        """What was paid for goods, by whatever means: money that only changes its form, as a top-up
        and a count card do, counts towards a tier when something is bought with it.
        """
        prepaid = {TOP_UP_PLU, *(plan.id for plan in self.plans)}
        return sum(line.paid_minor for line in sale.lines if line.plu not in prepaid)
