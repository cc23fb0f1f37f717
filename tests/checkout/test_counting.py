"""Counting the drawer, blind and face by face, from the keypad."""

from dataclasses import replace

import pytest

from edge.checkout.effects import OpenDrawer
from edge.checkout.money import CURRENCIES
from edge.checkout.records import Entry, EntryKind
from edge.checkout.session import State
from edge.checkout.shifts.shift import CashCount, DenominationCount
from edge.checkout.shifts.shift_totals import Figure
from tests.support.playbook import SHOP
from tests.support.shifts import TWO_FACES, ShiftTill

COUNTED_304 = ("Counted", "", "304.00")


# --- counting


def test_the_drawer_opens_on_record_to_be_counted() -> None:
    till = ShiftTill().opened().press("MENU 26").answered()
    assert till.journal[-1] == Entry(EntryKind.DRAWER_NO_SALE, {"reason": "count"})
    assert len(till.of(OpenDrawer)) == 1
    assert till.books.totals.of(Figure.NO_SALE).times == 0


def test_the_count_is_blind() -> None:
    till = ShiftTill().opened("12345").sell("1001").counting()
    shown = " ".join([till.screen.title, till.notice, *(" ".join(row) for row in till.rows)])
    assert "126.95" not in shown
    assert till.rows[0] == ("100.00", "", "")
    assert till.rows[-1] == ("Counted", "", "0.00")


def test_pieces_are_keyed_face_by_face() -> None:
    till = ShiftTill(TWO_FACES).counting().press("3 ENTER 12 ENTER")
    assert till.rows == [
        ("100.00", "× 3", "300.00"),
        ("1.00", "× 12", "12.00"),
        ("Counted", "", "312.00"),
    ]
    till.press("UP UP 2 ENTER")
    assert till.rows[0] == ("100.00", "× 2", "200.00")
    till.press("ENTER ENTER")
    assert till.screen.title == "Counted 212.00"


def test_a_face_without_a_number_has_none() -> None:
    till = ShiftTill(TWO_FACES).counting().press("ENTER 5 ENTER SUBTOTAL ENTER").settled()
    assert till.z.count == CashCount(500, (DenominationCount(100, 5),))


def test_the_sum_may_be_keyed_instead() -> None:
    till = ShiftTill(TWO_FACES).counting().press("1 ENTER 4550 CASH")
    assert till.rows == [("100.00", "", ""), ("1.00", "", ""), ("Counted", "", "45.50")]
    till.press("ENTER ENTER").settled()
    assert till.z.count == CashCount(4_550)


def test_a_face_counted_after_the_sum_takes_its_place() -> None:
    till = ShiftTill(TWO_FACES).counting().press("4550 CASH UP 5 ENTER")
    assert till.rows[-1] == ("Counted", "", "5.00")


@pytest.mark.parametrize("keys", ["10000 ENTER", "1.5 ENTER", "3 X ENTER", "CASH", "3 X CASH"])
def test_what_is_no_count_is_refused(keys: str) -> None:
    till = ShiftTill().counting().press(keys)
    assert till.notice == "No such count - CLEAR"
    assert till.rows[0] == ("100.00", "", "")


def test_a_count_that_was_refused_is_not_passed_over_by_another_enter() -> None:
    till = ShiftTill().counting().press("10000 ENTER ENTER")
    assert (till.notice, till.screen.entry) == ("No such count - CLEAR", "10000")
    assert till.press("7 ENTER").rows[0] == ("100.00", "× 7", "700.00")


def test_a_number_that_nothing_used_does_not_end_the_count() -> None:
    till = ShiftTill().counting().press("5 SUBTOTAL")
    assert till.notice == "Number unused - ENTER, or CLEAR"


def test_a_count_may_be_left_and_the_shift_stays_open() -> None:
    till = ShiftTill().opened().counting().press("3 ENTER CLEAR CLEAR")
    assert (till.state, till.session.shift_no) == (State.IDLE, 1)
    assert EntryKind.SHIFT_CLOSED not in till.kinds


def test_clear_takes_back_one_counted_face_at_a_time() -> None:
    till = ShiftTill(TWO_FACES).counting()
    assert till.notice == "Pieces ENTER, sum CASH - SUBTOTAL: done"
    till.press("3 ENTER 4 ENTER 5 CLEAR")
    assert till.rows == [("100.00", "× 3", "300.00"), ("1.00", "× 4", "4.00"), COUNTED_304]
    assert till.press("CLEAR").rows[:2] == [("100.00", "× 3", "300.00"), ("1.00", "", "")]
    assert till.press("6 ENTER UP UP CLEAR").rows[:2] == [
        ("100.00", "", ""),
        ("1.00", "× 6", "6.00"),
    ]
    assert [row.selected for row in till.screen.rows] == [True, False, False]
    assert till.press("CLEAR").rows[:2] == [("100.00", "", ""), ("1.00", "", "")]
    assert till.press("CLEAR").state is State.IDLE


def test_clear_takes_the_keyed_sum_back_and_leaves_what_was_counted_before() -> None:
    till = ShiftTill(TWO_FACES).counting().press("3 ENTER 4550 CASH CLEAR")
    assert till.rows[0] == ("100.00", "× 3", "300.00")
    assert till.rows[-1] == ("Counted", "", "300.00")


@pytest.mark.parametrize("key", ["CLEAR", "UP"])
def test_from_what_is_left_a_key_leads_back_to_the_count(key: str) -> None:
    till = ShiftTill(TWO_FACES).counting().press(f"3 ENTER SUBTOTAL {key}")
    assert till.rows[0] == ("100.00", "× 3", "300.00")
    till.press("SUBTOTAL ENTER").settled()
    assert till.z.count.counted_minor == 30_000


# --- closing


@pytest.mark.parametrize("code", CURRENCIES)
def test_every_currency_has_notes_and_coins_to_count(code: str) -> None:
    till = ShiftTill(replace(SHOP, currency=CURRENCIES[code])).counting()
    faces = [float(row[0]) for row in till.rows[:-1]]
    assert len(faces) >= 8
    assert faces == sorted(set(faces), reverse=True)


def test_coins_below_the_smallest_cash_amount_are_not_counted() -> None:
    euros = replace(SHOP, currency=CURRENCIES["EUR"], cash_step_minor=5)
    till = ShiftTill(euros).counting().press("DOWN " * 20)
    assert till.rows[-2][0] == "0.05"
