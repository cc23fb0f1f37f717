"""A lesson on the whole appliance: a store of its own, a drawer that stays shut, nothing sent."""

from pathlib import Path

import pytest

from edge.checkout.inputs import Key
from edge.compose import training_path
from edge.settings import Settings
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import LeftBehind, left_behind

MENU_92 = (Key.MENU, Key.DIGIT_9, Key.DIGIT_2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return simulated_settings(tmp_path)


def kinds(left: LeftBehind) -> list[str]:
    return [kind for kind, _ in left.bodies]


async def switch(till: Counter, notice: str) -> None:
    for key in MENU_92:
        till.press(key)
    await till.until(lambda: till.notice == notice)


async def sell_a_pencil(till: Counter) -> None:
    printed = till.printer.printed
    till.scan("Pencil")
    till.press(Key.CASH)
    await till.until(lambda: till.printer.printed > printed)
    await till.until(lambda: till.house.till.session.printing == ())


async def test_a_lesson_leaves_the_tills_own_journal_and_drawer_alone(settings: Settings) -> None:
    async with counter(settings) as till:
        await till.sell("Pencil")
        await switch(till, "Training - nothing counts")
        assert till.title == "TRAINING: Ready"
        await sell_a_pencil(till)
        assert training_path(settings).exists()
        assert till.drawer.pulses == 1
        assert till.watch.events.count("store.commit ends") == 1
        await switch(till, "Training is over - this counts")
        await till.sell("Tea")
    own = left_behind(settings.store.path)
    assert own.problems == ()
    assert kinds(own).count("sale") == 2
    assert not training_path(settings).exists()


async def test_each_lesson_begins_anew(settings: Settings) -> None:
    async with counter(settings) as till:
        for _ in range(2):
            await switch(till, "Training - nothing counts")
            await sell_a_pencil(till)
            assert till.house.till.session.next_receipt_no == 2
            await switch(till, "Training is over - this counts")


async def test_a_till_that_is_stopped_in_a_lesson_stops_in_order(settings: Settings) -> None:
    async with counter(settings) as till:
        await switch(till, "Training - nothing counts")
        till.scan("Pencil")
        await till.until(lambda: till.rows == ["Pencil"])
    assert not training_path(settings).exists()
    async with counter(settings) as till:
        await till.until(lambda: till.title == "Ready")
        assert till.rows == []
        assert till.house.till.session.next_receipt_no == 1


async def test_where_no_store_can_be_made_the_till_goes_on(settings: Settings) -> None:
    training_path(settings).mkdir()
    async with counter(settings) as till:
        await switch(till, "No training here - call for help")
        await till.sell("Pencil")


async def test_a_lesson_has_the_goods_that_are_in_force_even_where_their_file_is_gone(
    settings: Settings,
) -> None:
    async with counter(settings) as till:
        assert settings.shop.catalogue is not None
        settings.shop.catalogue.unlink()
        await switch(till, "Training - nothing counts")
        await sell_a_pencil(till)


async def test_what_a_power_cut_left_of_a_lesson_is_gone_after_a_start(settings: Settings) -> None:
    training_path(settings).write_bytes(b"members")
    async with counter(settings) as till:
        assert not training_path(settings).exists()
        await till.sell("Pencil")
