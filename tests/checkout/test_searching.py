"""Looking up from the keypad."""

import pytest

from edge.checkout.goods.catalogue import NO_KEYS
from edge.checkout.people.staff import Permission, Role, Staff
from edge.checkout.session import State
from tests.support.goods import GOODS, GoodsTill
from tests.support.playbook import SHOP
from tests.support.staff import BEN, StaffTill, person


def test_digits_are_asked_for_and_the_marked_row_is_sold() -> None:
    till = GoodsTill().press("MENU 34")
    assert (till.state, till.screen.title) == (State.ASKING, "Look up a product")
    assert till.notice == "PLU or name on keys (2=abc), ENTER"
    till.press("55 ENTER")
    assert (till.screen.title, till.notice) == ("Found for 55", "ENTER sells it - CLEAR: back")
    assert till.rows == [("Cola", "1001", "3.50")]
    till.press("ENTER")
    assert (till.state, till.rows) == (State.SELLING, [("Cola", "1 × 3.50", "3.50")])


def test_a_number_keyed_before_the_menu_answers_at_once() -> None:
    till = GoodsTill().press("2652 MENU 34")
    assert till.screen.title == "Found for 2652"
    assert till.press("CLEAR").state is State.IDLE
    assert till.screen.entry == ""


def test_the_quantity_keyed_before_a_search_is_that_of_what_is_found() -> None:
    assert GoodsTill().press("3 X MENU 34 55 ENTER ENTER").rows == [("Cola", "3 × 3.50", "10.50")]
    assert GoodsTill().press("3 X 55 MENU 34 ENTER").rows == [("Cola", "3 × 3.50", "10.50")]


def test_a_row_is_chosen_by_the_marker_or_by_its_number() -> None:
    till = GoodsTill(stock={"3001": 7000}).press("300 MENU 34")
    assert till.rows == [
        ("Beer", "3001: 7", "5.00"),
        ("Lemonade", "3002", "3.00"),
        ("Spirit", "3003", "99.00"),
    ]
    assert [row.selected for row in till.press("DOWN").screen.rows] == [False, True, False]
    assert till.press("4 ENTER").notice == "No such item - CLEAR"
    assert till.press("ENTER").rows[0] == ("Lemonade", "1 × 3.00", "3.00")
    assert GoodsTill().press("300 MENU 34 2 ENTER").rows[0] == ("Lemonade", "1 × 3.00", "3.00")


def test_what_is_found_is_asked_about_like_what_is_scanned() -> None:
    till = GoodsTill().press("3001 MENU 34 ENTER")
    assert till.screen.title == "Is the customer 18 or older?"
    assert till.press("ENTER").state is State.SELLING


def test_a_weighed_article_wants_its_weight_first() -> None:
    till = GoodsTill().press("2001 MENU 34 ENTER")
    assert (till.state, till.notice) == (State.IDLE, "Weighed item - weight X, scan")
    assert till.press("0.5 X 2001 MENU 34 ENTER").rows == [("Apples", "0.500 × 12.80", "6.40")]


def test_nothing_found_is_said_and_asked_again() -> None:
    till = GoodsTill().press("MENU 34 99999 ENTER")
    assert (till.state, till.notice) == (State.ASKING, "Nothing found - key another")
    assert till.screen.entry == ""
    assert till.press("55 ENTER").screen.title == "Found for 55"
    till = GoodsTill().press("99999 MENU 34")
    assert (till.state, till.notice) == (State.IDLE, "Nothing found - key another")


@pytest.mark.parametrize("before", ["1002 ENTER", "1002 ENTER SUBTOTAL", "MENU 12 1002 ENTER"])
def test_a_search_lies_over_a_sale_or_a_return(before: str) -> None:
    till = GoodsTill().press(f"{before} 55 MENU 34 ENTER")
    assert [row[0] for row in till.rows] == ["Water", "Cola"]


def test_a_service_has_no_stock_to_show() -> None:
    assert GoodsTill(stock={"5001": -1000}).press("5001 MENU 34").rows == [
        ("Haircut", "5001", "60.00")
    ]


def test_in_chinese() -> None:
    till = GoodsTill().press("MENU 91 MENU 34")
    assert (till.screen.title, till.notice) == ("查找商品", "编号或拼音首字母(2=abc)，ENTER")
    till.press("75 ENTER")
    assert till.rows == [("啤酒", "3001", "5.00")]


def test_the_goods_of_the_playbook_can_be_searched() -> None:
    assert GOODS.keys is not NO_KEYS


def test_who_may_not_sell_does_not_sell_what_is_found_either() -> None:
    clerk = person("4", "Finn", Role("stock clerk", frozenset({Permission.STOCK})), "4444")
    staff = Staff("2", {each.number: each for each in (clerk, BEN)})
    till = StaffTill(SHOP, GOODS, staff=staff).sign_on("4", "4444")
    till.press("55 MENU 34 ENTER")
    assert till.screen.title == "Supervisor: sell"
    till.lifted()
    assert (till.state, till.rows) == (State.SELLING, [("Cola", "1 × 3.50", "3.50")])
