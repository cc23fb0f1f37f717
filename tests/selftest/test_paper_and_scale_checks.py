"""Whether printers and scales work, found by what they answer."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from edge.checkout.paper.receipt import Receipt
from edge.drivers.printers.printer_status import PrinterStatus
from edge.ports import DeviceError
from edge.selftest.plan import Aspect, Part
from edge.selftest.verdict import Outcome
from edge.selftest.words import SelftestWord as W
from tests.support.selftest_desk import CALM, HURRY, desk


class Roll:
    """A printer that takes everything; `status` is what it ever answered."""

    def __init__(self, status: PrinterStatus | None) -> None:
        self.status = status
        self.pages = 0

    async def print_receipt(self, _job_id: str, _receipt: Receipt) -> None:
        """It has all of it."""
        self.pages += 1


async def test_a_printer_that_never_answers_is_not_called_well(tmp_path: Path) -> None:
    async with desk(tmp_path, CALM, mute=Roll(None), epson=Roll(PrinterStatus())) as at:
        verdict = await at.look(Part.PRINTER, Aspect.PAGE, "mute")
        assert (verdict.outcome, verdict.word) == (Outcome.NOT_ASKED, W.PAGE_UNANSWERED)
        verdict = await at.look(Part.PRINTER, Aspect.PAGE, "epson")
        assert verdict.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("said", "outcome", "word"),
    [
        (PrinterStatus(), Outcome.PASSED, W.PRINTER_READY),
        (PrinterStatus(paper_low=True), Outcome.PASSED, W.PAPER_LOW),
        (PrinterStatus(offline=True, cover_open=True), Outcome.FAILED, W.SAYS),
        (None, Outcome.SKIPPED, W.NEVER_ANSWERED),
    ],
)
async def test_a_printer_s_own_word_is_a_finding(
    tmp_path: Path, said: PrinterStatus | None, outcome: Outcome, word: W
) -> None:
    async with desk(tmp_path, HURRY, epson=Roll(said)) as at:
        verdict = await at.look(Part.PRINTER, Aspect.STATUS, "epson")
    assert (verdict.outcome, verdict.word) == (outcome, word)


async def test_a_printer_answers_when_it_answers(tmp_path: Path) -> None:
    roll = Roll(None)
    async with desk(tmp_path, CALM, epson=roll) as at:
        asking = asyncio.ensure_future(at.look(Part.PRINTER, Aspect.STATUS, "epson"))
        asyncio.get_running_loop().call_soon(setattr, roll, "status", PrinterStatus())
        assert (await asking).outcome is Outcome.PASSED


async def test_trouble_is_counted_once_and_a_simulated_printer_has_none(tmp_path: Path) -> None:
    roll = Roll(PrinterStatus(paper_out=True))
    async with desk(tmp_path, CALM, epson=roll, toy=object()) as at:
        for aspect in (Aspect.PAGE, Aspect.READABLE):
            verdict = await at.look(Part.PRINTER, aspect, "epson")
            assert (verdict.outcome, verdict.word) == (Outcome.SKIPPED, W.NOT_TRIED_IN_TROUBLE)
        assert (await at.look(Part.PRINTER, Aspect.STATUS, "toy")).word is W.NO_STATUS
    assert roll.pages == 0


async def test_a_printer_that_is_away_is_missed_once(tmp_path: Path) -> None:
    async with desk(tmp_path, CALM) as at:
        at.bench = replace(at.bench, hangs_on={"drawer": "epson"})
        printer = await at.look(Part.PRINTER, Aspect.CONNECTED, "epson")
        drawer = await at.look(Part.DRAWER, Aspect.CONNECTED, "drawer")
    assert (printer.outcome, drawer.outcome) == (Outcome.FAILED, Outcome.SKIPPED)
    assert drawer.detail == "epson"


class Scale:
    def __init__(self, milli: int | None) -> None:
        self.milli = milli

    async def weigh(self) -> int:
        if self.milli is None:
            raise DeviceError("scale: no weight (overload)")
        return self.milli


async def test_a_scale_is_asked_what_lies_on_it(tmp_path: Path) -> None:
    async with desk(tmp_path, CALM, scale=Scale(250), mute=Scale(None)) as at:
        verdict = await at.look(Part.SCALE, Aspect.WEIGHT, "scale")
        assert (verdict.outcome, verdict.measured) == (Outcome.PASSED, {"grams": 250})
        verdict = await at.look(Part.SCALE, Aspect.WEIGHT, "mute")
        assert verdict.outcome is Outcome.FAILED
