"""Every word in both languages: short enough, complete, and each one different."""

import string
from importlib import import_module
from pathlib import Path

import pytest

from edge.checkout.paper.width import display_width
from edge.checkout.shop import Language
from edge.checkout.words import texts
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_device_list import DeviceListWord
from edge.checkout.words.texts_devices import DeviceWord
from edge.checkout.words.texts_drawer import NO_PULSE_BY

for file in Path(texts.__file__).parent.glob("texts_*.py"):
    import_module(f"edge.checkout.words.{file.stem}")

SMALL_SCREEN_COLUMNS = 40
# The longest detail that a word takes, where it is longer than any sum of money; product names may
# be longer still, and are cut by the screen.
ANY_SUM = "99999.99"
DETAILS = {
    Word.CARD_PAYMENT: "999999999.99",
    Word.LINE_VOIDED: "Mineral water 1.5 l",
    Word.PAID_IN: "999999999.99",
    Word.PAID_OUT: "999999999.99",
    Word.RECEIPT_PENDING: "123456789",
    Word.RECEIPT_FAILED: "123456789",
    Word.RECEIPTS_REST: "20",
    Word.COPY_PRINTING: "123456789",
    Word.REFUND: "123456789",
    Word.REFUSED_DRAFT_PAID: "999999999.99",
    Word.REFUSED_OTHER_TILL: "shop-12-till-3",
    Word.LOST_INPUTS: "999",
    Word.DEVICE_LOST: "customer display",
    **dict.fromkeys(DeviceWord, "printer"),
    **dict.fromkeys(NO_PULSE_BY.values(), "printer"),
    DeviceListWord.LOST_COUNT: "32",
    DeviceListWord.ABSENT: "12:00?",
    DeviceListWord.FAULTED: "12:00?",
    Word.HELD: "20",
    Word.RECALLED: "20",
    Word.HELD_COUNT: "20",
    Word.UNPRINTED_COUNT: "20",
}
SECONDS = "999"
# Those of the till alone: the self-test has its own, and may have been imported before.
SUBJECTS = [
    each for each in Saying.__subclasses__() if each.__module__.startswith(texts.__package__)
]
WORDS: list[Saying] = [word for subject in SUBJECTS for word in subject]
ALL = [(word, language) for word in WORDS for language in Language]
NAMES = [f"{type(word).__name__}.{word.name}-{language}" for word, language in ALL]
# GB/T 15834: in Chinese, a sentence's commas, questions and colons take a character's width.
HALF_WIDTH = set(",?!:;")


@pytest.mark.parametrize(("word", "language"), ALL, ids=NAMES)
def test_every_text_fits_a_small_screen(word: Saying, language: Language) -> None:
    usual = SECONDS if word.name.endswith("_FOR") else ANY_SUM
    written = text(word, language, DETAILS.get(word, usual))
    assert 0 < display_width(written) <= SMALL_SCREEN_COLUMNS


@pytest.mark.parametrize("word", WORDS, ids=str)
def test_a_detail_has_one_place_in_both_languages_or_none(word: Saying) -> None:
    places = {text(word, language, "DETAIL").count("DETAIL") for language in Language}
    assert places in ({0}, {1})


@pytest.mark.parametrize(
    "word", [word for word in WORDS if word.name.startswith("REFUSED_")], ids=str
)
def test_a_refusal_says_why_and_after_the_dash_what_to_do(word: Saying) -> None:
    for language in Language:
        why, dash, what = text(word, language).partition(" - ")
        if word is not Word.REFUSED_NUMBER_FIRST or language is Language.CHINESE:
            assert dash
            assert why
            assert what


@pytest.mark.parametrize("word", WORDS, ids=str)
def test_chinese_is_chinese_and_english_is_ascii(word: Saying) -> None:
    english, chinese = word.english, word.chinese
    if word is Word.MENU_LANGUAGE:  # each names the other
        english, chinese = chinese, english
    assert not set(english) - set(string.printable)
    assert set(chinese) - set(string.printable)
    assert not set(chinese) & HALF_WIDTH


def test_no_two_words_are_one() -> None:
    for subject in SUBJECTS:
        assert len(subject.__members__) == len(list(subject))
