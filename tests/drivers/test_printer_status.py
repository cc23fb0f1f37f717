"""DLE EOT, asked and parsed: a silent printer is unknown, never fine."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.troubles import Trouble
from edge.drivers.printers.printer_status import (
    ASK,
    MOST_UNSETTLED,
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


# Bits 0, 1, 4 and 7 are fixed; of the others these stand for something alone.
MEANINGS = {
    (1, 3): PrinterStatus(offline=True),
    (2, 2): PrinterStatus(cover_open=True),
    (2, 5): PrinterStatus(paper_out=True),
    (2, 6): PrinterStatus(error=True),
    (3, 3): PrinterStatus(cutter_error=True),
    (3, 5): PrinterStatus(error=True),
}


@pytest.mark.parametrize(("n", "bit"), [*product([1, 2, 3, 4], [2, 3, 5, 6])])
def test_each_bit_of_each_answer_means_what_the_reference_says(n: int, bit: int) -> None:
    answers = list(FINE)
    answers[n - 1] ^= 1 << bit
    assert answered(*answers) == MEANINGS.get((n, bit), PrinterStatus())


@pytest.mark.parametrize(
    ("paper", "status"),
    [
        (0x1E, PrinterStatus(paper_low=True)),
        (0x72, PrinterStatus(paper_out=True)),
        (0x7E, PrinterStatus(paper_low=True, paper_out=True)),
        # Half a pair, crosswise: neither.
        (0x36, PrinterStatus()),
        (0x5A, PrinterStatus()),
    ],
)
def test_a_paper_sensor_speaks_with_two_bits(paper: int, status: PrinterStatus) -> None:
    assert answered(*FINE[:3], paper) == status


@pytest.mark.parametrize(("n", "bit"), [*product([1, 2, 3, 4], [0, 1, 4, 7])])
def test_a_byte_without_the_fixed_bits_is_no_answer(n: int, bit: int) -> None:
    answers = list(FINE)
    answers[n - 1] ^= 1 << bit
    assert answered(*answers) is None


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


def test_one_that_answers_only_some_of_it_has_no_status_and_is_mixed_up_with_nothing() -> None:
    reader = StatusReader()
    for _ in range(5):
        reader.ask()
        reader.feed(FINE[:2])
        assert reader.status is None
        assert not reader.answered
    reader.ask()
    reader.feed(bytes([0x1A, 0x16, 0x12, 0x12]))
    assert reader.status == PrinterStatus(offline=True, cover_open=True)


def test_the_worst_is_said_and_little_paper_last() -> None:
    assert PrinterStatus(paper_low=True).worst is Trouble.PAPER_LOW
    assert PrinterStatus(paper_low=True, cutter_error=True).worst is Trouble.CUTTER
    assert PrinterStatus(cover_open=True, paper_out=True, offline=True).worst is Trouble.COVER_OPEN
    assert PrinterStatus().worst is None


# --- whatever it says


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
    assert len(reader._id) < 7
    assert len(reader._unsettled) <= MOST_UNSETTLED
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
    assert (whole.status, whole.strays, whole._owed, whole._reached) == (
        parts.status,
        parts.strays,
        parts._owed,
        parts._reached,
    )


@given(*[st.integers(0, 255)] * 4)
def test_every_combination_of_bits_is_some_status(
    printer: int, offline: int, error: int, paper: int
) -> None:
    assert isinstance(status_from(printer, offline, error, paper), PrinterStatus)
