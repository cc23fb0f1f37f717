"""The drawer's switch on the whole appliance: from the contact to the screen and the journal."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.inputs import Key
from edge.checkout.words.texts import Word
from edge.checkout.words.texts_drawer import DrawerWord
from edge.drivers.simulated import DrawerSimulatedSettings
from edge.settings import Settings
from tests.support.devices import SteppedClock
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import left_behind

NO_SALE = (Key.MENU, Key.DIGIT_2, Key.DIGIT_1)
TRAINING = (Key.MENU, Key.DIGIT_9, Key.DIGIT_2)
FORCED, LEFT_OPEN, CLOSED_LATE, UNSEEN = KINDS = (
    *("drawer.forced", "drawer.left_open", "drawer.closed_late", "drawer.unseen"),
)
WARN_MS = 5_000
MINUTE_MS = 60_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A till with a switch in its drawer."""
    settings = simulated_settings(tmp_path, drawer={"warn_after_ms": WARN_MS})
    switch = DrawerSimulatedSettings(driver="drawer_simulated", name="drawer", sense=True)
    others = (each for each in settings.devices if each.name != "drawer")
    return settings.model_copy(update={"devices": (*others, switch)})


@pytest.fixture
def clock() -> SteppedClock:
    """Time passes when the test says so: nobody warns by himself."""
    return SteppedClock()


def press(till: Counter, keys: tuple[Key, ...]) -> None:
    for key in keys:
        till.press(key)


def shows_open(till: Counter) -> bool:
    return till.screen.screen is not None and "drawer open" in till.screen.screen.status


def drawer_kinds(settings: Settings) -> list[str]:
    left = left_behind(settings.store.path)
    assert left.problems == ()
    return [kind for kind, _ in left.bodies if kind in KINDS]


def pulse_state(settings: Settings) -> str:
    return left_behind(settings.store.path).effects[-1].state


async def warned(clock: SteppedClock) -> None:
    """Until somebody waits to be reminded, and is."""
    await clock.changes.until(lambda: WARN_MS in clock.sleeps_ms)
    clock.advance(WARN_MS)


async def closed_at_the_start(till: Counter) -> None:
    """Until the switch was read for the first time."""
    await till.until(lambda: till.drawer.is_open is False)


async def test_a_sale_opens_the_drawer_and_the_screen_says_so(
    settings: Settings, clock: SteppedClock
) -> None:
    async with counter(settings, clock=clock) as till:
        await closed_at_the_start(till)
        await till.sell("Pencil")
        await till.until(lambda: shows_open(till))
        till.drawer.shut()
        await till.until(lambda: not shows_open(till))
    assert drawer_kinds(settings) == []


@pytest.mark.parametrize("slow", ["store.commit", "drawer.open"])
async def test_a_pulse_that_comes_late_is_nobody_s_hand(
    settings: Settings, clock: SteppedClock, slow: str
) -> None:
    """The disk may be slow before it, and the port of a printer busy."""
    async with counter(settings, clock=clock) as till:
        await closed_at_the_start(till)
        free = till.watch.hold(slow)
        press(till, NO_SALE)
        await till.until_event(f"{slow} begins")
        clock.advance(10 * MINUTE_MS)
        free.set()
        await till.until(lambda: shows_open(till))
        assert till.notice != DrawerWord.FORCED.english
    assert drawer_kinds(settings) == []


async def test_a_hand_long_after_the_pulse_is_on_record(
    settings: Settings, clock: SteppedClock
) -> None:
    async with counter(settings, clock=clock) as till:
        await closed_at_the_start(till)
        press(till, NO_SALE)
        await till.until(lambda: shows_open(till))
        till.drawer.shut()
        await till.until(lambda: not shows_open(till))
        clock.advance(MINUTE_MS)
        till.drawer.force()
        await till.until(lambda: till.notice == DrawerWord.FORCED.english)
    assert drawer_kinds(settings) == [FORCED]


async def test_a_drawer_that_is_forced_is_on_record(
    settings: Settings, clock: SteppedClock
) -> None:
    async with counter(settings, clock=clock) as till:
        await closed_at_the_start(till)
        till.drawer.force()
        await till.until(lambda: till.notice == DrawerWord.FORCED.english)
        await till.until_event("store.commit ends")
    assert drawer_kinds(settings) == [FORCED]


async def test_a_drawer_that_the_pulse_did_not_open_is_opened_with_its_key(
    settings: Settings, clock: SteppedClock
) -> None:
    with capture_logs() as logs:
        async with counter(settings, clock=clock) as till:
            await closed_at_the_start(till)
            till.drawer.stuck = True
            press(till, NO_SALE)
            await till.until(lambda: till.notice == Word.DRAWER_FAILED.english)
            assert till.drawer.pulses == 1
            till.drawer.force()
            await till.until(lambda: shows_open(till))
    assert drawer_kinds(settings) == []
    assert pulse_state(settings) == "done"
    assert [each["pulse_given"] for each in logs if each["event"] == "drawer_failed"] == [True]


async def test_a_drawer_that_got_no_pulse_is_said_as_such(
    settings: Settings, clock: SteppedClock
) -> None:
    with capture_logs() as logs:
        async with counter(settings, clock=clock) as till:
            await closed_at_the_start(till)
            till.drawer.unplug()
            press(till, NO_SALE)
            await till.until(lambda: till.notice == DrawerWord.NO_PULSE.english)
            assert till.drawer.pulses == 0
    assert pulse_state(settings) == "abandoned"
    assert [each["pulse_given"] for each in logs if each["event"] == "drawer_failed"] == [False]


async def test_a_drawer_left_open_is_warned_of_until_it_is_shut(
    settings: Settings, clock: SteppedClock
) -> None:
    async with counter(settings, clock=clock) as till:
        await closed_at_the_start(till)
        press(till, NO_SALE)
        await till.until(lambda: shows_open(till))
        await warned(clock)
        await till.until(lambda: till.notice == DrawerWord.CLOSE.english)
        till.drawer.shut()
        await till.until(lambda: till.notice == "")
        await till.until_event("store.commit ends", 3)
    assert drawer_kinds(settings) == [LEFT_OPEN, CLOSED_LATE]


async def test_a_switch_that_is_lost_ends_the_warning_and_is_on_record(
    settings: Settings, clock: SteppedClock
) -> None:
    async with counter(settings, clock=clock) as till:
        await closed_at_the_start(till)
        press(till, NO_SALE)
        await till.until(lambda: shows_open(till))
        await warned(clock)
        await till.until(lambda: till.notice == DrawerWord.CLOSE.english)
        sleeps = len(clock.sleeps_ms)
        till.drawer.unplug()
        await till.until(lambda: not shows_open(till) and till.notice == "")
        till.drawer.replug()
        await clock.until_asleep(sleeps + 1)
        clock.advance(MINUTE_MS)
        await till.until(lambda: shows_open(till))
        assert till.notice == ""
        await till.until_event("store.commit ends", 3)
    assert drawer_kinds(settings) == [LEFT_OPEN, UNSEEN]


async def test_what_happens_in_a_lesson_is_in_the_tills_own_journal(
    settings: Settings, clock: SteppedClock
) -> None:
    async with counter(settings, clock=clock) as till:
        await closed_at_the_start(till)
        press(till, TRAINING)
        await till.until(lambda: till.title == "TRAINING: Ready")
        till.drawer.force()
        await till.until(lambda: shows_open(till))
        await warned(clock)
        await till.until(lambda: till.notice == DrawerWord.CLOSE.english)
        press(till, TRAINING)
        await till.until(lambda: till.title == "Ready")
        assert shows_open(till)
        till.drawer.shut()
        await till.until(lambda: not shows_open(till))
        await till.until_event("store.commit ends", 3)
    assert drawer_kinds(settings) == [FORCED, LEFT_OPEN, CLOSED_LATE]
