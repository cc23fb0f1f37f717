"""Serial scanners' and keypads' bytes, in every way they can arrive."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.inputs import Key
from edge.drivers.keys.frames import FrameParser, Garbled, KeyLineParser, KeyParser, strip_aim_id
from edge.drivers.keys.keypad_serial import default_keymap

CODES = st.text(st.sampled_from(string.digits + string.ascii_letters + " -.$/+%"), min_size=1)
TERMINATORS = st.sampled_from([b"\r", b"\n", b"\r\n"])


def parsed(data: bytes, max_length: int = 64) -> list[str | Garbled]:
    return list(FrameParser(max_length).feed(data))


@pytest.mark.parametrize("terminator", [b"\r", b"\n", b"\r\n"])
def test_a_frame_ends_on_its_terminator(terminator: bytes) -> None:
    assert parsed(b"4006381333931" + terminator) == ["4006381333931"]


def test_a_frame_without_its_terminator_is_still_coming() -> None:
    parser = FrameParser(64)
    assert list(parser.feed(b"400638133")) == []
    assert list(parser.feed(b"3931\r")) == ["4006381333931"]


@given(st.lists(st.tuples(CODES.map(str.encode), TERMINATORS), max_size=20), st.data())
def test_frames_do_not_depend_on_how_their_bytes_are_cut(
    frames: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    stream = b"".join(code + terminator for code, terminator in frames)
    parser = FrameParser(1000)
    found: list[str | Garbled] = []
    while stream:
        taken = data.draw(st.integers(1, len(stream)))
        found += parser.feed(stream[:taken])
        stream = stream[taken:]
    assert found == [code.decode() for code, _ in frames]


def test_one_byte_at_a_time_is_enough() -> None:
    parser = FrameParser(64)
    stream = b"".join(b"%013d\r\n" % number for number in range(10))
    found = [frame for byte in stream for frame in parser.feed(bytes([byte]))]
    assert found == [f"{number:013}" for number in range(10)]


@pytest.mark.parametrize("spoiler", [b"\x80", b"\xff", b"\x1b", b"\x1c", b"\x7f", b"\t"])
def test_a_byte_that_no_text_has_spoils_its_frame_and_no_other(spoiler: bytes) -> None:
    assert parsed(b"400" + spoiler + b"638\r5901234123457\r") == [Garbled(), "5901234123457"]


def test_start_and_end_of_text_around_a_frame_are_no_part_of_it() -> None:
    assert parsed(b"\x024006381333931\x03\r\n\x00") == ["4006381333931"]


def test_a_frame_of_the_longest_length_passes_and_a_longer_one_is_garbled() -> None:
    assert parsed(b"1" * 8 + b"\r" + b"2" * 9 + b"\r3\r", max_length=8) == [
        "1" * 8,
        Garbled(),
        "3",
    ]


def test_the_separator_of_a_gs1_code_is_part_of_its_frame() -> None:
    assert parsed(b"10AB\x1d21C\r") == ["10AB\x1d21C"]


def test_empty_frames_are_none() -> None:
    assert parsed(b"\r\n\r\n\n\n\r") == []


@given(st.binary(max_size=2000), st.integers(1, 40))
def test_no_bytes_upset_the_parser_or_make_it_grow(data: bytes, max_length: int) -> None:
    parser = FrameParser(max_length)
    for frame in parser.feed(data):
        text = "" if isinstance(frame, Garbled) else frame.replace("\x1d", "")
        assert text.isascii()
        assert text.isprintable()
        assert isinstance(frame, Garbled) or 0 < len(frame) <= max_length
    assert len(parser._frame) <= max_length + 1
    list(parser.feed(b"\r"))
    assert list(parser.feed(b"1\r")) == ["1"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("]E04006381333931", "4006381333931"),
        ("4006381333931", "4006381333931"),
        ("]00", "]00"),
        ("]", "]"),
    ],
)
def test_an_aim_identifier_is_taken_off(frame: str, code: str) -> None:
    assert strip_aim_id(frame) == code


def test_every_key_can_be_pressed_with_the_default_keymap() -> None:
    assert set(default_keymap().values()) == set(Key)


def test_a_byte_is_a_key_and_other_bytes_are_none() -> None:
    parser = KeyParser(default_keymap())
    assert list(parser.feed(b"3X\x00\xff2.C\r")) == [
        Key.DIGIT_3,
        Key.TIMES,
        Key.DIGIT_2,
        Key.POINT,
        Key.CASH,
        Key.ENTER,
    ]
    assert parser.garbled == 2


def test_a_line_is_the_name_of_a_key() -> None:
    parser = KeyLineParser()
    pressed = [
        key for byte in b"3\r\nX\nCASH\rNONE\rC\xffSH\r" for key in parser.feed(bytes([byte]))
    ]
    assert pressed == [Key.DIGIT_3, Key.TIMES, Key.CASH]
    assert parser.garbled == 2


@given(st.binary(max_size=500))
def test_no_bytes_upset_a_keypad(data: bytes) -> None:
    assert all(isinstance(key, Key) for key in KeyParser(default_keymap()).feed(data))
    assert all(isinstance(key, Key) for key in KeyLineParser().feed(data))
