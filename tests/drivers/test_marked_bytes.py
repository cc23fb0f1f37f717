"""Bytes that the kernel marks, as termios(3) says it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.keys.frames import FrameParser, Garbled, KeyParser
from edge.drivers.keys.keypad_serial import default_keymap
from edge.drivers.lines.marked_bytes import SPOILER, MarkedBytes
from edge.drivers.scales.scale_answers import AnswerParser


def marked(sent: list[tuple[int, bool]]) -> bytes:
    """What the kernel gives of these bytes, each with whether it came as it was sent."""
    read = b""
    for byte, is_good in sent:
        good = b"\xff\xff" if byte == 0xFF else bytes([byte])
        read += good if is_good else b"\xff\x00" + bytes([byte])
    return read


@given(st.lists(st.tuples(st.sampled_from([0, 0x31, 0xFF]) | st.integers(0, 255), st.booleans())))
def test_each_byte_is_itself_or_spoiled_however_it_is_cut(sent: list[tuple[int, bool]]) -> None:
    meant = b"".join(bytes([byte]) if is_good else SPOILER for byte, is_good in sent)
    read = marked(sent)
    assert MarkedBytes().plain(read) == meant
    for step in (1, 2, 3):
        bytes_by_step = MarkedBytes()
        cuts = [read[at : at + step] for at in range(0, len(read), step)]
        assert b"".join(bytes_by_step.plain(cut) for cut in cuts) == meant


@given(st.binary(), st.integers(min_value=1, max_value=5))
def test_whatever_is_read_is_taken_and_no_more_than_a_mark_is_kept(data: bytes, step: int) -> None:
    line, found = MarkedBytes(), 0
    for at in range(0, len(data), step):
        found += len(line.plain(data[at : at + step]))
        assert len(data[: at + step]) <= 3 * found + 2
    assert found <= len(data)


BREAK = b"\xff\x00\x00"


@pytest.mark.parametrize("bad", [b"\xff\x004", BREAK, b"\xff\x00\xff", b"\xff\x00\r"])
def test_a_bad_byte_spoils_the_code_that_it_is_in_and_no_other(bad: bytes) -> None:
    line = MarkedBytes()
    frames = FrameParser(32)
    read = b"400638" + bad + b"333931\r4006381333931\r"
    assert list(frames.feed(line.plain(read))) == [Garbled(), "4006381333931"]


def test_a_bad_byte_is_no_key() -> None:
    keys = KeyParser(default_keymap())
    typed = keys.feed(MarkedBytes().plain(b"1\xff\x002" + b"3"))
    assert [key.value for key in typed] == ["1", "3"]
    assert keys.garbled == 1


def test_a_bad_byte_is_no_weight() -> None:
    answers = AnswerParser()
    read = b"\x0201.\xff\x00250\r\x0201.250\r"
    garbled, weight = answers.feed(MarkedBytes().plain(read))
    assert garbled == Garbled()
    assert weight.milli == 1_250
