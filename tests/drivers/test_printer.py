"""One contract for every printer, and what only a wire can do to a receipt."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.checkout.inputs import DeviceState, DeviceTrouble
from edge.checkout.paper.receipt import Element
from edge.checkout.troubles import Trouble
from edge.drivers.printers.printer_settings import PrinterModel
from edge.drivers.printers.printer_status import PrinterStatus
from edge.ports import DeviceError
from tests.support.devices import running
from tests.support.printer_rigs import (
    WIRES,
    Rig,
    SimulatedRig,
    WiredRig,
    receipt,
    title,
    wired_rig,
)


@pytest.fixture(params=["simulated", *WIRES])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    simulated = request.param == "simulated"
    rig = SimulatedRig() if simulated else await wired_rig(request.param, tmp_path)
    await rig.plug()
    yield rig
    await rig.unplug()


@pytest.fixture(params=WIRES)
async def wired(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WiredRig]:
    rig = await wired_rig(request.param, tmp_path)
    await rig.plug()
    yield rig
    await rig.unplug()


async def test_a_receipt_is_on_paper_when_printing_returns(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1))
        await rig.driver.print_receipt("2", receipt(2))
        assert rig.papers() == [title(1), title(2)]


async def test_a_retry_of_a_job_that_was_sent_is_no_second_receipt(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        for _ in range(3):
            await rig.driver.print_receipt("1", receipt(1))
        assert rig.papers() == [title(1)]


async def test_a_copy_that_the_cashier_asks_for_is_a_receipt_of_its_own(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1))
        await rig.driver.print_receipt("1", receipt(1, copy=True))
        assert rig.papers() == [title(1), title(1)]


async def test_a_printer_without_paper_says_what_to_do_and_prints_after_it(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        rig.run_out_of_paper()
        with pytest.raises(DeviceError, match="printer: out of paper: put a new roll in"):
            await rig.driver.print_receipt("1", receipt(1))
        assert rig.papers() == []
        rig.load_paper()
        await rig.driver.print_receipt("1", receipt(1))
        assert rig.papers() == [title(1)]


async def test_a_printer_that_is_away_is_an_error_and_prints_when_it_is_back(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        await rig.unplug()
        await rig.gone()
        with pytest.raises(DeviceError, match="printer: not connected; check cable and power"):
            await rig.driver.print_receipt("1", receipt(1))
        await rig.plug()
        await rig.ready()
        await rig.driver.print_receipt("1", receipt(1))
        assert rig.papers() == [title(1)]


async def test_receipts_at_once_come_out_one_after_the_other(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        async with asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(rig.driver.print_receipt(str(number), receipt(number, lines=9)))
        if isinstance(rig, WiredRig):
            assert rig.papers() == [title(number) for number in range(5)]
            assert all(len(paper.lines) == 9 for paper in rig.device.reader.papers)


async def test_a_printer_that_answers_is_known_and_a_silent_one_is_unknown(wired: WiredRig) -> None:
    async with running(wired.driver):
        await wired.ready()
        await wired.driver.print_receipt("1", receipt(1))
        assert wired.driver.status == PrinterStatus()


async def test_a_printer_that_never_answers_prints_and_stays_unknown(wired: WiredRig) -> None:
    wired.device.answers = False
    driver = wired.with_settings(status_timeout_ms=20)
    async with running(driver):
        await wired.ready()
        await driver.print_receipt("1", receipt(1))
        await driver.print_receipt("2", receipt(2))
        assert await wired.printed(2) == [title(1), title(2)]
        assert driver.status is None


async def test_a_printer_that_stops_answering_is_reopened_and_nothing_is_sent_to_it(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(status_timeout_ms=50)
    async with running(driver):
        await wired.ready()
        await driver.print_receipt("1", receipt(1))
        wired.device.answers = False
        with pytest.raises(DeviceError, match="stopped answering"):
            await driver.print_receipt("2", receipt(2))
        wired.device.answers = True
        await wired.inbox.changes.until(
            lambda: wired.inbox.states("printer")[1:] == [DeviceState.FAULTED, DeviceState.READY]
        )
        await driver.print_receipt("2", receipt(2))
        assert wired.papers() == [title(1), title(2)]


async def test_a_stalled_printer_ends_in_an_error_and_the_rest_is_not_printed_later(
    wired: WiredRig,
) -> None:
    async with running(wired.driver):
        await wired.ready()
        wired.device.stall_after = wired.device.reader.bytes_fed + 100
        with pytest.raises(DeviceError, match="took no byte for 200 ms"):
            await wired.driver.print_receipt("1", receipt(1, lines=3_000))
        await wired.gone()
        assert wired.papers() == []
        wired.device.resume()
        await wired.unplug()
        await wired.plug()
        await wired.ready()
        await wired.driver.print_receipt("2", receipt(2))
        assert wired.papers() == [title(2)]


async def test_a_connection_that_drops_within_a_receipt_is_an_error_and_comes_back(
    wired: WiredRig,
) -> None:
    async with running(wired.driver):
        await wired.ready()
        wired.device.stall_after = wired.device.reader.bytes_fed + 100
        printing = asyncio.create_task(
            wired.driver.print_receipt("1", receipt(1, lines=3_000)), name="printing"
        )
        await wired.device.changes.until(
            lambda: wired.device.reader.bytes_fed >= (wired.device.stall_after or 0)
        )
        await wired.unplug()
        with pytest.raises(DeviceError, match="printer: "):
            await printing
        await wired.gone()
        wired.device.stall_after = None
        wired.device.resume()
        await wired.plug()
        await wired.ready()
        await wired.driver.print_receipt("1", receipt(1))
        assert wired.papers() == [title(1)]


async def test_a_receipt_that_takes_too_long_is_given_up(wired: WiredRig) -> None:
    driver = wired.with_settings(job_timeout_ms=150, stall_timeout_ms=60_000)
    async with running(driver):
        await wired.ready()
        wired.device.stall_after = wired.device.reader.bytes_fed + 100
        with pytest.raises(DeviceError, match="took too long"):
            await driver.print_receipt("1", receipt(1, lines=3_000))


async def test_the_first_line_is_printed_while_the_rest_is_still_to_be_sent(
    wired: WiredRig,
) -> None:
    async with running(wired.driver):
        await wired.ready()
        wired.device.stall_after = wired.device.reader.bytes_fed + 100
        with pytest.raises(DeviceError):
            await wired.driver.print_receipt("1", receipt(1, lines=3_000))
        assert wired.device.reader.unfinished.text[0] == title(1)


# Lines: the kernel keeps 64 KB of what goes to a terminal, and the till another 4.
MORE_THAN_FITS = 4_000


class Observed(tuple):
    """A receipt's elements, one by one; `seen` is called when the last of them is asked for."""

    seen: Callable[[], None]

    def __iter__(self) -> Iterator[Element]:
        for place in range(len(self)):
            if place == len(self) - 1:
                self.seen()
            yield self[place]


async def test_the_first_bytes_are_at_the_printer_before_the_last_line_is_laid_out(
    wired: WiredRig,
) -> None:
    """A printer that takes no more for a while has the beginning of a receipt that no buffer on the
    way holds, while its end is not even text yet.
    """
    driver = wired.with_settings(stall_timeout_ms=20_000)
    elements, at_last = Observed(receipt(1, lines=MORE_THAN_FITS).elements), []
    elements.seen = lambda: at_last.append(wired.device.reader.bytes_fed)
    async with running(driver):
        await wired.ready()
        begun = wired.device.reader.bytes_fed + 100
        wired.device.stall_after = begun
        printing = asyncio.create_task(
            driver.print_receipt("1", replace(receipt(1), elements=elements))
        )
        await wired.device.changes.until(lambda: wired.device.reader.bytes_fed >= begun)
        assert at_last == []
        wired.device.resume()
        await printing
        assert len(at_last) == 1
        assert len(wired.device.reader.papers[0].lines) == MORE_THAN_FITS


async def test_giving_a_receipt_up_does_not_leave_half_a_line_for_the_next(
    wired: WiredRig,
) -> None:
    async with running(wired.driver):
        await wired.ready()
        wired.device.stall_after = wired.device.reader.bytes_fed + 100
        printing = asyncio.create_task(wired.driver.print_receipt("1", receipt(1, lines=3_000)))
        await wired.device.changes.until(
            lambda: wired.device.reader.bytes_fed >= (wired.device.stall_after or 0)
        )
        printing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await printing
        await wired.gone()


async def test_an_idle_printer_is_asked_now_and_then_and_the_till_told_of_its_paper(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(status_poll_ms=100)
    async with running(driver):
        await wired.ready()
        wired.device.reader.status[4] = 0x1E
        (told,) = await wired.inbox.until_count(DeviceTrouble, 1)
        assert (told.device, told.trouble) == ("printer", Trouble.PAPER_LOW)
        assert driver.status == PrinterStatus(paper_low=True)
        wired.load_paper()
        *_, told = await wired.inbox.until_count(DeviceTrouble, 2)
        assert told.trouble is None


async def test_what_is_the_matter_is_told_again_when_the_inbox_was_full(wired: WiredRig) -> None:
    driver = wired.with_settings(status_poll_ms=100)
    async with running(driver):
        await wired.ready()
        wired.inbox.full = True
        wired.device.reader.status[4] = 0x1E
        await wired.inbox.changes.until(lambda: wired.inbox.refused)
        wired.inbox.full = False
        (told,) = await wired.inbox.until_count(DeviceTrouble, 1)
        assert told.trouble is Trouble.PAPER_LOW


async def test_nothing_is_the_matter_any_more_with_a_printer_that_is_away(wired: WiredRig) -> None:
    async with running(wired.driver):
        wired.run_out_of_paper()
        await wired.ready()
        (told,) = await wired.inbox.until_count(DeviceTrouble, 1)
        assert told.trouble is Trouble.PAPER_OUT
        await wired.unplug()
        *_, told = await wired.inbox.until_count(DeviceTrouble, 2)
        assert told.trouble is None


async def test_an_idle_printer_that_died_is_noticed(wired: WiredRig) -> None:
    driver = wired.with_settings(status_poll_ms=100)
    async with running(driver):
        await wired.ready()
        await wired.device.changes.until(lambda: driver.status)
        wired.device.answers = False
        await wired.gone()


async def test_no_more_jobs_wait_than_a_till_can_have(wired: WiredRig) -> None:
    driver = wired.with_settings(stall_timeout_ms=300)
    async with running(driver):
        await wired.ready()
        wired.device.stall_after = wired.device.reader.bytes_fed + 100
        jobs = [
            asyncio.create_task(driver.print_receipt(str(job), receipt(job, lines=3_000)))
            for job in range(12)
        ]
        results = await asyncio.gather(*jobs, return_exceptions=True)
    assert all(isinstance(result, DeviceError) for result in results)
    assert sum("wait already" in str(result) for result in results) == 3


@pytest.mark.parametrize("answer", [b"\xff" * 64, b"\x12" * 64, b"\x00", bytes(range(256))])
async def test_noise_from_the_printer_upsets_nothing(
    wired: WiredRig, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed: Callable[[bytes], bytes] = wired.device.reader.feed
    driver = wired.with_settings(status_timeout_ms=50)
    monkeypatch.setattr(wired.device.reader, "feed", lambda data: (feed(data) or b"") and answer)
    async with running(driver):
        await wired.connected()
        with_error = await asyncio.gather(
            driver.print_receipt("1", receipt(1)), return_exceptions=True
        )
        assert all(error is None or isinstance(error, DeviceError) for error in with_error)


def test_the_defaults_are_within_their_limits() -> None:
    settings = PrinterModel(name="printer")
    assert settings.status_timeout_ms < settings.stall_timeout_ms < settings.job_timeout_ms
