"""Alarms and the status line: what the cashier has to know stays until it was seen."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from edge.checkout.effects import Beep, Tone
from edge.checkout.inputs import DeviceChanged, DeviceState, InboxOverflowed, UplinkChanged
from edge.checkout.instant import ClockQuality
from edge.checkout.records import EntryKind
from edge.checkout.session import State
from edge.checkout.shifts.drawer_inputs import DrawerPulsed, Pulse
from edge.checkout.shop import Language
from edge.checkout.troubles import UplinkTrouble
from tests.support.playbook import SHOP, Till
from tests.support.till_states import IN_STATE


def failed_receipt(shop: object = SHOP) -> Till:
    """A sale is over and its receipt is not on paper."""
    return Till(shop).sell("1001").not_printed()


def test_a_drawer_that_did_not_open_is_said_and_not_tried_again() -> None:
    till = Till().sell("1001").pulsed(Pulse.UNOPENED)
    assert till.notice == "Drawer did not open - use its key"
    assert till.done == []
    assert till.press("CLEAR").done == []


def test_a_drawer_that_got_no_pulse_is_said_as_such_and_not_tried_again() -> None:
    till = Till().sell("1001").pulsed(Pulse.NOT_GIVEN)
    assert till.notice == "Drawer does not answer - use its key"
    assert till.done == []


def test_scans_that_were_lost_are_counted_on_the_screen() -> None:
    till = Till().scan("1001")
    till.feed(InboxOverflowed(till.now(), 3))
    assert till.notice == "3 scans were lost - scan again"
    assert till.of(Beep) == [Beep(Tone.REFUSED)]
    assert till.screen.notice_tone == "alarm"


def lost_scans(till: Till) -> Till:
    return till.feed(InboxOverflowed(till.now(), 3))


def drawer_failed(till: Till) -> Till:
    return till.feed(DrawerPulsed(till.now(), 7, Pulse.UNOPENED))


ALARMS = [
    (lost_scans, "3 scans were lost - scan again"),
    (drawer_failed, "Drawer did not open - use its key"),
    (lambda till: till.not_printed(), "Receipt 1 failed - check paper"),
]


@pytest.mark.parametrize(("sound", "alarm"), ALARMS)
def test_an_alarm_stays_until_a_key_is_pressed(sound: Callable[[Till], Till], alarm: str) -> None:
    till = sound(Till().sell("1001").scan("1002"))
    assert till.notice == alarm
    assert till.scan("1002").notice == alarm
    assert till.scan("nope").notice == alarm
    assert till.feed(UplinkChanged(till.now(), online=True)).notice == alarm
    assert till.press("UP").notice == ""


@pytest.mark.parametrize("key", ["ENTER", "CLEAR"])
def test_between_customers_a_key_takes_an_alarm_away_and_leaves_the_copy_that_it_hid(
    key: str,
) -> None:
    till = Till().sell("1001")
    till.pulsed(Pulse.UNOPENED).not_printed()
    assert till.notice == "Drawer did not open - use its key"
    assert till.press(key).notice == "Reprint 1? ENTER: yes, CLEAR: no"
    assert "PrintReceipt" in till.press("ENTER").stored().done


def test_a_key_that_takes_an_alarm_away_does_what_it_does() -> None:
    assert lost_scans(Till().scan("1001")).press("2").screen.entry == "2"
    till = lost_scans(Till().scan("1001")).press("MEMBER")
    assert till.notice == "No members in this shop - go on"


@pytest.mark.parametrize(("sound", "alarm"), ALARMS[:2])
def test_an_alarm_that_comes_while_the_disk_answers_outlives_what_waited(
    sound: Callable[[Till], Till], alarm: str
) -> None:
    till = sound(Till().scan("1001").press("CASH").scan("1002").press("2 X").scan("1003"))
    assert till.notice == alarm
    assert till.stored().notice == alarm
    assert till.state is State.SELLING
    assert till.press("CLEAR").notice == ""


def test_a_newer_alarm_takes_the_place_of_an_older_one() -> None:
    till = drawer_failed(lost_scans(Till().scan("1001")))
    assert till.notice == "Drawer did not open - use its key"
    assert till.press("CLEAR").notice == ""


def test_a_receipt_that_fails_while_the_disk_answers_is_offered_after_it() -> None:
    till = Till().sell("1001").press("MENU 21").not_printed()
    assert till.notice == "Receipt 1 failed - check paper"
    assert till.stored().notice == "Reprint 1? ENTER: yes, CLEAR: no"
    assert till.press("ENTER").state is State.STORING


def test_an_offer_that_an_alarm_hides_is_not_answered_by_the_key_that_takes_it_away() -> None:
    for till in (drawer_failed(failed_receipt()), drawer_failed(Till().sell("1001")).not_printed()):
        assert till.notice == "Drawer did not open - use its key"
        assert till.press("CLEAR").done == []
        assert till.notice == "Reprint 1? ENTER: yes, CLEAR: no"
    till = drawer_failed(failed_receipt()).press("ENTER")
    assert till.state is State.IDLE


def test_no_alarm_hides_why_selling_has_stopped() -> None:
    till = drawer_failed(Till().disk_fails())
    assert till.notice == "Disk failed - call; ENTER: restart"


def test_the_status_line_says_what_is_missing() -> None:
    till = Till()
    assert till.screen.status == ("offline",)
    till.feed(UplinkChanged(till.now(), online=True))
    assert till.screen.status == ()
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.ABSENT))
    till.feed(DeviceChanged(till.now(), "printer", DeviceState.FAULTED))
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.FAULTED))
    assert till.screen.status == ("no printer", "no scanner")
    till.feed(DeviceChanged(till.now(), "printer", DeviceState.OPENING))
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.READY))
    till.quality = ClockQuality.UNSET
    assert till.press("1").screen.status == ("clock not set",)
    till.quality = ClockQuality.FLOOR
    assert till.press("1").screen.status == ()


@pytest.mark.parametrize(
    ("trouble", "language", "said"),
    [
        (UplinkTrouble.QUARANTINED, Language.ENGLISH, "HQ takes no records"),
        (UplinkTrouble.QUARANTINED, Language.CHINESE, "总部拒收数据"),
        (UplinkTrouble.NOT_LET_IN, Language.ENGLISH, "HQ refuses this till"),
        (UplinkTrouble.NOT_LET_IN, Language.CHINESE, "总部拒绝本机连接"),
        (UplinkTrouble.FOREIGN_CERTIFICATE, Language.ENGLISH, "another till's certificate"),
        (UplinkTrouble.FOREIGN_CERTIFICATE, Language.CHINESE, "证书属于其他收银机"),
        (UplinkTrouble.SHARED_NAME, Language.ENGLISH, "two tills, one name"),
        (UplinkTrouble.SHARED_NAME, Language.CHINESE, "两台收银机同名"),
    ],
)
def test_the_status_line_says_why_headquarters_gets_nothing_and_the_till_sells_on(
    trouble: UplinkTrouble, language: Language, said: str
) -> None:
    till = Till(replace(SHOP, language=language))
    till.feed(UplinkChanged(till.now(), online=True, troubles=(trouble,)))
    assert till.screen.status == (said,)
    assert till.scan("1001").press("CASH").stored().kinds[-1] is EntryKind.SALE
    till.feed(UplinkChanged(till.now(), online=True))
    assert till.screen.status == ()


@pytest.mark.parametrize("state", [state for state in State if state is not State.STOPPED])
def test_news_of_devices_and_network_change_no_state(state: State) -> None:
    till = IN_STATE[state]()
    till.feed(UplinkChanged(till.now(), online=True))
    till.feed(DeviceChanged(till.now(), "scanner", DeviceState.ABSENT))
    till.feed(DrawerPulsed(till.now(), 7, Pulse.NOT_GIVEN))
    till.feed(InboxOverflowed(till.now(), 1))
    assert till.state is state
