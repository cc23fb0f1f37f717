"""The drawer's switch on the whole appliance: from the contact to the screen and the journal."""

from pathlib import Path

import pytest

from edge.checkout.inputs import Key
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_drawer import DrawerWord
from edge.drivers.simulated import DrawerSimulatedSettings
from edge.settings import Settings
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import left_behind

NO_SALE = (Key.MENU, Key.DIGIT_2, Key.DIGIT_1)
TRAINING = (Key.MENU, Key.DIGIT_9, Key.DIGIT_2)
FORCED, LEFT_OPEN, CLOSED_LATE = "drawer.forced", "drawer.left_open", "drawer.closed_late"


def sensed(directory: Path, warn_after_ms: int) -> Settings:
    """A till with a switch in its drawer."""
    settings = simulated_settings(directory, drawer={"warn_after_ms": warn_after_ms})
    switch = DrawerSimulatedSettings(driver="drawer_simulated", name="drawer", sense=True)
    others = (each for each in settings.devices if each.name != "drawer")
    return settings.model_copy(update={"devices": (*others, switch)})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Nobody warns within a test."""
    return sensed(tmp_path, 600_000)


def press(till: Counter, keys: tuple[Key, ...]) -> None:
    for key in keys:
        till.press(key)


def shows_open(till: Counter) -> bool:
    return till.screen.screen is not None and "drawer open" in till.screen.screen.status


def drawer_kinds(settings: Settings) -> list[str]:
    left = left_behind(settings.store.path)
    assert left.problems == ()
    return [kind for kind, _ in left.bodies if kind in {FORCED, LEFT_OPEN, CLOSED_LATE}]


async def closed_at_the_start(till: Counter) -> None:
    """Until the switch was read for the first time."""
    await till.until(lambda: till.drawer.is_open is False)


async def test_a_sale_opens_the_drawer_and_the_screen_says_so(settings: Settings) -> None:
    async with counter(settings) as till:
        await closed_at_the_start(till)
        await till.sell("Pencil")
        await till.until(lambda: shows_open(till))
        till.drawer.shut()
        await till.until(lambda: not shows_open(till))
    assert drawer_kinds(settings) == []


async def test_a_drawer_that_is_forced_is_on_record(settings: Settings) -> None:
    async with counter(settings) as till:
        await closed_at_the_start(till)
        till.drawer.force()
        await till.until(lambda: till.notice == DrawerWord.FORCED.english)
        await till.until_event("store.commit ends")
    assert drawer_kinds(settings) == [FORCED]


async def test_a_drawer_that_the_pulse_did_not_open_is_opened_with_its_key(
    settings: Settings,
) -> None:
    async with counter(settings) as till:
        await closed_at_the_start(till)
        till.drawer.stuck = True
        press(till, NO_SALE)
        await till.until(lambda: till.notice == Word.DRAWER_FAILED.english)
        assert till.drawer.pulses == 1
        till.drawer.force()
        await till.until(lambda: shows_open(till))
    assert drawer_kinds(settings) == []
    assert left_behind(settings.store.path).effects[-1].state in {"abandoned", "dropped"}


async def test_a_drawer_left_open_is_warned_of_until_it_is_shut(tmp_path: Path) -> None:
    settings = sensed(tmp_path, 20)
    async with counter(settings) as till:
        await closed_at_the_start(till)
        press(till, NO_SALE)
        await till.until(lambda: till.notice == DrawerWord.CLOSE.english)
        till.drawer.shut()
        await till.until(lambda: till.notice == "")
        await till.until_event("store.commit ends", 3)
    assert drawer_kinds(settings) == [LEFT_OPEN, CLOSED_LATE]


async def test_what_happens_in_a_lesson_is_in_the_tills_own_journal(tmp_path: Path) -> None:
    settings = sensed(tmp_path, 20)
    async with counter(settings) as till:
        await closed_at_the_start(till)
        press(till, TRAINING)
        await till.until(lambda: till.title == "TRAINING: Ready")
        till.drawer.force()
        await till.until(lambda: till.notice == DrawerWord.CLOSE.english)
        press(till, TRAINING)
        await till.until(lambda: till.title == "Ready")
        assert shows_open(till)
        till.drawer.shut()
        await till.until(lambda: not shows_open(till))
        await till.until_event("store.commit ends", 3)
    assert drawer_kinds(settings) == [FORCED, LEFT_OPEN, CLOSED_LATE]
