"""Whatever is keyed, scanned, answered or cut off while people pay from accounts: the till never
breaks its rules, and no account is ever moved but by what was stored. The tables assert the rest.
"""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.loyalty.member_numbers import coupon_number
from edge.checkout.records import EntryKind, sale_from
from edge.checkout.sale.returns import bound_tenders
from edge.checkout.session import State
from tests.support.member_till import TILL
from tests.support.walk import WatchedTill
from tests.support.wallets import COUPON, GIFT, GIFT_CARD, WalletTill, coupon

BOUND_COUPON = coupon_number(TILL, 3, 3)
# The first one that a large sale brings.
BROUGHT = coupon_number(TILL, 1, 12_345)
SCANS = (BROUGHT, "1001", "1003", "3001", "CUTS10", COUPON, BOUND_COUPON, GIFT_CARD, "9007000012")
PHRASES = (
    *("9007000012 MEMBER", "MEMBER", "SUBTOTAL MEMBER", "200 MEMBER", "MEMBER VOID"),
    *("1 ENTER", "2 ENTER", "3 ENTER", "ENTER", "CLEAR", "CLEAR", "VOID", "SUBTOTAL", "UP", "DOWN"),
    *("CASH", "CASH", "100 CASH", "CARD ENTER", "MENU 14", "MENU 18", "MENU 19", "3 X"),
    *("MENU 46", "MENU 47", "2000 MENU 48", "MENU 51", "MENU 52", "300 MENU 52"),
    *("1 MENU 11", "2 MENU 11", "SUBTOTAL SUBTOTAL ENTER", "ENTER SUBTOTAL ENTER"),
    *("SUBTOTAL SUBTOTAL MEMBER", "SUBTOTAL CASH", "12 X 1003 ENTER", "3 X ENTER CASH"),
)
ACTIONS = (*(f"scan {code}" for code in SCANS), *PHRASES, *["!answer"] * 20, "!restart")


class WatchedWalletTill(WatchedTill, WalletTill):
    """Every step is checked, and the accounts stand in a real store's tables."""


def begun() -> WatchedWalletTill:
    """A member with something of everything, a gift card, a coupon of nobody's and one of his."""
    till = WatchedWalletTill()
    member = till.with_member()
    till.lease(member.points, 600).lease(member.stored_value, 2_500).lease(GIFT, 1_500)
    till.lease(member.count_card("CUTS10"), 2).lease(coupon(), 1)
    till.lease(coupon("big", BOUND_COUPON, member.number), 1)
    return till


@settings(max_examples=60)
@given(st.lists(st.sampled_from(ACTIONS), min_size=20, max_size=80))
def test_no_sequence_breaks_the_rules_of_accounts(actions: list[str]) -> None:
    till = begun()
    for action in actions:
        if action == "!answer":
            if till.waits_for_disk:
                till.answered()
        elif action == "!restart":
            till = till.restarted()
        elif action.startswith("scan "):
            till.scan(action.removeprefix("scan "))
        else:
            till.press(action)
    assert till.state is not State.STOPPED
    receipts = [entry for entry in till.journal if entry.kind is EntryKind.SALE]
    redeemed = {
        (entry.body["receipt_no"], entry.body["account"], entry.body["reason"])
        for entry in till.journal
        if entry.kind is EntryKind.ACCOUNT_REDEEMED and entry.body["receipt_no"]
    }
    paid = {
        (receipt.body["receipt_no"], tender["account"])
        for receipt in receipts
        for tender in receipt.body["tenders"]
        if tender.get("account")
    }
    spent = {(number, account) for number, account, reason in redeemed if reason != "coupon"}
    assert paid == spent
    for receipt in receipts:
        _check_payments(receipt.body)
        sale = sale_from(receipt.kind, receipt.body)
        assert bound_tenders(sale) == tuple(each for each in sale.tenders if each.covers)
    for entry in till.journal:
        if entry.kind is EntryKind.REFUND:
            refund = sale_from(entry.kind, entry.body)
            assert sum(each.amount_minor for each in refund.tenders) == refund.total_minor


def _check_payments(body: Mapping[str, Any]) -> None:
    """No payment is below nothing, and accounts pay for goods alone."""
    prepaid = {"TOP-UP", "CUTS10"}
    goods_minor = sum(line["amount_minor"] for line in body["lines"] if line["plu"] not in prepaid)
    tenders = body["tenders"]
    assert all(tender["amount_minor"] >= 0 for tender in tenders)
    assert all(tender["tendered_minor"] >= tender["change_minor"] >= 0 for tender in tenders)
    assert sum(each["amount_minor"] for each in tenders if each.get("account")) <= goods_minor
