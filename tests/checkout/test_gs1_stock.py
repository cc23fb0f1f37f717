"""Packs with a batch and dates that come back, come in or are looked up."""

import pytest

from edge.checkout.records import Pack
from edge.checkout.session import State
from tests.support.goods import GoodsTill
from tests.support.gs1 import CHEESE_01, COLA_01, SHELF, TODAY, YESTERDAY, scan, sold_pack, till
from tests.support.playbook import COLA_EAN13, SHOP, Till, with_check_digit

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
