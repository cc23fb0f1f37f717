"""One contract for every cashier's display, read back as the cashier would see it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from edge.checkout.effects import Tone
from edge.checkout.screens import NoticeTone
from edge.clock import SystemClock
from tests.support.devices import plugged, running
from tests.support.display_rigs import SALE, FramebufferRig, LinesRig, Rig, SimulatedRig, screen
from tests.support.framebuffer import turned


@pytest.fixture(params=["simulated", "framebuffer", "lines"])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    if request.param == "simulated":
        yield SimulatedRig()
    elif request.param == "framebuffer":
        framebuffer = FramebufferRig(tmp_path / "fb0", SystemClock(0))
        framebuffer.kernel.plug()
        yield framebuffer
    else:
        lines = LinesRig(tmp_path / "screen", SystemClock(0))
        with plugged(lines.line):
            yield lines


async def test_the_latest_screen_stands_on_the_display(rig: Rig) -> None:
    async with running(rig.driver):
        await rig.ready()
        for number in range(50):
            rig.driver.show(screen(f"{number}.00"))
        await rig.shows(screen("49.00"))
        rig.driver.show(SALE)
        await rig.shows(SALE)
        rig.driver.show(screen("1.00"))
        await rig.shows(screen("1.00"))


async def test_a_screen_shown_before_the_display_is_there_appears_when_it_comes(rig: Rig) -> None:
    rig.unplug()
    async with running(rig.driver):
        rig.driver.show(SALE)
        rig.driver.beep(Tone.REFUSED)
        rig.replug()
        await rig.ready()
        await rig.shows(SALE)


async def test_after_a_reconnect_the_whole_screen_is_drawn_again(rig: Rig) -> None:
    async with running(rig.driver):
        rig.driver.show(SALE)
        await rig.ready()
        await rig.shows(SALE)
        for total in ("1.00", "2.00"):
            rig.unplug()
            await rig.gone()
            rig.driver.show(screen(total))
            rig.driver.beep(Tone.GOOD)
            rig.replug()
            await rig.ready()
            await rig.shows(screen(total))


async def test_a_refusal_is_shown_until_the_next_screen(rig: Rig) -> None:
    refused = replace(SALE, notice="No such article", notice_tone=NoticeTone.REFUSAL, rows=())
    async with running(rig.driver):
        await rig.ready()
        rig.driver.show(refused)
        rig.driver.beep(Tone.REFUSED)
        await rig.shows(refused)
        rig.driver.show(SALE)
        await rig.shows(SALE)


# --- simulated


async def test_the_simulated_one_tells_each_screen_and_tone() -> None:
    rig = SimulatedRig()
    seen: list[str] = []
    tones: list[Tone] = []
    rig.driver.on_show = lambda shown: seen.append(shown.total)
    rig.driver.on_beep = tones.append
    async with running(rig.driver):
        await rig.ready()
        rig.driver.show(screen("1.00"))
        rig.driver.show(screen("2.00"))
        rig.driver.beep(Tone.GOOD)
        rig.driver.beep(Tone.REFUSED)
    assert seen == ["1.00", "2.00"]
    assert tones == list(rig.driver.tones) == [Tone.GOOD, Tone.REFUSED]


# --- framebuffer


@pytest.mark.parametrize("kind", ["framebuffer", "lines"])
async def test_a_beeper_beside_the_screen_sounds_also_while_the_screen_is_away(
    tmp_path: Path, kind: str
) -> None:
    beeper = tmp_path / "event0"
    beeper.touch()
    rigs = {"framebuffer": FramebufferRig, "lines": LinesRig}
    rig = rigs[kind](tmp_path / "screen", SystemClock(0), beeper=str(beeper))
    async with running(rig.driver):
        rig.driver.beep(Tone.GOOD)
        await turned(lambda: len(beeper.read_bytes()) > 0)
