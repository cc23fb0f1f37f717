"""The drawer's switch: what it sees is shown, what nobody commanded and what lasts is on record."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.checkout.effects import RecordLive, RemindDrawer
from edge.checkout.inputs import InboxOverflowed, SideSwitched, Started
from edge.checkout.machine import step
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.shifts.drawer import BY_KEY_MS, MAX_RECORDED, MINUTE_MS, SPRING_MS
from edge.checkout.shifts.drawer_inputs import DrawerPulsed, DrawerReminded, Pulse
from edge.checkout.shifts.drawer_watch import DrawerRules
from edge.checkout.shop import Language
from edge.checkout.words.texts import Saying, Word
from edge.checkout.words.texts_drawer import DrawerWord
from tests.support.drawer_till import (
    CLOSED_LATE,
    FORCED,
    HOUR_MS,
    LEFT_OPEN,
    UNSEEN,
    WARN_MS,
    DrawerTill,
    beeps,
)
from tests.support.playbook import SHOP

# --- opened by the till


def test_what_the_till_opened_is_shown_and_no_news() -> None:
    till = DrawerTill().no_sale()
    assert till.shows_open
    assert not beeps(till)
    assert till.shuts().drawer_records == []
    assert not till.shows_open


def test_a_cash_sale_opens_it_as_well() -> None:
    till = DrawerTill().sell("1001").opens()
    assert till.drawer_records == []


def test_a_slow_disk_is_waited_for() -> None:
    till = DrawerTill().press("MENU 21").pass_ms(HOUR_MS).stored().opens()
    assert till.drawer_records == []


def test_a_pulse_that_is_late_is_the_till_s_all_the_same() -> None:
    till = DrawerTill().ordered().pass_ms(HOUR_MS).opens()
    assert till.drawer_records == []


def test_of_two_pulses_the_second_is_the_till_s_as_well() -> None:
    till = DrawerTill().ordered().press("MENU 21").stored()
    first, second = sorted(till.session.drawer.pulses)
    till.feed(DrawerPulsed(till.now(), first, Pulse.OPENED)).opens().shuts()
    assert till.pass_ms(HOUR_MS).opens().drawer_records == []
    till.feed(DrawerPulsed(till.now(), second, Pulse.OPENED)).shuts()
    till.pass_ms(SPRING_MS).opens()
    assert till.drawer_records == [(FORCED, {"times": 1})]


def test_a_spring_may_be_slower_than_the_answer() -> None:
    till = DrawerTill().ordered().pulsed().pass_ms(SPRING_MS - 10).opens()
    assert till.drawer_records == []


def test_one_pulse_is_one_opening() -> None:
    till = DrawerTill().ordered().pulsed().opens().shuts().opens()
    assert till.drawer_records == [(FORCED, {"times": 1})]


def test_a_pulse_long_ago_is_no_excuse() -> None:
    till = DrawerTill().ordered().pulsed().pass_ms(SPRING_MS).opens()
    assert till.drawer_records == [(FORCED, {"times": 1})]


@pytest.mark.parametrize(
    ("pulse", "notice"),
    [(Pulse.UNOPENED, Word.DRAWER_FAILED), (Pulse.NOT_GIVEN, DrawerWord.NO_PULSE)],
)
def test_told_to_use_the_key_somebody_may(pulse: Pulse, notice: Saying) -> None:
    till = DrawerTill().ordered().pass_ms(HOUR_MS).pulsed(pulse)
    assert till.notice == notice.english
    till.pass_ms(BY_KEY_MS - 10).opens()
    assert till.drawer_records == []
    till.shuts().opens()
    assert till.drawer_records == [(FORCED, {"times": 1})]


def test_a_pulse_that_opened_takes_no_time_from_the_key_that_was_called_for() -> None:
    till = DrawerTill().ordered().pulsed(Pulse.UNOPENED).ordered().pulsed()
    assert till.pass_ms(BY_KEY_MS // 2).opens().drawer_records == []


def test_a_key_that_comes_after_its_time_is_somebody_else_s() -> None:
    till = DrawerTill().ordered().pulsed(Pulse.NOT_GIVEN).pass_ms(BY_KEY_MS).opens()
    assert till.drawer_records == [(FORCED, {"times": 1})]


# --- opened by somebody else


def test_what_somebody_else_opens_is_on_record_shown_and_heard() -> None:
    till = DrawerTill().scan("1001").opens()
    assert till.drawer_records == [(FORCED, {"times": 1})]
    assert till.notice == DrawerWord.FORCED.english
    assert beeps(till)
    assert till.shows_open
    assert till.state is State.SELLING
    assert till.shuts().notice == DrawerWord.FORCED.english
    assert till.press("SUBTOTAL").notice != DrawerWord.FORCED.english


def test_it_is_said_in_chinese_too() -> None:
    till = DrawerTill(replace(SHOP, language=Language.CHINESE)).opens()
    assert till.notice == DrawerWord.FORCED.chinese
    assert DrawerWord.IS_OPEN.chinese in till.screen.status


def test_what_is_found_open_is_watched_but_nobody_s_doing() -> None:
    till = DrawerTill().opens(found=True)
    assert till.shows_open
    assert not beeps(till)
    assert till.drawer_records == []
    assert till.pass_ms(WARN_MS).drawer_records == [(LEFT_OPEN, {"open_ms": WARN_MS})]


def test_the_same_news_twice_is_no_news() -> None:
    till = DrawerTill().shuts()
    assert till.done == []
    till.opens().opens(found=True)
    assert till.done == []
    assert len(till.drawer_records) == 1


def test_an_alarm_of_something_else_is_not_covered() -> None:
    till = DrawerTill()
    till.feed(InboxOverflowed(till.now(), 3)).opens()
    assert till.notice == "3 scans were lost - scan again"
    assert beeps(till)
    assert till.pass_ms(WARN_MS).notice == "3 scans were lost - scan again"
    assert [kind for kind, _ in till.drawer_records] == [FORCED, LEFT_OPEN]


def test_a_till_that_has_stopped_records_nothing() -> None:
    till = DrawerTill().disk_fails()
    alarm = till.notice
    till.opens()
    assert till.of(RecordLive) == []
    assert (till.state, till.notice) == (State.STOPPED, alarm)


def test_openings_beyond_a_limit_go_on_record_together() -> None:
    till = DrawerTill()
    for _ in range(MAX_RECORDED + 5):
        till.opens().shuts()
    assert till.drawer_records == [(FORCED, {"times": 1})] * MAX_RECORDED
    till.pass_ms(MINUTE_MS)
    assert till.drawer_records[MAX_RECORDED:] == [(FORCED, {"times": 5})]
    till.pass_ms(MINUTE_MS).opens()
    assert till.drawer_records[-1] == (FORCED, {"times": 1})


def test_openings_beyond_the_limit_wait_for_the_minute_s_end_also_without_warnings() -> None:
    till = DrawerTill(replace(SHOP, drawer=DrawerRules(warn_after_ms=0)))
    for _ in range(MAX_RECORDED + 2):
        till.opens().shuts()
    till.pass_ms(MINUTE_MS)
    assert till.drawer_records[-1] == (FORCED, {"times": 2})
    assert till.reminder_ms is None


# --- in training


def trained() -> DrawerTill:
    """A till in a lesson."""
    till = DrawerTill().press("MENU 92")
    till.facts = replace(till.facts, shop=replace(SHOP, training=True))
    started = Started(till.now(), 1, None, ())
    return till.feed(SideSwitched(till.now(), started))


def test_in_training_no_pulse_goes_out_so_whoever_opens_it_is_on_record() -> None:
    till = trained().press("MENU 21").stored().pulsed().opens()
    assert till.of(RecordLive)
    assert till.drawer_records == [(FORCED, {"times": 1})]


def test_the_drawer_is_watched_into_a_lesson_and_out_of_it() -> None:
    till = DrawerTill().no_sale().press("MENU 92")
    till.facts = replace(till.facts, shop=replace(SHOP, training=True))
    till.feed(SideSwitched(till.now(), Started(till.now(), 1, None, ())))
    assert till.shows_open
    till.pass_ms(WARN_MS)
    assert till.notice == DrawerWord.CLOSE.english
    till.press("MENU 92").shuts()
    till.facts = replace(till.facts, shop=SHOP)
    till.feed(SideSwitched(till.now(), None))
    assert not till.shows_open
    assert [kind for kind, _ in till.drawer_records] == [LEFT_OPEN, CLOSED_LATE]


# --- whatever happens


ACTIONS = (
    *("open", "shut", "found", "lost", "command", *(pulse.value for pulse in Pulse)),
    *("wait 1", "wait 20000", "wait 70000", "key"),
)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(ACTIONS), max_size=60))
def test_every_opening_has_a_command_or_a_record_and_records_are_bounded(
    actions: list[str],
) -> None:
    till = DrawerTill()
    uncommanded = commands = lost = lost_late = 0
    for action in actions:
        drawer = till.session.drawer
        if action == "open":
            till.opens()
            is_ours = drawer.pulses or till.at_ms <= drawer.expected_until_ms
            uncommanded += not (drawer.is_open or is_ours)
        elif action == "shut":
            till.shuts()
        elif action == "found":
            till.opens(found=True)
        elif action == "command":
            till.press("MENU 21").stored()
            commands += 1
        elif action == "lost":
            till.out_of_sight()
            lost += 1
            lost_late += drawer.warnings > 0
        elif action in {*Pulse}:
            for effect_id in sorted(drawer.pulses)[:1]:
                till.feed(DrawerPulsed(till.now(), effect_id, Pulse(action)))
        elif action == "key":
            till.press("CLEAR")
        else:
            till.pass_ms(int(action.removeprefix("wait ")))
    till.shuts().pass_ms(2 * MINUTE_MS)
    forced = [body["times"] for kind, body in till.drawer_records if kind is FORCED]
    assert sum(forced) == uncommanded
    assert len(forced) <= 2 * MAX_RECORDED * (till.at_ms // MINUTE_MS + 1)
    kinds = [kind for kind, _ in till.drawer_records]
    assert kinds.count(LEFT_OPEN) == kinds.count(CLOSED_LATE) + lost_late
    assert kinds.count(UNSEEN) <= lost
    assert till.kinds.count(EntryKind.DRAWER_NO_SALE) == commands
    assert till.reminder_ms is None


def test_a_reminder_of_an_earlier_life_says_nothing() -> None:
    till = DrawerTill()
    session, effects = step(till.session, DrawerReminded(till.now()), till.facts)
    assert session.drawer == till.session.drawer
    assert not [each for each in effects if isinstance(each, RemindDrawer | RecordLive)]
