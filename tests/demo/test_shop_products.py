"""The demo shop's products are such that every path of the till can be tried with them."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

SHOP = Path(__file__).parents[2] / "edge/demo/shop.csv"
HEADER = ["plu", "barcodes", "name_en", "name_zh", "price_minor", "tax_code", "unit"]
CJK = re.compile(r"[\u4e00-\u9fff]")
IN_STORE_LABEL = re.compile(r"21\d{5}")

Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with SHOP.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        products = list(reader)
    assert reader.fieldnames is not None
    assert reader.fieldnames[: len(HEADER)] == HEADER
    return products


def barcodes(row: Row) -> list[str]:
    return row["barcodes"].split()


def gs1_sum(code: str) -> int:
    """The weighted sum of a whole code, check digit with weight 1; a multiple of 10 when valid."""
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(code)))


def test_there_are_about_200_in_16_departments_or_more(rows: list[Row]) -> None:
    assert 180 <= len(rows) <= 240
    departments = Counter(row["plu"][:2] for row in rows)
    assert len(departments) >= 16
    assert min(departments.values()) >= 10


def test_a_code_names_one_product(rows: list[Row]) -> None:
    codes = [code for row in rows for code in (row["plu"], *barcodes(row))]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert all(re.fullmatch(r"\d{4,5}", row["plu"]) for row in rows)


def test_packaged_goods_have_codes_with_a_valid_check_digit(rows: list[Row]) -> None:
    codes = [code for row in rows if row["unit"] == "each" for code in barcodes(row)]
    assert [code for code in codes if gs1_sum(code) % 10] == []
    lengths = Counter(len(code) for code in codes)
    assert set(lengths) == {8, 12, 13}
    assert lengths[8] >= 5
    assert lengths[12] >= 5
    assert any(len(barcodes(row)) > 1 for row in rows)


def test_no_code_belongs_to_a_company(rows: list[Row]) -> None:
    """GS1 gives 952 to demonstrations; 8 digits from 2 and 12 digits from 4 are a shop's own."""
    prefix = {8: "2", 12: "4", 13: "952"}
    codes = [code for row in rows if row["unit"] == "each" for code in barcodes(row)]
    assert [code for code in codes if not code.startswith(prefix[len(code)])] == []


def test_weighed_goods_are_keyed_by_the_item_of_their_label(rows: list[Row]) -> None:
    weighed = [row for row in rows if row["unit"] == "kg"]
    assert len(weighed) >= 10
    for row in weighed:
        (code,) = barcodes(row)
        assert IN_STORE_LABEL.fullmatch(code)
        assert code.endswith(row["plu"])


def test_some_things_have_no_barcode_and_are_sold_by_number(rows: list[Row]) -> None:
    assert 3 <= sum(not barcodes(row) for row in rows) <= 20


def test_names_are_english_and_chinese(rows: list[Row]) -> None:
    for row in rows:
        assert row["name_en"].isascii(), row
        assert row["name_en"] == row["name_en"].strip() != "", row
        assert CJK.search(row["name_zh"]), row
    for language in ("name_en", "name_zh"):
        names = Counter(row[language] for row in rows)
        assert [name for name, times in names.items() if times > 1] == []


def test_prices_taxes_and_units_are_known_to_the_shop(rows: list[Row]) -> None:
    priced = [row for row in rows if row["open_price"] != "yes"]
    assert all(1 <= int(row["price_minor"]) <= 50_000 for row in priced)
    assert {row["tax_code"] for row in rows} == {"A", "B", "C"}
    assert {row["unit"] for row in rows} == {"each", "kg"}
