"""Codes that are none, through the real daemon: refused, on no record and in no log."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.daemon import CASH, CODES, PRICES, Box, box
from tests.support.left_behind import left_behind

# A test number of a card scheme: it has the right length, prefix and Luhn digit, and no account.
CARD_NUMBER = "4111111111111111"
BAD = {
    "unknown": b"4006381333948\r",
    "cut short": b"40063813339\r",
    "wrong check digit": b"4006381333932\r",
    "garbled": b"4006\xff\x81333931\r",
    "too long": b"9" * 500 + b"\r",
    "nothing": b"\r\r\n\r",
    "control characters": b"40\x0163\x1b813\r",
    "a card number": CARD_NUMBER.encode() + b"\r",
    "a card's track": b"%B4111111111111111^DOE/JANE^29122010000?\r",
    "another track": b";4111111111111111=29122010000?\r",
}


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Box]:
    async with box(tmp_path) as counter:
        await counter.up()
        yield counter


async def test_a_bad_code_changes_nothing(till: Box) -> None:
    await till.put_in_basket("Pencil")
    for code in BAD.values():
        till.scanner.send(code)
    await till.put_in_basket("Green tea")
    till.press(CASH)
    (receipt,) = await till.until_printed(1)
    assert receipt.total_minor == PRICES[CODES["Pencil"]] + PRICES[CODES["Green tea"]]
    assert await till.stop() == 0
    left = left_behind(till.store)
    assert left.last_codes == (CODES["Pencil"], CODES["Green tea"])


async def test_no_scanned_code_is_in_the_log_and_no_card_number_on_the_disk(till: Box) -> None:
    for code in BAD.values():
        till.scanner.send(code)
    await till.sell("Pencil")
    assert await till.stop() == 0
    log = str(till.daemon.log) + str(till.daemon.said)
    for code in (*CODES.values(), CARD_NUMBER, "4006381333948", "DOE"):
        assert code not in log
    for file in till.directory.glob("till.db*"):
        assert CARD_NUMBER.encode() not in file.read_bytes()


async def test_a_burst_of_sixty_scans_loses_none(till: Box) -> None:
    """As many as six seconds of the quickest scanner give, all at once."""
    pencils = CODES["Pencil"].encode() + b"\r"
    till.scanner.send(pencils * 59)
    till.scan(CODES["Umbrella"])
    await till.until_shown("Umbrella")
    till.press(CASH)
    (receipt,) = await till.until_printed(1)
    assert receipt.total_minor == 59 * 120 + 1_990
