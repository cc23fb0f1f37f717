"""The plug is pulled from the wall: what was sold is sold, what was scanned is there again."""

from hil_tests.bench import Bench
from hil_tests.shop import PRICES


async def test_an_open_basket_is_there_again(till: Bench) -> None:
    await till.put_in_basket("Green tea", "Umbrella", "Pencil")
    await till.until_kept()
    await till.power_cut()
    await till.power_on()
    await till.until_shown("Pencil")
    till.press("CASH")
    (receipt,) = await till.until_printed(1)
    assert receipt.total_minor == sum(PRICES[name] for name in ("Green tea", "Umbrella", "Pencil"))


async def test_a_stored_sale_whose_receipt_is_missing_is_offered_as_a_copy(till: Bench) -> None:
    till.take_paper_out()
    await till.put_in_basket("Green tea")
    till.press("CASH")
    await till.until_shown("Thank you")
    assert till.papers == []
    await till.power_cut()
    till.put_paper_in()
    await till.power_on()
    await till.until_shown("Kiosk")
    till.press("ENTER")
    (receipt,) = await till.until_printed(1)
    assert (receipt.receipt_no, receipt.total_minor, receipt.copy) == (1, 499, True)
    await till.stop()
    assert (await till.kinds()).count("sale") == 1


async def test_the_drawer_is_not_opened_again_by_a_start(till: Bench) -> None:
    await till.sell("Pencil")
    await till.until(lambda: len(till.pulses_ms) == 1)
    await till.power_cut()
    await till.power_on()
    await till.sell("Umbrella")
    await till.until(lambda: len(till.pulses_ms) == 2)
    assert await till.stop() == 0
    assert len(till.pulses_ms) == 2
