"""The transition table: what it names happens, what it does not name is refused."""

from dataclasses import replace
from random import Random

import pytest

from edge.checkout.effects import Beep, Tone
from edge.checkout.inputs import BarcodeScanned, Input, Key, KeyPressed
from edge.checkout.machine import step, trigger_of
from edge.checkout.menu import TASKS
from edge.checkout.session import Notice, State
from edge.checkout.transitions import (
    ANYWHERE,
    CASHIER,
    INPUT_TRIGGERS,
    KEY_TRIGGERS,
    RULES,
    Trigger,
)
from edge.checkout.words.texts import Word
from scripts.draw_machine import PAGE, page
from tests.support.member_walk import WatchedMemberTill
from tests.support.playbook import Till
from tests.support.staff import StaffTill
from tests.support.till_states import IN_STATE
from tests.support.walk import ACTIONS, Walk, WatchedTill

ANSWERS = frozenset({Trigger.STORED, Trigger.FOUND, Trigger.MISSING, Trigger.STARTED})
ANSWER_SHARE = 0.2
REFUSED = Notice(Word.REFUSED_KEY, tone="refusal")


def by_cashier(trigger: Trigger, till: Till) -> list[Input]:
    """Each input that the cashier can cause the trigger with."""
    if trigger is Trigger.SCAN:
        return [BarcodeScanned("1001", till.now())]
    return [KeyPressed(key, till.now()) for key in Key if KEY_TRIGGERS[key] is trigger]


@pytest.mark.parametrize("state", State)
def test_there_is_a_way_into_every_state(state: State) -> None:
    assert IN_STATE[state]().state is state


@pytest.mark.parametrize("state", State)
def test_what_the_table_does_not_name_is_refused_and_changes_nothing(state: State) -> None:
    till = IN_STATE[state]()
    for trigger in CASHIER - set(RULES[state]):
        for cause in by_cashier(trigger, till):
            after, effects = step(till.session, cause, till.facts)
            assert after.notice == REFUSED
            assert after == replace(till.session, notice=REFUSED, clock=after.clock)
            assert Beep(Tone.REFUSED) in effects


def test_every_key_is_a_trigger_and_every_input_has_one_place() -> None:
    assert set(KEY_TRIGGERS) == set(Key)
    triggers = {*KEY_TRIGGERS.values(), *INPUT_TRIGGERS.values(), Trigger.ANSWERED}
    assert triggers == set(Trigger)
    assert {*ANYWHERE, *INPUT_TRIGGERS, KeyPressed} == set(Input.__args__)
    assert not set(ANYWHERE) & set(INPUT_TRIGGERS)


def by_marker(number: str) -> str:
    """The keys that choose a task of the menu with the marker."""
    downs = [task.number for task in TASKS].index(number)
    return "MENU" + " DOWN" * downs + " ENTER"


SIGN_ON = ("12 ENTER 1234 ENTER", "!answer", "!answer")
HOLD_TWO = ("scan 1001", "MENU 18", "!answer", "scan 1002", "MENU 18", "!answer")
# What takes more than luck to come along: each a story of its own.
TOURS = (
    ("scan 1001", "CARD", "12345678901234", "CARD", "CLEAR"),
    ("scan 1001", "CARD", "1 CLEAR"),
    ("scan 1001", "SUBTOTAL", "CLEAR"),
    ("scan 1001", "SUBTOTAL", "MENU", "CLEAR"),
    ("scan 1001", "CASH", "!answer", "MENU 11", "1 ENTER", "!answer", "CLEAR"),
    ("scan 1001", "CASH", "!answer", "1 MENU 11", "!answer", "ENTER CARD", "!answer"),
    ("scan 1001", "CASH", "!answer", "1 MENU 11", "!answer", "ENTER CASH", "!answer"),
    ("MENU 12", "scan 1001", "CASH", "!answer", "MENU 11", "1 ENTER", "!answer"),
    ("MENU 12", "scan 1001", "CASH", "!answer", "1 MENU 11", "!answer"),
    ("scan 1001", "CASH", "!answer", "!not_printed", "ENTER", "!answer"),
    ("MENU DOWN ENTER", "scan 1001", "VOID CLEAR"),
    ("MENU ENTER", "CLEAR", "MENU 9 ENTER", "CLEAR"),
    (by_marker("21"), "!answer"),
    (by_marker("31"), "scan 1001", "!answer"),
    ("500 " + by_marker("23"), "!answer"),
    ("scan 1001", by_marker("91"), "SUBTOTAL", by_marker("91")),
    ("MENU 12", by_marker("91")),
    ("scan 1001", "VOID CLEAR", "!answer"),
    ("scan 1001", "!restart", "400 CASH", "100 CASH", "!restart"),
    ("scan 1001", "100 CASH", "!restart", "CASH", "!answer", "!restart"),
    ("MENU 12", "scan 1001", "!restart"),
    ("scan 1001", "MENU 21", "!answer", "100 CASH", "MENU 21", "!answer"),
    ("MENU 12", "CLEAR", "MENU 12", "MENU CLEAR", "MENU 21", "!answer", "scan 1001", "CARD"),
    ("scan 1001", "!taxes_gone", "!restart", "!answer"),
    ("!disk_fails", "ENTER"),
    ("5 " + by_marker("12"),),
    ("scan 1001", "CARD", "12345678901234", "ENTER", "CLEAR", "CLEAR"),
    ("MENU 11", "CLEAR"),
    (*HOLD_TWO, "MENU 19", "1", "X", "5 CLEAR", "UP", "DOWN ENTER", "!answer"),
)


# The same in a shop that has members.
MEMBER_TOURS = (("13812345678 MEMBER", "!answer", "ENTER", "!answer", "!answer", "CLEAR"),)

# The same with people, nobody signed on.
STAFF_TOURS = (
    ("scan 1001", "1", "CLEAR", "ENTER", "MENU", "CLEAR", "MENU MENU", "MENU DOWN ENTER"),
    ("MENU 91", by_marker("91"), "MENU 1", "2", "CLEAR", "MENU 66"),
    (*SIGN_ON, "scan 1001", "VOID"),
    (*SIGN_ON, "MENU 62", "!answer", by_marker("61"), "CLEAR"),
)


class WatchedStaffTill(StaffTill, WatchedTill):
    """A till with staff whose every step is checked."""


def walked_rows(dice: Random) -> set[tuple[State, Trigger, State]]:
    """Where each row of the table led on the tours and on long walks; steps in which something
    deferred followed are left out, for they are several rows at once.
    """
    walks = [Walk() for _ in range(150)]
    actions = [action for action in ACTIONS if action != "!disk_fails"]
    for walk in walks:
        for _ in range(100):
            walk.act("!answer" if dice.random() < ANSWER_SHARE else dice.choice(actions))
    for tour in TOURS:
        walks.append(Walk())
        walks[-1].act(*tour)
    for tour in MEMBER_TOURS:
        walks.append(Walk(till=WatchedMemberTill()))
        walks[-1].act(*tour)
    for tour in STAFF_TOURS:
        walks.append(Walk(till=WatchedStaffTill()))
        walks[-1].act(*tour)
    return {
        (before.state, trigger_of(cause), after.state)
        for walk in walks
        for before, cause, after in walk.trail
        if type(cause) not in ANYWHERE and len(before.deferred) <= len(after.deferred)
    }


def test_every_row_of_the_table_leads_wherever_it_says() -> None:
    """A long walk, always the same one, comes along every arrow."""
    said = {
        (state, trigger, after)
        for state, row in RULES.items()
        for trigger, rule in row.items()
        for after in rule.leads_to or ()
    }
    assert said - walked_rows(Random(7)) == set()


def test_no_state_lacks_a_way_back() -> None:
    """From every state IDLE is reachable by keys, once the disk has given its answers."""
    ways = {
        state: {
            after
            for trigger, rule in row.items()
            if trigger in CASHIER | ANSWERS
            for after in (set(State) if rule.leads_to is None else rule.leads_to)
        }
        for state, row in RULES.items()
    }
    for state in set(State) - {State.STOPPED}:
        reached, found = {state}, {state}
        while found:
            found = {after for each in found for after in ways[each]} - reached
            reached |= found
        assert State.IDLE in reached, state
    assert set(RULES[State.STOPPED]) == {Trigger.ENTER}


@pytest.mark.parametrize(
    "state", [*(set(State) - {State.STARTING, State.STOPPED, State.SIGNED_OFF})]
)
def test_the_way_back_is_clear_or_the_menu(state: State) -> None:
    """The same, played: a few keys that every cashier knows lead to a free till."""
    till = IN_STATE[state]()
    if till.waits_for_disk:
        till.answered()
    for keys in ("CLEAR", "CLEAR", "CLEAR", "MENU 14"):
        if till.state is not State.IDLE:
            till.press(keys)
    if till.waits_for_disk:
        till.answered()
    assert till.state is State.IDLE


def test_an_input_has_its_trigger() -> None:
    till = Till()
    assert trigger_of(BarcodeScanned("x", till.now())) is Trigger.SCAN
    assert trigger_of(KeyPressed(Key.DOUBLE_ZERO, till.now())) is Trigger.DIGIT
    assert trigger_of(KeyPressed(Key.TIMES, till.now())) is Trigger.TIMES


def test_the_page_that_draws_the_table_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run scripts/draw_machine.py"
