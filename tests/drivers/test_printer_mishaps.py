"""Whatever happens to a printer at whatever line: a receipt is whole on paper and settled, or it is
offered again, and without a cashier's key it never comes out twice.
"""

import asyncio
import itertools
from pathlib import Path

import pytest

from edge.checkout.inputs import DeviceState, DeviceTrouble
from edge.checkout.troubles import Trouble
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.ports import DeviceError
from tests.support.devices import DEADLINE_S, running
from tests.support.mishaps import (
    BREAKS,
    HOPS,
    TROUBLES,
    Mishap,
    Outcome,
    every_kind,
    judge,
)
from tests.support.printer_rigs import WIRES, WiredRig, wired_rig

# Bytes at 9600 baud; and the beginning of the question behind a receipt.
HALF_A_SECOND, END_MARK = 540, b"\x1d(H"

every_wire = pytest.mark.parametrize("wire", WIRES)
every_hop = pytest.mark.parametrize("hop", range(1, HOPS + 1))


async def settled(printing: asyncio.Task[None]) -> bool:
    """As the till takes it: returned is on paper, an error is offered again."""
    try:
        await printing
    except DeviceError:
        return False
    return True


async def copied(rig: WiredRig, driver: EscposPrinter) -> None:
    """The cashier takes the offer, again until it works; each time it is a job of its own."""
    async with asyncio.timeout(DEADLINE_S):
        for number in itertools.count(2):
            await rig.inbox.until_state("printer", DeviceState.READY)
            copying = driver.print_receipt(str(number), every_kind(copy=True))
            if await settled(asyncio.create_task(copying)):
                return


def agrees(outcome: Outcome, *, is_settled: bool) -> bool:
    """Whether the papers are what the till says they are."""
    if is_settled:
        return outcome == Outcome(originals=1, copies=0)
    return outcome.originals <= 1 <= outcome.copies


@every_wire
@every_hop
@pytest.mark.parametrize("what", TROUBLES)
async def test_what_is_put_right_at_the_printer_ends_with_the_receipt_finished(
    wire: str, hop: int, what: str, tmp_path: Path
) -> None:
    rig = await wired_rig(wire, tmp_path)
    driver = rig.with_settings(stall_timeout_ms=20_000)
    await rig.plug()
    mishap = Mishap(rig, what)
    async with running(driver):
        await rig.ready()
        mishap.will_happen_at(hop)
        printing = asyncio.create_task(driver.print_receipt("1", every_kind(copy=False)))
        (told,) = await rig.inbox.until_count(DeviceTrouble, 1)
        assert told.trouble in {Trouble.PAPER_OUT, Trouble.COVER_OPEN}
        assert judge(rig).originals == (hop == HOPS)
        await mishap.is_put_right()
        assert await settled(printing)
        *_, told = await rig.inbox.until_count(DeviceTrouble, 2)
        assert told.trouble is None
        assert rig.inbox.states("printer") == [DeviceState.READY]
    assert judge(rig) == Outcome(originals=1, copies=0)
    await rig.unplug()


@every_wire
@every_hop
@pytest.mark.parametrize("what", BREAKS)
async def test_what_breaks_within_a_receipt_is_offered_unless_it_is_whole(
    wire: str, hop: int, what: str, tmp_path: Path
) -> None:
    rig = await wired_rig(wire, tmp_path)
    driver = rig.with_settings(stall_timeout_ms=200, status_timeout_ms=2_000)
    await rig.plug()
    mishap = Mishap(rig, what)
    async with running(driver):
        await rig.ready()
        mishap.will_happen_at(hop)
        printing = asyncio.create_task(driver.print_receipt("1", every_kind(copy=False)))
        await rig.device.changes.until(lambda: mishap.has_happened)
        await mishap.takes_hold()
        is_settled = await settled(printing)
        await rig.gone()
        await mishap.is_put_right()
        if not is_settled:
            await copied(rig, driver)
    assert agrees(judge(rig), is_settled=is_settled)
    await rig.unplug()


@every_hop
@pytest.mark.parametrize("what", BREAKS)
async def test_a_serial_printer_that_is_back_before_anybody_noticed_is_not_believed(
    hop: int, what: str, tmp_path: Path
) -> None:
    """A port tells of no cable and no power: the printer answers as if nothing had been. Half a
    second of 9600 baud is lost, or what was left of the receipt and the question behind it.
    """
    rig = await wired_rig("serial", tmp_path)
    driver = rig.with_settings(stall_timeout_ms=300, job_timeout_ms=400)
    await rig.plug()
    mishap = Mishap(rig, what)
    async with running(driver):
        await rig.ready()
        mishap.will_happen_at(hop)
        printing = asyncio.create_task(driver.print_receipt("1", every_kind(copy=False)))
        await rig.device.changes.until(lambda: mishap.has_happened)
        await mishap.takes_hold()
        lost = rig.device.unheard
        await rig.device.changes.until(lambda: len(lost) > HALF_A_SECOND or END_MARK in lost)
        await mishap.is_put_right()
        is_settled = await settled(printing)
        if not is_settled:
            await copied(rig, driver)
    assert agrees(judge(rig), is_settled=is_settled)
    await rig.unplug()


async def test_a_printer_that_lost_half_a_receipt_and_answers_gets_the_copy_on_paper_of_its_own(
    tmp_path: Path,
) -> None:
    """It was without power from within the receipt up to the question behind it, and not longer."""
    rig = await wired_rig("serial", tmp_path)
    driver = rig.with_settings(stall_timeout_ms=20_000, job_timeout_ms=400)
    await rig.plug()
    device = rig.device

    def power_fails() -> None:
        if len(device.reader.unfinished.marks) == 9:
            device.reader.lose_power()
            device.deaf = True

    async with running(driver):
        await rig.ready()
        device.deaf_until = b"\x1d(H\x06\x00000002"
        device.reader.on_line = power_fails
        with pytest.raises(DeviceError, match="does not say that the receipt is printed"):
            await driver.print_receipt("1", every_kind(copy=False))
        device.reader.on_line = lambda: None
        await copied(rig, driver)
    assert judge(rig) == Outcome(originals=0, copies=1)
    await rig.unplug()
