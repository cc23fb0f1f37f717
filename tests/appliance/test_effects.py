"""From effect to port and back: what waits for what, and what a failing port leads to."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from edge.checkout.effects import Tone
from edge.checkout.inputs import Key, StoreFailure
from edge.clock import VirtualClock
from edge.effect_runner import MAX_WAITING_RECEIPTS
from edge.ports import StoreError
from tests.support.house import SHELF, Counter, Watch, counter, simulated_settings
from tests.support.left_behind import LeftBehind, left_behind

PENCIL, TEA = (code for code, _ in SHELF.values())
WRITES = ("store.commit", "store.save_draft", "store.settle_effect")


@pytest.fixture
async def till(tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter(simulated_settings(tmp_path)) as running:
        yield running


def begins(till: Counter, place: str) -> int:
    return till.watch.events.count(f"{place} begins")


async def left_by(till: Counter, path: Path) -> LeftBehind:
    """What a live till has on disk, by a copy."""
    copy = path / f"copy-{uuid4().hex}.db"
    await till.house.store.copy_to(copy)
    return left_behind(copy)


def states(left: LeftBehind) -> list[tuple[str, str]]:
    return [(each.effect, each.state) for each in left.effects]


# --- a sale


async def test_nothing_moves_before_the_disk_has_answered(till: Counter) -> None:
    answered = till.watch.hold("store.commit")
    till.scan("Pencil")
    till.press(Key.CASH)
    await till.until_event("store.commit begins")
    till.scan("Tea")
    await till.until(lambda: till.house.inbox.waiting == 0)
    assert (till.drawer.pulses, till.printer.printed, till.title) == (0, 0, "One moment")
    answered.set()
    await till.until(lambda: till.printer.printed and till.drawer.pulses)
    events = till.watch.events
    stored = events.index("store.commit ends")
    assert stored < events.index("drawer.open begins") < events.index("pulse")
    assert stored < events.index("printer.print_receipt begins") < events.index("paper 1")
    await till.until(lambda: till.rows == ["Tea"])


async def test_each_effect_is_done_in_the_log_once_it_is_done_in_the_world(
    till: Counter, tmp_path: Path
) -> None:
    await till.sell("Pencil")
    assert states(await left_by(till, tmp_path)) == [("drawer", "done"), ("receipt", "done")]


async def test_receipts_come_out_in_the_order_of_their_sales(till: Counter) -> None:
    free = till.watch.hold("printer.print_receipt")
    for number in range(1, 4):
        till.scan("Pencil")
        till.press(Key.CASH)
        await till.until_event("store.commit ends", number)
    assert till.printer.printed == 0
    free.set()
    await till.until(lambda: till.printer.printed == 3)
    assert [event for event in till.watch.events if event.startswith("paper")] == [
        *("paper 1", "paper 2", "paper 3")
    ]


async def test_a_printer_that_hangs_holds_up_no_sale_and_its_queue_has_an_end(
    till: Counter, tmp_path: Path
) -> None:
    free = till.watch.hold("printer.print_receipt")
    # One is being printed, so many wait, and one is too many.
    sales = MAX_WAITING_RECEIPTS + 2
    for number in range(1, sales + 1):
        till.scan("Pencil")
        till.press(Key.CASH)
        await till.until_event("store.commit ends", number)
    await till.until(lambda: till.notice.startswith(f"Reprint {sales}?"))
    free.set()
    await till.until(lambda: till.printer.printed == sales - 1)
    await till.until_event("store.settle_effect ends", 2 * sales - 1)
    assert (await left_by(till, tmp_path)).pending == {sales}


# --- devices that fail


async def test_a_receipt_that_fails_stays_pending_and_is_printed_as_a_copy(
    till: Counter, tmp_path: Path
) -> None:
    till.printer.unplug()
    till.scan("Pencil")
    till.press(Key.CASH)
    await till.until(lambda: till.notice.startswith("Reprint 1?"))
    await till.until_event("store.settle_effect ends")
    left = await left_by(till, tmp_path)
    assert states(left) == [("drawer", "done"), ("receipt", "pending")]
    till.printer.replug()
    till.press(Key.ENTER)
    await till.until_event("paper 1")
    assert till.printer.receipts[-1].copy
    await till.until_event("store.settle_effect ends", 3)
    assert (await left_by(till, tmp_path)).pending == set()


async def test_a_drawer_that_fails_is_given_up_and_the_receipt_is_printed(
    till: Counter, tmp_path: Path
) -> None:
    till.drawer.unplug()
    till.scan("Pencil")
    till.press(Key.CASH)
    await till.until(lambda: "Drawer does not answer" in till.notice)
    await till.until_event("store.settle_effect ends", 2)
    till.drawer.replug()
    assert states(await left_by(till, tmp_path)) == [("drawer", "abandoned"), ("receipt", "done")]
    assert till.drawer.pulses == 0


async def test_how_a_pulse_went_is_known_before_a_slow_disk_has_it(till: Counter) -> None:
    """What opens the drawer from then on is no pulse of ours."""
    answered = till.watch.hold("store.settle_effect")
    till.drawer.unplug()
    till.scan("Pencil")
    till.press(Key.CASH)
    await till.until(lambda: "Drawer does not answer" in till.notice)
    assert "store.settle_effect ends" not in till.watch.events
    answered.set()
    await till.until_event("store.settle_effect ends", 2)


async def test_a_receipt_that_the_cashier_drops_is_dropped(till: Counter, tmp_path: Path) -> None:
    till.printer.unplug()
    till.scan("Pencil")
    till.press(Key.CASH)
    await till.until(lambda: till.notice.startswith("Reprint 1?"))
    till.press_once_read(Key.CLEAR)
    await till.until_event("store.settle_effect ends", 2)
    assert states(await left_by(till, tmp_path))[1] == ("receipt", "dropped")


async def test_a_bug_in_an_effect_ends_the_daemon(tmp_path: Path) -> None:
    watch = Watch()
    watch.fail("printer.print_receipt", AssertionError("a bug"))

    async def sell() -> None:
        async with counter(simulated_settings(tmp_path), watch=watch) as till:
            till.scan("Pencil")
            till.press(Key.CASH)
            await till.until(lambda: False)

    with pytest.raises(ExceptionGroup) as caught:
        await sell()
    assert caught.group_contains(AssertionError, match="a bug")


# --- drafts


async def test_drafts_are_an_interval_apart_and_the_last_basket_counts(tmp_path: Path) -> None:
    clock = VirtualClock(1_800_000_000_000)
    async with counter(simulated_settings(tmp_path), clock=clock) as till:
        for count in range(1, 6):
            till.scan("Pencil")
            await till.until(lambda count=count: len(till.rows) == count)
        await till.until_event("store.save_draft ends")
        clock.advance_ms(499)
        await till.house.store.journal_head()
        assert begins(till, "store.save_draft") == 1
        clock.advance_ms(1)
        await till.until_event("store.save_draft ends", 2)
        assert (await left_by(till, tmp_path)).draft == (PENCIL,) * 5
        clock.advance_ms(5_000)
        await till.house.store.journal_head()
        assert begins(till, "store.save_draft") == 2


async def test_no_draft_is_written_once_the_basket_is_sold(tmp_path: Path) -> None:
    clock = VirtualClock(1_800_000_000_000)
    async with counter(simulated_settings(tmp_path), clock=clock) as till:
        till.scan("Pencil")
        await till.until_event("store.save_draft ends")
        till.scan("Tea")
        till.press(Key.CASH)
        await till.until_event("store.commit ends")
        clock.advance_ms(5_000)
        await till.until_event("store.settle_effect ends", 2)
        assert begins(till, "store.save_draft") == 1
        assert (await left_by(till, tmp_path)).draft is None


# --- a store that fails


async def test_a_failed_write_stops_selling_says_so_once_and_leaves_the_rest_running(
    tmp_path: Path,
) -> None:
    with capture_logs() as logs:
        async with counter(simulated_settings(tmp_path)) as till:
            await till.sell("Pencil")
            for place in WRITES:
                till.watch.fail(place, StoreError(StoreFailure.DISK_FULL, "no room"))
            till.scan("Tea")
            await till.until(lambda: till.title == "Selling has stopped")
            till.press(Key.CASH)
            till.scan("Tea")
            await till.until(lambda: till.house.inbox.waiting == 0)
            assert "Disk is full" in till.notice
            till.printer.unplug()
            await till.until(lambda: "no printer" in till.screen.screen.status)
            till.printer.replug()
            await till.until(lambda: "no printer" not in till.screen.screen.status)
            assert (till.drawer.pulses, till.printer.printed) == (1, 1)
            till.press(Key.ENTER)
            await till.stop.wait()
            assert till.stop.restart
    assert [line["failure"] for line in logs if line["event"] == "store_failed"] == ["disk_full"]


async def test_a_sale_that_the_disk_refuses_is_no_sale(tmp_path: Path) -> None:
    async with counter(simulated_settings(tmp_path)) as till:
        till.scan("Pencil")
        await till.until_event("store.save_draft ends")
        till.watch.fail("store.commit", StoreError(StoreFailure.IO_ERROR, "no answer"))
        till.press(Key.CASH)
        await till.until(lambda: till.title == "Selling has stopped")
        assert "Disk failed" in till.notice
        assert till.screen.tones[-1] is Tone.REFUSED
        left = await left_by(till, tmp_path)
        assert (left.totals, left.draft, left.effects) == ({}, (PENCIL,), ())
    assert (till.drawer.pulses, till.printer.printed) == (0, 0)
