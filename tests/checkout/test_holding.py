"""Hold and recall: a sale is set aside for the next customer, and taken up again as it was."""

from dataclasses import replace

import pytest

from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.shop import Limits, TaxMode
from tests.support.playbook import SHOP, Till
from tests.support.till_states import two_held


def test_a_sale_is_set_aside_and_the_next_customer_is_served() -> None:
    till = Till().scan("1001").press("MENU 18")
    assert till.done == ["StoreEntries"]
    till.stored()
    assert (till.state, till.notice) == (State.IDLE, "Held as no. 1 - next customer")
    assert "held: 1" in till.screen.status
    till.sell("1002")
    assert till.sale.total_minor == 200
    assert till.kinds == [EntryKind.SALE_HELD, EntryKind.SALE]


def test_the_only_held_sale_comes_back_at_once_as_it_was() -> None:
    till = Till().scan("1001").press("2 X ENTER").press("MENU 18").stored()
    till.press("MENU 19").stored()
    assert (till.state, till.total) == (State.SELLING, ("TOTAL", "7.00"))
    assert till.notice == "Sale 1 is back"
    till.press("CASH").stored()
    assert till.sale.lines[0].quantity_milli == 2000
    assert till.kinds == [
        EntryKind.SALE_HELD,
        EntryKind.SALE_RECALLED,
        EntryKind.LINE_CORRECTED,
        EntryKind.SALE,
    ]


def test_of_several_the_marked_one_comes_back() -> None:
    till = two_held().press("MENU 19")
    assert till.screen.title == "Held sales"
    assert till.notice == "Which one? ENTER - CLEAR: back"
    assert [(row[0], row[2]) for row in till.rows] == [("1. Sale 1", "3.50"), ("2. Sale 2", "2.00")]
    till.press("DOWN ENTER").stored()
    assert till.total == ("TOTAL", "2.00")


@pytest.mark.parametrize("keys", ["MENU 19 2 ENTER", "2 MENU 19"])
def test_of_several_one_comes_back_by_its_number(keys: str) -> None:
    till = two_held().press(keys).stored()
    assert till.total == ("TOTAL", "2.00")


def test_the_lowest_free_number_is_given_again() -> None:
    till = two_held().press("1 MENU 19").stored().press("MENU 18").stored()
    assert till.notice == "Held as no. 1 - next customer"
    assert [held.number for held in till.session.held] == [2, 1]


@pytest.mark.parametrize("keys", ["MENU 19 3 ENTER", "3 MENU 19", "MENU 19 1.5 ENTER"])
def test_a_number_that_nothing_is_held_under_is_refused(keys: str) -> None:
    till = two_held().press(keys)
    assert till.notice == "No such item - CLEAR"
    assert len(till.session.held) == 2


def test_what_was_keyed_goes_first_and_then_the_question() -> None:
    till = two_held().press("MENU 19 5 CLEAR")
    assert (till.state, till.screen.entry) == (State.ASKING, "")
    assert till.press("CLEAR").state is State.IDLE


def test_a_question_that_takes_no_scan_refuses_it() -> None:
    till = two_held().press("MENU 19").scan("1001")
    assert (till.state, till.notice) == (State.ASKING, "Not here - see the title")
    assert till.press("CASH").notice == "Not here - see the title"


def test_nothing_is_held_that_was_paid_for_in_part() -> None:
    till = Till().scan("1001").press("100 CASH").scan("1002").press("MENU 18")
    assert till.notice == "Not now - finish, or CLEAR"


def test_nothing_is_held_where_nothing_is_left() -> None:
    till = Till().scan("1001").press("VOID MENU 18")
    assert till.notice == "Nothing in basket - scan"


def test_there_is_nothing_to_recall() -> None:
    assert Till().press("MENU 19").notice == "Nothing is held - scan"


def test_as_many_are_held_as_the_limit_lets() -> None:
    assert SHOP.limits.max_held == Limits().max_held
    till = Till()
    for _ in range(SHOP.limits.max_held):
        till.scan("1001").press("MENU 18").stored()
    till.scan("1001").press("MENU 18")
    assert (till.state, till.notice) == (State.SELLING, "Too many held - recall one first")


def test_held_sales_survive_a_power_cut_and_so_does_a_recalled_one() -> None:
    till = two_held().restarted()
    assert "held: 2" in till.screen.status
    till = till.press("1 MENU 19").stored().restarted()
    assert (till.state, till.total) == (State.SELLING, ("TOTAL", "3.50"))
    assert [held.number for held in till.session.held] == [2]


def test_a_held_sale_whose_tax_is_gone_stays_held() -> None:
    till = two_held()
    shop = replace(SHOP, tax_rates={"B": SHOP.tax_rates["B"]})
    for given in (shop, replace(shop, tax_mode=TaxMode.EXCLUDED)):
        till.facts = replace(till.facts, shop=given)
        till.press("MENU 19")
        assert [row[2] for row in till.rows] == ["", "2.00" if given is shop else "2.18"]
        till.press("ENTER")
        assert till.notice == "No tax rate for it - call for help"
        assert len(till.session.held) == 2
        if till.state is State.ASKING:
            till.press("CLEAR")


def test_what_is_paid_in_part_is_not_set_aside() -> None:
    till = Till().scan("1001").press("100 CASH").press("MENU 18")
    assert (till.state, till.notice) == (State.TENDERING, "Not now - finish, or CLEAR")
    assert till.session.held == ()
