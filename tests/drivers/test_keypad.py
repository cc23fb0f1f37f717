"""One contract for every keypad."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import ValidationError

from edge.checkout.inputs import DeviceState, Key, KeyPressed
from edge.drivers.keys.keypad_evdev import EvdevKeypad, KeypadEvdevSettings
from edge.drivers.keys.keypad_serial import KeypadSerialSettings, SerialKeypad, default_keymap
from edge.drivers.simulated import KeypadSimulatedSettings, SimulatedKeypad
from edge.ports import Driver
from tests.support.devices import (
    QUICK_REOPEN,
    RecordingInbox,
    SerialLine,
    plugged,
    running,
    surroundings,
)
from tests.support.input_devices import EventNodes, Keyboard, plugged_in, pressed

KEYS = [Key.DIGIT_3, Key.TIMES, Key.DOUBLE_ZERO, Key.POINT, Key.CASH, Key.ENTER, *Key]


@dataclass
class Rig:
    driver: Driver
    inbox: RecordingInbox
    press: Callable[[Key], object]
    unplug: Callable[[], None]
    replug: Callable[[], None]

    async def pressed(self, count: int) -> list[Key]:
        return [press.key for press in await self.inbox.until_count(KeyPressed, count)]


def simulated() -> Rig:
    inbox = RecordingInbox()
    settings = KeypadSimulatedSettings(
        driver="keypad_simulated", name="keypad", reopen=QUICK_REOPEN
    )
    keypad = SimulatedKeypad(settings, surroundings(inbox))
    return Rig(keypad, inbox, keypad.press, keypad.unplug, keypad.replug)


def serial(line: SerialLine, framing: str) -> Rig:
    inbox = RecordingInbox()
    settings = KeypadSerialSettings.model_validate(
        {
            "driver": "keypad_serial",
            "name": "keypad",
            "path": str(line.path),
            "framing": framing,
            "reopen": QUICK_REOPEN,
        }
    )
    byte_of = {key: character.encode() for character, key in default_keymap().items()}

    def press(key: Key) -> None:
        line.send(byte_of[key] if framing == "byte" else key.value.encode() + b"\r\n")

    return Rig(SerialKeypad(settings, surroundings(inbox)), inbox, press, line.unplug, line.plug)


# Each key on the pad, with the second layer's key before it where it is there.
PAD20 = {
    **{Key(digit): (f"KEY_KP{digit}",) for digit in "0123456789"},
    Key.POINT: ("KEY_KPDOT",),
    Key.TIMES: ("KEY_KPASTERISK",),
    Key.ENTER: ("KEY_KPENTER",),
    Key.CLEAR: ("KEY_BACKSPACE",),
    Key.CASH: ("KEY_KPPLUS",),
    Key.CARD: ("KEY_KPMINUS",),
    Key.MOBILE: ("KEY_KPSLASH",),
    Key.MENU: ("KEY_ESC",),
    Key.DOUBLE_ZERO: ("KEY_NUMLOCK", "KEY_KP0"),
    Key.UP: ("KEY_NUMLOCK", "KEY_KP8"),
    Key.DOWN: ("KEY_NUMLOCK", "KEY_KP2"),
    Key.SUBTOTAL: ("KEY_NUMLOCK", "KEY_KPPLUS"),
    Key.VOID: ("KEY_NUMLOCK", "KEY_BACKSPACE"),
    Key.MEMBER: ("KEY_NUMLOCK", "KEY_KPSLASH"),
}


def evdev(keyboard: Keyboard) -> Rig:
    inbox = RecordingInbox()
    settings = KeypadEvdevSettings(
        driver="keypad_evdev", name="keypad", path=str(keyboard.path), reopen=QUICK_REOPEN
    )

    def press(key: Key) -> None:
        for each in PAD20[key]:
            keyboard.play(pressed(each))

    keypad = EvdevKeypad(settings, surroundings(inbox))
    return Rig(keypad, inbox, press, keyboard.unplug, keyboard.plug)


@pytest.fixture(params=["simulated", "byte", "line", "evdev"])
async def rig(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Rig]:
    if request.param == "simulated":
        yield simulated()
    elif request.param == "evdev":
        monkeypatch.setattr("evdev.InputDevice", EventNodes().open)
        keyboard = Keyboard(tmp_path / "keypad")
        with plugged_in(keyboard):
            yield evdev(keyboard)
    else:
        with plugged(SerialLine(tmp_path / "keypad")) as line:
            yield serial(line, request.param)


async def test_every_press_is_offered_in_order(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.inbox.until_state("keypad", DeviceState.READY)
        for key in KEYS:
            rig.press(key)
        assert await rig.pressed(len(KEYS)) == KEYS


async def test_a_keypad_works_again_after_it_was_unplugged(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.inbox.until_state("keypad", DeviceState.READY)
        rig.unplug()
        await rig.inbox.changes.until(
            lambda: rig.inbox.states("keypad")[-1] is not DeviceState.READY
        )
        rig.replug()
        await rig.inbox.until_state("keypad", DeviceState.READY)
        rig.press(Key.CASH)
        assert await rig.pressed(1) == [Key.CASH]


def test_a_keymap_in_the_settings_replaces_the_default_one() -> None:
    settings = KeypadSerialSettings.model_validate(
        {"driver": "keypad_serial", "name": "k", "path": "p", "keymap": {"q": "CASH"}}
    )
    assert settings.keymap == {"q": Key.CASH}


@pytest.mark.parametrize("keymap", [{"ab": "CASH"}, {"é": "CASH"}, {"q": "MONEY"}, {}])
def test_a_keymap_that_no_byte_can_mean_is_refused(keymap: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        KeypadSerialSettings.model_validate(
            {"driver": "keypad_serial", "name": "k", "path": "p", "keymap": keymap}
        )
