"""What was keyed before a key that has no use for it stays: digits that follow are no other number.

Who overlooks the refusal and keys on would answer a question with something else.
"""

import pkgutil
from dataclasses import replace
from importlib import import_module

import pytest

from edge import checkout
from edge.checkout.inputs import Key
from edge.checkout.machine import BUSY
from edge.checkout.sale.selling import key_digit
from edge.checkout.session import Asking, Prompt, Session, State
from edge.checkout.transitions import KEY_TRIGGERS, RULES, Trigger
from tests.support.playbook import Till
from tests.support.till_states import IN_STATE

UNUSED = "Number unused - ENTER, or CLEAR"
MODULES = [
    import_module(found.name)
    for found in pkgutil.walk_packages(checkout.__path__, f"{checkout.__name__}.")
]
# Every question of the till, by where it is.
QUESTIONS = {
    f"{module.__name__.removeprefix('edge.checkout.')}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Prompt)
}


def asked(prompt: Prompt) -> Till:
    """A till with that question over it; what it is about stays out of the test."""
    till = Till()
    plain = replace(prompt, rows=None, detail=None, qr=None)
    till.session = Session(
        State.ASKING, till.session.language, asking=Asking(plain, under=State.IDLE)
    )
    return till


@pytest.mark.parametrize("keyed", ["10", "0", "2 X 5", "3 X"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_in_every_question_a_number_stays_behind_menu_until_clear(
    question: str, keyed: str
) -> None:
    prompt = QUESTIONS[question]
    assert Key.MENU not in prompt.keys
    till = asked(prompt).press(keyed)
    shown, numbers = till.screen.entry, (till.session.entry, till.session.quantity_milli)
    till.press("MENU")
    assert (till.screen.entry, till.notice) == (shown, UNUSED)
    till.press("1 6 00 .")
    assert (till.screen.entry, till.notice) == (shown, UNUSED)
    assert (till.session.entry, till.session.quantity_milli) == numbers
    till.press("CLEAR")
    assert (till.state, till.screen.entry) == (State.ASKING, "")
    assert till.press("16").session.entry == "16"


KEYED_IN = [
    (state, key)
    for state, row in RULES.items()
    if state not in BUSY and Trigger.DIGIT in row and row[Trigger.DIGIT].handler is key_digit
    for key in Key
    if KEY_TRIGGERS[key] not in row
]


@pytest.mark.parametrize(("state", "key"), KEYED_IN)
def test_everywhere_else_it_stays_behind_a_key_that_is_none_there(state: State, key: Key) -> None:
    till = IN_STATE[state]().press("5").press(key.value)
    assert till.notice == UNUSED
    assert till.press("1001").session.entry == "5"
    assert till.press("CLEAR 7").session.entry == "7"


def test_a_discount_that_is_keyed_again_in_its_own_question_is_the_one_keyed() -> None:
    till = Till().scan("1003").press("MENU 16 10 MENU 16 ENTER")
    assert till.total == ("TOTAL", "9.00")
    till = Till().scan("1003").press("10 MENU 17 ENTER 1001 MENU 17 CASH")
    assert till.notice == "More than it costs - CLEAR"
    assert till.press("0 MENU 17 ENTER").total == ("TOTAL", "10.00")


def test_digits_that_lack_their_quantity_key_stay_too() -> None:
    till = Till().press("3").scan("1001").press("1003 ENTER")
    assert (till.rows, till.notice) == ([], "Unknown code - rescan, or key PLU")
    till = Till().press("3").scan("1001").press("2").press("X").scan("1001")
    assert till.rows == [("Cola", "3 × 3.50", "10.50")]


def test_behind_an_answer_that_was_refused_digits_are_another_one() -> None:
    till = Till().scan("1003").press("101 MENU 16 ENTER 20 ENTER")
    assert till.total == ("TOTAL", "8.00")
