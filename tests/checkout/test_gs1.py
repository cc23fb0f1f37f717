"""Long codes at the till: what they sell, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.goods.articles import find_article
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.goods.gs1 import Gs1, Gs1Price, gtin_codes, minor_of
from edge.checkout.money import CURRENCIES
from edge.checkout.quantity import amount_of
from edge.checkout.records import Entry, EntryKind, Pack, Unit, sale_from
from edge.checkout.shop import Limits
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_goods import GoodsWord
from tests.support.gs1 import (
    CHEESE_01,
    CHEESE_GTIN,
    COLA_01,
    FULL,
    GOODS,
    GS,
    PACK,
    SHELF,
    SOAP_01,
    WATER_01,
    YESTERDAY,
    scan,
    sold_pack,
    till,
)
from tests.support.playbook import CHEESE, COLA_EAN13, SHOP, SOAP, Till
from tests.support.walk import WatchedTill

# --- which article, and how much of it


@pytest.mark.parametrize(
    ("code", "name", "recorded"),
    [
        (COLA_01, "Cola", COLA_EAN13),
        (SOAP_01, "Soap", "0952000003003"),
        (WATER_01, "Water", "95200026"),
        (CHEESE_01 + "3103000125", "Cheese", CHEESE_GTIN),
        (f"https://id.gs1.org/01/{COLA_EAN13}?10=B7", "Cola", COLA_EAN13),
    ],
)
def test_an_article_is_found_by_its_gtin_of_any_length(code: str, name: str, recorded: str) -> None:
    sold = scan(till(), code)
    assert sold.rows[0][0] == name
    assert sold.press("CASH").stored().sale.lines[0].code == recorded


def test_a_code_that_stands_in_the_catalogue_is_what_it_is_there() -> None:
    shelf = Catalogue("1", {**GOODS, COLA_01: SOAP})
    assert scan(till(shelf=shelf), COLA_01).rows[0][0] == "Soap"
    assert scan(Till(SHOP, shelf).press("MENU 34"), COLA_01).rows[0][0] == "Soap"


def test_a_gtin_that_no_article_has_is_unknown() -> None:
    assert scan(till(), "0104006381333931").notice == "Unknown code - rescan, or key PLU"


def test_an_article_without_a_tax_rate_is_refused() -> None:
    sold = scan(till(replace(SHOP, tax_rates={})), COLA_01)
    assert sold.notice == "No tax rate for it - call for help"


def test_a_quantity_keyed_before_it_multiplies_it() -> None:
    assert scan(till().press("3 X"), COLA_01 + "10B7").rows == [("Cola", "3 × 3.50", "10.50")]


def test_a_weight_is_sold_exactly() -> None:
    assert scan(till(), CHEESE_01 + "3103000125").rows == [("Cheese", "0.125 × 100.00", "12.50")]


def test_a_weighed_article_without_weight_is_weighed() -> None:
    assert scan(till(), CHEESE_01 + "10B7").notice == "Weighed item - weight X, scan"
    sold = scan(till().press("0.2 X"), CHEESE_01 + "10B7").press("CASH").stored()
    assert sold_pack(sold) == [Pack(batch="B7")]


def test_a_weight_that_is_no_whole_number_of_grams_is_refused() -> None:
    assert scan(till(), CHEESE_01 + "3104001255").notice == "No whole grams - weigh it, key it"


def test_a_price_does_not_sell_a_weight_that_is_not_beside_it() -> None:
    label = CHEESE_01 + "310400425539221250"
    refused = scan(till(), label)
    assert (refused.notice, refused.rows) == ("No whole grams - weigh it, key it", [])
    sold = scan(till().press("0.425 X"), label)
    assert sold.rows == [("Cheese", "0.425 × 29.41", "12.50")]
    # Of a piece it is only told.
    assert scan(till(), COLA_01 + "31040042553922299").rows == [("Cola", "1 × 2.99", "2.99")]


def test_a_weight_of_a_piece_and_a_weight_of_nothing_are_refused() -> None:
    assert scan(till(), COLA_01 + "3103000125").notice == Word.REFUSED_LABEL_WEIGHT.english
    assert scan(till(), COLA_01 + "3104001255").notice == Word.REFUSED_LABEL_WEIGHT.english
    assert scan(till(), CHEESE_01 + "3103000000").notice == "Misread code - scan again"


def test_a_price_is_charged_as_printed() -> None:
    assert scan(till(), COLA_01 + "3922299").rows == [("Cola", "1 × 2.99", "2.99")]
    assert scan(till(), COLA_01 + "3932156299").rows == [("Cola", "1 × 2.99", "2.99")]
    assert scan(till(), CHEESE_01 + "39221250").rows == [("Cheese", "0.125 × 100.00", "12.50")]


def test_a_weight_beside_its_price_is_the_one_that_was_weighed() -> None:
    """Many weights cost one cent; one of them is on the label."""
    shelf = Catalogue("1", {CHEESE_GTIN: replace(CHEESE, price_minor=10)})
    sold = scan(till(shelf=shelf), CHEESE_01 + "310300012339221")
    assert sold.rows == [("Cheese", "0.123 × 0.10", "0.01")]


def test_a_label_of_other_days_sells_its_weight_at_its_price() -> None:
    sold = scan(till(), CHEESE_01 + "310300030039222599")
    assert sold.rows == [("Cheese", "0.300 × 86.63", "25.99")]
    (line,) = sold.press("CASH").stored().sale.lines
    assert (line.quantity_milli, line.amount_minor, line.unit) == (300, 2599, Unit.KG)


def test_the_price_a_kilogram_is_todays_or_else_the_one_on_the_label() -> None:
    def how(figures: str) -> str:
        return scan(till(), CHEESE_01 + figures).rows[0][1]

    # 0.125 kg at 12.31: 98.44 to 98.52 a kilogram make it.
    assert how("310300012539221231") == "0.125 × 98.48"
    assert how("310300099939220998") == "0.999 × 9.99"
    assert how(f"310300012539221231{GS}3952009850") == "0.125 × 98.50"
    assert how(f"310300012539221250{GS}3952010002") == "0.125 × 100.00"
    # For a hundred grams, in parts of a cent, or of nothing, it is none for a kilogram.
    assert how(f"310300012539221231{GS}3952000985") == "0.125 × 98.48"
    assert how(f"310300012539221231{GS}3953098501") == "0.125 × 98.48"
    assert how(f"310300012539221231{GS}3952000000") == "0.125 × 98.48"


@given(st.integers(1, 1_000), st.integers(1, 9_999))
def test_up_to_a_kilogram_every_label_is_sold_at_its_price(grams: int, price_minor: int) -> None:
    limits = Limits(max_price_minor=10**9)
    gs1 = Gs1(CHEESE_GTIN, grams, Gs1Price(price_minor, 2))
    found = find_article("", gs1, None, till(replace(SHOP, limits=limits)).facts)
    assert found.quantity_milli == grams
    assert amount_of(found.product.price_minor, grams) == price_minor


def test_above_a_kilogram_a_price_that_no_price_a_kilogram_makes_is_refused() -> None:
    assert scan(till(), CHEESE_01 + "310300152339221949").rows == [
        ("Cheese", "1.523 × 12.80", "19.49")
    ]
    refused = scan(till(), CHEESE_01 + "310300152339221950")
    assert (refused.notice, refused.rows) == ("Price fits no weight - weight X, PLU", [])


def test_a_label_with_weight_and_price_asks_for_no_price_and_knows_no_list() -> None:
    shelf = Catalogue("1", {CHEESE_GTIN: replace(CHEESE, open_price=True, prices=(("gold", 1),))})
    sold = scan(till(shelf=shelf), CHEESE_01 + "310300012539221250")
    assert sold.rows == [("Cheese", "0.125 × 100.00", "12.50")]
    assert sold.session.basket.lines[0].product.prices == ()


@pytest.mark.parametrize(
    ("figures", "refusal"),
    [
        ("310300030039220", Word.REFUSED_MISREAD),
        ("310300000039221250", Word.REFUSED_MISREAD),
        ("310300000139229999999", Word.REFUSED_PRICE),
        ("310399999939221250", Word.REFUSED_QUANTITY),
        ("31030003003932978299", GoodsWord.REFUSED_OTHER_MONEY),
    ],
)
def test_a_weight_and_a_price_of_which_one_can_not_be_are_refused(
    figures: str, refusal: Word | GoodsWord
) -> None:
    small = replace(SHOP, limits=Limits(max_quantity_milli=900_000))
    refused = scan(till(small), CHEESE_01 + figures)
    assert (refused.notice, refused.rows) == (refusal.english, [])


def test_a_weight_beside_the_price_of_a_piece_is_no_quantity() -> None:
    sold = scan(till(), COLA_01 + "31030003303922299")
    assert sold.rows == [("Cola", "1 × 2.99", "2.99")]


def test_what_was_weighed_and_priced_comes_back_by_its_label() -> None:
    label = CHEESE_01 + "310300030039222599"
    sold = scan(till(), label).press("CASH").stored().press("1 MENU 11").found()
    assert scan(sold, label).session.past.picks == {1: 1}
    assert sold.press("CASH").stored().sale.total_minor == 2599


def test_a_price_in_other_money_or_in_parts_of_a_minor_unit_is_refused() -> None:
    refusal = "Label in other money - key price"
    assert scan(till(), COLA_01 + "3932978299").notice == refusal
    assert scan(till(), COLA_01 + "39232995").notice == refusal
    assert scan(till(), COLA_01 + "39232990").rows == [("Cola", "1 × 2.99", "2.99")]


def test_an_absurd_price_or_weight_is_refused() -> None:
    assert scan(till(), COLA_01 + "392099999999").notice == Word.REFUSED_PRICE.english
    small = replace(SHOP, limits=Limits(max_quantity_milli=100))
    assert scan(till(small), CHEESE_01 + "3103000125").notice == "Quantity out of range - CLEAR"


def test_a_quantity_keyed_before_a_label_that_has_one_is_refused() -> None:
    both = CHEESE_01 + "310300030039222599"
    for code in (CHEESE_01 + "3103000125", both, COLA_01 + "3922299", COLA_01 + "306"):
        assert scan(till().press("2 X"), code).notice == Word.REFUSED_LABEL.english


def test_the_pieces_in_a_pack_are_sold_as_pieces() -> None:
    assert scan(till(), COLA_01 + "306").rows == [("Cola", "6 × 3.50", "21.00")]
    assert scan(till(), COLA_01 + "300").notice == "Misread code - scan again"
    assert scan(till(), COLA_01 + "3099999999").notice == "Quantity out of range - CLEAR"
    # How many are in it is no weight.
    assert scan(till(), CHEESE_01 + "306").notice == "Weighed item - weight X, scan"


def test_what_a_pallet_holds_is_no_quantity() -> None:
    assert scan(till(), COLA_01 + "37144").rows == [("Cola", "1 × 3.50", "3.50")]


# --- anything at all


CODES = (
    COLA_01,
    FULL,
    CHEESE_01 + "3103000125",
    CHEESE_01 + "3104001255",
    CHEESE_01 + "10B7",
    f"{COLA_01}17{YESTERDAY}",
    f"{COLA_01}15{YESTERDAY}",
    COLA_01 + "306",
    COLA_01 + "3922299",
    "0104006381333931",
    COLA_EAN13,
)
KEYS = (
    "2 X",
    "0.2 X",
    "VOID",
    "3 X ENTER",
    "CASH",
    "CLEAR",
    "MENU 12",
    "MENU 11",
    "1 ENTER",
    "MENU 34",
)


@given(st.lists(st.sampled_from((*CODES, *KEYS, "!answer", "!restart")), max_size=25))
def test_whatever_is_scanned_drafts_sales_and_refunds_keep_what_they_know(
    actions: list[str],
) -> None:
    walked = WatchedTill(SHOP, SHELF)
    for action in actions:
        if action == "!restart":
            walked = walked.restarted()
        elif action == "!answer":
            if walked.waits_for_disk:
                walked.answered()
        elif action in KEYS:
            walked.press(action)
        else:
            scan(walked, action)
    packs = {
        pack for sold in walked.journal if sold.kind is EntryKind.SALE for pack in packs_of(sold)
    }
    assert packs <= {Pack(), PACK, Pack(batch="B7"), Pack(best_before="2025-12-31")}


def packs_of(entry: Entry) -> list[Pack]:
    return [line.pack for line in sale_from(entry.kind, entry.body).lines]


# --- the parts


def test_a_gtin_is_looked_for_in_every_length_that_it_may_have() -> None:
    assert gtin_codes("00000095200026") == ("95200026", "0000095200026", "00000095200026")
    assert gtin_codes("09520000010010") == ("9520000010010", "09520000010010")
    assert gtin_codes(CHEESE_GTIN) == (CHEESE_GTIN,)


def test_a_price_in_minor_units_is_exact_or_none() -> None:
    cny, jpy, kwd = CURRENCIES["CNY"], CURRENCIES["JPY"], CURRENCIES["KWD"]
    assert minor_of(Gs1Price(299, 2), cny) == 299
    assert minor_of(Gs1Price(3, 0), cny) == 300
    assert minor_of(Gs1Price(2995, 3), cny) is None
    assert minor_of(Gs1Price(299, 2, "156"), cny) == 299
    assert minor_of(Gs1Price(299, 2, "978"), cny) is None
    assert minor_of(Gs1Price(500, 0, "392"), jpy) == 500
    assert minor_of(Gs1Price(299, 2), kwd) == 2990


def test_every_currency_has_its_own_number() -> None:
    numbers = [each.number for each in CURRENCIES.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 3 and number.isdecimal() for number in numbers)
