"""Every word in both languages: short enough, complete, and each one different."""

import string

import pytest

from edge.checkout.shop import Language
from edge.checkout.texts import Word, text
from edge.checkout.width import display_width

SMALL_SCREEN_COLUMNS = 40
# The longest detail that each word takes; product names may be longer, and are cut by the screen.
DETAILS = {
    Word.CARD_PAYMENT: "999999999.99",
    Word.HELD: "20",
    Word.RECALLED: "20",
    Word.HELD_COUNT: "20",
    Word.REFUND: "123456789",
    Word.ITEMS: "9999",
    Word.INSTEAD_OF: "99999.99",
    Word.LINE_VOIDED: "Mineral water 1.5 l",
    Word.QUANTITY_CHANGED: "9999.999",
    Word.PRICE_CHANGED: "99999.99",
    Word.PAID_IN: "999999999.99",
    Word.PAID_OUT: "999999999.99",
    Word.STOCK_MOVED: "Mineral water 1.5 l",
    Word.COPY_PRINTING: "123456789",
    Word.RECEIPT_PENDING: "123456789",
    Word.RECEIPT_FAILED: "123456789",
    Word.REFUSED_DRAFT_PAID: "999999999.99",
    Word.REFUSED_OTHER_TILL: "shop-12-till-3",
    Word.LOST_INPUTS: "999",
    Word.DEVICE_LOST: "customer display",
}
ALL = [(word, language) for word in Word for language in Language]


@pytest.mark.parametrize(("word", "language"), ALL)
def test_every_text_fits_a_small_screen(word: Word, language: Language) -> None:
    written = text(word, language, DETAILS.get(word, ""))
    assert 0 < display_width(written) <= SMALL_SCREEN_COLUMNS


@pytest.mark.parametrize(("word", "language"), ALL)
def test_a_detail_is_put_in_its_place(word: Word, language: Language) -> None:
    template = text(word, language, "{}")
    assert template.count("{}") == (1 if word in DETAILS else 0)
    assert ("DETAIL" in text(word, language, "DETAIL")) == (word in DETAILS)


@pytest.mark.parametrize("word", [word for word in Word if word.name.startswith("REFUSED_")])
def test_a_refusal_says_why_and_after_the_dash_what_to_do(word: Word) -> None:
    for language in Language:
        why, dash, what = text(word, language).partition(" - ")
        if word is not Word.REFUSED_NUMBER_FIRST or language is Language.CHINESE:
            assert dash
            assert why
            assert what


@pytest.mark.parametrize("word", Word)
def test_chinese_is_chinese_and_english_is_ascii(word: Word) -> None:
    languages = [word.chinese, word.english] if word is Word.MENU_LANGUAGE else [word.english]
    english = languages[-1] if word is not Word.MENU_LANGUAGE else word.chinese
    assert not set(english) - set(string.printable)
    chinese = word.chinese if word is not Word.MENU_LANGUAGE else word.english
    assert set(chinese) - set(string.printable)


def test_no_two_words_are_one() -> None:
    assert len(Word.__members__) == len(list(Word))
