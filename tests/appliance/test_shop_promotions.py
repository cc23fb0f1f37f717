"""The shop's promotions, from their file to the sale: in force whole, refused whole, counted."""

import codecs
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from edge.__main__ import main
from edge.checkout.inputs import Key
from edge.clock import VirtualClock
from edge.settings import Settings
from edge.store import tools
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import left_behind
from tests.support.promotion_files import flash, percent, text_of

# 2026-03-02, 10:00 UTC.
MONDAY_MS = 1_772_445_600_000
HALF = percent("half", 5_000, name="Half price")
# In the house's shelf a pencil is number 1 and costs 1.20.
FLASH = flash("flash", "1", 50, 3)
LOYALTY = {
    "till": 7,
    "tiers": [{"id": "gold", "name_en": "Gold", "name_zh": "金卡", "from_minor": 0}],
    "campaigns": [{"id": "spring", "kind": "money", "off_minor": 100, "name_en": "Spring"}],
    "offers": [{"id": "party", "segment": "birthday-day", "rate_bp": 1_000}],
}


def write(folder: Path, *promotions: dict[str, Any]) -> Path:
    path = folder / "promotions.json"
    path.write_text(text_of(*promotions), encoding="utf-8")
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write(tmp_path, HALF)
    return simulated_settings(tmp_path, shop={"promotions": "promotions.json"})


async def total_of(till: Counter, name: str, *keys: Key) -> str:
    """The total after scanning; then the basket is cancelled."""
    for key in keys:
        till.press(key)
    till.scan(name)
    await till.until(lambda: till.rows == [name])
    total: str = till.screen.screen.total
    till.press(Key.VOID)
    till.press(Key.CLEAR)
    await till.until(lambda: till.notice == "Sale cancelled")
    return total


async def total_at_a_start(settings: Settings) -> str:
    async with counter(settings, clock=VirtualClock(MONDAY_MS)) as till:
        return await total_of(till, "Pencil")


def loaded(settings: Settings) -> list[Any]:
    bodies = left_behind(settings.store.path).bodies
    return [body for kind, body in bodies if kind == "promotions.loaded"]


async def test_promotions_are_in_force_after_a_start_and_on_record_once(
    settings: Settings, tmp_path: Path
) -> None:
    assert await total_at_a_start(settings) == "0.60"
    assert await total_at_a_start(settings) == "0.60"
    write(tmp_path, percent("half", 2_500), FLASH)
    assert await total_at_a_start(settings) == "0.37"
    assert [body["promotions"] for body in loaded(settings)] == [1, 2]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda text: text[:-1], "is not JSON"),
        (
            lambda text: text.replace("5000", "0"),
            "promotions row 2 (half), benefit.percent.rate_bp",
        ),
        (lambda text: text.replace('"half"', '"flash"'), "row 2 (flash), id: stands in row 1"),
        (lambda text: text.replace('"half"', '"tier:x"'), "row 2 (tier:x), id: what begins with"),
        (lambda text: text.replace('"rate_bp"', '"rate"'), "is missing"),
        (lambda text: text.replace('"in_all": 3', '"in_all": -3'), "row 1 (flash), limits.in_all"),
        (lambda text: text.replace("2030-01-01", "2030-02-30"), "the calendar has no such day"),
        (
            lambda text: text.replace('"until"', '"from": "2030-01-01T00:00", "until"'),
            "from is not before until",
        ),
        (lambda text: '{"promotions": ' + text + "}", "promotions: "),
        (lambda text: text.replace('"id": "half"', '"id": "half", "id": "b"'), "stands twice"),
        # A condition of later software: without it the promotion would be another one.
        (
            lambda text: text.replace('"window"', '"weather"'),
            "promotions row 1 (flash), conditions[0]: ",
        ),
        (
            lambda text: text.replace('"kind": "window"', '"kind": "window", "if_it_rains": true'),
            "promotions row 1 (flash), conditions[0].window.if_it_rains: ",
        ),
    ],
)
async def test_promotions_that_are_refused_leave_the_old_ones_in_force(
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[str], str],
    reason: str,
) -> None:
    assert await total_at_a_start(settings) == "0.60"
    path = tmp_path / "promotions.json"
    good = text_of(FLASH, HALF)
    path.write_text(spoil(good), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != good
    with capture_logs() as logs:
        assert await total_at_a_start(settings) == "0.60"
    (line,) = [line for line in logs if line["event"] == "promotions_refused"]
    assert line["reason"].startswith(str(path))
    assert reason in line["reason"]
    assert len(loaded(settings)) == 1
    capsys.readouterr()


async def test_a_store_s_promotions_that_can_t_be_read_are_dropped_for_the_file_s(
    settings: Settings, tmp_path: Path
) -> None:
    assert await total_at_a_start(settings) == "0.60"
    with closing(sqlite3.connect(settings.store.path)) as conn, conn:
        conn.execute('UPDATE promotion SET body = \'{"id": "half"}\'')
    file = tmp_path / "promotions.json"
    away = file.rename(tmp_path / "away.json")
    with capture_logs() as logs:
        assert await total_at_a_start(settings) == "1.20"
    assert "promotions_unreadable" in [line["event"] for line in logs]
    away.rename(file)
    assert await total_at_a_start(settings) == "0.60"
    with capture_logs() as logs:
        assert await total_at_a_start(settings) == "0.60"
    assert "promotions_unreadable" not in [line["event"] for line in logs]


async def test_a_byte_order_mark_is_read_over(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "promotions.json"
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())
    assert await total_at_a_start(settings) == "0.60"


async def test_a_till_starts_without_the_file_and_goes_on_with_what_it_has(
    settings: Settings, tmp_path: Path
) -> None:
    assert await total_at_a_start(settings) == "0.60"
    (tmp_path / "promotions.json").unlink()
    with capture_logs() as logs:
        assert await total_at_a_start(settings) == "0.60"
    (line,) = [line for line in logs if line["event"] == "promotions_refused"]
    assert "No such file" in line["reason"]
    # Without the setting nobody misses the file.
    with capture_logs() as logs:
        assert await total_at_a_start(simulated_settings(tmp_path)) == "0.60"
    assert "promotions_refused" not in [line["event"] for line in logs]


async def test_what_the_settings_give_is_in_force_beside_the_file(tmp_path: Path) -> None:
    write(tmp_path, HALF)
    other = simulated_settings(tmp_path, shop={"promotions": "promotions.json"}, loyalty=LOYALTY)
    async with counter(other, clock=VirtualClock(MONDAY_MS)) as till:
        promotions = till.house.store.promotions().offers().promotions.promotions
    assert [each.id for each in promotions] == ["half", "segment:party", "coupon:spring"]


async def test_a_limited_number_holds_over_two_sales_and_a_restart(tmp_path: Path) -> None:
    write(tmp_path, FLASH)
    settings = simulated_settings(tmp_path, shop={"promotions": "promotions.json"})
    clock = VirtualClock(MONDAY_MS)
    async with counter(settings, clock=clock) as till:
        await till.sell("Pencil")
        assert till.screen.screen.total == "0.50"
        await till.sell("Pencil")
    async with counter(settings, clock=clock) as till:
        # One of three is left: a pencil at 0.50, another at 1.20.
        assert await total_of(till, "Pencil", Key.DIGIT_2, Key.TIMES) == "1.70"
        await till.sell("Pencil")
        assert till.screen.screen.total == "0.50"
        assert await total_of(till, "Pencil") == "1.20"
    assert tools.verify(settings.store.path).problems == ()


async def test_the_config_check_names_the_row_and_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shelf.csv").write_text(
        "plu,barcodes,name_en,name_zh,price_minor,tax_code,unit\n1,,Pencil,,120,A,each\n",
        encoding="utf-8",
    )
    config = tmp_path / "edge.toml"
    config.write_text(
        '[device]\nid = "till-07"\n'
        '[shop]\nname = "Kiosk"\ncurrency = "USD"\ntaxes = [{ code = "A", rate_bp = 0 }]\n'
        'catalogue = "shelf.csv"\npromotions = "promotions.json"\n'
        '[store]\npath = "till.db"\n',
        encoding="utf-8",
    )
    path = write(tmp_path, HALF)
    assert main(["check-config", "--config", str(config)]) == 0
    path.write_text(json.dumps([{**HALF, "priority": "high"}]), encoding="utf-8")
    capsys.readouterr()
    assert main(["check-config", "--config", str(config)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(
        f"{config}: shop.promotions: {path}: promotions row 1 (half), priority: "
    )
