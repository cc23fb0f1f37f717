"""A printer that was known to answer and says nothing any more is in trouble until it answers
again, over whichever connection; and a pulse that it did not surely take opens no drawer later.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.inputs import DeviceState, DeviceTrouble
from edge.checkout.troubles import Trouble
from edge.clock import SystemClock
from edge.drivers.printers.printer_jobs import EscposPrinter
from edge.drivers.printers.printer_status import ASK
from edge.drivers.printers.trouble_teller import TroubleTeller
from edge.ports import DeviceError
from edge.summed_lines import LOG_LINES, LOG_WINDOW_MS
from tests.support.devices import Changes, RecordingInbox, SteppedClock, running, surroundings
from tests.support.printer_rigs import WIRES, UsbRig, WiredRig, receipt, title, wired_rig

NO_ANSWER = "does not answer: check its power and cable"


@pytest.fixture(params=WIRES)
async def wired(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WiredRig]:
    rig = await wired_rig(request.param, tmp_path)
    await rig.plug()
    yield rig
    await rig.unplug()


class WatchedClock(SystemClock):
    """Tells how often somebody slept on it."""

    def __init__(self) -> None:
        super().__init__(0)
        self.sleeps = 0
        self.changes = Changes()

    async def sleep_ms(self, duration_ms: int) -> None:
        self.sleeps += 1
        self.changes.tell()
        await super().sleep_ms(duration_ms)


@pytest.fixture
async def usb() -> AsyncIterator[UsbRig]:
    rig = UsbRig()
    await rig.plug()
    yield rig
    await rig.unplug()


def told(rig: WiredRig) -> list[Trouble | None]:
    return [news.trouble for news in rig.inbox.of(DeviceTrouble)]


async def known(rig: WiredRig, driver: EscposPrinter) -> None:
    """Until it has printed a receipt and said so."""
    await rig.ready()
    await driver.print_receipt("1", receipt(1))
    assert driver.has_answered


async def connected_anew(rig: WiredRig, times: int = 1) -> None:
    states = rig.inbox.states
    await rig.inbox.changes.until(lambda: states("printer").count(DeviceState.READY) > times)
    await rig.ready()


async def test_one_that_stopped_answering_gets_nothing_until_it_answers_again(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(status_timeout_ms=50, status_poll_ms=100)
    async with running(driver):
        await known(wired, driver)
        wired.device.answers = False
        await connected_anew(wired)
        await wired.inbox.changes.until(lambda: told(wired) == [Trouble.NO_ANSWER])
        with pytest.raises(DeviceError, match=NO_ANSWER):
            await driver.print_receipt("2", receipt(2))
        with pytest.raises(DeviceError, match=NO_ANSWER):
            await driver.kick_drawer(2, 100, 200)
        assert driver.status is None
        wired.device.answers = True
        await wired.inbox.changes.until(lambda: told(wired) == [Trouble.NO_ANSWER, None])
        assert wired.papers() == [title(1)]
        await driver.print_receipt("2", receipt(2))
        await driver.kick_drawer(2, 100, 2_000)
        assert wired.papers() == [title(1), title(2)]
        assert len(wired.device.reader.pulses) == 1


async def test_a_job_finds_that_it_answers_again_before_it_is_asked_in_its_turn(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(status_timeout_ms=2_000)
    async with running(driver):
        await known(wired, driver)
        wired.device.answers = False
        with pytest.raises(DeviceError, match="stopped answering"):
            await driver.print_receipt("2", receipt(2))
        await connected_anew(wired)
        wired.device.answers = True
        await driver.print_receipt("2", receipt(2))
        assert wired.papers() == [title(1), title(2)]


async def test_one_that_is_plugged_in_again_and_says_nothing_is_in_trouble(
    wired: WiredRig,
) -> None:
    """Its plug was pulled, so that it did not stop answering: it never began to."""
    driver = wired.with_settings(status_timeout_ms=50, status_poll_ms=100)
    async with running(driver):
        await known(wired, driver)
        await wired.unplug()
        await wired.gone()
        wired.device.answers = False
        await wired.plug()
        await connected_anew(wired)
        await wired.inbox.changes.until(lambda: told(wired) == [Trouble.NO_ANSWER])
        with pytest.raises(DeviceError, match=NO_ANSWER):
            await driver.print_receipt("2", receipt(2))
    assert wired.papers() == []


async def test_a_job_that_comes_first_finds_and_tells_that_it_says_nothing(
    wired: WiredRig,
) -> None:
    driver = wired.with_settings(status_timeout_ms=50)
    async with running(driver):
        await known(wired, driver)
        await wired.unplug()
        await wired.gone()
        wired.device.answers = False
        await wired.plug()
        await connected_anew(wired)
        with pytest.raises(DeviceError, match=NO_ANSWER):
            await driver.kick_drawer(2, 100, 100)
        await wired.inbox.changes.until(lambda: told(wired) == [Trouble.NO_ANSWER])
    assert wired.device.reader.pulses == []


async def test_one_that_never_answered_is_in_no_trouble_and_prints(wired: WiredRig) -> None:
    wired.device.answers = False
    driver = wired.with_settings(status_timeout_ms=20, status_poll_ms=100)
    async with running(driver):
        await wired.ready()
        for number, times in ((1, 1), (2, 2)):
            await driver.print_receipt(str(number), receipt(number))
            await wired.printed(1)
            await wired.unplug()
            await wired.gone()
            await wired.plug()
            await connected_anew(wired, times)
        await driver.kick_drawer(2, 100, 2_000)
        await wired.device.changes.until(lambda: wired.device.reader.pulses)
    assert told(wired) == []
    assert not driver.has_answered


# --- the drawer


async def test_a_pulse_behind_which_the_printer_says_nothing_is_an_error(wired: WiredRig) -> None:
    """Taken by the wire is not taken by the printer."""
    driver = wired.with_settings()
    async with running(driver):
        await known(wired, driver)
        wired.device.stall_after = wired.device.reader.bytes_fed + len(ASK)
        with pytest.raises(DeviceError, match=r"stopped answering|took no byte"):
            await driver.kick_drawer(2, 100, 200)
        await wired.gone()
        assert wired.device.reader.pulses == []


async def test_a_pulse_that_was_not_taken_is_dropped(usb: UsbRig) -> None:
    driver = usb.with_settings()
    async with running(driver):
        await known(usb, driver)
        usb.device.stall_after = usb.device.reader.bytes_fed + len(ASK)
        with pytest.raises(DeviceError, match="took no byte"):
            await driver.kick_drawer(2, 100, 200)
        await connected_anew(usb)
        usb.device.resume()
        await driver.kick_drawer(5, 100, 2_000)
    assert [pulse.pin for pulse in usb.device.reader.pulses] == [5]


async def test_a_pulse_that_nobody_waits_for_any_more_is_dropped(usb: UsbRig) -> None:
    usb.clock = clock = WatchedClock()
    driver = usb.with_settings()
    async with running(driver):
        await known(usb, driver)
        asked_for = usb.device.reader.bytes_fed + len(ASK)
        usb.device.stall_after = asked_for
        clock.sleeps = 0
        opening = asyncio.create_task(driver.kick_drawer(2, 100, 20_000))
        # It is waited for, so that it has been written.
        await clock.changes.until(lambda: clock.sleeps)
        assert usb.device.reader.bytes_fed == asked_for
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        await connected_anew(usb)
        usb.device.resume()
        await driver.kick_drawer(5, 100, 2_000)
    assert [pulse.pin for pulse in usb.device.reader.pulses] == [5]


# --- the log


async def test_a_trouble_has_a_line_in_the_log_and_its_end_too(wired: WiredRig) -> None:
    driver = wired.with_settings(status_poll_ms=100)
    with capture_logs() as logs:
        async with running(driver):
            await known(wired, driver)
            wired.run_out_of_paper()
            await wired.inbox.until_count(DeviceTrouble, 1)
            wired.load_paper()
            await wired.inbox.until_count(DeviceTrouble, 2)
    said = [
        (each["event"], each.get("trouble"), each["device"])
        for each in logs
        if each["event"] in ("device_trouble", "device_fine")
    ]
    assert said == [
        ("device_trouble", "paper_out", "printer"),
        ("device_fine", None, "printer"),
    ]


async def test_a_device_that_went_is_not_said_to_be_fine() -> None:
    with capture_logs() as logs:
        teller = TroubleTeller("printer", surroundings(RecordingInbox(), SteppedClock()))
        teller.set(Trouble.PAPER_OUT)
        teller.set(Trouble.PAPER_OUT)
        teller.lost()
        teller.set(Trouble.COVER_OPEN)
        teller.set(None)
        teller.set(None)
    assert [(each["event"], each.get("trouble")) for each in logs] == [
        ("device_trouble", "paper_out"),
        ("device_trouble", "cover_open"),
        ("device_fine", None),
    ]


async def test_a_sensor_that_flickers_fills_no_log() -> None:
    clock = SteppedClock()
    with capture_logs() as logs:
        teller = TroubleTeller("printer", surroundings(RecordingInbox(), clock))
        async with running(teller):
            for _ in range(100):
                teller.set(Trouble.PAPER_LOW)
                teller.set(None)
            teller.set(Trouble.PAPER_LOW)
            assert len(logs) == LOG_LINES
            await clock.until_asleep(1)
            clock.advance(LOG_WINDOW_MS)
            for _ in range(10):
                await asyncio.sleep(0)
    assert len(logs) == LOG_LINES + 1
    assert logs[-1] == {
        "event": "device_trouble_flapping",
        "log_level": "warning",
        "device": "printer",
        "trouble": "paper_low",
        "unsaid": 201 - LOG_LINES,
        "window_ms": LOG_WINDOW_MS,
    }
