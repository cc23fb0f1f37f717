"""Receiving, writing off and counting, scan by scan; and what is low."""

from dataclasses import replace

import pytest

from edge.checkout.records import EntryKind
from edge.checkout.session import State
from tests.support.goods import COLA, GOODS, MILK, GoodsTill, searchable
from tests.support.playbook import APPLES_350_GRAMS, COLA_EAN13


def test_stock_comes_in_scan_by_scan() -> None:
    till = GoodsTill(stock={"1001": -1000}).press("MENU 31")
    assert (till.state, till.screen.title) == (State.STOCKING, "Stock in")
    assert till.notice == "Quantity X, scan - CLEAR: done"

    till.press("24 X").scan(COLA_EAN13)
    assert till.state is State.STORING
    till.stored()
    assert (till.state, till.notice) == (State.STOCKING, "In stock: Cola 23")
    till.press("1002 ENTER").stored().scan(APPLES_350_GRAMS).stored()
    assert till.notice == "In stock: Apples 0.350"

    assert [entry.body["quantity_milli"] for entry in till.journal] == [24000, 1000, 350]
    assert till.journal[0].body == {
        "plu": "1001",
        "code": COLA_EAN13,
        "quantity_milli": 24000,
        "reason": "received",
    }
    assert till.press("2 X CLEAR").state is State.STOCKING
    assert till.press("CLEAR").state is State.IDLE


def test_stock_is_written_off_as_a_negative_quantity() -> None:
    till = GoodsTill().press("MENU 32")
    assert till.screen.title == "Stock out"
    till.press("3 X").scan("1001").stored()
    assert till.notice == "In stock: Cola -3"
    assert till.kinds == [EntryKind.STOCK_ADJUSTED]
    assert till.journal[0].body["quantity_milli"] == -3000
    assert till.journal[0].body["reason"] == "written_off"


def test_stock_of_what_is_no_article_does_not_move() -> None:
    till = GoodsTill().press("MENU 31").scan("nope")
    assert till.notice == "Unknown code - rescan, or key PLU"
    assert till.press("ENTER").notice == "Not here - see the title"
    assert till.press("3").scan("1001").notice == "X missing - press X, or CLEAR"
    assert till.press("X 30569309025904 ENTER").notice == "Card number - use the terminal"
    assert till.screen.entry == "3 ×"
    assert till.press("CLEAR 0 X").notice == "Quantity out of range - CLEAR"
    assert till.journal == []


@pytest.mark.parametrize("task", ["31", "32", "33"])
def test_a_service_has_no_stock(task: str) -> None:
    till = GoodsTill().press(f"MENU {task} 5001 ENTER")
    assert (till.state, till.notice) == (State.STOCKING, "Services have no stock - CLEAR")


# --- counting


def test_scans_of_a_count_add_up_to_what_there_is() -> None:
    till = GoodsTill(stock={"1001": 5000}).press("MENU 33")
    assert (till.screen.title, till.notice) == ("Count stock", "Quantity X, scan - scans add up")
    for _ in range(2):
        till.scan(COLA_EAN13).stored()
    till.press("24 X 1002 ENTER").stored().scan("1001").stored()
    assert till.notice == "Counted: Cola 3"
    assert till.facts.stock == {"1001": 3000, "1002": 24000}


def test_the_differences_on_record_sum_to_the_whole_one() -> None:
    till = GoodsTill(stock={"1001": 5000}).press("MENU 33")
    for _ in range(3):
        till.scan("1001").stored()
    assert till.kinds == [EntryKind.STOCK_COUNTED] * 3
    assert till.journal[0].body == {"plu": "1001", "counted_milli": 1000, "was_milli": 5000}
    bodies = [entry.body for entry in till.journal]
    differences = [(each["was_milli"], each["counted_milli"]) for each in bodies]
    assert differences == [(5000, 1000), (1000, 2000), (2000, 3000)]


def test_none_is_a_count_as_well_and_begins_anew() -> None:
    till = GoodsTill(stock={"1001": 5000}).press("MENU 33 3 X 1001 ENTER").stored()
    till.press("0 X")
    assert till.screen.entry == "0 ×"
    till.scan("1001").stored()
    assert (till.notice, till.facts.stock["1001"]) == ("Counted: Cola 0", 0)
    till.press("2 X 1001 ENTER").stored()
    assert till.facts.stock["1001"] == 2000


def test_the_next_count_begins_anew() -> None:
    till = GoodsTill().press("MENU 33 3 X 1001 ENTER").stored().press("CLEAR MENU 33")
    till.scan("1001").stored()
    assert till.facts.stock["1001"] == 1000


def test_a_weighed_article_is_counted_by_weight() -> None:
    till = GoodsTill().press("MENU 33").scan(APPLES_350_GRAMS).stored().press("1.5 X 2001 ENTER")
    assert till.stored().notice == "Counted: Apples 1.850"


# --- what is low


def test_a_sale_that_takes_the_stock_to_the_threshold_is_on_record_once() -> None:
    till = GoodsTill(stock={"6001": 7000})
    assert till.sell("6001").kinds == [EntryKind.SALE]
    assert till.screen.status == ("offline",)

    till.press("2 X 6001 ENTER CASH").stored()
    assert till.kinds[1:] == [EntryKind.SALE, EntryKind.STOCK_LOW]
    assert till.journal[-1].body == {
        "plu": "6001",
        "quantity_milli": 4000,
        "low_stock_milli": 5000,
    }
    assert till.screen.status == ("offline", "low: Milk 4")
    assert till.scan("1001").screen.status == ("offline",)
    till.press("CASH").stored()
    till.sell("6001")
    assert till.kinds.count(EntryKind.STOCK_LOW) == 1
    assert till.screen.status == ("offline", "low: Milk 3")


def test_exactly_the_threshold_is_low() -> None:
    till = GoodsTill(stock={"6001": 6000}).sell("6001")
    assert till.journal[-1].body["quantity_milli"] == 5000


def test_lines_of_one_article_count_together_and_weights_as_weights() -> None:
    till = GoodsTill(stock={"6001": 6000, "6002": 2100})
    till.scan("6001", "6001").press("0.2 X 6002 ENTER CASH").stored()
    low = [entry.body["plu"] for entry in till.journal if entry.kind is EntryKind.STOCK_LOW]
    assert low == ["6001", "6002"]
    assert till.screen.status == ("offline", "low: Milk 4", "low: Rice 1.900")


def test_after_more_has_come_in_it_may_be_low_again() -> None:
    till = GoodsTill(stock={"6001": 6000}).sell("6001")
    till.press("MENU 31 10 X 6001 ENTER").stored().press("CLEAR")
    till.press("10 X 6001 ENTER CASH").stored()
    assert till.kinds.count(EntryKind.STOCK_LOW) == 2


def test_what_comes_back_is_not_low() -> None:
    till = GoodsTill(stock={"6001": 6000}).press("MENU 12 6001 ENTER CASH").stored()
    assert till.kinds == [EntryKind.REFUND]


def test_an_article_without_a_threshold_or_out_of_the_shop_is_never_low() -> None:
    till = GoodsTill(stock={"1001": 1000}).sell("1001")
    assert (till.kinds, till.screen.status) == ([EntryKind.SALE], ("offline",))
    till = GoodsTill(catalogue=searchable(MILK), stock={"6001": 6000}).scan("6001")
    till.facts = replace(till.facts, catalogue=searchable(COLA))
    till.press("CASH").stored()
    assert (till.kinds, till.screen.status) == ([EntryKind.SALE], ("offline",))


def test_the_list_of_what_is_low() -> None:
    till = GoodsTill(stock={"6001": 4000, "6002": 2001}).press("MENU 35")
    assert (till.state, till.screen.title) == (State.ASKING, "Low stock")
    assert till.notice == "ENTER or CLEAR: back"
    assert till.rows == [("Milk", "6001", "4 / 5")]
    assert till.press("ENTER").state is State.IDLE

    rows = GoodsTill().press("MENU 35").press("DOWN").screen.rows
    assert [(row.left, row.right, row.selected) for row in rows] == [
        ("Milk", "0 / 5", False),
        ("Rice", "0 / 2", True),
    ]


def test_when_nothing_is_low_there_is_no_list() -> None:
    till = GoodsTill(stock={"6001": 9000, "6002": 9000}).press("MENU 35")
    assert (till.state, till.notice) == (State.IDLE, "Nothing is low - CLEAR")


def test_each_article_is_listed_once_though_it_has_codes() -> None:
    twice = searchable(MILK)
    till = GoodsTill(catalogue=replace(twice, by_code={**twice.by_code, "4006381333931": MILK}))
    assert till.press("MENU 35").rows == [("Milk", "6001", "0 / 5")]


def test_the_shop_of_these_tests_has_goods_that_can_be_low() -> None:
    assert {product.plu for product in GOODS.by_code.values() if product.low_stock_milli}
