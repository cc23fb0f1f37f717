"""A printer that takes nothing and answers nothing delays no scan, no display and no drawer. One
without paper finishes its receipt by itself.

All wires are real: pseudo-terminals, TCP, and a USB below the real pyusb.
"""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.devices import plugged
from tests.support.escpos_reader import STATUS_FINE
from tests.support.printer_rigs import PAPER_OUT, WIRES
from tests.support.wired_shop import AnyPrinter, Shop, open_shop, printer_on

NO_LATER_MS = 50
# Of each receipt that the stalled printer gets.
SCANS = 8
# A minute in two seconds: it stalls, is given up, opened again, greeted, and stalls, ten times.
MINUTE_S = 2.0
QUICK = {"status_timeout_ms": 100, "stall_timeout_ms": 150, "status_poll_ms": 100}


@pytest.fixture(params=WIRES)
async def printer(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[AnyPrinter, dict[str, Any]]]:
    async with printer_on(request.param, tmp_path, monkeypatch) as plugged_in:
        yield plugged_in


async def test_a_stalled_printer_delays_no_scan_no_display_and_no_drawer(
    printer: tuple[AnyPrinter, dict[str, Any]], tmp_path: Path
) -> None:
    device, printer_settings = printer
    shop = Shop(tmp_path, device)
    await shop.drawers.plug()
    settings = shop.settings(tmp_path, {**printer_settings, **QUICK})
    with plugged(shop.scanner), plugged(shop.display):
        async with open_shop(shop, settings):
            await device.changes.until(lambda: device.reader.asked)
            device.answers = False
            device.stall()
            begun = time.monotonic()
            while time.monotonic() - begun < MINUTE_S:
                for scan in range(SCANS):
                    await shop.scan(("Pencil", "Tea")[scan % 2])
                await shop.pay()
            assert shop.house is not None
            assert shop.house.till.session.unprinted != ()
    assert device.reader.papers == []
    await shop.drawers.unplug()
    assert len(shop.late_ms) >= 5 * SCANS
    # One of so many may be the machine's own doing, whatever it says of itself.
    assert sorted(shop.late_ms)[-2] < NO_LATER_MS, sorted(shop.late_ms)[-5:]
    assert sorted(shop.pulse_late_ms)[-2] < NO_LATER_MS, shop.pulse_late_ms


async def test_a_receipt_without_paper_is_finished_and_settled_without_a_key(
    printer: tuple[AnyPrinter, dict[str, Any]], tmp_path: Path
) -> None:
    device, printer_settings = printer
    shop = Shop(tmp_path, device)
    await shop.drawers.plug()
    settings = shop.settings(tmp_path, printer_settings)
    reader = device.reader

    def ends_at_the_third_line() -> None:
        if len(reader.unfinished.lines) == 3 and not reader.papers:
            reader.status.update(PAPER_OUT)
            reader.halted = True

    reader.on_line = ends_at_the_third_line
    with plugged(shop.scanner), plugged(shop.display):
        async with open_shop(shop, settings):
            assert shop.house is not None
            till = shop.house.till
            await shop.scan("Tea")
            await shop.pay()
            await shop.shown.until(lambda: "printer: out of paper" in shop.screen.status)
            assert shop.screen.notice == "printer: out of paper"
            # Selling goes on meanwhile, and the next receipt waits for its turn.
            await shop.scan("Pencil")
            await shop.pay()
            assert reader.papers == []
            reader.status.update(STATUS_FINE)
            device.go_on()
            await shop.shown.until(lambda: not till.session.printing)
            await shop.shown.until(lambda: "printer: out of paper" not in shop.screen.status)
            assert till.session.unprinted == ()
    titles = [line for paper in reader.papers for line in paper.text if "Receipt" in line]
    assert [title.split()[1] for title in titles] == ["till-07-1", "till-07-2"]
    assert reader.complaints == []
    await shop.drawers.unplug()
