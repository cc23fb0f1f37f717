"""The loop in its house: what comes in is stepped in order, and what is lost is said."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.checkout.effects import Tone
from edge.checkout.inputs import Key
from edge.ports import DeviceError
from tests.support.house import Counter, counter, simulated_settings

INBOX = 16


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Counter]:
    settings = simulated_settings(tmp_path, limits={"inbox": INBOX})
    async with counter(settings) as running:
        yield running


async def test_scans_and_keys_take_effect_in_their_order(till: Counter) -> None:
    for key in (Key.DIGIT_3, Key.TIMES):
        till.press(key)
    till.scan("Pencil")
    till.scan("Tea")
    await till.until(lambda: till.rows == ["Pencil", "Tea"])
    assert [row.middle for row in till.screen.screen.rows] == ["3 × 1.20", "1 × 4.99"]


async def test_a_full_inbox_keeps_what_it_took_and_tells_the_cashier_how_much_it_did_not(
    till: Counter,
) -> None:
    taken = [till.scan("Pencil") for _ in range(INBOX + 4)]
    assert taken == [True] * INBOX + [False] * 4
    await till.until(lambda: "4 scans were lost" in till.notice)
    assert till.screen.tones[-1] is Tone.REFUSED
    assert till.screen.screen.total == "19.20"
    assert till.scan("Tea")
    await till.until(lambda: till.screen.screen.total == "24.19")
    assert till.house.inbox.lost_total == 4


async def test_what_is_scanned_while_the_disk_answers_is_the_next_basket(till: Counter) -> None:
    answered = till.watch.hold("store.commit")
    till.scan("Pencil")
    till.press(Key.CASH)
    await till.until_event("store.commit begins")
    for _ in range(3):
        till.scan("Tea")
    answered.set()
    await till.until(lambda: till.rows == ["Tea"] * 3)
    assert till.printer.receipts[0].receipt_no == 1


async def test_a_device_that_comes_and_goes_is_on_the_status_line(till: Counter) -> None:
    till.scanner.unplug()
    await till.until(lambda: "no scanner" in till.screen.screen.status)
    till.scanner.replug()
    await till.until(lambda: "no scanner" not in till.screen.screen.status)
    till.watch.fail("drawer.open", DeviceError("no answer"))
    await till.sell("Pencil")
    await till.until(lambda: "Drawer does not answer" in till.notice)
