"""Columns as a terminal counts them, with the wcwidth library as a peer."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcwidth

from edge.checkout.paper.width import (
    centre,
    clip,
    display_width,
    pad_left,
    pad_right,
    shorten,
    wrap,
)

# Unicode 16 made symbols wide (Python 3.11 to 3.13 carry 14 to 15.1), and the peer draws the
# letters of a flag as a flag.
WIDENED_ELSEWHERE = frozenset(
    chr(code)
    for first, last in (
        (0x2630, 0x2637),
        (0x268A, 0x268F),
        (0x4DC0, 0x4DFF),
        (0x1D300, 0x1D356),
        (0x1D360, 0x1D376),
        (0x1F1E6, 0x1F1FF),
    )
    for code in range(first, last + 1)
)
RECEIPT_TEXT = st.text(
    st.one_of(
        st.characters(categories=["L", "N", "P", "S", "M", "Zs"]),
        st.sampled_from("农夫山泉矿泉水，。！（）￥¥ abc 123é\u0301"),
    ),
    max_size=60,
)


def test_every_assigned_character_is_as_wide_as_the_peer_says() -> None:
    differing = [
        f"U+{code:04X}"
        for code in range(0x110000)
        if unicodedata.category(chr(code)) not in {"Cn", "Cs", "Co", "Cc"}
        and chr(code) not in WIDENED_ELSEWHERE
        and display_width(chr(code)) != wcwidth(chr(code))
    ]
    assert differing == []


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("milk", 4),
        ("牛奶", 4),
        ("牛奶 1L", 7),
        ("合计：", 6),
        ("e\u0301", 1),
        ("\u200b", 0),
        ("ｱ", 1),
        ("\x1b@", 1),
        ("€5", 2),
    ],
)
def test_the_width_of_a_text_is_the_sum_of_its_characters(text: str, columns: int) -> None:
    assert display_width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "clipped"),
    [
        ("milk", 4, "milk"),
        ("milk", 3, "mil"),
        ("牛奶", 3, "牛"),
        ("牛奶", 1, ""),
        ("e\u0301e\u0301", 1, "e\u0301"),
        ("milk", 0, ""),
    ],
)
def test_clipping_never_halves_a_character(text: str, columns: int, clipped: str) -> None:
    assert clip(text, columns) == clipped


@given(RECEIPT_TEXT, st.integers(0, 48))
def test_a_padded_text_takes_exactly_the_columns(text: str, columns: int) -> None:
    assert display_width(pad_right(text, columns)) == columns
    assert display_width(pad_left(text, columns)) == columns
    assert display_width(centre(text, columns)) == columns


def test_padding_puts_the_text_where_it_belongs() -> None:
    assert pad_right("牛奶", 6) == "牛奶  "
    assert pad_left("牛奶", 6) == "  牛奶"
    assert centre("牛奶", 7) == " 牛奶  "


@given(RECEIPT_TEXT, st.integers(2, 48))
def test_wrapping_fits_every_line_and_loses_nothing_but_spaces(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert all(display_width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, [""]),
        ("fresh whole milk", 10, ["fresh", "whole milk"]),
        ("a b", 2, ["a", "b"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("纯牛奶", 5, ["纯牛", "奶"]),
        ("纯牛奶，好", 6, ["纯牛", "奶，好"]),
        ("一（二三）", 4, ["一", "（二", "三）"]),
        ("two\nlines", 10, ["two", "lines"]),
        ("ab牛奶", 4, ["ab牛", "奶"]),
    ],
)
def test_lines_break_where_a_reader_expects(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


def test_wrapping_to_less_than_one_chinese_character_is_a_bug() -> None:
    with pytest.raises(ValueError, match="1 columns"):
        wrap("牛", 1)


@pytest.mark.parametrize(
    ("columns", "fits"),
    [(16, "Potatoes 土豆 12"), (15, "Potatoes 土豆 …"), (12, "Potatoes 土…"), (1, "…"), (0, "")],
)
def test_what_is_shortened_says_so(columns: int, fits: str) -> None:
    assert shorten("Potatoes 土豆 12", columns) == fits
