"""The words of shifts: short enough for a small screen, and quoted by the cashier's guide."""

import string
from pathlib import Path

import pytest

from edge.checkout.paper.width import display_width
from edge.checkout.shop import Language
from edge.checkout.words.texts import text
from edge.checkout.words.texts_shift import ShiftWord

SMALL_SCREEN_COLUMNS = 40
GUIDE_FILE = Path(__file__).parents[2] / "docs" / "cashier.md"
GUIDE = GUIDE_FILE.read_text(encoding="utf-8")
QUOTED = {
    ShiftWord.REFUSED_NO_SHIFT: "",
    ShiftWord.EXPECTED: "",
    ShiftWord.CLOSED_SHORT: "3.00",
    ShiftWord.CLOSED_OVER: "3.00",
    ShiftWord.IN_ALL: "",
    ShiftWord.TURNOVER: "",
    ShiftWord.PREPAID_SOLD: "",
    ShiftWord.PREPAID_SPENT: "",
}
CHINESE_GUIDE = GUIDE_FILE.with_suffix(".zh.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ShiftWord)
def test_every_text_fits_a_small_screen(word: ShiftWord) -> None:
    for language in Language:
        assert 0 < display_width(text(word, language, "9999999.99")) <= SMALL_SCREEN_COLUMNS


@pytest.mark.parametrize("word", ShiftWord)
def test_english_is_ascii_chinese_is_not_and_both_take_the_same_detail(word: ShiftWord) -> None:
    assert not set(word.english) - set(string.printable)
    assert set(word.chinese) - set(string.printable)
    assert word.english.count("{}") == word.chinese.count("{}") <= 1


@pytest.mark.parametrize("word", [word for word in ShiftWord if word.name.startswith("REFUSED_")])
def test_a_refusal_says_why_and_after_the_dash_what_to_press(word: ShiftWord) -> None:
    for language in Language:
        why, _, what = text(word, language).partition(" - ")
        assert why
        assert what


@pytest.mark.parametrize("word", QUOTED)
def test_the_cashiers_guide_quotes_the_screen(word: ShiftWord) -> None:
    assert f"`{text(word, Language.ENGLISH, QUOTED[word])}`" in GUIDE
    assert f"`{text(word, Language.CHINESE, QUOTED[word])}`" in CHINESE_GUIDE
