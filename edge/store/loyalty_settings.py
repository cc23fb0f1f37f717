"""The part of edge.toml that is about members: keys, files, and the shop's rules for points, tiers,
stored value, count cards, coupons and offers.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edge.checkout.balances.accounts import NEVER
from edge.checkout.balances.campaigns import SegmentTerms, coupon_offer, segment_offer, tier_offers
from edge.checkout.balances.coupons import (
    CouponTerms,
    GiftCoupon,
    ItemCoupon,
    MoneyCoupon,
    PercentCoupon,
    Worth,
)
from edge.checkout.balances.points import (
    FULL_BP,
    AfterDays,
    EarnRule,
    EndOfMonth,
    EndOfYear,
    ExpiryRule,
    MoneyRule,
    Never,
    Reward,
)
from edge.checkout.balances.stored_value import BonusStep, CountPlan, TopUpRule
from edge.checkout.loyalty.loyalty import Loyalty
from edge.checkout.loyalty.phones import PHONE_PLANS, PhonePlan
from edge.checkout.loyalty.tiers import Tier
from edge.checkout.money import MAX_AMOUNT_MINOR
from edge.checkout.promotions.offers import Offer
from edge.checkout.promotions.selection import EVERYTHING, AnyOf, Categories, Products, Selection
from edge.wire.member_codes import MOST_KEYS, CodeReader

Minor = Annotated[int, Field(ge=0, le=MAX_AMOUNT_MINOR)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,16}$")]
Words = Annotated[str, Field(min_length=1, max_length=40)]
Label = Annotated[str, Field(max_length=40)]
# What one sale brings stands in its one record.
MOST_ISSUED: Final = 8
Points = Annotated[int, Field(ge=1, le=10_000_000)]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PointsSettings(Model):
    """A point for every `minor_per_point` paid; every `step_points` are worth `step_minor`. `last`
    of `expire` points is a number of days, months or years (see edge.checkout.balances.points).
    """

    minor_per_point: int = Field(ge=1, le=MAX_AMOUNT_MINOR)
    least_spend_minor: Minor = 0
    step_points: Points = 100
    step_minor: int = Field(default=100, ge=1, le=MAX_AMOUNT_MINOR)
    least_points: int = Field(default=0, ge=0, le=10_000_000)
    most_of_due_bp: int = Field(default=FULL_BP, ge=1, le=FULL_BP)
    expire: Literal["never", "days", "month_end", "year_end"] = "never"
    last: int = Field(default=0, ge=0, le=3_650)

    @property
    def earn_rule(self) -> EarnRule:
        return EarnRule(self.minor_per_point, self.least_spend_minor)

    @property
    def money_rule(self) -> MoneyRule:
        return MoneyRule(self.step_points, self.step_minor, self.least_points, self.most_of_due_bp)

    @property
    def expiry_rule(self) -> ExpiryRule:
        rules: dict[str, ExpiryRule] = {
            "never": Never(),
            "days": AfterDays(self.last),
            "month_end": EndOfMonth(self.last),
            "year_end": EndOfYear(min(self.last, 100)),
        }
        return rules[self.expire]


class TierSettings(Model):
    id: Name
    name_en: Words
    name_zh: Words
    from_minor: Minor
    points_rate_bp: int = Field(default=FULL_BP, ge=FULL_BP, le=10 * FULL_BP)
    discount_bp: int = Field(default=0, ge=0, le=FULL_BP)
    price_list: str = Field(default="", max_length=16)


class RewardSettings(Model):
    """Points for one unit of `plu`, or for a coupon of `campaign`."""

    id: Name
    points: Points
    plu: str = Field(default="", max_length=48)
    campaign: str = Field(default="", max_length=16)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if bool(self.plu) == bool(self.campaign):
            raise ValueError("a reward is either a plu or a campaign")
        return self


class BonusSettings(Model):
    from_minor: Minor
    bonus_minor: Minor


class TopUpSettings(Model):
    """`most_held_minor`: many laws name the most that a prepaid card may hold."""

    least_minor: Minor = 1
    most_minor: Minor = 100_000
    most_held_minor: Minor = 500_000
    bonuses: tuple[BonusSettings, ...] = Field(default=(), max_length=16, strict=False)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least_minor > self.most_minor:
            raise ValueError("least_minor is more than most_minor")
        steps = [each.from_minor for each in self.bonuses]
        if steps != sorted(set(steps)):
            raise ValueError("bonuses are not in rising order of from_minor")
        return self

    @property
    def rule(self) -> TopUpRule:
        steps = tuple(BonusStep(each.from_minor, each.bonus_minor) for each in self.bonuses)
        return TopUpRule(self.least_minor, self.most_minor, self.most_held_minor, steps)


class CountPlanSettings(Model):
    id: Name
    visits: int = Field(ge=1, le=1_000)
    services: tuple[str, ...] = Field(min_length=1, max_length=64, strict=False)
    valid_days: int = Field(default=0, ge=0, le=3_650)


class CampaignSettings(Model):
    """A coupon's terms: `off_minor` for money, `rate_bp` for a percentage or an item, `units` for a
    gift; for `products` and `categories`, or for everything. Receipts call it by its names. A sale
    of `issue_from_minor` or more brings one on its receipt.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,16}$")]
    name_en: Label = ""
    name_zh: Label = ""
    kind: Literal["money", "percent", "item", "gift"]
    off_minor: Minor = 0
    rate_bp: int = Field(default=0, ge=0, le=FULL_BP)
    most_minor: Minor | None = None
    units: int = Field(default=1, ge=1, le=99)
    products: tuple[str, ...] = Field(default=(), max_length=256, strict=False)
    categories: tuple[str, ...] = Field(default=(), max_length=64, strict=False)
    spend_minor: Minor = 0
    first: date = date.min
    last: date = NEVER
    valid_days: int = Field(default=0, ge=0, le=3_650)
    single_use: bool = True
    group: str = Field(default="", max_length=16)
    issue_from_minor: Minor = 0

    @model_validator(mode="after")
    def _worth_something(self) -> Self:
        if self.kind == "money" and not self.off_minor:
            raise ValueError("a money coupon needs off_minor")
        if self.kind in ("percent", "item") and not self.rate_bp:
            raise ValueError(f"a coupon of kind {self.kind} needs rate_bp")
        if self.kind in ("item", "gift") and not (self.products or self.categories):
            raise ValueError(f"a coupon of kind {self.kind} needs products or categories")
        if self.first > self.last:
            raise ValueError("first is behind last")
        if self.issue_from_minor and not self.single_use:
            raise ValueError("what sales bring is good once: issue_from_minor needs single_use")
        return self

    @property
    def terms(self) -> CouponTerms:
        worths: dict[str, Worth] = {
            "money": MoneyCoupon(self.off_minor),
            "percent": PercentCoupon(self.rate_bp, self.most_minor),
            "item": ItemCoupon(self.rate_bp),
            "gift": GiftCoupon(self.units),
        }
        return CouponTerms(
            campaign=self.id,
            worth=worths[self.kind],
            where=self._where(),
            spend_minor=self.spend_minor,
            first=self.first,
            last=self.last,
            valid_days=self.valid_days,
            single_use=self.single_use,
            group=self.group,
            name_en=self.name_en,
            name_zh=self.name_zh,
            issue_from_minor=self.issue_from_minor,
        )

    def _where(self) -> Selection:
        named: list[Selection] = []
        if self.products:
            named.append(Products(frozenset(self.products)))
        if self.categories:
            named.append(Categories(frozenset(self.categories)))
        if not named:
            return EVERYTHING
        return named[0] if len(named) == 1 else AnyOf(tuple(named))


class OfferSettings(Model):
    """Off a sale, once a day, on a member's birthday (its day, week or month) or first purchase:
    `rate_bp`, at most `most_minor`, or `off_minor`.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,16}$")]
    name_en: Label = ""
    name_zh: Label = ""
    segment: Literal["birthday-day", "birthday-week", "birthday-month", "first-purchase"]
    rate_bp: int = Field(default=0, ge=0, le=FULL_BP)
    off_minor: Minor = 0
    most_minor: Minor | None = None
    spend_minor: Minor = 0
    group: str = Field(default="", max_length=16)

    @model_validator(mode="after")
    def _one_benefit(self) -> Self:
        if bool(self.rate_bp) == bool(self.off_minor):
            raise ValueError("an offer is either rate_bp or off_minor")
        return self

    @property
    def terms(self) -> SegmentTerms:
        return SegmentTerms(**self.model_dump())


class LoyaltySettings(Model):
    """`till` is the till's number among the shops', the first digits of the cards and coupons that
    it gives out: no two tills may have the same. `hq_public_keys` are Ed25519, 64 hex digits each.
    """

    till: int = Field(ge=0, le=999)
    phone_country: str = "CN"
    hq_public_keys: tuple[str, ...] = Field(default=(), max_length=MOST_KEYS, strict=False)
    members: Path | None = Field(default=None, strict=False)
    leases: Path | None = Field(default=None, strict=False)
    points: PointsSettings | None = None
    tiers: tuple[TierSettings, ...] = Field(default=(), max_length=16, strict=False)
    rewards: tuple[RewardSettings, ...] = Field(default=(), max_length=64, strict=False)
    top_up: TopUpSettings = TopUpSettings()
    count_plans: tuple[CountPlanSettings, ...] = Field(default=(), max_length=64, strict=False)
    campaigns: tuple[CampaignSettings, ...] = Field(default=(), max_length=256, strict=False)
    offers: tuple[OfferSettings, ...] = Field(default=(), max_length=64, strict=False)

    @model_validator(mode="after")
    def _known_and_once(self) -> Self:
        if self.phone_country not in PHONE_PLANS:
            raise ValueError(f"phone_country is none of {', '.join(PHONE_PLANS)}")
        thresholds = [tier.from_minor for tier in self.tiers]
        if thresholds != sorted(set(thresholds)):
            raise ValueError("tiers are not in rising order of from_minor")
        for name in ("tiers", "rewards", "count_plans", "campaigns", "offers"):
            ids = [each.id for each in getattr(self, name)]
            twice = sorted({each for each in ids if ids.count(each) > 1})
            if twice:
                raise ValueError(f"{name} name {', '.join(twice)} twice")
        if sum(each.issue_from_minor > 0 for each in self.campaigns) > MOST_ISSUED:
            raise ValueError(f"more than {MOST_ISSUED} campaigns have issue_from_minor")
        unknown = {each.campaign for each in self.rewards} - {each.id for each in self.campaigns}
        if unknown - {""}:
            raise ValueError(f"rewards name no campaign: {', '.join(sorted(unknown - {''}))}")
        self.public_keys()
        return self

    def public_keys(self) -> tuple[bytes, ...]:
        """The keys as bytes. Raises ValueError for what is no key."""
        keys = tuple(bytes.fromhex(each) for each in self.hq_public_keys)
        CodeReader(keys)
        return keys

    @property
    def phone_plan(self) -> PhonePlan:
        return PHONE_PLANS[self.phone_country]

    @property
    def tier_list(self) -> tuple[Tier, ...]:
        return tuple(Tier(**tier.model_dump()) for tier in self.tiers)

    @property
    def reward_list(self) -> tuple[Reward, ...]:
        return tuple(Reward(**reward.model_dump()) for reward in self.rewards)

    @property
    def plan_list(self) -> tuple[CountPlan, ...]:
        return tuple(CountPlan(**plan.model_dump()) for plan in self.count_plans)

    @property
    def terms_by_campaign(self) -> dict[str, CouponTerms]:
        return {campaign.id: campaign.terms for campaign in self.campaigns}

    @property
    def rules(self) -> Loyalty:
        """The rules as the core knows them."""
        points = self.points
        return Loyalty(
            till=self.till,
            phones=self.phone_plan,
            earn=points.earn_rule if points else EarnRule(0),
            expiry=points.expiry_rule if points else Never(),
            money=points.money_rule if points else None,
            tiers=self.tier_list,
            rewards=self.reward_list,
            top_up=self.top_up.rule,
            plans=self.plan_list,
            campaigns=self.terms_by_campaign,
        )

    @property
    def promotions(self) -> tuple[Offer, ...]:
        """What tiers, segments and coupons give, for the promotions engine."""
        return (
            *tier_offers(self.tier_list),
            *(segment_offer(offer.terms) for offer in self.offers),
            *(coupon_offer(campaign.terms) for campaign in self.campaigns),
        )
