"""The cashier's screen in four lines of twenty columns."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.inputs import InboxOverflowed
from edge.checkout.paper.width import display_width
from edge.checkout.screens import CashierScreen, NoticeTone, ScreenRow
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.checkout.words import texts
from edge.checkout.words.texts import text
from edge.drivers.displays.display_lines import BEGIN, drawn, spelled
from edge.drivers.displays.screen_lines import NOTICE_LINES, four_lines
from tests.support.playbook import Till
from tests.support.till_states import IN_STATE

EMPTY = CashierScreen("", (), "", "", "", "", NoticeTone.INFO, ())
any_text = st.text(max_size=60)
screens = st.builds(
    CashierScreen,
    any_text,
    st.lists(st.builds(ScreenRow, any_text, any_text, any_text, st.booleans())).map(tuple),
    any_text,
    any_text,
    any_text,
    any_text,
    st.sampled_from(NoticeTone),
    st.lists(any_text, max_size=3).map(tuple),
)


def seen(till: Till) -> list[str]:
    return [line.rstrip() for line in four_lines(spelled(till.screen))]


def test_a_sale_shows_the_article_in_hand_and_the_sum() -> None:
    till = Till()
    assert seen(till) == ["Ready", "offline", "", ""]
    till.scan("1001").press("3 X 1002 ENTER")
    assert seen(till) == ["Water", "3 x 2.00        6.00", "offline", "TOTAL           9.50"]
    till.press("12")
    assert seen(till)[3] == "12              9.50"
    till.press("CLEAR UP")
    assert seen(till)[0] == "Cola"


def test_a_refusal_is_whole_with_what_was_keyed_and_the_sum_below() -> None:
    till = Till().scan("1001").scan("4711")
    assert till.screen.notice_tone is NoticeTone.REFUSAL
    lines = seen(till)
    assert " ".join(lines[:3]).split() == till.notice.split()
    assert lines[3] == "TOTAL           3.50"


def test_under_an_alarm_the_article_in_hand_is_seen_where_there_is_room() -> None:
    till = Till().scan("1001")
    till.feed(InboxOverflowed(till.now(), 3)).scan("1002")
    assert seen(till)[2:] == ["Water           2.00", "TOTAL           5.50"]
    assert " ".join(seen(till)[:2]) == till.notice

    row = ScreenRow("Water", "1 x 2.00", "2.00")
    alarm = replace(EMPTY, rows=(row,), notice="Alarm", notice_tone=NoticeTone.ALARM)
    lines = [line.rstrip() for line in four_lines(alarm)]
    assert lines[:3] == ["Alarm", "", "Water           2.00"]
    long = four_lines(replace(alarm, notice="Drawer did not open - call the manager at once"))
    assert long[2].rstrip() == "at once"


def test_a_question_shows_its_marked_answer_and_how_to_answer() -> None:
    rows = (ScreenRow("1. Wrong size", "", ""), ScreenRow("2. Broken", "", "", selected=True))
    screen = replace(EMPTY, title="Why is it returned?", rows=rows, notice="Number, ENTER")
    assert [line.rstrip() for line in four_lines(screen)] == [
        "Why is it returned?",
        "2. Broken",
        "Number, ENTER",
        "",
    ]


def test_a_question_without_answers_has_two_lines_for_itself() -> None:
    screen = replace(EMPTY, title="Is the customer 18 or older?", notice="ENTER: yes", entry="1")
    assert [line.rstrip() for line in four_lines(screen)] == [
        "Is the customer 18",
        "or older?",
        "ENTER: yes",
        "1",
    ]


def test_an_answer_with_an_amount_is_shown_as_an_article_is() -> None:
    till = IN_STATE[State.ASKING]()
    marked = next(row for row in till.screen.rows if row.selected)
    lines = seen(till)
    assert lines[0].startswith(marked.left)
    assert lines[0].endswith(marked.right)
    assert " ".join(lines[1:3]).startswith(till.notice)


def test_a_long_notice_in_a_sale_is_whole_and_the_amount_stays() -> None:
    row = ScreenRow("Cola", "3 × 12.50", "37.50", selected=True)
    screen = replace(EMPTY, rows=(row,), notice="Cash in drawer, then ENTER", total="37.50")
    assert [line.rstrip() for line in four_lines(screen)] == [
        "Cola           37.50",
        "Cash in drawer, then",
        "ENTER",
        "               37.50",
    ]


def test_a_menu_shows_the_marked_task_and_the_number_that_is_keyed() -> None:
    till = Till().press("MENU")
    first = till.screen.rows[0]
    assert seen(till)[:2] == ["Menu", f"{first.left} {first.middle}"[:20]]
    till.press("1")
    assert seen(till)[3] == "1"


def test_change_is_shown_after_a_sale() -> None:
    assert seen(Till().sell("1001", pay="1000 CASH"))[3] == "CHANGE          6.50"


@pytest.mark.parametrize("state", State)
def test_every_state_has_something_to_read(state: State) -> None:
    till = IN_STATE[state]()
    assert any(line.strip() for line in four_lines(till.screen))


def test_every_refusal_of_the_till_fits() -> None:
    for word in texts.Word:
        for language in Language:
            notice = text(word, language, "Cola 12.50")
            screen = replace(EMPTY, notice=notice, notice_tone=NoticeTone.REFUSAL, total="1.00")
            lines = four_lines(screen)
            shown = "".join("".join(lines[:NOTICE_LINES]).split())
            assert shown == "".join(notice.split())


def test_chinese_is_spelled_before_it_is_laid_out_so_that_no_amount_is_cut() -> None:
    row = ScreenRow("农夫山泉", "12 × 2.50", "30.00", selected=True)
    screen = replace(EMPTY, rows=(row,), total_label="合计", total="1,030.00")
    assert [line.rstrip() for line in four_lines(spelled(screen))] == [
        "NongFuShanQuan",
        "12 x 2.50      30.00",
        "",
        "HeJi        1,030.00",
    ]


@given(screens)
def test_whatever_the_screen_it_is_four_lines_of_twenty_columns(screen: CashierScreen) -> None:
    for each in (screen, spelled(screen)):
        lines = four_lines(each)
        assert [display_width(line) for line in lines] == [20] * 4


@given(screens)
def test_whatever_the_screen_the_display_has_every_sign(screen: CashierScreen) -> None:
    lines = four_lines(spelled(screen))
    data = drawn(lines, ())
    assert data.startswith(BEGIN)
    assert len(data) == len(BEGIN) + 4 * (4 + 20)
    assert all(0x20 <= ord(sign) < 0x7E and sign != "\\" for line in lines for sign in line)
