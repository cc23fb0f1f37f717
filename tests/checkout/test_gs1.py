"""Long codes at the till: what they sell, what is refused, and what goes on record of the pack."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.checkout.goods.articles import find_article
from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.goods.gs1 import Gs1, Gs1Price, gtin_codes, is_past, minor_of
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.money import CURRENCIES
from edge.checkout.quantity import amount_of
from edge.checkout.records import Entry, EntryKind, Pack, Unit, sale_entry, sale_from
from edge.checkout.sale.draft import basket_body, basket_from
from edge.checkout.session import State
from edge.checkout.shop import Language, Limits
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_goods import GoodsWord
from tests.support.goods import BEER, GoodsTill, searchable
from tests.support.gs1 import (
    CHEESE_01,
    CHEESE_GTIN,
    COLA_01,
    GOODS,
    GS,
    SOAP_01,
    TODAY,
    WATER_01,
    YESTERDAY,
    scan,
    sold_pack,
)
from tests.support.playbook import CHEESE, COLA_EAN13, NOON_MS, SHOP, SOAP, Till, with_check_digit
from tests.support.walk import WatchedTill

SHELF = Catalogue("1", GOODS)
STRICT = replace(SHOP, refuses_after_best=True)
DAY_MS = 86_400_000


def till(shop=SHOP, shelf: Catalogue = SHELF) -> Till:  # noqa: ANN001 - a Shop
    return Till(shop, shelf)


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


# --- dates


@pytest.mark.parametrize("ai", ["17", "16"])
def test_an_expired_pack_is_refused_and_the_basket_stays(ai: str) -> None:
    refused = scan(till().scan("1001"), COLA_01 + ai + YESTERDAY)
    assert refused.notice == "Expired 2025-12-31 - don't sell"
    assert len(refused.rows) == 1
    assert scan(till(), COLA_01 + ai + TODAY).rows == [("Cola", "1 × 3.50", "3.50")]


def test_the_earliest_of_its_dates_counts() -> None:
    refused = scan(till(), f"{COLA_01}17{TODAY}16{YESTERDAY}")
    assert refused.notice == "Expired 2025-12-31 - don't sell"


def test_a_pack_that_names_the_minute_is_good_up_to_it() -> None:
    assert (
        scan(till(), COLA_01 + "70032601011159").notice == "Expired 2026-01-01 11:59 - don't sell"
    )
    assert scan(till(), COLA_01 + "70032601011201").rows == [("Cola", "1 × 3.50", "3.50")]


def test_its_day_is_the_shops_and_not_greenwichs() -> None:
    def at(hour: int) -> Instant:
        return Instant(NOON_MS + (hour - 12) * 3_600_000, "b", 0, ClockQuality.SYNCED)

    assert not is_past("2025-12-31", at(0), 0)
    assert is_past("2025-12-31", at(0), 480)
    assert not is_past("2026-01-01", at(23), 480)
    assert is_past("2026-01-01", at(24), 480)
    assert not is_past("", at(12), 480)


def test_a_clock_that_nobody_vouches_for_is_behind_at_most_so_what_is_past_is_past() -> None:
    behind = till()
    behind.quality = ClockQuality.UNSET
    assert scan(behind, COLA_01 + "17" + YESTERDAY).notice.startswith("Expired")
    assert scan(behind, COLA_01 + "17" + TODAY).rows


def test_past_its_best_it_is_sold_and_the_cashier_says_so() -> None:
    sold = scan(till(), COLA_01 + "15" + YESTERDAY)
    assert sold.rows == [("Cola", "1 × 3.50", "3.50")]
    assert sold.notice == "Was best before 2025-12-31 - tell them"
    assert scan(sold, COLA_01 + "15" + TODAY).notice == ""


def test_a_shop_may_refuse_what_is_past_its_best() -> None:
    refused = scan(till(STRICT), COLA_01 + "15" + YESTERDAY)
    assert (refused.notice, refused.rows) == ("Expired 2025-12-31 - don't sell", [])
    assert scan(till(STRICT), COLA_01 + "15" + TODAY).rows


def test_in_chinese_too() -> None:
    chinese = till(replace(SHOP, language=Language.CHINESE))
    assert scan(chinese, COLA_01 + "17" + YESTERDAY).notice == "已过期 2025-12-31 - 请勿出售"


def test_what_comes_back_may_have_expired() -> None:
    back = scan(till().press("MENU 12"), f"{COLA_01}17{YESTERDAY}15{YESTERDAY}10B7")
    assert (back.rows, back.notice) == ([("Cola", "1 × 3.50", "3.50")], "")
    assert sold_pack(back.press("CASH").stored())[0].batch == "B7"


def test_a_question_about_the_article_loses_nothing_of_the_pack() -> None:
    asked = GoodsTill(SHOP, Catalogue("1", {**searchable(BEER).by_code, COLA_EAN13: BEER}))
    scan(asked, f"{COLA_01}15{YESTERDAY}10B7")
    assert asked.state is State.ASKING
    assert asked.press("ENTER").notice == "Was best before 2025-12-31 - tell them"
    assert asked.session.basket.lines[0].pack.batch == "B7"
    expired = GoodsTill(SHOP, asked.facts.catalogue)
    assert scan(expired, COLA_01 + "17" + YESTERDAY).notice.startswith("Expired")


# --- on record

FULL = f"{COLA_01}17{TODAY}15{YESTERDAY}10B7/x{GS}21S-1"
PACK = Pack("B7/x", "S-1", "2026-01-01", "2025-12-31")


def test_batch_and_dates_go_on_record_with_the_line() -> None:
    sold = scan(till(), FULL).scan("1001").press("CASH").stored()
    assert sold_pack(sold) == [PACK, Pack()]
    entry = sale_entry(sold.sale)
    assert entry.body["lines"][0]["pack"] == {
        "batch": "B7/x",
        "serial": "S-1",
        "expires": "2026-01-01",
        "best_before": "2025-12-31",
    }
    assert "pack" not in entry.body["lines"][1]
    assert sale_from(EntryKind.SALE, entry.body) == sold.sale


def test_an_open_basket_keeps_them_over_a_power_cut() -> None:
    open_till = scan(till(), FULL)
    basket = open_till.session.basket
    assert basket_from(basket_body(basket)) == basket
    assert "pack" not in basket_body(till().scan("1001").session.basket)["lines"][0]
    assert sold_pack(open_till.restarted().press("CASH").stored()) == [PACK]


def test_a_corrected_line_keeps_them() -> None:
    assert sold_pack(scan(till(), FULL).press("2 X ENTER CASH").stored()) == [PACK]


def test_a_refund_has_them_of_the_line_that_comes_back() -> None:
    sold = scan(scan(till(), FULL), COLA_01 + "10OTHER").press("CASH").stored()
    sold.press("1 MENU 11").found()
    scan(sold, COLA_01 + "10OTHER")
    assert sold.press("CASH").stored().sale.kind is EntryKind.REFUND
    assert sold_pack(sold) == [Pack(batch="OTHER")]


# --- giving back


def test_any_pack_of_the_article_comes_back_when_no_line_has_its_batch() -> None:
    sold = till().scan(COLA_EAN13).press("CASH").stored().press("1 MENU 11").found()
    assert scan(sold, COLA_01 + "17" + YESTERDAY).session.past.picks == {1: 1}


@pytest.mark.parametrize("figures", ["3103000250", "39222500"])
def test_a_label_with_a_figure_stands_for_the_pack_that_was_sold_with_it(figures: str) -> None:
    other = "3103000125" if figures.startswith("31") else "39221250"
    sold = scan(scan(till(), CHEESE_01 + other), CHEESE_01 + figures).press("CASH").stored()
    sold.press("1 MENU 11").found()
    assert scan(sold, CHEESE_01 + figures).session.past.picks == {2: 1}
    unsold = scan(sold, CHEESE_01 + "3103000999")
    assert unsold.notice == "Not on the receipt - CLEAR"


def test_what_is_no_article_is_on_no_receipt() -> None:
    sold = till().scan(COLA_EAN13).press("CASH").stored().press("1 MENU 11").found()
    assert scan(sold, "0104006381333931").notice == "Not on the receipt - CLEAR"


# --- stock, and what it costs


def stock(task: str, code: str) -> GoodsTill:
    counting = GoodsTill(SHOP, SHELF).press(f"MENU {task}")
    scan(counting, code)
    return counting.stored()


def test_what_comes_in_is_on_record_with_its_batch() -> None:
    moved = stock("31", f"{COLA_01}17{TODAY}10B7")
    assert moved.notice == "In stock: Cola 1"
    assert moved.journal[0].body == {
        "plu": "1001",
        "code": COLA_EAN13,
        "quantity_milli": 1000,
        "reason": "received",
        "pack": {"batch": "B7", "expires": "2026-01-01"},
    }


@pytest.mark.parametrize("ai", ["17", "15"])
def test_a_pack_that_comes_in_past_its_date_is_warned_of(ai: str) -> None:
    assert stock("31", COLA_01 + ai + YESTERDAY).notice == "Cola 1 - it is past its date"


def test_one_that_is_written_off_or_counted_may_be_past_it() -> None:
    assert stock("32", COLA_01 + "17" + YESTERDAY).notice == "In stock: Cola -1"
    assert stock("33", COLA_01 + "17" + YESTERDAY).notice == "Counted: Cola 1"


def test_a_scan_while_looking_up_shows_the_price_and_enter_sells_what_was_scanned() -> None:
    found = scan(till().press("MENU 34"), f"{COLA_01}10B7")
    assert found.rows == [("Cola", "1001", "3.50")]
    assert found.state is State.ASKING
    assert sold_pack(found.press("ENTER CASH").stored()) == [Pack(batch="B7")]


def test_looking_an_expired_pack_up_does_not_sell_it() -> None:
    found = scan(till().press("MENU 34"), COLA_01 + "17" + YESTERDAY)
    assert found.press("ENTER").notice == "Expired 2025-12-31 - don't sell"


def test_looking_up_a_weighed_article_and_a_label_shows_them_too() -> None:
    assert Till(SHOP, SHELF).press("MENU 34").scan("2200101003506").rows[0][0] == "Apples"
    looking = till().press("MENU 34")
    assert looking.scan("nope").notice == "Unknown code - rescan, or key PLU"
    assert (
        looking.scan(with_check_digit("220099900350")).notice == "Unknown code - rescan, or key PLU"
    )
    assert looking.scan("9520000010011").notice == "Misread code - scan again"
    assert scan(looking, "0104006381333931").notice == "Unknown code - rescan, or key PLU"


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
