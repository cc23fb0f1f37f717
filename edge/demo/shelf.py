"""What lies in the demo shop's shelves, each thing with what a scanner reads off it."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from edge.checkout.goods.barcode import check_digit
from edge.checkout.records import Unit
from edge.demo.loyalty import ANA_CARD, COUPON, GIFT_CARD, XIAOMING_CARD

# The simulated gateway goes by the last digit: 0 approves, 2 is slow to confirm.
PHONE_CODE, SLOW_PHONE_CODE = "281234567890123450", "281234567890123452"
SHOP_FILE = Path(__file__).with_name("shop.csv")
PROMOTIONS_FILE = Path(__file__).with_name("promotions.json")
PEOPLE_FILE = Path(__file__).with_name("people.toml")
# The first two digits of a PLU say where the thing lies.
DEPARTMENTS = {
    "10": ("Soft drinks", "饮料"),
    "11": ("Tea, coffee, milk", "茶、咖啡、奶"),
    "12": ("Beer and wine", "酒"),
    "13": ("Crisps and snacks", "零食"),
    "14": ("Sweets", "糖果"),
    "15": ("Noodles", "面食"),
    "16": ("Rice, flour, oil", "米面粮油"),
    "17": ("Sauces and spices", "调味品"),
    "18": ("Frozen", "冷冻食品"),
    "19": ("Bakery", "面包糕点"),
    "20": ("Fruit (weighed)", "水果（称重）"),
    "21": ("Vegetables (weighed)", "蔬菜（称重）"),
    "22": ("Eggs, tofu, meat", "蛋、豆制品、肉"),
    "23": ("Household", "家居清洁"),
    "24": ("Toiletries", "个人护理"),
    "25": ("Stationery", "文具"),
    "26": ("Bags and services", "购物袋、服务"),
}
# What a hand puts on the scales, in grams.
LIGHTEST_G, HEAVIEST_G = 150, 1_800


@dataclass(frozen=True, slots=True)
class Goods:
    """A product in the shelf. `code` is its barcode, for weighed goods the item of the scales'
    label; empty where there is none and the PLU is keyed.
    """

    plu: str
    code: str
    name_en: str
    name_zh: str
    price_minor: int
    unit: Unit

    def scanned(self, weight_g: int) -> str:
        """What a scanner reads; of weighed goods, the label that the scales print."""
        return weight_label(self.code, weight_g) if self.unit is Unit.KG else self.code


@dataclass(frozen=True, slots=True)
class Department:
    """A page of the shelf."""

    name_en: str
    name_zh: str
    goods: tuple[Goods, ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """All of the shop's goods, page by page; behind them a page of what can't be sold."""

    departments: tuple[Department, ...]

    @property
    def pages(self) -> tuple[Department, ...]:
        return (*self.departments, SHOWN_CODES, ODD_CODES)

    def __iter__(self) -> Iterator[Goods]:
        return (goods for department in self.departments for goods in department.goods)

    def named(self, name: str) -> Goods:
        """The goods of that English name, as it stands in the file. Raises LookupError."""
        for goods in self:
            if goods.name_en == name:
                return goods
        raise LookupError(f"no {name!r} in the shelf")

    def search(self, words: str) -> tuple[Goods, ...]:
        """What is on any page and has all of the words in its name (in either language), PLU or
        barcode.
        """
        wanted = words.lower().split()
        return tuple(
            goods
            for page in self.pages
            for goods in page.goods
            if all(
                word in f"{goods.name_en} {goods.name_zh} {goods.plu} {goods.code}".lower()
                for word in wanted
            )
        )


def _codes(*rows: tuple[str, str, str]) -> tuple[Goods, ...]:
    """What has a code, a name in either language, and no price: it is not sold."""
    return tuple(Goods("", code, name_en, name_zh, 0, Unit.EACH) for code, name_en, name_zh in rows)


# What scanners also read, and a till has to refuse. The card is a number that card schemes give to
# testers.
UNKNOWN_CODE, MISREAD_CODE, CARD_NUMBER = "9520417099998", "9520417010010", "4111111111111111"
SHOWN_CODES = Department(
    "What customers show",
    "顾客出示的码",
    _codes(
        (XIAOMING_CARD, "Card of Wang Xiaoming", "王小明的会员卡"),
        (ANA_CARD, "Card of Ana, gold", "Ana 的金卡"),
        (COUPON, "A coupon, 5 off from 30", "优惠券，满 30 减 5"),
        (GIFT_CARD, "A gift card with 100", "礼品卡，100 元"),
        (PHONE_CODE, "A phone's payment code", "手机付款码"),
        (SLOW_PHONE_CODE, "A phone, slow to confirm", "付款码，确认较慢"),
    ),
)
ODD_CODES = Department(
    "Not for sale",
    "不能卖的码",
    _codes(
        (UNKNOWN_CODE, "Another shop's article", "别家商品"),
        (MISREAD_CODE, "A smudged barcode", "模糊的条码"),
        (CARD_NUMBER, "A payment card", "银行卡"),
    ),
)


def read_shelf(path: Path = SHOP_FILE) -> Shelf:
    """The shelf of the demo shop."""
    with path.open(encoding="utf-8", newline="") as file:
        everything = [_goods(row) for row in csv.DictReader(file, strict=True)]
    return Shelf(
        tuple(
            Department(*names, _of_department(everything, digits))
            for digits, names in DEPARTMENTS.items()
        )
    )


def weight_label(item: str, weight_g: int) -> str:
    """The EAN-13 that the shop's scales print: `21IIIIIVVVVVC`."""
    digits = f"{item}{weight_g:05}"
    return f"{digits}{check_digit(digits)}"


def some_weight_g(dice: Random) -> int:
    return dice.randrange(LIGHTEST_G, HEAVIEST_G, 2)


def _goods(row: dict[str, str]) -> Goods:
    barcodes = row["barcodes"].split()
    return Goods(
        plu=row["plu"],
        code=barcodes[0] if barcodes else "",
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        price_minor=int(row["price_minor"]),
        unit=Unit(row["unit"]),
    )


def _of_department(everything: Sequence[Goods], digits: str) -> tuple[Goods, ...]:
    return tuple(goods for goods in everything if goods.plu.startswith(digits))
