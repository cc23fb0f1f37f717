"""Open prices, ages, services and deposits, from the keypad."""

from dataclasses import replace

import pytest

from edge.checkout.goods.catalogue import with_ancestors
from edge.checkout.people.duty import Duty
from edge.checkout.people.staff import CASHIER, Staff, StaffMember
from edge.checkout.records import EntryKind, TenderKind
from edge.checkout.sale.draft import basket_body, basket_from, product_body, product_from
from edge.checkout.session import State
from edge.checkout.shop import Limits
from tests.support.goods import (
    BEER,
    DEPOSIT,
    FLOWERS,
    FLOWERS_AT_12_50,
    GOODS,
    MILK,
    GoodsTill,
    searchable,
)
from tests.support.playbook import SHOP

ANNA = StaffMember("7", "Anna", CASHIER, "")
GONE = StaffMember("8", "Ben", CASHIER, "", active=False)
CLEO = StaffMember("9", "Cleo", CASHIER, "")
STAFF = Staff("1", {member.number: member for member in (ANNA, GONE, CLEO)})


def with_anna_on_duty() -> GoodsTill:
    till = GoodsTill(staff=STAFF)
    till.session = replace(till.session, state=State.IDLE, duty=Duty(signed_on=ANNA.number))
    return till


# --- an open price


def test_an_open_price_is_asked_for_and_is_the_list_price_then() -> None:
    till = GoodsTill().scan("4001")
    assert (till.state, till.screen.title) == (State.ASKING, "Price of Flowers")
    assert till.notice == "Price, ENTER - CLEAR: back"

    till.press("1250 ENTER")
    assert till.rows == [("Flowers", "1 × 12.50", "12.50")]
    till.press("CASH").stored()
    line = till.sale.lines[0]
    assert (line.price_minor, line.list_price_minor, line.amount_minor) == (1250, 1250, 1250)
    assert till.kinds == [EntryKind.SALE]


def test_the_quantity_keyed_before_it_holds_for_an_open_price() -> None:
    till = GoodsTill().press("3 X 4001 ENTER 1000 ENTER")
    assert till.rows == [("Flowers", "3 × 10.00", "30.00")]
    assert till.press("0.5 X 4002 ENTER 3000 ENTER").rows[1] == ("Fish", "0.500 × 30.00", "15.00")


def test_enter_alone_takes_the_price_that_is_proposed_if_there_is_one() -> None:
    assert GoodsTill().press("2. X 4002 ENTER ENTER").rows == [("Fish", "2 × 20.00", "40.00")]
    till = GoodsTill().press("4001 ENTER ENTER")
    assert (till.state, till.notice) == (State.ASKING, "Price out of range - CLEAR")


@pytest.mark.parametrize("wrong", ["0", "10000000", "2 X 500", "1.234"])
def test_a_price_that_is_none_is_refused_and_asked_again(wrong: str) -> None:
    till = GoodsTill().scan("4001").press(f"{wrong} ENTER")
    assert (till.state, till.notice) == (State.ASKING, "Price out of range - CLEAR")
    assert till.screen.entry == ""
    assert till.press("500 ENTER").total == ("TOTAL", "5.00")


def test_clear_leads_back_from_the_question_with_what_was_keyed() -> None:
    till = GoodsTill().scan("1001").press("3 X").scan("4001").press("CLEAR")
    assert (till.state, till.screen.entry) == (State.SELLING, "3 ×")
    assert len(till.rows) == 1
    assert GoodsTill().scan("4001").press("CLEAR").state is State.IDLE


def test_a_label_has_its_price_already() -> None:
    assert GoodsTill().scan(FLOWERS_AT_12_50).rows == [("Flowers", "1 × 12.50", "12.50")]


def test_a_price_that_was_keyed_or_labelled_holds_for_everybody() -> None:
    listed = searchable(replace(FLOWERS, prices=(("gold", 1),)))
    for till in (
        GoodsTill(catalogue=listed).scan("4001").press("900 ENTER"),
        GoodsTill(catalogue=listed).scan(FLOWERS_AT_12_50),
    ):
        assert till.session.basket is not None
        line = till.session.basket.lines[0]
        assert line.product.price_on("gold") == line.price_minor


def test_an_open_price_given_back_without_a_receipt_is_asked_for_as_well() -> None:
    till = GoodsTill().press("MENU 12").scan("4001").press("900 ENTER CASH").stored()
    assert (till.sale.kind, till.sale.total_minor) == (EntryKind.REFUND, 900)


def test_an_open_price_given_back_by_its_receipt_is_what_was_paid() -> None:
    till = GoodsTill().scan("4001").press("900 ENTER CASH").stored()
    till.press("MENU 11 1 ENTER").found().press("SUBTOTAL").press("CASH").stored()
    assert (till.sale.kind, till.sale.total_minor) == (EntryKind.REFUND, 900)


# --- an age


def test_an_age_is_asked_for_once_in_a_basket_and_on_record() -> None:
    till = GoodsTill().scan("3001")
    assert (till.state, till.screen.title) == (State.ASKING, "Is the customer 18 or older?")
    till.press("ENTER").scan("3001").press("2 X").scan("3001")
    assert till.state is State.SELLING
    till.press("CASH").stored()
    assert till.kinds == [EntryKind.AGE_CHECKED, EntryKind.SALE]
    assert till.journal[0].body == {"plu": "3001", "min_age": 18}

    assert till.scan("3001").state is State.ASKING


def test_a_higher_age_is_asked_for_anew_and_a_lower_one_is_not() -> None:
    till = GoodsTill().scan("3001").press("ENTER").scan("3003")
    assert till.screen.title == "Is the customer 21 or older?"
    till.press("ENTER").scan("3001")
    assert till.state is State.SELLING
    till.press("CASH").stored()
    ages = [entry.body["min_age"] for entry in till.journal if entry.kind == EntryKind.AGE_CHECKED]
    assert ages == [18, 21]


def test_who_is_too_young_gets_nothing_and_nothing_is_on_record() -> None:
    till = GoodsTill().scan("1001", "3001").press("CLEAR")
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]
    till.press("CASH").stored()
    assert till.kinds == [EntryKind.SALE]


def test_an_age_is_answered_by_enter_alone() -> None:
    till = GoodsTill().scan("3001").press("18 ENTER")
    assert (till.state, till.notice) == (State.ASKING, "ENTER: yes - CLEAR: no")
    assert till.scan("1001").notice == "Not here - see the title"
    assert till.press("ENTER").state is State.SELLING


def test_an_age_that_was_looked_at_is_known_after_a_power_cut() -> None:
    till = GoodsTill().scan("3001").press("ENTER").restarted()
    assert till.scan("3001").state is State.SELLING


def test_nobody_is_too_young_to_give_something_back() -> None:
    assert GoodsTill().press("MENU 12").scan("3001").state is State.RETURNING


def test_an_age_can_not_be_looked_at_more_often_than_a_basket_holds() -> None:
    till = GoodsTill(replace(SHOP, limits=Limits(max_changes=0))).scan("3001").press("ENTER")
    assert till.notice == "Too many changes - pay, or cancel"
    assert till.session.basket is None


# --- a service


def test_a_service_is_on_record_with_who_did_it() -> None:
    till = with_anna_on_duty().scan("5001")
    assert (till.state, till.screen.title) == (State.ASKING, "Who did Haircut?")
    assert till.press("5 ENTER").notice == "No such number - key another"
    assert till.press("8 ENTER").notice == "No such number - key another"
    assert till.press("9 X ENTER").notice == "No such number - key another"
    till.press("9 ENTER")
    assert till.rows == [("Haircut", "1 × 60.00", "60.00")]
    assert till.session.basket is not None
    assert till.session.basket.lines[0].staff == "9"


def test_enter_alone_says_that_the_cashier_did_the_service() -> None:
    till = with_anna_on_duty().scan("5001").press("ENTER").press("CASH").stored()
    assert till.sale.lines[0].staff == "7"


def test_with_nobody_named_nobody_is_asked_who_did_a_service() -> None:
    till = GoodsTill().scan("5001")
    assert till.state is State.SELLING
    till.press("CASH").stored()
    assert till.sale.lines[0].staff == ""


# --- a deposit


def test_a_deposit_follows_its_article() -> None:
    till = GoodsTill().press("2 X").scan("3002")
    assert till.rows == [
        ("Lemonade", "2 × 3.00", "6.00"),
        ("Bottle deposit", "2 × 0.25", "0.50"),
    ]
    assert till.customer == ("Lemonade", "2x3.00          6.00")
    assert till.press("SUBTOTAL").customer[0] == "Items: 2"
    till.press("CASH").stored()
    article, deposit = till.sale.lines
    assert (article.deposit_of, deposit.deposit_of) == (0, article.line)
    assert till.facts.stock == {"3002": -2000, "90": -2000}


def test_the_marker_stands_on_articles_alone() -> None:
    till = GoodsTill().scan("3002", "1001", "3002")
    assert [row.selected for row in till.screen.rows] == [False, False, False, True, False]
    assert [row.selected for row in till.press("UP").screen.rows].index(True) == 2
    assert [row.selected for row in till.press("UP").screen.rows].index(True) == 0
    assert [row.selected for row in till.press("UP").screen.rows].index(True) == 0
    assert [row.selected for row in till.press("DOWN").screen.rows].index(True) == 2
    assert [row.selected for row in till.press("DOWN").screen.rows].index(True) == 3
    assert [row.selected for row in till.press("DOWN").screen.rows].index(True) == 3


def test_a_deposit_goes_with_its_article() -> None:
    till = GoodsTill().scan("1001", "3002").press("VOID")
    assert till.rows == [("Cola", "1 × 3.50", "3.50")]
    assert till.notice == "Voided: Lemonade"
    till.press("CASH").stored()
    voided = [entry.body["plu"] for entry in till.journal[:-1]]
    assert sorted(map(str, voided)) == ["3002", "90"]


def test_a_deposit_changes_its_quantity_with_its_article() -> None:
    till = GoodsTill().scan("3002").press("6 X ENTER")
    assert [row[1] for row in till.rows] == ["6 × 3.00", "6 × 0.25"]
    till.press("CASH").stored()
    assert till.kinds == [EntryKind.LINE_CORRECTED, EntryKind.LINE_CORRECTED, EntryKind.SALE]


def test_another_price_is_the_articles_not_the_deposits() -> None:
    till = GoodsTill().scan("3002").press("200 MENU 15")
    assert [row[2] for row in till.rows] == ["2.00", "0.25"]


def test_a_deposit_is_never_discounted_and_earns_nothing() -> None:
    till = GoodsTill().scan("3002")
    assert till.session.basket is not None
    deposit = till.session.basket.lines[1].product
    assert (deposit.discountable, deposit.earns_points) == (False, False)


def test_an_article_and_its_deposit_fit_into_the_basket_or_neither_does() -> None:
    till = GoodsTill(replace(SHOP, limits=Limits(max_lines=2))).scan("1001", "3002")
    assert till.notice == "Basket is full - pay first"
    assert len(till.rows) == 1


def test_a_deposit_that_no_product_is_keeps_nobody_from_selling() -> None:
    alone = searchable(replace(MILK, deposit_plu="nowhere"))
    assert GoodsTill(catalogue=alone).scan("6001").total == ("TOTAL", "6.00")


def test_a_deposit_comes_back_with_its_article_piece_by_piece() -> None:
    till = GoodsTill().press("3 X").scan("3002").press("CASH").stored()
    till.press("MENU 11 1 ENTER").found().scan("3002")
    assert [row[1] for row in till.rows] == ["1 / 3", "1 / 3"]
    assert till.total == ("TO GIVE BACK", "3.25")
    assert [row[1] for row in till.press("VOID").rows] == ["0 / 3", "0 / 3"]
    till.press("2 X ENTER CASH").stored()
    assert till.sale.total_minor == 650
    assert [line.deposit_of for line in till.sale.lines] == [0, 0]
    assert till.facts.stock == {"3002": -1000, "90": -1000}


def test_an_empty_bottle_of_a_receipt_comes_back_alone() -> None:
    till = GoodsTill().press("3 X").scan("3002").press("CASH").stored()
    till.press("MENU 11 1 ENTER").found().press("3 X").scan("90").press("CASH").stored()
    assert till.sale.total_minor == 75
    till.press("MENU 11 1 ENTER").found().scan("3002").press("CASH").stored()
    assert till.sale.total_minor == 300


# --- bottles


def test_bottles_are_given_back_for_their_deposit() -> None:
    till = GoodsTill().press("MENU 72")
    assert (till.state, till.screen.title) == (State.RETURNING, "Bottles back")
    assert till.notice == "Scan bottles - CASH: pay out"
    till.press("4 X").scan("3001").scan("90")
    assert till.rows == [
        ("Bottle deposit", "4 × 0.25", "1.00"),
        ("Bottle deposit", "1 × 0.25", "0.25"),
    ]
    assert till.press("CASH").screen.title == "One moment"
    till.stored()
    assert (till.sale.kind, till.sale.total_minor) == (EntryKind.REFUND, 125)
    assert [line.code for line in till.sale.lines] == ["3001", "90"]
    assert till.sale.tenders[0].kind is TenderKind.CASH
    assert till.facts.stock == {"90": 5000}
    assert till.done == ["OpenDrawer", "PrintReceipt", "WakeUplink"]


def test_only_what_has_a_deposit_is_an_empty_bottle() -> None:
    till = GoodsTill().press("MENU 72").scan("1001")
    assert (till.rows, till.notice) == ([], "Has no deposit - scan another")
    assert till.press("CLEAR").state is State.IDLE


def test_bottles_are_bottles_after_a_power_cut() -> None:
    till = GoodsTill().press("MENU 72").scan("3001").restarted()
    assert till.screen.title == "Bottles back"
    assert till.scan("1001").notice == "Has no deposit - scan another"


# --- what a draft keeps


@pytest.mark.parametrize("plu", sorted({product.plu for product in GOODS.by_code.values()}))
def test_a_product_is_the_same_after_a_power_cut(plu: str) -> None:
    product = replace(
        GOODS.by_code[plu],
        categories=frozenset({"drinks", "drinks/soft"}),
        tags=frozenset({"new"}),
        prices=(("gold", 100), ("staff", 90)),
    )
    assert product_from(product_body(product)) == product
    assert hash(product_from(product_body(product))) == hash(product)


def test_a_basket_is_the_same_after_a_power_cut() -> None:
    for keys in ("3002 ENTER 4001 ENTER 500 ENTER", "MENU 72 3001 ENTER"):
        basket = GoodsTill().press(keys).session.basket
        assert basket is not None
        assert basket_from(basket_body(basket)) == basket


def test_a_category_is_one_of_those_above_it() -> None:
    assert with_ancestors(["drinks/soft/cola", "new", "drinks/hot"]) == {
        *("drinks", "drinks/soft", "drinks/soft/cola", "drinks/hot", "new"),
    }
    assert with_ancestors([]) == frozenset()


def test_prices_of_a_list_hold_for_whom_it_is_for() -> None:
    listed = replace(BEER, prices=(("gold", 450), ("staff", 400)))
    assert [listed.price_on(name) for name in ("gold", "staff", "other", "")] == [
        450,
        400,
        500,
        500,
    ]
    assert DEPOSIT.price_on("gold") == 25
