"""The cashier's screen on four lines of characters: what goes over the wire, and what stalls."""

import asyncio
from pathlib import Path

from edge.checkout.effects import Tone
from edge.checkout.inputs import DeviceState
from edge.clock import SystemClock
from tests.support.devices import DEADLINE_S, plugged, running
from tests.support.display_rigs import SALE, LinesRig, screen


async def test_a_display_that_takes_no_bytes_blocks_nobody_and_shows_the_latest_later(
    tmp_path: Path,
) -> None:
    rig = LinesRig(tmp_path / "screen", SystemClock(0))
    with plugged(rig.line):
        async with running(rig.driver):
            await rig.ready()
            rig.line.stall()
            async with asyncio.timeout(DEADLINE_S):
                for number in range(1_000_000):
                    rig.driver.show(screen(f"{number}.00"))
                    await asyncio.sleep(0)
                    if rig.inbox.states("screen")[-1] is not DeviceState.READY:
                        break
            rig.driver.show(SALE)
            rig.unplug()
            rig.replug()
            await rig.ready()
            await rig.shows(SALE)


async def test_a_display_that_was_switched_off_shows_again_by_itself(tmp_path: Path) -> None:
    rig = LinesRig(tmp_path / "screen", SystemClock(0), redraw_ms=100)
    with plugged(rig.line):
        async with running(rig.driver):
            rig.driver.show(SALE)
            await rig.ready()
            await rig.shows(SALE)
            rig.line.received.clear()
            await rig.shows(SALE)


async def test_of_four_lines_only_the_changed_one_is_sent(tmp_path: Path) -> None:
    rig = LinesRig(tmp_path / "screen", SystemClock(0))
    with plugged(rig.line):
        async with running(rig.driver):
            rig.driver.show(screen("1.00"))
            await rig.ready()
            await rig.shows(screen("1.00"))
            before = len(rig.line.received)
            rig.driver.show(screen("2.00"))
            await rig.line.changes.until(lambda: len(rig.line.received) >= before + 24)
    assert bytes(rig.line.received[before:]) == b"\xfeG\x01\x04TOTAL           2.00"


async def test_a_refusal_makes_the_light_blink(tmp_path: Path) -> None:
    rig = LinesRig(tmp_path / "screen", SystemClock(0))
    with plugged(rig.line):
        async with running(rig.driver):
            await rig.ready()
            rig.driver.beep(Tone.GOOD)
            rig.driver.beep(Tone.REFUSED)
            await rig.line.changes.until(lambda: b"\xfeF" in rig.line.received)
            assert rig.line.received.count(b"\xfeF") == 1
            await rig.line.changes.until(
                lambda: rig.line.received.rindex(b"\xfeB\x00") > rig.line.received.index(b"\xfeF")
            )
