import tomllib
from datetime import date

import pytest
from pydantic import ValidationError

from edge.checkout.balances.campaigns import SegmentTerms, segment_offer
from edge.checkout.balances.coupons import (
    CouponTerms,
    GiftCoupon,
    ItemCoupon,
    MoneyCoupon,
    PercentCoupon,
    promotion_of,
)
from edge.checkout.balances.points import (
    AfterDays,
    EarnRule,
    EndOfMonth,
    EndOfYear,
    MoneyRule,
    Never,
    Reward,
)
from edge.checkout.balances.stored_value import BonusStep, CountPlan, TopUpRule
from edge.checkout.loyalty.phones import PHONE_PLANS
from edge.checkout.loyalty.tiers import Tier
from edge.checkout.promotions.promotion_set import compile_promotions
from edge.checkout.promotions.selection import AnyOf, Categories, Products
from edge.store.loyalty_settings import LoyaltySettings, PointsSettings
from tests.support.loyalty import PUBLIC_KEY

TOML = f"""
till = 7
phone_country = "SG"
hq_public_keys = ["{PUBLIC_KEY.hex()}"]
members = "members.csv"
leases = "leases.jsonl"
points = {{ minor_per_point = 100, expire = "year_end", last = 1 }}
top_up = {{ most_minor = 50000, bonuses = [{{ from_minor = 20000, bonus_minor = 1000 }}] }}

[[tiers]]
id = "silver"
name_en = "Silver"
name_zh = "银卡"
from_minor = 100000
points_rate_bp = 12000

[[offers]]
id = "party"
name_en = "Party"
name_zh = "生日"
segment = "birthday-week"
rate_bp = 1000
most_minor = 5000
spend_minor = 2000
group = "party"

[[rewards]]
id = "mug"
points = 800
plu = "4711"

[[rewards]]
id = "five"
points = 500
campaign = "spring"

[[count_plans]]
id = "haircut"
visits = 10
services = ["5001"]

[[campaigns]]
id = "spring"
kind = "money"
off_minor = 500
spend_minor = 2000
first = 2024-03-01
last = 2024-05-31
valid_days = 14

[[campaigns]]
id = "tenth"
kind = "percent"
rate_bp = 1000
most_minor = 3000
single_use = false

[[campaigns]]
id = "tea"
kind = "item"
rate_bp = 5000
products = ["1001"]
categories = ["tea"]

[[campaigns]]
id = "mug"
kind = "gift"
categories = ["mugs"]
"""


def test_the_shop_s_rules_are_read_from_its_settings() -> None:
    settings = LoyaltySettings.model_validate(tomllib.loads(TOML))
    assert settings.public_keys() == (PUBLIC_KEY,)
    assert settings.phone_plan == PHONE_PLANS["SG"]
    assert settings.points is not None
    assert settings.points.earn_rule == EarnRule(100)
    assert settings.points.money_rule == MoneyRule(100, 100)
    assert settings.tier_list == (Tier("silver", "Silver", "银卡", 100_000, 12_000),)
    assert settings.reward_list == (Reward("mug", 800, "4711"), Reward("five", 500, "", "spring"))
    assert settings.plan_list == (CountPlan("haircut", 10, ("5001",)),)
    assert settings.top_up.rule == TopUpRule(1, 50_000, 500_000, (BonusStep(20_000, 1_000),))
    assert settings.terms_by_campaign == {
        "spring": CouponTerms(
            "spring",
            MoneyCoupon(500),
            spend_minor=2_000,
            first=date(2024, 3, 1),
            last=date(2024, 5, 31),
            valid_days=14,
        ),
        "tenth": CouponTerms("tenth", PercentCoupon(1_000, 3_000), single_use=False),
        "tea": CouponTerms(
            "tea",
            ItemCoupon(5_000),
            AnyOf((Products(frozenset({"1001"})), Categories(frozenset({"tea"})))),
        ),
        "mug": CouponTerms("mug", GiftCoupon(), Categories(frozenset({"mugs"}))),
    }
    assert compile_promotions(map(promotion_of, settings.terms_by_campaign.values()))


def test_what_the_rules_give_is_promotions_with_their_names() -> None:
    raw = tomllib.loads(TOML)
    raw["tiers"][0]["discount_bp"] = 500
    raw["campaigns"][0] |= {"name_en": "Spring", "name_zh": "春"}
    offers = LoyaltySettings.model_validate(raw).promotions
    assert [(each.promotion.id, each.name_en, each.name_zh) for each in offers] == [
        ("tier:silver", "Silver", "银卡"),
        ("segment:party", "Party", "生日"),
        ("coupon:spring", "Spring", "春"),
        ("coupon:tenth", "", ""),
        ("coupon:tea", "", ""),
        ("coupon:mug", "", ""),
    ]
    party = SegmentTerms("party", "birthday-week", 1_000, 0, 5_000, 2_000, "party", "Party", "生日")
    assert offers[1] == segment_offer(party)


@pytest.mark.parametrize(
    ("expire", "rule"),
    [
        ("never", Never()),
        ("days", AfterDays(2)),
        ("month_end", EndOfMonth(2)),
        ("year_end", EndOfYear(2)),
    ],
)
def test_how_points_expire(expire: str, rule: object) -> None:
    assert PointsSettings(minor_per_point=1, expire=expire, last=2).expiry_rule == rule


TIER = {"name_en": "x", "name_zh": "x"}
OFFER = {"id": "o", "segment": "birthday-day", "rate_bp": 1}
CAMPAIGN = {"id": "c", "kind": "money", "off_minor": 1}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"till": 1000}, "less than or equal to 999"),
        ({"phone_country": "XX"}, "phone_country is none of CN, HK"),
        ({"hq_public_keys": ["00"]}, "a public key has 32 bytes"),
        ({"hq_public_keys": ["no"]}, "non-hexadecimal"),
        (
            {"tiers": [{"id": "a", "from_minor": 2, **TIER}, {"id": "b", "from_minor": 1, **TIER}]},
            "tiers are not in rising order",
        ),
        (
            {"tiers": [{"id": "a", "from_minor": 1, **TIER}, {"id": "a", "from_minor": 2, **TIER}]},
            "tiers name a twice",
        ),
        ({"campaigns": [CAMPAIGN, CAMPAIGN]}, "campaigns name c twice"),
        ({"rewards": [{"id": "a", "points": 1}]}, "either a plu or a campaign"),
        ({"rewards": [{"id": "a", "points": 1, "campaign": "x"}]}, "rewards name no campaign: x"),
        ({"campaigns": [{"id": "c", "kind": "money"}]}, "needs off_minor"),
        ({"campaigns": [{"id": "c", "kind": "percent"}]}, "percent needs rate_bp"),
        ({"campaigns": [{"id": "c", "kind": "item", "rate_bp": 1}]}, "item needs products"),
        ({"campaigns": [{"id": "c", "kind": "gift"}]}, "gift needs products"),
        (
            {"campaigns": [{**CAMPAIGN, "single_use": False, "issue_from_minor": 1}]},
            "issue_from_minor needs single_use",
        ),
        (
            {"campaigns": [{**CAMPAIGN, "first": date(2026, 3, 2), "last": date(2026, 3, 1)}]},
            "first is behind last",
        ),
        (
            {"campaigns": [{**CAMPAIGN, "id": f"c{n}", "issue_from_minor": 1} for n in range(9)]},
            "more than 8 campaigns have issue_from_minor",
        ),
        ({"top_up": {"least_minor": 200, "most_minor": 100}}, "least_minor is more than"),
        (
            {"top_up": {"bonuses": [{"from_minor": n, "bonus_minor": 1} for n in (2, 1)]}},
            "bonuses are not in rising order",
        ),
        (
            {"top_up": {"bonuses": [{"from_minor": 2, "bonus_minor": n} for n in (2, 1)]}},
            "bonuses are not in rising order",
        ),
        ({"offers": [OFFER, OFFER]}, "offers name o twice"),
        ({"offers": [{**OFFER, "off_minor": 1}]}, "either rate_bp or off_minor"),
        ({"offers": [{**OFFER, "rate_bp": 0}]}, "either rate_bp or off_minor"),
        ({"offers": [{**OFFER, "segment": "birthday-year"}]}, "should be 'birthday-day'"),
        ({"pionts": {}}, "Extra inputs"),
    ],
)
def test_what_is_wrong_is_said(changed: dict[str, object], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        LoyaltySettings.model_validate({"till": 7, **changed})
