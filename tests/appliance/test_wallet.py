"""Accounts as money through the whole appliance: top up, pay, use a coupon, give it all back, over
restarts and with a real store.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from edge.checkout.loyalty.member_numbers import card_number
from edge.clock import VirtualClock
from edge.settings import Settings
from tests.support.house import Counter, Watch, counter, simulated_settings
from tests.support.left_behind import left_behind
from tests.support.playbook import keys_of

NOW_MS = 1_767_240_000_000
PHONE = "13812345678"
TILL = 7
MEMBER = card_number(TILL, 1)
GIFT_CARD = card_number(900, 5)


def shop(folder: Path) -> Settings:
    rules = {
        "till": TILL,
        "points": {"minor_per_point": 1, "step_points": 100, "step_minor": 100},
        "top_up": {"bonuses": [{"from_minor": 1_000, "bonus_minor": 100}]},
        "campaigns": [
            {"id": "thanks", "kind": "money", "off_minor": 99, "issue_from_minor": 499},
        ],
    }
    taxes = {"taxes": [{"code": "A", "rate_bp": 0}]}
    return simulated_settings(folder, loyalty=rules, shop=taxes)


@asynccontextmanager
async def running(folder: Path, watch: Watch | None = None) -> AsyncIterator[Counter]:
    async with counter(shop(folder), clock=VirtualClock(NOW_MS), watch=watch) as till:
        yield till


def press(till: Counter, keys: str) -> None:
    for key in keys_of(keys):
        till.press(key)


async def keyed(till: Counter, keys: str, notice: str) -> None:
    press(till, keys)
    await till.until(lambda: till.notice == notice)


async def until_total(till: Counter, total: str) -> None:
    await till.until(lambda: till.screen.screen is not None and till.screen.screen.total == total)


async def until_paper(till: Counter, number: int) -> None:
    await till.until_event(f"paper {number}")


def balances(folder: Path) -> dict[str, int]:
    """What the stopped till's store holds of each account, coupons aside."""
    with closing(sqlite3.connect(folder / "till.db")) as conn:
        rows = conn.execute(
            "SELECT account, sum(amount) FROM account_lot WHERE account NOT LIKE 'coupon%'"
            " GROUP BY account"
        ).fetchall()
    return dict(rows)


async def test_what_is_topped_up_pays_after_a_restart_and_a_refund_gives_it_back(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as till:
        press(till, "1000 MENU 48")
        till.scanner.scan(GIFT_CARD)
        await till.until(lambda: till.notice == "Will be on it: 11.00")
        press(till, "CASH")
        await until_paper(till, 1)
    assert balances(tmp_path) == {f"stored_value:{GIFT_CARD}": 1_100}

    async with running(tmp_path) as till:
        till.scan("Tea")
        press(till, "MENU 52")
        till.scanner.scan(GIFT_CARD)
        await until_paper(till, 2)
        assert till.drawer.pulses == 0
    assert balances(tmp_path) == {f"stored_value:{GIFT_CARD}": 601}

    async with running(tmp_path) as till:
        press(till, "2 MENU 11")
        await till.until(lambda: till.title == "Refund of receipt 2")
        press(till, "SUBTOTAL SUBTOTAL")
        await till.until(lambda: till.rows == ["Stored value"])
        press(till, "ENTER")
        await until_paper(till, 3)
    assert balances(tmp_path) == {f"stored_value:{GIFT_CARD}": 1_100}
    assert left_behind(tmp_path / "till.db").problems == ()


async def test_points_that_a_sale_earned_pay_the_next_one_and_its_coupon_another(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as till:
        await keyed(till, f"{PHONE} MEMBER", "ENTER: enrol - CLEAR: no")
        await keyed(till, "ENTER", f"Enrolled, card {MEMBER}")
        await till.sell("Tea")
    (sale,) = [body for kind, body in left_behind(tmp_path / "till.db").bodies if kind == "sale"]
    ((coupon, campaign, *_),) = sale["coupons"]
    assert (campaign, balances(tmp_path)) == ("thanks", {f"points:{MEMBER}": 499})

    async with running(tmp_path) as till:
        till.scanner.scan(MEMBER)
        await till.until(lambda: till.notice == "Member *0012")
        till.scan("Pencil")
        till.scanner.scan(coupon)
        await until_total(till, "0.21")
        press(till, "SUBTOTAL MEMBER")
        await till.until(lambda: till.rows == ["1. Points"])
        await keyed(till, "ENTER", "Only 499 here - pay it otherwise")
        press(till, "CLEAR CASH")
        await until_paper(till, 2)
    assert balances(tmp_path) == {f"points:{MEMBER}": 499 + 21}
    assert left_behind(tmp_path / "till.db").problems == ()


async def test_a_till_that_stops_before_the_commit_has_spent_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as till:
        press(till, "1000 MENU 48")
        till.scanner.scan(GIFT_CARD)
        await till.until(lambda: till.notice == "Will be on it: 11.00")
        press(till, "CASH")
        await until_paper(till, 1)

    async with running(tmp_path) as till:
        till.scan("Tea")
        press(till, "100 MENU 52")
        till.scanner.scan(GIFT_CARD)
        await until_total(till, "3.99")
    assert balances(tmp_path) == {f"stored_value:{GIFT_CARD}": 1_100}

    async with running(tmp_path) as till:
        await until_total(till, "3.99")
        press(till, "CASH")
        await until_paper(till, 2)
    assert balances(tmp_path) == {f"stored_value:{GIFT_CARD}": 1_000}
    assert left_behind(tmp_path / "till.db").problems == ()
