"""The end of a job, as the printer says it: nothing else that it says is taken for that."""

from itertools import compress, product

import pytest

from edge.drivers.printers.printer_status import (
    ASK_IN_TURN,
    MARKS,
    MOST_UNSETTLED,
    TAKE_BACK,
    End,
    Mark,
    PrinterStatus,
    StatusReader,
)

FINE = bytes([0x12] * 4)
BY_ID, IN_TURN = frozenset({End.ID}), frozenset({End.IN_TURN})


def said_id(question: bytes) -> bytes:
    """GS ( H, answered as the reference says."""
    return b"\x37\x22" + question.removesuffix(TAKE_BACK)[-4:] + b"\x00"


def asked_once() -> StatusReader:
    reader = StatusReader()
    reader.probe()
    return reader


def hears(reader: StatusReader, data: bytes, size: int = 1) -> None:
    """So many bytes at a time, and then a fresh status, as it is asked for."""
    for start in range(0, len(data), size):
        reader.feed(data[start : start + size])
    reader.ask()
    reader.feed(FINE)
    assert reader.answered


def said_in_turn(question: bytes, value: bytes = b"\0") -> bytes:
    """GS r, once for each time it is asked."""
    return value * question.count(ASK_IN_TURN)


def asked_in_turn() -> tuple[StatusReader, Mark]:
    """A printer that answers GS r alone, and was asked for the end of a job."""
    reader = StatusReader()
    hears(reader, said_in_turn(reader.probe()))
    _, mark = reader.mark()
    assert mark is not None
    assert mark.ends == IN_TURN
    return reader, mark


def test_the_end_is_asked_for_by_an_id_where_the_printer_knows_them() -> None:
    reader = StatusReader()
    probe = reader.probe()
    assert probe == b"\x1dr\x01" * 5 + b"\x1d(H\x06\x00000001" + TAKE_BACK
    reader.feed(said_in_turn(probe) + said_id(probe))
    question, mark = reader.mark()
    assert question == b"\x1d(H\x06\x00000002"
    assert mark == Mark(2, BY_ID)
    assert not reader.has_reached(mark)
    reader.feed(said_id(question))
    assert reader.has_reached(mark)


def test_else_by_a_question_that_is_asked_and_answered_several_times_in_its_turn() -> None:
    reader = StatusReader()
    hears(reader, said_in_turn(reader.probe()))
    question, mark = reader.mark()
    assert (question, mark) == (b"\x1dr\x01" * 6, Mark(2, IN_TURN))
    hears(reader, b"\3" * 5)
    assert not reader.has_reached(mark)
    reader, mark = asked_in_turn()
    assert not reader.may_have_reached(mark)
    reader.feed(b"\3" * 6)
    assert reader.may_have_reached(mark)
    assert not reader.has_reached(mark)
    hears(reader, b"")
    assert reader.has_reached(mark)
    assert reader.strays == 0


def test_no_two_jobs_near_each_other_are_told_by_the_same_answer() -> None:
    lengths = [Mark(number, IN_TURN).turns for number in range(MARKS)]
    assert all(len(set(lengths[place : place + 4])) == 4 for place in range(MARKS - 4))
    # More than what is left of an automatic status, and none twice another.
    assert min(lengths) > 3
    assert max(lengths) < 2 * min(lengths)


def test_a_late_answer_to_the_job_before_ends_no_other() -> None:
    reader, before = asked_in_turn()
    question, mark = reader.mark()
    assert mark is not None
    hears(reader, b"\0" * before.turns)
    assert not reader.has_reached(mark)
    assert reader.again() == question
    hears(reader, b"\0" * mark.turns)
    # They come in order.
    assert reader.has_reached(before)
    assert reader.has_reached(mark)


def test_one_is_asked_for_until_it_is_answered_or_waived() -> None:
    reader = asked_once()
    probe = reader.unreached
    assert probe == Mark(1, frozenset(End))
    assert not reader.says_ends
    reader.waive()
    assert reader.unreached is None
    hears(reader, b"\0" * probe.turns)
    # It tells nevertheless what it is told for.
    assert reader.says_ends
    _, mark = reader.mark()
    assert reader.unreached == mark
    hears(reader, b"\0" * mark.turns)
    assert reader.unreached is None


def test_what_it_may_not_be_asked_it_is_not() -> None:
    assert StatusReader(frozenset()).probe() == b""
    reader = StatusReader(IN_TURN)
    assert reader.probe() == b"\x1dr\x01" * 5 + TAKE_BACK
    hears(reader, b"\x37\x220001\x00")
    assert not reader.says_ends
    assert reader.strays == 7


def test_an_answer_to_the_better_question_is_heard_late_as_well() -> None:
    reader = StatusReader()
    probe = reader.probe()
    hears(reader, said_in_turn(probe))
    _, mark = reader.mark()
    assert mark is not None
    reader.feed(said_id(probe))
    assert not reader.has_reached(mark)
    hears(reader, b"\0" * mark.turns)
    assert reader.mark()[1] == Mark(3, BY_ID)


@pytest.mark.parametrize("stray", [b"\0", b"\x0c\x0f"])
def test_a_probe_whose_answer_is_garbled_is_repeated(stray: bytes) -> None:
    reader = StatusReader()
    probe = reader.probe()
    hears(reader, stray + said_in_turn(probe))
    assert not reader.says_ends
    assert reader.again() == probe
    hears(reader, said_in_turn(probe))
    assert reader.says_ends


def test_one_that_owes_an_answer_is_not_asked_again() -> None:
    """It may have lost what it was asked, and more."""
    reader, mark = asked_in_turn()
    reader.ask()
    reader.ask()
    reader.feed(b"\0" + FINE)
    assert reader.again() == b""
    reader.feed(FINE)
    assert reader.again() == mark.question


def test_what_was_garbled_before_a_mark_is_nothing_to_ask_it_again_for() -> None:
    reader, mark = asked_in_turn()
    hears(reader, b"\0" * mark.turns)
    hears(reader, b"\0")
    reader.mark()
    assert reader.again() == b""


def test_no_mark_is_taken_for_reached_because_its_number_came_before() -> None:
    reader, mark = asked_in_turn()
    hears(reader, b"\0" * mark.turns)
    for _ in range(MARKS):
        _, mark = reader.mark()
    assert mark is not None
    assert not reader.has_reached(mark)


def test_answers_in_turn_count_whatever_is_answered_in_real_time_between_them() -> None:
    reader, mark = asked_in_turn()
    reader.ask()
    reader.feed(b"\0\0\x12\x12\0\x12\x13\0\0\x12\x11\0")
    assert reader.answered
    assert not reader.has_reached(mark)
    hears(reader, b"")
    assert reader.has_reached(mark)


def test_a_printer_that_answers_neither_is_not_asked_for_the_end() -> None:
    reader = asked_once()
    reader.ask()
    reader.feed(FINE)
    assert reader.mark() == (b"", None)


def test_numbers_go_on_over_connections_and_round() -> None:
    reader = StatusReader(last_number=MARKS - 2)
    reader.feed(said_id(reader.probe()))
    question, mark = reader.mark()
    assert question.endswith(b"0000")
    assert mark == Mark(MARKS, BY_ID)
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


# --- automatic status, which some printers are set to send, and what is left of it

# Paper at its end; a cover that opened and closed.
AUTOMATIC = (b"\x18\x00\x0c\x0f", b"\x30\x00\x00\x0f\x10\x00\x00\x0f", b"\x10\x00\x00\x00")
SIZES = (1, 2, 3, 64)


def torn(whole: bytes) -> list[bytes]:
    """What is left of it when any of its bytes are lost."""
    kept = product([False, True], repeat=len(whole))
    return [bytes(compress(whole, keep)) for keep in kept]


every_size = pytest.mark.parametrize("size", SIZES)
every_automatic = pytest.mark.parametrize("automatic", AUTOMATIC)


@every_size
@every_automatic
def test_automatic_status_is_taken_for_no_answer(automatic: bytes, size: int) -> None:
    reader = asked_once()
    hears(reader, automatic, size)
    assert reader.strays == len(automatic)
    assert reader.mark() == (b"", None)
    reader, mark = asked_in_turn()
    hears(reader, automatic + b"\0" * 3, size)
    assert not reader.has_reached(mark)


@every_size
@every_automatic
def test_an_answer_beside_a_whole_automatic_status_is_found(automatic: bytes, size: int) -> None:
    for place in range(7):
        reader, mark = asked_in_turn()
        said = b"\0" * mark.turns
        hears(reader, said[:place] + automatic + said[place:], size)
        assert reader.has_reached(mark)
        assert reader.strays == len(automatic)


@every_size
@pytest.mark.parametrize("automatic", [AUTOMATIC[0], AUTOMATIC[2]])
def test_what_is_left_of_an_automatic_status_ends_no_job(automatic: bytes, size: int) -> None:
    for left in torn(automatic):
        reader, mark = asked_in_turn()
        hears(reader, left, size)
        assert not reader.has_reached(mark)
        hears(reader, b"\0" * mark.turns, size)
        assert reader.has_reached(mark)


@every_size
@every_automatic
def test_an_answer_that_a_torn_status_garbles_is_asked_for_again(
    automatic: bytes, size: int
) -> None:
    for left in torn(automatic):
        reader, mark = asked_in_turn()
        hears(reader, left + b"\0" * mark.turns, size)
        if not reader.has_reached(mark):
            assert reader.again() == mark.question
            assert reader.again() == b""
            hears(reader, b"\0" * mark.turns, size)
        assert reader.has_reached(mark)
        assert reader.again() == b""
        # And the next one is read as if nothing had been.
        question, mark = reader.mark()
        assert mark is not None
        hears(reader, said_in_turn(question), size)
        assert reader.has_reached(mark)


def test_what_was_asked_again_too_early_is_asked_once_more() -> None:
    """The printer had no paper: it comes to both questions at once."""
    reader, mark = asked_in_turn()
    hears(reader, b"\x0c\x0f")
    assert reader.again() == mark.question
    hears(reader, b"\0" * 2 * mark.turns)
    assert not reader.has_reached(mark)
    assert reader.again() == mark.question
    hears(reader, b"\0" * mark.turns)
    assert reader.has_reached(mark)


def test_a_torn_id_is_asked_for_again() -> None:
    reader = StatusReader()
    reader.feed(said_id(reader.probe()))
    question, mark = reader.mark()
    assert mark is not None
    hears(reader, said_id(question)[:4] + b"\0")
    assert not reader.has_reached(mark)
    assert reader.again() == question
    reader.feed(said_id(question))
    assert reader.has_reached(mark)


@pytest.mark.parametrize("count", range(1, 4))
def test_the_zeros_of_a_cable_that_is_pulled_end_no_job(count: int) -> None:
    reader, mark = asked_in_turn()
    hears(reader, b"\0" * count)
    assert not reader.has_reached(mark)


def test_a_printer_that_babbles_is_kept_no_more_of_than_a_line() -> None:
    reader, mark = asked_in_turn()
    for _ in range(10):
        reader.feed(b"\0" * MOST_UNSETTLED)
        assert len(reader._unsettled) <= MOST_UNSETTLED
    hears(reader, b"")
    assert reader.again() == mark.question


def test_flow_control_is_no_answer() -> None:
    reader = asked_once()
    reader.ask()
    reader.feed(b"\x13\x11")
    assert reader.strays == 2
    assert not reader.answered
