from dataclasses import replace
from datetime import date

import pytest

from edge.checkout.balances.accounts import NEVER, Account, AccountKind, Cause, Lot
from edge.checkout.balances.coupons import (
    CouponRefusal,
    CouponTerms,
    GiftCoupon,
    ItemCoupon,
    MoneyCoupon,
    PercentCoupon,
    Presented,
    Worth,
    coupon_ref,
    good_until,
    issue,
    present,
    present_open,
    promotion_of,
)
from edge.checkout.balances.ledger import Ledger, open_ledger
from edge.checkout.loyalty.member_numbers import coupon_number
from edge.checkout.promotions.engine import apply_promotions
from edge.checkout.promotions.promotion_set import compile_promotions
from edge.checkout.promotions.sale import CivilTime, Goods, PromotionRequest
from edge.checkout.promotions.selection import Products
from tests.support.loyalty import TILL, TODAY

NUMBER = coupon_number(TILL, 1, 12_345)
SPRING = CouponTerms("spring", MoneyCoupon(500), spend_minor=2_000, valid_days=14)
CAMPAIGNS = {
    "spring": SPRING,
    "hello": CouponTerms("hello", PercentCoupon(1_000), single_use=False),
}
REF = coupon_ref(NUMBER, "spring")
ISSUED = Account(REF, (Lot(date(2023, 11, 28), 1),))
TEA, MUG = Goods(1, "tea", 1_000, units=3), Goods(2, "mug", 1_290)


def off_minor(terms: CouponTerms, *, coupons: frozenset[str], day: date = TODAY) -> int:
    """What the promotions engine takes off a basket of three teas and a mug."""
    promotions = compile_promotions([promotion_of(terms)])
    request = PromotionRequest((TEA, MUG), CivilTime(day, 0), coupons=coupons)
    return apply_promotions(promotions, request).off_minor


@pytest.mark.parametrize(
    ("worth", "off"),
    [
        (MoneyCoupon(500), 500),
        (PercentCoupon(1_000), 429),
        (PercentCoupon(1_000, most_minor=300), 300),
    ],
)
def test_a_coupon_takes_off_the_sum_what_it_says(worth: Worth, off: int) -> None:
    terms = CouponTerms("c", worth)
    assert off_minor(terms, coupons=frozenset({"c"})) == off
    assert off_minor(terms, coupons=frozenset()) == 0


def test_an_item_coupon_is_for_one_unit_and_a_gift_is_free_beside_anything() -> None:
    tea = CouponTerms("c", ItemCoupon(5_000), Products(frozenset({"tea"})))
    assert off_minor(tea, coupons=frozenset({"c"})) == 500
    mug = CouponTerms("c", GiftCoupon(), Products(frozenset({"mug"})), spend_minor=3_000)
    assert off_minor(mug, coupons=frozenset({"c"})) == 1_290
    dear = replace(mug, spend_minor=3_001)
    assert off_minor(dear, coupons=frozenset({"c"})) == 0


def test_a_campaign_is_good_from_its_first_day_to_its_last() -> None:
    terms = CouponTerms(
        "c", MoneyCoupon(100), first=date(2023, 11, 10), last=date(2023, 11, 20), spend_minor=4_290
    )
    good = {
        day: off_minor(terms, coupons=frozenset({"c"}), day=date(2023, 11, day))
        for day in (9, 10, 20, 21)
    }
    assert good == {9: 0, 10: 100, 20: 100, 21: 0}


def test_an_issued_coupon_is_a_counter_of_one_that_expires() -> None:
    ledger = issue(open_ledger((), TODAY), SPRING, NUMBER, Cause("coupon:spring", 5))
    assert ledger.account(REF) == ISSUED
    assert present(ledger.account(REF), CAMPAIGNS, TODAY) == Presented("spring", REF)
    used = ledger.redeem(REF, 1, Cause("coupon", 6))
    assert isinstance(used, Ledger)
    assert present(used.account(REF), CAMPAIGNS, TODAY) is CouponRefusal.GONE
    assert not isinstance(used.redeem(REF, 1, Cause("coupon", 7)), Ledger)


def test_how_long_an_issued_coupon_is_good() -> None:
    assert good_until(SPRING, TODAY) == date(2023, 11, 28)
    assert good_until(replace(SPRING, last=date(2023, 11, 20)), TODAY) == date(2023, 11, 20)
    assert good_until(replace(SPRING, valid_days=0), TODAY) == NEVER
    # Nobody knows what day it is: as long as the campaign.
    assert good_until(SPRING, None) == NEVER


@pytest.mark.parametrize(
    ("account", "today", "member", "beside", "refusal"),
    [
        (None, TODAY, "", (), CouponRefusal.NOT_HERE),
        (Account(coupon_ref(NUMBER, "gone")), TODAY, "", (), CouponRefusal.UNKNOWN_CAMPAIGN),
        (
            replace(ISSUED, ref=coupon_ref(NUMBER, "spring", "9007000012")),
            TODAY,
            "9007000020",
            (),
            CouponRefusal.NOT_THE_OWNER,
        ),
        (Account(REF), TODAY, "", (), CouponRefusal.GONE),
        (ISSUED, date(2023, 11, 29), "", (), CouponRefusal.EXPIRED),
        (ISSUED, TODAY, "", ("spring",), CouponRefusal.SAME_CAMPAIGN),
    ],
)
def test_why_a_coupon_is_not_taken(
    account: Account | None,
    today: date,
    member: str,
    beside: tuple[str, ...],
    refusal: CouponRefusal,
) -> None:
    found = present(account, CAMPAIGNS, today, member=member, beside=frozenset(beside))
    assert found is refusal


def test_a_member_s_coupon_is_taken_with_the_member_and_any_without_a_trusted_clock() -> None:
    own = replace(ISSUED, ref=coupon_ref(NUMBER, "spring", "9007000012"))
    assert present(own, CAMPAIGNS, TODAY, member="9007000012") == Presented("spring", own.ref)
    assert present(ISSUED, CAMPAIGNS, None) == Presented("spring", REF)


def test_a_campaign_that_is_not_on_refuses_before_and_after() -> None:
    terms = replace(SPRING, first=date(2023, 11, 15), last=date(2023, 11, 20))
    campaigns = {"spring": terms}
    assert present(ISSUED, campaigns, TODAY) is CouponRefusal.NOT_YET
    assert present(ISSUED, campaigns, date(2023, 11, 21)) is CouponRefusal.EXPIRED


def test_a_code_without_a_counter_is_for_everybody_but_only_where_the_campaign_says_so() -> None:
    assert present_open("hello", CAMPAIGNS, TODAY) == Presented("hello", None)
    assert present_open("spring", CAMPAIGNS, TODAY) is CouponRefusal.UNKNOWN_CAMPAIGN
    assert present_open("nothing", CAMPAIGNS, TODAY) is CouponRefusal.UNKNOWN_CAMPAIGN
    beside = frozenset({"hello"})
    assert present_open("hello", CAMPAIGNS, TODAY, beside=beside) is CouponRefusal.SAME_CAMPAIGN


def test_coupons_are_accounts() -> None:
    assert REF.kind is AccountKind.COUPON
