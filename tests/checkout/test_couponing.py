"""Coupons: shown, worth something, taken back, used once, and brought by a sale."""

from datetime import date

import pytest

from edge.checkout.balances.accounts import Account
from edge.checkout.balances.coupon_paper import coupon_elements
from edge.checkout.inputs import AccountsAnswered
from edge.checkout.loyalty.member_numbers import coupon_number
from edge.checkout.loyalty.told import IssuedCoupon
from edge.checkout.paper.receipt import Align, Text
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.wire.member_codes import coupon_code
from tests.support.loyalty import FORGERS_KEY, HQ_KEY
from tests.support.member_till import SOON_S, TILL
from tests.support.wallets import COUPON, WalletTill, coupon, served


def with_coupon(campaign: str = "spring", amount: int = 1, **terms: date) -> WalletTill:
    return WalletTill().lease(coupon(campaign), amount, **terms)


def test_a_scanned_coupon_takes_its_money_off_and_is_used_up_with_the_sale() -> None:
    till = with_coupon().scan("1003").scan(COUPON)
    till.settled()
    assert (till.notice, till.total) == ("Coupon: Spring", ("TOTAL", "8.00"))
    assert till.holds(coupon()) == 1

    till.press("CASH").settled()
    assert till.sale.total_minor == 800
    assert [off.promotion for off in till.sale.offs] == ["coupon:spring"]
    assert till.holds(coupon()) == 0
    till.scan("1003", COUPON).settled()
    assert till.notice == "Coupon not good any more - CLEAR"


def test_a_coupon_may_come_first_and_its_number_be_keyed() -> None:
    till = with_coupon().press("MENU 46").press(f"{COUPON} ENTER").settled()
    assert (till.notice, till.state) == ("Coupon: Spring", State.SELLING)
    till = with_coupon().scan(COUPON).settled().scan("1003")
    assert till.total == ("TOTAL", "8.00")


@pytest.mark.parametrize(
    ("campaign", "goods", "total"),
    [
        ("half-cola", "1001", "1.75"),
        ("free-gum", "1004", "0.00"),
        ("tenth", "1003", "9.00"),
        ("big", "1003", "10.00"),
    ],
)
def test_each_kind_of_coupon_gives_what_it_promises(campaign: str, goods: str, total: str) -> None:
    """An item, a gift, a percentage; and one whose minimum spend is not reached."""
    till = with_coupon(campaign).scan(goods, COUPON).settled()
    assert till.total == ("TOTAL", total)


def test_a_minimum_spend_is_reached_by_what_follows() -> None:
    till = with_coupon("big").scan("1003", COUPON).settled().scan("1003")
    assert till.total == ("TOTAL", "15.00")


def test_a_coupon_that_took_nothing_off_is_still_good() -> None:
    till = with_coupon("big").scan("1003", COUPON).settled()
    assert till.total == ("TOTAL", "10.00")
    till.press("CASH").settled()
    assert till.holds(coupon("big")) == 1


def test_the_coupons_of_a_sale_are_listed_and_void_takes_one_back() -> None:
    till = with_coupon().scan("1003", COUPON).settled().press("MENU 46")
    assert till.screen.title == "Coupons shown"
    assert till.rows == [("1. Spring", "", "-2.00")]
    till.press("VOID")
    assert (till.notice, till.total) == ("Coupon taken back: Spring", ("TOTAL", "10.00"))
    till.press("CASH").settled()
    assert till.holds(coupon()) == 1
    assert WalletTill().press("MENU 46 VOID").notice == "No coupon shown - scan one"


def test_one_coupon_of_a_campaign_goes_into_a_sale() -> None:
    other = coupon_number(TILL, 2, 99)
    till = with_coupon().lease(coupon(number=other), 1)
    till.scan("1003", COUPON).settled().scan(other).settled()
    assert till.notice == "One of these a sale - go on"
    assert till.total == ("TOTAL", "8.00")


@pytest.mark.parametrize(
    ("campaign", "says"),
    [
        ("old", "Coupon has expired - CLEAR"),
        ("later", "Coupon is not good yet - CLEAR"),
        ("gone", "Coupon of no campaign - CLEAR"),
    ],
)
def test_a_coupon_that_is_not_good_today_says_why(campaign: str, says: str) -> None:
    till = with_coupon(campaign).scan("1003", COUPON).settled()
    assert (till.notice, till.total) == (says, ("TOTAL", "10.00"))


def test_a_coupon_that_this_till_never_had_is_honestly_not_known_here() -> None:
    till = WalletTill().scan("1003", COUPON).settled()
    assert till.notice == "Not known here - try once online"


def test_a_coupon_past_its_own_last_day_has_expired() -> None:
    till = with_coupon(expires_on=date(2025, 12, 31)).scan("1003", COUPON).settled()
    assert till.notice == "Coupon has expired - CLEAR"


def test_a_signed_campaign_code_needs_no_counter_and_is_good_again() -> None:
    code = coupon_code(HQ_KEY, "open", SOON_S)
    till = WalletTill()
    for _ in range(2):
        till.scan("1003", code).settled()
        assert till.total == ("TOTAL", "9.00")
        till.press("CASH").settled()
    till.scan("1003", coupon_code(FORGERS_KEY, "open", SOON_S)).settled()
    assert till.notice == "Code is not ours - key the phone"
    till.scan(coupon_code(HQ_KEY, "spring", SOON_S)).settled()
    assert till.notice == "Coupon of no campaign - CLEAR"


def test_a_signed_number_is_that_coupon() -> None:
    till = with_coupon().scan("1003", coupon_code(HQ_KEY, COUPON, SOON_S)).settled()
    assert till.total == ("TOTAL", "8.00")


def test_a_member_s_coupon_is_shown_from_his_accounts_and_to_him_alone() -> None:
    till, member = served()
    till.lease(coupon(owner=member.number), 1)
    till.scan("1003").press("SUBTOTAL MEMBER").settled()
    assert till.rows == [("1. Coupon Spring", "1", "")]
    till.press("ENTER")
    assert till.total == ("TOTAL", "8.00")
    # Whose sale it is no more, his coupon is not good any more.
    till.press("CLEAR MEMBER VOID")
    till.press("CASH").settled()
    assert till.notice == "Only 0 here - key the cash again"
    assert (till.total, till.holds(coupon(owner=member.number))) == (("TOTAL", "10.00"), 1)
    till.press("CASH").settled()
    assert till.sale.total_minor == 1_000


def test_what_is_paid_already_is_not_made_cheaper() -> None:
    till = with_coupon().scan("1003").press("100 CASH").scan(COUPON)
    assert till.notice == "Payment began - finish, or VOID"
    assert till.press("CLEAR MENU 46").scan(COUPON).notice == "Payment began - finish, or VOID"


def test_digits_before_a_coupon_are_refused_and_so_is_what_is_no_coupon() -> None:
    assert with_coupon().press("3 X").scan(COUPON).notice == "Takes no number - CLEAR"
    till = with_coupon().press("MENU 46").scan("1003")
    assert till.notice == "No coupon number - scan it"
    assert till.press("ENTER").notice == "No coupon number - scan it"
    assert till.press("CLEAR").state is State.IDLE
    assert with_coupon().press("3 X MENU 46").notice == "Quantity out of range - CLEAR"
    assert with_coupon().press("123 MENU 46").notice == "No coupon number - scan it"


def test_hold_and_recall_keep_the_coupon_and_move_nothing() -> None:
    till = with_coupon().scan("1003", COUPON).settled().press("MENU 18").settled()
    assert till.holds(coupon()) == 1
    till.press("MENU 19").settled()
    assert till.total == ("TOTAL", "8.00")
    till.press("CASH").settled()
    assert till.holds(coupon()) == 0


def test_a_coupon_in_two_held_sales_is_used_in_one_of_them() -> None:
    till = with_coupon()
    for _ in range(2):
        till.scan("1003", COUPON).settled().press("MENU 18").settled()
    till.press("1 MENU 19").settled().press("CASH").settled()
    assert till.sale.total_minor == 800

    till.press("MENU 19").settled().press("CASH").settled()
    assert till.notice == "Only 0 here - key the cash again"
    assert till.total == ("TOTAL", "10.00")
    till.press("CASH").settled()
    assert (till.sale.total_minor, till.sale.offs) == (1_000, ())


def test_a_large_sale_brings_a_coupon_on_its_receipt_which_is_good_here_at_once() -> None:
    till = WalletTill().press("12 X 1003 ENTER CASH").settled()
    (issued,) = till.sale.coupons
    assert (issued.campaign, issued.last_day) == ("thanks", "9999-12-31")
    assert "Your coupon" in till.receipt
    assert issued.number in till.receipt
    assert till.holds(coupon("thanks", issued.number)) == 1
    assert EntryKind.ACCOUNT_CREDITED in till.kinds

    till.scan("1003", issued.number).settled().press("CASH").settled()
    assert till.sale.total_minor == 700
    assert till.sale.coupons == ()


def test_a_coupon_survives_a_power_cut_in_the_basket() -> None:
    till = with_coupon().scan("1003", COUPON).settled().restarted()
    assert till.total == ("TOTAL", "8.00")
    till.press("CASH").settled()
    assert till.holds(coupon()) == 0


def test_a_coupon_that_is_gone_when_the_sale_is_stored_takes_nothing_off() -> None:
    till = with_coupon().scan("1003", COUPON).settled().press("CASH")
    till.feed(AccountsAnswered(till.now(), ()))
    assert till.notice == "Only 0 here - key the cash again"
    till = with_coupon().scan("1003", COUPON).settled().press("CASH")
    till.feed(AccountsAnswered(till.now(), (Account(coupon()),)))
    assert till.notice == "Only 0 here - key the cash again"


def test_a_coupon_stays_once_payment_has_begun() -> None:
    till = with_coupon().scan("1003", COUPON).settled().press("100 CASH MENU 46 VOID")
    assert till.notice == "Payment began - finish, or VOID"
    till, member = served(points=100)
    till.lease(coupon(owner=member.number), 1)
    till.scan("1003").press("100 CASH MEMBER").settled().press("3 ENTER")
    assert till.notice in {"Payment began - finish, or VOID", "No such item - CLEAR"}


def test_a_coupon_with_a_last_day_says_so_on_paper() -> None:
    coupon = IssuedCoupon("8" * 17, "spring", "Spring", "2026-12-31")
    lines = coupon_elements(coupon, Language.ENGLISH)
    assert Text("good until 2026-12-31", Align.CENTRE) in lines


def test_goods_that_come_back_without_a_receipt_move_no_account() -> None:
    till = WalletTill().press("MENU 12").scan("1003").press("CASH").settled()
    assert till.kinds == [EntryKind.REFUND]
