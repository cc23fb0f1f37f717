"""What only a keypad that is a keyboard can do, and its keymap files."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from evdev import ecodes
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.inputs import DeviceState, Key, KeyPressed
from edge.drivers.keys.input_events import EventParser
from edge.drivers.keys.keymap import MAX_BYTES, READY, Keymap, KeymapRefused, read_keymap
from edge.drivers.keys.keypad_evdev import LAYER_MS, EvdevKeypad, KeypadEvdevSettings, Keys
from tests.support.devices import QUICK_REOPEN, RecordingInbox, running, surroundings
from tests.support.input_devices import (
    DOWN,
    DROPPED,
    REPEAT,
    REPORT,
    UP,
    Event,
    EventNodes,
    Keyboard,
    moved,
    packed,
    plugged_in,
    pressed,
)

# The keys of the plainest numeric pad.
PAD17 = ["KEY_NUMLOCK", "KEY_KPDOT", "KEY_KPENTER", "KEY_KPPLUS", "KEY_KPMINUS"]
PAD17 += ["KEY_KPASTERISK", "KEY_KPSLASH", *(f"KEY_KP{digit}" for digit in range(10))]


class Pad:
    """A pad's whole way from its events to the till's keys."""

    def __init__(self, keymap: Keymap) -> None:
        self.events = EventParser()
        self.keys = Keys(keymap)
        self.now_ms = 1_000

    def feed(self, data: bytes) -> list[Key]:
        return [
            key for event in self.events.feed(data) for key in self.keys.take(event, self.now_ms)
        ]

    def read(self, *runs: list[Event]) -> list[Key]:
        return self.feed(packed(event for run in runs for event in run))


@pytest.fixture
def pad() -> Pad:
    return Pad(read_keymap("pad20"))


# --- keys


def test_repeats_press_nothing(pad: Pad) -> None:
    repeats = moved("KEY_KP5", REPEAT) * 30
    assert pad.read(moved("KEY_KP5", DOWN), repeats, moved("KEY_KP5", UP)) == [Key.DIGIT_5]


def test_a_press_is_a_press_though_the_release_before_it_was_lost(pad: Pad) -> None:
    assert pad.read(moved("KEY_KP5", DOWN), moved("KEY_KP5", DOWN)) == [Key.DIGIT_5] * 2
    assert pad.read(moved("KEY_KP6", UP), pressed("KEY_KP5")) == [Key.DIGIT_5]


def test_keys_that_are_held_together_are_pressed_one_after_the_other(pad: Pad) -> None:
    assert pad.read(pressed("KEY_KP1", "KEY_KP2", "KEY_KP3")) == [
        Key.DIGIT_1,
        Key.DIGIT_2,
        Key.DIGIT_3,
    ]


def test_keys_without_a_meaning_are_counted(pad: Pad) -> None:
    unknown = [*pressed("KEY_A"), *pressed("KEY_LEFTSHIFT"), *pressed("KEY_VOLUMEUP")]
    assert pad.read(unknown, pressed("KEY_KP1")) == [Key.DIGIT_1]
    assert pad.keys.unknown == 3


def test_a_key_that_types_several_noughts_is_several_noughts(pad: Pad) -> None:
    assert pad.read(pressed("KEY_KP0") * 3) == [Key.DIGIT_0] * 3


def test_the_second_layer_acts_on_one_key(pad: Pad) -> None:
    layer = pressed("KEY_NUMLOCK")
    assert pad.read(layer, pressed("KEY_KP8"), pressed("KEY_KP8")) == [Key.UP, Key.DIGIT_8]


def test_the_second_layer_does_not_stay_when_its_release_is_lost(pad: Pad) -> None:
    layer = moved("KEY_NUMLOCK", DOWN)
    assert pad.read(layer, pressed("KEY_KP8"), pressed("KEY_KP8")) == [Key.UP, Key.DIGIT_8]


def test_the_second_layer_is_held_as_well_as_pressed_before(pad: Pad) -> None:
    assert pad.read(pressed("KEY_NUMLOCK", "KEY_KP8"), pressed("KEY_KP8")) == [
        Key.UP,
        Key.DIGIT_8,
    ]


def test_the_second_layer_pressed_twice_is_taken_back(pad: Pad) -> None:
    layer = pressed("KEY_NUMLOCK")
    assert pad.read(layer, layer, pressed("KEY_KP8")) == [Key.DIGIT_8]


def test_the_second_layer_is_forgotten_after_a_while(pad: Pad) -> None:
    pad.read(pressed("KEY_NUMLOCK"))
    pad.now_ms += LAYER_MS
    assert pad.read(pressed("KEY_KP8")) == [Key.DIGIT_8]


def test_a_key_that_has_no_second_meaning_does_nothing_there(pad: Pad) -> None:
    layer = pressed("KEY_NUMLOCK")
    assert pad.read(layer, pressed("KEY_KP7"), pressed("KEY_KP8")) == [Key.DIGIT_8]
    assert pad.keys.unknown == 1


def test_lost_events_cost_what_was_lost_and_the_second_layer(pad: Pad) -> None:
    lost = [*pressed("KEY_NUMLOCK"), DROPPED, *moved("KEY_KP1", DOWN)]
    assert pad.read(lost, pressed("KEY_KP8")) == [Key.DIGIT_8]


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_no_bytes_upset_a_keypad(chunks: list[bytes]) -> None:
    pad = Pad(Keymap({ecodes.KEY_A: Key.CASH}, ecodes.KEY_B, {ecodes.KEY_A: Key.CARD}))
    for chunk in chunks:
        assert all(isinstance(key, Key) for key in pad.feed(chunk))
    pad.feed(bytes(-len(pad.events._rest) % len(packed([REPORT]))))
    pad.now_ms += LAYER_MS
    assert pad.read([REPORT], pressed("KEY_A")) == [Key.CASH]


# --- the keymaps that come with the till


@pytest.mark.parametrize("name", READY)
def test_every_key_of_the_till_is_on_each_keymap_that_comes_with_it(name: str) -> None:
    keymap = read_keymap(name)
    assert {*keymap.keys.values(), *keymap.layered.values()} == set(Key)


def test_every_key_of_the_till_can_be_pressed_on_seventeen_keys(pad: Pad) -> None:
    keys = {key for name in PAD17[1:] for key in pad.read(pressed(name))}
    keys |= {key for name in PAD17[1:] for key in pad.read(pressed("KEY_NUMLOCK"), pressed(name))}
    assert keys == set(Key)


def test_a_full_keyboard_needs_no_second_layer() -> None:
    assert set(read_keymap("pos").keys.values()) == set(Key)
    assert read_keymap("pos").layer is None


# --- keymap files


def written(folder: Path, text: str) -> str:
    path = folder / "keys.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_file_says_which_key_is_which(tmp_path: Path) -> None:
    keymap = read_keymap(
        written(tmp_path, 'layer = "KEY_F1"\n[keys]\nKEY_Q = "CASH"\n[layered]\nKEY_Q = "CARD"\n')
    )
    assert keymap == Keymap({ecodes.KEY_Q: Key.CASH}, ecodes.KEY_F1, {ecodes.KEY_Q: Key.CARD})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[keys\n", "is not TOML: "),
        ("", "keys: has no key in it"),
        ("[keys]\n", "keys: has no key in it"),
        ("keys = 3\n", "keys: is no table"),
        ('[keys]\nKEY_QQ = "CASH"\n', "keys.KEY_QQ: the kernel knows no such key"),
        ('[keys]\nREL_X = "CASH"\n', "keys.REL_X: the kernel knows no such key"),
        ('[keys]\nKEY_MAX = "CASH"\n', "keys.KEY_MAX: the kernel knows no such key"),
        ('[keys]\nKEY_Q = "MONEY"\n', "keys.KEY_Q: 'MONEY' is no key of the till: 0 1 2"),
        ("[keys]\nKEY_Q = 3\n", "keys.KEY_Q: 3 is no key of the till"),
        ("[keys]\nKEY_Q = ['CASH']\n", "keys.KEY_Q: ['CASH'] is no key of the till"),
        (
            '[keys]\nKEY_MUTE = "CASH"\nKEY_MIN_INTERESTING = "CARD"\n',
            "keys.KEY_MIN_INTERESTING: is the same key as KEY_MUTE",
        ),
        ('[keys]\nKEY_Q = "CASH"\n[kyes]\n', "kyes: is not a setting"),
        ('[keys]\nKEY_Q = "CASH"\n[layered]\nKEY_Q = "CARD"\n', "layered: needs a key in layer"),
        ('layer = "KEY_F1"\n[keys]\nKEY_Q = "CASH"\n', "layered: has no key in it"),
        ('layer = "F1"\n[keys]\nKEY_Q = "CASH"\n', "layer: the kernel knows no key 'F1'"),
        ('layer = ["F1"]\n[keys]\nKEY_Q = "CASH"\n', "layer: the kernel knows no key ['F1']"),
        (
            'layer = "KEY_Q"\n[keys]\nKEY_Q = "CASH"\n[layered]\nKEY_W = "CARD"\n',
            "keys.KEY_Q: is the key of the layer",
        ),
        (f"x = {'9' * 5000}\n", "can't be read"),
        (f"x = {'[' * 5000}\n", "can't be read"),
        ("#" * (MAX_BYTES + 1), "is longer than 256 KiB"),
    ],
)
def test_a_file_that_is_no_keymap_is_refused_with_file_key_and_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(KeymapRefused) as refused:
        read_keymap(path)
    assert any(line.startswith(f"{path}: {reason}") for line in refused.value.lines)


def test_every_error_of_a_file_has_a_line(tmp_path: Path) -> None:
    path = written(tmp_path, '[keys]\nKEY_QQ = "CASH"\nKEY_W = "MONEY"\n[layered]\nKEY_E = 1\n')
    with pytest.raises(KeymapRefused) as refused:
        read_keymap(path)
    assert len(refused.value.lines) == 4


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    missing = str(tmp_path / "none.toml")
    with pytest.raises(KeymapRefused, match=r"none\.toml: can't be read: No such file"):
        read_keymap(missing)
    (tmp_path / "gb.toml").write_bytes("# 键".encode("gb18030"))
    with pytest.raises(KeymapRefused, match=r"gb\.toml: is not UTF-8 at byte 2"):
        read_keymap(str(tmp_path / "gb.toml"))
    with pytest.raises(KeymapRefused, match="can't be read"):
        read_keymap("nul\0")


# --- the driver


@pytest.fixture
async def keyboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Keyboard]:
    monkeypatch.setattr("evdev.InputDevice", EventNodes().open)
    keyboard = Keyboard(tmp_path / "keypad")
    with plugged_in(keyboard):
        yield keyboard


async def test_a_keyboard_works_with_a_keymap_of_ones_own(
    tmp_path: Path, keyboard: Keyboard
) -> None:
    keymap = written(tmp_path, '[keys]\nKEY_Q = "CASH"\n')
    inbox = RecordingInbox()
    keypad = keypad_of(keyboard, keymap, inbox)
    async with running(keypad):
        await inbox.until_state("keypad", DeviceState.READY)
        for byte in packed([*pressed("KEY_W"), *pressed("KEY_Q")]):
            keyboard.send(bytes([byte]))
        assert [press.key for press in await inbox.until_count(KeyPressed, 1)] == [Key.CASH]
        keyboard.unplug()
        await inbox.until_state("keypad", DeviceState.ABSENT)
        keyboard.plug()
        await inbox.until_state("keypad", DeviceState.READY)
        keyboard.play([*pressed("KEY_E"), *pressed("KEY_Q")])
        await inbox.until_count(KeyPressed, 2)
    assert keypad.unknown == 2


def keypad_of(keyboard: Keyboard, keymap: str, inbox: RecordingInbox) -> EvdevKeypad:
    settings = KeypadEvdevSettings(
        driver="keypad_evdev",
        name="keypad",
        path=str(keyboard.path),
        keymap=keymap,
        reopen=QUICK_REOPEN,
    )
    return EvdevKeypad(settings, surroundings(inbox))


async def test_a_keymap_that_was_broken_meanwhile_says_so_and_counts_once_it_is_mended(
    tmp_path: Path, keyboard: Keyboard, capsys: pytest.CaptureFixture[str]
) -> None:
    keymap = written(tmp_path, '[keys]\nKEY_Q = "CHASH"\n')
    inbox = RecordingInbox()
    async with running(keypad_of(keyboard, keymap, inbox)):
        await inbox.until_state("keypad", DeviceState.FAULTED)
        assert f"keypad: {keymap}: keys.KEY_Q: 'CHASH' is no key" in capsys.readouterr().out
        written(tmp_path, '[keys]\nKEY_Q = "CARD"\n')
        await inbox.until_state("keypad", DeviceState.READY)
        keyboard.play(pressed("KEY_Q"))
        assert [press.key for press in await inbox.until_count(KeyPressed, 1)] == [Key.CARD]


async def test_a_till_without_evdev_sells_and_says_what_its_keypad_needs(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "evdev", None)
    inbox = RecordingInbox()
    keypad = keypad_of(keyboard, "pad20", inbox)
    assert keypad._settings.problems() == ()
    async with running(keypad):
        await inbox.until_state("keypad", DeviceState.FAULTED)
    assert "python3-evdev" in capsys.readouterr().out
