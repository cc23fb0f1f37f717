"""Discounts by hand: percent or money, off a line or the sale, on record."""

from dataclasses import replace

import pytest

from edge.checkout.effects import CheckPin
from edge.checkout.inputs import PinChecked
from edge.checkout.people.staff import CASHIER, SUPERVISOR, Permission, Role, Staff, StaffMember
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from tests.support.offers import SPEND_TEN, THREE_FOR_TWO, till_with
from tests.support.playbook import SHOP, Till


@pytest.mark.parametrize(
    ("keys", "total"),
    [
        ("10 MENU 16 ENTER", "13.00"),
        ("12.5 MENU 16 ENTER", "12.75"),
        ("MENU 16 10 ENTER", "13.00"),
        ("100 MENU 16 ENTER", "4.00"),
        ("250 MENU 16 CASH", "11.50"),
        ("2.50 MENU 16 CASH", "11.50"),
        ("10 MENU 17 ENTER", "12.60"),
        ("250 MENU 17 CASH", "11.50"),
        ("1400 MENU 17 CASH", "0.00"),
    ],
)
def test_a_number_and_its_key_come_off(keys: str, total: str) -> None:
    till = Till().press("2 X").scan("1002").scan("1003").press(keys)
    assert (till.state, till.total) == (State.SELLING, ("TOTAL", total))


def test_the_question_shows_what_was_keyed_and_says_what_to_press() -> None:
    till = Till().scan("1003").press("10 MENU 16")
    assert (till.screen.title, till.screen.entry) == ("Discount Soap", "10")
    assert till.notice == "ENTER: percent - CASH: money"
    assert till.press("CLEAR").state is State.ASKING
    assert till.press("CLEAR").state is State.SELLING
    assert till.press("10 MENU 17").screen.title == "Discount on the sale"
    assert till.press("ENTER").notice == "Discount 1.00 given"


def test_it_is_off_the_marked_line() -> None:
    till = Till().scan("1001", "1003").press("UP 50 MENU 16 ENTER")
    assert [row[2] for row in till.rows] == ["1.75", "10.00"]


def test_it_is_on_record_with_the_sale_and_on_the_receipt() -> None:
    till = Till().scan("1001", "1003").press("10 MENU 16 ENTER 50 MENU 17 CASH CASH").stored()
    given, off_sale, _ = till.journal
    assert given.kind is EntryKind.DISCOUNT_GIVEN
    assert given.body == {
        "line": 2,
        "plu": "1003",
        "rate_bp": 1_000,
        "off_minor": 0,
        "taken_minor": 100,
        "reason": "manual",
    }
    assert off_sale.body == {
        "line": 0,
        "rate_bp": 0,
        "off_minor": 50,
        "taken_minor": 50,
        "reason": "manual",
    }
    # 3.50 and 9.00 share 0.50 by what they cost.
    assert [(off.promotion, off.parts) for off in till.sale.offs] == [
        ("manual:2", ((2, 1, 100),)),
        ("manual:0", ((1, 1, 14), (2, 1, 36))),
    ]
    assert till.sale.total_minor == 1_200
    printed = [" ".join(line.split()) for line in till.receipt]
    assert printed.count("Discount -1.00") == 1
    assert "You saved 1.50" in printed


def test_it_comes_off_after_all_promotions() -> None:
    till = till_with(THREE_FOR_TWO, SPEND_TEN).press("3 X").scan("1003")
    assert till.total == ("TOTAL", "19.00")
    assert till.press("10 MENU 17 ENTER").total == ("TOTAL", "17.10")


def test_another_one_takes_its_place_and_none_takes_it_away() -> None:
    till = Till().scan("1003").press("10 MENU 16 ENTER 20 MENU 16 ENTER")
    assert till.total == ("TOTAL", "8.00")
    till.press("0 MENU 16 CASH")
    assert (till.total, till.notice) == (("TOTAL", "10.00"), "Discount taken away")
    till.press("0 MENU 16 ENTER")
    assert till.notice == "No discount there - CLEAR"
    till.press("CLEAR CLEAR CASH").stored()
    assert till.kinds == [EntryKind.DISCOUNT_GIVEN] * 3 + [EntryKind.SALE]


def test_the_sales_own_is_off_what_the_lines_have_left_whichever_came_first() -> None:
    till = Till().scan("1003").press("100 MENU 17 CASH 50 MENU 16 ENTER")
    assert till.total == ("TOTAL", "4.00")


@pytest.mark.parametrize(
    ("keys", "notice"),
    [
        ("101 MENU 16 ENTER", "0 to 100 percent - CLEAR"),
        ("1.234 MENU 16 ENTER", "0 to 100 percent - CLEAR"),
        ("MENU 16 ENTER", "0 to 100 percent - CLEAR"),
        ("MENU 16 CASH", "No such amount - CLEAR"),
        ("1001 MENU 16 CASH", "More than it costs - CLEAR"),
        ("1001 MENU 17 CASH", "More than it costs - CLEAR"),
        ("2 X MENU 16", "No such amount - CLEAR"),
        ("MENU 16 5 X CASH", "No such amount - CLEAR"),
        ("VOID 10 MENU 16", "Nothing in basket - scan"),
        ("VOID 10 MENU 17", "Nothing in basket - scan"),
        ("500 CASH 10 MENU 17", "Payment began - finish, or VOID"),
    ],
)
def test_what_can_be_no_discount_is_refused(keys: str, notice: str) -> None:
    till = Till().scan("1003").press(keys)
    assert till.notice == notice
    assert till.session.basket is not None
    assert till.session.basket.manual == ()


def test_after_the_subtotal_it_is_given_too() -> None:
    till = Till().scan("1003").press("SUBTOTAL 10 MENU 17 ENTER")
    assert (till.state, till.total) == (State.TENDERING, ("TOTAL", "9.00"))


def test_what_is_never_discounted_takes_no_part() -> None:
    till = Till()
    deposit = replace(till.facts.catalogue.by_code["1002"], discountable=False)
    by_code = {**till.facts.catalogue.by_code, "1002": deposit}
    till.facts = replace(till.facts, catalogue=replace(till.facts.catalogue, by_code=by_code))
    till.scan("1003", "1002").press("10 MENU 16")
    assert till.notice == "Never discounted - other line"
    assert till.press("CLEAR 10 MENU 17 ENTER").total == ("TOTAL", "11.00")


def test_it_goes_with_its_line_and_stays_over_a_restart() -> None:
    till = Till().scan("1002", "1003").press("10 MENU 16 ENTER").restarted()
    assert till.total == ("TOTAL", "11.00")
    till.press("VOID")
    assert till.total == ("TOTAL", "2.00")
    assert till.press("CASH").stored().sale.offs == ()


def test_a_return_has_no_discounts() -> None:
    till = Till().press("MENU 12").scan("1003").press("10 MENU 16")
    assert till.notice == "Not now - finish, or CLEAR"


def test_there_are_no_more_changes_than_a_basket_may_have() -> None:
    shop = replace(SHOP, limits=replace(SHOP.limits, max_changes=1))
    till = Till(shop).scan("1003").press("10 MENU 16 ENTER 20 MENU 16 ENTER")
    assert till.notice == "Too many changes - pay, or cancel"
    assert till.total == ("TOTAL", "9.00")


def test_what_was_paid_comes_back_to_the_unit() -> None:
    """7 pieces at 3.50, 33 % off: 16.41 over seven pieces."""
    till = Till().press("7 X").scan("1001").press("33 MENU 16 ENTER CASH").stored()
    paid_minor = till.sale.total_minor
    assert paid_minor == 1_641
    back = 0
    for _ in range(7):
        till.press("1 MENU 11").found().press("ENTER CASH").stored()
        back += till.sale.total_minor
    assert back == paid_minor


CLERK = Role("clerk", frozenset({Permission.SELL, Permission.DISCOUNT}))
STAFF = Staff(
    "v1",
    {
        "7": StaffMember("7", "Li", CLERK, "hash-7"),
        "8": StaffMember("8", "Wang", SUPERVISOR, "hash-8"),
        "9": StaffMember("9", "Zhao", CASHIER, "hash-9"),
    },
)


def signed_on(number: str) -> Till:
    """A till with that person behind it; every PIN is right."""
    till = Till(staff=STAFF)
    till.world[CheckPin] = lambda effect: PinChecked(till.now(), effect.staff, right=True)
    return till.press(f"MENU 61 {number} ENTER 1234 ENTER").settled()


def test_a_discount_up_to_the_limit_is_given_by_whoever_may() -> None:
    till = signed_on("7").scan("1003").press("30 MENU 16 ENTER")
    assert till.total == ("TOTAL", "7.00")
    till.press("300 MENU 16 CASH")
    assert till.total == ("TOTAL", "7.00")


@pytest.mark.parametrize(
    "keys", ["31 MENU 16 ENTER", "301 MENU 16 CASH", "31 MENU 17 ENTER", "301 MENU 17 CASH"]
)
def test_a_discount_above_the_limit_is_lifted_by_somebody_who_may(keys: str) -> None:
    till = signed_on("7").scan("1003").press(keys)
    assert till.total == ("TOTAL", "10.00")
    till.press("8 ENTER 1234 ENTER").settled()
    assert till.state is State.SELLING
    assert till.notice.startswith("Discount 3.")
    lifted = till.journal[-1]
    assert lifted.kind is EntryKind.PERMISSION_LIFTED
    assert lifted.body["permission"] == "over_limit"


def test_the_limit_is_for_all_that_is_given_by_hand() -> None:
    till = signed_on("7").scan("1003").press("20 MENU 16 ENTER 20 MENU 17 ENTER")
    assert till.total == ("TOTAL", "8.00")
    assert till.state is State.ASKING


def test_who_may_give_none_asks_first() -> None:
    till = signed_on("9").scan("1003").press("10 MENU 16")
    till.press("8 ENTER 1234 ENTER").settled()
    assert till.screen.title == "Discount Soap"
    assert till.press("ENTER").total == ("TOTAL", "9.00")


def test_a_line_that_goes_makes_no_discount_larger_than_somebody_may_give() -> None:
    """Ten off a hundred is little, and all that is left of it when nine of ten are voided."""
    voider = Role("voider", CLERK.permissions | {Permission.VOID_LINE})
    staff = replace(
        STAFF, by_number={**STAFF.by_number, "7": replace(STAFF.find("7"), role=voider)}
    )
    till = Till(staff=staff)
    till.world[CheckPin] = lambda effect: PinChecked(till.now(), effect.staff, right=True)
    till.press("MENU 61 7 ENTER 1234 ENTER").settled()
    till.press("9 X").scan("1003").scan("1003").press("1000 MENU 17 CASH")
    assert till.total == ("TOTAL", "90.00")
    till.press("UP VOID")
    assert (till.state, till.total) == (State.ASKING, ("TOTAL", "90.00"))
    till.press("CLEAR")
    assert [row.selected for row in till.screen.rows] == [True, False]
    till.press("VOID 8 ENTER 1234 ENTER").settled()
    assert till.total == ("TOTAL", "0.00")
    assert till.press("UP").notice == ""


def test_what_was_allowed_once_is_not_asked_about_again() -> None:
    till = signed_on("7").scan("1003", "1003").press("50 MENU 17 ENTER 8 ENTER 1234 ENTER")
    till.settled().press("10 MENU 16 ENTER")
    assert till.state is State.ASKING
    till.press("CLEAR CLEAR CLEAR").press("20 MENU 17 ENTER")
    assert (till.state, till.total) == (State.SELLING, ("TOTAL", "16.00"))
