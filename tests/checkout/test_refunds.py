"""Giving back a past sale: whole or in parts, and never more than was paid."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.effects import FindSale, StoreEntries
from edge.checkout.records import EntryKind, Sale, Tender, TenderKind
from edge.checkout.sale.returns import give_back
from edge.checkout.session import State
from edge.checkout.shop import Shop
from tests.support.playbook import (
    APPLES_350_GRAMS,
    CATALOGUE,
    CHEESE_AT_12_50,
    COLA_EAN13,
    FIVES_SHOP,
    NET_SHOP,
    SHOP,
    Till,
    with_check_digit,
)


def sold(*codes: str, shop: Shop = SHOP, keys: str = "", pay: str = "CASH") -> Till:
    """A till with one sale, receipt 1."""
    return Till(shop).press(keys).scan(*codes).press(pay).stored()


def picking(*codes: str, shop: Shop = SHOP, keys: str = "") -> Till:
    """A till that gives receipt 1 back."""
    return sold(*codes, shop=shop, keys=keys).press("MENU 11 1 ENTER").found()


def test_a_sale_is_found_by_its_keyed_number() -> None:
    till = sold("1001", "1002").press("MENU 11")
    assert (till.state, till.screen.title) == (State.ASK_RECEIPT, "Refund")
    assert till.notice == "Receipt number, ENTER - or scan it"

    till.press("1 ENTER")
    assert till.state is State.FINDING
    assert till.of(FindSale) == [FindSale(1)]

    till.found()
    assert till.state is State.PICKING
    assert till.screen.title == "Refund of receipt 1"
    assert till.rows == [("Cola", "0 / 1", "3.50"), ("Water", "0 / 1", "2.00")]
    assert till.total == ("TO GIVE BACK", "0.00")


def test_a_sale_is_found_by_the_code_on_its_receipt() -> None:
    till = sold("1001")
    assert "[QR ET1:till-1:1]" in till.receipt
    assert till.press("MENU 11").scan("ET1:till-1:1").found().state is State.PICKING


def test_a_number_keyed_before_the_menu_answers_its_question() -> None:
    assert sold("1001").press("1 MENU 11").found().state is State.PICKING


def test_the_sale_of_another_till_is_given_back_there() -> None:
    till = Till().press("MENU 11").scan("ET1:till-2:1")
    assert till.notice == "Sold at till till-2 - go there"
    assert till.state is State.ASK_RECEIPT


@pytest.mark.parametrize(
    "code",
    [
        "1001",
        "ET1:till-1:",
        "ET1:till-1:x",
        "ET1:till-1:0",
        "ET1:till-1:-1",
        "ET1:till-1:١",
        "ET1:till-1:" + "9" * 13,
        "ET1::1",
        "ET2:till-1:1",
        "ET1:1",
        "ET1:" + "t" * 65 + ":1",
        "",
    ],
)
def test_what_is_no_receipt_code_finds_nothing(code: str) -> None:
    till = Till().press("MENU 11").scan(code)
    assert till.notice == "No such receipt - key another"
    assert till.done == []


@pytest.mark.parametrize("keys", ["ENTER", "0 ENTER", "1.5 ENTER"])
def test_what_is_no_receipt_number_finds_nothing(keys: str) -> None:
    till = Till().press("MENU 11").press(keys)
    assert till.notice == "No such receipt - key another"
    assert (till.state, till.screen.entry) == (State.ASK_RECEIPT, "")


def test_a_receipt_that_is_not_there_may_be_keyed_anew() -> None:
    till = sold("1001").press("MENU 11 7 ENTER").found()
    assert till.notice == "No such receipt - key another"
    assert till.state is State.ASK_RECEIPT
    assert till.press("1 ENTER").found().state is State.PICKING


def test_a_refund_is_not_given_back_itself() -> None:
    till = picking("1001").press("ENTER CASH").stored().press("MENU 11 2 ENTER").found()
    assert till.notice == "Not a sale - key another"
    assert till.state is State.ASK_RECEIPT


def test_enter_picks_one_piece_of_the_marked_line() -> None:
    till = picking("1001", "1002", keys="3 X").press("ENTER ENTER")
    assert till.rows[0] == ("Cola", "2 / 3", "10.50")
    assert till.total == ("TO GIVE BACK", "7.00")
    assert till.press("DOWN DOWN ENTER").rows[1] == ("Water", "1 / 1", "2.00")
    assert till.press("UP UP 1 X ENTER").rows[0] == ("Cola", "3 / 3", "10.50")
    assert till.press("ENTER").notice == "None of it is left - pick another"


def test_a_refund_numbers_its_own_lines_and_names_those_of_the_sale() -> None:
    till = picking("1001", "1002", "1003").press("DOWN ENTER DOWN ENTER CASH").stored()
    assert [(line.line, line.of_line) for line in till.sale.lines] == [(1, 2), (2, 3)]
    assert till.sale.lines[0].name == "Water"


def test_a_scan_picks_from_the_first_line_that_has_enough() -> None:
    till = picking(COLA_EAN13, "1002", COLA_EAN13).scan(COLA_EAN13, COLA_EAN13)
    assert [row[1] for row in till.rows] == ["1 / 1", "0 / 1", "1 / 1"]
    assert [row.selected for row in till.screen.rows] == [False, False, True]
    assert till.scan(COLA_EAN13).notice == "None of it is left - pick another"


def test_an_article_sold_by_one_code_comes_back_by_another() -> None:
    till = picking("1001").scan(COLA_EAN13)
    assert till.rows[0][1] == "1 / 1"


def test_a_weighed_article_comes_back_whole_by_any_of_its_codes() -> None:
    till = Till().press("0.350 X 2001 ENTER CASH").stored().press("MENU 11 1 ENTER").found()
    assert till.scan("2200101").rows == [("Apples", "1 / 1", "4.48")]
    till.press("CASH").stored()
    assert till.sale.lines[0].quantity_milli == 350


def test_a_label_gives_back_the_pack_that_was_sold_with_it_and_no_other() -> None:
    heavier = with_check_digit("220010100500")
    till = picking(APPLES_350_GRAMS, CHEESE_AT_12_50)
    assert till.scan(heavier).notice == "Not on the receipt - CLEAR"
    assert till.scan(APPLES_350_GRAMS, CHEESE_AT_12_50).total == ("TO GIVE BACK", "16.98")


@pytest.mark.parametrize("code", ["1003", "nope", "", "4111111111111111"])
def test_what_is_not_on_the_receipt_is_not_given_back(code: str) -> None:
    till = picking("1001").scan(code)
    assert till.notice == "Not on the receipt - CLEAR"
    assert till.total == ("TO GIVE BACK", "0.00")


def test_a_quantity_before_the_scan_picks_so_many() -> None:
    till = picking("1001", keys="5 X").press("3 X").scan("1001")
    assert till.rows[0][1] == "3 / 5"
    assert till.press("3 X").scan("1001").notice == "Only 2 can come back - CLEAR"
    assert till.press("3 X ENTER").notice == "Only 2 can come back - CLEAR"
    assert till.press("1.5 X").scan("1001").notice == "Whole pieces only - CLEAR"
    assert till.press("1.5 X ENTER").notice == "Whole pieces only - CLEAR"
    assert till.press("CLEAR 2").scan("1001").notice == "X missing - press X, or CLEAR"
    assert till.press("ENTER").notice == "X missing - press X, or CLEAR"
    assert till.press("CLEAR 3 ENTER").notice == "Not on the receipt - CLEAR"


def test_more_than_any_line_has_is_picked_from_several() -> None:
    till = Till().scan("1001", "1002").press("5 X 1001 ENTER CASH").stored()
    till.press("1 MENU 11").found().press("2 X 1001 ENTER")
    assert [row[1] for row in till.rows] == ["0 / 1", "0 / 1", "2 / 5"]
    assert till.press("5 X 1001 ENTER").notice == "Only 4 can come back - CLEAR"
    till.press("4 X").scan("1001")
    assert [row[1] for row in till.rows] == ["1 / 1", "0 / 1", "5 / 5"]
    assert till.total == ("TO GIVE BACK", "21.00")
    assert till.press("1001 ENTER").notice == "None of it is left - pick another"


def test_a_keyed_code_picks_like_a_scanned_one() -> None:
    till = picking("1001", "1002", keys="5 X").press("2 X 1001 ENTER 1002 ENTER")
    assert [row[1] for row in till.rows] == ["2 / 5", "1 / 1"]
    assert till.press("4 X 1001 ENTER").notice == "Only 3 can come back - CLEAR"
    assert till.press("CLEAR 1002 ENTER").notice == "None of it is left - pick another"
    for code in ("1003", "2310"):
        assert till.press(f"{code} ENTER ENTER").notice == "Not on the receipt - CLEAR"
    assert [row[1] for row in till.rows] == ["2 / 5", "1 / 1"]


def test_subtotal_picks_all_and_void_unpicks_the_marked_line() -> None:
    till = picking("1001", "1002", keys="2 X").press("SUBTOTAL")
    assert till.total == ("TO GIVE BACK", "9.00")
    assert till.press("VOID").total == ("TO GIVE BACK", "2.00")


def test_clear_leaves_step_by_step() -> None:
    till = picking("1001").press("ENTER 2 X CLEAR")
    assert till.total == ("TO GIVE BACK", "3.50")
    assert till.press("CLEAR").total == ("TO GIVE BACK", "0.00")
    assert till.press("CLEAR").state is State.IDLE
    asked = Till().press("MENU 11 12 CLEAR")
    assert (asked.state, asked.screen.entry) == (State.ASK_RECEIPT, "")
    assert asked.press("CLEAR").state is State.IDLE


def test_cash_pays_out_of_the_drawer_and_a_card_does_not() -> None:
    till = picking("1001").press("SUBTOTAL CASH")
    (asked,) = till.of(StoreEntries)
    assert (asked.ends_basket, asked.opens_drawer, asked.prints_receipt) == (True, True, True)
    till.stored()
    assert till.done == ["OpenDrawer", "PrintReceipt", "WakeUplink"]
    assert till.total == ("GIVEN BACK", "3.50")
    assert till.sale.kind is EntryKind.REFUND
    assert till.sale.of_receipt_no == 1
    assert till.sale.tenders == (Tender(TenderKind.CASH, 350, 350, 0),)

    till = picking("1001").press("SUBTOTAL CARD").stored()
    assert till.done == ["PrintReceipt", "WakeUplink"]
    assert till.sale.tenders == (Tender(TenderKind.CARD, 350, 350, 0),)


@pytest.mark.parametrize("key", ["CASH", "CARD"])
def test_nothing_picked_is_nothing_paid_out(key: str) -> None:
    till = picking("1001").press(key)
    assert till.notice == "Scan, or ENTER - SUBTOTAL: all"
    assert till.press(f"ENTER 5 {key}").notice == "No such amount - CLEAR"
    assert till.state is State.PICKING


def test_nothing_is_given_back_twice() -> None:
    till = picking("1001", "1002", keys="2 X").press("ENTER CASH").stored()
    till.press("MENU 11 1 ENTER").found()
    assert till.rows == [("Cola", "0 / 1", "7.00"), ("Water", "0 / 1", "2.00")]
    assert till.press("ENTER ENTER").notice == "None of it is left - pick another"
    till.press("VOID SUBTOTAL CASH").stored()

    till.press("MENU 11 1 ENTER").found()

    assert (till.state, till.session.past) == (State.ASK_RECEIPT, None)
    assert till.notice == "All of it came back - key another"
    assert till.press("CLEAR 1 MENU 11").found().state is State.IDLE
    assert till.notice == "All of it came back - key another"


def test_the_screen_says_how_to_go_on_before_and_behind_what_is_picked() -> None:
    till = picking("1001", "1002")
    assert till.notice == "Scan, or ENTER - SUBTOTAL: all"
    for keys in ("ENTER", "DOWN ENTER", "UP"):
        assert till.press(keys).notice == "SUBTOTAL: pay back - or pick more"
    assert till.scan("1003").notice == "Not on the receipt - CLEAR"
    assert till.press("DOWN").notice == "SUBTOTAL: pay back - or pick more"
    assert till.press("VOID UP VOID").notice == "Scan, or ENTER - SUBTOTAL: all"
    assert till.press("SUBTOTAL").notice == "SUBTOTAL: pay back - or pick more"
    assert till.press("CLEAR").notice == "Scan, or ENTER - SUBTOTAL: all"


def test_ten_over_three_pieces_comes_back_as_3_34_3_33_3_33() -> None:
    till = sold("1005", shop=NET_SHOP, keys="3 X")
    assert till.sale.total_minor == 1000
    assert till.sale.lines[0].paid == ((1, 334), (2, 333))
    refunds = []
    for _ in range(3):
        till.press("MENU 11 1 ENTER").found().press("ENTER CASH").stored()
        refunds.append(till.sale)
    assert [refund.total_minor for refund in refunds] == [334, 333, 333]
    assert sum(refund.lines[0].tax_minor for refund in refunds) == 115
    assert sum(refund.lines[0].amount_minor for refund in refunds) == 885


def test_the_tax_of_the_parts_sums_to_the_tax_of_each_line_and_rate() -> None:
    till = sold("1001", "1002", "1003", shop=NET_SHOP, keys="3 X")
    original = till.sale
    parts: list[Sale] = []
    for keys in ("ENTER DOWN ENTER", "ENTER", "SUBTOTAL"):
        till.press("MENU 11 1 ENTER").found().press(keys).press("CARD").stored()
        parts.append(till.sale)
    assert_parts_sum(original, parts)


def test_cash_given_back_is_rounded_as_cash_is() -> None:
    till = Till(FIVES_SHOP).scan("1001").press("1003 MENU 15 CARD ENTER").stored()
    till.press("MENU 11 1 ENTER").found().press("SUBTOTAL CASH").stored()
    assert till.sale.tenders == (Tender(TenderKind.CASH, 1003, 1005, 0),)
    assert (till.sale.total_minor, till.sale.rounding_minor) == (1003, 2)


def test_what_was_paid_counts_and_not_today_s_price_or_tax() -> None:
    till = sold("1001", keys="2 X")
    dearer = replace(CATALOGUE.by_code["1001"], price_minor=999)
    till.facts = replace(
        till.facts,
        shop=NET_SHOP,
        catalogue=replace(CATALOGUE, by_code={"1001": dearer}),
    )
    till.press("MENU 11 1 ENTER").found().scan("1001").press("CASH").stored()
    assert till.sale.total_minor == 350
    assert till.sale.lines[0].amount_minor == 350


@given(
    st.lists(
        st.tuples(st.sampled_from(["1001", "1002", "1003", "1004", "1005"]), st.integers(1, 9)),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([SHOP, NET_SHOP]),
    st.data(),
)
def test_the_parts_of_any_refund_sum_to_the_sale(
    articles: list[tuple[str, int]], shop: Shop, data: st.DataObject
) -> None:
    till = Till(shop)
    for plu, units in articles:
        till.press(f"{units} X {plu} ENTER")
    original = till.press("CASH").stored().sale
    gone: dict[int, int] = {}
    parts: list[Sale] = []
    while any(line.quantity_milli > gone.get(line.line, 0) for line in original.lines):
        picks = {
            line.line: data.draw(
                st.integers(0, (line.quantity_milli - gone.get(line.line, 0)) // 1000)
            )
            for line in original.lines
        }
        if not any(picks.values()):
            picks = {
                line.line: (line.quantity_milli - gone.get(line.line, 0)) // 1000
                for line in original.lines
            }
        parts.append(give_back(original, gone, picks, 2))
        for number, units in picks.items():
            gone[number] = gone.get(number, 0) + units * 1000
    assert_parts_sum(original, parts)


def assert_parts_sum(original: Sale, parts: list[Sale]) -> None:
    """Line by line and rate by rate, what came back is what was paid."""
    assert sum(part.total_minor for part in parts) == original.total_minor
    for line in original.lines:
        back = [each for part in parts for each in part.lines if each.of_line == line.line]
        assert sum(each.paid_minor for each in back) == line.paid_minor
        assert sum(each.tax_minor for each in back) == line.tax_minor
        assert sum(each.amount_minor for each in back) == line.amount_minor
        assert sum(each.quantity_milli for each in back) == line.quantity_milli
    for total in original.taxes:
        back_totals = [each for part in parts for each in part.taxes if each.code == total.code]
        assert sum(each.tax_minor for each in back_totals) == total.tax_minor
        assert sum(each.net_minor for each in back_totals) == total.net_minor
        assert sum(each.gross_minor for each in back_totals) == total.gross_minor
