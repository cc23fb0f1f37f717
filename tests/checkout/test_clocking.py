"""Clocking in and out, and breaks."""

from edge.checkout.session import State
from tests.support.staff import StaffTill, on_duty


def test_clocking_in_and_out_takes_a_pin_of_ones_own() -> None:
    till = StaffTill().press("12 MENU 63").pin("1234")
    assert (till.state, till.notice) == (State.SIGNED_OFF, "Clocked in: 12 Anna")
    assert till.press("12 MENU 63").notice == "Is in already - CLEAR"
    till.press("12 MENU 64").pin("1234")
    assert till.notice == "Clocked out: 12 Anna"
    assert till.press("12 MENU 64").notice == "Not clocked in - MENU 63"
    assert till.bodies == [
        ("staff.clocked_in", {"staff": "12"}),
        ("staff.clocked_out", {"staff": "12"}),
    ]


def test_enter_alone_is_who_is_signed_on() -> None:
    till = on_duty().press("MENU 63 ENTER").pin("1234")
    assert (till.state, till.notice) == (State.IDLE, "Clocked in: 12 Anna")


def test_others_clock_in_at_a_till_that_somebody_has() -> None:
    till = on_duty().press("7 MENU 63").pin("70707").press("7 MENU 64").pin("70707")
    assert (till.state, till.screen.status[0]) == (State.IDLE, "12 Anna")


def test_who_clocks_out_leaves_the_till() -> None:
    till = on_duty().press("12 MENU 63").pin("1234").press("12 MENU 64").pin("1234")
    assert till.state is State.SIGNED_OFF
    assert till.bodies[1:] == [
        ("staff.clocked_out", {"staff": "12"}),
        ("staff.signed_off", {"staff": "12"}),
    ]


def test_a_break_begins_and_ends() -> None:
    till = on_duty().press("12 MENU 65")
    assert till.notice == "Not clocked in - MENU 63"
    till.press("CLEAR 12 MENU 63").pin("1234").press("12 MENU 65").pin("1234")
    assert (till.state, till.notice) == (State.SIGNED_OFF, "Break begins: 12 Anna")
    till.press("12 MENU 65").pin("1234")
    assert (till.state, till.notice) == (State.SIGNED_OFF, "Break ended: 12 Anna")
    assert [kind for kind, _ in till.bodies] == [
        "staff.clocked_in",
        "staff.break_began",
        "staff.signed_off",
        "staff.break_ended",
    ]


def on_break() -> StaffTill:
    till = on_duty().press("12 MENU 63").pin("1234").press("12 MENU 65").pin("1234")
    till.journal[:] = till.journal[-2:]
    return till


def test_signing_on_ends_the_break() -> None:
    till = on_break().sign_on()
    assert [kind for kind, _ in till.bodies[2:]] == ["staff.break_ended", "staff.signed_on"]


def test_clocking_out_ends_the_break() -> None:
    till = on_break().press("12 MENU 64").pin("1234")
    assert [kind for kind, _ in till.bodies[2:]] == ["staff.break_ended", "staff.clocked_out"]


def test_who_is_in_and_on_break_is_known_after_a_restart() -> None:
    till = on_duty().press("12 MENU 63").pin("1234").press("7 MENU 63").pin("70707")
    till = till.press("12 MENU 65").pin("1234").restarted()
    assert till.press("7 MENU 63").notice == "Is in already - CLEAR"
    assert till.press("CLEAR 12 MENU 65").pin("1234").notice == "Break ended: 12 Anna"
