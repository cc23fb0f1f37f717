"""What is the matter with a device stands in the status line until it is over."""

from dataclasses import replace

import pytest

from edge.checkout.devices import Kind, TillDevice
from edge.checkout.effects import Beep, Tone
from edge.checkout.inputs import DeviceChanged, DeviceState, DeviceTrouble, Key, ReceiptPrinted
from edge.checkout.shifts.drawer_inputs import Pulse
from edge.checkout.shop import Language
from edge.checkout.troubles import Trouble
from edge.checkout.words.texts_devices import TROUBLE_WORDS, DeviceWord
from tests.support.playbook import COLA_EAN13, SHOP, Till
from tests.support.till_states import IN_STATE


def trouble(till: Till, what: Trouble | None, device: str = "printer") -> Till:
    till.feed(DeviceTrouble(till.now(), device, what))
    return till


def state(till: Till, now: DeviceState, device: str = "printer") -> Till:
    till.feed(DeviceChanged(till.now(), device, now))
    return till


def status(till: Till) -> tuple[str, ...]:
    return tuple(each for each in till.screen.status if each != "offline")


def test_every_trouble_has_its_word() -> None:
    assert set(TROUBLE_WORDS) == set(Trouble)
    assert set(TROUBLE_WORDS.values()) == set(DeviceWord)


@pytest.mark.parametrize("what", Trouble)
def test_a_trouble_is_shown_until_it_is_over_and_stops_nobody(what: Trouble) -> None:
    till = trouble(Till(), what)
    (shown,) = status(till)
    assert shown.startswith("printer: ")
    assert till.screen.notice == Till().screen.notice
    till.press("1")
    assert status(till) == (shown,)
    assert status(trouble(till, None)) == ()


def test_it_is_said_in_the_cashiers_language() -> None:
    till = trouble(Till(), Trouble.PAPER_LOW)
    assert status(till) == ("printer: little paper",)
    assert DeviceWord.PAPER_LOW.chinese == "{}：纸快用完"
    assert till.session.language is Language.ENGLISH


def test_a_device_that_is_away_has_no_other_trouble() -> None:
    till = trouble(state(Till(), DeviceState.READY), Trouble.PAPER_OUT)
    assert status(state(till, DeviceState.FAULTED)) == ("no printer",)
    assert status(state(till, DeviceState.READY)) == ()


def test_what_is_heard_before_the_device_is_heard_of_stays() -> None:
    till = state(trouble(Till(), Trouble.PAPER_LOW), DeviceState.READY)
    assert status(till) == ("printer: little paper",)


def test_what_a_lost_device_said_is_not_shown() -> None:
    till = trouble(state(Till(), DeviceState.ABSENT), Trouble.PAPER_LOW)
    assert status(till) == ("no printer",)


def test_two_printers_are_told_apart() -> None:
    till = trouble(trouble(Till(), Trouble.PAPER_LOW), Trouble.CUTTER, "kitchen")
    assert status(till) == ("printer: little paper", "kitchen: cutter jammed")
    assert status(trouble(till, None)) == ("kitchen: cutter jammed",)


def printing() -> Till:
    """A till whose receipt is on its way to the paper."""
    till = Till().scan(COLA_EAN13).press("CASH").stored()
    assert till.session.printing
    return till


def test_what_stops_a_receipt_is_an_alarm_and_the_receipt_is_waited_for() -> None:
    till = trouble(printing(), Trouble.PAPER_OUT)
    assert till.screen.notice == "printer: out of paper"
    assert Beep(Tone.REFUSED) in till.effects
    assert till.session.unprinted == ()
    (paper,) = till.session.printing
    till.feed(ReceiptPrinted(till.now(), paper.effect_id))
    trouble(till, None)
    till.press(Key.CLEAR)
    assert till.session.printing == till.session.unprinted == ()
    assert status(till) == ()


def test_little_paper_is_no_alarm_even_then() -> None:
    till = trouble(printing(), Trouble.PAPER_LOW)
    assert till.screen.notice != "printer: little paper"
    assert Beep(Tone.REFUSED) not in till.effects
    assert status(till) == ("printer: little paper",)


@pytest.mark.parametrize("before", IN_STATE)
def test_trouble_changes_no_state(before: object) -> None:
    till = IN_STATE[before]()
    trouble(till, Trouble.PAPER_OUT)
    assert till.state is before


KICKS = replace(
    SHOP,
    devices=(
        TillDevice("printer", Kind.PRINTER),
        TillDevice("drawer", Kind.DRAWER, on="printer"),
    ),
)
WITHOUT_PULSE = [
    (Trouble.PAPER_OUT, "printer: no paper - drawer: use key"),
    (Trouble.COVER_OPEN, "printer: cover open - drawer: use key"),
    (Trouble.CUTTER, "printer: cutter jam - drawer: use key"),
    (Trouble.ERROR, "printer: error - drawer: use key"),
    (Trouble.OFFLINE, "printer: offline - drawer: use key"),
    (Trouble.NO_ANSWER, "printer: no answer - drawer: use key"),
]


@pytest.mark.parametrize(("what", "said"), WITHOUT_PULSE)
def test_a_drawer_that_its_printer_keeps_shut_names_the_printers_trouble_first(
    what: Trouble, said: str
) -> None:
    till = trouble(Till(KICKS), what).sell("1001").pulsed(Pulse.NOT_GIVEN).not_printed()
    assert till.notice == said
    assert till.press("CLEAR").notice == "Reprint 1? ENTER: yes, CLEAR: no"


def test_a_printer_that_says_so_after_the_pulse_names_it_too() -> None:
    till = Till(KICKS).sell("1001").pulsed(Pulse.NOT_GIVEN)
    assert till.notice == "Drawer does not answer - use its key"
    assert trouble(till, Trouble.PAPER_LOW).notice == "Drawer does not answer - use its key"
    assert trouble(till, Trouble.PAPER_OUT).notice == "printer: no paper - drawer: use key"


def test_little_paper_keeps_no_drawer_shut() -> None:
    till = trouble(Till(KICKS), Trouble.PAPER_LOW).sell("1001").pulsed(Pulse.NOT_GIVEN)
    assert till.notice == "Drawer does not answer - use its key"


def test_a_drawer_of_its_own_is_its_own_trouble_and_hides_no_other() -> None:
    till = trouble(Till().sell("1001"), Trouble.PAPER_OUT).pulsed(Pulse.NOT_GIVEN)
    assert till.notice == "Drawer does not answer - use its key"
    assert trouble(till, Trouble.COVER_OPEN).notice == "printer: cover open"
