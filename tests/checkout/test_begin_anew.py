"""A device that is begun anew from the keypad, for another one may be in its place: its number in
the list of devices and ENTER, with the leave of whoever may, and on record.
"""

from dataclasses import replace

import pytest

from edge.checkout.devices import Kind, TillDevice
from edge.checkout.effects import BeginAnew, RecordLive
from edge.checkout.people.staff import READY_ROLES, Permission
from edge.checkout.records import Entry, EntryKind
from edge.checkout.session import State
from tests.support.playbook import COLA_EAN13, SHOP, Till
from tests.support.staff import StaffTill, on_duty

DEVICES = (
    TillDevice("counter", Kind.SCANNER),
    TillDevice("epson", Kind.PRINTER),
    TillDevice("cash", Kind.DRAWER, on="epson"),
)
LIST = "Devices - number ENTER: reconnect"
EQUIPPED = replace(SHOP, devices=DEVICES)


def begun(till: Till) -> list[str]:
    return [effect.device for effect in till.all_effects if isinstance(effect, BeginAnew)]


@pytest.mark.parametrize(("number", "name"), [("1", "counter"), ("2", "epson")])
def test_a_number_and_enter_begin_that_device_anew_and_that_is_on_record(
    number: str, name: str
) -> None:
    till = Till(EQUIPPED).press(f"MENU 93 {number} ENTER")
    assert till.done == ["RecordLive", "BeginAnew"]
    assert begun(till) == [name]
    assert till.journal == [Entry(EntryKind.DEVICE_BEGUN_ANEW, {"device": name})]
    assert till.notice == f"Reconnecting {name}"


def test_the_list_stays_and_follows_the_device_until_it_is_closed() -> None:
    till = Till(EQUIPPED).scan(COLA_EAN13).press("MENU 93 2 ENTER")
    assert (till.screen.title, till.screen.entry) == (LIST, "")
    assert till.press("ENTER").state is State.SELLING
    assert begun(till) == ["epson"]


def test_a_drawer_at_a_printer_begins_with_that_and_is_named_itself() -> None:
    till = Till(EQUIPPED).press("MENU 93 3 ENTER")
    assert begun(till) == ["epson"]
    assert till.journal[0].body == {"device": "cash"}
    assert till.notice == "Reconnecting cash"


@pytest.mark.parametrize("keys", ["0", "4", "1.", "00", "2 X", "2 X 1"])
def test_what_is_the_number_of_none_begins_none(keys: str) -> None:
    till = Till(EQUIPPED).press(f"MENU 93 {keys} ENTER")
    assert till.notice == "No such device - key its number"
    assert (begun(till), till.journal, till.screen.entry) == ([], [], "")
    assert till.press("1 ENTER").notice == "Reconnecting counter"


def test_the_marked_row_alone_is_only_looked_at() -> None:
    till = Till(EQUIPPED).press("MENU 93 DOWN ENTER")
    assert (till.state, begun(till)) == (State.IDLE, [])


def test_clear_takes_the_number_back() -> None:
    till = Till(EQUIPPED).press("MENU 93 2 CLEAR ENTER")
    assert (till.state, begun(till)) == (State.IDLE, [])


# --- who may


def test_it_is_for_supervisors_and_managers() -> None:
    may = {name for name, role in READY_ROLES.items() if Permission.RECONNECT in role.permissions}
    assert may == {"supervisor", "manager"}


def test_a_cashier_looks_without_leave_and_needs_it_to_begin_one_anew() -> None:
    till = on_duty(shop=EQUIPPED).press("MENU 93")
    assert till.screen.title == LIST
    assert till.press("2 ENTER").screen.title == "Supervisor: reconnect a device"
    assert begun(till) == []
    till.lifted()
    assert begun(till) == ["epson"]
    body = {"permission": "reconnect", "by": "7", "for": "12", "action": "93"}
    assert till.bodies == [
        ("permission.lifted", body),
        ("device.begun_anew", {"device": "epson"}),
    ]
    assert (till.screen.title, till.notice) == (LIST, "Reconnecting epson")


def test_the_leave_is_for_one_device_once() -> None:
    till = on_duty(shop=EQUIPPED).press("MENU 93 2 ENTER").lifted()
    assert till.press("1 ENTER").screen.title == "Supervisor: reconnect a device"
    assert till.press("CLEAR").state is State.IDLE
    assert begun(till) == ["epson"]


def test_a_supervisor_is_asked_nothing() -> None:
    till = on_duty("7", "70707", shop=EQUIPPED).press("MENU 93 2 ENTER")
    assert begun(till) == ["epson"]


def test_nobody_has_to_sign_on_for_it_but_who_may_says_so() -> None:
    till = StaffTill(EQUIPPED).press("MENU 93 2 ENTER").lifted()
    assert begun(till) == ["epson"]
    assert till.press("ENTER").state is State.SIGNED_OFF


def test_in_training_it_is_no_exercise() -> None:
    till = Till(replace(EQUIPPED, training=True)).press("MENU 93 2 ENTER")
    (recorded,) = till.of(RecordLive)
    assert recorded.entries[0].kind is EntryKind.DEVICE_BEGUN_ANEW
