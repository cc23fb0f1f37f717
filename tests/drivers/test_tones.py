"""How a refusal is seen: each one by a flash of its own, however quickly they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from edge.checkout.effects import Tone
from edge.drivers.displays.tones import MOST_WAITING, BeeperModel, Tones
from tests.support.devices import SteppedClock


class Flashes:
    """A display that is told when to flash."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.tones = Tones(BeeperModel(), self.clock)
        self.shown: list[bool] = []

    async def rests(self, duration_ms: int) -> None:
        """For so long; then it sleeps again."""
        asleep = len(self.clock.sleeps_ms)
        self.clock.advance(duration_ms)
        await self.clock.until_asleep(asleep + 1)


@asynccontextmanager
async def flashing() -> AsyncIterator[Flashes]:
    flashes = Flashes()
    task = asyncio.create_task(flashes.tones.flash(flashes.shown.append))
    await asyncio.sleep(0)
    try:
        yield flashes
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def test_two_refusals_at_once_are_two_flashes_with_a_calm_screen_between() -> None:
    async with flashing() as flashes:
        flashes.tones.beep(Tone.REFUSED)
        await flashes.clock.until_asleep(1)
        assert flashes.shown == [True]
        flashes.clock.advance(50)
        flashes.tones.beep(Tone.REFUSED)
        await flashes.rests(100)
        assert flashes.shown == [True, False]
        await flashes.rests(150)
        assert flashes.shown == [True, False, True]
        await flashes.rests(150)
        assert flashes.shown == [True, False, True, False]
        flashes.clock.advance(150)
        flashes.tones.beep(Tone.GOOD)
        await asyncio.sleep(0)
        assert flashes.shown == [True, False, True, False]
    assert flashes.clock.sleeps_ms == [150] * 4


async def test_refusals_that_nobody_can_count_are_not_shown_for_long() -> None:
    async with flashing() as flashes:
        for _ in range(50):
            flashes.tones.beep(Tone.REFUSED)
        await flashes.clock.until_asleep(1)
        for _ in range(2 * MOST_WAITING - 1):
            await flashes.rests(150)
        flashes.clock.advance(150)
        for _ in range(9):
            await asyncio.sleep(0)
    assert flashes.shown == [True, False] * MOST_WAITING


async def test_what_was_refused_while_nothing_was_shown_does_not_flash_later() -> None:
    tones, shown = Tones(BeeperModel(), SteppedClock()), []
    tones.beep(Tone.REFUSED)
    task = asyncio.create_task(tones.flash(shown.append))
    for _ in range(9):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait((task,))
    assert shown == []
