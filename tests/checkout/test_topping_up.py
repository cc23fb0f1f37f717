"""Stored value and gift cards are topped up in a sale, with a bonus, and are worth it at once."""

from dataclasses import replace

import pytest

from edge.checkout.balances.accounts import AccountKind, AccountRef
from edge.checkout.inputs import MemberAnswered
from edge.checkout.loyalty.member_numbers import card_number
from edge.checkout.loyalty.members import MemberMissing, block
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from tests.support.member_till import TILL
from tests.support.playbook import SHOP
from tests.support.wallets import GIFT, GIFT_CARD, WalletTill, served


def test_a_gift_card_is_sold_by_topping_it_up() -> None:
    till = WalletTill().press("3000 MENU 48")
    assert till.screen.title == "Top up 30.00"
    till.scan(GIFT_CARD).settled()
    line = (f"Top-up *{GIFT_CARD[-4:]}", "1 × 30.00", "30.00")
    assert (till.notice, till.rows) == ("Will be on it: 30.00", [line])
    assert till.holds(GIFT) == 0
    till.press("CASH").settled()
    assert till.holds(GIFT) == 3_000

    till.scan("1003").press("MENU 52").scan(GIFT_CARD).settled()
    assert till.holds(GIFT) == 2_000


def test_a_member_s_top_up_has_its_bonus_and_earns_no_points() -> None:
    till, member = served()
    till.press("5000 MENU 48 ENTER").settled()
    assert till.notice == "Will be on it: 55.00"
    till.press("CASH").settled()
    assert till.holds(member.stored_value) == 5_500
    assert till.holds(member.points) == 0
    assert till.sale.total_minor == 5_000


def test_what_will_be_on_it_is_all_that_will_be() -> None:
    till, member = served()
    till.press("1000 MENU 48 ENTER").settled().press("CASH").settled()
    till.press(f"5000 MENU 48 {member.card} ENTER").settled()
    assert till.notice == "Will be on it: 65.00"
    till.press("CASH").settled()
    assert till.holds(member.stored_value) == 6_500


def test_a_member_s_card_tops_up_the_member() -> None:
    till = WalletTill()
    member = till.with_member()
    till.press(f"1000 MENU 48 {member.card} ENTER").settled().press("CASH").settled()
    assert till.holds(member.stored_value) == 1_000


def test_top_ups_are_neither_discounted_nor_counted_for_a_coupon() -> None:
    till = WalletTill().press("15000 MENU 48").scan(GIFT_CARD).settled()
    till.press("CASH").settled()
    assert till.sale.coupons == ()
    assert till.sale.offs == ()


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("999", "Too little to top up - key more"),
        ("50001", "Too much to top up - key less"),
        ("0", "No such amount - CLEAR"),
        ("1.555", "No such amount - CLEAR"),
    ],
)
def test_the_shop_s_rule_holds(amount: str, says: str) -> None:
    till = WalletTill().press(f"{amount} MENU 48")
    if till.state is State.ASKING:
        till.scan(GIFT_CARD).settled()
    assert till.notice == says


def test_a_card_never_holds_more_than_the_law_lets_it() -> None:
    till = WalletTill().lease(GIFT, 79_500).press("1000 MENU 48").scan(GIFT_CARD).settled()
    assert till.notice == "Card would hold too much - key less"


def test_a_card_is_topped_up_once_a_sale() -> None:
    till = WalletTill().press("1000 MENU 48").scan(GIFT_CARD).settled()
    till.press("1000 MENU 48").scan(GIFT_CARD).settled()
    assert till.notice == "Topped up in this sale - pay first"
    till.press("CLEAR 1000 MENU 48").scan(card_number(TILL, 91)).settled()
    assert till.total == ("TOTAL", "20.00")
    till.press("CASH").settled()
    assert till.holds(AccountRef(AccountKind.STORED_VALUE, card_number(TILL, 91))) == 1_000


def test_the_amount_comes_first_and_then_what_it_goes_onto() -> None:
    assert WalletTill().press("MENU 48").notice == "Number first, then MENU"
    till = WalletTill().press("1000 MENU 48 ENTER")
    assert till.notice == "No card number - scan it again"
    assert till.scan("1003").notice == "No card number - scan it again"
    assert till.press("2 X ENTER").notice == "Quantity out of range - CLEAR"
    assert till.press("ENTER").notice == "Quantity out of range - CLEAR"
    assert till.scan(card_number(TILL, 91)).notice == "Number unused - ENTER, or CLEAR"
    assert till.press("CLEAR CLEAR").state is State.IDLE


def test_a_blocked_member_is_not_topped_up() -> None:
    till = WalletTill()
    member = till.with_member()
    till.put(block(member, "lost").entry)
    till.press(f"1000 MENU 48 {member.card} ENTER").settled()
    assert till.notice == "Member is blocked - see MENU 43"


def test_a_shop_without_a_rate_of_nothing_can_t_top_up() -> None:
    taxed = replace(SHOP, tax_rates={"A": SHOP.tax_rates["A"]})
    assert WalletTill(taxed).press("1000 MENU 48").notice == "No tax rate for it - call for help"


def test_a_top_up_that_is_voided_or_cut_off_tops_nothing_up() -> None:
    till = WalletTill().press("3000 MENU 48").scan(GIFT_CARD).settled().restarted()
    assert till.rows == [(f"Top-up *{GIFT_CARD[-4:]}", "1 × 30.00", "30.00")]
    till.scan("1003").press("UP VOID CASH").settled()
    assert till.holds(GIFT) == 0
    till.press("3000 MENU 48").scan(GIFT_CARD).settled().restarted().press("CASH").settled()
    assert till.holds(GIFT) == 3_000


def test_without_members_there_is_nothing_to_top_up_or_pay_with() -> None:
    till = WalletTill(loyalty=None)
    for keys in ("1000 MENU 48", "MENU 52", "MENU 46"):
        assert till.press(keys).notice == "No members in this shop - go on"
        till.press("CLEAR")
    till.scan("1003").press("MENU 47")
    assert till.notice == "No members in this shop - go on"


def test_a_member_who_is_gone_is_not_topped_up() -> None:
    till, _ = served()
    till.press("1000 MENU 48 ENTER").feed(MemberAnswered(till.now(), MemberMissing()))
    assert till.notice == "Member not taken - key MEMBER"


def test_a_basket_holds_so_many_lines_and_so_much_money() -> None:
    one = replace(SHOP, limits=replace(SHOP.limits, max_lines=1))
    till = WalletTill(one).scan("1003").press("1000 MENU 48").scan(GIFT_CARD).settled()
    assert till.notice == "Basket is full - pay first"
    till = WalletTill().scan("1003").press("9999999 MENU 15 9999 X ENTER")
    till.scan("1003").press("9999999 MENU 15 50000 MENU 48").scan(GIFT_CARD).settled()
    assert till.notice == "Total too large - pay first"


def test_what_is_paid_before_counts_towards_a_tier_once_when_it_is_spent() -> None:
    till, member = served()
    till.press("5000 MENU 48 ENTER").settled().press("CASH").settled()
    assert traded(till) == [0]
    till.press(f"{member.card} MEMBER").settled().scan("1003")
    till.press("SUBTOTAL MEMBER ENTER").settled()
    assert traded(till) == [0, till.sale.total_minor]
    till.press("2 MENU 11").settled().press("ENTER SUBTOTAL ENTER").settled()
    assert till.journal[-1].kind is EntryKind.MEMBER_RETURNED
    assert till.journal[-1].body["amount_minor"] == till.sale.total_minor > 0


def traded(till: WalletTill) -> list[object]:
    """What counted of each member's sale."""
    kind = EntryKind.MEMBER_BOUGHT
    return [entry.body["amount_minor"] for entry in till.journal if entry.kind is kind]


def test_a_top_up_is_whose_it_was_keyed_for_whoever_the_sale_s_member_becomes() -> None:
    till = WalletTill()
    ana = till.with_member(1, name="Ana Garcia")
    wang = till.with_member(2, name="王小明", phone="+8613900000000")
    till.known(ana).press("5000 MENU 48 ENTER").settled()
    till.known(wang)
    assert till.rows == [("Top-up A*** G***", "1 × 50.00", "50.00")]
    assert till.restarted().settled().rows == [("Top-up A*** G***", "1 × 50.00", "50.00")]
    till.press("CASH").settled()
    assert (till.holds(ana.stored_value), till.holds(wang.stored_value)) == (5_500, 0)
    lines = [" ".join(line.split()) for line in till.receipt]
    assert "Top-up A*** G*** 50.00 Z" in lines
    assert f"On card *{ana.number[-4:]} here 55.00" in lines
    assert "Ana" not in str(till.journal)


def test_a_member_without_a_name_is_named_by_the_card() -> None:
    till, member = served()
    till.press("5000 MENU 48 ENTER").settled()
    assert till.rows[0][0] == f"Top-up *{member.card[-4:]}"
