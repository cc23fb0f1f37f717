"""Goods and stock through the whole appliance: from the products' file to the journal."""

from pathlib import Path

import pytest

from edge.checkout.inputs import Key
from edge.settings import Settings
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import left_behind
from tests.support.playbook import keys_of

PRODUCTS = """\
plu,barcodes,name_en,name_zh,price_minor,tax_code,unit,min_age,deposit_plu,low_stock_milli,initials
3001,5901234123457,Beer,啤酒,500,A,each,18,90,5000,
90,,Deposit,押金,25,A,each,,,,
6001,4006381333931,Milk,牛奶,600,A,each,,,,nn
"""
BEER = "5901234123457"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = simulated_settings(tmp_path)
    assert found.shop.catalogue is not None
    found.shop.catalogue.write_text(PRODUCTS, encoding="utf-8")
    return found


def press(till: Counter, keys: str) -> None:
    for key in keys_of(keys):
        till.press(key)


async def test_received_sold_counted_and_low_from_the_keypad_to_the_journal(
    settings: Settings,
) -> None:
    async with counter(settings) as till:
        press(till, "MENU 31 6 X 3001 ENTER")
        await till.until(lambda: till.notice == "In stock: Beer 6")
        press(till, "CLEAR")

        till.scanner.scan(BEER)
        await till.until(lambda: till.title == "Is the customer 18 or older?")
        press(till, "ENTER")
        await till.until(lambda: till.rows == ["Beer", "Deposit"])
        press(till, "CASH")
        await till.until(lambda: till.screen.screen.status == ("low: Beer 5",))

        press(till, "MENU 33 4 X 3001 ENTER")
        await till.until(lambda: till.notice == "Counted: Beer 4")
        press(till, "CLEAR MENU 35")
        await till.until(lambda: till.rows == ["Beer"])
        assert till.screen.screen.rows[0].right == "4 / 5"
        press(till, "ENTER")
    recorded = left_behind(settings.store.path).bodies
    kinds = [kind for kind, _ in recorded if kind not in {"epoch.opened", "catalogue.loaded"}]
    assert kinds == ["stock.adjusted", "age.checked", "sale", "stock.low", "stock.counted"]
    assert recorded[-1][1] == {"plu": "3001", "counted_milli": 4000, "was_milli": 5000}


async def test_stock_and_what_can_be_searched_are_there_after_a_restart(
    settings: Settings,
) -> None:
    async with counter(settings) as till:
        press(till, "MENU 31 6 X 3001 ENTER")
        await till.until(lambda: till.notice == "In stock: Beer 6")
    async with counter(settings) as till:
        # p j, which the till worked out; n n, which the file says; m i l k
        for digits, name in (("75", "Beer"), ("66", "Milk"), ("6455", "Milk")):
            press(till, f"{digits} MENU 34")
            await till.until(lambda name=name: till.rows[:1] == [name])
            if name == "Beer":
                assert till.screen.screen.rows[0].middle == "3001: 6"
            till.press(Key.CLEAR)
