"""Promotions from the scan to the receipt: on the screens, on record, and given back."""

from dataclasses import replace
from datetime import date

import pytest

from edge.checkout.balances.campaigns import SegmentTerms, coupon_offer, segment_offer, tier_offers
from edge.checkout.balances.coupons import (
    CouponTerms,
    GiftCoupon,
    ItemCoupon,
    MoneyCoupon,
    PercentCoupon,
)
from edge.checkout.instant import ClockQuality
from edge.checkout.loyalty.tiers import Tier
from edge.checkout.promotions.selection import Products
from edge.checkout.promotions.uses import MemberUses, PromotionUses
from edge.checkout.records import sale_entry
from edge.checkout.sale.basket import Buyer
from edge.checkout.session import State
from edge.checkout.shop import Language
from tests.support.offers import SPEND_TEN, THREE_FOR_TWO, till_with
from tests.support.playbook import NET_SHOP, SHOP, Till
from tests.support.promotion_files import flash, percent

# The playbook's noon is on this day, in the shop's time.
TODAY = date(2026, 1, 1)
COLA_HALF = percent("cola", 5_000, name="Half price", where={"kind": "products", "plus": ["1001"]})


def bought_by(till: Till, buyer: Buyer) -> Till:
    """Whose sale it is, as looking a member up would have it."""
    basket = till.session.basket
    assert basket is not None
    till.session = replace(till.session, basket=replace(basket, buyer=buyer))
    return till


def shown(till: Till, *campaigns: str) -> Till:
    """The coupons in the basket, as scanning them would have it."""
    basket = till.session.basket
    assert basket is not None
    till.session = replace(till.session, basket=replace(basket, coupons=campaigns))
    return till


def test_a_discount_stands_at_its_line_and_in_the_sum() -> None:
    till = till_with(COLA_HALF).scan("1001", "1002")
    assert till.rows == [("Cola", "1 × 3.50 -1.75", "1.75"), ("Water", "1 × 2.00", "2.00")]
    assert till.total == ("TOTAL", "3.75")


def test_the_customer_is_told_what_was_saved() -> None:
    till = till_with(COLA_HALF).scan("1002", "1001")
    assert till.customer == ("Cola", "1.75")
    till.press("SUBTOTAL")
    assert till.customer == ("You saved       1.75", "TOTAL          ¥3.75")
    assert till_with().scan("1002").press("SUBTOTAL").customer[0] == "Items: 1"


def test_a_discount_is_on_record_with_its_lines_and_on_the_receipt() -> None:
    till = till_with(COLA_HALF).scan("1001", "1002").press("CASH").stored()
    body = till.journal[0].body
    assert body["promotions"] == [
        {
            "id": "cola",
            "name": "Half price",
            "lane": "unit",
            "uses": 1,
            "off_minor": 175,
            "parts": [[1, 1, 175]],
        }
    ]
    assert [line.amount_minor for line in till.sale.lines] == [175, 200]
    assert [line.off_minor for line in till.sale.lines] == [175, 0]
    receipt = " ".join(till.receipt)
    assert "Half price -1.75" in " ".join(receipt.split())
    assert "You saved 1.75" in " ".join(receipt.split())


def test_a_promotion_is_called_by_its_name_in_the_shops_language() -> None:
    shop = replace(SHOP, language=Language.CHINESE)
    till = till_with(THREE_FOR_TWO, shop=shop).press("3 X").sell("1003")
    assert till.sale.offs[0].name == "买二赠一"


def test_without_promotions_a_record_says_nothing_of_them() -> None:
    till = till_with().sell("1001")
    assert not {"promotions", "member"} & set(till.journal[0].body)
    assert sale_entry(till.sale) == till.journal[0]


def test_where_tax_is_added_it_is_that_of_what_is_left() -> None:
    till = till_with(COLA_HALF, shop=NET_SHOP).sell("1001")
    assert (till.sale.lines[0].amount_minor, till.sale.lines[0].tax_minor) == (175, 23)
    assert till.sale.total_minor == 198


def test_categories_and_tags_pick_goods_and_deposits_take_no_part() -> None:
    by_category = percent("drinks", 1_000, where={"kind": "categories", "names": ["drinks"]})
    till = till_with(by_category, SPEND_TEN)
    cola, water = till.facts.catalogue.by_code["1001"], till.facts.catalogue.by_code["1002"]
    products = {
        **till.facts.catalogue.by_code,
        "1001": replace(cola, categories=frozenset({"drinks"})),
        "1002": replace(water, discountable=False),
    }
    till.facts = replace(till.facts, catalogue=replace(till.facts.catalogue, by_code=products))
    till.press("2 X").scan("1001").press("5 X").scan("1002")
    # 6.30 of drinks, and 10.00 that count for nothing.
    assert till.total == ("TOTAL", "16.30")


def test_what_the_till_counted_limits_what_is_given() -> None:
    uses = PromotionUses(in_all={"flash": 2})
    till = till_with(flash("flash", "1001", 100, 3), promotion_uses=uses)
    till.press("3 X").scan("1001")
    # One of three is left at 1.00.
    assert till.total == ("TOTAL", "8.00")


def test_a_day_limit_is_that_of_the_shops_day() -> None:
    daily = {**COLA_HALF, "limits": {"per_day": 1}}
    used = PromotionUses(in_all={"cola": 1}, by_day={TODAY: {"cola": 1}})
    assert till_with(daily, promotion_uses=used).scan("1001").total == ("TOTAL", "3.50")
    before = PromotionUses(in_all={"cola": 1}, by_day={date(2025, 12, 31): {"cola": 1}})
    assert till_with(daily, promotion_uses=before).scan("1001").total == ("TOTAL", "1.75")


def test_a_members_limit_counts_his_own_uses() -> None:
    once = {**COLA_HALF, "limits": {"per_member": 1}}
    new = bought_by(till_with(once).scan("1002"), Buyer("9001"))
    assert new.scan("1001").total == ("TOTAL", "3.75")
    again = Buyer("9001", used={"cola": MemberUses(in_all=1)})
    old = bought_by(till_with(once).scan("1002"), again)
    assert old.scan("1001").total == ("TOTAL", "5.50")
    assert old.restarted().scan("1001").total == ("TOTAL", "9.00")


def test_whose_sale_it_was_is_on_record() -> None:
    till = bought_by(till_with().scan("1002"), Buyer("9001")).press("CASH").stored()
    assert till.journal[0].body["member"] == "9001"


WINDOW = {"kind": "window", "until": "2027-01-01T00:00"}


@pytest.mark.parametrize(
    "condition",
    [
        WINDOW,
        {"kind": "window", "from": "2025-01-01T00:00"},
        # The playbook's noon is a Thursday's.
        {"kind": "weekdays", "days": [4]},
        {"kind": "month_days", "days": [1]},
        {"kind": "hours", "from_minute": 0, "before_minute": 1440},
        {"kind": "not", "condition": {"kind": "weekdays", "days": [1]}},
    ],
)
def test_a_till_that_does_not_know_the_day_gives_nothing_that_asks_for_one(
    condition: dict[str, object],
) -> None:
    till = till_with({**COLA_HALF, "conditions": [condition]})
    till.quality = ClockQuality.UNSET
    assert till.scan("1001").total == ("TOTAL", "3.50")
    till.quality = ClockQuality.SYNCED
    assert till.scan("1001").total == ("TOTAL", "3.50")


def test_a_till_that_does_not_know_the_day_counts_on_from_the_newest() -> None:
    daily = {**COLA_HALF, "limits": {"per_day": 1}}
    used = PromotionUses(in_all={"cola": 1}, by_day={TODAY: {"cola": 1}})
    till = till_with(daily, promotion_uses=used)
    till.quality = ClockQuality.UNSET
    assert till.scan("1001").total == ("TOTAL", "3.50")
    fresh = till_with(daily)
    fresh.quality = ClockQuality.UNSET
    assert fresh.scan("1001").total == ("TOTAL", "1.75")


def test_a_basket_is_priced_anew_when_the_till_comes_up_again() -> None:
    till = till_with(COLA_HALF).scan("1001")
    assert till.restarted().total == ("TOTAL", "1.75")
    till.facts = till_with().facts
    again = till.restarted()
    assert (again.total, again.state) == (("TOTAL", "3.50"), State.SELLING)


def test_what_was_paid_in_part_is_never_priced_anew() -> None:
    till = till_with(COLA_HALF).scan("1001", "1002").press("100 CASH")
    till.facts = till_with().facts
    assert till.restarted().total == ("TO PAY", "2.75")


# --- tiers, birthdays, coupons

GOLD = Tier("gold", "Gold", "金卡", 0, discount_bp=1_000)
PLAIN = Tier("plain", "Plain", "普卡", 0)


def test_a_tiers_discount_comes_off_each_unit() -> None:
    till = till_with(own=tier_offers([PLAIN, GOLD])).scan("1002")
    bought_by(till, Buyer("9001", "gold")).scan("1003")
    assert till.total == ("TOTAL", "10.80")
    assert bought_by(till, Buyer("9001", "plain")).scan("1003").total == ("TOTAL", "22.00")


def test_a_tiers_discount_is_added_to_the_shops_prices_unless_they_share_its_group() -> None:
    buyer = Buyer("9001", "gold")
    beside = till_with(COLA_HALF, own=tier_offers([GOLD])).scan("1002")
    assert bought_by(beside, buyer).scan("1001").total == ("TOTAL", "3.37")
    instead = till_with({**COLA_HALF, "group": "tier"}, own=tier_offers([GOLD])).scan("1002")
    assert bought_by(instead, buyer).scan("1001").total == ("TOTAL", "3.55")


@pytest.mark.parametrize(
    ("terms", "total"),
    [
        (SegmentTerms("b", "birthday-day", rate_bp=2_000), "9.60"),
        (SegmentTerms("b", "birthday-day", rate_bp=2_000, most_minor=100), "11.00"),
        (SegmentTerms("b", "birthday-day", off_minor=500), "7.00"),
        (SegmentTerms("b", "birthday-day", off_minor=500, spend_minor=1_201), "12.00"),
        (SegmentTerms("b", "first-purchase", off_minor=500), "12.00"),
    ],
)
def test_a_segments_offer_comes_off_the_sale(terms: SegmentTerms, total: str) -> None:
    till = till_with(own=(segment_offer(terms),)).scan("1002")
    buyer = Buyer("9001", segments=("birthday-day",))
    assert bought_by(till, buyer).scan("1003").total == ("TOTAL", total)


def test_a_segments_offer_is_for_one_sale_a_day() -> None:
    own = (segment_offer(SegmentTerms("b", "birthday-day", off_minor=500)),)
    used = {"segment:b": MemberUses(in_all=1, today=1)}
    till = till_with(own=own).scan("1002")
    buyer = Buyer("9001", segments=("birthday-day",), used=used)
    assert bought_by(till, buyer).scan("1003").total == ("TOTAL", "12.00")


@pytest.mark.parametrize(
    ("terms", "total"),
    [
        (CouponTerms("c", MoneyCoupon(300)), "9.00"),
        (CouponTerms("c", PercentCoupon(5_000, 400)), "8.00"),
        (CouponTerms("c", ItemCoupon(5_000), Products(frozenset({"1003"}))), "7.00"),
        (CouponTerms("c", GiftCoupon(), Products(frozenset({"1003"}))), "2.00"),
        (CouponTerms("c", MoneyCoupon(300), spend_minor=1_201), "12.00"),
        (CouponTerms("other", MoneyCoupon(300)), "12.00"),
    ],
)
def test_a_coupon_gives_what_its_terms_promise(terms: CouponTerms, total: str) -> None:
    till = till_with(own=(coupon_offer(terms),)).scan("1002")
    assert shown(till, "c").scan("1003").total == ("TOTAL", total)


def test_a_coupons_percentage_is_of_what_members_have_left() -> None:
    """Tiers take 10 % off each unit, the birthday 1.00, the coupon half of the rest."""
    own = (
        coupon_offer(CouponTerms("c", PercentCoupon(5_000))),
        segment_offer(SegmentTerms("b", "birthday-day", off_minor=100)),
        *tier_offers([GOLD]),
    )
    till = bought_by(till_with(own=own).scan("1002"), Buyer("9001", "gold", ("birthday-day",)))
    assert shown(till, "c").scan("1003").total == ("TOTAL", "4.90")


def test_once_a_payment_is_in_prices_stay_those_of_the_moment_before_it() -> None:
    until = {"kind": "window", "until": "2026-01-01T12:30"}
    happy = percent(
        "happy", 5_000, where={"kind": "products", "plus": ["1003"]}, conditions=[until]
    )
    till = till_with(happy).press("2 X").scan("1003").press("SUBTOTAL 300 CASH")
    assert till.total == ("TO PAY", "7.00")
    later = till.now().mono_ms
    till._ticks += 3600
    assert till.now().mono_ms > later
    till = till.scan("1002")
    assert till.total == ("TO PAY", "9.00")
    till = till.restarted()
    till._ticks += 7200
    assert till.scan("1002").total == ("TO PAY", "11.00")
    till.press("VOID CLEAR").scan("1002")
    assert till.total == ("TOTAL", "26.00")
