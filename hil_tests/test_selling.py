"""Sales, from the hand at the scanner to the paper in the customer's."""

from hil_tests.bench import Bench
from hil_tests.shop import PRICES
from tests.support.kiosk import Printed


async def test_a_sale_for_cash_is_stored_opens_the_drawer_once_and_is_printed_once(
    till: Bench,
) -> None:
    receipt = await till.sell("Green tea", "Pencil")
    assert receipt == Printed(1, 619, copy=False, whole=True)
    await till.until_shown("TOTAL", "$6.19")
    await till.until(lambda: till.pulses_ms)
    assert till.papers == [receipt]
    assert till.complaints == []
    assert await till.stop() == 0
    assert len(till.pulses_ms) == 1
    assert (await till.kinds()).count("sale") == 1


async def test_a_card_leaves_the_drawer_shut_and_a_no_sale_opens_it(till: Bench) -> None:
    await till.sell("Pencil", keys="CARD ENTER")
    till.press("MENU 2 1")
    await till.until(lambda: till.pulses_ms)
    await till.stop()
    assert len(till.pulses_ms) == 1
    kinds = [kind for kind in await till.kinds() if kind in {"sale", "drawer.no_sale"}]
    assert kinds == ["sale", "drawer.no_sale"]


async def test_ten_scans_in_a_burst_lose_none(till: Bench) -> None:
    names = ["Pencil", "Green tea", "Umbrella"] * 3 + ["Notebook"]
    for name in names:
        till.scan(name)
    await till.until_shown("Notebook")
    till.press("CASH")
    (receipt,) = await till.until_printed(1)
    assert receipt.total_minor == sum(PRICES[name] for name in names)


async def test_a_quantity_before_the_scan_is_that_many(till: Bench) -> None:
    till.press("3 X")
    till.scan("Umbrella")
    await till.until_shown("Umbrella", "59.70")
    till.press("6 0 00 CASH")
    (receipt,) = await till.until_printed(1)
    assert receipt.total_minor == 3 * PRICES["Umbrella"]
    await till.until_shown("CHANGE", "$0.30")


async def test_a_code_of_no_article_sells_nothing(till: Bench) -> None:
    await till.put_in_basket("Pencil")
    till.scan("4006381333948")
    till.press("CASH")
    (receipt,) = await till.until_printed(1)
    assert receipt.total_minor == PRICES["Pencil"]
