"""A printer in trouble is waited for, so long and no longer; what it says of the end of a receipt
decides, as far as it says anything.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from edge.checkout.inputs import DeviceState, DeviceTrouble
from edge.checkout.troubles import Trouble
from edge.clock import SystemClock
from edge.drivers.printers.printer_jobs import MAYBE_PRINTED
from edge.drivers.printers.printer_patience import Patience, Sender
from edge.ports import DeviceError
from tests.support.devices import Changes, SteppedClock, running
from tests.support.mishaps import Mishap, Outcome, every_kind, judge
from tests.support.printer_rigs import WIRES, WiredRig, receipt, title, wired_rig

# A thread may have to wait this long for its turn on a busy machine.
STALL_MS = 300


@pytest.fixture(params=WIRES)
async def wired(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WiredRig]:
    rig = await wired_rig(request.param, tmp_path)
    await rig.plug()
    yield rig
    await rig.unplug()


class WatchedClock(SystemClock):
    """Tells how long was slept on it, all in all."""

    def __init__(self) -> None:
        super().__init__(0)
        self.slept_ms = 0
        self.changes = Changes()

    async def sleep_ms(self, duration_ms: int) -> None:
        await super().sleep_ms(duration_ms)
        self.slept_ms += duration_ms
        self.changes.tell()


async def test_a_receipt_longer_than_the_printers_buffer_waits_within_it_for_paper(
    wired: WiredRig,
) -> None:
    """No question reaches the printer any more, and yet it is not given up after the stall time."""
    wired.clock = clock = WatchedClock()
    driver = wired.with_settings(stall_timeout_ms=STALL_MS, status_timeout_ms=2_000)
    mishap = Mishap(wired, "paper out")
    async with running(driver):
        await wired.ready()
        mishap.will_happen_at(40)
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1, lines=600)))
        await wired.inbox.until_count(DeviceTrouble, 1)
        await wired.device.changes.until(lambda: wired.device.reader.is_full)
        begun_ms = clock.slept_ms
        await clock.changes.until(lambda: clock.slept_ms >= begun_ms + 2 * STALL_MS)
        assert not printing.done()
        await mishap.is_put_right()
        await printing
        assert wired.papers() == [title(1)]
        assert len(wired.device.reader.papers[0].lines) == 600


async def test_paper_that_nobody_puts_in_is_waited_for_no_longer_than_a_new_roll_takes(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(trouble_timeout_ms=150)
    mishap = Mishap(wired, "paper out")
    async with running(driver):
        await wired.ready()
        mishap.will_happen_at(5)
        with pytest.raises(DeviceError, match="out of paper: put a new roll in"):
            await driver.print_receipt("1", every_kind(copy=False))
        assert judge(wired) == Outcome(0, 0)
        # The printer has it, and prints on by itself: nothing more is sent for it.
        await mishap.is_put_right()
        await driver.print_receipt("1", every_kind(copy=False))
        assert judge(wired) == Outcome(1, 0)
        await driver.print_receipt("1", every_kind(copy=True))
        assert judge(wired) == Outcome(1, 1)


async def test_what_was_handed_over_a_line_that_is_gone_is_not_believed_and_not_sent_again(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(trouble_timeout_ms=150)
    mishap = Mishap(wired, "paper out")
    async with running(driver):
        await wired.ready()
        mishap.will_happen_at(5)
        with pytest.raises(DeviceError, match="out of paper"):
            await driver.print_receipt("1", every_kind(copy=False))
        await wired.unplug()
        await wired.gone()
        await wired.plug()
        await wired.ready()
        with pytest.raises(DeviceError, match=MAYBE_PRINTED):
            await driver.print_receipt("1", every_kind(copy=False))
        assert judge(wired) == Outcome(0, 0)


@pytest.mark.parametrize(("ids", "turns"), [(True, True), (False, True), (False, False)])
@pytest.mark.parametrize("hop", [2, 7, 12])
async def test_a_printer_that_says_less_is_waited_for_as_well(
    wired: WiredRig, ids: bool, turns: bool, hop: int
) -> None:
    wired.device.reader.knows_ids, wired.device.reader.knows_turns = ids, turns
    driver = wired.with_settings(stall_timeout_ms=20_000)
    mishap = Mishap(wired, "cover open")
    async with running(driver):
        await wired.ready()
        for number in range(2):
            mishap.will_happen_at(hop)
            printing = asyncio.create_task(
                driver.print_receipt(str(number), every_kind(copy=bool(number)))
            )
            await wired.inbox.until_count(DeviceTrouble, 2 * number + 1)
            await mishap.is_put_right()
            await printing
            await wired.inbox.until_count(DeviceTrouble, 2 * number + 2)
        assert wired.device.reader.complaints == []
    # Without any word of the end, it is believed to print what it has.
    assert judge(wired) == Outcome(1, 1)


async def test_what_is_left_of_an_automatic_status_settles_no_receipt_and_loses_none(
    wired: WiredRig,
) -> None:
    reader = wired.device.reader
    reader.knows_ids = False
    driver = wired.with_settings(stall_timeout_ms=20_000)
    mishap = Mishap(wired, "cover open")
    async with running(driver):
        await wired.ready()
        mishap.will_happen_at(5)
        printing = asyncio.create_task(driver.print_receipt("1", every_kind(copy=False)))
        await wired.inbox.until_count(DeviceTrouble, 1)
        reader.say(b"\0\0\x0f")
        asked = reader.asked
        await wired.device.changes.until(lambda: reader.asked > asked + 1)
        assert not printing.done()
        # The first bytes of another one come right before it answers.
        reader.say(b"\x10\0")
        await mishap.is_put_right()
        await printing
        await wired.inbox.until_count(DeviceTrouble, 2)
    assert judge(wired) == Outcome(1, 0)
    assert reader.complaints == []


async def test_a_printer_that_is_not_asked_for_the_end_gets_no_such_question(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(paper={"end_mark": False})
    wired.device.reader.knows_ids = wired.device.reader.knows_turns = False
    async with running(driver):
        await wired.ready()
        await driver.print_receipt("1", receipt(1))
    assert wired.device.reader.papers[0].text == [title(1)]
    assert wired.device.reader.unfinished.text == []


async def test_the_drawer_need_not_wait_for_a_receipt_that_the_printer_has(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings()
    reader = wired.device.reader
    async with running(driver):
        await wired.ready()
        # It prints slowly: what comes behind the cut waits in its buffer.
        reader.on_line = lambda: setattr(reader, "halted", reader.papers != [])
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1)))
        await wired.device.changes.until(lambda: reader.halted)
        await driver.kick_drawer(2, 100, 2_000)
        assert not printing.done()
        wired.device.go_on()
        await printing
        await wired.device.changes.until(lambda: reader.pulses)
        assert reader.complaints == []


async def test_a_drawer_behind_a_receipt_that_waits_for_paper_gets_no_pulse(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings()
    mishap = Mishap(wired, "paper out")
    async with running(driver):
        await wired.ready()
        mishap.will_happen_at(3)
        printing = asyncio.create_task(driver.print_receipt("1", every_kind(copy=False)))
        await wired.inbox.until_count(DeviceTrouble, 1)
        with pytest.raises(DeviceError, match="out of paper"):
            await driver.kick_drawer(2, 100, 2_000)
        await mishap.is_put_right()
        await printing
    assert wired.device.reader.pulses == []


async def test_a_printer_that_hangs_and_says_that_all_is_well_is_not_believed(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(job_timeout_ms=300)
    reader = wired.device.reader
    async with running(driver):
        await wired.ready()
        reader.on_line = lambda: setattr(reader, "halted", True)
        with pytest.raises(DeviceError, match="does not say that the receipt is printed"):
            await driver.print_receipt("1", receipt(1))
        assert reader.papers == []


async def test_a_drawer_command_to_a_printer_gone_silent_leaves_the_line_to_its_receipt(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(stall_timeout_ms=1_000)
    reader = wired.device.reader
    async with running(driver):
        await wired.ready()
        reader.on_line = lambda: setattr(reader, "halted", reader.papers != [])
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1)))
        await wired.device.changes.until(lambda: reader.halted)
        wired.device.answers = False
        with pytest.raises(DeviceError, match="stopped answering"):
            await driver.kick_drawer(2, 100, 100)
        assert not printing.done()
        with pytest.raises(DeviceError, match="stopped answering"):
            await printing
    assert reader.pulses == []


async def test_a_receipt_that_is_given_up_while_the_printer_prints_it_is_not_sent_again(
    wired: WiredRig,
) -> None:
    """The daemon stops; the next one offers it."""
    driver = wired.with_settings()
    mishap = Mishap(wired, "paper out")
    async with running(driver):
        await wired.ready()
        mishap.will_happen_at(3)
        printing = asyncio.create_task(driver.print_receipt("1", every_kind(copy=False)))
        await wired.inbox.until_count(DeviceTrouble, 1)
        printing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await printing
        await wired.gone()


async def test_trouble_that_was_there_before_is_told_at_once(wired: WiredRig) -> None:
    wired.run_out_of_paper()
    async with running(wired.driver):
        await wired.inbox.until_state("printer", DeviceState.READY)
        (told,) = await wired.inbox.until_count(DeviceTrouble, 1)
    assert told.trouble is Trouble.PAPER_OUT


class TakenLine:
    """A line that takes what it is told to."""

    def __init__(self, *unsent: int) -> None:
        self.left = list(unsent)
        self.cause = ""

    def unsent(self) -> int:
        return self.left.pop(0) if len(self.left) > 1 else self.left[0]

    def broken(self, cause: str) -> DeviceError:
        self.cause = cause
        return DeviceError(f"printer: {cause}")


class QuickClock(SteppedClock):
    """Sleeping is what makes time pass."""

    async def sleep_ms(self, duration_ms: int) -> None:
        self.mono_ms += duration_ms


async def waited(line: TakenLine, *, trouble: bool, working_ms: int, trouble_ms: int) -> int:
    """How long all was waited for until it was sent, or given up."""
    clock = QuickClock()
    sender = Sender(line, clock, Patience(clock, working_ms, trouble_ms), lambda: trouble)
    try:
        await sender.all_sent(100)
    except DeviceError:
        assert line.cause
    return clock.mono_ms


async def test_a_line_that_takes_nothing_is_given_up_after_the_stall_time() -> None:
    line = TakenLine(10)
    assert await waited(line, trouble=False, working_ms=1_000, trouble_ms=500) == 100
    assert line.cause.startswith("took no byte for 100 ms")


async def test_a_line_that_takes_a_little_is_given_up_after_the_jobs_time() -> None:
    line = TakenLine(*range(1_000, 0, -1))
    assert await waited(line, trouble=False, working_ms=1_000, trouble_ms=500) == 1_000
    assert line.cause == "the receipt took too long and was given up"


async def test_in_trouble_neither_of_both_counts_but_a_time_of_its_own() -> None:
    line = TakenLine(10)
    assert await waited(line, trouble=True, working_ms=100, trouble_ms=500) == 505
    assert line.cause == "the receipt took too long and was given up"


async def test_what_is_taken_in_time_is_sent() -> None:
    line = TakenLine(10, 5, 0)
    assert await waited(line, trouble=False, working_ms=1_000, trouble_ms=500) == 10
    assert not line.cause
