"""The list of devices: each with what it is and how it is, at any time.

The status line names those that are away.
"""

from dataclasses import replace

import pytest

from edge.checkout.device_list import KIND_WORDS, STATE_WORDS
from edge.checkout.devices import Kind, TillDevice
from edge.checkout.inputs import DeviceChanged, DeviceState, DeviceTrouble, Key
from edge.checkout.instant import ClockQuality
from edge.checkout.menu import ANYWHERE, SIGNED_OFF
from edge.checkout.session import State
from edge.checkout.shop import Language
from edge.checkout.troubles import Trouble
from edge.checkout.words.texts import text
from edge.checkout.words.texts_device_list import DeviceListWord
from edge.checkout.words.texts_devices import TROUBLE_WORDS
from edge.drivers.displays.screen_layout import grid_of, lay_out_screen
from edge.drivers.displays.screen_lines import four_lines
from tests.support.playbook import COLA_EAN13, SHOP, Till
from tests.support.staff import StaffTill

DEVICES = (
    TillDevice("counter", Kind.SCANNER),
    TillDevice("epson", Kind.PRINTER),
    TillDevice("cash", Kind.DRAWER, on="epson"),
)
DAY_S = 24 * 60 * 60


def till_with(devices: tuple[TillDevice, ...] = DEVICES) -> Till:
    return Till(replace(SHOP, devices=devices))


def says(till: Till, device: str, state: DeviceState) -> Till:
    till.feed(DeviceChanged(till.now(), device, state))
    return till


def listed(till: Till) -> list[tuple[str, str, str]]:
    """Name, kind and state, each behind its number."""
    rows = till.screen.rows
    assert {row.middle for row in rows} == {""}
    assert all(row.left.startswith(f"{number} ") for number, row in enumerate(rows, 1))
    return [(*row.left.partition(" ")[2].split("  "), row.right) for row in rows]


def states(till: Till) -> dict[str, str]:
    return {name: state for name, _, state in listed(till.press("MENU 93"))}


def test_every_kind_and_every_state_has_a_word() -> None:
    assert set(KIND_WORDS) == set(Kind)
    assert set(STATE_WORDS) == set(DeviceState)


def test_each_device_of_the_settings_is_listed_in_their_order() -> None:
    till = till_with()
    assert listed(till.press("MENU 93")) == [
        ("counter", "Scanner", "connecting"),
        ("epson", "Printer", "connecting"),
        ("cash", "Drawer", "connecting"),
    ]
    assert till.screen.title == "Devices - number ENTER: reconnect"
    assert till.notice == "ENTER: close"


def test_the_list_says_since_when_a_device_is_away_and_follows_it() -> None:
    till = says(says(till_with(), "counter", DeviceState.READY), "epson", DeviceState.FAULTED)
    assert states(till) == {
        "counter": "ready",
        "epson": "fault 12:00",
        "cash": "fault 12:00",
    }
    says(till, "epson", DeviceState.READY)
    says(till, "counter", DeviceState.ABSENT)
    assert [state for *_, state in listed(till)] == ["away 12:00", "ready", "ready"]


def test_a_device_that_is_away_since_another_day_is_told_with_that_day() -> None:
    till = says(till_with(), "counter", DeviceState.FAULTED)
    till._ticks += DAY_S
    says(till, "counter", DeviceState.ABSENT)
    assert states(till)["counter"] == "away 01-01"


def test_a_time_that_nobody_vouches_for_has_its_mark() -> None:
    till = till_with()
    till.quality = ClockQuality.UNSET
    assert states(says(till, "counter", DeviceState.ABSENT))["counter"] == "away 12:00?"


def test_what_is_the_matter_with_a_device_that_is_there_stands_in_its_row() -> None:
    till = says(till_with(), "epson", DeviceState.READY)
    till.feed(DeviceTrouble(till.now(), "epson", Trouble.PAPER_OUT))
    assert states(till) | {"counter": ""} == {
        "counter": "",
        "epson": "out of paper",
        "cash": "out of paper",
    }
    till.feed(DeviceTrouble(till.now(), "epson", Trouble.PAPER_LOW))
    assert [state for *_, state in listed(till)][1:] == ["little paper", "ready"]


@pytest.mark.parametrize("trouble", Trouble)
def test_what_to_do_about_it_is_left_to_the_status_line(trouble: Trouble) -> None:
    till = says(till_with(), "epson", DeviceState.READY)
    till.feed(DeviceTrouble(till.now(), "epson", trouble))
    advice = text(TROUBLE_WORDS[trouble], Language.ENGLISH, "epson")
    assert advice in till.screen.status
    state = states(till)["epson"]
    assert len(state) <= len("cutter jammed")
    assert advice.startswith(f"epson: {state}")


def test_on_a_small_screen_the_name_of_what_is_out_of_order_is_whole() -> None:
    name = "receipt-printer"
    till = till_with((TillDevice(name, Kind.PRINTER), TillDevice("gun", Kind.SCANNER)))
    says(till, name, DeviceState.READY)
    till.feed(DeviceTrouble(till.now(), name, Trouble.ERROR))
    till.press("MENU 93")
    small = lay_out_screen(till.screen, grid_of(320, 240))
    words = [each.text.strip() for block in small for each in block.words]
    assert any(each.startswith(f"1 {name}") for each in words)
    assert "error" in words
    assert [line.strip() for line in four_lines(till.screen)] == [
        f"1 {name}  P",
        "error",
        "ENTER: close",
        "",
    ]


def test_the_list_is_in_the_cashiers_language() -> None:
    till = says(till_with(), "epson", DeviceState.READY)
    till.feed(DeviceTrouble(till.now(), "epson", Trouble.PAPER_LOW))
    says(till, "counter", DeviceState.ABSENT)
    till.press("MENU 91 MENU 93")
    assert listed(till) == [
        ("counter", "扫码枪", "12:00 断开"),
        ("epson", "打印机", "纸快用完"),
        ("cash", "钱箱", "正常"),
    ]


@pytest.mark.parametrize("key", [Key.ENTER, Key.CLEAR])
def test_the_list_lies_over_a_sale_and_leads_back_to_it(key: Key) -> None:
    till = till_with().scan(COLA_EAN13).press("MENU 93 DOWN")
    assert [row.selected for row in till.screen.rows] == [False, True, False]
    assert till.press(key).state is State.SELLING
    assert till.session.basket is not None


def test_nobody_needs_to_sign_on_to_look() -> None:
    till = StaffTill(replace(SHOP, devices=DEVICES))
    assert till.state is State.SIGNED_OFF
    assert len(listed(till.press("MENU 93"))) == len(DEVICES)
    assert till.press("ENTER").state is State.SIGNED_OFF
    assert State.TENDERING in ANYWHERE | SIGNED_OFF


def test_a_till_without_devices_has_no_list() -> None:
    till = till_with(()).press("MENU 93")
    assert till.notice == DeviceListWord.REFUSED_NONE.english
    assert till.state is State.IDLE


# --- the status line


def test_two_devices_that_are_away_are_named_and_more_are_counted() -> None:
    till = Till()
    for number, device in enumerate(("one", "two", "three"), 1):
        says(till, device, DeviceState.ABSENT)
        named = ("no one", "no two")[:number] if number < 3 else ("3 devices away - MENU 93",)
        assert till.screen.status == (*named, "offline")
    says(till, "one", DeviceState.READY)
    assert till.screen.status == ("no two", "no three", "offline")


def test_a_long_name_leaves_room_for_other_news() -> None:
    till = says(Till(), "the-scanner-behind-the-counter", DeviceState.ABSENT)
    assert till.screen.status == ("no the-scanner-behi", "offline")
