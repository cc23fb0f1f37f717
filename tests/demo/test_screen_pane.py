"""The rows of the cashier's screen as lines of a pane."""

import pytest

from edge.checkout.paper.width import display_width
from edge.checkout.screens import ScreenRow
from edge.demo.screen_pane import lines_of

BASKET = (
    ScreenRow("Spring Water 550 ml", "1 × 2.00", "2.00"),
    ScreenRow("老坛酸菜牛肉面 5连包", "12 × 13.80", "165.60", selected=True),
    ScreenRow("Green Tea Unsweetened 500 ml", "1 × 5.00", "5.00"),
)
MENU = tuple(ScreenRow(str(number), f"Task {number}", "") for number in range(11, 22))


@pytest.mark.parametrize("columns", [32, 42, 60])
def test_every_line_is_as_wide_as_the_pane(columns: int) -> None:
    lines = lines_of(BASKET, columns, 10)
    assert [display_width(line) for line, _ in lines] == [columns] * 3
    assert [marked for _, marked in lines] == [False, True, False]


def test_amounts_stand_under_each_other_and_are_never_cut() -> None:
    first, second, _ = [line for line, _ in lines_of(BASKET, 32, 10)]
    assert first.endswith("   2.00 ")
    assert second.endswith(" 12 × 13.80 165.60 ")


def test_a_name_that_is_too_long_says_so() -> None:
    assert lines_of(BASKET, 42, 10)[2][0].startswith(" Green Tea Unsweetened… ")


def test_a_menu_has_numbers_and_names() -> None:
    assert lines_of(MENU, 20, 20)[0][0] == " 11  Task 11        "


@pytest.mark.parametrize("marked", [0, 5, 10])
def test_the_marked_row_is_in_sight_of_a_low_pane(marked: int) -> None:
    rows = tuple(
        ScreenRow(row.left, row.middle, row.right, selected=index == marked)
        for index, row in enumerate(MENU)
    )
    lines = lines_of(rows, 20, 4)
    assert len(lines) == 4
    assert [line for line, is_marked in lines if is_marked] == [
        lines_of((rows[marked],), 20, 1)[0][0]
    ]


def test_without_a_mark_the_last_rows_are_in_sight() -> None:
    assert [line.strip() for line, _ in lines_of(MENU, 20, 2)] == ["20  Task 20", "21  Task 21"]


def test_an_empty_basket_has_no_lines() -> None:
    assert lines_of((), 40, 10) == []
