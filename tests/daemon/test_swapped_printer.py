"""A printer that is swapped, under the running daemon, for one that can do less: it gets nothing
until the cashier reconnects it from the keypad, and then everything.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.daemon import CASH, ENTER, MENU, Box, box
from tests.support.kiosk import Printed, Pulse
from tests.support.left_behind import left_behind

# The printer is the fourth of the box's devices.
RECONNECT_PRINTER = f"{MENU}934{ENTER}"


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Box]:
    async with box(tmp_path) as counter:
        # Nobody answers in time here, and nobody has to: the shorter it is waited for, the better.
        text = counter.config.read_text(encoding="utf-8")
        patient, brief = "status_timeout_ms = 5000", "status_timeout_ms = 500"
        assert patient in text
        brief += "\nstall_timeout_ms = 2000"
        counter.config.write_text(text.replace(patient, brief), encoding="utf-8")
        await counter.up()
        yield counter


def times(till: Box, event: str) -> int:
    return sum(line.get("device") == "printer" for line in till.daemon.events(event))


async def swap_for_a_dumb_one(till: Box) -> None:
    """In the place of one that has answered, and it never does."""
    # Who answers is greeted once more.
    await till.until(lambda: till.printer.reader.asked > 1)
    await till.printer.unplug()
    await till.until(lambda: times(till, "device_lost") == 1)
    till.printer.answers = False
    await till.printer.plug()
    await till.until(lambda: times(till, "device_ready") == 2)


async def test_a_dumb_printer_in_the_place_of_one_that_answered_prints_once_it_is_reconnected(
    till: Box,
) -> None:
    await swap_for_a_dumb_one(till)
    await till.put_in_basket("Pencil")
    till.press(CASH)
    await till.until(lambda: till.daemon.events("receipt_failed"))
    await till.until(lambda: till.daemon.events("drawer_failed"))
    assert till.printer.events == []

    till.press(RECONNECT_PRINTER)
    await till.until(lambda: times(till, "device_ready") == 3)
    assert "begun anew" in till.daemon.events("device_lost")[-1]["reason"]
    # One closes the list, one takes the offer of the copy.
    till.press(ENTER + ENTER)
    await till.until_printed(1)
    assert (await till.sell("Umbrella")).receipt_no == 2
    # The pulse of the first sale is not made up for.
    first, pulse, second = till.printer.events
    assert (first, pulse) == (Printed(1, 120, copy=True, whole=True), Pulse())
    assert second == Printed(2, 1_990, copy=False, whole=True)
    assert till.printer.complaints == []

    assert await till.stop() == 0
    bodies = left_behind(till.store).bodies
    assert [body for kind, body in bodies if kind == "device.begun_anew"] == [{"device": "printer"}]
