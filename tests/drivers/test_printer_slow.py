"""Printers that answer late, in their turn, only in part or illegibly: they print, and nothing is
believed to be on paper that is not.
"""

import asyncio

import pytest

from edge.checkout.inputs import DeviceTrouble
from edge.checkout.troubles import Trouble
from edge.ports import DeviceError
from tests.support.escpos_reader import STATUS_FINE
from tests.support.printer_rigs import PAPER_OUT, receipt, title
from tests.support.slow_printer import SlowPrinter, now_ms, seconds, timeless

NEVER_SAID = "does not say that the receipt is printed"
EVERY_KIND = [(True, True), (False, True), (False, False)]


def halts_within_a_receipt(printer: SlowPrinter) -> None:
    """It hangs, and says that all is well."""
    printer.reader.on_line = lambda: setattr(printer.reader, "halted", True)


# --- late


@timeless
async def test_one_that_answers_after_seven_tenths_of_a_second_prints_and_opens_the_drawer() -> (
    None
):
    printer = SlowPrinter(late_ms=700)
    async with printer.driven() as driver:
        for number in range(1, 4):
            began_ms = now_ms()
            await driver.kick_drawer(2, 100, 2_000)
            assert printer.pulsed_at_ms[-1] - began_ms <= 1_000
            await driver.print_receipt(str(number), receipt(number))
            await seconds(30)
    assert printer.titles == [[title(1)], [title(2)], [title(3)]]
    assert len(printer.wires) == 1


@timeless
async def test_an_answer_that_is_later_than_the_poll_is_waited_for() -> None:
    printer = SlowPrinter(late_ms=700)
    async with printer.driven(status_poll_ms=100) as driver:
        await seconds(30)
        assert driver.status is not None
    assert len(printer.wires) == 1


@timeless
async def test_one_that_stops_answering_is_said_to_by_the_setting_that_gave_it_up() -> None:
    printer = SlowPrinter()
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        printer.says = lambda _heard, _said: b""
        began_ms = now_ms()
        with pytest.raises(DeviceError, match=r"nothing for 5000 ms \(stall_timeout_ms\)"):
            await driver.print_receipt("2", receipt(2))
        # It is opened anew, and nothing was sent.
        await printer.inbox.until_count(DeviceTrouble, 1)
        assert len(printer.wires) == 2
        assert now_ms() - began_ms < 9_000
        began_ms = now_ms()
        with pytest.raises(DeviceError, match="does not answer"):
            await driver.kick_drawer(2, 100, 1_000)
        assert now_ms() - began_ms <= 1_000
    assert printer.titles == [[title(1)]]
    assert printer.pulsed_at_ms == []


@timeless
async def test_one_that_stopped_answering_is_found_out_however_often_it_is_asked() -> None:
    printer = SlowPrinter()
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        printer.says = lambda _heard, _said: b""
        began_ms = now_ms()
        while len(printer.wires) == 1:
            with pytest.raises(DeviceError):
                await driver.kick_drawer(2, 100, 1_000)
            await seconds(0.1)
        assert now_ms() - began_ms < 9_000
    assert printer.pulsed_at_ms == []


@timeless
async def test_one_that_stopped_answering_owes_no_answer_once_it_is_begun_anew() -> None:
    """It may be another one, which never answers."""
    printer = SlowPrinter()
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        printer.says = lambda _heard, _said: b""
        with pytest.raises(DeviceError, match="stopped answering"):
            await driver.print_receipt("2", receipt(2))
        await seconds(60)
        printer.renewals.begin_anew("printer")
        await seconds(60)
        await driver.print_receipt("3", receipt(3))
        told = [news.trouble for news in printer.inbox.of(DeviceTrouble)]
        assert told == [Trouble.NO_ANSWER, None]
    assert printer.titles == [[title(1)], [title(3)]]


@timeless
async def test_one_that_never_answers_is_waited_for_once_a_connection() -> None:
    printer = SlowPrinter()
    printer.says = lambda _heard, _said: b""
    took_ms = []
    async with printer.driven(status_poll_ms=600_000) as driver:
        for number in range(4):
            if number == 2:
                printer.is_pulled()
                await seconds(0.1)
            began_ms = now_ms()
            await driver.print_receipt(str(number), receipt(number))
            took_ms.append(now_ms() - began_ms)
    assert took_ms == [500, 0, 500, 0]


@timeless
async def test_one_that_answers_for_the_first_time_within_a_receipt_is_not_greeted_there() -> None:
    printer = SlowPrinter(byte_ms=1, late_ms=700)
    printer.reader.knows_ids = printer.reader.knows_turns = False
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1, lines=40))
        assert driver.has_answered
        await seconds(5)
        (paper,) = printer.reader.papers
        assert [line[:12] for line in paper.text] == [
            title(1)[:12],
            *(f"农夫山泉 {line}".ljust(12) for line in range(39)),
        ]


@timeless
async def test_a_receipt_with_a_hole_in_it_is_not_believed() -> None:
    """A serial cable was off for long enough to lose a question, and not the one for its end."""
    printer = SlowPrinter(byte_ms=1, has_buffer=True)
    async with printer.driven() as driver:
        await seconds(5)
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1, lines=60)))
        await seconds(1)
        printer.is_off = True
        await seconds(0.8)
        printer.is_off = False
        with pytest.raises(DeviceError, match="stopped answering"):
            await printing
        assert len(printer.reader.papers) == 1


@timeless
async def test_no_pulse_comes_later_than_it_is_waited_for_and_the_printer_stays() -> None:
    printer = SlowPrinter(late_ms=900)
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        await seconds(5)
        began_ms = now_ms()
        kicks = [driver.kick_drawer(2, 100, 2_000) for _ in range(2)]
        results = await asyncio.gather(*kicks, return_exceptions=True)
        assert results[0] is None
        assert "nothing for 2000 ms (timeout_ms)" in str(results[1])
        await seconds(10)
        assert [at_ms - began_ms for at_ms in printer.pulsed_at_ms] == [900]
        await driver.kick_drawer(2, 100, 2_000)
    assert len(printer.wires) == 1


@pytest.mark.parametrize(("ids", "turns"), EVERY_KIND)
@timeless
async def test_a_buffer_that_takes_longer_than_the_stall_time_is_waited_for(
    ids: bool, turns: bool
) -> None:
    """It answers what it is asked when it comes to it, and goes on."""
    printer = SlowPrinter(byte_ms=1, has_buffer=True)
    printer.reader.knows_ids, printer.reader.knows_turns = ids, turns
    async with printer.driven() as driver:
        await seconds(5)
        began_ms = now_ms()
        await driver.print_receipt("1", receipt(1, lines=200))
        assert now_ms() - began_ms > 8_000
        assert [len(paper.lines) for paper in printer.reader.papers] == [200]
    assert len(printer.wires) == 1


@timeless
async def test_one_that_goes_silent_within_its_buffer_is_given_up_after_the_stall_time() -> None:
    printer = SlowPrinter(byte_ms=1, has_buffer=True)
    async with printer.driven() as driver:
        await seconds(5)
        began_ms = now_ms()
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1, lines=200)))
        await seconds(3)
        printer.loses_power()
        with pytest.raises(DeviceError, match="stopped answering"):
            await printing
        assert now_ms() - began_ms < 9_000


@timeless
async def test_a_slow_wire_has_brought_the_greeting_before_its_answer_is_waited_for() -> None:
    """1.7 KB of it, at a byte a millisecond; the answer in time says that a mark can be asked."""
    printer = SlowPrinter(byte_ms=1)
    halts_within_a_receipt(printer)
    async with printer.driven(job_timeout_ms=20_000) as driver:
        with pytest.raises(DeviceError, match=NEVER_SAID):
            await driver.print_receipt("1", receipt(1))


# --- in its turn


@pytest.mark.parametrize("ids", [True, False])
@timeless
async def test_the_first_receipt_waits_for_what_is_said_in_its_turn(ids: bool) -> None:
    printer = SlowPrinter(turn_ms=150)
    printer.reader.knows_ids = ids
    halts_within_a_receipt(printer)
    async with printer.driven() as driver:
        with pytest.raises(DeviceError, match=NEVER_SAID):
            await driver.print_receipt("1", receipt(1))


@timeless
async def test_a_stray_zero_costs_no_mark() -> None:
    printer = SlowPrinter(turn_ms=10)
    printer.reader.knows_ids = False
    printer.says = lambda heard, said: b"\0" + said if heard.endswith(b"\x1dr\x01") else said
    async with printer.driven() as driver:
        await seconds(1)
        printer.says = lambda _heard, said: said
        halts_within_a_receipt(printer)
        with pytest.raises(DeviceError, match=NEVER_SAID):
            await driver.print_receipt("1", receipt(1))


@timeless
async def test_one_that_knows_no_mark_is_waited_for_once_a_connection() -> None:
    printer = SlowPrinter()
    printer.reader.knows_ids = printer.reader.knows_turns = False
    async with printer.driven() as driver:
        took_ms = []
        for number in range(3):
            began_ms = now_ms()
            await driver.print_receipt(str(number), receipt(number))
            took_ms.append(now_ms() - began_ms)
    assert took_ms == [500, 0, 0]
    assert printer.reader.complaints == []


@timeless
async def test_one_that_loses_its_answers_behind_a_receipt_is_asked_no_more_until_begun_anew() -> (
    None
):
    printer = SlowPrinter()
    printer.reader.knows_ids = False
    printer.says = lambda heard, said: said.replace(b"\0", b"") if b"Receipt" in heard else said
    async with printer.driven() as driver:
        await seconds(1)
        with pytest.raises(DeviceError, match=NEVER_SAID):
            await driver.print_receipt("1", receipt(1))
        await seconds(5)
        await driver.print_receipt("2", receipt(2))
        assert b"\x1dr" not in printer.heard
        # The one that is begun anew may be another one.
        printer.says = lambda _heard, said: said
        printer.renewals.begin_anew("printer")
        await seconds(5)
        await driver.print_receipt("3", receipt(3))
        assert b"\x1dr" in printer.heard[printer.heard.index(b"Receipt 3") :]
    assert [each for each in printer.titles if each] == [[title(1)], [title(2)], [title(3)]]


@timeless
async def test_one_that_said_it_of_a_receipt_once_is_asked_after_one_that_it_lost() -> None:
    printer = SlowPrinter()
    printer.reader.knows_turns = False
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        for number in (2, 3):
            halts_within_a_receipt(printer)
            with pytest.raises(DeviceError, match=NEVER_SAID):
                await driver.print_receipt(str(number), receipt(number))
            printer.reader.on_line = lambda: None
            printer.reader.lose_power()
            printer.is_pulled()
            await seconds(5)
    assert printer.titles == [[title(1)], [title(2)], [title(3)]]


@timeless
async def test_one_that_hangs_and_answers_only_how_it_is_gets_no_receipt() -> None:
    printer = SlowPrinter()
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        halts_within_a_receipt(printer)
        with pytest.raises(DeviceError, match=NEVER_SAID):
            await driver.print_receipt("2", receipt(2))
        for number in (3, 4):
            await seconds(5)
            with pytest.raises(DeviceError, match="says no more when a receipt is printed"):
                await driver.print_receipt(str(number), receipt(number))
        assert title(3).encode("gb18030") not in printer.heard
        # Somebody switches it off and on.
        printer.reader.on_line = lambda: None
        printer.reader.lose_power()
        printer.is_pulled()
        await seconds(5)
        await driver.print_receipt("5", receipt(5))
    # Of the second there is a line.
    assert [each for each in printer.titles if each] == [[title(1)], [title(2)], [title(5)]]


@timeless
async def test_what_was_given_up_in_trouble_is_on_paper_before_the_next_is_handed_over() -> None:
    """The answer for it must not be taken for the next one's."""
    printer = SlowPrinter()
    printer.reader.knows_ids = False
    async with printer.driven() as driver:
        await seconds(1)
        printing = asyncio.create_task(driver.print_receipt("1", receipt(1, lines=30)))
        printer.reader.on_line = printer.runs_out_of_paper
        with pytest.raises(DeviceError, match="out of paper"):
            await printing
        # There is paper again, and it takes its time.
        printer.reader.status.update(STATUS_FINE)
        printer.reader.on_line = lambda: None
        printing = asyncio.create_task(driver.print_receipt("2", receipt(2)))
        await seconds(3)
        assert title(2).encode("gb18030") not in printer.heard
        printer.goes_on()
        await printing
        assert printer.titles == [[title(1)], [title(2)]]
        await driver.print_receipt("1", receipt(1, lines=30))
        assert len(printer.titles) == 2


@timeless
async def test_one_that_said_the_end_of_a_receipt_before_has_longer_to_say_that_it_will() -> None:
    printer = SlowPrinter()
    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        printer.turn_ms = 2_000
        printer.is_pulled()
        await seconds(0.1)
        began_ms = now_ms()
        await driver.print_receipt("2", receipt(2))
        assert now_ms() - began_ms >= 2_000
    assert printer.titles == [[title(1)], [title(2)]]


# --- in part


@timeless
async def test_one_that_answers_only_some_of_its_status_prints_as_one_that_answers_nothing() -> (
    None
):
    printer = SlowPrinter(late_ms=30)
    lost = (b"\x10\x04\x02", b"\x10\x04\x03")
    printer.says = lambda heard, said: b"" if heard.endswith(lost) else said
    async with printer.driven() as driver:
        for number in range(5):
            await driver.kick_drawer(2, 100, 2_000)
            await driver.print_receipt(str(number), receipt(number))
            await seconds(30)
        assert not driver.has_answered
    assert printer.titles == [[title(number)] for number in range(5)]
    assert len(printer.pulsed_at_ms) == 5
    assert len(printer.wires) == 1


@timeless
async def test_one_that_talks_all_the_time_is_asked_how_it_is() -> None:
    printer = SlowPrinter()

    async def babble() -> None:
        while True:
            await asyncio.sleep(0.05)
            printer.wires[-1].arrive(b"\x14\x00\x00\x0f")

    async with printer.driven() as driver:
        await driver.print_receipt("1", receipt(1))
        babbling = asyncio.create_task(babble())
        printer.reader.status.update(PAPER_OUT)
        began_ms = now_ms()
        while not printer.inbox.of(DeviceTrouble):
            await seconds(0.1)
        assert now_ms() - began_ms < 21_000
        assert printer.inbox.of(DeviceTrouble)[0].trouble is Trouble.PAPER_OUT
        babbling.cancel()
