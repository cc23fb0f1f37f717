"""What a search finds, in which order."""

import pytest

from edge.checkout.goods.catalogue import NO_KEYS, Catalogue, Product
from edge.checkout.goods.search import LONGEST_INITIALS, MOST_HITS, join_keys, key_lines, search
from edge.checkout.records import Unit
from tests.support.playbook import CATALOGUE, SOAP_UPC_A

SHELF = {
    ("1001", "Cola", "可乐"): "kl",
    ("1002", "Cola Zero, 330 ml", "无糖可乐"): "wtkl",
    ("1003", "Pepsi Cola", "百事可乐"): "bskl",
    ("1010", "Crème Brûlée", "焦糖布丁"): "jtbd",
    ("2055", "Jasmine tea", "茉莉花茶"): "mlhc",
    ("55", "Gum", "口香糖"): "kxt",
    ("7001", "7 Up", "7喜"): "7x",
    ("A-9", "Tea-light candle", ""): "",
}


def catalogue(shelf: dict[tuple[str, str, str], str]) -> Catalogue:
    products = {
        plu: Product(plu, name_en, name_zh, 100, "A", Unit.EACH) for plu, name_en, name_zh in shelf
    }
    initials = {plu: spelled for (plu, _, _), spelled in shelf.items()}
    keys = join_keys(key_lines(products[plu], initials[plu]) for plu in sorted(products))
    return Catalogue("1", products, keys)


def found(text: str) -> list[str]:
    return [product.plu for product in search(catalogue(SHELF), text)]


@pytest.mark.parametrize(
    ("keyed", "plus"),
    [
        # the PLU itself, PLUs that begin so, initials that begin so, words, initials that hold it
        ("55", ["55", "1001", "1002", "1003"]),
        ("100", ["1001", "1002", "1003"]),
        # c o l a, and the beginning of it
        ("2652", ["1001", "1002", "1003"]),
        ("265", ["1001", "1002", "1003"]),
        # b s k l, whole and in part
        ("2755", ["1003"]),
        ("275", ["1003"]),
        ("75", ["1003"]),
        # accents are not keyed: c r e m e, b r u l e e
        ("27363", ["1010"]),
        ("27", ["1003", "1010"]),
        # first characters of the English words: j t, p c
        ("58", ["1010", "2055"]),
        ("72", ["1003"]),
        # a digit stands for itself in a name
        ("330", ["1002"]),
        ("79", ["7001"]),
        # words begin behind whatever is no letter
        ("54448", ["A-9"]),
        ("832", ["2055", "A-9"]),
        ("99999", []),
        ("", []),
        ("  ", []),
    ],
)
def test_digits_find_plus_initials_and_words(keyed: str, plus: list[str]) -> None:
    assert found(keyed) == plus


def test_one_digit_is_not_looked_for_within_initials() -> None:
    assert found("5") == ["55", "1001", "1010", "2055", "A-9"]


@pytest.mark.parametrize(
    ("text", "plus"),
    [
        ("cola", ["1001", "1002", "1003"]),
        ("COLA z", ["1002"]),
        ("zero cola", ["1002"]),
        ("creme", ["1010"]),
        ("Crème brû", ["1010"]),
        ("kl", ["1001", "1002", "1003"]),
        ("bs", ["1003"]),
        # as keyed it would be kl as well
        ("jk", []),
        ("A-", ["A-9"]),
        ("可乐", ["1001", "1002", "1003"]),
        ("糖", ["1002", "1010", "55"]),
        ("喜", ["7001"]),
        ("?", []),
    ],
)
def test_letters_find_names_and_initials(text: str, plus: list[str]) -> None:
    assert found(text) == plus


def test_a_barcode_finds_its_product_though_there_is_nothing_to_search() -> None:
    assert CATALOGUE.keys is NO_KEYS
    assert [product.name_en for product in search(CATALOGUE, SOAP_UPC_A)] == ["Soap"]


def test_there_is_an_end_to_what_is_found() -> None:
    many = {(f"{plu}", "Cola", "可乐"): "kl" for plu in range(1000, 1000 + 2 * MOST_HITS)}
    hits = search(catalogue(many), "2652")
    assert [product.plu for product in hits] == [f"{plu}" for plu in range(1000, 1000 + MOST_HITS)]
    assert len(search(catalogue(many), "1040")) == 1


def test_a_product_is_found_once_however_often_it_fits() -> None:
    twice = {("2652", "Cola cola Colander", "可乐可乐"): "klkl"}
    assert [product.plu for product in search(catalogue(twice), "2652")] == ["2652"]
    assert len(search(catalogue(twice), "55")) == 1


def test_nobody_keys_more_initials_than_are_kept() -> None:
    long = {("1", "A", "很" * 40): "h" * 40}
    assert len(search(catalogue(long), "4" * LONGEST_INITIALS)) == 1
    assert search(catalogue(long), "4" * (LONGEST_INITIALS + 1)) == ()


def test_no_products_have_no_keys() -> None:
    assert join_keys([]) is NO_KEYS
    assert search(Catalogue("1", {}), "1") == ()
