"""Sales through the real daemon: bytes of a scanner and a keypad in, paper and pulses out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.daemon import CARD, CASH, CODES, ENTER, NO_SALE, PRICES, Box, box
from tests.support.kiosk import Printed, Pulse
from tests.support.left_behind import left_behind

# The last one is like none of the others, so that the display tells when all are in.
TEN = [CODES[name] for name in ("Pencil", "Green tea", "Umbrella") * 3 + ("Notebook",)]

OFFER_OF_NOTHING = """
[loyalty]
till = 7
[[loyalty.rewards]]
id = "cup"
points = 10
plu = "99"
"""


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Box]:
    async with box(tmp_path) as counter:
        await counter.up()
        yield counter


async def test_a_scan_and_a_key_make_a_stored_sale_a_pulse_and_a_receipt(till: Box) -> None:
    await till.until_shown("Kiosk", "Welcome")
    till.scan(CODES["Green tea"])
    await till.until_shown("Green tea", "4.99")
    till.press(CASH)
    await till.until_printed(1)
    await till.until_shown("TOTAL", "$4.99", "Thank you")
    assert till.printer.events == [Pulse(), Printed(1, 499, copy=False, whole=True)]
    assert till.printer.complaints == []
    assert await till.stop() == 0
    left = left_behind(till.store)
    assert left.problems == ()
    assert left.totals == {1: 499}
    assert {effect.state for effect in left.effects} == {"done"}
    assert left.draft is None


async def test_a_card_sale_leaves_the_drawer_shut_and_a_no_sale_opens_it(till: Box) -> None:
    await till.sell("Pencil", keys=f"{CARD}{ENTER}")
    assert till.printer.pulses == 0
    till.press(NO_SALE)
    await till.until(lambda: till.printer.pulses == 1)
    await till.stop()
    left = left_behind(till.store)
    assert [kind for kind, _ in left.bodies][-2:] == ["sale", "drawer.no_sale"]
    assert left.drawer_records == 1


async def test_ten_scans_at_once_lose_none(till: Box) -> None:
    till.scanner.send(b"".join(code.encode() + b"\r" for code in TEN))
    await till.until_shown("Notebook")
    till.press(CASH)
    (receipt,) = await till.until_printed(1)
    assert receipt.total_minor == sum(PRICES[code] for code in TEN)


async def test_scans_that_come_while_a_sale_is_being_stored_are_the_next_sale(till: Box) -> None:
    await till.put_in_basket("Pencil")
    till.press(CASH)
    for code in TEN:
        till.scan(code)
    await till.until_printed(1)
    await till.until_shown("Notebook")
    till.press(CASH)
    receipts = await till.until_printed(2)
    assert [receipt.receipt_no for receipt in receipts] == [1, 2]
    assert sum(receipt.total_minor or 0 for receipt in receipts) == PRICES[CODES["Pencil"]] + sum(
        PRICES[code] for code in TEN
    )


async def test_lists_that_do_not_go_together_are_said_at_the_start(tmp_path: Path) -> None:
    async with box(tmp_path) as till:
        till.write_settings(more=OFFER_OF_NOTHING)
        await till.up()
        await till.until(lambda: till.daemon.events("shop_lists_disagree"))
        said = till.daemon.events("shop_lists_disagree")
        assert [(each["place"], each["reason"]) for each in said] == [
            ("loyalty.rewards (cup), plu", "no product has the PLU '99'")
        ]
        assert (await till.sell("Pencil")).receipt_no == 1


async def test_a_stop_lets_the_receipt_out_and_ends_well(till: Box) -> None:
    await till.put_in_basket("Umbrella")
    till.printer.stall()
    till.press(CASH)
    await till.until_shown("Thank you")
    till.daemon.terminate()
    await till.until(lambda: "STOPPING=1" in till.states)
    till.printer.resume()
    assert await till.daemon.gone() == 0
    assert till.printer.whole == [Printed(1, 1_990, copy=False, whole=True)]
    assert [effect.state for effect in left_behind(till.store).effects] == ["done", "done"]
    assert not till.store.with_name("till.db-wal").exists()


async def test_a_stop_keeps_the_whole_open_basket(till: Box) -> None:
    await till.put_in_basket("Pencil", "Notebook", "Green tea")
    assert await till.stop() == 0
    await till.up()
    await till.until_shown("Green tea")
    till.press(CASH)
    (receipt,) = await till.until_printed(1)
    assert receipt.total_minor == 120 + 350 + 499


async def test_a_stop_while_starting_is_a_stop(tmp_path: Path) -> None:
    async with box(tmp_path) as till:
        process = await till.start()
        await till.until(lambda: process.events("started"))
        assert await till.stop() == 0
        assert "STOPPING=1" in till.states
        assert [line["event"] for line in process.log][-1] == "stopped"


async def test_an_interrupt_from_a_terminal_stops_it_as_well(till: Box) -> None:
    till.daemon.interrupt()
    assert await till.daemon.gone() == 0


async def test_a_second_daemon_on_the_same_store_is_turned_away(till: Box) -> None:
    second = await till.another()
    assert await second.gone() == 1
    (line,) = second.log
    assert "live store" in line["reason"]
    assert second.said == []
    assert (await till.sell("Pencil")).receipt_no == 1
