"""What a customer is told of balances: on the receipt, on both screens, in each one's language."""

from dataclasses import replace
from typing import Any

import pytest

from edge.checkout.balances.coupon_paper import coupon_worth
from edge.checkout.balances.coupons import (
    CouponTerms,
    GiftCoupon,
    ItemCoupon,
    MoneyCoupon,
    PercentCoupon,
    Worth,
)
from edge.checkout.inputs import PendingReceipt
from edge.checkout.loyalty.told import Balance, ToldPoints
from edge.checkout.paper.receipt_layout import lay_out
from edge.checkout.paper.slip import Slip
from edge.checkout.paper.slip_writer import write_paper
from edge.checkout.records import EntryKind, sale_entry, sale_from
from edge.checkout.shop import Language
from tests.support.playbook import SHOP
from tests.support.wallets import (
    COUPON,
    GIFT,
    GIFT_CARD,
    WALLET_SETTINGS,
    WalletTill,
    coupon,
    served,
)

CHINESE_SHOP = replace(SHOP, language=Language.CHINESE)


def told(till: WalletTill, *beginnings: str) -> list[str]:
    """The last receipt's lines that begin so, each with single blanks."""
    lines = (" ".join(line.split()) for line in till.receipt)
    return [line for line in lines if line.startswith(beginnings)]


def given_back(till: WalletTill, keys: str = "SUBTOTAL SUBTOTAL ENTER") -> WalletTill:
    till.press("1 MENU 11").settled().press(keys).settled()
    return till


# --- points


def test_a_refund_says_on_the_display_by_how_much_the_points_went_down() -> None:
    till, _ = served(points=50)
    till.scan("1003").press("CASH").settled()
    assert till.customer[1] == "Points +10        60"
    assert given_back(till).customer[1] == "Points -10        50"
    assert till.sale.told == ToldPoints(taken_back=10, here=50)


def test_points_that_paid_are_on_the_display_as_what_they_are() -> None:
    till, _ = served(points=1_000)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER").settled()
    assert till.customer[1] == "Points -990       10"
    assert given_back(till).customer[1] == "Points +990     1000"


# --- visits, stored value, gift cards


def test_visits_left_are_told_when_a_count_card_is_bought_and_when_it_is_used() -> None:
    till = WalletTill()
    member = till.with_member()
    till.known(member).scan("CUTS10").press("CASH").settled()
    assert till.sale.balances == (Balance("count_card", 10, "Ten haircuts", "CUTS10"),)
    assert told(till, "Visits") == ["Visits left: Ten haircuts 10"]
    till.known(member).scan("3001").press("MENU 51").settled().press("ENTER").settled()
    assert told(till, "Visits") == ["Visits left: Ten haircuts 9"]
    assert ("Visits left: Ten haircuts", "", "9") in till.rows


def test_where_no_points_moved_the_display_says_what_is_left() -> None:
    settings = WALLET_SETTINGS.model_copy(update={"points": None, "rewards": ()})
    till = WalletTill(settings=settings)
    member = till.with_member()
    till.lease(member.count_card("CUTS10"), 3)
    till.known(member).scan("3001").press("MENU 51").settled().press("ENTER").settled()
    assert till.customer[1] == "Visits left        2"


def test_the_rest_of_a_gift_card_is_told_though_it_is_nobody_s() -> None:
    till = WalletTill().lease(GIFT, 1_700)
    till.scan("1003").press("MENU 52").scan(GIFT_CARD).settled()
    tail = f"*{GIFT_CARD[-4:]}"
    assert told(till, "On card") == [f"On card {tail} here 7.00"]
    assert till.rows == [(f"On card {tail} here", "", "7.00")]
    assert till.customer == ("TOTAL         ¥10.00", "Stored value    7.00")
    assert told(given_back(till), "On card") == [f"On card {tail} here 17.00"]


def test_a_top_up_says_what_is_on_the_card_with_the_bonus() -> None:
    till = WalletTill().press("5000 MENU 48").scan(GIFT_CARD).settled().press("CASH").settled()
    assert told(till, "On card") == [f"On card *{GIFT_CARD[-4:]} here 55.00"]


def test_stored_value_that_is_used_up_is_told_as_well() -> None:
    till, _ = served(value_minor=1_000)
    till.scan("1003").press("SUBTOTAL MEMBER").settled().press("ENTER").settled()
    assert told(till, "Stored value here") == ["Stored value here 0.00"]


def test_what_a_refund_puts_onto_stored_value_is_told_on_the_refund() -> None:
    till, member = served()
    till.scan("1003").press("CASH").settled()
    given_back(till, "SUBTOTAL SUBTOTAL MEMBER")
    assert told(till, "Stored value here") == ["Stored value here 10.00"]
    assert till.sale.balances == (Balance("stored_value", 1_000),)
    assert till.holds(member.stored_value) == 1_000


# --- coupons


def test_a_refund_says_that_a_coupon_is_good_again() -> None:
    till = WalletTill().lease(coupon(), 1)
    till.scan("1003", COUPON).settled().press("CASH").settled()
    assert (till.sale.balances, told(till, "Coupon")) == ((), [])
    given_back(till, "SUBTOTAL CASH")
    assert told(till, "Coupon") == ["Coupon: Spring good again"]
    assert till.customer[1] == "Coupon    good again"


def test_a_refund_says_that_the_coupon_it_brought_is_void() -> None:
    till = WalletTill().press("12 X 1003 ENTER CASH").settled()
    assert told(till, "Coupon") == []
    assert "¥3.00 off" in till.receipt
    given_back(till, "SUBTOTAL CASH")
    assert told(till, "Coupon") == ["Coupon: thanks void"]


@pytest.mark.parametrize(
    ("worth", "english", "chinese"),
    [
        (MoneyCoupon(500), "¥5.00 off", "减 ¥5.00"),
        (PercentCoupon(1_000), "10% off", "减 10%"),
        (PercentCoupon(1_250, 2_000), "12.50% off, at most ¥20.00", "减 12.50%，最多 ¥20.00"),
        (ItemCoupon(5_000), "50% off one item", "单件减 50%"),
        (GiftCoupon(2), "2 free", "赠 2 件"),
    ],
)
def test_a_coupon_says_what_it_gives_and_from_which_sum(
    worth: Worth, english: str, chinese: str
) -> None:
    terms = CouponTerms("any", worth, spend_minor=3_000)
    assert coupon_worth(terms, SHOP) == f"{english}, from ¥30.00"
    assert coupon_worth(terms, CHINESE_SHOP) == f"{chinese}，满 ¥30.00 可用"
    assert coupon_worth(replace(terms, spend_minor=0), SHOP) == english


def test_a_coupon_for_points_says_what_it_gives_and_an_older_record_does_not() -> None:
    till, _ = served(points=100)
    till.scan("1003").press("MENU 47").settled().press("ENTER").settled()
    assert "¥2.00 off" in till.receipt
    body: dict[str, Any] = till.journal[-1].body
    assert (till.journal[-1].kind, body["worth"]) == (EntryKind.COUPON_PRINTED, "¥2.00 off")
    without = {key: value for key, value in body.items() if key != "worth"}
    older = PendingReceipt(1, Slip(EntryKind.COUPON_PRINTED, without), till.now())
    lines = [line.strip() for line in lay_out(write_paper(older, till.facts, copy=False), 32)]
    assert lines == [line for line in till.receipt if line != "¥2.00 off"]


# --- names, not ids, in each one's language


def test_the_screen_speaks_the_cashier_s_language_and_the_paper_the_shop_s() -> None:
    till = WalletTill()
    member = till.with_member()
    till.lease(member.count_card("CUTS10"), 5)
    till.lease(coupon("spring", owner=member.number), 1)
    till.lease(member.points, 90)
    till.known(member).scan("3001", "1001").press("MENU 91").press("MEMBER")
    assert ("剩余次数：剪发十次卡", "", "5") in till.rows
    assert ("优惠券：Spring", "", "") in till.rows
    till.press("CLEAR SUBTOTAL MEMBER").settled()
    assert [left for left, _, _ in till.rows] == [
        "1. 积分",
        "2. 次卡 剪发十次卡",
        "3. 兑换：可乐 50",
        "4. 兑换：Spring 80",
        "5. 优惠券 Spring",
    ]
    till.press("3 ENTER").settled().press("MENU 51").settled().press("ENTER").settled()
    assert ("剩余次数：剪发十次卡", "", "4") in till.rows
    assert told(till, "Visits", "Points Cola") == [
        "Points Cola 3.50",
        "Visits left: Ten haircuts 4",
    ]


def test_a_refund_names_a_coupon_in_the_cashier_s_language() -> None:
    settings = WALLET_SETTINGS.model_copy(
        update={"campaigns": (WALLET_SETTINGS.campaigns[0].model_copy(update={"name_zh": "春"}),)}
    )
    till = WalletTill(settings=settings).lease(coupon(), 1)
    till.scan("1003", COUPON).settled().press("CASH MENU 91").settled()
    assert given_back(till, "SUBTOTAL CASH").rows == [("优惠券：春", "", "恢复可用")]
    assert told(till, "Coupon") == ["Coupon: Spring good again"]


def test_points_for_a_reward_that_is_no_more_are_points_and_no_id() -> None:
    till, _ = served(points=90)
    till.scan("1001").press("MENU 47").settled().press("ENTER").settled()
    assert told(till, "Points Cola") == ["Points Cola 3.50"]
    assert till.facts.loyalty is not None
    till.facts = replace(till.facts, loyalty=replace(till.facts.loyalty, rewards=()))
    till.press("MENU 13").settled()
    assert told(till, "Points 3", "Points cola", "Points Cola") == ["Points 3.50"]


# --- on record


def test_balances_come_back_from_the_record_and_old_records_have_none() -> None:
    till = WalletTill().lease(GIFT, 1_700)
    till.scan("1003").press("MENU 52").scan(GIFT_CARD).settled()
    entry = sale_entry(till.sale)
    assert entry.body["balances"] == [["stored_value", 700, f"*{GIFT_CARD[-4:]}", ""]]
    assert sale_from(entry.kind, entry.body) == till.sale
    older = {key: value for key, value in entry.body.items() if key != "balances"}
    assert sale_from(entry.kind, older).balances == ()


def test_a_coupon_of_an_older_record_says_less() -> None:
    till = WalletTill().press("12 X 1003 ENTER CASH").settled()
    entry = sale_entry(till.sale)
    body = {**entry.body, "coupons": [each[:4] for each in entry.body["coupons"]]}
    assert sale_from(entry.kind, body).coupons[0].worth == ""
