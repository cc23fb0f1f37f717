"""The receipt: what the customer takes home."""

from dataclasses import replace

import pytest

from edge.checkout.instant import ClockQuality
from edge.checkout.paper.receipt import Align, Columns, Feed, Picture, Qr, Receipt, Rule, Text
from edge.checkout.paper.receipt_layout import lay_out, split_columns
from edge.checkout.paper.receipt_writer import read_receipt_code, receipt_code
from edge.checkout.paper.width import display_width
from edge.checkout.shop import Language, TaxMode
from tests.support.playbook import CHEESE_AT_12_50, FIVES_SHOP, NET_SHOP, SHOP, Till


def test_a_receipt_from_top_to_bottom() -> None:
    till = Till().press("3 X").scan("1001").press("0.350 X 2001 ENTER")
    till.scan(CHEESE_AT_12_50, "1002").press("150 MENU 15 5000 CASH").stored()
    assert till.receipt == [
        "小店 Corner Shop",
        "1 High Street",
        "Receipt till-1-1",
        "2026-01-01 12:00",
        "--------------------------------",
        "Cola                     10.50 A",
        "3 × 3.50",
        "Apples                    4.48 B",
        "0.350 kg × 12.80",
        "Cheese                   12.50 B",
        "0.125 kg × 100.00",
        "Water                     1.50 B",
        "1 × 1.50 (instead of 2.00)",
        "--------------------------------",
        "TOTAL                     ¥28.98",
        "Cash                       50.00",
        "CHANGE                     21.02",
        "Tax A 13%                   1.21",
        "Tax B 9%                    1.53",
        "",
        "No cash, no return",
        "Thank you",
        "[QR ET1:till-1:1]",
    ]


def test_tax_on_top_stands_between_the_lines_and_the_total() -> None:
    till = Till(NET_SHOP).sell("1001", "1002", pay="CARD 77 ENTER")
    start = till.receipt.index("SUBTOTAL                    5.50")
    assert till.receipt[start : start + 5] == [
        "SUBTOTAL                    5.50",
        "Tax A 13%                   0.46",
        "Tax B 9%                    0.18",
        "TOTAL                      ¥6.14",
        "Card 77                     6.14",
    ]


def test_cash_rounding_has_a_line_of_its_own() -> None:
    till = Till(FIVES_SHOP).scan("1001").press("1003 MENU 15 2000 CASH").stored()
    start = till.receipt.index("TOTAL                     ¥10.03")
    assert till.receipt[start + 1 : start + 4] == [
        "Cash                       20.00",
        "Cash rounding               0.02",
        "CHANGE                      9.95",
    ]


def test_a_refund_names_the_receipt_that_it_gives_back_and_has_no_code() -> None:
    till = Till().sell("1001").press("MENU 11 1 ENTER").found().press("SUBTOTAL CASH").stored()
    assert till.receipt[2] == "REFUND"
    assert "Of receipt till-1-1" in till.receipt
    assert "GIVEN BACK                 ¥3.50" in till.receipt
    assert not any("QR" in line for line in till.receipt)


def test_a_return_without_receipt_names_none() -> None:
    till = Till().press("MENU 12").scan("1001").press("CASH").stored()
    assert "REFUND" in till.receipt
    assert not any("Of receipt" in line for line in till.receipt)


def test_a_chinese_receipt() -> None:
    shop = replace(SHOP, language=Language.CHINESE)
    till = Till(shop).press("3 X").scan("1001").press("CASH").stored()
    assert "可乐                     10.50 A" in till.receipt
    assert "合计                      ¥10.50" in till.receipt
    assert "谢谢惠顾" in till.receipt


def test_a_time_that_nobody_set_has_a_question_mark() -> None:
    till = Till()
    till.quality = ClockQuality.UNSET
    assert "2026-01-01 12:00?" in till.sell("1001").receipt


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("mode", TaxMode)
@pytest.mark.parametrize("language", Language)
def test_every_line_is_as_wide_as_the_paper(
    columns: int, mode: TaxMode, language: Language
) -> None:
    shop = replace(SHOP, tax_mode=mode, language=language, footer=("谢谢" * 40,))
    till = Till(shop).scan("1001", CHEESE_AT_12_50).press("CARD 123456 ENTER").stored()
    receipt = till.effects[0].receipt
    assert {display_width(line) for line in lay_out(receipt, columns)} - {0} == {columns}


def test_each_element_has_its_layout() -> None:
    receipt = Receipt(
        1,
        copy=False,
        elements=(
            Text("left"),
            Text("mid", Align.CENTRE),
            Text("right", Align.RIGHT),
            Text("large text", Align.CENTRE, large=True),
            Columns("left", "1.00"),
            Columns("a name far too long", "1.00"),
            Columns("exactly ten", "1.00"),
            Columns("", "123456789012345"),
            Rule(),
            Feed(2),
            Qr("x"),
        ),
    )
    assert [line.rstrip() for line in lay_out(receipt, 12)] == [
        "left",
        "    mid",
        "       right",
        "   large",
        "    text",
        "left    1.00",
        "a name far",
        "too long",
        "        1.00",
        "exactly ten",
        "        1.00",
        "",
        "123456789012",
        "------------",
        "",
        "",
        "   [QR x]",
    ]


def test_the_code_on_a_receipt_is_read_back() -> None:
    assert read_receipt_code(receipt_code("till-1", 42)) == ("till-1", 42)
    assert read_receipt_code(receipt_code("a:b", 7)) == ("a:b", 7)
    assert read_receipt_code("4111111111111111") is None


def test_a_logo_has_its_place_where_the_paper_is_text() -> None:
    logo = Picture(16, 1, b"\xff\x00")
    till = Till(shop=replace(SHOP, logo=logo)).sell("1001")
    assert till.receipt[:2] == ["[picture]", "小店 Corner Shop"]


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        ("Tea", "1.00", ["Tea   1.00"]),
        ("Green tea", "1.00", ["Green tea ", "      1.00"]),
        ("Green tea, cold", "1.00", ["Green tea,", "cold  1.00"]),
        ("Green\ntea", "1.00", ["Green     ", "tea   1.00"]),
        ("Tea12", "1.000", ["Tea12     ", "     1.000"]),
        ("Tea", "12345678901", ["Tea       ", "1234567890"]),
    ],
)
def test_an_amount_stands_at_the_right_of_the_last_line(
    left: str, right: str, lines: list[str]
) -> None:
    assert split_columns(Columns(left, right), 10) == lines


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize(
    ("language", "name", "discount"),
    [(Language.ENGLISH, "Soap", "Discount"), (Language.CHINESE, "肥皂", "折扣")],
)
def test_a_refund_says_what_of_the_price_was_not_paid(
    columns: int, language: Language, name: str, discount: str
) -> None:
    """Three soaps of 10.00 at a tenth off: two of them come back, then the last one."""
    till = Till(replace(SHOP, language=language)).press("3 X 1003 ENTER 10 MENU 16 ENTER")
    till.press("CASH").stored().press("MENU 11 1 ENTER").found().press("2 X ENTER CASH").stored()
    lines = [line.split() for line in lay_out(till.effects[1].receipt, columns)]
    start = lines.index([name, "20.00", "A"])
    assert lines[start : start + 3] == [
        [name, "20.00", "A"],
        ["2", "×", "10.00"],
        [discount, "-2.00"],
    ]
    assert lines[start + 4][-1] == "¥18.00"
    till.press("MENU 11 1 ENTER").found().press("ENTER CASH").stored()
    assert [line.off_minor for line in till.sale.lines] == [100]


def test_what_was_sold_without_a_discount_comes_back_without_one() -> None:
    """Three colas with the tax added are 11.87, and the price of the last one is 3.49."""
    till = Till(NET_SHOP).press("3 X 1001 ENTER CASH").stored()
    for _ in range(3):
        till.press("MENU 11 1 ENTER").found().press("ENTER CASH").stored()
        assert not any("Discount" in line for line in till.receipt)
