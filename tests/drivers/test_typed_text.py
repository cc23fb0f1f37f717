"""What a scanner types becomes the bytes that it would have sent, in every country."""

import string
from typing import get_args

import pytest
from evdev import ecodes
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.keys.frames import FrameParser, Garbled
from edge.drivers.keys.input_events import EVENT, EventParser, EventsLost, KeyMoved
from edge.drivers.keys.keyboard_layouts import ROWS, LayoutName
from edge.drivers.keys.typed_text import MID_CODE_US, EndKey, GsKey, TypedText
from tests.support.input_devices import (
    DOWN,
    DROPPED,
    LATE_S,
    REPEAT,
    REPORT,
    STROKES,
    UP,
    Event,
    moved,
    packed,
    pressed,
    stroked,
    typed,
)

LAYOUTS = get_args(LayoutName)
ASCII = string.digits + string.ascii_letters + string.punctuation + " "
LAYOUT = st.sampled_from(LAYOUTS)
CODE = st.text(st.sampled_from(ASCII + "\x1d"), min_size=1, max_size=40)


class Scanner:
    """A scanner's whole way from its events to the frames."""

    def __init__(
        self,
        layout: LayoutName = "us",
        ends_with: EndKey = "enter",
        gs: GsKey = "ctrl_]",
        *,
        caps_lock: bool = False,
        max_length: int = 128,
    ) -> None:
        self.events = EventParser()
        self.text = TypedText(layout, ends_with, gs, caps_lock=caps_lock, opened_us=0)
        self.parser = FrameParser(max_length)

    def feed(self, data: bytes) -> list[str | Garbled]:
        return [
            frame
            for event in self.events.feed(data)
            for frame in self.parser.feed(self.text.take(event))
        ]

    def read(self, *runs: list[Event]) -> list[str | Garbled]:
        return self.feed(packed(event for run in runs for event in run))


# --- layouts


def test_the_rows_of_the_tables_are_the_keys_that_linux_calls_so() -> None:
    names = [
        "GRAVE 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL",
        "Q W E R T Y U I O P LEFTBRACE RIGHTBRACE",
        "A S D F G H J K L SEMICOLON APOSTROPHE BACKSLASH",
        "102ND Z X C V B N M COMMA DOT SLASH",
    ]
    assert [list(row) for row in ROWS] == [
        [ecodes.ecodes[f"KEY_{name}"] for name in row.split()] for row in names
    ]


def test_the_typist_of_the_tests_knows_every_character_on_every_layout() -> None:
    assert set(STROKES) == set(LAYOUTS)
    for strokes in STROKES.values():
        assert set(strokes) == set(ASCII + "\x1d")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("character", ASCII + "\x1d")
def test_each_character_comes_out_as_it_was_typed(layout: LayoutName, character: str) -> None:
    assert Scanner(layout).read(typed(f"4{character}2", layout)) == [f"4{character}2"]


@given(LAYOUT, st.lists(CODE, max_size=4), st.data())
def test_codes_come_out_however_their_bytes_are_cut(
    layout: LayoutName, codes: list[str], data: st.DataObject
) -> None:
    scanner = Scanner(layout)
    stream = packed(event for code in codes for event in typed(code, layout))
    found: list[str | Garbled] = []
    while stream:
        taken = data.draw(st.integers(1, len(stream)))
        found += scanner.feed(stream[:taken])
        stream = stream[taken:]
    assert found == codes


def test_one_byte_at_a_time_is_enough() -> None:
    scanner = Scanner("de")
    stream = packed(typed("]C1(01)zY-", "de"))
    assert [frame for byte in stream for frame in scanner.feed(bytes([byte]))] == ["]C1(01)zY-"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_keypad_types_the_same_everywhere(layout: LayoutName) -> None:
    keys = "KP1 KP2 KP3 KP4 KP5 KP6 KP7 KP8 KP9 KP0 KPDOT KPMINUS KPPLUS KPASTERISK KPSLASH"
    runs = [pressed("KEY_NUMLOCK"), *(pressed(f"KEY_{name}") for name in keys.split())]
    assert Scanner(layout).read(*runs, pressed("KEY_KPENTER")) == ["1234567890.-+*/"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_character_may_be_typed_by_its_number(layout: LayoutName) -> None:
    def by_number(character: str) -> list[Event]:
        digits = [event for digit in f"{ord(character):04}" for event in pressed(f"KEY_KP{digit}")]
        return [*moved("KEY_LEFTALT", DOWN), *digits, *moved("KEY_LEFTALT", UP)]

    code = "4]C1\x1d~\\@"
    numbered = [event for character in code for event in by_number(character)]
    assert Scanner(layout).read(numbered, pressed("KEY_ENTER")) == [code]
    assert Scanner(layout).read(numbered, by_number("\r")) == [code]


def test_ctrl_and_alt_together_are_altgr() -> None:
    at = pressed("KEY_LEFTCTRL", "KEY_LEFTALT", "KEY_Q")
    assert Scanner("de").read(at, pressed("KEY_ENTER")) == ["@"]


def test_altgr_and_shift_together_type_nothing() -> None:
    assert Scanner("de").read(stroked("S+A+Q"), typed("1", "de")) == [Garbled()]


def test_a_number_that_was_not_ended_spoils_its_code() -> None:
    number = [*moved("KEY_LEFTALT", DOWN), *pressed("KEY_KP6"), *pressed("KEY_KP5")]
    assert Scanner().read(number, pressed("KEY_ENTER"), typed("1")) == [Garbled(), "1"]


def test_an_accent_goes_before_what_it_makes_no_letter_with_and_is_no_code_with_a_letter() -> None:
    enter = pressed("KEY_ENTER")
    hat = pressed("KEY_GRAVE")
    assert Scanner("de").read(hat, pressed("KEY_1"), enter) == ["^1"]
    assert Scanner("de").read(hat, hat, enter) == ["^^"]
    assert Scanner("de").read(pressed("KEY_1"), hat, enter) == ["1^"]
    assert Scanner("de").read(hat, pressed("KEY_A"), enter) == [Garbled()]


# --- Caps Lock


@pytest.mark.parametrize("layout", LAYOUTS)
def test_caps_lock_acts_on_letters_alone(layout: LayoutName) -> None:
    lock = pressed("KEY_CAPSLOCK")
    assert Scanner(layout).read(lock, typed("aB1-", layout)) == ["Ab1-"]


def test_a_caps_lock_that_was_on_before_counts_and_one_that_stays_on_does_not() -> None:
    scanner = Scanner(caps_lock=True)
    assert scanner.read(typed("aB1")) == ["Ab1"]
    assert scanner.read(pressed("KEY_CAPSLOCK"), typed("aB1")) == ["aB1"]
    assert scanner.read(typed("aB1")) == ["Ab1"]


LOCK = pressed("KEY_CAPSLOCK")
# Where a scanner that locks for each code unlocks: before its end, behind it, or never.
HABITS = {
    "before": [*LOCK, *typed("aB1")[: -len(pressed("KEY_ENTER"))], *LOCK, *pressed("KEY_ENTER")],
    "behind": [*LOCK, *typed("aB1"), *LOCK],
    "never": [*LOCK, *typed("aB1")],
}


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("was_on", [False, True])
def test_wherever_a_scanner_unlocks_its_codes_stay_the_same(habit: str, was_on: bool) -> None:
    scanner = Scanner(caps_lock=was_on)
    assert scanner.read(*[HABITS[habit]] * 4) == ["aB1" if was_on else "Ab1"] * 4


@pytest.mark.parametrize("habit", HABITS)
def test_a_caps_lock_that_was_lost_turns_no_letter_of_a_code_behind_it(habit: str) -> None:
    code = HABITS[habit]
    report = len(moved("KEY_A", DOWN))
    for place in range(0, len(code), report):
        for told in ([], [DROPPED]):
            scanner = Scanner()
            # A report is gone; where the kernel says so, it drops what is left of the next as well.
            scanner.read(code, [*code[:place], *told, *code[place + report :]])
            assert scanner.read(code, code)[-1] == "Ab1"


# --- what ends a code, and what separates its parts


@pytest.mark.parametrize("end", ["KEY_ENTER", "KEY_KPENTER"])
def test_enter_ends_a_code_and_tab_has_no_place_in_one(end: str) -> None:
    scanner = Scanner()
    assert scanner.read(typed("401", end=end)) == ["401"]
    assert scanner.read(typed("401", end="KEY_TAB"), typed("2")) == [Garbled()]


def test_tab_ends_a_code_where_the_settings_say_so_and_enter_has_no_place_in_one() -> None:
    scanner = Scanner(ends_with="tab")
    assert scanner.read(typed("401", end="KEY_TAB")) == ["401"]
    assert scanner.read(typed("401"), typed("2", end="KEY_TAB")) == [Garbled()]
    assert scanner.read(stroked("4"), stroked("C+I")) == ["4"]
    assert scanner.read(stroked("4"), stroked("C+M"), stroked("C+I")) == [Garbled()]


@pytest.mark.parametrize("control", ["C+M", "C+J"])
def test_a_terminator_may_come_as_a_control_character(control: str) -> None:
    assert Scanner().read(stroked("4"), stroked(control), typed("2")) == ["4", "2"]


def test_a_pause_ends_nothing_and_empty_codes_are_none() -> None:
    scanner = Scanner()
    assert scanner.read(pressed("KEY_ENTER"), pressed("KEY_ENTER")) == []
    assert scanner.read(stroked("4"), stroked("0")) == []
    assert scanner.read([]) == []
    assert scanner.read(typed("1")) == ["401"]


@pytest.mark.parametrize("gs", get_args(GsKey)[1:])
def test_a_function_key_is_the_separator_where_the_settings_say_so(gs: GsKey) -> None:
    events = [*stroked("1"), *stroked(gs.upper()), *typed("2")]
    assert Scanner(gs=gs).read(events) == ["1\x1d2"]
    assert Scanner().read(events) == [Garbled()]


def test_ctrl_and_the_bracket_of_the_country_is_the_separator_too() -> None:
    assert Scanner("de").read(stroked("1"), stroked("C+9"), typed("2", "de")) == ["1\x1d2"]


@pytest.mark.parametrize(
    "stroke", ["C+A", "F1", "UP", "ESC", "DELETE", "A+1", "LEFTMETA", "C+F5", "A+S+1", "VOLUMEUP"]
)
def test_keys_that_type_nothing_spoil_their_code_and_no_other(stroke: str) -> None:
    spoiled = [*stroked("4"), *stroked(stroke)]
    if stroke == "LEFTMETA":
        spoiled += pressed("KEY_LEFTMETA", "KEY_1")
    assert Scanner().read(spoiled, typed("2"), typed("3")) == [Garbled(), "3"]


def test_a_letter_that_is_not_ascii_spoils_its_code() -> None:
    assert Scanner("de").read(pressed("KEY_SEMICOLON"), typed("1", "de")) == [Garbled()]


@pytest.mark.parametrize("number", ["0233", "00065", "0"])
def test_a_number_that_no_code_has_spoils_it_or_is_ignored(number: str) -> None:
    digits = [event for digit in number for event in pressed(f"KEY_KP{digit}")]
    run = [*moved("KEY_LEFTALT", DOWN), *digits, *moved("KEY_LEFTALT", UP)]
    # NUL pads, as it does on a serial line.
    assert Scanner().read(run, typed("1")) == (["1"] if number == "0" else [Garbled()])


def test_a_code_of_the_longest_length_passes_and_a_longer_one_is_garbled() -> None:
    scanner = Scanner(max_length=8)
    assert scanner.read(typed("1" * 8), typed("2" * 9), typed("3")) == ["1" * 8, Garbled(), "3"]


# --- what goes missing


def test_repeats_type_nothing() -> None:
    assert Scanner().read(moved("KEY_4", DOWN), moved("KEY_4", REPEAT), typed("2")) == ["42"]


def test_a_release_that_is_lost_shifts_no_code_behind_it() -> None:
    scanner = Scanner()
    assert scanner.read(moved("KEY_LEFTSHIFT", DOWN), pressed("KEY_A"), pressed("KEY_ENTER")) == [
        "A"
    ]
    assert scanner.read(typed("4006381333931")) == ["4006381333931"]


def test_a_release_that_is_known_to_be_lost_spoils_its_code() -> None:
    shift_a = [*moved("KEY_LEFTSHIFT", DOWN), *pressed("KEY_A")]
    assert Scanner().read(shift_a, stroked("1"), typed("B"), typed("2")) == [Garbled(), "2"]


def test_the_release_of_another_key_may_be_lost() -> None:
    downs = [event for digit in "4114" for event in moved(f"KEY_{digit}", DOWN)]
    assert Scanner().read(downs, pressed("KEY_ENTER")) == ["4114"]


def test_lost_events_spoil_the_code_they_were_in_and_no_other() -> None:
    scanner = Scanner()
    half = [*typed("40A")[:-6], *moved("KEY_LEFTSHIFT", DOWN)]
    lost = [DROPPED, *moved("KEY_9", DOWN)]
    assert scanner.read(half, lost, typed("1"), typed("2")) == [Garbled(), "2"]


def test_what_was_held_when_events_were_lost_ends_no_code_before_its_end() -> None:
    held = [*moved("KEY_LEFTCTRL", DOWN), DROPPED, REPORT]
    assert Scanner().read(held, typed("1m2"), typed("3")) == [Garbled(), "3"]


def test_a_scanner_that_is_opened_in_the_middle_of_a_code_gives_no_half_of_it() -> None:
    assert Scanner().read(moved("KEY_4", UP), typed("33931"), typed("2")) == [Garbled(), "2"]
    assert Scanner().read(moved("KEY_LEFTSHIFT", UP), typed("33931")) == [Garbled()]


@pytest.mark.parametrize("first", ["KEY_3", "KEY_LEFTSHIFT", "KEY_ENTER"])
def test_a_key_that_goes_down_as_soon_as_the_scanner_is_opened_is_amid_a_code(first: str) -> None:
    """Its former key may have come up before that."""
    rest = [*pressed(first), *typed("3931")] if first != "KEY_ENTER" else pressed(first)
    for at_us in (-5_000, 0, MID_CODE_US - 1):
        scanner = Scanner()
        assert scanner.feed(packed(rest, at_us)) == [Garbled()]
        assert scanner.feed(packed(typed("2"), at_us)) == ["2"]


def test_a_code_that_begins_a_moment_after_the_opening_is_whole() -> None:
    assert Scanner().feed(packed(typed("4006381333931"), MID_CODE_US)) == ["4006381333931"]


def test_a_code_behind_the_end_of_one_from_before_is_whole() -> None:
    assert Scanner().feed(packed([*moved("KEY_ENTER", UP), *typed("2")], 0)) == ["2"]


def test_the_end_of_a_code_from_before_spoils_nothing() -> None:
    assert Scanner().read(moved("KEY_ENTER", UP), typed("2")) == ["2"]
    assert Scanner(ends_with="tab").read(moved("KEY_TAB", UP), typed("2", end="KEY_TAB")) == ["2"]


# --- the events themselves


def test_events_of_no_key_are_passed_over() -> None:
    others = [(ecodes.EV_REL, 0, 5), (ecodes.EV_LED, 1, 1), (0x7777, 3, 9), (ecodes.EV_KEY, 5, 7)]
    assert list(EventParser().feed(packed([*others, REPORT]))) == []


def test_what_follows_a_loss_in_its_report_is_lost_with_it() -> None:
    run = [DROPPED, (ecodes.EV_KEY, 5, 1), DROPPED, REPORT, (ecodes.EV_KEY, 6, 1), REPORT]
    assert list(EventParser().feed(packed(run))) == [
        EventsLost(),
        KeyMoved(6, DOWN, LATE_S * 1_000_000),
    ]


def test_half_an_event_is_kept_for_its_other_half_and_takes_no_more_room_than_one() -> None:
    parser = EventParser()
    data = packed([(ecodes.EV_KEY, 5, 1)])
    assert list(parser.feed(data[:-1])) == []
    assert list(parser.feed(data[-1:])) == [KeyMoved(5, DOWN, LATE_S * 1_000_000)]


@given(
    st.lists(
        st.binary(max_size=200)
        | st.lists(
            st.tuples(
                st.sampled_from([0, 0, 1, 1, 1, 4, 0xFFFF]),
                st.integers(0, 130) | st.integers(0, 0xFFFF),
                st.integers(-1, 3) | st.integers(-(2**31), 2**31 - 1),
            ),
            max_size=40,
        ).map(packed),
        max_size=12,
    ),
    LAYOUT,
    st.sampled_from(get_args(EndKey)),
    st.sampled_from(get_args(GsKey)),
    st.booleans(),
)
def test_no_bytes_upset_a_scanner_or_make_it_grow(
    chunks: list[bytes], layout: LayoutName, ends_with: EndKey, gs: GsKey, caps_lock: bool
) -> None:
    scanner = Scanner(layout, ends_with, gs, caps_lock=caps_lock, max_length=16)
    for chunk in chunks:
        for frame in scanner.feed(chunk):
            text = "" if isinstance(frame, Garbled) else frame.replace("\x1d", "")
            assert text.isascii()
            assert text.isprintable()
            assert len(text) <= 16
        assert len(scanner.events._rest) < EVENT.size
        assert len(scanner.text._held) <= 8
        assert len(scanner.text._by_number) <= 4
        assert len(scanner.parser._frame) <= 17
    scanner.feed(bytes(-len(scanner.events._rest) % EVENT.size))
    end = "KEY_ENTER" if ends_with == "enter" else "KEY_TAB"
    scanner.read([REPORT], pressed(end))
    assert scanner.read(typed("401", layout, end=end)) == ["401"]
