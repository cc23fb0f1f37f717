"""Weighed goods and long codes through the whole appliance, from the scanner to the journal."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from edge.checkout.goods.scale import ScaleTrouble
from edge.checkout.inputs import Key
from edge.drivers.absent import NoScale
from edge.drivers.registry import DeviceSettings
from edge.drivers.simulated import SimulatedScale
from edge.ports import DeviceError
from edge.settings import Settings
from tests.support.house import Counter, counter, simulated_settings
from tests.support.left_behind import left_behind
from tests.support.playbook import keys_of

PRODUCTS = """\
plu,barcodes,name_en,name_zh,price_minor,tax_code,unit
2001,,Apples,苹果,1280,A,kg
3001,5901234123457,Beer,啤酒,500,A,each
"""
LONG_CODE = "]d201059012341234571769123110B7\x1d21S1"
SCALE: DeviceSettings = TypeAdapter(DeviceSettings).validate_python(
    {"driver": "scale_simulated", "name": "scale"}
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = simulated_settings(tmp_path)
    assert found.shop.catalogue is not None
    found.shop.catalogue.write_text(PRODUCTS, encoding="utf-8")
    return found.model_copy(update={"devices": (*found.devices, SCALE)})


def press(till: Counter, keys: str) -> None:
    for key in keys_of(keys):
        till.press(key)


def scale_of(till: Counter) -> SimulatedScale:
    (scale,) = till.house.devices.scales
    assert isinstance(scale, SimulatedScale)
    return scale


def lines_of(settings: Settings) -> list[dict[str, Any]]:
    left = left_behind(settings.store.path)
    assert left.problems == ()
    return [line for kind, body in left.bodies if kind == "sale" for line in body["lines"]]


async def test_what_lies_on_the_scale_is_sold(settings: Settings) -> None:
    async with counter(settings) as till:
        scale_of(till).grams = 350
        press(till, "2001 ENTER")
        await till.until(lambda: till.rows == ["Apples"])
        press(till, "CASH")
        await till.until(lambda: till.printer.printed == 1)
        scale_of(till).trouble = ScaleTrouble.OVERLOADED
        press(till, "2001 ENTER")
        await till.until(lambda: till.notice == "Too heavy for the scale - take some off")
        scale_of(till).unplug()
        press(till, "2001 ENTER")
        await till.until(lambda: till.notice == "No word from the scale - weight X, scan")
    assert [line["quantity_milli"] for line in lines_of(settings)] == [350]


async def test_a_lesson_weighs_on_the_same_scale(settings: Settings) -> None:
    async with counter(settings) as till:
        scale_of(till).grams = 500
        press(till, "MENU 92")
        await till.until(lambda: till.title == "TRAINING: Ready")
        press(till, "2001 ENTER")
        await till.until(lambda: till.rows == ["Apples"])
        till.press(Key.CASH)
        await till.until(lambda: till.printer.printed == 1)
        await till.until(lambda: till.house.till.session.printing == ())
    assert lines_of(settings) == []


async def test_batch_and_date_of_a_long_code_are_in_the_journal_after_a_power_cut_too(
    settings: Settings,
) -> None:
    async with counter(settings) as till:
        till.scanner.scan(LONG_CODE)
        await till.until(lambda: till.rows == ["Beer"])
    async with counter(settings) as till:
        await till.until(lambda: till.rows == ["Beer"])
        press(till, "CASH")
        await till.until(lambda: till.printer.printed == 1)
        press(till, "1 MENU 11")
        await till.until(lambda: till.title.startswith("Refund of receipt 1"))
        till.scanner.scan(LONG_CODE)
        press(till, "CASH")
        await till.until(lambda: till.printer.printed == 2)
    (line,) = lines_of(settings)
    assert line["code"] == "5901234123457"
    assert line["pack"] == {"batch": "B7", "serial": "S1", "expires": "2069-12-31"}
    left = left_behind(settings.store.path)
    (refund,) = [body for kind, body in left.bodies if kind == "refund"]
    assert refund["lines"][0]["pack"] == line["pack"]


async def test_a_till_without_a_scale_says_so() -> None:
    with pytest.raises(DeviceError, match="no scale in the settings"):
        await NoScale().weigh()
