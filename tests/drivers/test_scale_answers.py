"""The answers of a scale, byte by byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.goods.scale import ScaleTrouble
from edge.drivers.keys.frames import Garbled
from edge.drivers.scales.scale_answers import (
    MAX_ANSWER,
    AnswerParser,
    NoWeight,
    ScaleAnswer,
    Weight,
)
from tests.support.scales import ALWAYS, kilograms


def answers(data: bytes) -> list[ScaleAnswer]:
    return list(AnswerParser().feed(data))


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"\x0201.250\r", Weight(1250)),
        (b"\x0201250\r", Weight(1250)),
        (b"\x0201.250N\r", Weight(1250)),
        (b"\x0201.25\r", NoWeight(ScaleTrouble.WRONG_UNIT)),
        (b"\x02001.25N\r", NoWeight(ScaleTrouble.WRONG_UNIT)),
        (b"\x02?A\r", NoWeight(ScaleTrouble.NOT_STILL, moving=True)),
        (b"\x02?@\r", NoWeight(ScaleTrouble.NOT_STILL, moving=True)),
        (b"\x02?B\r", NoWeight(ScaleTrouble.OVERLOADED)),
        (b"\x02?D\r", NoWeight(ScaleTrouble.UNDER_ZERO)),
        (b"\x02?H\r", NoWeight(ScaleTrouble.ZERO_LOST)),
        (b"\x02?p\r", NoWeight(ScaleTrouble.NOT_STILL, moving=True)),
        (b"\x02?\x05\r", Garbled()),
        (b"\x02?\xc4\r", Garbled()),
        (b"\x021.250\r", Garbled()),
        (b"\x02-1.250\r", Garbled()),
        (b"\x02123456\r", Garbled()),
        (b"\x02\r", Garbled()),
        (b"\x0201.250kg\r", Garbled()),
    ],
)
def test_an_answer_is_what_the_protocol_says(data: bytes, answer: ScaleAnswer) -> None:
    assert answers(data) == [answer]
    assert answers(b"\r\r" + data + data) == [answer, answer]


@given(st.binary(max_size=500), st.data())
def test_no_bytes_upset_the_parser_and_how_they_are_cut_means_nothing(
    data: bytes, cuts: st.DataObject
) -> None:
    parser, found, rest = AnswerParser(), [], data
    while rest:
        taken = cuts.draw(st.integers(1, len(rest)))
        found += parser.feed(rest[:taken])
        rest = rest[taken:]
        assert parser._frame is None or len(parser._frame) <= MAX_ANSWER + 1
    assert found == answers(data)
    for answer in found:
        assert not isinstance(answer, Weight) or 0 <= answer.milli <= 99_999


@given(st.binary(max_size=100), st.integers(0, 99_999))
def test_a_weight_behind_any_noise_is_found(noise: bytes, grams: int) -> None:
    assert answers(noise + kilograms(grams))[-1] == Weight(grams)


@given(st.integers(0, 63))
def test_every_status_is_a_trouble(bits: int) -> None:
    (answer,) = answers(b"\x02?" + bytes([ALWAYS | bits]) + b"\r")
    assert isinstance(answer, NoWeight)
