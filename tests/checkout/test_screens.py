"""What the cashier and the customer see."""

from dataclasses import replace

import pytest

from edge.checkout.paper.width import display_width
from edge.checkout.screens import CUSTOMER_COLUMNS, NoticeTone, beside
from edge.checkout.session import State
from edge.checkout.shop import Language, product_name
from edge.checkout.views import ROWS_IN_SIGHT, TITLES, show
from tests.support.playbook import COLA, SHOP, Till
from tests.support.till_states import IN_STATE

CHINESE_SHOP = replace(SHOP, language=Language.CHINESE)


@pytest.mark.parametrize(
    ("state", "title", "total"),
    [
        (State.STARTING, "Starting", ("", "")),
        (State.IDLE, "Ready", ("", "")),
        (State.SELLING, "Sale", ("TOTAL", "3.50")),
        (State.TENDERING, "Payment", ("TOTAL", "3.50")),
        (State.CARD_APPROVAL, "Card payment 3.50", ("TOTAL", "3.50")),
        (State.RETURNING, "Return without receipt", ("TO GIVE BACK", "3.50")),
        (State.ASK_RECEIPT, "Refund", ("", "")),
        (State.FINDING, "One moment", ("", "")),
        (State.PICKING, "Refund of receipt 1", ("TO GIVE BACK", "0.00")),
        (State.STOCKING, "Stock in", ("", "")),
        (State.MENU, "Menu", ("", "")),
        (State.SIGNED_OFF, "Signed off", ("", "")),
        (State.STORING, "One moment", ("TOTAL", "3.50")),
        (State.STOPPED, "Selling has stopped", ("", "")),
    ],
)
def test_every_state_has_a_title(state: State, title: str, total: tuple[str, str]) -> None:
    till = IN_STATE[state]()
    screen = show(till.session, till.facts).cashier
    assert (screen.title, (screen.total_label, screen.total)) == (title, total)
    assert set(TITLES) == set(State) - {State.ASKING}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("language", Language)
def test_the_customer_s_display_is_always_two_lines_of_twenty_columns(
    state: State, language: Language
) -> None:
    till = IN_STATE[state]()
    shop = replace(SHOP, language=language)
    screen = show(till.session, replace(till.facts, shop=shop)).customer
    assert display_width(screen.upper) == CUSTOMER_COLUMNS
    assert display_width(screen.lower) == CUSTOMER_COLUMNS


def test_the_customer_follows_the_sale() -> None:
    till = Till()
    assert till.customer == ("小店 Corner Shop", "Welcome")
    till.press("3 X")
    assert till.customer == ("小店 Corner Shop", "Welcome")
    assert till.scan("1001").customer == ("Cola", "3x3.50         10.50")
    assert till.scan("1002").customer == ("Water", "2.00")
    assert till.scan("nope").customer == ("Water", "2.00")
    assert till.press("SUBTOTAL").customer == ("Items: 4", "TOTAL         ¥12.50")
    assert till.press("1000 CASH").customer == ("Items: 4", "TO PAY         ¥2.50")
    assert till.press("CARD").customer == ("Items: 4", "TO PAY         ¥2.50")
    assert till.press("ENTER").stored().customer == ("TOTAL         ¥12.50", "Thank you")
    assert till.scan("1002").customer == ("Water", "2.00")
    assert till.press("VOID").customer == ("小店 Corner Shop", "Welcome")


def test_a_weighed_article_counts_as_one_item() -> None:
    till = Till().press("0.350 X 2001 ENTER 2 X 1001 ENTER")
    assert till.press("SUBTOTAL").customer[0] == "Items: 3"


def test_the_customer_sees_what_comes_back() -> None:
    till = IN_STATE[State.PICKING]().press("ENTER")
    assert till.customer == ("TO GIVE BACK   ¥3.50", "")
    assert till.press("CASH").stored().customer == ("GIVEN BACK     ¥3.50", "Thank you")


def test_the_sum_of_the_sale_before_is_shown_to_nobody_else() -> None:
    till = Till().scan("1001").press("1000 CASH").stored()
    assert till.total == ("CHANGE", "6.50")
    till.press("MENU 11")
    assert (till.total, till.customer) == (("", ""), ("小店 Corner Shop", "Welcome"))

    till = Till().scan("1001").press("1000 CASH").stored().press("1 MENU 11")
    assert (till.total, till.customer) == (("", ""), ("小店 Corner Shop", "Welcome"))
    till.found().press("SUBTOTAL CASH")
    assert till.state is State.STORING
    assert (till.total, till.customer) == (("TO GIVE BACK", "3.50"), ("TO GIVE BACK   ¥3.50", ""))

    till = Till().scan("1001").press("1000 CASH").stored().press("MENU 13")
    assert till.total == ("", "")


def test_the_sum_of_what_is_being_stored_is_shown_meanwhile() -> None:
    till = Till().scan("1001").press("1000 CASH")
    assert (till.total, till.customer) == (("TOTAL", "3.50"), ("Items: 1", "TOTAL          ¥3.50"))
    till = Till().press("MENU 12").scan("1001").press("CASH")
    assert till.total == ("TO GIVE BACK", "3.50")
    assert till.customer == ("Items: 1", "TO GIVE BACK   ¥3.50")
    assert Till().scan("1003").press("400 CASH MENU 21").total == ("TO PAY", "6.00")


def test_a_till_that_has_stopped_shows_no_sum() -> None:
    assert Till().scan("1001").press("CASH").disk_fails().total == ("", "")
    assert Till().sell("1001").disk_fails().total == ("", "")


def test_a_name_that_is_too_long_is_cut_between_characters() -> None:
    assert beside("可乐可乐可乐", "12.50", 12) == "可乐可 12.50"
    assert beside("Cola", "1234567890123", 12) == "123456789012"
    assert beside("Cola", "123456789012", 12) == "123456789012"


def test_the_rows_in_sight_hold_the_marker_even_in_a_basket_of_500_lines() -> None:
    till = Till()
    for line in range(500):
        till.scan("1001" if line % 2 else "1002")
    assert_in_sight(till, 499)
    for line in range(498, -1, -1):
        till.press("UP")
        if line in {498, 490, 480, 250, 14, 13, 7, 6, 1, 0}:
            assert_in_sight(till, line)
    assert till.press("UP").session.selected == 0
    assert till.total == ("TOTAL", "1375.00")


def assert_in_sight(till: Till, line: int) -> None:
    rows = till.screen.rows
    assert len(rows) == ROWS_IN_SIGHT
    (marked,) = [row for row in rows if row.selected]
    assert marked.left == ("Cola" if line % 2 else "Water")
    place = rows.index(marked)
    assert place == line or place == line - (500 - ROWS_IN_SIGHT) or place == ROWS_IN_SIGHT // 2


def test_a_long_refund_is_scrolled_too() -> None:
    till = Till()
    for _ in range(20):
        till.scan("1001", "1002")
    till.press("CASH").stored().press("MENU 11 1 ENTER").found()
    assert len(till.rows) == ROWS_IN_SIGHT
    assert till.screen.rows[0].selected
    till.press("DOWN " * 45)
    assert till.screen.rows[-1].selected
    assert till.session.selected == 39


def test_a_short_basket_is_shown_whole() -> None:
    till = Till().scan(*["1001"] * ROWS_IN_SIGHT).press("UP " * ROWS_IN_SIGHT)
    assert len(till.rows) == ROWS_IN_SIGHT
    assert till.screen.rows[0].selected


def test_a_notice_says_how_it_is_meant() -> None:
    till = Till().scan("nope")
    assert till.screen.notice_tone is NoticeTone.REFUSAL
    assert till.press("MENU 12").screen.notice_tone is NoticeTone.INFO
    assert till.disk_fails().screen.notice_tone is NoticeTone.ALARM
    assert Till().screen.notice_tone is NoticeTone.INFO


def test_a_chinese_shop_speaks_chinese_to_both_sides() -> None:
    till = Till(CHINESE_SHOP).scan("1001", "nope")
    assert till.screen.title == "销售"
    assert till.rows == [("可乐", "1 × 3.50", "3.50")]
    assert till.notice == "无此商品 - 重扫或输入编号"
    assert till.press("SUBTOTAL").customer == ("共 1 件", "合计           ¥3.50")
    assert till.press("500 CASH").stored().customer == ("找零           ¥1.50", "谢谢惠顾")


def test_the_cashier_s_language_is_not_the_customer_s() -> None:
    till = Till().press("MENU 91").scan("1001")
    assert till.rows == [("可乐", "1 × 3.50", "3.50")]
    assert till.customer == ("Cola", "3.50")


def test_a_product_without_a_name_in_one_language_shows_the_other() -> None:
    assert product_name(replace(COLA, name_zh=""), Language.CHINESE) == "Cola"
    assert product_name(replace(COLA, name_en=""), Language.ENGLISH) == "可乐"
