"""DLE EOT, asked and parsed: a silent printer is unknown, never fine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.troubles import Trouble
from edge.drivers.printers.printer_status import (
    ASK,
    MARKS,
    Mark,
    PrinterStatus,
    StatusReader,
    status_from,
)

FINE = bytes([0x12] * 4)


def answered(*answers: int) -> PrinterStatus | None:
    reader = StatusReader()
    reader.ask()
    reader.feed(bytes(answers))
    return reader.status


def test_all_four_kinds_of_status_are_asked_for() -> None:
    assert ASK == b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"


def test_a_printer_that_says_nothing_is_unknown() -> None:
    reader = StatusReader()
    reader.ask()
    assert reader.status is None
    assert not reader.answered


def test_a_ready_printer_is_in_no_trouble() -> None:
    assert answered(0x12, 0x12, 0x12, 0x12) == PrinterStatus()
    assert PrinterStatus().trouble is None


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ((0x1A, 0x16, 0x12, 0x12), "cover is open: close it"),
        ((0x1A, 0x32, 0x12, 0x72), "out of paper: put a new roll in"),
        ((0x12, 0x12, 0x12, 0x72), "out of paper: put a new roll in"),
        ((0x1A, 0x52, 0x1A, 0x12), "cutter is jammed"),
        ((0x1A, 0x52, 0x32, 0x12), "switch it off and on"),
        ((0x1A, 0x12, 0x12, 0x12), "offline"),
    ],
)
def test_trouble_says_what_to_do(answers: tuple[int, int, int, int], says: str) -> None:
    status = answered(*answers)
    assert status is not None
    assert status.trouble is not None
    assert says in status.trouble


def test_little_paper_is_no_trouble_yet() -> None:
    status = answered(0x12, 0x12, 0x12, 0x1E)
    assert status == PrinterStatus(paper_low=True)
    assert status.trouble is None


def test_answers_count_one_byte_at_a_time_and_only_when_all_are_there() -> None:
    reader = StatusReader()
    reader.ask()
    for byte in FINE[:3]:
        reader.feed(bytes([byte]))
        assert not reader.answered
    reader.feed(FINE[3:])
    assert reader.answered


def test_late_answers_to_an_earlier_question_are_not_taken_for_the_new_ones() -> None:
    reader = StatusReader()
    reader.ask()
    reader.feed(FINE)
    reader.ask()
    reader.feed(FINE[:2])
    reader.ask()
    reader.feed(FINE[2:])
    assert not reader.answered
    reader.feed(bytes([0x1A, 0x16, 0x12, 0x12]))
    assert reader.answered
    assert reader.status is not None
    assert reader.status.cover_open


def test_a_printer_that_was_switched_on_late_is_heard_from_its_first_answer() -> None:
    reader = StatusReader()
    reader.ask()
    reader.ask()
    reader.feed(FINE)
    assert reader.answered


def test_the_worst_is_said_and_little_paper_last() -> None:
    assert PrinterStatus(paper_low=True).worst is Trouble.PAPER_LOW
    assert PrinterStatus(paper_low=True, cutter_error=True).worst is Trouble.CUTTER
    assert PrinterStatus(cover_open=True, paper_out=True, offline=True).worst is Trouble.COVER_OPEN
    assert PrinterStatus().worst is None


# --- the end of a job


def said_id(question: bytes) -> bytes:
    """GS ( H, answered as the reference says."""
    return b"\x37\x22" + question[-4:] + b"\x00"


def asked_once() -> StatusReader:
    reader = StatusReader()
    reader.probe()
    return reader


def test_the_end_is_asked_for_by_an_id_where_the_printer_knows_them() -> None:
    reader = StatusReader()
    probe = reader.probe()
    assert probe == b"\x1dr\x01\x1d(H\x06\x00000001"
    reader.feed(b"\x00" + said_id(probe))
    question, mark = reader.mark()
    assert question == b"\x1d(H\x06\x00000002"
    assert mark == Mark(2, by_id=True)
    assert not reader.has_reached(mark)
    reader.feed(said_id(question))
    assert reader.has_reached(mark)


def test_else_by_a_question_that_is_answered_in_its_turn() -> None:
    reader = asked_once()
    reader.feed(b"\x00")
    question, mark = reader.mark()
    assert (question, mark) == (b"\x1dr\x01", Mark(2, by_id=False))
    assert not reader.has_reached(mark)
    reader.feed(b"\x03")
    assert reader.has_reached(mark)


def test_a_printer_that_answers_neither_is_not_asked_for_the_end() -> None:
    reader = asked_once()
    reader.ask()
    reader.feed(FINE)
    assert reader.mark() == (b"", None)


def test_ids_go_on_over_connections_and_round() -> None:
    reader = StatusReader(last_id=MARKS - 2)
    reader.feed(said_id(reader.probe()))
    question, mark = reader.mark()
    assert question.endswith(b"0000")
    assert mark == Mark(0, by_id=True)
    # What is printed from the connection before does not end this one.
    reader.feed(b"\x37\x229999\x00")
    assert not reader.has_reached(mark)


def test_what_was_asked_at_once_is_answered_between_and_mixed_up_with_nothing() -> None:
    reader = StatusReader()
    reader.feed(said_id(reader.probe()))
    question, mark = reader.mark()
    assert mark is not None
    reader.ask()
    for byte in FINE[:2] + said_id(question) + FINE[2:]:
        reader.feed(bytes([byte]))
    assert reader.answered
    assert reader.status == PrinterStatus()
    assert reader.has_reached(mark)


def test_an_id_that_breaks_off_does_not_swallow_the_answer_behind_it() -> None:
    reader = asked_once()
    reader.ask()
    reader.feed(b"\x37\x2200" + FINE)
    assert reader.answered
    assert reader.strays == 4


def test_automatic_status_is_taken_for_no_answer() -> None:
    """Some printers are set to send it: four bytes, of which three look like answers in turn."""
    reader = asked_once()
    reader.feed(b"\x10\x00\x0c\x0f")
    assert reader.strays == 4
    assert reader.mark() == (b"", None)
    reader.feed(b"\x10\x00\x12")
    assert reader.strays == 7


def test_flow_control_is_no_answer() -> None:
    reader = asked_once()
    reader.ask()
    reader.feed(b"\x13\x11")
    assert reader.strays == 2
    assert not reader.answered


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_no_bytes_upset_the_reader(chunks: list[bytes]) -> None:
    reader = StatusReader()
    marks = []
    for chunk in chunks:
        reader.ask()
        reader.probe()
        _, mark = reader.mark()
        marks.append(mark)
        reader.feed(chunk)
    reader.feed(FINE * 20)
    assert 0 <= reader._owed <= 4 * (len(chunks) + 1)
    assert len(reader._group) < 7
    assert len(reader._seen_ids) <= MARKS
    assert all(isinstance(reader.has_reached(mark), bool) for mark in marks if mark)


@given(st.binary(max_size=40).filter(lambda noise: not any(_may_be_said(byte) for byte in noise)))
def test_an_answer_between_noise_is_found(noise: bytes) -> None:
    reader = StatusReader()
    reader.ask()
    reader.feed(noise + FINE[:1] + noise + FINE[1:] + noise)
    assert reader.answered
    assert reader.status == PrinterStatus()


def _may_be_said(byte: int) -> bool:
    """Whether it begins or is an answer of any kind."""
    return byte == 0x37 or byte & 0b1001_0011 in {0b0001_0010, 0b0001_0000}


@given(st.binary(max_size=300), st.integers(1, 20))
def test_bytes_mean_the_same_however_they_come(data: bytes, size: int) -> None:
    whole, parts = StatusReader(), StatusReader()
    for reader in (whole, parts):
        reader.ask()
        reader.probe()
    whole.feed(data)
    for start in range(0, len(data), size):
        parts.feed(data[start : start + size])
    assert (whole.status, whole.strays, whole._owed, whole._seen_ids) == (
        parts.status,
        parts.strays,
        parts._owed,
        parts._seen_ids,
    )


@given(*[st.integers(0, 255)] * 4)
def test_every_combination_of_bits_is_some_status(
    printer: int, offline: int, error: int, paper: int
) -> None:
    assert isinstance(status_from(printer, offline, error, paper), PrinterStatus)
