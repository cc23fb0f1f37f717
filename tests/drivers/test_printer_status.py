"""DLE EOT, asked and parsed: a silent printer is unknown, never fine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers.printer_status import ASK, PrinterStatus, StatusReader, status_from

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


@given(st.binary(max_size=300))
def test_no_bytes_upset_the_reader(data: bytes) -> None:
    reader = StatusReader()
    reader.ask()
    reader.feed(data)
    reader.ask()
    reader.feed(data)
    assert 0 <= 2 * len(data) - reader.strays <= 8
    assert 0 <= reader._owed <= 8


@given(*[st.integers(0, 255)] * 4)
def test_every_combination_of_bits_is_some_status(
    printer: int, offline: int, error: int, paper: int
) -> None:
    assert isinstance(status_from(printer, offline, error, paper), PrinterStatus)
