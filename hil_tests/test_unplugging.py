"""Anything is pulled out and put back at any moment: the sale goes on, nothing is sold twice."""

import pytest

from hil_tests.bench import Bench
from hil_tests.ports import Gear
from hil_tests.shop import PRICES


@pytest.mark.parametrize("gear", list(Gear))
async def test_a_basket_outlives_the_unplugging_of(gear: Gear, till: Bench) -> None:
    await till.put_in_basket("Green tea")
    await till.unplug(gear)
    await till.plug(gear)
    await till.until_ready(gear)
    receipt = await till.sell("Umbrella")
    assert receipt.total_minor == PRICES["Green tea"] + PRICES["Umbrella"]
    assert len(till.papers) == 1


async def test_the_display_shows_what_is_going_on_when_it_is_back(till: Bench) -> None:
    await till.put_in_basket("Green tea")
    await till.unplug(Gear.DISPLAY)
    till.scan("Umbrella")
    await till.plug(Gear.DISPLAY)
    await till.until_shown("Umbrella", "19.90")


async def test_a_receipt_that_found_no_printer_is_offered_when_it_is_back(till: Bench) -> None:
    await till.unplug(Gear.PRINTER)
    await till.put_in_basket("Green tea")
    till.press("CASH")
    await till.until_shown("Thank you")
    await till.plug(Gear.PRINTER)
    await till.until_ready(Gear.PRINTER)
    # The first one says that it was read that the drawer, if it hangs on the printer, stayed shut.
    till.press("ENTER ENTER")
    (receipt,) = await till.until_printed(1)
    assert (receipt.receipt_no, receipt.copy) == (1, True)
