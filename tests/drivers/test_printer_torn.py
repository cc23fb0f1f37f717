"""Half a receipt stays torn until the printer has cut it off, and nothing else is; what was printed
once is remembered.
"""

import asyncio

import pytest

from edge.checkout.inputs import DeviceState
from edge.drivers.printers import printer_jobs
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.ports import DeviceError
from tests.support.escpos_reader import STATUS_FINE
from tests.support.printer_rigs import receipt, title
from tests.support.slow_printer import SlowPrinter, seconds, timeless


async def torn_in_trouble(printer: SlowPrinter, driver: EscposPrinter) -> None:
    """Half a receipt is out, the printer was asked how it is since, and then it is switched off."""
    printer.reader.on_line = printer.runs_out_of_paper
    with pytest.raises(DeviceError, match="out of paper"):
        await driver.print_receipt("1", receipt(1, lines=20))
    await seconds(30)
    printer.loses_power()
    printer.reader.status.update(STATUS_FINE)
    printer.reader.on_line = lambda: None
    printer.is_pulled()


@pytest.mark.parametrize("off_s", [0, 10])
@timeless
async def test_half_a_receipt_is_cut_off_when_the_printer_hears_it(off_s: int) -> None:
    """A serial port is there while the printer at it is off."""
    printer = SlowPrinter()
    async with printer.driven() as driver:
        await seconds(1)
        await torn_in_trouble(printer, driver)
        await seconds(off_s)
        printer.is_off = False
        await seconds(10)
        assert driver.state is DeviceState.READY
        await driver.print_receipt("2", receipt(1, copy=True))
    assert printer.titles == [[title(1)], [title(1)]]


@timeless
async def test_half_a_receipt_is_cut_off_by_one_that_never_answers() -> None:
    printer = SlowPrinter(byte_ms=1)
    printer.says = lambda _heard, _said: b""
    async with printer.driven() as driver:
        printer.reader.on_line = lambda: (
            len(printer.reader.unfinished.marks) > 5 and printer.is_pulled()
        )
        with pytest.raises(DeviceError, match="pulled"):
            await driver.print_receipt("1", receipt(1, lines=60))
        printer.reader.on_line = lambda: None
        await seconds(1)
        await driver.print_receipt("2", receipt(1, copy=True))
        await seconds(1)
    assert printer.titles == [[title(1)], [title(1)]]


@pytest.mark.parametrize("answers", [True, False])
@timeless
async def test_half_a_receipt_is_cut_off_once_by_one_that_is_begun_anew(answers: bool) -> None:
    """What was learned of it is forgotten: nobody knows at first whether it answers."""
    printer = SlowPrinter(byte_ms=1)
    if not answers:
        printer.says = lambda _heard, _said: b""
    async with printer.driven() as driver:
        await seconds(5)
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1, lines=200)))
        await seconds(2)
        printer.renewals.begin_anew("printer")
        with pytest.raises(DeviceError, match="closed"):
            await printing
        await driver.print_receipt("2", receipt(1, copy=True))
        await seconds(10)
    assert printer.titles == [[title(1)], [title(1)]]


@timeless
async def test_nothing_is_cut_off_behind_a_receipt_that_is_whole() -> None:
    printer = SlowPrinter()
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        printer.is_pulled()
        await seconds(10)
        assert len(printer.wires) == 2
        # It is printed, whatever became of its connection.
        await driver.print_receipt("1", receipt(1))
    assert printer.titles == [[title(1)]]


@timeless
async def test_what_is_cut_off_once_is_not_cut_off_again() -> None:
    printer = SlowPrinter()
    async with printer.driven() as driver:
        await seconds(1)
        await torn_in_trouble(printer, driver)
        printer.is_off = False
        await seconds(10)
        assert len(printer.reader.papers) == 1
        printer.is_pulled()
        await seconds(10)
    assert len(printer.reader.papers) == 1


@timeless
async def test_no_more_jobs_are_remembered_than_come_again() -> None:
    most = 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(printer_jobs, "REMEMBERED_JOBS", most)
        printer = SlowPrinter()
        async with printer.driven() as driver:
            for number in [*range(most + 1), 1, 0]:
                await driver.print_receipt(str(number), receipt(number))
    assert printer.titles == [[title(number)] for number in [*range(most + 1), 0]]
