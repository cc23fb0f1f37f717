"""The coupon that a sale brought, when the sale is given back: buying and giving back in a loop
brings nothing, whatever became of the coupon meanwhile.
"""

from dataclasses import replace
from typing import Any

import pytest

from edge.checkout.balances.account_records import movement_entry
from edge.checkout.balances.accounts import civil_day, expire
from edge.checkout.balances.coupons_back import coupons_back
from edge.checkout.inputs import ReceiptLoyaltyAnswered
from edge.checkout.loyalty.told import IssuedCoupon
from edge.checkout.people.staff import CASHIER, Permission, Role
from edge.checkout.records import EntryKind, Tender, TenderKind
from edge.checkout.sale.returns import give_back
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.store.loyalty_settings import LoyaltySettings
from tests.support.member_till import TILL
from tests.support.playbook import NET_SHOP, SHOP
from tests.support.shifts import ShiftTill
from tests.support.staff import STAFF, StaffTill, person
from tests.support.wallets import GIFT, GIFT_CARD, WalletTill, coupon, served

CASH, WITHHELD = TenderKind.CASH, TenderKind.WITHHELD
KINDS = (CASH, TenderKind.CARD, WITHHELD)
DAY_S = 86_400


def brought(till: WalletTill, keys: str = "12 X 1003 ENTER CASH") -> IssuedCoupon:
    """The coupon of 3.00 that receipt 1 brings, twelve soaps of 10.00 each."""
    till.press(keys).settled()
    (issued,) = till.sale.coupons
    return issued


def used(till: WalletTill, issued: IssuedCoupon) -> WalletTill:
    """Receipt 2: a soap, with that coupon."""
    till.scan("1003", issued.number).settled().press("CASH").settled()
    assert till.holds(coupon(issued.campaign, issued.number)) == 0
    return till


def picking(till: WalletTill, receipt_no: int = 1) -> WalletTill:
    till.press(f"{receipt_no} MENU 11").settled()
    return till


def sums_of(till: WalletTill) -> list[str]:
    """What stands on the paper below its lines."""
    paper = "\n".join(" ".join(line.split()) for line in till.receipt)
    return paper.split("-\n")[2].split("\n\n")[0].split("\n")


def test_what_a_used_coupon_gave_is_withheld_from_the_money() -> None:
    till = WalletTill()
    used(till, brought(till))
    picking(till).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert (till.state, till.screen.title) == (State.ASKING, "Coupon was used: thanks")
    assert till.rows == [("Kept for used coupon", "", "3.00"), ("Cash", "", "117.00")]
    assert till.total == ("TO GIVE BACK", "117.00")
    assert till.customer[0] == "TO GIVE BACK ¥117.00"
    assert till.notice == "ENTER: pay back so - CLEAR: not"

    till.press("ENTER").settled()
    assert till.sale.tenders == (
        Tender(WITHHELD, 300, 300, 0, "thanks"),
        Tender(CASH, 11_700, 11_700, 0),
    )
    assert till.sale.total_minor == 12_000
    assert till.total == ("GIVEN BACK", "117.00")
    assert sums_of(till) == [
        "SUBTOTAL 120.00",
        *("Kept for used coupon thanks", "-3.00"),
        "GIVEN BACK ¥117.00",
        "Cash 117.00",
        "Tax A 13% 13.81",
    ]
    assert EntryKind.ACCOUNT_TAKEN_BACK not in till.kinds


def test_it_is_said_in_chinese() -> None:
    till = WalletTill(replace(SHOP, language=Language.CHINESE))
    used(till, brought(till))
    picking(till).press("SUBTOTAL CASH").settled()
    assert till.screen.title == "券已被使用：thanks"
    assert till.rows[0] == ("扣回已用优惠券", "", "3.00")
    assert till.notice == "ENTER 照此退款，CLEAR 返回"
    till.press("ENTER").settled()
    assert sums_of(till)[:3] == ["小计 120.00", "扣回已用优惠券 thanks -3.00", "已退 ¥117.00"]


def test_the_paper_adds_up_where_tax_is_added_too() -> None:
    till = WalletTill(NET_SHOP)
    used(till, brought(till))
    picking(till).press("SUBTOTAL CASH").settled().press("ENTER").settled()
    assert sums_of(till) == [
        "SUBTOTAL 120.00",
        "Tax A 13% 15.60",
        *("Kept for used coupon thanks", "-3.00"),
        "GIVEN BACK ¥132.60",
        "Cash 132.60",
    ]


def test_clear_leads_back_and_digits_are_no_answer() -> None:
    till = WalletTill()
    used(till, brought(till))
    picking(till).press("SUBTOTAL SUBTOTAL ENTER").settled().press("5 ENTER")
    assert till.notice == "No such amount - CLEAR"
    till.press("CLEAR CLEAR")
    assert (till.state, till.total) == (State.PICKING, ("TO GIVE BACK", "120.00"))


def test_the_coupon_goes_with_the_part_after_which_the_rest_does_not_earn_it() -> None:
    """100.00 earn it."""
    till = WalletTill()
    issued = brought(till)
    account = coupon("thanks", issued.number)
    picking(till).press("2 X ENTER CASH").settled()
    assert till.holds(account) == 1
    picking(till).press("ENTER CASH").settled()
    assert till.holds(account) == 0
    picking(till).press("SUBTOTAL CASH").settled()
    assert [each.kind for each in till.sale.tenders] == [CASH]
    assert till.kinds.count(EntryKind.ACCOUNT_TAKEN_BACK) == 1


def test_it_is_withheld_once_and_all_parts_are_what_was_paid() -> None:
    till = WalletTill()
    used(till, brought(till, "12 X 1003 ENTER 5000 CARD 77 ENTER CASH"))
    back = []
    for keys in ("2 X ENTER", "2 X ENTER", "SUBTOTAL"):
        picking(till).press(f"{keys} SUBTOTAL ENTER").settled()
        if till.state is State.ASKING:
            till.press("ENTER").settled()
        back += till.sale.tenders
    sums = {kind: sum(each.amount_minor for each in back if each.kind is kind) for kind in KINDS}
    assert sums[WITHHELD] == 300
    assert sum(sums.values()) == 12_000
    assert sums[CASH] <= 7_000
    assert sums[TenderKind.CARD] <= 5_000


def test_what_the_refund_of_the_second_sale_gave_back_is_taken_back() -> None:
    till = WalletTill()
    issued = brought(till)
    used(till, issued)
    picking(till, 2).press("SUBTOTAL CASH").settled()
    picking(till).press("SUBTOTAL CASH").settled()
    assert till.sale.tenders == (Tender(CASH, 12_000, 12_000, 0),)
    assert till.holds(coupon("thanks", issued.number)) == 0


def test_one_that_was_taken_back_unused_is_refused_without_a_word_of_use() -> None:
    till = WalletTill()
    issued = brought(till)
    picking(till).press("SUBTOTAL CASH").settled()
    assert till.scan("1003", issued.number).settled().notice == "Coupon not good any more - CLEAR"


def test_a_loop_of_buying_and_giving_back_leaves_the_drawer_as_it_was() -> None:
    """But for the soap, which is paid with the coupon and 3.00 that were withheld for it."""
    till = WalletTill()
    paid_minor = 0
    for number in (1, 4, 7):
        used(till, brought(till))
        picking(till, number).press("SUBTOTAL CASH").settled().press("ENTER").settled()
        for sale, _ in list(till._sold.values())[-3:]:
            sign = -1 if sale.kind is EntryKind.REFUND else 1
            cash = (each.amount_minor for each in sale.tenders if each.kind is CASH)
            paid_minor += sign * sum(cash)
    assert paid_minor == 3 * 1_000


def test_what_tops_a_card_up_earns_nothing() -> None:
    """100.00 of goods and 50.00 onto the card: a soap less, and the coupon is not earned."""
    till, _ = served()
    till.press("10 X 1003 ENTER 5000 MENU 48 ENTER").settled()
    used(till, brought(till, "CASH"))
    picking(till).press("ENTER CASH").settled()
    assert till.rows == [("Kept for used coupon", "", "3.00"), ("Cash", "", "7.00")]


def test_what_is_worth_as_much_as_the_coupon_goes_back_for_it() -> None:
    till = WalletTill()
    used(till, brought(till, "9 X 1003 ENTER 2 X 1001 ENTER 1004 ENTER 300 MENU 15 CASH"))
    picking(till).press("1004 ENTER CASH").settled()
    assert till.rows == [("Kept for used coupon", "", "3.00")]
    till.press("ENTER").settled()
    assert till.sale.tenders == (Tender(WITHHELD, 300, 300, 0, "thanks"),)


def test_the_moment_of_the_check_is_booked_though_midnight_passes_while_it_is_asked() -> None:
    till = WalletTill()
    used(till, brought(till))
    picking(till).press("SUBTOTAL CASH").settled()
    checked = civil_day(till.now(), 0)
    till._ticks += DAY_S
    till.press("ENTER").settled()
    assert civil_day(till._sold[3][1], 0) == checked


# --- what is withheld stands in the reports


class WalletShiftTill(ShiftTill, WalletTill):
    """A till whose members pay from accounts, and whose disk knows how its shift stands."""


def test_it_is_a_row_of_its_own_in_an_x_report() -> None:
    till = WalletShiftTill()
    used(till, brought(till))
    picking(till).press("SUBTOTAL CASH").settled().press("ENTER").settled()
    till.press("MENU 25").settled()
    paper = [" ".join(line.split()) for line in till.receipt]
    assert "Kept for used coupon 1 -3.00" in paper
    assert "Cash given back 1 -117.00" in paper


# --- where no money can be withheld

PERCENT = LoyaltySettings(
    till=TILL,
    campaigns=({"id": "tenth", "kind": "percent", "rate_bp": 1_000, "issue_from_minor": 10_000},),
)
FINN = person("8", "Finn", Role("returns", CASHIER.permissions | {Permission.REFUND}), "8888")
NOBODY_ABOVE = replace(STAFF, by_number={**STAFF.by_number, "8": FINN})


class StaffWalletTill(StaffTill, WalletTill):
    """Its people, of whom one who may refund is signed on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(staff=NOBODY_ABOVE, **options)
        self.sign_on("8", "8888")


def test_a_coupon_that_is_no_sum_of_money_needs_somebody_s_leave() -> None:
    till = StaffWalletTill(settings=PERCENT)
    used(till, brought(till))
    picking(till).press("SUBTOTAL CASH").settled()
    assert till.rows == [("Kept for used coupon", "", "0.00"), ("Cash", "", "120.00")]
    till.press("ENTER")
    assert till.screen.title == "Supervisor: refund, coupon used"
    till.lifted().settled()
    assert till.sale.tenders == (
        Tender(WITHHELD, 0, 0, 0, "tenth"),
        Tender(CASH, 12_000, 12_000, 0),
    )
    (lifted,) = [each.body for each in till.journal if each.kind is EntryKind.PERMISSION_LIFTED]
    assert (lifted["permission"], lifted["by"]) == ("refund_used_coupon", "7")


def test_what_a_visit_paid_is_no_money_to_withhold() -> None:
    """Four haircuts, three of them by visits: the first that comes back is a visit."""
    till, member = served(visits=3)
    till.press("4 X 3001 ENTER MENU 51").settled().press("1 ENTER").settled()
    used(till, brought(till, "CASH"))
    picking(till).press("ENTER SUBTOTAL ENTER").settled()
    assert till.rows == [("Kept for used coupon", "", "0.00"), ("Count card", "", "30.00")]
    till.press("ENTER").settled()
    assert till.holds(member.count_card("CUTS10")) == 1


def test_what_only_accounts_paid_needs_it_too() -> None:
    till = WalletTill().lease(GIFT, 12_000)
    till.press("12 X 1003 ENTER MENU 52").scan(GIFT_CARD).settled()
    used(till, brought(till, ""))
    picking(till).press("SUBTOTAL SUBTOTAL ENTER").settled()
    assert till.rows == [("Kept for used coupon", "", "0.00"), ("Stored value", "", "120.00")]
    till.press("ENTER").settled()
    assert till.holds(GIFT) == 12_000


def test_a_part_that_is_less_than_the_coupon_needs_it_too() -> None:
    """50 of 2.00 earn it, and the one that comes back is less than 3.00."""
    till = StaffWalletTill()
    used(till, brought(till, "50 X 1002 ENTER CASH"))
    picking(till).press("ENTER CASH").settled()
    assert till.rows[0] == ("Kept for used coupon", "", "0.00")
    till.press("ENTER").lifted().settled()
    picking(till).press("SUBTOTAL CASH").settled()
    assert till.sale.tenders == (Tender(CASH, 9_800, 9_800, 0),)


# --- what nobody has used


WEEK = LoyaltySettings(
    till=TILL,
    campaigns=(
        {
            "id": "thanks",
            "kind": "money",
            "off_minor": 300,
            "issue_from_minor": 10_000,
            "valid_days": 7,
        },
    ),
)


@pytest.mark.parametrize("written_off", [False, True])
def test_a_coupon_that_nobody_used_in_its_days_is_worth_nothing(written_off: bool) -> None:
    till = WalletTill(settings=WEEK)
    issued = brought(till)
    till._ticks += 9 * DAY_S
    if written_off:
        account = till.account(coupon("thanks", issued.number))
        expired = expire(account, civil_day(till.now(), 0))
        till.put(movement_entry(expired))
    picking(till).press("SUBTOTAL CASH").settled()
    assert (till.sale.kind, till.total) == (EntryKind.REFUND, ("GIVEN BACK", "120.00"))
    assert till.sale.tenders == (Tender(CASH, 12_000, 12_000, 0),)


def test_a_coupon_of_which_the_store_knows_nothing_counts_as_used() -> None:
    till = WalletTill()
    issued = brought(till)
    refund = give_back(till.sale, {}, {1: 12}, 2)
    nothing = ReceiptLoyaltyAnswered(till.now(), 1, "", (), ())
    assert coupons_back(till.sale, refund, {}, nothing, None).used == (issued,)


def test_on_older_records_it_goes_with_the_last_piece() -> None:
    till = WalletTill()
    issued = brought(till)
    sale, at = till._sold[1]
    till._sold[1] = (replace(sale, coupons=(replace(issued, from_minor=0, off_minor=0),)), at)
    picking(till).press("11 X ENTER CASH").settled()
    assert till.holds(coupon("thanks", issued.number)) == 1
    picking(till).press("ENTER CASH").settled()
    assert till.holds(coupon("thanks", issued.number)) == 0
