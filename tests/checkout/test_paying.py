"""Paying: cash with change and rounding, cards, and both together."""

from dataclasses import replace

import pytest

from edge.checkout.effects import OpenDrawer, PrintReceipt, StoreEntries, WakeUplink
from edge.checkout.records import EntryKind, Tender, TenderKind
from edge.checkout.session import State
from edge.checkout.shop import Limits
from tests.support.playbook import CATALOGUE, COLA, FIVES_SHOP, SHOP, Till

CASH, CARD = TenderKind.CASH, TenderKind.CARD


def test_cash_alone_is_exact() -> None:
    till = Till().scan("1001").press("CASH").stored()
    assert till.sale.tenders == (Tender(CASH, 350, 350, 0),)
    assert till.sale.rounding_minor == 0
    assert till.total == ("TOTAL", "3.50")


def test_cash_with_change() -> None:
    till = Till().scan("1001").press("1000 CASH").stored()
    assert till.sale.tenders == (Tender(CASH, 350, 1000, 650),)
    assert till.sale.change_minor == 650
    assert till.total == ("CHANGE", "6.50")
    assert till.customer == ("CHANGE         ¥6.50", "Thank you")


def test_keyed_money_is_minor_or_major_units_first_as_the_shop_has_it() -> None:
    till = Till(replace(SHOP, minor_first=False)).scan("1001").press("10 CASH").stored()
    assert till.sale.change_minor == 650
    till = Till().scan("1001").press("5.5 CASH").stored()
    assert till.sale.change_minor == 200


def test_subtotal_shows_the_sum_to_both_sides_before_it_is_paid() -> None:
    till = Till().press("3 X").scan("1001", "1002").press("SUBTOTAL")
    assert till.state is State.TENDERING
    assert till.screen.title == "Payment"
    assert till.customer == ("Items: 4", "TOTAL         ¥12.50")
    assert till.press("SUBTOTAL").state is State.TENDERING
    assert till.press("CASH").stored().state is State.IDLE


def test_clear_leads_from_the_payment_back_to_the_lines() -> None:
    till = Till().scan("1001").press("SUBTOTAL 5 CLEAR")
    assert (till.state, till.screen.entry) == (State.TENDERING, "")
    assert till.press("CLEAR").state is State.SELLING


def test_scanning_on_leads_from_the_payment_back_to_the_lines() -> None:
    assert Till().scan("1001").press("SUBTOTAL").scan("1002").state is State.SELLING
    assert Till().scan("1001").press("SUBTOTAL 1002 ENTER").state is State.SELLING
    assert Till().scan("1001").press("SUBTOTAL 2 X ENTER").total == ("TOTAL", "7.00")


@pytest.mark.parametrize(
    ("price", "cash", "rounding"),
    [("1000", 1000, 0), ("1001", 1000, -1), ("1002", 1000, -2), ("1003", 1005, 2), ("4", 5, 1)],
)
def test_cash_is_rounded_to_the_smallest_coin(price: str, cash: int, rounding: int) -> None:
    till = Till(FIVES_SHOP).scan("1001").press(f"{price} MENU 15 CASH").stored()
    assert till.sale.total_minor == int(price)
    assert till.sale.tenders == (Tender(CASH, int(price), cash, 0),)
    assert till.sale.rounding_minor == rounding


def test_change_is_counted_from_the_rounded_sum() -> None:
    till = Till(FIVES_SHOP).scan("1001").press("1003 MENU 15 2000 CASH").stored()
    assert till.sale.tenders == (Tender(CASH, 1003, 2000, 995),)
    assert till.sale.rounding_minor == 2


def test_a_sum_below_half_a_coin_costs_no_cash() -> None:
    till = Till(FIVES_SHOP).scan("1001").press("2 MENU 15 CASH").stored()
    assert till.sale.tenders == (Tender(CASH, 2, 0, 0),)
    assert till.sale.rounding_minor == -2


@pytest.mark.parametrize(("price", "keyed"), [("103", "104"), ("102", "102"), ("1000", "501")])
def test_cash_that_no_coins_add_up_to_is_refused(price: str, keyed: str) -> None:
    till = Till(FIVES_SHOP).scan("1001").press(f"{price} MENU 15 SUBTOTAL {keyed} CASH")
    assert (till.state, till.notice) == (State.TENDERING, "No coins make that - CLEAR")
    assert till.session.basket is not None
    assert till.session.basket.tenders == ()
    assert till.press("CLEAR CASH").state is State.STORING


@pytest.mark.parametrize("price", range(96, 106))
def test_a_part_payment_in_cash_leaves_something_to_pay(price: int) -> None:
    till = Till(FIVES_SHOP).scan("1001").press(f"{price} MENU 15 95 CASH")
    if till.state is State.TENDERING:
        assert till.session.basket is not None
        assert till.session.basket.tenders == (Tender(CASH, 95, 95, 0),)
        assert till.press("CARD ENTER").stored().sale.tenders[1].amount_minor == price - 95
    else:
        assert price <= 97
        assert till.stored().sale.tenders == (Tender(CASH, price, 95, 0),)


def test_a_card_is_charged_to_the_unit() -> None:
    till = Till(FIVES_SHOP).scan("1001").press("1003 MENU 15 CARD ENTER").stored()
    assert till.sale.tenders == (Tender(CARD, 1003, 1003, 0),)
    assert till.sale.rounding_minor == 0


def test_a_card_with_its_approval_code() -> None:
    till = Till().scan("1001").press("CARD")
    assert till.state is State.CARD_APPROVAL
    assert till.screen.title == "Card payment 3.50"
    assert till.notice == "Approval code, ENTER - CLEAR: back"

    till.press("123456 ENTER")
    assert till.state is State.STORING
    till.stored()

    assert till.sale.tenders == (Tender(CARD, 350, 350, 0, "123456"),)
    assert till.of(OpenDrawer) == []
    assert till.done == ["PrintReceipt", "WakeUplink"]


def test_card_twice_takes_a_card_without_a_code() -> None:
    till = Till().scan("1001").press("CARD CARD").stored()
    assert till.sale.tenders == (Tender(CARD, 350, 350, 0),)


def test_a_declined_card_leads_back_to_the_payment() -> None:
    till = Till().scan("1001").press("CARD 12 CLEAR")
    assert (till.state, till.screen.entry) == (State.CARD_APPROVAL, "")
    till.press("CLEAR")
    assert till.state is State.TENDERING
    assert till.press("CASH").stored().sale.tenders == (Tender(CASH, 350, 350, 0),)


def test_cash_then_card() -> None:
    till = Till().scan("1003").press("400 CASH")
    assert till.state is State.TENDERING
    assert till.total == ("TO PAY", "6.00")
    assert till.done == []

    till.press("CARD 77 ENTER").stored()

    assert till.sale.tenders == (Tender(CASH, 400, 400, 0), Tender(CARD, 600, 600, 0, "77"))
    assert till.done == ["OpenDrawer", "PrintReceipt", "WakeUplink"]


def test_card_then_cash_with_change_and_rounding() -> None:
    till = Till(FIVES_SHOP).scan("1003").press("1003 MENU 15 400 CARD 77 ENTER")
    assert till.state is State.TENDERING
    assert till.total == ("TO PAY", "6.03")

    till.press("1000 CASH").stored()

    assert till.sale.tenders == (Tender(CARD, 400, 400, 0, "77"), Tender(CASH, 603, 1000, 395))
    assert till.sale.rounding_minor == 2
    assert till.sale.total_minor == 1003


def test_void_takes_the_last_payment_back_on_record() -> None:
    till = Till().scan("1003").press("400 CASH 300 CARD 77 ENTER VOID")
    assert till.notice == "Taken back - void it on the terminal too"
    assert till.total == ("TO PAY", "6.00")
    assert till.press("VOID").total == ("TOTAL", "10.00")
    assert till.press("VOID").notice == "Nothing paid yet - CLEAR: back"

    till.press("CASH").stored()

    assert till.sale.tenders == (Tender(CASH, 1000, 1000, 0),)
    assert till.kinds == [EntryKind.PAYMENT_VOIDED, EntryKind.PAYMENT_VOIDED, EntryKind.SALE]
    assert till.journal[0].body == {"tender": "card", "amount_minor": 300, "reference": "77"}


def test_lines_are_not_changed_below_what_is_paid() -> None:
    till = Till().press("10 X").scan("1001").press("2000 CASH 1 X ENTER")
    assert till.notice == "Payment began - finish, or VOID"
    assert till.total == ("TO PAY", "15.00")
    assert till.press("CLEAR CLEAR").state is State.TENDERING
    assert till.press("500 MENU 15").notice == "Not now - finish, or CLEAR"
    assert till.press("CLEAR MENU 14").notice == "Payment began - finish, or VOID"


def test_a_line_may_join_a_basket_that_is_partly_paid() -> None:
    till = Till().scan("1003").press("400 CASH").scan("1001")
    assert till.state is State.TENDERING
    assert till.total == ("TO PAY", "9.50")
    assert till.press("CASH").stored().sale.total_minor == 1350


@pytest.mark.parametrize("key", ["CASH", "CARD"])
@pytest.mark.parametrize("keyed", ["0", "1.234", "3 X", "100000000000", ".", "3 X 100"])
def test_an_amount_that_is_none_is_refused(key: str, keyed: str) -> None:
    till = Till().scan("1001").press(f"{keyed} {key}")
    assert till.notice == "No such amount - CLEAR"
    assert till.state is State.SELLING


def test_a_card_pays_no_more_than_is_due() -> None:
    assert Till().scan("1001").press("350 CARD").state is State.CARD_APPROVAL
    till = Till().scan("1001").press("351 CARD")
    assert till.notice == "Above the sum due - CLEAR"
    assert till.state is State.SELLING


def test_a_barcode_keyed_as_cash_is_no_payment() -> None:
    till = Till().scan("1001").press("95200026 CASH")
    assert till.notice == "Change too large - CLEAR"
    till.press("CLEAR 1000350 CASH")
    assert till.notice == "Change too large - CLEAR"
    assert till.press("CLEAR 1000349 CASH").stored().sale.change_minor == 999_999


def test_payments_are_limited_and_the_rest_can_always_be_paid() -> None:
    till = Till(replace(SHOP, limits=Limits(max_tenders=3))).scan("1003")
    till.press("100 CASH 100 CARD ENTER 100 CASH")
    assert till.notice == "Too many payments - pay the rest"
    assert till.press("CLEAR 100 CARD").notice == "Too many payments - pay the rest"
    till.press("CLEAR CARD ENTER").stored()
    assert [tender.amount_minor for tender in till.sale.tenders] == [100, 100, 800]


@pytest.mark.parametrize("keys", ["CASH", "CARD ENTER", "SUBTOTAL CASH", "0 CASH"])
def test_a_basket_of_free_goods_is_a_sale_too(keys: str) -> None:
    free = replace(CATALOGUE, by_code={"1001": replace(COLA, price_minor=0)})
    till = Till(catalogue=free).scan("1001").press(keys).stored()
    assert till.sale.total_minor == 0
    assert till.sale.lines[0].paid == ((1, 0),)


def test_only_the_store_is_asked_before_the_sale_is_on_disk() -> None:
    till = Till().scan("1001").press("CASH")
    assert till.state is State.STORING
    (asked,) = till.of(StoreEntries)
    assert (asked.ends_basket, asked.opens_drawer, asked.prints_receipt) == (True, True, True)
    before = [OpenDrawer, PrintReceipt, WakeUplink]
    assert not [effect for effect in till.all_effects if type(effect) in before]

    till.stored()

    assert till.done == ["OpenDrawer", "PrintReceipt", "WakeUplink"]


def test_receipt_numbers_grow_by_one_with_each_sale_and_refund() -> None:
    till = Till(next_receipt_no=41)
    till.sell("1001").sell("1002", pay="CARD ENTER")
    till.press("MENU 12").scan("1001").press("CASH").stored()
    till.press("MENU 11 41 ENTER").found().press("SUBTOTAL CASH").stored()
    till.sell("1003")
    numbers = [entry.body["receipt_no"] for entry in till.journal]
    assert numbers == [41, 42, 43, 44, 45]
