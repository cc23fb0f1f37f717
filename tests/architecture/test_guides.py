"""The guides quote the till's own words, and show its screens."""

import re
from pathlib import Path

import pytest

from edge.checkout.menu import TASKS
from edge.checkout.people.staff import CASHIER, MANAGER, SUPERVISOR, TRAINEE, Permission
from edge.checkout.shop import Language
from edge.checkout.words.texts import Saying, Word, text
from edge.checkout.words.texts_accounts import AccountWord
from edge.checkout.words.texts_drawer import DrawerWord
from edge.checkout.words.texts_goods import GoodsWord
from edge.checkout.words.texts_members import MemberWord
from edge.checkout.words.texts_payment import PaymentWord
from edge.checkout.words.texts_promotions import PromotionWord
from edge.checkout.words.texts_staff import StaffWord
from edge.store.staff_file import parse_staff
from scripts.guide_shots import SHOTS
from scripts.shot import Shot

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = {
    Language.ENGLISH: (DOCS / "cashier.md").read_text(),
    Language.CHINESE: (DOCS / "cashier.zh.md").read_text(),
}
STAFF_GUIDE = (DOCS / "staff.md").read_text()
# What the English guide has as an example, in Chinese.
IN_CHINESE = {
    "Flowers": "鲜花",
    "Haircut": "理发",
    "Cola 23": "可乐 23",
    "Cola 3": "可乐 3",
    "Cola 50": "可乐 50",
    "Milk 4": "牛奶 4",
    "Milk 12": "牛奶 12",
    "change a price": "改价",
}
in_both_languages = pytest.mark.parametrize("language", Language)


def said(word: Saying, detail: str, language: Language) -> str:
    """What the screen says, with the guide's example."""
    if language is Language.CHINESE:
        detail = IN_CHINESE.get(detail, detail)
    return text(word, language, detail)


QUOTED = [
    Word.RESTORED,
    Word.DRAWER_FAILED,
    DrawerWord.NO_PULSE,
    DrawerWord.IS_OPEN,
    DrawerWord.CLOSE,
    DrawerWord.FORCED,
    Word.RECEIPT_FAILED,
    Word.RECEIPT_PENDING,
    Word.RECEIPTS_REST,
    Word.OFFLINE,
    MemberWord.NOT_A_MEMBER,
    MemberWord.REFUSED_NO_MEMBERS,
    MemberWord.REFUSED_NOBODY,
    MemberWord.REFUSED_BLOCKED,
    MemberWord.REFUSED_REPLACED,
    MemberWord.REFUSED_EXPIRED,
    MemberWord.REFUSED_REPLAYED,
    MemberWord.REFUSED_FORGED,
]


@in_both_languages
@pytest.mark.parametrize("word", QUOTED, ids=lambda word: word.name)
def test_the_cashiers_guide_quotes_what_the_screen_says(word: Word, language: Language) -> None:
    assert f"`{said(word, '17', language)}`" in GUIDES[language]


DISCOUNTS = [
    (PromotionWord.UNITS, "1"),
    (PromotionWord.GIFT, "1"),
    (PromotionWord.REFUSED_NO_DISCOUNT, ""),
]


@in_both_languages
@pytest.mark.parametrize(("word", "detail"), DISCOUNTS, ids=str)
def test_the_cashiers_guide_says_of_discounts_what_the_screen_says(
    word: PromotionWord, detail: str, language: Language
) -> None:
    assert said(word, detail, language) in GUIDES[language]


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
    (GoodsWord.REFUSED_EXPIRED, "2026-11-20"),
    (GoodsWord.PAST_BEST, "2026-11-20"),
    (GoodsWord.STOCK_EXPIRED, "Milk 12"),
    (GoodsWord.REFUSED_NO_WEIGHT, ""),
    (GoodsWord.REFUSED_NOT_STILL, ""),
    (GoodsWord.REFUSED_OVERLOADED, ""),
    (GoodsWord.REFUSED_UNDER_ZERO, ""),
    (GoodsWord.REFUSED_NO_SCALE, ""),
]


@in_both_languages
@pytest.mark.parametrize(("word", "detail"), GOODS, ids=str)
def test_the_cashiers_guide_says_of_goods_what_the_screen_says(
    word: GoodsWord, detail: str, language: Language
) -> None:
    assert said(word, detail, language) in GUIDES[language]


PAYMENTS = [
    (PaymentWord.MOBILE, "3.50"),
    (PaymentWord.SCAN_CODE, ""),
    (PaymentWord.KEY_APPROVAL, ""),
    (PaymentWord.VOID_THERE, "3.50"),
    (PaymentWord.REFUND_THERE, "3.50"),
    (PaymentWord.CONFIRMING_FOR, "5"),
    (PaymentWord.UNKNOWN, "3.50"),
    (PaymentWord.UNKNOWN_FOR, "5"),
    (PaymentWord.TAKING_BACK, "3.50"),
    (PaymentWord.TAKING_BACK_FOR, "5"),
    (PaymentWord.REFUSED_DECLINED, ""),
    (PaymentWord.REFUSED_FUNDS, ""),
    (PaymentWord.REFUSED_EXPIRED, ""),
    (PaymentWord.REFUSED_OFFLINE, ""),
    (PaymentWord.REFUSED_CODE, ""),
    (PaymentWord.GOES_BACK, "3.50"),
    (PaymentWord.LEFT_UNKNOWN, "3.50"),
    (PaymentWord.REFUND_REFUSED, "3.50"),
    (PaymentWord.DROPPED, "3.50"),
    (PaymentWord.OPEN_COUNT, "1"),
    (PaymentWord.PENDING, ""),
    (PaymentWord.IS_REVERSING, ""),
    (PaymentWord.IS_REFUSED, ""),
    (PaymentWord.ASK_PENDING, ""),
    (PaymentWord.VOUCHER, "20.00"),
    (PaymentWord.ASK_VOUCHER, ""),
    (PaymentWord.REFUSED_VOUCHER_TWICE, ""),
    (PaymentWord.VOID_CARD, ""),
    (PaymentWord.VOUCHER_BACK, "5.00"),
    (PaymentWord.BACK_BY_HAND, ""),
]


@in_both_languages
@pytest.mark.parametrize(("word", "detail"), PAYMENTS, ids=str)
def test_the_cashiers_guide_says_of_payments_what_the_screen_says(
    word: PaymentWord, detail: str, language: Language
) -> None:
    assert said(word, detail, language) in GUIDES[language]


ACCOUNTS = [
    (AccountWord.WALLET, "35.00"),
    (AccountWord.ASK_WALLET, ""),
    (AccountWord.REWARD, "Cola 50"),
    (AccountWord.REFUSED_ONLY, "320"),
    (AccountWord.REFUSED_NOT_HERE, ""),
    (AccountWord.REFUSED_COUPON_GONE, ""),
    (AccountWord.REFUSED_COUPON_EXPIRED, ""),
    (AccountWord.REFUSED_SAME_CAMPAIGN, ""),
    (AccountWord.REFUSED_NOT_OWNER, ""),
    (AccountWord.PAY_BACK, "15.00"),
    (AccountWord.ASK_PAY_BACK, ""),
    (AccountWord.REFUSED_SPENT, ""),
]


@in_both_languages
@pytest.mark.parametrize(("word", "detail"), ACCOUNTS, ids=str)
def test_the_cashiers_guide_says_of_accounts_what_the_screen_says(
    word: AccountWord, detail: str, language: Language
) -> None:
    assert said(word, detail, language) in GUIDES[language]


STAFF = [
    (StaffWord.SIGNED_OFF, ""),
    (StaffWord.ASK_SIGN_ON, ""),
    (StaffWord.REFUSED_SIGNED_OFF, ""),
    (StaffWord.SUPERVISOR, "change a price"),
    (StaffWord.ASK_WHO, ""),
    (StaffWord.REFUSED_MAY_NOT, ""),
    (StaffWord.REFUSED_WRONG_PIN, ""),
    (StaffWord.REFUSED_LOCKED, "12"),
]


@in_both_languages
@pytest.mark.parametrize(("word", "detail"), STAFF, ids=str)
def test_the_cashiers_guide_says_of_people_what_the_screen_says(
    word: StaffWord, detail: str, language: Language
) -> None:
    assert said(word, detail, language) in GUIDES[language]


def test_the_staff_guide_says_what_each_role_may() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|(.*)\|$", STAFF_GUIDE, re.MULTILINE)
    said = {name: [bool(cell.strip()) for cell in cells.split("|")] for name, _, cells in rows}
    roles = (TRAINEE, CASHIER, SUPERVISOR, MANAGER)
    assert said == {
        permission.value: [permission in role.permissions for role in roles]
        for permission in Permission
    }
    named = {name: set(re.findall(r"\b(\d\d)\b", what)) for name, what, _ in rows}
    for task in TASKS:
        if task.permission is not None:
            assert task.number in named[task.permission]


def test_the_staff_guide_shows_a_file_that_is_taken() -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", STAFF_GUIDE, re.DOTALL)
    salt_and_key = "c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    people = parse_staff(shown.replace("...", salt_and_key).encode(), "staff.toml")
    assert [person.name for person in people.people] == ["Anna", "Ben"]


@in_both_languages
def test_the_cashiers_guide_names_every_task_of_the_menu_and_no_other(language: Language) -> None:
    named = set(re.findall(r"`MENU` `(\d\d)`", GUIDES[language]))
    assert named == {task.number for task in TASKS}


def test_every_task_of_the_menu_has_a_picture() -> None:
    assert {shot.task for shot in SHOTS} - {""} == {task.number for task in TASKS}


@in_both_languages
@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_the_cashiers_guide_shows_each_picture_once_with_its_keys(
    shot: Shot, language: Language
) -> None:
    assert GUIDES[language].count(f"\n{shot.block(language)}") == 1


@in_both_languages
def test_every_picture_of_the_cashiers_guide_is_there_and_every_other_is_gone(
    language: Language,
) -> None:
    shown = re.findall(r"\]\(pictures/tasks/(.*?)\)", GUIDES[language])
    assert sorted(shown) == sorted(file.name for file in (DOCS / "pictures/tasks").iterdir())
