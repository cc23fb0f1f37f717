"""What the composition root makes of settings, a store and a catalogue."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge.checkout.inputs import Key
from edge.clock import VirtualClock
from edge.settings import Settings, SettingsRefused
from tests.support.house import HEADER, SHELF, counter, simulated_settings
from tests.support.left_behind import left_behind

PENCIL = SHELF["Pencil"][0]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return simulated_settings(tmp_path)


def change(settings: Settings, old: str, new: str) -> None:
    """In the catalogue's file."""
    assert settings.shop.catalogue is not None
    text = settings.shop.catalogue.read_text(encoding="utf-8")
    assert old in text
    settings.shop.catalogue.write_text(text.replace(old, new), encoding="utf-8")


async def total_of_a_pencil(settings: Settings) -> str:
    async with counter(settings) as till:
        till.scan("Pencil")
        await till.until(lambda: till.rows == ["Pencil"])
        total: str = till.screen.screen.total
        till.press(Key.VOID)
        till.press(Key.CLEAR)
        await till.until(lambda: till.notice == "Sale cancelled")
        return total


async def test_a_changed_catalogue_is_in_force_after_a_start_and_on_record_once(
    settings: Settings,
) -> None:
    assert await total_of_a_pencil(settings) == "1.20"
    assert await total_of_a_pencil(settings) == "1.20"
    change(settings, ",120,", ",150,")
    assert await total_of_a_pencil(settings) == "1.50"
    loaded = [
        kind for kind, _ in left_behind(settings.store.path).bodies if kind == "catalogue.loaded"
    ]
    assert len(loaded) == 2


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (",120,", ",-1,", "price_minor"),
        (HEADER, "", "header"),
        ("Tea,,499,A", "Tea,,499,Z", "tax code 'Z' has no rate"),
    ],
)
async def test_a_catalogue_that_is_refused_leaves_the_old_one_in_force(
    settings: Settings, old: str, new: str, reason: str
) -> None:
    assert await total_of_a_pencil(settings) == "1.20"
    change(settings, old, new)
    with capture_logs() as logs:
        assert await total_of_a_pencil(settings) == "1.20"
    (line,) = [line for line in logs if line["event"] == "catalogue_refused"]
    assert reason in line["reason"]


async def test_a_catalogue_that_is_gone_leaves_the_old_one_in_force(settings: Settings) -> None:
    assert await total_of_a_pencil(settings) == "1.20"
    assert settings.shop.catalogue is not None
    settings.shop.catalogue.unlink()
    with capture_logs() as logs:
        assert await total_of_a_pencil(settings) == "1.20"
    assert "catalogue_refused" in [line["event"] for line in logs]


async def test_a_rate_that_is_gone_from_the_settings_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    await total_of_a_pencil(settings)
    other = simulated_settings(tmp_path, shop={"taxes": [{"code": "B", "rate_bp": 0}]})
    with pytest.raises(SettingsRefused, match="tax code 'A' has no rate in shop"):
        async with counter(other):
            pass


async def test_an_open_basket_comes_back_and_is_said_to(settings: Settings) -> None:
    async with counter(settings) as till:
        till.scan("Pencil")
        await till.until(lambda: till.rows == ["Pencil"])
    async with counter(settings) as till:
        assert till.rows == ["Pencil"]
        assert "Basket is back" in till.notice
        till.press(Key.CASH)
        await till.until_event("paper 1")


async def test_no_record_is_older_than_the_one_before_it_though_the_clock_was_set_back(
    settings: Settings,
) -> None:
    """The store's newest record is the floor of the box's own clock."""
    future_ms = 4_000_000_000_000
    async with counter(settings, clock=VirtualClock(future_ms)) as till:
        await till.sell("Pencil")
    async with counter(settings) as till:
        assert "clock not set" in till.screen.screen.status
        assert till.house.store.state().newest_utc_ms >= future_ms
        await till.sell("Pencil")
    async with counter(settings) as till:
        assert till.house.store.state().newest_utc_ms >= future_ms
