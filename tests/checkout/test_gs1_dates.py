"""Packs with a batch and dates: what may be sold of them, and what goes on record."""

from dataclasses import replace

import pytest

from edge.checkout.goods.catalogue import Catalogue
from edge.checkout.goods.gs1 import is_past
from edge.checkout.instant import ClockQuality, Instant
from edge.checkout.records import EntryKind, Pack, sale_entry, sale_from
from edge.checkout.sale.draft import basket_body, basket_from
from edge.checkout.session import State
from edge.checkout.shop import Language
from tests.support.goods import BEER, GoodsTill, searchable
from tests.support.gs1 import COLA_01, FULL, PACK, TODAY, YESTERDAY, scan, sold_pack, till
from tests.support.playbook import COLA_EAN13, NOON_MS, SHOP

STRICT = replace(SHOP, refuses_after_best=True)


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
