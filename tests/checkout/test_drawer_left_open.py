"""A drawer that stands open is warned of; one whose switch is lost is not guessed about."""

from dataclasses import replace

from edge.checkout.effects import Beep, OpenDrawer, Tone
from edge.checkout.inputs import InboxOverflowed
from edge.checkout.shifts.drawer import MAX_RECORDED, MAX_WARNINGS, MINUTE_MS
from edge.checkout.shifts.drawer_inputs import DrawerChanged
from edge.checkout.shifts.drawer_watch import DrawerRules
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
from tests.support.shifts import ShiftTill

# --- left open


def test_a_drawer_left_open_is_warned_of_and_on_record_from_the_first_warning() -> None:
    till = DrawerTill().no_sale().pass_ms(WARN_MS - 1)
    assert till.drawer_records == []
    till.pass_ms(1)
    assert till.drawer_records == [(LEFT_OPEN, {"open_ms": WARN_MS})]
    assert till.notice == DrawerWord.CLOSE.english
    assert beeps(till)


def test_the_warning_comes_again_until_it_is_shut_and_leaves_with_it() -> None:
    till = DrawerTill().no_sale().pass_ms(WARN_MS).press("CLEAR")
    assert till.notice == ""
    till.pass_ms(WARN_MS)
    assert till.notice == DrawerWord.CLOSE.english
    till.pass_ms(5_000).shuts()
    assert till.notice == ""
    (first, _), (last, body) = till.drawer_records
    assert (first, last) == (LEFT_OPEN, CLOSED_LATE)
    assert 65_000 <= body["open_ms"] < 66_000
    assert till.pass_ms(10 * WARN_MS).notice == ""


def test_warnings_end_when_nobody_comes_and_the_status_line_goes_on() -> None:
    till = DrawerTill().no_sale()
    heard = 0
    for _ in range(3 * MAX_WARNINGS):
        before = len(till.all_effects)
        till.pass_ms(WARN_MS)
        heard += till.all_effects[before:].count(Beep(Tone.REFUSED))
    assert heard == MAX_WARNINGS
    assert till.reminder_ms is None
    assert till.shows_open
    assert len(till.drawer_records) == 1


def test_a_drawer_that_was_shut_and_opened_again_has_its_own_time() -> None:
    till = DrawerTill().no_sale().pass_ms(WARN_MS - 1_000).shuts()
    till.no_sale().pass_ms(WARN_MS - 100)
    assert till.drawer_records == []
    till.pass_ms(200)
    assert [kind for kind, _ in till.drawer_records] == [LEFT_OPEN]


def test_without_patience_nothing_is_warned_of() -> None:
    till = DrawerTill(replace(SHOP, drawer=DrawerRules(warn_after_ms=0))).no_sale()
    assert till.reminder_ms is None
    assert till.shuts().drawer_records == []


def test_a_drawer_that_is_counted_may_stand_open() -> None:
    till = CountedTill()
    till.press("MENU 26").stored()
    assert till.of(OpenDrawer)
    till.opens().pass_ms(5 * WARN_MS)
    assert till.drawer_records == []
    till.press("CLEAR").pass_ms(WARN_MS)
    assert [kind for kind, _ in till.drawer_records] == [LEFT_OPEN]


class CountedTill(DrawerTill, ShiftTill):
    """One that works in shifts."""


# --- out of sight


def test_a_switch_that_is_lost_is_on_record_and_nothing_is_shown_of_the_drawer() -> None:
    till = DrawerTill().no_sale().pass_ms(WARN_MS)
    assert till.notice == DrawerWord.CLOSE.english
    till.pass_ms(100).out_of_sight()
    assert till.notice == ""
    assert not till.shows_open
    (_, (kind, body)) = till.drawer_records
    assert kind is UNSEEN
    assert WARN_MS + 100 <= body["open_ms"] <= WARN_MS + 200
    assert till.pass_ms(10 * WARN_MS).notice == ""
    assert till.reminder_ms is None


def test_a_switch_that_is_lost_while_the_drawer_is_shut_is_on_record_too() -> None:
    till = DrawerTill().shuts().out_of_sight()
    assert till.drawer_records == [(UNSEEN, {"open_ms": 0})]
    assert not beeps(till)


def test_what_the_switch_finds_when_it_is_back_is_watched_anew() -> None:
    till = DrawerTill().no_sale().pass_ms(WARN_MS).out_of_sight().pass_ms(HOUR_MS)
    till.opens(found=True)
    assert till.shows_open
    till.pass_ms(WARN_MS)
    assert [kind for kind, _ in till.drawer_records] == [LEFT_OPEN, UNSEEN, LEFT_OPEN]
    assert till.drawer_records[-1] == (LEFT_OPEN, {"open_ms": WARN_MS})


def test_what_is_found_shut_is_no_news() -> None:
    till = DrawerTill().no_sale().pass_ms(WARN_MS).out_of_sight()
    till.feed(DrawerChanged(till.now(), is_open=False, found=True))
    assert [kind for kind, _ in till.drawer_records] == [LEFT_OPEN, UNSEEN]


def test_an_alarm_of_something_else_stays_when_the_switch_is_lost() -> None:
    till = DrawerTill().no_sale()
    till.feed(InboxOverflowed(till.now(), 3)).out_of_sight()
    assert till.notice == "3 scans were lost - scan again"


def test_a_loose_switch_fills_no_disk() -> None:
    till = DrawerTill()
    for _ in range(MAX_RECORDED + 5):
        till.out_of_sight().opens(found=True)
    assert {kind for kind, _ in till.drawer_records} == {UNSEEN}
    assert len(till.drawer_records) == MAX_RECORDED
    till.shuts().opens()
    assert len(till.drawer_records) == MAX_RECORDED
    till.shuts().pass_ms(MINUTE_MS)
    assert till.drawer_records[-1] == (FORCED, {"times": 1})
    assert till.out_of_sight().drawer_records[-1] == (UNSEEN, {"open_ms": 0})
