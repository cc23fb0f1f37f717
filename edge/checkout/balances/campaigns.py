"""What members and coupons are given, as promotions: one engine prices all of it.

Who gives more is asked first: what everybody gets (a file's promotions, at priorities around 0),
what a member gets, what a coupon gives on top.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from edge.checkout.balances.coupons import CouponTerms, promotion_of
from edge.checkout.loyalty.tiers import Tier
from edge.checkout.promotions.conditions import Condition, HasTier, InSegment, SpendAtLeast
from edge.checkout.promotions.offers import SEGMENT, TIER, Offer
from edge.checkout.promotions.promotion import (
    Limits,
    OrderAmount,
    OrderPercent,
    PercentOff,
    Promotion,
)

# A shop's own promotion in this group of the unit lane is not added to a tier's discount: the
# better one for the customer holds.
TIER_GROUP: Final = "tier"
MEMBER_PRIORITY: Final = 1_000
COUPON_PRIORITY: Final = 2_000


@dataclass(frozen=True, slots=True)
class SegmentTerms:
    """Off the sum of a sale, once a day, for members in a segment: on a birthday, at a first
    purchase. `rate_bp` of it (at most `most_minor`) or `off_minor`; one of them is 0.
    """

    id: str
    segment: str
    rate_bp: int = 0
    off_minor: int = 0
    most_minor: int | None = None
    spend_minor: int = 0
    group: str = ""
    name_en: str = ""
    name_zh: str = ""


def tier_offers(tiers: Iterable[Tier]) -> tuple[Offer, ...]:
    """The discounts of the tiers that have one: off each unit, after the shop's own prices."""
    return tuple(
        Offer(
            Promotion(
                f"{TIER}{tier.id}",
                PercentOff(tier.discount_bp),
                conditions=(HasTier(frozenset({tier.id})),),
                group=TIER_GROUP,
                priority=MEMBER_PRIORITY,
            ),
            tier.name_en,
            tier.name_zh,
        )
        for tier in tiers
        if tier.discount_bp
    )


def segment_offer(terms: SegmentTerms) -> Offer:
    """The offer that its terms promise to a segment."""
    conditions: tuple[Condition, ...] = (InSegment(frozenset({terms.segment})),)
    if terms.spend_minor:
        conditions += (SpendAtLeast(terms.spend_minor),)
    promotion = Promotion(
        f"{SEGMENT}{terms.id}",
        OrderPercent(terms.rate_bp, terms.most_minor)
        if terms.rate_bp
        else OrderAmount(terms.off_minor),
        conditions=conditions,
        limits=Limits(per_member_day=1),
        group=terms.group,
        priority=MEMBER_PRIORITY,
    )
    return Offer(promotion, terms.name_en, terms.name_zh)


def coupon_offer(terms: CouponTerms) -> Offer:
    """What the coupons of a campaign give."""
    promotion = promotion_of(terms)
    promotion = replace(promotion, priority=COUPON_PRIORITY + promotion.priority)
    return Offer(promotion, terms.name_en, terms.name_zh)
