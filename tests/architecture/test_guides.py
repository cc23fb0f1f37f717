"""The guides quote the till's own words."""

import re
from pathlib import Path

import pytest

from edge.checkout.menu import TASKS
from edge.checkout.texts import Word
from edge.checkout.texts_goods import GoodsWord
from edge.checkout.texts_promotions import PromotionWord

GUIDE = (Path(__file__).parents[2] / "docs" / "cashier.md").read_text()
QUOTED = [
    Word.RESTORED,
    Word.DRAWER_FAILED,
    Word.RECEIPT_FAILED,
    Word.RECEIPT_PENDING,
    Word.OFFLINE,
]


@pytest.mark.parametrize("word", QUOTED, ids=lambda word: word.name)
def test_the_cashiers_guide_quotes_what_the_screen_says(word: Word) -> None:
    assert f"`{word.english.replace('{}', '17')}`" in GUIDE


DISCOUNTS = [
    (PromotionWord.UNITS, "1"),
    (PromotionWord.GIFT, "1"),
    (PromotionWord.REFUSED_NO_DISCOUNT, ""),
]


@pytest.mark.parametrize(("word", "detail"), DISCOUNTS, ids=str)
def test_the_cashiers_guide_says_of_discounts_what_the_screen_says(
    word: PromotionWord, detail: str
) -> None:
    assert word.english.replace("{}", detail) in GUIDE


GOODS = [
    (GoodsWord.ASK_PRICE, "Flowers"),
    (GoodsWord.ASK_AGE, "18"),
    (GoodsWord.AGE_ENTER, ""),
    (GoodsWord.ASK_STAFF, "Haircut"),
    (GoodsWord.REFUSED_NO_DEPOSIT, ""),
    (GoodsWord.HITS, "55"),
    (GoodsWord.PICK_HIT, ""),
    (GoodsWord.STOCK_NOW, "Cola 23"),
    (GoodsWord.COUNTED_NOW, "Cola 3"),
    (GoodsWord.LOW_STOCK, "Milk 4"),
]


@pytest.mark.parametrize(("word", "detail"), GOODS, ids=str)
def test_the_cashiers_guide_says_of_goods_what_the_screen_says(
    word: GoodsWord, detail: str
) -> None:
    assert word.english.replace("{}", detail) in GUIDE


def test_the_cashiers_guide_names_every_task_of_the_menu_and_no_other() -> None:
    named = set(re.findall(r"`MENU` `(\d\d)`", GUIDE))
    assert named == {task.number for task in TASKS}
